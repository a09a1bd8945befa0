#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Fetches by name, and unpacks without installing, Debian's Xen source: build/fetch/xen.
# build/fetch/versions says which version it is.

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

say "fetching Xen's source"
xen=$(apt-cache showsrc xen 2>/dev/null | sed -n 's/^Version: //p' | sort -V | tail -n 1)
[ -n "$xen" ] || die "Debian's mirror has no source package xen (see build/log/apt-private.log)"
(cd "$fetch/download" && run apt-source.log apt-get -q source --download-only "xen=$xen")
rm -rf "$fetch/xen" "$fetch/xen.new"
run unpack-xen.log dpkg-source --no-check --no-copy -x \
    "$fetch/download/xen_${xen#*:}.dsc" "$fetch/xen.new"
mv "$fetch/xen.new" "$fetch/xen"

cat >"$fetch/versions" <<INFO
XEN_VERSION=$xen
INFO
done_with "$stamp"
say "fetched: Xen $xen"
