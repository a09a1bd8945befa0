#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs test programs that speak TAP, by prove: run.sh <program>...
#
# Those of tests/ and build/ run two at a time, or JOBS, and then those of system/ one by
# one (tests/rules.yml). The last line is `N passed, N failed` (tests/Lines.pm). The output of
# each is in build/log/tap/, and the verdicts in build/log/junit.xml.
set -eu

cd "$(dirname "$0")/.."
mkdir -p build/log

export CMOCKA_MESSAGE_OUTPUT=TAP PERL5LIB=tests HARNESS_RULESFILE=tests/rules.yml
export PERL_TEST_HARNESS_DUMP_TAP=build/log/tap
export JUNIT_OUTPUT_FILE=build/log/junit.xml JUNIT_NAME_MANGLE=perl
rm -rf "$PERL_TEST_HARNESS_DUMP_TAP"
exec prove --norc -j"${JOBS:-2}" --merge --harness TAP::Harness::JUnit --formatter Lines \
    --exec tests/one.sh "$@"
