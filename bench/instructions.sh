#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# For each fill of `make bench`: the instructions of this CPU in functions of core/, for
# each page. Those that the core lets libc execute (memcpy and the like) are not in it,
# nor what it calls the host for.
set -eu

bench=$(dirname "$0")/../build/bench
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Only what fill_once() calls is counted; a file for each call: counts.1, counts.2, ...
valgrind --tool=callgrind --callgrind-out-file="$out/counts" \
    --toggle-collect=fill_once --dump-after=fill_once \
    --compress-strings=no --compress-pos=no \
    "$bench" --once >"$out/rows" 2>"$out/log" || {
    cat "$out/log" >&2
    exit 1
}

# Self cost, by the file of the function: fl=. A line of cost after calls= is the callee's.
of_core()
{
    awk '
        /^fl=/    { core = /\/core\/[a-z_]*\.[ch]$/ }
        /^calls=/ { getline; next }
        /^[0-9]/  { if (core) sum += $2 }
        END       { print sum + 0 }
    ' "$1"
}

n=0
while IFS='	' read -r pages name; do
    n=$((n + 1))
    sum=$(of_core "$out/counts.$n")
    if [ "$sum" -eq 0 ]; then
        echo "instructions.sh: nothing was counted for: $name" >&2
        exit 1
    fi
    awk -v sum="$sum" -v pages="$pages" -v name="$name" \
        'BEGIN { printf "%-44s %8.1f instructions/page\n", name, sum / pages }'
done <"$out/rows"
