#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Makes build/dom0/ramdisk: a dom0 that has Debian's xl, and what the guests boot that xl
# makes. The toolstack's packages are unpacked, not installed. build/dom0/toolstack has
# what they were. With LINUX=WORD the same for that kernel: build/dom0-WORD. A toolstack is
# of one version with its Xen: there is none for a Xen of the user's.

. "$(dirname "$0")/lib.sh"

[ -z "$XEN_TREE" ] || exit 0
"$ROOT/system/build-guest.sh"
# shellcheck source=/dev/null
. "$BUILD/fetch/versions"
# shellcheck source=/dev/null
. "$LINUX_FETCHED/linux.versions"

out=$BUILD/dom0${LINUX:+-$LINUX}
stamp=$out/stamp
newer "$stamp" "$ROOT/system/dom0" "$ROOT/system/build-dom0.sh" "$BUILD/fetch/stamp" \
      "$GUEST/stamp" || exit 0

series=${XEN_VERSION%%+*}
series=${series%.*}
# xl and its daemons, and the libraries that they are linked with. Scripts for disks and
# networks, and the emulator, are not needed.
packages="xen-utils-$series libxenmisc$series xenstore-utils libxenstore4 libxencall1
    libxendevicemodel1 libxenevtchn1 libxenforeignmemory1 libxengnttab1 libxenhypfs1
    libxentoolcore1 libxentoollog1 libyajl2 libfdt1 libuuid1 zlib1g libc6 libgcc-s1"

# Into $out/unpacked. What an earlier version of a package left is not used.
fetch_toolstack()
{
    "$ROOT/system/private-apt.sh"
    rm -rf "$out/download" "$out/unpacked"
    mkdir -p "$out/download" "$out/unpacked"
    # shellcheck disable=SC2046,SC2086 # names, to be split
    (cd "$out/download" && APT_CONFIG="$BUILD/apt/apt.conf" run apt-toolstack.log \
        apt-get -q download $(printf '%s:armhf ' $packages)) || {
        rm -f "$BUILD/apt/stamp"
        exit 1
    }
    for deb in "$out"/download/*.deb; do
        run unpack.log dpkg-deb -x "$deb" "$out/unpacked"
    done
}

# libraries_of FILE...: the names of those that a file is linked with.
libraries_of()
{
    "${CROSS}readelf" -d "$@" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

# copy_library NAME: with those that it needs itself, from the packages alone.
copy_library()
{
    [ ! -e "$root/lib/$1" ] || return 0
    found=$(find "$out/unpacked/lib" "$out/unpacked/usr/lib" -name "$1" | head -n 1)
    [ -n "$found" ] || die "build-dom0.sh: none of the toolstack's packages has $1"
    cp -L "$found" "$root/lib/$1"
    for needed in $(libraries_of "$found"); do
        copy_library "$needed"
    done
}

if newer "$out/unpacked/stamp" "$ROOT/system/build-dom0.sh" "$BUILD/fetch/stamp"; then
    say "fetching armhf xl (4 MB)"
    fetch_toolstack
    done_with "$out/unpacked/stamp"
fi

say "packing dom0's ramdisk"
root=$out/root
# xl looks for its helpers where the package has them.
tools=usr/lib/xen-$series/bin
rm -rf "$root"
mkdir -p "$root/$tools" "$root/bin" "$root/lib/modules" "$root/boot" "$root/etc/xen" \
         "$root/dev" "$root/run/xen" "$root/var/lib/xen" "$root/var/lib/xenstored" \
         "$root/var/log/xen/console"
for program in xl xenstored xenconsoled xen-init-dom0; do
    cp "$out/unpacked/$tools/$program" "$root/$tools/"
done
cp "$out/unpacked/usr/bin/xenstore" "$root/bin/xenstore"
for verb in read write; do
    ln -s xenstore "$root/bin/xenstore-$verb"
done
# The last one is loaded by name, when a thread ends.
for library in $(libraries_of "$root/$tools"/* "$root/bin/xenstore") libgcc_s.so.1; do
    copy_library "$library"
done

linux=$LINUX_FETCHED/linux
modules=$(find "$linux" -path "*/modules/$LINUX_RELEASE/kernel/drivers")
# Some kernels have virtio_console built in.
for module in xen/xen-privcmd xen/xenfs/xenfs xen/xen-evtchn xen/xen-gntdev \
              xen/xen-gntalloc virtio/virtio_mmio char/virtio_console; do
    grep -qx "kernel/drivers/$module.ko" "$modules/../../modules.builtin" ||
        cp "$modules/$module.ko"* "$root/lib/modules/"
done
find "$root/lib/modules" -name '*.ko.xz' -exec unxz {} +
cp "$(find "$linux" -path '*/bin/busybox')" "$root/bin/busybox"
: >"$root/etc/xen/xl.conf"
cp "$ROOT"/system/dom0/* "$root/"
echo "PATH=/$tools:/bin" >"$root/path"
# Under the names by which docs/examples/ has them.
cp "$GUEST/kernel" "$root/boot/vmlinuz"
cp "$GUEST/ramdisk" "$root/boot/initrd.img"
chmod 755 "$root/init" "$root/bin/busybox"

(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) >"$out/cpio"
# Half of it is packed already.
gzip -n -6 <"$out/cpio" >"$out/ramdisk.new"
mv "$out/ramdisk.new" "$out/ramdisk"
(cd "$out/download" && printf '%s\n' *.deb) >"$out/toolstack"
done_with "$stamp"
say "dom0: ready"
