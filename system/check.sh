#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds what is missing and boots every configuration, or those that are named
# (check.py): one TAP line for each test.

. "$(dirname "$0")/lib.sh"

"$ROOT/system/setup.sh"
"$ROOT/system/build-xen.sh"
"$ROOT/system/build-guest.sh"
[ $# -ne 0 ] || python3 "$ROOT/system/refusals.py" || refused=$?
python3 "$ROOT/system/check.py" "$@"
exit "${refused:-0}"
