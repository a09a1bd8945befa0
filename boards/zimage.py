# SPDX-License-Identifier: GPL-2.0-only
"""A kernel for 32-bit Arm with a tree behind it (CONFIG_ARM_APPENDED_DTB)."""
import struct

from blob import Mistake

MAGIC, MAGIC_AT, START_AT = 0x016f2818, 0x24, 0x28


def append(path, tree):
    """Xen copies as much as the header says, so that takes in the tree."""
    with open(path, "rb") as f:
        kernel = f.read()
    if len(kernel) < START_AT + 8 or kernel[MAGIC_AT:START_AT] != struct.pack("<I", MAGIC):
        raise Mistake(f"{path}: it is no zImage for 32-bit Arm (take Debian's "
                      "/boot/vmlinuz-*-armmp, or arch/arm/boot/zImage)")
    start, end = struct.unpack_from("<II", kernel, START_AT)
    if end - start != len(kernel):
        raise Mistake(f"{path}: it has {len(kernel)} bytes, and its header says {end - start} (take a "
                      "kernel without a tree behind it)")
    return (kernel[:START_AT] + struct.pack("<II", start, end + len(tree))
            + kernel[START_AT + 8:] + tree)
