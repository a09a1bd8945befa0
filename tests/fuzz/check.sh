#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The corpus acted out, then some seconds of fuzzing: TAP.

set -u

cd "$(dirname "$0")/../.." || exit

build/fuzz/replay tests/fuzz/corpus.txt || failed=1
if tests/fuzz/run.sh 20; then
    echo "ok - 20 s of fuzzing"
else
    echo "not ok - 20 s of fuzzing"
    failed=1
fi
exit "${failed:-0}"
