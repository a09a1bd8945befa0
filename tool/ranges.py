# SPDX-License-Identifier: GPL-2.0-only
"""Ranges of a da space: what leads where. Their text is the same as in Xen's debug key
(docs/debug-key.md)."""
import collections
import functools
import re

from addresses import MACHINE, PAGE, SPACE

# `ipa` or `maddr` is None where the input does not know it; `pages`: the sizes of its pages,
# ascending; `marks`: some of MARKS; `attributes`: of a GPU's pages, the word's other bits.
Range = collections.namedtuple("Range", "da size ipa maddr pages marks attributes",
                               defaults=[None, None, (), (), None])

# Xen has given it up, and gives its references back: it leads nowhere any more.
CONDEMNED = "condemned"
MARKS = ("mmio", "hidden", CONDEMNED)
PAGES = (1 << 12, 1 << 16, 1 << 20, 1 << 24)
LINE = re.compile(r"da ([0-9a-f]{8})(?: -> ipa ([0-9a-f]{8,10}))?(?: -> maddr ([0-9a-f]{8,10}))?, "
                  r"size (0x[0-9a-f]{1,9})(?:, attributes ([0-9a-f]{2,3}))?"
                  r"(?:, pages of (0x[0-9a-f]{1,9}(?:\|0x[0-9a-f]{1,9})*))?"
                  r"((?:, (?:mmio|hidden|condemned))*)$")


def text(r):
    da, length, ipa, maddr, pages, marks, attributes = r
    ipa = "" if ipa is None else f" -> ipa {ipa:08x}"
    maddr = "" if maddr is None else f" -> maddr {maddr:08x}"
    attributes = "" if attributes is None else f", attributes {attributes:02x}"
    return f"da {da:08x}{ipa}{maddr}, size {length:#x}{attributes}{kinds_text(pages, marks)}"


@functools.cache
def kinds_text(pages, marks):
    """There are few of them."""
    words = ", pages of " + "|".join(f"{page:#x}" for page in pages) if pages else ""
    return words + "".join(f", {mark}" for mark in marks)


def why_not(r):
    """What is wrong with a range that somebody else wrote, or None."""
    numbers = (r.da, r.size, *(n for n in (r.ipa, r.maddr) if n is not None))
    if any(type(n) is not int or n < 0 or n % PAGE for n in numbers):
        return "an address or a size is not a multiple of 0x1000"
    if not r.size or r.da + r.size > SPACE:
        return "it is empty, or ends beyond 4 GiB"
    if r.ipa is None and r.maddr is None:
        return "it leads nowhere: it has neither ipa nor maddr"
    if any(n + r.size > MACHINE for n in (r.ipa, r.maddr) if n is not None):
        return "it leads beyond 1 TiB"
    if not all(type(page) is int and page in PAGES for page in r.pages):
        return "it has pages of a size that no MMU has"
    if not all(mark in MARKS for mark in r.marks):
        return "it has marks that are not known"
    if r.attributes is not None and (type(r.attributes) is not int or not 0 <= r.attributes < PAGE):
        return "its attributes are not those of a page"
    return None


def read(line):
    """The range that a line tells, or None."""
    found = LINE.match(line)
    if not found:
        return None
    da, ipa, maddr, length, attributes, pages, marks = found.groups()
    r = Range(int(da, 16), int(length, 16), ipa and int(ipa, 16), maddr and int(maddr, 16),
              tuple(int(page, 16) for page in pages.split("|")) if pages else (),
              tuple(mark for mark in marks.split(", ") if mark), attributes and int(attributes, 16))
    return None if why_not(r) else r


def in_order(ranges):
    return sorted(ranges, key=lambda r: r.da)


def piece(r, da, size):
    """The part of r from da on."""
    beyond = da - r.da
    return r._replace(da=da, size=size, ipa=None if r.ipa is None else r.ipa + beyond,
                      maddr=None if r.maddr is None else r.maddr + beyond)


def rises(a, b):
    """Does b go on where a ends?"""
    size = a.size
    return (b.ipa == (None if a.ipa is None else a.ipa + size) and a.da + size == b.da
            and b.maddr == (None if a.maddr is None else a.maddr + size)
            and a.marks == b.marks and a.attributes == b.attributes)


def joined(run):
    """One range of those that rise together."""
    first, last = run[0], run[-1]
    if first is last:
        return first
    pages = {r.pages for r in run}
    pages = tuple(sorted({page for some in pages for page in some}))
    return first._replace(size=last.da + last.size - first.da, pages=pages)


def merge(ranges):
    """Those that rise together become one. They come by rising da."""
    merged, run = [], []
    for r in ranges:
        if run and rises(run[-1], r):
            run.append(r)
            continue
        if run:
            merged.append(run[0] if len(run) == 1 else joined(run))
        run = [r]
    return merged + ([joined(run)] if run else [])


def find(ranges, da):
    return next((r for r in ranges if r.da <= da < r.da + r.size), None)


def overlaps(ranges):
    """Pairs that have a da in common."""
    last = None
    for r in in_order(ranges):
        if last and r.da < last.da + last.size:
            yield last, r
        if not last or r.da + r.size > last.da + last.size:
            last = r
