#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Installs the Debian packages that the targets of the Makefile need, and only
# those that are missing. Nothing else of the machine is changed: no apt
# configuration, no foreign architecture.

. "$(dirname "$0")/lib.sh"

# What for: the one place that lists them.
packages="
    gcc libc6-dev make            the tests, the simulator, the QEMU plugin
    libcmocka-dev                 the unit tests
    libunicorn-dev                the Cortex-M4 that executes
    clang libclang-rt-dev         the tests once more, with clang's sanitizers
    gcc-arm-none-eabi             the firmware of the remote processors
    clang-format shellcheck       make lint
    pyflakes3 universal-ctags     make lint
    python3                       device trees, the runner
    qemu-system-arm               the machine
    device-tree-compiler          its device trees
    gcc-arm-linux-gnueabihf       Xen and the guest module
    bison flex                    Xen configuration
    bc cpio xz-utils              kernel headers, the ramdisk, sources
    dpkg-dev ca-certificates      unpacking source packages
"

missing=
# Two or more blanks part the names from what they are for.
for package in $(printf '%s\n' "$packages" | sed 's/^ *//; s/   .*//'); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
        missing="$missing $package"
done

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
    apt-get -q -y --no-install-recommends install $missing
say "packages installed"
