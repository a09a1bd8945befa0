#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The benchmark runs to its end: it compares what the contenders translate
# before and after each set, and ends with an error where they differ. Its
# figures are not checked; bounds.sh checks the most that an operation may cost.
set -u

bench=$(dirname "$0")/../../build/bench
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# result <name> <command...>
result()
{
    name=$1
    shift
    if "$@"
    then
        echo "ok - bench/$name"
    else
        echo "not ok - bench/$name"
    fi
}

echo 1..3
result contenders_agree_from_start_to_end sh -c "$bench --json >$out"
result json_is_json sh -c "python3 -m json.tool <$out >/dev/null"
result an_unknown_option_is_refused sh -c "! $bench --wrong 2>/dev/null"
