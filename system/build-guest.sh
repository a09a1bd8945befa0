#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Makes build/guest: Debian's armhf kernel as it is (kernel), and a ramdisk with
# busybox, our init, our modules and the firmware (ramdisk). All domains share both.
# With LINUX=WORD the same of that kernel: build/guest-WORD.

. "$(dirname "$0")/lib.sh"

"$ROOT/system/fetch-linux.sh"
# shellcheck source=/dev/null
. "$LINUX_FETCHED/linux.versions"

# dom0's module speaks with the Xen whose headers it is built with.
"$ROOT/system/xen-tree.sh"
out=$GUEST
stamp=$out/stamp
[ -e "$BUILD/firmware" ] || die "build/firmware is missing, make makes it"
newer "$stamp" "$ROOT/system/guest" "$ROOT/model/rproc_regs.h" "$ROOT/model/sgx_abi.h" \
      "$ROOT"/core/omap_*.h "$ROOT"/core/sgx_*.h "$ROOT/system/build-guest.sh" \
      "$LINUX_FETCHED/linux.stamp" "$BUILD/firmware" "$XEN_BUILD/xen-facts" || exit 0

linux=$LINUX_FETCHED/linux
headers=$linux/usr/src/linux-headers-$LINUX_RELEASE
common=$linux/usr/src/linux-headers-${LINUX_RELEASE%-*}-common
rm -rf "$out/module" "$out/root"
mkdir -p "$out/module" "$out/root/bin" "$out/root/lib/firmware"

say "building the guest's modules for Linux $LINUX_RELEASE"
# The headers name their other half by an absolute path: say where it is here. That
# of 7.2 must be told of this one.
printf 'KBUILD_OUTPUT = %s\ninclude %s\n' "$headers" "$common/Makefile" >"$headers/Makefile"
cp "$ROOT"/system/guest/*.[ch] "$ROOT"/system/guest/Kbuild "$ROOT/model/rproc_regs.h" \
   "$ROOT/model/sgx_abi.h" "$ROOT"/core/omap_*.h "$ROOT"/core/sgx_*.h "$out/module"
cp -r "$LINUX_FETCHED/remoteproc" "$out/module/linux"
run guest-module.log make -j"$(nproc)" -C "$headers" M="$out/module" ARCH=arm \
    CROSS_COMPILE=$CROSS CC=${CROSS}gcc \
    XEN_HEADERS="$XEN_SOURCE/xen/include" REPAIR="$LINUX_REPAIR" modules

say "packing the ramdisk"
# Where they are, and whether modules are compressed, changes from one Debian to the next.
cp "$(find "$linux" -path '*/bin/busybox')" "$out/root/bin/busybox"
cp "$ROOT/system/guest/init" "$ROOT/system/guest/remoteproc.sh" \
   "$ROOT/system/guest/dsp.sh" "$out/root/"
cp "$out"/module/*.ko \
   "$(find "$linux" -path "*/modules/$LINUX_RELEASE/kernel/drivers/rpmsg")"/*.ko* "$out/root/"
find "$out/root" -name '*.ko.xz' -exec unxz {} +
cp -r "$BUILD"/firmware/. "$out/root/lib/firmware/"
chmod 755 "$out/root/init" "$out/root/bin/busybox"
mkdir -p "$out/root/dev"
(cd "$out/root" && find . | LC_ALL=C sort >"$out/names" &&
    cpio -o -H newc -R 0:0 --quiet <"$out/names" >"$out/cpio")
gzip -n -9 <"$out/cpio" >"$out/ramdisk.new"
mv "$out/ramdisk.new" "$out/ramdisk"
cp "$(find "$linux" -type f \( -name "vmlinuz-$LINUX_RELEASE" -o \
            -path "*/$LINUX_RELEASE/vmlinuz" \))" "$out/kernel.new"
mv "$out/kernel.new" "$out/kernel"
done_with "$stamp"
say "guest: ready, Linux $LINUX_RELEASE${LINUX_REPAIR:+, repaired by $LINUX_REPAIR}"
