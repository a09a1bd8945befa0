#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The corpus acted out, then some seconds of fuzzing: TAP.

set -u

cd "$(dirname "$0")/../.." || exit

# An input of other acts would still run, and mean nothing.
if [ "$(build/fuzz/replay -l)" = "$(head -n 1 tests/fuzz/corpus.txt)" ]; then
    echo "ok - the corpus is of the acts that there are"
else
    echo "not ok - the corpus is of the acts that there are: see docs/testing.md"
    failed=1
fi
build/fuzz/replay tests/fuzz/corpus.txt || failed=1
if tests/fuzz/run.sh 20; then
    echo "ok - 20 s of fuzzing"
else
    echo "not ok - 20 s of fuzzing"
    failed=1
fi
exit "${failed:-0}"
