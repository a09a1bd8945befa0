#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Static analysis: clang-tidy (.clang-tidy), cppcheck (tests/cppcheck.txt), gcc's
# -fanalyzer, sparse, and MISRA rules as Xen follows them (docs/misra.md). The last
# line is `analysis: clean`, or how many of them found something.
#
# core/ is checked twice: as the tests compile it, and in Xen. xen/ needs Xen's
# headers, and flags: those of the tree that system/build-xen.sh leaves. cppcheck
# cannot parse these headers; it sees xen/ without them. sparse does not support typeof
# of a function, which qemu/ uses everywhere.
#
# The functions are called through check().
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")/.." || exit
TREE=build/xen/tree/xen
OMAP=drivers/passthrough/arm/omap
FOLDERS="core model sim qemu bench firmware"
failed=0

# check <what> <command...>: what the command prints is wrong.
check()
{
    what=$1
    shift
    out=$("$@" 2>&1)
    if [ -z "$out" ]
    then
        echo "$what: clean"
        return
    fi
    failed=$((failed + 1))
    printf '%s:\n' "$what"
    printf '%s\n' "$out" | sed 's/^/    /'
}

includes()
{
    case $1 in
    core)           echo "-Icore" ;;
    bench)          echo "-Icore -Isim" ;;
    sim)            echo "-Icore -Imodel -Isim" ;;
    *)              echo "-Icore -Imodel" ;;
    esac
}

M4="-mcpu=cortex-m4 -mthumb -ffreestanding"

# each <command...>: for each line of the input, which takes the place of {}.
each()
{
    xargs -P "$(nproc)" -I{} sh -c "$* || echo '{}: exit status '\$?"
}

# The flags Xen compiled a file with, gcc's own left out.
xen_flags()
{
    sed -n '1s/^.*gnueabihf-gcc //p' "$TREE/$OMAP/.$1.o.cmd" |
        sed 's/-MMD .*\.o\.d //; s/-Wa,[^ ]*//g; s/-Werror //; s/ -c .*//'
}

xen_files()
{
    (cd "$TREE/$OMAP" && ls ./*.c) | sed 's|^\./||; s|\.c$||'
}

# clang-tidy

tidy()
{
    flags="-std=gnu11 -Wall -Wextra $(includes "$1")"
    [ "$1" != firmware ] || flags="$flags --target=arm-none-eabi $M4"
    printf '%s\n' "$1"/*.c | each "clang-tidy --quiet {} -- $flags 2>&1" | tidy_words
}

tidy_in_xen()
{
    xen_files | each "cd $TREE; clang-tidy --quiet $OMAP/{}.c -- \
        --target=arm-linux-gnueabihf $(xen_flags trap) 2>&1" | tidy_words
}

# Without the count of what it did not report.
tidy_words()
{
    grep -vE '^[0-9]+ warnings?( and [0-9]+ errors?)? generated\.$'
}

# cppcheck

cppcheck_with()
{
    cppcheck --quiet --std=c11 --inconclusive --inline-suppr \
        --enable=warning,style,performance,portability --error-exitcode=1 \
        --template='{file}:{line}: {message} [{id}]' \
        --suppressions-list=tests/cppcheck.txt "$@" || echo "exit status $?"
}

cppcheck_folder()
{
    # shellcheck disable=SC2046 # flags, to be split
    cppcheck_with $(includes "$1") "$1"
}

cppcheck_xen()
{
    cppcheck_with -Icore --include=tests/cppcheck_xen.h xen
}

# gcc -fanalyzer. A spinlock's wait is no infinite loop.
ANALYZER="-fanalyzer -Wno-analyzer-infinite-loop -c -o /dev/null"

analyzer()
{
    compiler="gcc -O1"
    [ "$1" != firmware ] || compiler="arm-none-eabi-gcc -Os $M4"
    printf '%s\n' "$1"/*.c |
        each "$compiler -std=gnu11 -Wall -Wextra $ANALYZER $(includes "$1") {} 2>&1"
}

analyzer_in_xen()
{
    xen_files | each "cd $TREE; arm-linux-gnueabihf-gcc $(xen_flags trap) $ANALYZER $OMAP/{}.c 2>&1"
}

# sparse. Of headers that are not ours it does not know every attribute; after an
# error, in whatever file, it says no more.

sparse_folder()
{
    # shellcheck disable=SC2046 # flags, to be split
    { sparse -Wsparse-all -std=gnu11 $(includes "$1") "$1"/*.c 2>&1 || echo "exit status $?"; } |
        grep -E '^(core|model|sim|bench)/[^ ]*: warning:|: error:|^exit status'
}

# Two of Xen's macros, one within the other, use one name: Xen's rule 5.3 lets them.
sparse_in_xen()
{
    xen_files |
        each "cd $TREE; sparse --arch=arm $(xen_flags trap) -Wsparse-all \
              -Wno-shadow $OMAP/{}.c 2>&1" |
        grep -E "^$OMAP/[^ ]*: warning:|: error:|exit status"
}

# MISRA C:2012: the rules of Xen's docs/misra/rules.rst, as of 4.17 and, after
# them, of 2025; of the latter not 10.3 and 10.4, which Xen calls aspirational.
RULES="1.3 3.2 5.1 5.2 5.3 5.4 6.2 8.1 8.4 8.5 8.6 8.8 8.10 8.12 9.1 9.2 13.6 14.1
       16.7 17.3 17.4 20.7 20.13 20.14
       1.1 1.4 2.1 2.6 3.1 4.1 4.2 5.6 6.1 7.1 7.2 7.3 7.4 8.2 8.3 8.14 9.3 9.4 10.1
       10.2 11.1 11.2 11.3 11.6 11.7 11.8 11.9 12.5 13.1 14.3 17.6 18.3 19.1 21.13
       21.17 21.18 21.19 21.20 21.21 22.2 22.4 22.5 22.6"

misra_found()
{
    cppcheck --quiet --std=c11 --enable=style --addon=misra -Icore \
        --template='{file} {id}' core 2>&1 |
        while read -r file id
        do
            rule=${id#misra-c2012-}
            # shellcheck disable=SC2086 # rules, to be split
            printf '%s\n' $RULES | grep -qxF "$rule" && echo "$rule $file"
        done | sort -u
}

misra_noted()
{
    sed -n 's/^| \([0-9.]*\) | \(core[^ ]*\) |.*/\1 \2/p' docs/misra.md | sort -u
}

misra()
{
    misra_found >build/misra-found
    misra_noted >build/misra-noted
    [ -s build/misra-found ] || echo "the MISRA addon found not even what is noted"
    comm -13 build/misra-noted build/misra-found |
        sed 's|^|broken, and not noted in docs/misra.md: |'
}

system/build-xen.sh || exit

for folder in $FOLDERS
do
    check "clang-tidy $folder/" tidy "$folder"
    check "cppcheck $folder/" cppcheck_folder "$folder"
    check "gcc -fanalyzer $folder/" analyzer "$folder"
done
for folder in core model sim bench
do
    check "sparse $folder/" sparse_folder "$folder"
done
check "cppcheck xen/" cppcheck_xen
check "clang-tidy core/ and xen/ in Xen" tidy_in_xen
check "gcc -fanalyzer core/ and xen/ in Xen" analyzer_in_xen
check "sparse core/ and xen/ in Xen" sparse_in_xen
check "MISRA core/" misra

if [ "$failed" -gt 0 ]
then
    echo "analysis: $failed found something"
    exit 1
fi
echo "analysis: clean"
