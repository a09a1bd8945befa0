#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds what is missing and boots every configuration, or those that are named
# (check.py, refusals.py): one TAP line for each test. LINUX chooses the guest's kernel (choose-linux.sh).

. "$(dirname "$0")/lib.sh"

"$ROOT/system/fetch-linux.sh"
"$ROOT/system/setup.sh" build
"$ROOT/system/build-xen.sh"
"$ROOT/system/build-xen.sh" ubsan
"$ROOT/system/build-xen.sh" new-vgic
"$ROOT/system/build-xen.sh" dom0
"$ROOT/system/build-guest.sh"
"$ROOT/system/build-attack.sh"

echo "# NOTE the guest runs $(guest_linux)"

# tried STATUS LOG COMMAND...: runs it; STATUS is due.
tried()
{
    due=$1
    out=$LOGS/$2
    shift 2
    status=0
    "$@" >"$out" 2>&1 || status=$?
}

# told NAME WORDS...: what was tried last ended as is due, and says this.
told()
{
    name=$group/$1
    shift
    wrong=
    [ "$status" -eq "$due" ] || wrong="exit status $status, not $due"
    for words; do
        grep -q -e "$words" "$out" || wrong=${wrong:-"nothing is told of \"$words\""}
    done
    if [ -z "$wrong" ]; then
        echo "ok - system/$name"
    else
        echo "not ok - system/$name: $wrong; see ${out#"$ROOT"/}"
        failed=1
    fi
}

# Firmware of the user's. One that is good is given as a user does it, by a path that
# neither make nor a shell may touch. Those that fail have one boot, in which each of them
# counts; and what is no firmware has none.
own_firmware()
{
    group=own-firmware
    images=$BUILD/firmware
    odd=$BUILD/"it's \$(one) & \"odd\".elf"
    cp "$images/xen-omap-ipu-hostile.elf" "$odd"
    tried 0 own-firmware.log make -s -C "$ROOT" boot-firmware WATCH=5 ELF="$odd"
    told is-told-of "ipu: hello from the Cortex-M4" "da 00000000 -> ipa" "elf: it runs; [1-9]"
    rm "$odd"

    tried 3 own-firmware-bad.log "$ROOT/system/own-firmware.sh" 20 \
        "$images/bad-version.elf" "$images/bad-vring.elf" "$images/bad-crash.elf"
    told bad-version "bad-version.elf: it does not run.*unsupported fw ver: 2"
    told bad-vring "bad-vring.elf: it does not run.*carveout vdev0vring0: -12"
    told bad-crash "bad-crash.elf: it crashed.* and was recovered.*iommu fault: da 0xdead0000"

    tried 1 own-firmware-none.log "$ROOT/system/own-firmware.sh" "" /dev/null/none
    told no-file "none: there is no such file"
    tried 1 own-firmware-none.log "$ROOT/system/own-firmware.sh" "" "$ROOT/Makefile"
    told no-elf "Makefile: it is no ELF"
    tried 1 own-firmware-none.log "$ROOT/system/own-firmware.sh" "" /bin/sh
    told other-machine "sh: an ELF, but not for the Cortex-M4"
}

# fake_xen NAME SUBVERSION: as much of a tree as makes xen-tree.sh take it for one.
fake_xen()
{
    tree=$BUILD/$1
    rm -rf "$tree"
    mkdir -p "$tree/xen/arch/arm" "$tree/config"
    touch "$tree/Config.mk" "$tree/xen/arch/arm/Kconfig"
    printf 'export %s\n' "XEN_VERSION = 4" "XEN_SUBVERSION = $2" >"$tree/xen/Makefile"
}

# facts: xen-tree.sh is asked about $tree.
facts()
{
    tried 0 xen-facts.log env XEN_TREE="$tree" "$ROOT/system/xen-tree.sh"
    cat "$(xen_folder "$tree")/xen-facts" >>"$out"
}

# A Xen of the user's: what will not do is refused by each target while make reads its file
# (-n: no recipe is run), so before anything is built; of what will do, the facts.
xen_tree()
{
    group=xen-tree
    fake_xen "old xen" 16
    tried 2 xen-not-there.log make -n -C "$ROOT" demo XEN=/dev/null/none
    told not-there "XEN=/dev/null/none: there is no such folder"
    tried 2 xen-no-tree.log make -n -C "$ROOT" boot-firmware XEN="$ROOT/docs"
    told no-tree "docs: it is no Xen source tree: it has no xen/Makefile"
    for target in attack check xen-driver; do
        tried 2 xen-too-old.log make -n -C "$ROOT" $target XEN="$tree"
        told too-old-for-$target "old xen: it is Xen 4.16, which is too old: 4.17 or later will do"
    done
    mv "$tree" "$BUILD/old-xen"
    tried 2 xen-versions.log make -s -C "$ROOT" xen-versions TREES="/dev/null/none $BUILD/old-xen"
    told versions-names-each "^FAILED /dev/null/none: there is no" "^FAILED .*old-xen: .* too old"
    rm -rf "$BUILD/old-xen"

    fake_xen new-xen 99
    facts
    told facts "^version=4.99$" "^ubsan=edit$" "^a15=a15$"
    echo HSTR_TTEE >"$tree/xen/arch/arm/traps.c"
    echo "select HAS_UBSAN" >"$tree/xen/arch/arm/Kconfig"
    facts
    told a-change-is-noticed "^ubsan=ready$" "^a15=max$"
    rm -rf "$tree" "$(xen_folder "$tree")"
}

if [ $# -eq 0 ]; then
    xen_tree
    own_firmware
fi
python3 "$ROOT/system/check.py" "$@"
exit "${failed:-0}"
