#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs test programs that speak TAP, and counts:
# run.sh <program>... [-- <program>...]
#
# Those before -- run two at a time, those after it one by one.
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

# A folder for each program that a lane has taken, and what each counted.
taken=$(mktemp -d) || exit
counts=$taken/counts
: >"$counts"

# What a program's exit status and log leave unsaid; nothing if all is well.
unsaid()
{
    # A script may run several programs, each with a plan.
    planned=$(awk '/^1\.\.[0-9]/ { sub(/^1\.\./, ""); n += $1 } END { print n }' "$log")
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

# one <program>: runs it, and says how that went.
one()
{
    name=$(echo "${1#build/tests/}" | tr / - | sed 's/\.[a-z]*$//')
    log=$log_dir/$name.log
    silent=$log_dir/$name.silent
    start=$(date +%s)
    run "$1"
    ok=$(grep -c '^ok ' "$log")
    not_ok=$(grep -c '^ *not ok ' "$log")
    reason=$(unsaid)
    rm -f "$silent"
    [ -z "$reason" ] || not_ok=$((not_ok + 1))
    echo "$ok $not_ok" >>"$counts"
    said=$(
        printf '%-32s %4d passed, %d failed, %d s\n' "$name" "$ok" "$not_ok" \
               $(($(date +%s) - start))
        grep -e '^ok - system/' -e '^ *not ok ' -e '^# SEED' -e '^# NOTE' "$log" |
            sed 's/^/    /'
        [ -z "$reason" ] || echo "    not ok - $name: $reason"
        [ "$not_ok" -eq 0 ] || echo "    see $log"
    )
    printf '%s\n' "$said"
}

# lane <program>...: runs those that no other lane has taken, in their order. What it
# started ends with it.
lane()
{
    program_pid=
    n=0
    trap '[ -z "$program_pid" ] || { kill "$watcher_pid"; end "$program_pid"; }' EXIT
    trap 'exit 130' HUP INT TERM
    for program
    do
        [ "$program" != -- ] || break
        n=$((n + 1))
        ! mkdir "$taken/$#.$n" 2>/dev/null || one "$program"
    done
}

lane_pids=
trap '[ -z "$lane_pids" ] || { kill $lane_pids; wait; } 2>/dev/null; rm -rf "$taken"' EXIT
trap 'exit 130' HUP INT TERM

# lanes <N> <program>...
lanes()
{
    n=$1
    shift
    lane_pids=
    while [ "$n" -gt 0 ]
    do
        lane "$@" &
        lane_pids="$lane_pids $!"
        n=$((n - 1))
    done
    # shellcheck disable=SC2086 # process numbers, to be split
    wait $lane_pids
    lane_pids=
}

due=$#
for program
do
    [ "$program" != -- ] || due=$((due - 1))
done
lanes 2 "$@"
while [ $# -gt 0 ] && [ "$1" != -- ]
do
    shift
done
[ $# -eq 0 ] || { shift; lanes 1 "$@"; }

# A program whose lane died has counted nothing.
awk -v due="$due" '
    { passed += $1; failed += $2 }
    END {
        if (NR != due)
            print "    not ok - of " due " programs, " NR " were run to their end"
        failed += due - NR
        print passed + 0 " passed, " failed + 0 " failed"
        exit failed > 0
    }' "$counts"
