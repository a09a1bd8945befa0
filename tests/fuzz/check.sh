#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Replays the corpus, then fuzzes for some seconds: TAP.

set -u

cd "$(dirname "$0")/../.." || exit

# check <prefix> <further words for run.sh>: of one harness.
check()
{
    replay=build/fuzz/$1replay corpus=tests/fuzz/$1corpus.txt
    # An input of other acts would still run, and mean nothing.
    if [ "$($replay -l)" = "$(head -n 1 "$corpus")" ]; then
        echo "ok - $corpus is of the acts that there are"
    else
        echo "not ok - $corpus is of the acts that there are: see docs/testing.md"
        failed=1
    fi
    $replay "$corpus" || failed=1
    shift
    if tests/fuzz/run.sh 10 "$@"; then
        echo "ok - 10 s of fuzzing: ${1:-core}"
    else
        echo "not ok - 10 s of fuzzing: ${1:-core}"
        failed=1
    fi
}

echo 1..6
check ''
check gpu- gpu
exit "${failed:-0}"
