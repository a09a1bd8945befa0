#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds what is missing, boots one machine and tells what happens (demo.py).

. "$(dirname "$0")/lib.sh"

"$ROOT/system/setup.sh" build
"$ROOT/system/build-xen.sh"
"$ROOT/system/build-guest.sh"
exec python3 "$ROOT/system/demo.py"
