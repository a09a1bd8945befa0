#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs test programs that speak TAP, one after the other, and counts:
# run.sh <program>...
#
# One line for each program, for each system test, and for each failure. The
# last line is `N passed, N failed`. A program that fails without saying which
# test did, runs none, fewer than it planned, or says nothing for too long, counts
# as one failure more. The whole output of each is in build/log/.
set -u

cd "$(dirname "$0")/.." || exit
log_dir=build/log
mkdir -p "$log_dir"

# Seconds for a program from one line of its output to the next. Not for all of it:
# real Xen's boots are one program, and how long they take is the machine's.
SILENCE=${SILENCE:-1200}

passed=0
failed=0

# What a program's exit status and log leave unsaid; nothing if all is well.
unsaid()
{
    planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | head -n 1)
    if [ -e "$silent" ]
    then
        echo "said nothing for $SILENCE s, and was ended"
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

# watch <pid>: ends that group of processes once nothing new is in the log for too
# long.
watch()
{
    said=
    since=$(date +%s)
    while sleep 2 && kill -0 "$1"
    do
        now=$(date +%s)
        size=$(wc -c <"$log")
        if [ "$size" != "$said" ]
        then
            said=$size
            since=$now
        elif [ $((now - since)) -ge "$SILENCE" ]
        then
            : >"$silent"
            end "$1"
            return
        fi
    done
}

# end <pid>: the group ends, in ten seconds at most.
end()
{
    signal=TERM
    for try in 1 2 3 4 5 6 7 8 9 10
    do
        kill -s "$signal" -- "-$1" 2>/dev/null || return
        [ "$try" -lt 5 ] || signal=KILL
        sleep 1
    done
}

# What was started ends with us.
program_pid=
trap '[ -z "$program_pid" ] || { kill "$watcher_pid"; end "$program_pid"; }' EXIT
trap 'exit 130' HUP INT TERM

# run <program>: in a group of processes of its own; its status is in $status.
run()
{
    rm -f "$silent"
    CMOCKA_MESSAGE_OUTPUT=TAP setsid "$1" >"$log" 2>&1 </dev/null &
    program_pid=$!
    watch "$program_pid" >/dev/null 2>&1 &
    watcher_pid=$!
    wait "$program_pid" 2>/dev/null
    status=$?
    program_pid=
    [ -e "$silent" ] || kill "$watcher_pid"
    wait "$watcher_pid" 2>/dev/null
}

for program
do
    name=$(echo "${program#build/tests/}" | tr / - | sed 's/\.[a-z]*$//')
    log=$log_dir/$name.log
    silent=$log_dir/$name.silent
    start=$(date +%s)
    printf '%-32s ' "$name"
    run "$program"
    ok=$(grep -c '^ok ' "$log")
    not_ok=$(grep -c '^ *not ok ' "$log")
    reason=$(unsaid)
    rm -f "$silent"
    [ -z "$reason" ] || not_ok=$((not_ok + 1))
    printf '%4d passed, %d failed, %d s\n' "$ok" "$not_ok" \
           $(($(date +%s) - start))
    grep -e '^ok - system/' -e '^ *not ok ' -e '^# SEED' -e '^# NOTE' "$log" | sed 's/^/    /'
    [ -z "$reason" ] || echo "    not ok - $name: $reason"
    [ "$not_ok" -eq 0 ] || echo "    see $log"
    passed=$((passed + ok))
    failed=$((failed + not_ok))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
