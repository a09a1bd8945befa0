#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# gpu-witness.sh TREE: builds TI's GPL driver of the GPU out of a tree of the user's (DDK
# 1.17), and boots it in a guest whose GPU is mediated, and natively (gpu_witness.py). The
# tree stays as it is: what is built is a copy.
# gpu-witness.sh check TREE: says why a tree will not do; exit status 2.

. "$(dirname "$0")/lib.sh"

out=$BUILD/gpu-witness
version=1.17
number=4948957
modules=$LINUX_FETCHED/linux/lib/modules

refuse()
{
    printf 'DDK=%s: %s\n' "$given" "$*" >&2
    exit 2
}

# edit FILE SED WHAT: in the folder $ddk; what is to be changed must be there.
edit()
{
    [ -f "$ddk/$1" ] || refuse "it has no $1, as DDK $version has"
    sed "$2" "$ddk/$1" >"$ddk/$1.new"
    ! cmp -s "$ddk/$1" "$ddk/$1.new" ||
        refuse "$1 has no $3: it is not the source of DDK $version"
    mv "$ddk/$1.new" "$ddk/$1"
}

linux=services4/srvkm/env/linux
mmu=services4/srvkm/devices/sgx/mmu.c

# Debian's headers have no legacy DRM, and nobody asks for the module by an alias.
adapt()
{
    edit $linux/pvr_drm.c '/\.dev_priv_size = 0,/d' "dev_priv_size"
    edit $linux/pvr_drm.c '/MODULE_DEVICE_TABLE(of/d' "device table"
    edit $linux/module.c '/MODULE_DEVICE_TABLE(/d' "device table"
    edit $linux/mmap.c 's/drm_legacy_mmap(filp, vma)/-ENXIO/' "drm_legacy_mmap()"
}

# What docs/gpu.md asks of a guest's driver.
hook()
{
    regs='psDevInfo->pvRegsBaseKM'
    edit $mmu "/^IMG_DEV_PHYADDR MMU_GetPDDevPAddr(MMU_CONTEXT \*pMMUContext)/,/^}/ {
        /return/c\\
	OSWriteHWReg(pMMUContext->$regs, 0xff0, pMMUContext->sPDDevPAddr.uiAddr);\\
	return (IMG_DEV_PHYADDR){ OSReadHWReg(pMMUContext->$regs, 0xff4) };
    }" "MMU_GetPDDevPAddr()"
    edit $mmu "/^MMU_Finalise (MMU_CONTEXT \*psMMUContext)/,/^}/ {
        /SysAcquireData(/a\\
	if (psMMUContext->$regs)\\
		OSWriteHWReg(psMMUContext->$regs, 0xff0, psMMUContext->sPDDevPAddr.uiAddr | 1);
    }" "MMU_Finalise()"
}

# Into $tree: the folder eurasia_km, whether that is what was given, or it is in it.
find_tree()
{
    [ -n "$given" ] || refuse "say where the source tree is: make gpu-witness DDK=<tree>"
    [ -d "$given" ] || refuse "there is no such folder"
    tree=$(readlink -f -- "$given")
    [ ! -d "$tree/eurasia_km" ] || tree=$tree/eurasia_km
    [ -f "$tree/$mmu" ] || refuse "it is not a source tree of TI's SGX driver: it has no $mmu"
    grep -q "PVRVERSION_BUILD  *$number" "$tree/include4/pvrversion.h" 2>/dev/null ||
        refuse "it is another DDK than $version, build $number"
    grep -q "pde_data(" "$tree/$linux/proc.c" 2>/dev/null ||
        refuse "it is for an older Linux than 6.1"
    [ -z "$LINUX" ] || refuse "it is for Linux 6.1: LINUX must not be set"
}

# Tries all edits on a copy of what they change.
check()
{
    ddk=$(mktemp -d)
    trap 'rm -rf "$ddk"' EXIT
    for file in $linux/pvr_drm.c $linux/module.c $linux/mmap.c $mmu; do
        [ ! -f "$tree/$file" ] || install -D -m 644 "$tree/$file" "$ddk/$file"
    done
    adapt
    hook
}

