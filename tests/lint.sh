#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Style and simplicity, for what git tracks: clang-format (Xen's style), a
# licence line in each source, shell scripts by shellcheck, Python by pyflakes,
# no function over 60 lines, no circle of files.
#
# The functions are called through check().
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")/.." || exit
failed=0

# check <what is wrong> <command...>: what the command prints is wrong.
check()
{
    words=$1
    shift
    out=$("$@" 2>&1)
    [ -n "$out" ] || return
    failed=1
    printf '%s:\n' "$words"
    printf '%s\n' "$out" | sed 's/^/    /'
}

c_files()
{
    git ls-files '*.c' '*.h'
}

scripts()
{
    git ls-files '*.sh' .ci/run
}

style()
{
    c_files | xargs clang-format --dry-run
}

licence()
{
    { c_files; git ls-files '*.sh' '*.py'; } |
        xargs grep -L 'SPDX-License-Identifier:'
}

shell()
{
    scripts | xargs shellcheck -x -P SCRIPTDIR
}

python()
{
    git ls-files '*.py' | xargs pyflakes3
}

long_functions()
{
    c_files | ctags -L - --fields=+ne --kinds-C=f -o - 2>/dev/null |
        sed -n 's/^\([^\t]*\)\t\([^\t]*\)\t.*line:\([0-9]*\).*end:\([0-9]*\).*/\1 \2 \3 \4/p' |
        awk '$4 - $3 + 1 > 60 { print $2 ": " $1 "() has " $4 - $3 + 1 " lines" }'
}

circles()
{
    tests/circles.py
}

# What was to be filled in before it was committed.
placeholders()
{
    git ls-files '*.md' | xargs grep -n '@[A-Z]*@'
}

check "not in Xen's style; mend it with clang-format -i" style
check "without an SPDX-License-Identifier" licence
check "shellcheck" shell
check "pyflakes" python
check "functions over 60 lines" long_functions
check "circles of files" circles
check "not filled in" placeholders

[ "$failed" -eq 0 ] && echo "lint: clean"
exit "$failed"
