#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The threads under ThreadSanitizer: an MMU's, then a GPU's. Where a kernel spreads
# addresses wider than the sanitizer of an older compiler expects, they will not start:
# then without randomisation, if that is allowed here.
set -eu

fixed=
! setarch -R true 2>/dev/null || fixed='setarch -R'

status=0
for name in threads_test gpu_test
do
    program=$(dirname "$0")/../../build/tests/tsan/$name
    [ -x "$program" ] || {
        echo "Bail out! $program is missing: make threads builds and runs it"
        exit 1
    }
    # shellcheck disable=SC2086 # nothing, or a command and its option
    $fixed "$program" || status=1
done
exit $status
