#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Can machines be booted from this folder? If not, prints why, and fails. make asks before
# anything is built.

. "$(dirname "$0")/lib.sh"

# The path of a socket has 107 bytes at most; the longest is that of QEMU's monitor in the
# boot whose name is the longest.
MOST=107
longest=$XEN_BUILD/system/remoteproc-8-entries/qmp

case $ROOT in
*[[:space:]]*)
    echo "$ROOT: the path has a blank, which Xen's build forbids: clone to another folder"
    exit 1
    ;;
esac
over=$(($(printf %s "$longest" | wc -c) - MOST))
if [ "$over" -gt 0 ]; then
    echo "$ROOT: the path is $over bytes too long for QEMU's sockets: clone to a shorter one"
    exit 1
fi
