#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs test programs that speak TAP, one after the other, and counts:
# run.sh <program>...
#
# One line for each program, for each system test, and for each failure. The
# last line is `N passed, N failed`. A program that fails without saying which
# test did, runs none, fewer than it planned, or does not end, counts as one
# failure more. The whole output of each is in build/log/.
set -u

cd "$(dirname "$0")/.." || exit
log_dir=build/log
mkdir -p "$log_dir"

# Seconds for one program; all of real Xen's boots are one.
LIMIT=1200

passed=0
failed=0

# What a program's exit status and log leave unsaid; nothing if all is well.
unsaid()
{
    planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | head -n 1)
    if [ "$status" -eq 124 ]
    then
        echo "did not end within $LIMIT s"
    elif grep -q '^Bail out!' "$log"
    then
        grep -m 1 '^Bail out!' "$log"
    elif [ $((ok + not_ok)) -ne "${planned:-$((ok + not_ok))}" ]
    then
        echo "planned $planned tests, ran $((ok + not_ok))"
    elif [ "$not_ok" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }
    then
        echo "exit status $status after $ok tests"
    fi
}

for program
do
    name=$(echo "${program#build/tests/}" | tr / - | sed 's/\.[a-z]*$//')
    log=$log_dir/$name.log
    start=$(date +%s)
    printf '%-32s ' "$name"
    CMOCKA_MESSAGE_OUTPUT=TAP timeout "$LIMIT" "$program" >"$log" 2>&1 </dev/null
    status=$?
    ok=$(grep -c '^ok ' "$log")
    not_ok=$(grep -c '^ *not ok ' "$log")
    reason=$(unsaid)
    [ -z "$reason" ] || not_ok=$((not_ok + 1))
    printf '%4d passed, %d failed, %d s\n' "$ok" "$not_ok" \
           $(($(date +%s) - start))
    grep -e '^ok - system/' -e '^ *not ok ' -e '^# SEED' "$log" | sed 's/^/    /'
    [ -z "$reason" ] || echo "    not ok - $name: $reason"
    [ "$not_ok" -eq 0 ] || echo "    see $log"
    passed=$((passed + ok))
    failed=$((failed + not_ok))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
