#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [<seconds> [afl | gpu]]: fuzzes the core, or what it does for a GPU, on all CPUs,
# from the corpus on, for 600 s by default. New inputs stay in build/fuzz/found (gpu-found),
# an input that breaks something in build/fuzz/broken; then the exit status is not 0.

set -eu

cd "$(dirname "$0")/../.."
seconds=${1:-600}
out=build/fuzz
# Of the harness' files.
prefix=
[ "${2:-}" != gpu ] || prefix=gpu-

die()
{
    printf 'error: %s\n' "$*" >&2
    exit 1
}

case $seconds in
'' | *[!0-9]*) die "TIME is in seconds, not \"$seconds\"" ;;
esac

mkdir -p "$out/${prefix}found" "$out/broken"

# A fuzzer may go on after what it found: what counts is what it has put there.
count_broken()
{
    find "$out/broken" -type f | wc -l
}
broken_before=$(count_broken)
python3 tests/fuzz/corpus.py unpack "tests/fuzz/${prefix}corpus.txt" "$out/${prefix}seeds"

# An input takes milliseconds; one that takes so many seconds hangs, on a busy machine
# too.
HANG=100

by_libfuzzer()
{
    log=$out/${prefix}libfuzzer.log
    # The dictionary is of the OMAP MMU's registers.
    [ -n "$prefix" ] || set -- -dict="$out/dictionary"
    "$out/${prefix}fuzzer" -fork="$(nproc)" -max_total_time="$seconds" -max_len=512 \
        -timeout=$HANG -rss_limit_mb=0 "$@" -artifact_prefix="$out/broken/" \
        "$out/${prefix}found" "$out/${prefix}seeds" >"$log" 2>&1 || failed=$?
    # Its own lines are such as "#4711: cov: 1785 ft: 1500 corp: 200 exec/s: 90 ...";
    # what it calls coverage there counts some edges more than once.
    executions=$(sed -n 's/^#\([0-9]*\): cov:.*/\1/p' "$log" | tail -n 1)
    [ -n "$executions" ] || failed=1
    edges=$("$out/${prefix}fuzzer" -runs=0 -rss_limit_mb=0 "$out/${prefix}found" \
        "$out/${prefix}seeds" 2>&1 |
        sed -n 's/^#.*DONE *cov: \([0-9]*\).*/\1/p')
    echo "fuzzed: ${executions:-0} executions, ${edges:-?} edges of the core covered"
}

by_afl()
{
    log=$out/afl.log
    rm -rf "$out/afl"
    # It wants a machine set up for it, but does without.
    AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 \
        afl-fuzz -V "$seconds" -x "$out/dictionary" -i "$out/seeds" -o "$out/afl" \
        -t ${HANG}000 "$out/fuzzer-afl" >"$log" 2>&1 || failed=$?
    stats=$out/afl/default/fuzzer_stats
    [ -r "$stats" ] || { failed=1; return; }
    cp "$out"/afl/default/queue/id* "$out/found/"
    for input in "$out"/afl/default/crashes/id* "$out"/afl/default/hangs/id*; do
        [ ! -e "$input" ] || cp "$input" "$out/broken/"
    done
    sed -n 's/^execs_done *: \(.*\)/fuzzed: \1 executions/p
            s/^edges_found *: /edges covered: /p' "$stats"
}

failed=0
if [ "${2:-}" = afl ]; then by_afl; else by_libfuzzer; fi
[ "$failed" -eq 0 ] && [ "$(count_broken)" -eq "$broken_before" ] && exit 0

tail -n 20 "$log"
die "fuzzing found something, or did not run. See $log; an input of build/fuzz/broken is acted
    out, act by act, by build/fuzz/${prefix}replay -v <file>"
