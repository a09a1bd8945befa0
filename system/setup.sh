#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs the Debian packages that targets of the Makefile need, and only those
# that are missing: setup.sh <group>... Nothing else of the machine is changed: no
# apt configuration, no foreign architecture.

. "$(dirname "$0")/lib.sh"

# Group, packages, what for: the one place that lists them.
packages="
    test      gcc libc6-dev make            the tests, the simulator, the QEMU plugin
    test      libcmocka-dev                 the unit tests
    test      libunicorn-dev                the Cortex-M4 that executes
    test      perl libtap-harness-junit-perl   prove, which runs the tests
    test      python3                       device trees, tests of scripts
    test      python3-libfdt                trees for dom0, and of boards for Xen
    test      device-tree-compiler          the same
    build     clang libclang-rt-dev         the tests once more; the fuzzer
    build     gcc-arm-none-eabi             the firmware of the remote processors
    build     qemu-system-arm               the machine
    build     gcc-arm-linux-gnueabihf       Xen and the guest module
    build     bison flex                    Xen configuration
    build     bc cpio xz-utils              kernel headers, the ramdisk, sources
    build     dpkg-dev ca-certificates      unpacking source packages
    lint      clang-format shellcheck       make lint
    lint      pyflakes3 universal-ctags     make lint
    protocol  spin                          the model of the locks' protocol
    afl       afl++                         make fuzz-afl
    coverage  gcovr                         make coverage
    analysis  clang-tidy cppcheck sparse    make analysis
    valgrind  valgrind                      make bench-instructions
    picture   graphviz                      make picture
"

# The packages of a group. Two or more blanks part the columns.
of_group()
{
    printf '%s\n' "$packages" | sed -n "s/^ *$1  *//; T; s/   .*//; p"
}

# Into $missing.
find_missing()
{
    missing=
    for group; do
        [ -n "$(of_group "$group")" ] || die "setup.sh: no group of packages is named $group"
        for package in $(of_group "$group"); do
            [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
                missing="$missing $package"
        done
    done
}

find_missing "$@"
[ -n "$missing" ] || exit 0

# make -j starts more than one of us, and so do two clones; apt takes one at a time.
exec 9</var/lib/dpkg
flock 9
find_missing "$@"
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
        die "missing Debian packages, and neither root nor sudo to install them. As root:
    apt-get install$missing"
    as_root=sudo
fi

say "installing Debian packages:$missing"
# The lists may be empty (a fresh image) or old. One source of the machine's that is
# broken is no reason to stop: what cannot be installed is named below.
$as_root apt-get -q update >"$LOGS/apt-update.log" 2>&1 </dev/null ||
    say "not all of this machine's apt sources could be read (build/log/apt-update.log)"
# shellcheck disable=SC2086 # names, to be split
run apt-install.log $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=600 --no-install-recommends install $missing
say "packages installed"
