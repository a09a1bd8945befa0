#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The choice of the guest's Linux (LINUX=): which is taken, and what is refused: TAP. A
# copy of the scripts asks a Debian mirror of our own, which has indexes, and of one kernel
# the source.
set -u

cd "$(dirname "$0")/../.." || exit
. tests/system/tap.sh
test_folder linux-test
mirror=$top/mirror

# kernel SUITE VERSION: the suite has that armmp kernel.
kernel()
{
    release=${2%%-*}-armmp
    folder=$mirror/dists/$1
    mkdir -p "$folder/main/binary-armhf" "$folder/main/binary-$arch"
    cat >"$folder/main/binary-armhf/Packages" <<PACKAGES
Package: linux-image-armmp
Version: $2
Architecture: armhf
Depends: linux-base-armmp (= $2), linux-image-$release (= $2)
Filename: none
Size: 1

Package: linux-image-$release
Version: $2
Architecture: armhf
Filename: none
Size: 1

PACKAGES
    : >"$folder/main/binary-$arch/Packages"
    release "$1"
}

# release SUITE: its file of that name, over what is there.
release()
{
    folder=$mirror/dists/$1
    {
        printf 'Origin: Debian\nSuite: %s\nCodename: %s\nComponents: main\n' "$1" "$1"
        printf 'Architectures: armhf %s\nDate: %s\nSHA256:\n' "$arch" "$(LC_ALL=C date -u -R)"
        for index in "$folder"/main/*/Packages; do
            printf ' %s %s %s\n' "$(sha256sum <"$index" | cut -d ' ' -f 1)" \
                "$(wc -c <"$index")" "${index#"$folder"/}"
        done
    } >"$folder/Release"
}

# source_of SUITE VERSION DRIVER: the kernel's source is there, with that as its omap-iommu.c.
source_of()
{
    series=$(echo "$2" | cut -d . -f 1,2)
    root=$top/source
    rm -rf "$root"
    mkdir -p "$root/linux-source-$series/drivers/iommu" \
             "$root/linux-source-$series/drivers/remoteproc" \
             "$root/deb/DEBIAN" "$root/deb/usr/src"
    (cd "$root/linux-source-$series/drivers" &&
        touch remoteproc/omap_remoteproc.c remoteproc/omap_remoteproc.h \
              remoteproc/remoteproc_internal.h iommu/omap-iommu.h iommu/omap-iopgtable.h)
    echo "$3" >"$root/linux-source-$series/drivers/iommu/omap-iommu.c"
    tar -C "$root" -cJf "$root/deb/usr/src/linux-source-$series.tar.xz" "linux-source-$series"
    printf 'Package: linux-source-%s\nVersion: %s\nArchitecture: all\n%s\nDescription: none\n' \
        "$series" "$2" 'Maintainer: none <none>' >"$root/deb/DEBIAN/control"
    deb=linux-source.deb
    dpkg-deb --root-owner-group -b "$root/deb" "$mirror/$deb" >/dev/null
    {
        cat "$root/deb/DEBIAN/control"
        printf 'Filename: %s\nSize: %s\nSHA256: %s\n\n' $deb "$(wc -c <"$mirror/$deb")" \
            "$(sha256sum <"$mirror/$deb" | cut -d ' ' -f 1)"
    } >>"$mirror/dists/$1/main/binary-armhf/Packages"
    release "$1"
}

# A copy of the scripts, whose private apt has the mirror for Debian's.
set_up()
{
    arch=$(dpkg --print-architecture)
    [ -e build/apt/apt.conf ] || system/private-apt.sh >/dev/null
    rm -rf "$top"
    mkdir -p "$mirror" "$top/system" "$top/build/log"
    cp system/*.sh "$top/system"
    cp Makefile "$top"
    kernel bookworm 6.1.176-1
    kernel bookworm-backports 6.12.95-1~bpo12+1
    kernel trixie 6.12.117-1
    kernel sid 7.2.13-1
    kernel bullseye 5.10.251-1
    kernel odd 6.10.11-1
    source_of odd 6.10.11-1 "no such function"
    apt=$top/build/apt
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/state" \
             "$apt/etc/preferences.d" "$apt/etc/apt.conf.d"
    : >"$apt/state/status"
    sed "s|$PWD/build/apt|$apt|" build/apt/apt.conf >"$apt/apt.conf"
    echo "deb [trusted=yes] file:$mirror bookworm main" >"$apt/sources.list"
    APT_CONFIG=$apt/apt.conf apt-get -q update >"$top/build/log/apt-private.log" 2>&1
    touch "$apt/stamp"
}

# asked STATUS WORD COMMAND...: runs it with LINUX=WORD; STATUS is due.
asked()
{
    due=$1
    word=$2
    shift 2
    expect_status "$due" env LINUX="$word" "$@"
}

# chosen NAME WORD SUITE
chosen()
{
    asked 0 "" "$top/system/choose-linux.sh" "$2"
    expect_output "$1" "^$3\$"
}

# left_alone NAME WORD: nothing of that kernel is there, or counts as fetched.
left_alone()
{
    left=$(find "$top/build" -path "*/fetch-$2/linux.stamp" -o -path "*/fetch-$2/linux" \
                             -o -path "*/guest-$2")
    verdict "$1" "$left"
}

refusals()
{
    fetch=$top/system/fetch-linux.sh
    asked 1 9.9 "$fetch"
    expect_output "a version that Debian does not have is refused, with what there is" \
        "LINUX=9.9: Debian has no armmp kernel of version 9.9" "^ *bookworm *6.1.176-1" \
        "^ *bookworm-backports *6.12.95-1" "^ *trixie *6.12.117-1" "^ *sid *7.2.13-1"
    left_alone "... and leaves nothing" 9.9
    asked 1 potato "$fetch"
    expect_output "a suite that Debian does not have is refused, with what there is" \
        "no suite potato" "LINUX=potato: .* in a suite potato" "^ *trixie *6.12.117-1"
    left_alone "... and leaves nothing" potato
    asked 2 potato make -s -C "$top" setup
    expect_output "make refuses it before anything is built" "LINUX=potato: .* in a suite potato"
    asked 1 ../guest "$fetch"
    expect_output "a path is no name" "LINUX is a suite of Debian or a version.*'../guest'"
    asked 1 bullseye "$fetch"
    expect_output "a kernel that is too old is refused" \
        "Linux 5.10.251-armmp cannot .* 6.1 or later"
    left_alone "... and leaves nothing" bullseye
    asked 1 odd "$fetch"
    expect_output "a kernel whose processors find no MMU is refused" \
        "Linux 6.10.11-armmp cannot be the guest's.*no processor finds its MMU"
    left_alone "... and leaves nothing" odd
}

# checked NAME RELEASE DRIVER WORDS: it may be the guest's, and what repairs it.
checked()
{
    echo "$3" >"$top/driver.c"
    asked 0 "" "$top/system/check-linux.sh" "$2" "$top/driver.c"
    expect_output "$1" ${4:+"$4"}
    [ -n "$4" ] || verdict "... and nothing repairs it" "$(cat "$out")"
}

# fetched_yesterday SUITE VERSION
fetched_yesterday()
{
    folder=$top/build/fetch-$1
    mkdir -p "$folder"
    echo "LINUX_VERSION=$2" >"$folder/linux.versions"
    touch -d yesterday "$folder/linux.asked"
    touch "$folder/linux.stamp"
}

# A suite is asked again. (The mirror does not have what would have to be fetched.)
on_the_next_day()
{
    fetched_yesterday trixie 6.12.117-1
    asked 0 trixie "$top/system/fetch-linux.sh"
    expect_output "a kernel that is still the suite's is kept"
    verdict "... and the suite not asked again at once" \
        "$(find "$folder/linux.asked" -mmin +60)"
    fetched_yesterday trixie 6.12.107-1
    asked 1 trixie "$top/system/fetch-linux.sh"
    expect_output "a suite that has another one is fetched from" \
        "fetching the source of Linux 6.12.117-armmp, trixie" "linux-source-6.12"
    left_alone "... and the old one counts no more" trixie
    fetched_yesterday sid 7.2.12-1
    rm -rf "$top/build/apt-sid"
    mv "$mirror" "$mirror.away"
    asked 0 sid "$top/system/fetch-linux.sh"
    mv "$mirror.away" "$mirror"
    expect_output "what was fetched is used when the mirror does not answer" \
        "going on with the Linux that was fetched before"
    verdict "... for half an hour" \
        "$(find "$folder/linux.asked" -mmin +700 -o -mmin -680)"
}

# folders WORD TREE: the scripts and the runner have one opinion on where the kernel is.
folders()
{
    # shellcheck disable=SC2016 # for that shell
    sh=$(LINUX=$1 XEN_TREE=$2 sh -c '. "$0" && echo "$GUEST"' "$PWD/system/lib.sh")
    py=$(LINUX=$1 XEN_TREE=$2 PYTHONPATH=system python3 -B -c \
        'import board, os; print(board.Files(os.getcwd()).kernel)')
    [ "$sh/kernel" = "$py" ] || echo "LINUX=$1 XEN_TREE=$2: $sh, $py"
}

all_folders()
{
    for word in "" bookworm 6.1 6.12 trixie; do
        folders "$word" ""
        folders "$word" "$top/it's \$(one) tree"
    done
}

set_up
chosen "the newest kernel of a version is taken" 6.12 trixie
chosen "a version ends where its number ends" 6.1 bookworm
chosen "a whole version names one suite" 6.12.95-1~bpo12+1 bookworm-backports
chosen "a suite that no list of ours has is found" bullseye bullseye
refusals
checked "6.12 has to be repaired" 6.12.5-armmp "no such function" '^omap_fwspec$'
checked "6.1 needs no of_xlate" 6.1.0-50-armmp "no such function" ""
checked "7.2 has one" 7.2.13-armmp "	.of_xlate	= omap_iommu_of_xlate," ""
on_the_next_day
rm -f "$out"
verdict "scripts and runner agree on the folders" "$(all_folders)"
end_of_tests
