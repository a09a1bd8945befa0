# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by tests that are shell scripts. They run a command and look at its exit status
# and its output, which goes to the file $out. Each test is a line of TAP. $root is the
# project's folder, which is the current one.

root=$PWD
out=build/log/tap.out
tests=0
failed=0

# What an outer make was asked, and its variables, are not for a make that a test runs:
# they would override its environment.
unset MAKEFLAGS MAKEOVERRIDES MFLAGS MAKELEVEL

# expect_status STATUS COMMAND...: runs it; STATUS is due.
expect_status()
{
    due=$1
    shift
    status=0
    "$@" >"$out" 2>&1 || status=$?
}

# expect_output NAME WORDS...: the last command ended with the status that is due, and its
# output has these words.
expect_output()
{
    name=$1
    shift
    wrong=
    [ "$status" -eq "$due" ] || wrong="exit status $status, not $due"
    for words; do
        grep -q -e "$words" "$out" || wrong=${wrong:-"the output does not have \"$words\""}
    done
    verdict "$name" "$wrong"
}

# verdict NAME WRONG: WRONG is empty if all is well.
verdict()
{
    tests=$((tests + 1))
    if [ -z "$2" ]; then
        echo "ok - $1"
    else
        echo "not ok - $1: $2"
        [ ! -e "$out" ] || sed 's/^/# /' "$out"
        failed=1
    fi
}

# test_folder NAME: $top is build/NAME, and $out is in it.
test_folder()
{
    top=$root/build/$1
    out=$top/out
}

# The last thing that a test does.
end_of_tests()
{
    echo "1..$tests"
    exit "$failed"
}
