#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds build/xen/xen: Debian's Xen for 32-bit Arm with the mediator in it.
# The tree in build/xen/tree is built again in place when core/ or xen/ change.

. "$(dirname "$0")/lib.sh"

"$ROOT/system/fetch.sh"

out=$BUILD/xen
tree=$out/tree
stamp=$out/stamp

newer "$stamp" "$ROOT/core" "$ROOT/xen" "$ROOT/system/build-xen.sh" "$BUILD/fetch/stamp" ||
    exit 0

if newer "$out/unpacked" "$BUILD/fetch/stamp"; then
    rm -rf "$tree"
    mkdir -p "$out"
    cp -a "$BUILD/fetch/xen" "$tree"
    done_with "$out/unpacked"
fi

# A debug build: its assertions are half of what the tests are for.
cat >"$out/config" <<CONFIG
CONFIG_DEBUG=y
CONFIG_OMAP_MMU=y
CONFIG
run xen-install.log "$ROOT/xen/install.sh" "$tree"

make_xen()
{
    make -C "$tree/xen" -j"$(nproc)" XEN_TARGET_ARCH=arm32 CROSS_COMPILE=$CROSS \
         KCONFIG_ALLCONFIG="$out/config" "$@"
}

say "configuring Xen"
run xen-config.log make_xen alldefconfig
grep -qx CONFIG_OMAP_MMU=y "$tree/xen/.config" ||
    die "CONFIG_OMAP_MMU is not in Xen's configuration (see build/log/xen-config.log)"
say "building Xen (half a minute the first time)"
run xen-build.log make_xen
cp "$tree/xen/xen" "$out/xen.new"
mv "$out/xen.new" "$out/xen"
done_with "$stamp"
say "Xen is built"
