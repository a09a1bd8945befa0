#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# xen-versions.sh TREE...: do the driver and the patch for dom0 compile in each of these
# Xens, 32-bit, with Xen's assertions? A line for each. The trees are not changed. It ends
# with status 0 if all of them do.

. "$(dirname "$0")/lib.sh"

[ $# -gt 0 ] || die 'say which Xens: make xen-versions TREES="<source tree> <source tree>..."'
"$ROOT/system/setup.sh" build

# compile TREE: prints the line's end. Where the compiler fails it names that tree's log.
compile()
{
    "$ROOT/system/xen-tree.sh" check "$1" || return 1
    if said=$(XEN_TREE=$1 "$ROOT/system/build-xen.sh" dom0 2>&1 </dev/null); then
        facts=$(xen_folder "$(readlink -m -- "$1")")/xen-facts
        echo "$1: Xen $(sed -n 's/^version=//p' "$facts")" \
             "compiles with the driver and the patch for dom0"
    else
        echo "$1: $(printf '%s\n' "$said" | sed -n 's/^error: //p' | tail -n 1)"
        return 1
    fi
}

failed=0
for tree; do
    if line=$(compile "$tree"); then
        echo "ok     $line"
    else
        echo "FAILED $line"
        failed=1
    fi
done
exit "$failed"
