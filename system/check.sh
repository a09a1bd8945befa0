#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds what is missing and boots every configuration, or those that are named
# (check.py): one TAP line for each test.

. "$(dirname "$0")/lib.sh"

"$ROOT/system/setup.sh" build
"$ROOT/system/build-xen.sh"
"$ROOT/system/build-xen.sh" ubsan
"$ROOT/system/build-guest.sh"
"$ROOT/system/build-attack.sh"

# A firmware given by its path, as a user does: its trace and its addresses are told.
own_firmware()
{
    out=$LOGS/own-firmware.log
    if "$ROOT/system/own-firmware.sh" "$BUILD/firmware/xen-omap-ipu-hostile.elf" >"$out" 2>&1 &&
            grep -q "ipu: hello from the Cortex-M4" "$out" &&
            grep -q "da 00000000 -> ipa" "$out"; then
        echo "ok - system/own-firmware/is-told-of"
    else
        echo "not ok - system/own-firmware/is-told-of: see build/log/own-firmware.log"
        return 1
    fi
}

if [ $# -eq 0 ]; then
    python3 "$ROOT/system/refusals.py" || failed=$?
    own_firmware || failed=$?
fi
python3 "$ROOT/system/check.py" "$@"
exit "${failed:-0}"
