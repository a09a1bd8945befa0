#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The threads under ThreadSanitizer. Where a kernel spreads addresses wider than
# the sanitizer of an older compiler expects, it will not start: then without
# randomisation, if that is allowed here.
set -eu

program=$(dirname "$0")/../../build/tests/tsan/threads_test
[ -x "$program" ] || {
    echo "Bail out! $program is missing: make threads builds and runs it"
    exit 1
}

if setarch -R true 2>/dev/null
then
    exec setarch -R "$program"
fi
exec "$program"
