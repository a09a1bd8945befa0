#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds what is missing, boots four machines and tells what happens (demo.py). LINUX
# chooses the guest's kernel (choose-linux.sh).

. "$(dirname "$0")/lib.sh"

"$ROOT/system/fetch-linux.sh"
"$ROOT/system/setup.sh" build
"$ROOT/system/build-xen.sh"
"$ROOT/system/build-guest.sh"
"$ROOT/system/build-dom0.sh"
say "the guest runs $(guest_linux)"
exec python3 "$ROOT/system/demo.py"
