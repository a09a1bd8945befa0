#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# own-firmware.sh ELF: boots the remoteproc machine with a firmware of the user's for
# the IPU, and tells what becomes of it (own_firmware.py).

. "$(dirname "$0")/lib.sh"

[ -n "${1:-}" ] || die "say which firmware: make boot-firmware ELF=<file>"
[ -r "$1" ] || die "$1 cannot be read"

"$ROOT/system/setup.sh" build
"$ROOT/system/build-xen.sh"
"$ROOT/system/build-guest.sh"

# The kernel unpacks one archive after the other: the user's comes last.
own=$BUILD/own-firmware
rm -rf "$own"
mkdir -p "$own/root/lib/firmware"
cp "$1" "$own/root/lib/firmware/own.elf"
(cd "$own/root" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -n) >"$own/added"
cat "$BUILD/guest/ramdisk" "$own/added" >"$own/ramdisk"
exec python3 "$ROOT/system/own_firmware.py" "$own/ramdisk"
