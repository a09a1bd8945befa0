#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Firmware of the user's. One that is good is given as a user does it, by a path that
# neither make nor a shell may touch. Those that fail have one boot, in which each of them
# counts, and one that runs is in between; and what is no firmware has none.
# TAP without a plan: check.py runs this beside its boots.

. "$(dirname "$0")/lib.sh"

# shellcheck source=../tests/system/tap.sh
. "$ROOT/tests/system/tap.sh"
out=$LOGS/own-firmware.log

images=$BUILD/firmware
odd=$BUILD/"it's \$(one) & \"odd\".elf"
cp "$images/xen-omap-ipu-hostile.elf" "$odd"
expect_status 0 make -s -C "$ROOT" boot-firmware WATCH=5 ELF="$odd"
expect_output system/own-firmware/is-told-of \
    "ipu: hello from the Cortex-M4" "da 00000000 -> ipa" "elf: it runs; [1-9]"
rm "$odd"

expect_status 5 "$ROOT/system/own-firmware.sh" 20 \
    "$images/bad-version.elf" "$images/bad-vring.elf" "$images/omap5/xen-omap-ipu-ti.elf" \
    "$images/xen-omap-ipu-preempt.elf" "$images/bad-lock-up.elf" "$images/bad-crash.elf"
expect_output system/own-firmware/bad-version \
    "bad-version.elf: it does not run.*unsupported fw ver: 2"
expect_output system/own-firmware/bad-vring \
    "bad-vring.elf: it does not run.*carveout vdev0vring0: -12"
expect_output system/own-firmware/other-board \
    "ti.elf: it does not run.*failed to allocate dma memory.*-12"
expect_output system/own-firmware/two-tasks \
    "worked until tick" "preempt.elf: it runs; .* is answered"
expect_output system/own-firmware/bad-lock-up "bad-lock-up.elf: da 0.* the core locked up"
expect_output system/own-firmware/bad-crash \
    "bad-crash.elf: it crashed.* and was recovered.*iommu fault: da 0xdead0000"

expect_status 1 "$ROOT/system/own-firmware.sh" "" /dev/null/none
expect_output system/own-firmware/no-file "none: there is no such file"
expect_status 1 "$ROOT/system/own-firmware.sh" "" "$ROOT/Makefile"
expect_output system/own-firmware/no-elf "Makefile: it is no ELF"
expect_status 1 "$ROOT/system/own-firmware.sh" "" /bin/sh
expect_output system/own-firmware/other-machine "sh: an ELF, but not for the Cortex-M4"
exit "$failed"
