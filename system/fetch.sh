#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Fetches by name, and unpacks without installing:
#   build/fetch/xen         Debian's Xen source
#   build/fetch/linux       armhf kernel, its headers, a static busybox, and
#                           kbuild's programs for this machine
#   build/fetch/remoteproc  of that kernel's source: a driver that Debian leaves out
#   build/fetch/iommu       and the MMU's driver, whose constants ours are compared with
# build/fetch/versions says which versions they are.

. "$(dirname "$0")/lib.sh"

fetch=$BUILD/fetch
stamp=$fetch/stamp
newer "$stamp" "$ROOT/system/fetch.sh" || exit 0

# make -j may start more than one of us.
exec 8>"$LOGS/fetch.lock"
flock 8
newer "$stamp" "$ROOT/system/fetch.sh" || exit 0

"$ROOT/system/private-apt.sh"
export APT_CONFIG="$BUILD/apt/apt.conf"
mkdir -p "$fetch/download"

# field PACKAGE FIELD: of the version apt would take.
field()
{
    apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n "s/^$2: //p" | head -n 1
}

# get PACKAGE [VERSION]: into $deb, the file. apt gives a file its name only when it is
# whole and its hash is right, and fetches none that is there.
get()
{
    version=${2:-$(field "$1" Version)}
    [ -n "$version" ] ||
        die "Debian's mirror has no package $1 (see build/log/apt-private.log)"
    # What the mirror no longer has, newer indexes do not name.
    (cd "$fetch/download" && run apt-download.log apt-get -q download "$1=$version") || {
        rm -f "$BUILD/apt/stamp"
        exit 1
    }
    deb=$(find "$fetch/download" -name "${1%:*}_$(echo "$version" | sed 's/:/%3a/')_*.deb")
}

# A private header comes with the driver: both must be the running kernel's.
unpack_drivers()
{
    top=$1
    rm -rf "$fetch/remoteproc" "$fetch/iommu" "$fetch/drivers.new"
    mkdir "$fetch/drivers.new"
    dpkg-deb --fsys-tarfile "$deb" | tar -xOf - "./usr/src/$top.tar.xz" |
        tar -xJf - -C "$fetch/drivers.new" --strip-components=2 \
            "$top/drivers/remoteproc/omap_remoteproc.c" \
            "$top/drivers/remoteproc/omap_remoteproc.h" \
            "$top/drivers/remoteproc/remoteproc_internal.h" \
            "$top/drivers/iommu/omap-iommu.c" \
            "$top/drivers/iommu/omap-iommu.h" \
            "$top/drivers/iommu/omap-iopgtable.h" || return 1
    mv "$fetch/drivers.new/remoteproc" "$fetch/drivers.new/iommu" "$fetch"
    rmdir "$fetch/drivers.new"
}

say "fetching armhf kernel, headers and busybox"
kernel=$(field linux-image-armmp:armhf Depends | sed 's/[ ,(].*//')
release=${kernel#linux-image-}
[ "$release" != "$kernel" ] ||
    die "linux-image-armmp names no kernel (see build/log/apt-private.log)"
headers=linux-headers-$release
common=$(field "$headers:armhf" Depends | tr , '\n' | sed -n 's/^ *\(linux-headers-[^ ]*-common\).*/\1/p')
kbuild=$(field "$headers:armhf" Depends | tr , '\n' | sed -n 's/^ *\(linux-kbuild-[^ :]*\).*/\1/p')

rm -rf "$fetch/linux" "$fetch/linux.new"
mkdir "$fetch/linux.new"
for package in "$kernel:armhf" "$headers:armhf" "$common" "$kbuild" busybox-static:armhf; do
    get "$package"
    run unpack.log dpkg-deb -x "$deb" "$fetch/linux.new"
done
mv "$fetch/linux.new" "$fetch/linux"

say "fetching the kernel's source (140 MB, for two drivers)"
series=${release%.0-*}
get "linux-source-$series" "$(field "$kernel:armhf" Version)"
run unpack-drivers.log unpack_drivers "linux-source-$series"

say "fetching Xen's source"
xen=$(apt-cache showsrc xen 2>/dev/null | sed -n 's/^Version: //p' | sort -V | tail -n 1)
[ -n "$xen" ] || die "Debian's mirror has no source package xen (see build/log/apt-private.log)"
(cd "$fetch/download" && run apt-source.log apt-get -q source --download-only "xen=$xen")
rm -rf "$fetch/xen" "$fetch/xen.new"
run unpack-xen.log dpkg-source --no-check --no-copy -x "$fetch/download/xen_${xen#*:}.dsc" "$fetch/xen.new"
mv "$fetch/xen.new" "$fetch/xen"

cat >"$fetch/versions" <<INFO
XEN_VERSION=$xen
LINUX_RELEASE=$release
LINUX_VERSION=$(field "$kernel:armhf" Version)
INFO
done_with "$stamp"
say "fetched: Xen $xen, Linux $release"
