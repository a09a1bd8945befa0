#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Puts the driver into a Xen source tree: install.sh <xen source tree>
#
# One folder, xen/drivers/passthrough/arm/omap/, and one line each in a Kconfig
# and a Makefile. May be run again after a change.
set -eu

tree=${1:?usage: install.sh <xen source tree>}
here=$(cd "$(dirname "$0")" && pwd)
passthrough=$tree/xen/drivers/passthrough
kconfig=$passthrough/Kconfig
makefile=$passthrough/arm/Makefile
folder=$passthrough/arm/omap

for file in "$kconfig" "$makefile"
do
    if [ ! -f "$file" ]
    then
        echo "install.sh: $tree is no Xen source tree: it has no ${file#"$tree"/}" >&2
        exit 1
    fi
done

# Only what changed is written, so that make rebuilds no more than that.
copy()
{
    cmp -s "$1" "$2" || cp "$1" "$2"
}

# A file that a later version has no more would still be there to be read.
for file in "$folder"/*.[ch]
do
    name=${file##*/}
    [ -e "$here/$name" ] || [ -e "$here/../core/$name" ] || rm -f "$file"
done

mkdir -p "$folder/shim"
for file in "$here"/../core/*.[ch] "$here"/*.[ch] "$here"/Kconfig \
            "$here"/Makefile
do
    copy "$file" "$folder/${file##*/}"
done
for file in "$here"/shim/*.h
do
    copy "$file" "$folder/shim/${file##*/}"
done

source_line='source "drivers/passthrough/arm/omap/Kconfig"'
grep -qxF "$source_line" "$kconfig" ||
    sed -i "0,/^if ARM\$/s||&\\n$source_line\\n|" "$kconfig"
grep -qxF "$source_line" "$kconfig" || {
    echo "install.sh: found no 'if ARM' in $kconfig; add there: $source_line" >&2
    exit 1
}

# shellcheck disable=SC2016 # make is to expand it
object_line='obj-$(CONFIG_OMAP_MMU) += omap/'
grep -qxF "$object_line" "$makefile" || echo "$object_line" >> "$makefile"

echo "The OMAP MMU driver is in $folder."
echo "Set CONFIG_OMAP_MMU=y in Xen's configuration (Device Drivers: TI OMAP MMU mediation)."
