#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# check-linux.sh RELEASE [OMAP-IOMMU.C]: can this Linux be the guest's? If it cannot, says
# why and fails. With the source of its MMU's driver, prints the module that must repair it,
# if one must.

. "$(dirname "$0")/lib.sh"

release=$1
major=${release%%.*}
minor=${release#*.}
minor=${minor%%[!0-9]*}
# So that numbers can be compared.
series=$((major * 1000 + minor))

[ "$series" -ge 6001 ] ||
    die "Linux $release cannot be the guest's: its modules (system/guest) need 6.1 or later"
[ -n "${2:-}" ] || exit 0

# Up to 6.7 a bus had its IOMMU; later a device finds it by the IOMMU's node, which takes
# an of_xlate of the driver's. omap-iommu did not have one from the beginning.
if [ "$series" -lt 6008 ] || grep -q '\.of_xlate' "$2"; then
    exit 0
fi
[ "$series" -eq 6012 ] ||
    die "Linux $release cannot be the guest's, with Xen or without: no processor finds its MMU.
From 6.8 on that takes an of_xlate in omap-iommu, which this one does not have. (The same is
wrong with 6.12; the module that repairs it, system/guest/omap_fwspec.c, is for 6.12 alone.)"
echo omap_fwspec
