#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The runner of all tests (tests/run.sh): what it counts and tells, how many programs it runs
# at a time, and that none outlives it: TAP. A copy of it runs programs of our own.
set -u

cd "$(dirname "$0")/../.." || exit
. tests/system/tap.sh
test_folder runner-test
unset JOBS

# program PATH: a shell script, from stdin; it runs in $top.
program()
{
    { echo '#!/bin/sh'; cat; } >"$top/$1"
    chmod 755 "$top/$1"
}

# meets NAME OTHER: passes if OTHER runs before it has ended.
meets()
{
    program "tests/$1" <<PROGRAM
echo 1..1
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
    program "system/$1" <<PROGRAM
echo 1..1
[ -e first.ended ] && mkdir alone && sleep 0.5 && rmdir alone && echo "ok - $1"
PROGRAM
}

# endless NAME: has no end after its first line; its number is in NAME.pid.
endless()
{
    program "tests/$1" <<PROGRAM
echo 1..2
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
    mkdir -p "$top/tests" "$top/system"
    cp tests/run.sh tests/one.sh tests/Lines.pm tests/rules.yml "$top/tests"
    for name in good better
    do
        program tests/$name <<'PROGRAM'
echo "1..2"; echo "ok - a"; echo "ok - b"; echo "# SEED=7"
PROGRAM
    done
    program tests/bad <<'PROGRAM'
cat <<'WORDS'
1..2
# of no interest
ok - a
not ok - bad: a\nb \c c
# why it is bad
WORDS
exit 1
PROGRAM
    program tests/short <<'PROGRAM'
echo "1..3"; echo "ok - a"
PROGRAM
    program tests/planless <<'PROGRAM'
echo "ok - a"
PROGRAM
    program tests/wrong_end <<'PROGRAM'
echo "1..1"; echo "ok - a"; echo "the last words" >&2; exit 3
PROGRAM
    program tests/crash <<'PROGRAM'
echo "1..1"; echo "ok - a"; kill -SEGV $$
PROGRAM
    program tests/fatal <<'PROGRAM'
echo "1..1"; echo "ok - a"; kill -9 "$PPID"
PROGRAM
    program system/slow <<'PROGRAM'
echo "ok - system/early"
until [ -e early.seen ] || [ -e gives_up ]; do sleep 0.1; done
[ ! -e gives_up ] || echo "not ok - nobody saw it"
echo "ok - system/late"; echo "1..2"
PROGRAM
    meets one two
    meets two one
    program tests/first <<'PROGRAM'
sleep 0.5; echo "1..1"; echo "ok - a"; touch first.ended
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
    "$run" tests/still tests/silent >"$out" 2>&1 &
    runner=$!
    until [ -s "$top/still.pid" ] && [ -s "$top/silent.pid" ]
    do
        kill -0 "$runner" || break
        sleep 0.1
    done
    kill "$runner"
    wait "$runner" 2>/dev/null
    # They are ended when it is: a moment later.
    tries=0
    while kill -0 "$(cat "$top/still.pid")" 2>/dev/null ||
          kill -0 "$(cat "$top/silent.pid")" 2>/dev/null
    do
        [ $((tries += 1)) -le 600 ] || break
        sleep 0.1
    done
    ended still silent
}

# A test on real Xen is told while the next one goes on.
streamed()
{
    "$run" system/slow >"$out" 2>&1 &
    runner=$!
    tries=0
    until grep -q system/early "$out"
    do
        [ $((tries += 1)) -le 200 ] ||
            { echo "the first test is not told"; touch "$top/gives_up"; break; }
        sleep 0.1
    done
    touch "$top/early.seen"
    wait "$runner" || echo "exit status $?"
}

set_up
run=$top/tests/run.sh
expect_status 0 "$run" tests/good tests/better
expect_output "what passes is counted" "^4 passed, 0 failed$"
expect_output "each in a line" "^tests/good [.]* ok, 2 tests, [0-9.]* s$"
expect_output "seeds are told" "^tests/good: # SEED=7$"
expect_status 1 "$run" tests/good tests/bad tests/short tests/wrong_end tests/crash tests/planless
expect_output "and what fails" "^7 passed, 5 failed$" "planned 3 tests but ran 1" \
    "exit status: 3" "Signal: SEGV" "No plan found"
expect_output "in its own words" '^tests/bad: not ok - bad: a\\nb \\c c$' \
    "^tests/bad: # why it is bad$" \
    "^tests/wrong_end: the last words$" "see build/log/tap/tests/bad$"
verdict "what failed is named once more before the count" "$(tail -n 2 "$out" |
    grep -c '^tests/bad: not ok - bad: a' | grep -v '^1$')"
verdict "the last line is the count" "$(tail -n 1 "$out" |
    grep -v '^[0-9]* passed, [0-9]* failed$')"
verdict "JUnit has them all" "$(python3 - "$top/build/log/junit.xml" 2>&1 <<'CHECK'
import sys
import xml.etree.ElementTree as tree
suites = {s.get("name"): s for s in tree.parse(sys.argv[1]).getroot()}
names = [f"tests.{name}" for name in ("bad", "crash", "good", "planless", "short", "wrong_end")]
if sorted(suites) != names:
    print(*suites)
bad = suites["tests.bad"]
if "bad: a" not in bad.find("testcase/failure").get("message"):
    print("a failure without its name")
if "# why it is bad" not in bad.find("system-out").text:
    print("a failure without its reason")
CHECK
)"
expect_status 0 "$run" tests/one tests/two
expect_output "two run at a time" "^2 passed, 0 failed$"
expect_status 0 "$run" system/third tests/first system/fourth
expect_output "those of system/ one by one, when the others have ended" "^3 passed, 0 failed$"
expect_status 1 "$run" tests/fatal tests/good
expect_output "a program that nobody saw end is a failure" "Signal: KILL" "^3 passed, 1 failed$"
expect_status 1 env LIMIT=2 "$run" tests/still tests/silent
expect_output "those that take too long are ended, each by itself" "tests/still .*exited 124" \
    "tests/silent .*exited 124" "^2 passed, 2 failed$"
verdict "... and do not go on" "$(ended still silent)"
verdict "none outlives a runner that is ended" "$(signalled)"
verdict "a test on real Xen is told at once" "$(streamed)"
end_of_tests
