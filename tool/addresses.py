# SPDX-License-Identifier: GPL-2.0-only
"""What all of omap-mmu shares: addresses as people write them, and a mistake of the user's."""
import re

PAGE, SLOT = 1 << 12, 1 << 20
SPACE = 1 << 32     # of a da
TTB_FLAGS = 0x7f    # bits of TTB that are not of an address
MACHINE = 1 << 40   # of an IPA, and of a machine address


class Mistake(Exception):
    """One sentence for the user."""


def read(text, what="an address"):
    """Hexadecimal, with or without 0x."""
    if not re.fullmatch(r"(0[xX])?[0-9a-fA-F]{1,16}", text):
        raise Mistake(f"{text or repr(text)} is not {what} (write hexadecimal digits, such as "
                      "80001000)")
    return int(text, 16)


def read_da(text):
    da = read(text, "a device address")
    if da >= SPACE:
        raise Mistake(f"{text}: a device address has 32 bits")
    return da


def read_ttb(text):
    """Where a first level begins: the format ignores no bits but the last seven."""
    ttb = read(text)
    if ttb >= SPACE:
        raise Mistake(f"{text}: a TTB has 32 bits")
    if ttb & TTB_FLAGS:
        raise Mistake(f"{text}: tables do not begin there, but at a multiple of 80")
    return ttb


def read_window(text):
    """FIRST-LAST, as /proc/iomem has them: the first address, and that behind the last."""
    first, dash, last = text.partition("-")
    if not dash:
        raise Mistake(f"{text or repr(text)} is not a window (write FIRST-LAST, such as "
                      "80000000-9fffffff)")
    first, last = read(first), read(last)
    if last < first:
        raise Mistake(f"{text}: its end is before its beginning")
    return first, last + 1


def size(number):
    """In words."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if number >= unit and number % unit == 0:
            return f"{number // unit} {name}"
    return f"{number} bytes"
