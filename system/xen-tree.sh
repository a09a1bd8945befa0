#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The Xen that is built and booted: Debian's, or XEN_TREE, a source tree of the user's,
# which is read and never changed. This is the one place that decides what builds and tests
# assume of a version of Xen. They find it in $XEN_BUILD/xen-facts, which is written when
# the tree is another one, or no longer what it was:
#
#   tree, version
#   files   a sum over names, sizes and times of the files
#   ubsan   "ready" for the sanitizer on 32-bit Arm, or "edit" (build-xen.sh)
#   room    MiB that Xen maps for itself
#   a15     the CPU model (board.py) for configurations that ask for a15: "a15" or "max"
#   why     it is not a15
#
#   xen-tree.sh              writes the facts; fetches Debian's Xen if that is meant
#   xen-tree.sh check TREE   writes nothing; prints why TREE will not do, if it will not; warns
#                            of one that is not safe

. "$(dirname "$0")/lib.sh"

OLDEST=17       # the minor number of the oldest Xen that will do
tree=$XEN_SOURCE

# number NAME: of the version, as the top Makefile has it.
number()
{
    sed -n "s/^export XEN_$1 *= *\([0-9]*\) *\$/\1/p" "$tree/xen/Makefile" | head -n 1
}

# What of the version comes after the minor number.
patch_level()
{
    sed -n 's/^export XEN_EXTRAVERSION *?*= *\([^$ ]*\).*/\1/p' "$tree/xen/Makefile" | head -n 1
}

# Into $major and $minor; prints what is wrong with the tree.
refusal()
{
    [ -d "$tree" ] || { echo "$tree: there is no such folder"; return; }
    for part in xen/Makefile xen/arch/arm/Kconfig Config.mk config; do
        [ -e "$tree/$part" ] || { echo "$tree: it is no Xen source tree: it has no $part"; return; }
    done
    major=$(number VERSION)
    minor=$(number SUBVERSION)
    case $major.$minor in
    .* | *.) echo "$tree: it is no Xen source tree: xen/Makefile gives no version"; return ;;
    esac
    [ "$major" -gt 4 ] || { [ "$major" -eq 4 ] && [ "$minor" -ge "$OLDEST" ]; } ||
        echo "$tree: it is Xen $major.$minor$(patch_level), which is too old:" \
             "4.$OLDEST or later will do"
}

# What the user is to know of a version that will do all the same.
warning()
{
    version=$(number VERSION).$(number SUBVERSION)$(patch_level)
    case $version in
    # N-pre is a branch's state before N.
    4.17.[0-2] | 4.17.[0-3]-pre* | 4.18.0 | 4.18.[01]-pre* | 4.1[78]-*)
        echo "Xen $version is not safe: 32-bit Xen before 4.17.3 and 4.18.1 may skip the" \
             "cleaning of caches on which this driver relies (XSA-437, XSA-447)" ;;
    esac
}

# has FILE PATTERN
has()
{
    grep -qsE "$2" "$tree/xen/arch/arm/$1"
}

facts()
{
    version=$(number VERSION).$(number SUBVERSION)$(patch_level)
    echo "tree=$tree"
    echo "version=$version"
    echo "files=$(cd "$tree" && find -H xen Config.mk config -type f -printf '%p %s %T@\n' |
                  LC_ALL=C sort | cksum)"
    # From 4.18 on.
    if has Kconfig 'select HAS_UBSAN'; then echo ubsan=ready; else echo ubsan=edit; fi
    if has include/asm/mmu/layout.h 'XEN_VIRT_SIZE .*MB\(8\)'; then
        echo room=8
    else
        echo room=2
    fi
    # From 4.19.5, 4.20.3, 4.21.1 and 4.22.0 on.
    if has traps.c HSTR_TTEE; then
        echo "a15=max"
        echo "why=Xen $version traps ThumbEE and hides it by HCR.TID3, which QEMU's" \
             "cortex-a15 does not have: Linux uses ThumbEE, and ends"
    else
        echo "a15=a15"
    fi
}

if [ "${1:-}" = check ]; then
    tree=$2
    wrong=$(refusal)
    [ -z "$wrong" ] || { echo "$wrong"; exit 1; }
    warned=$(warning)
    [ -z "$warned" ] || echo "$tree: $warned" >&2
    exit 0
fi

[ -n "$XEN_TREE" ] || "$ROOT/system/fetch.sh"
wrong=$(refusal)
[ -z "$wrong" ] || die "$wrong"
mkdir -p "$XEN_BUILD"
facts >"$XEN_BUILD/xen-facts.new"
if cmp -s "$XEN_BUILD/xen-facts.new" "$XEN_BUILD/xen-facts"; then
    rm "$XEN_BUILD/xen-facts.new"
else
    mv "$XEN_BUILD/xen-facts.new" "$XEN_BUILD/xen-facts"
fi
