#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# own-firmware.sh SECONDS ELF...: boots the remoteproc machine with a firmware of the
# user's for the IPU, watches it for so long (20 if that is empty), and tells what becomes
# of it (own_firmware.py). Several are booted one after the other, in one boot of Xen.
# The exit status is how many of them failed. LINUX chooses the guest's kernel
# (choose-linux.sh); BOARD the machine, virt or omap5: by default the one in whose pool for the
# IPU the first firmware asks for a window.

. "$(dirname "$0")/lib.sh"

MAX_MIB=32      # the guest has 160 MiB, in which the file lies twice

# check ELF: what Linux does not look at, or has no plain words for.
check()
{
    [ -f "$1" ] || die "$1: there is no such file"
    [ -r "$1" ] || die "$1: it cannot be read"
    bytes=$(wc -c <"$1")
    [ "$bytes" -gt 0 ] || die "$1: it is empty"
    [ "$bytes" -le $((MAX_MIB << 20)) ] ||
        die "$1: it has more than $MAX_MIB MiB; arm-none-eabi-strip makes it smaller"
    # The magic number, class, byte order, ... and e_machine, as <elf.h> has them.
    case $(od -An -v -tx1 -N20 <"$1" | tr -d ' \n') in
    7f454c460101*2800) ;;
    7f454c46*) die "$1: an ELF, but not for the Cortex-M4 (32-bit Arm, little-endian)" ;;
    *) die "$1: it is no ELF" ;;
    esac
}

usage="make boot-firmware ELF=<file> [WATCH=<seconds>] [BOARD=virt|omap5]"
watch=${1:-20}
shift
[ -n "${1:-}" ] || die "say which firmware: $usage"
case $watch in
*[!0-9]* | 0?* | ?????*) die "WATCH is a number of seconds below 10000, not $watch: $usage" ;;
esac
for elf; do
    check "$elf"
done

board=${BOARD:-$(python3 "$ROOT/system/own_firmware.py" board-of "$1")}
case $board in
virt) variant= ;;
omap5) variant=new-vgic ;;
*) die "BOARD is virt or omap5, not $board" ;;
esac

"$ROOT/system/fetch-linux.sh"
"$ROOT/system/setup.sh" build
"$ROOT/system/build-xen.sh" ${variant:+"$variant"}
"$ROOT/system/build-guest.sh"

# The kernel unpacks one archive after the other: the user's comes last.
own=$BUILD/own-firmware
rm -rf "$own"
mkdir -p "$own/root/lib/firmware/own"
n=0
for elf; do
    n=$((n + 1))
    cp -- "$elf" "$own/root/lib/firmware/own/$n.elf"
done
echo "$watch" >"$own/root/watch"
(cd "$own/root" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -n) >"$own/added"
cat "$GUEST/ramdisk" "$own/added" >"$own/ramdisk"
exec python3 "$ROOT/system/own_firmware.py" "$board" "$own/ramdisk" "$@"
