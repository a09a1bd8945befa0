#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Fetches by name, and unpacks without installing, the guest's Linux into build/fetch, or
# into build/fetch-WORD where LINUX=WORD chooses another (choose-linux.sh):
#   linux       armhf kernel, its headers, a static busybox, and kbuild's programs for
#               this machine
#   remoteproc  of that kernel's source: a driver that Debian leaves out
#   iommu       and the MMU's driver, whose constants ours are compared with
#   libc        kbuild's C library, where this machine's is too old for it
#   linux.versions   which they are, and the module that must repair that kernel, if one must
#
# Debian 12's is fetched once. Another suite is asked again after half a day.

. "$(dirname "$0")/lib.sh"

fetch=$LINUX_FETCHED
download=$BUILD/fetch/download
stamp=$fetch/linux.stamp
asked=$fetch/linux.asked

done_before() { ! newer "$stamp" "$ROOT/system/fetch-linux.sh" "$ROOT/system/check-linux.sh"; }
fresh()
{
    done_before && { [ -z "$LINUX" ] || [ -n "$(find "$asked" -mmin -720 2>/dev/null)" ]; }
}
! fresh || exit 0

# make -j may start more than one of us.
exec 8>"$LOGS/fetch.lock"
flock 8
! fresh || exit 0

# The suite that the mirror has today. If it does not answer, what was fetched is used.
choose()
{
    suite=$RELEASE
    [ -n "$LINUX" ] || { "$ROOT/system/private-apt.sh"; return; }
    if suite=$("$ROOT/system/choose-linux.sh" "$LINUX"); then
        return
    fi
    done_before || exit 1
    say "going on with the Linux that was fetched before"
    # A mirror that does not answer takes a while: it is asked again in half an hour.
    touch -d '690 minutes ago' "$asked"
    exit 0
}

# field PACKAGE FIELD: of the version apt would take.
field()
{
    apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n "s/^$2: //p" | head -n 1
}

# needs PACKAGE PATTERN: the packages that it depends on and whose name is like that.
needs()
{
    field "$1" Depends | tr , '\n' | sed -n "s/^ *\($2\)\([ :(].*\)\{0,1\}$/\1/p"
}

# get PACKAGE [VERSION]: into $deb, the file. apt gives a file its name only when it is
# whole and its hash is right, and fetches none that is there.
get()
{
    version=${2:-$(field "$1" Version)}
    [ -n "$version" ] ||
        die "Debian's mirror has no package $1 in $suite (see build/log/apt-private*.log)"
    # Newer indexes do not list packages that the mirror removed.
    (cd "$download" && run apt-download.log apt-get -q download "$1=$version") || {
        rm -f "$(apt_of "$suite")/stamp"
        exit 1
    }
    deb=$(find "$download" -name "${1%:*}_$(echo "$version" | sed 's/:/%3a/')_*.deb")
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

# Debian's modpost starts one of several, by the target's byte order and word size. Those
# of a newer Debian need its C library: they are run with that, unpacked beside them, by
# that library's own loader. The rest of kbuild's programs run with this machine's.
mend_modpost()
{
    folder=$(dirname "$(find "$fetch/linux.new" -name modpost.real-lsb-32)")
    # The loader says so before the program begins.
    "$folder/modpost.real-lsb-32" 2>&1 </dev/null | grep -q "version .GLIBC_.* not found" ||
        return 0
    say "fetching the C library that kbuild of $suite was built for"
    get libc6
    rm -rf "$fetch/libc"
    dpkg-deb -x "$deb" "$fetch/libc"
    loader=$(cd "$fetch" && find libc -name 'ld-linux*.so*' | head -n 1)
    library=$(cd "$fetch" && find libc -name libc.so.6)
    for program in "$folder"/modpost.real-lsb-*; do
        mv "$program" "$program.program"
        cat >"$program" <<WRAPPER
#!/bin/sh
program=\$(readlink -f "\$0").program
top=\${program%/linux/*/scripts/mod/*}
exec "\$top/$loader" --library-path "\$top/${library%/*}" "\$program" "\$@"
WRAPPER
        chmod 755 "$program"
    done
}

unpack_linux()
{
    headers=linux-headers-$release
    rm -rf "$fetch/linux" "$fetch/linux.new"
    mkdir "$fetch/linux.new"
    # Debian 12 and 13 have a kernel and its modules in one package, sid in several.
    for package in "$kernel:armhf" \
                   $(needs "$kernel:armhf" "linux-[a-z]*-$release" | sed 's/$/:armhf/') \
                   "$headers:armhf" "$(needs "$headers:armhf" 'linux-headers-[^ ]*-common')" \
                   "$(needs "$headers:armhf" 'linux-kbuild-[^ :]*')" busybox-static:armhf; do
        get "$package"
        run unpack.log dpkg-deb -x "$deb" "$fetch/linux.new"
    done
    mend_modpost
    mv "$fetch/linux.new" "$fetch/linux"
}

choose
APT_CONFIG=$(apt_of "$suite")/apt.conf
export APT_CONFIG

kernel=$(needs linux-image-armmp:armhf 'linux-image-[^ :]*')
release=${kernel#linux-image-}
[ "$release" != "$kernel" ] ||
    die "linux-image-armmp of $suite names no kernel (see build/log/apt-private*.log)"
kernel_version=$(field "$kernel:armhf" Version)
if done_before && grep -qx "LINUX_VERSION=$kernel_version" "$fetch/linux.versions"; then
    touch "$asked"
    exit 0
fi
"$ROOT/system/check-linux.sh" "$release"
"$ROOT/system/setup.sh" build
mkdir -p "$fetch" "$download"
rm -f "$stamp"

say "fetching the source of Linux $release, $suite (140 MB, for two drivers)"
series=$(echo "$release" | sed 's/^\([0-9]*\.[0-9]*\).*/\1/')
get "linux-source-$series" "$kernel_version"
run unpack-drivers.log unpack_drivers "linux-source-$series"
repair=$("$ROOT/system/check-linux.sh" "$release" "$fetch/iommu/omap-iommu.c")

say "fetching armhf kernel, headers and busybox"
unpack_linux

cat >"$fetch/linux.versions" <<INFO
LINUX_SUITE=$suite
LINUX_RELEASE=$release
LINUX_VERSION=$kernel_version
LINUX_REPAIR=$repair
INFO
touch "$asked"
done_with "$stamp"
say "fetched: Linux $release, Debian's $kernel_version of $suite${repair:+, \
to be repaired by $repair}"
