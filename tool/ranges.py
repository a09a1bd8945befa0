# SPDX-License-Identifier: GPL-2.0-only
"""Ranges of a da space: what leads where. Their text is the same as in Xen's debug key
(docs/debug-key.md)."""
import collections
import re

# `ipa` or `maddr` is None where the input does not know it; `pages`: the sizes of its pages,
# ascending; `marks`: such as mmio, hidden; `attributes`: of a GPU's pages, the word's other bits.
Range = collections.namedtuple("Range", "da size ipa maddr pages marks attributes",
                               defaults=[None, None, (), (), None])

# Xen has given it up, and gives its references back: it leads nowhere any more.
CONDEMNED = "condemned"
LINE = re.compile(r"da ([0-9a-f]{8})(?: -> ipa ([0-9a-f]{8,}))?(?: -> maddr ([0-9a-f]{8,}))?, "
                  r"size (0x[0-9a-f]+)(?:, pages of (0x[0-9a-f]+(?:\|0x[0-9a-f]+)*))?"
                  r"(?:, attributes ([0-9a-f]{2}))?((?:, (?:mmio|hidden|condemned))*)$")


def text(r):
    words = f"da {r.da:08x}"
    words += "" if r.ipa is None else f" -> ipa {r.ipa:08x}"
    words += "" if r.maddr is None else f" -> maddr {r.maddr:08x}"
    words += f", size {r.size:#x}"
    words += "" if r.attributes is None else f", attributes {r.attributes:02x}"
    if r.pages:
        words += ", pages of " + "|".join(f"{page:#x}" for page in r.pages)
    return words + "".join(f", {mark}" for mark in r.marks)


def read(line):
    """The range that a line tells, or None."""
    found = LINE.match(line)
    if not found:
        return None
    da, ipa, maddr, size, pages, attributes, marks = found.groups()
    return Range(int(da, 16), int(size, 16), ipa and int(ipa, 16), maddr and int(maddr, 16),
                 tuple(int(page, 16) for page in pages.split("|")) if pages else (),
                 tuple(mark for mark in marks.split(", ") if mark), attributes and int(attributes, 16))


def in_order(ranges):
    return sorted(ranges, key=lambda r: r.da)


def piece(r, da, size):
    """The part of r from da on."""
    beyond = da - r.da
    return r._replace(da=da, size=size, ipa=None if r.ipa is None else r.ipa + beyond,
                      maddr=None if r.maddr is None else r.maddr + beyond)


def rises(a, b):
    """Does b go on where a ends?"""
    return a.marks == b.marks and a.attributes == b.attributes and piece(a, b.da, 0)[2:4] == b[2:4] and a.da + a.size == b.da


def merge(ranges):
    """Those that rise together become one. They come by rising da."""
    merged = []
    for r in ranges:
        if merged and rises(merged[-1], r):
            last = merged[-1]
            merged[-1] = last._replace(size=last.size + r.size,
                                       pages=tuple(sorted({*last.pages, *r.pages})))
        else:
            merged.append(r)
    return merged


def find(ranges, da):
    return next((r for r in ranges if r.da <= da < r.da + r.size), None)


def machine_of(p2m, ipa):
    """The machine address of an ipa by ranges that tell both, or None."""
    for r in p2m:
        if r.ipa is not None and r.maddr is not None and r.ipa <= ipa < r.ipa + r.size:
            return r.maddr + ipa - r.ipa
    return None


def with_machine(r, p2m):
    """r in pieces, each with its machine address where p2m tells one."""
    edges = {r.ipa}
    for known in p2m:
        edges |= {edge for edge in (known.ipa, known.ipa + known.size) if r.ipa < edge < r.ipa + r.size}
    edges = sorted(edges) + [r.ipa + r.size]
    for start, end in zip(edges, edges[1:]):
        yield piece(r, r.da + start - r.ipa, end - start)._replace(maddr=machine_of(p2m, start))


# One difference: what each side has there, a piece of a range or None.
Difference = collections.namedtuple("Difference", "da size before after")


def edges(*sides):
    return sorted({edge for side in sides for r in side for edge in (r.da, r.da + r.size)})


def overlaps(ranges):
    """Pairs that have a da in common."""
    last = None
    for r in in_order(ranges):
        if last and r.da < last.da + last.size:
            yield last, r
        if not last or r.da + r.size > last.da + last.size:
            last = r


def disagree(a, b):
    """Does one of two pieces at the same da lead elsewhere, as far as both know?"""
    pairs = [(x, y) for x, y in ((a.ipa, b.ipa), (a.maddr, b.maddr)) if x is not None and y is not None]
    return not pairs or any(x != y for x, y in pairs)


def differences(before, after):
    """Where two dumps differ. Neither has ranges that overlap."""
    found = []
    cuts = edges(before, after)
    before, after = in_order(before), in_order(after)
    i = j = 0
    for da, end in zip(cuts, cuts[1:]):
        while i < len(before) and before[i].da + before[i].size <= da:
            i += 1
        while j < len(after) and after[j].da + after[j].size <= da:
            j += 1
        a = piece(before[i], da, end - da) if i < len(before) and before[i].da <= da else None
        b = piece(after[j], da, end - da) if j < len(after) and after[j].da <= da else None
        if (a or b) and not (a and b and not disagree(a, b)):
            found.append(Difference(da, end - da, a, b))
    return join(found)


def join(found):
    """Neighbours that differ in the same way become one."""
    joined = []
    for d in found:
        last = joined[-1] if joined else None
        if last and last.da + last.size == d.da and all(
                (x is None) == (y is None) and (x is None or rises(x, y))
                for x, y in ((last.before, d.before), (last.after, d.after))):
            joined[-1] = Difference(last.da, last.size + d.size, *(
                x and x._replace(size=x.size + d.size) for x in (last.before, last.after)))
        else:
            joined.append(d)
    return joined
