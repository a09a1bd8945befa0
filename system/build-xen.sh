#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds build/xen/xen: Debian's Xen for 32-bit Arm with the mediator in it. With an
# argument, a variant of it in build/xen-VARIANT: "ubsan" has the undefined-behaviour
# sanitizer, "new-vgic" what Debian's leaves out by its configuration (Xen's other model
# of the interrupt controller, with a patch of ours, and memory that a guest is given by
# its address), "dom0" the patch that lets dom0 see the MMUs of its own processors. The
# tree beside it is built again in place when core/ or xen/ change. A Xen of the user's
# (xen-tree.sh) is built in a copy, in a folder of its own. When it cannot be built, the
# reason is in the file not-built in the place of xen.

. "$(dirname "$0")/lib.sh"

variant=${1:-}
case $variant in
'' | ubsan | new-vgic | dom0) ;;
*) die "build-xen.sh: no variant of Xen is named $variant" ;;
esac

"$ROOT/system/xen-tree.sh"

out=$XEN_BUILD/xen${variant:+-$variant}
tree=$out/tree
stamp=$out/stamp
LOGS=$XEN_BUILD/log

newer "$stamp" "$ROOT/core" "$ROOT/xen" "$ROOT/system/build-xen.sh" "$XEN_BUILD/xen-facts" ||
    exit 0
mkdir -p "$LOGS" "$out"
# What was built before is not of these sources: nobody may boot it.
rm -f "$out/xen"
WHY=$out/not-built

# What Xen 4.17 lacks for UBSAN on 32-bit Arm, three lines: that it may be chosen; the
# alignment of a table of words that comes after the strings of UBSAN's reports; and
# the one report at boot, of a shift into an int's sign (0xff << 24).
allow_ubsan()
{
    edit arch/arm/Kconfig 's/^config ARM$/&\n\tselect HAS_UBSAN/'
    edit arch/arm/xen.lds.S 's/^ *__proc_info_start = \.;/       . = ALIGN(4);\n&/'
    edit arch/arm/include/asm/arm32/vfp.h \
         's/(0xff << FPSID_IMPLEMENTER_BIT)/(0xffU << FPSID_IMPLEMENTER_BIT)/'
}

# edit FILE SCRIPT: one that changes nothing is meant for another Xen.
edit()
{
    sed "$2" "$tree/xen/$1" >"$out/edited"
    ! cmp -s "$out/edited" "$tree/xen/$1" ||
        die "xen/$1 is not as Xen 4.17 has it: look at allow_ubsan() in build-xen.sh"
    cp "$out/edited" "$tree/xen/$1"
}

# patch_tree FILE [OPTION]: no hunk may have to be guessed at.
patch_tree()
{
    patch -s -f -d "$tree" -p1 -F0 -i "$@"
}

# By the patch that is for this Xen.
show_dom0_its_mmus()
{
    for file in "$ROOT"/xen/patches/dom0-sees-its-mmus-*.patch; do
        patch_tree "$file" --dry-run >/dev/null || continue
        run xen-patch.log patch_tree "$file"
        return
    done
    die "no patch in xen/patches fits this Xen"
}

# Without this the boots with CONFIG_NEW_VGIC may stand still (docs/boards.md). A Xen of the
# user's that it does not fit may have a remedy of its own.
keep_timer()
{
    file=$ROOT/xen/patches/new-vgic-timer.patch
    if patch_tree "$file" --dry-run >/dev/null; then
        run xen-patch.log patch_tree "$file"
    elif [ -n "$XEN_TREE" ]; then
        say "NOTE ${file#"$ROOT"/} does not fit this Xen: a guest may stand still (docs/boards.md)"
    else
        die "${file#"$ROOT"/} does not fit this Xen"
    fi
}

# What the hypervisor is built of, without what the user may have built there. A link in
# its place (-H) would lead back to the user's files. The patch for dom0 changes two files:
# of a copy of the first build, make compiles only what differs.
copy_source()
{
    rm -rf "$tree"
    mkdir -p "$tree"
    if [ "$variant" = dom0 ] && [ -e "$XEN_BUILD/xen/stamp" ]; then
        cp -a "$XEN_BUILD/xen/tree/." "$tree"
        return
    fi
    cp -aH "$XEN_SOURCE/xen" "$XEN_SOURCE/Config.mk" "$XEN_SOURCE/config" "$tree"
    chmod -R u+w "$tree"
    [ -z "$XEN_TREE" ] || make -C "$tree/xen" distclean XEN_TARGET_ARCH=arm32
}

if newer "$out/unpacked" "$XEN_BUILD/xen-facts" "$ROOT/system/build-xen.sh" "$ROOT/xen/patches"
then
    rm -f "$out/unpacked"
    run xen-copy.log copy_source
    [ "$variant/$(fact ubsan)" != ubsan/edit ] || allow_ubsan
    [ "$variant" != dom0 ] || show_dom0_its_mmus
    [ "$variant" != new-vgic ] || keep_timer
    done_with "$out/unpacked"
fi

# A debug build: its assertions are half of what the tests are for.
cat >"$out/config" <<CONFIG
CONFIG_DEBUG=y
CONFIG_OMAP_MMU=y
CONFIG
case $variant in
# Xen 4.17 maps 2 MiB for itself. Within them all checks have room but those of null and
# misaligned pointers (a null pointer traps), and what no test uses has not.
ubsan)
    options=CONFIG_UBSAN
    flags=CFLAGS_UBSAN="-fsanitize=undefined -fno-sanitize=null,alignment"
    for option in CONFIG_XSM CONFIG_HYPFS CONFIG_ARM_SMMU
    do
        echo "# $option is not set" >>"$out/config"
    done
    ;;
# One build for both: memory is not static unless a guest's node says so.
new-vgic) options="CONFIG_OMAP_GPU CONFIG_NEW_VGIC CONFIG_UNSUPPORTED CONFIG_STATIC_MEMORY" ;;
*) options=CONFIG_OMAP_GPU ;;
esac
for option in ${options:-}; do
    echo "$option=y" >>"$out/config"
done
run xen-install.log "$ROOT/xen/install.sh" "$tree"

make_xen()
{
    make -C "$tree/xen" -j"$(nproc)" XEN_TARGET_ARCH=arm32 CROSS_COMPILE=$CROSS \
         KCONFIG_ALLCONFIG="$out/config" "$@"
}

# A larger Xen does not boot and prints nothing.
fits()
{
    end=$("${CROSS}nm" "$tree/xen/xen-syms" | sed -n 's/ . _end$//p')
    start=$("${CROSS}nm" "$tree/xen/xen-syms" | sed -n 's/ . _start$//p')
    [ $((0x$end - 0x$start)) -le $(($(fact room) << 20)) ]
}

say "configuring Xen $(fact version)${XEN_TREE:+ of $XEN_TREE}"
run xen-config.log make_xen alldefconfig
for wanted in CONFIG_OMAP_MMU ${options:-}; do
    grep -qx "$wanted=y" "$tree/xen/.config" ||
        die "$wanted is not in Xen's configuration (see ${LOGS#"$ROOT"/}/xen-config.log)"
done
say "building Xen (half a minute the first time)"
run xen-build.log make_xen ${flags:+"$flags"}
fits || die "Xen is larger than the $(fact room) MiB that it maps for itself"
cp "$tree/xen/xen" "$out/xen.new"
mv "$out/xen.new" "$out/xen"
rm -f "$WHY"
done_with "$stamp"
say "Xen is built${variant:+ ($variant)}"
