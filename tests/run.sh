#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs test programs that speak TAP, one after the other, and counts:
# run.sh <program>...
#
# One line for each program and one for each failure. The last line is
# `N passed, N failed`. A program that fails without saying which test did, or
# that runs no test at all, counts as one failure. The whole output of each is
# in build/log/.
set -u

cd "$(dirname "$0")/.." || exit
log_dir=build/log
mkdir -p "$log_dir"

passed=0
failed=0

for program
do
    name=$(echo "${program#build/tests/}" | tr / - | sed 's/\.sh$//')
    log=$log_dir/$name.log
    start=$(date +%s)
    CMOCKA_MESSAGE_OUTPUT=TAP "$program" >"$log" 2>&1 </dev/null
    status=$?
    ok=$(grep -c '^ok ' "$log")
    not_ok=$(grep -c '^not ok ' "$log")
    if [ "$not_ok" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }
    then
        not_ok=1
        echo "not ok - $name: exit status $status after $ok tests"
    fi
    grep '^not ok ' "$log"
    [ "$not_ok" -eq 0 ] || echo "    see $log"
    printf '%-40s %4d passed, %d failed, %d s\n' "$name" "$ok" "$not_ok" \
           $(($(date +%s) - start))
    passed=$((passed + ok))
    failed=$((failed + not_ok))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
