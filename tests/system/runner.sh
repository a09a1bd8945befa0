#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The runner of all tests (tests/run.sh): what it counts, how many programs it runs at a
# time, and that none outlives it: TAP. A copy of it runs programs of our own.
set -u

cd "$(dirname "$0")/../.." || exit
top=$PWD/build/runner-test
out=$top/out
. tests/system/tap.sh

# program NAME: a shell script, from stdin, in the folder in which it runs.
program()
{
    { echo '#!/bin/sh'; cat; } >"$top/$1"
    chmod 755 "$top/$1"
}

# meets NAME OTHER: passes if OTHER runs before it has ended.
meets()
{
    program "$1" <<PROGRAM
touch $1.runs
for try in \$(seq 200)
do
    [ ! -e $2.runs ] || { echo "ok - $1"; exit 0; }
    sleep 0.1
done
echo "not ok - $1 is alone"
PROGRAM
}

# lonely NAME: passes if no other of these runs, and none that had to be before it.
lonely()
{
    program "$1" <<PROGRAM
[ -e first.ended ] && mkdir alone && sleep 0.5 && rmdir alone && echo "ok - $1"
PROGRAM
}

# endless NAME: says nothing after its first line; its number is in NAME.pid.
endless()
{
    program "$1" <<PROGRAM
echo "ok - $1"
echo \$\$ >$1.new
mv $1.new $1.pid
exec sleep 3600
PROGRAM
}

# ended NAME...: says which of those endless ones go on, and ends them.
ended()
{
    for name
    do
        pid=$(cat "$top/$name.pid")
        ! kill "$pid" 2>/dev/null || echo "$name goes on"
    done
}

set_up()
{
    rm -rf "$top"
    mkdir -p "$top/tests"
    cp tests/run.sh "$top/tests"
    for name in good better
    do
        program $name <<'PROGRAM'
echo "ok - a"; echo "ok - b"
PROGRAM
    done
    program bad <<'PROGRAM'
cat <<'WORDS'
ok - a
not ok - bad: a\nb \c c
WORDS
exit 1
PROGRAM
    program short <<'PROGRAM'
echo "1..3"; echo "ok - a"
PROGRAM
    program wrong_end <<'PROGRAM'
echo "ok - a"; exit 3
PROGRAM
    program fatal <<'PROGRAM'
echo "ok - a"; kill -9 "$PPID"
PROGRAM
    meets one two
    meets two one
    program first <<'PROGRAM'
sleep 0.5; echo "ok - a"; touch first.ended
PROGRAM
    lonely third
    lonely fourth
    endless still
    endless silent
}

# On a signal. Both programs run by then.
signalled()
{
    rm -f "$top/still.pid" "$top/silent.pid"
    SILENCE=60 "$run" ./still ./silent >"$out" 2>&1 &
    runner=$!
    until [ -e "$top/still.pid" ] && [ -e "$top/silent.pid" ]
    do
        kill -0 "$runner" || break
        sleep 0.1
    done
    kill "$runner"
    wait "$runner"
    ended still silent
}

set_up
run=$top/tests/run.sh
tried 0 "$run" ./good ./better
told "what passes is counted" "^4 passed, 0 failed$"
tried 1 "$run" ./good ./bad ./short ./wrong_end
told "and what fails" "^5 passed, 3 failed$" "planned 3 tests, ran 1" "exit status 3 after 1"
told "in its own words" '^    not ok - bad: a\\nb \\c c$' "see build/log/"
tried 0 "$run" ./one ./two
told "two run at a time" "^2 passed, 0 failed$"
tried 0 "$run" ./first -- ./third ./fourth
told "those after -- one by one, when the others have ended" "^3 passed, 0 failed$"
tried 1 "$run" ./fatal ./good
told "a program that nobody saw end is a failure" "of 2 programs, 1 were run to their end" \
    "^2 passed, 1 failed$"
tried 1 env SILENCE=2 "$run" ./still ./silent
told "those that fall silent are ended, each by itself" "still: said nothing for 2 s" \
    "silent: said nothing for 2 s" "^2 passed, 2 failed$"
verdict "... and do not go on" "$(ended still silent)"
verdict "none outlives a runner that is ended" "$(signalled)"
end_of_tests