# build_driver NAME: of the copy as it is now.
build_driver()
{
    say "building the driver ($1)"
    # What an outer make was given is not for this one.
    run "gpu-witness-$1.log" env -u MAKEFLAGS -u MAKEOVERRIDES -u MAKELEVEL \
        make -C "$ddk/eurasiacon/build/linux2/omap_linux" -j "$(nproc)" ARCH=arm \
        CROSS_COMPILE=$CROSS TARGET_PRODUCT=jacinto6evm BUILD=release WINDOW_SYSTEM=nulldrmws \
        KERNELDIR="$headers"
    mkdir -p "$out/$1"
    cp "$ddk"/eurasiacon/binary_*/target_armhf/kbuild/pvrsrvkm.ko "$out/$1"
}

# Without a C library; with the driver's public headers, and what it was built with.
build_program()
{
    say "building its user space"
    set -- "$ROOT/system/witness/headers" "$(${CROSS}gcc -print-file-name=include)" \
        "$ddk/include4" "$ddk/services4/include" "$ddk/services4/include/env/linux" \
        "$ddk/services4/srvkm/hwdefs" "$ddk/services4/srvkm/include" \
        "$ddk/services4/system/omap" "$ddk/services4/system/include" \
        "$common/include/uapi" "$common/arch/arm/include/uapi" \
        "$headers/arch/arm/include/generated/uapi"
    flags=
    for folder; do
        flags="$flags -isystem $folder"
    done
    # shellcheck disable=SC2086 # flags, to be split; place.sh has looked for blanks
    run gpu-witness-program.log ${CROSS}gcc -std=gnu11 -O1 -Wall -Wextra -Werror -marm \
        -mcpu=cortex-a15 -ffreestanding -fno-builtin -fno-stack-protector -fno-pie -no-pie \
        -static -nostdlib -nostdinc -include "$(echo "$ddk"/eurasiacon/binary_*/config_kernel.h)" \
        -D__EXPORTED_HEADERS__ $flags -I"$ROOT/model" -o "$out/witness" "$ROOT"/system/witness/*.c
}

# pack NAME: the guest's ramdisk with that driver. The kernel unpacks one archive after the
# other.
pack()
{
    root=$out/$1/root
    rm -rf "$root"
    mkdir -p "$root"
    cp "$out/$1/pvrsrvkm.ko" "$out/witness" "$ROOT/system/witness/witness.sh" "$root"
    cp "$(find "$modules" -name drm.ko)" "$root"
    chmod 755 "$root/witness"
    (cd "$root" && find . | LC_ALL=C sort |
        cpio -o -H newc -R 0:0 --quiet | gzip -n) >"$out/$1/added"
    cat "$GUEST/ramdisk" "$out/$1/added" >"$out/$1/ramdisk"
}

build_drivers()
{
    rm -rf "$out"
    mkdir -p "$out"
    cp -r "$tree" "$ddk"
    rm -rf "$ddk"/eurasiacon/binary_*
    adapt
    build_driver native
    hook
    build_driver mediated
    done_with "$stamp" "$tree"
}

given=${1:-}
if [ "$given" = check ]; then
    given=${2:-}
    find_tree
    check
    exit 0
fi
find_tree

"$ROOT/system/fetch-linux.sh"
"$ROOT/system/setup.sh" build
"$ROOT/system/build-xen.sh"
"$ROOT/system/build-guest.sh"

# shellcheck source=/dev/null
. "$LINUX_FETCHED/linux.versions"
headers=$LINUX_FETCHED/linux/usr/src/linux-headers-$LINUX_RELEASE
common=$LINUX_FETCHED/linux/usr/src/linux-headers-${LINUX_RELEASE%-*}-common
ddk=$out/tree
stamp=$out/stamp
if [ "$(cat "$stamp" 2>/dev/null)" != "$tree" ] ||
    newer "$stamp" "$tree" "$ROOT/system/gpu-witness.sh" "$LINUX_FETCHED/linux.stamp"; then
    build_drivers
fi
build_program
pack native
pack mediated
exec python3 "$ROOT/system/gpu_witness.py"
