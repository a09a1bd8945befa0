#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The driver's tree of the user's (DDK=): what is refused, in one sentence, before anything is
# built: TAP. The trees are stubs, with no more in them than what is changed.
set -u

cd "$(dirname "$0")/../.." || exit
. tests/system/tap.sh
test_folder gpu-witness-test
unset LINUX

linux=services4/srvkm/env/linux
mmu=services4/srvkm/devices/sgx/mmu.c

# stub NAME: into $tree.
stub()
{
    tree=$top/$1
    mkdir -p "$tree/$linux" "$tree/${mmu%/*}" "$tree/include4"
    echo '#define PVRVERSION_BUILD   4948957' >"$tree/include4/pvrversion.h"
    echo 'pde_data(z);' >"$tree/$linux/proc.c"
    printf '.dev_priv_size = 0,\nMODULE_DEVICE_TABLE(of, x);\n' >"$tree/$linux/pvr_drm.c"
    echo 'MODULE_DEVICE_TABLE(of, y);' >"$tree/$linux/module.c"
    echo 'return drm_legacy_mmap(filp, vma);' >"$tree/$linux/mmap.c"
    cat >"$tree/$mmu" <<'SOURCE'
MMU_Finalise (MMU_CONTEXT *psMMUContext)
{
	SysAcquireData(x);
}
IMG_DEV_PHYADDR MMU_GetPDDevPAddr(MMU_CONTEXT *pMMUContext)
{
	return x;
}
SOURCE
}

# refused NAME WORDS DDK [VARIABLE]: by make, which says so in one line.
refused()
{
    expect_status 2 env "${4:-LINUX=}" TMPDIR="$top/tmp" make -s gpu-witness DDK="$3"
    expect_output "$1" "$2"
    verdict "... in one sentence" \
            "$([ "$(wc -l <"$out")" -eq 1 ] || echo "lines: $(wc -l <"$out")")"
    verdict "... and leaves nothing" "$(ls -A "$top/tmp")"
}

# differs NAME WHERE SED: the stub's text at one place is another one.
differs()
{
    stub "$1"
    sed -i "$3" "$tree/$2"
    refused "$1" "DDK=$tree: $2 has no .*: it is not the source of DDK 1.17" "$tree"
}

# Both the folder above and the tree itself will do.
accepted()
{
    stub "it's \$(one) tree/eurasia_km"
    find "$top/it's \$(one) tree" -type f -exec md5sum {} + >"$top/before"
    for given in "$tree" "${tree%/*}"; do
        expect_status 0 env TMPDIR="$top/tmp" system/gpu-witness.sh check "$given"
        expect_output "what fits is taken, ${given##*/}"
    done
    find "$top/it's \$(one) tree" -type f -exec md5sum {} + >"$out"
    verdict "... and stays as it is" "$(cmp "$top/before" "$out" 2>&1)"
}

rm -rf "$top"
mkdir -p "$top/tmp"
refused "no tree is given" "DDK=: say where the source tree is: make gpu-witness DDK=<tree>" ""
refused "it is not there" "DDK=/dev/null/none: there is no such folder" /dev/null/none
refused "it is no such tree" "docs: it is not a source tree of TI's SGX driver" "$root/docs"
differs "no-directory-is-told" $mmu s/GetPDDevPAddr/Other/
differs "no-end-of-a-directory" $mmu s/SysAcquireData/Other/
differs "no-legacy-mmap" $linux/mmap.c s/legacy/other/
differs "no-private-size" $linux/pvr_drm.c s/dev_priv_size/other/
differs "no-device-table" $linux/module.c s/MODULE/OTHER/
stub "no-drm"
rm "$tree/$linux/pvr_drm.c"
refused "a file is not there" "it has no $linux/pvr_drm.c" "$tree"
stub "other-ddk"
sed -i s/4948957/3699939/ "$tree/include4/pvrversion.h"
refused "another DDK" "other-ddk: it is another DDK than 1.17, build 4948957" "$tree"
stub "older-linux"
sed -i s/pde_data/PDE_DATA/ "$tree/$linux/proc.c"
refused "an older Linux" "older-linux: it is for an older Linux than 6.1" "$tree"
stub "fits"
refused "another Linux" "LINUX must not be set" "$tree" LINUX=trixie
accepted
rm -f "$out"
end_of_tests
