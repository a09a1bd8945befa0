#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds what is missing and boots every configuration, or those that are named (check.py):
# one TAP line for each test; a plan only if all are booted. LINUX chooses the guest's kernel
# (choose-linux.sh).

. "$(dirname "$0")/lib.sh"

"$ROOT/system/fetch-linux.sh"
"$ROOT/system/setup.sh" build
"$ROOT/system/build-xen.sh"
# Not every Xen can be built in each variant: check.py says so of each test that needs it.
for variant in ubsan new-vgic dom0; do
    "$ROOT/system/build-xen.sh" "$variant" || say "going on without $variant"
done
"$ROOT/system/build-guest.sh"
"$ROOT/system/build-dom0.sh"
"$ROOT/system/build-attack.sh"

echo "# NOTE the guest runs $(guest_linux)"

exec python3 "$ROOT/system/check.py" "$@"
