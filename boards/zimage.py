# SPDX-License-Identifier: GPL-2.0-only
"""A kernel for 32-bit Arm with a tree behind it (CONFIG_ARM_APPENDED_DTB)."""
import struct

from blob import Mistake

MAGIC, MAGIC_AT, START_AT = 0x016f2818, 0x24, 0x28
REMEDY = "take Debian's /boot/vmlinuz-*-armmp, or arch/arm/boot/zImage"


def check(path, kernel):
    """That file's bytes are a kernel without a tree."""
    if len(kernel) < START_AT + 8 or kernel[MAGIC_AT:START_AT] != struct.pack("<I", MAGIC):
        raise Mistake(f"{path}: it is not a zImage for 32-bit Arm ({REMEDY})")
    start, end = struct.unpack_from("<II", kernel, START_AT)
    if end - start != len(kernel):
        raise Mistake(f"{path}: it has {len(kernel)} bytes, and its header says {end - start} "
                      "(take a kernel without a tree behind it)")


def append(kernel, tree):
    """Xen copies the size in the header, so the size includes the tree."""
    start, end = struct.unpack_from("<II", kernel, START_AT)
    return (kernel[:START_AT] + struct.pack("<II", start, end + len(tree))
            + kernel[START_AT + 8:] + tree)
