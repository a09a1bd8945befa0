#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Style and simplicity, for what git tracks: clang-format (Xen's style), a
# licence line in each source, shell scripts by shellcheck, Python by pyflakes,
# no function over 60 lines.
set -u

cd "$(dirname "$0")/.."
failed=0

bad()
{
    failed=1
    printf '%s\n' "$1"
    printf '%s\n' "$2" | sed 's/^/    /'
}

c_files=$(git ls-files '*.c' '*.h')
scripts=$(git ls-files '*.sh' .ci/run)
python=$(git ls-files '*.py')

out=$(clang-format --dry-run --Werror $c_files 2>&1) ||
    bad "not in Xen's style; mend it with: clang-format -i <file>" "$out"

out=$(grep -L 'SPDX-License-Identifier:' $c_files $scripts $python |
      grep -v '^.ci/run$')
[ -z "$out" ] || bad "without an SPDX-License-Identifier" "$out"

out=$(shellcheck -x -P SCRIPTDIR $scripts 2>&1) ||
    bad "shellcheck" "$out"

[ -z "$python" ] || out=$(pyflakes3 $python 2>&1) || bad "pyflakes" "$out"

out=$(ctags --fields=+ne --kinds-C=f -o - $c_files 2>/dev/null |
      sed -n 's/^\([^\t]*\)\t\([^\t]*\)\t.*line:\([0-9]*\).*end:\([0-9]*\).*/\1 \2 \3 \4/p' |
      awk '$4 - $3 + 1 > 60 { print $2 ": " $1 "() has " $4 - $3 + 1 " lines" }')
[ -z "$out" ] || bad "functions over 60 lines" "$out"

[ "$failed" -eq 0 ] && echo "lint: clean"
exit "$failed"
