# SPDX-License-Identifier: GPL-2.0-only
"""Where two da spaces differ."""
import collections

from addresses import Mistake
from ranges import CONDEMNED, in_order, overlaps, piece, rises, text

# One difference: what each side has there, a piece of a range or None.
Difference = collections.namedtuple("Difference", "da size before after")


def edges(*sides):
    return sorted({edge for side in sides for r in side for edge in (r.da, r.da + r.size)})


def both_know(a, b):
    """Pairs of what both pieces tell: where they lead, whether that is a device, whether Xen has
    given it up, attributes. Only Xen knows of devices, and it tells IPA and machine address; the
    tables of hardware have the latter alone."""
    for x, y in ((a.ipa, b.ipa), (a.maddr, b.maddr), (a.attributes, b.attributes)):
        if x is not None and y is not None:
            yield x, y
    if None not in (a.ipa, a.maddr, b.ipa, b.maddr):
        yield "mmio" in a.marks, "mmio" in b.marks
    yield CONDEMNED in a.marks, CONDEMNED in b.marks


def disagree(a, b):
    """Does one of two pieces at the same da lead elsewhere, as far as both know?"""
    comparable = any(None not in pair for pair in ((a.ipa, b.ipa), (a.maddr, b.maddr)))
    return not comparable or any(x != y for x, y in both_know(a, b))


def refuse_overlaps(side):
    for a, b in overlaps(side):
        raise Mistake(f"what overlaps cannot be compared (check tells all): {text(a)}; {text(b)}")


def differences(before, after):
    """Mistake: one of them has ranges that overlap."""
    found = []
    cuts = edges(before, after)
    before, after = in_order(before), in_order(after)
    refuse_overlaps(before)
    refuse_overlaps(after)
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


def goes_on(a, b):
    """Does one side of a difference go on in the next one's?"""
    return (a is None) == (b is None) and (a is None or rises(a, b))


def join(found):
    """Neighbours that differ in the same way become one."""
    joined = []
    for d in found:
        last = joined[-1] if joined else None
        if (last and last.da + last.size == d.da and goes_on(last.before, d.before)
                and goes_on(last.after, d.after)):
            joined[-1] = Difference(last.da, last.size + d.size, *(
                x and x._replace(size=x.size + d.size) for x in (last.before, last.after)))
        else:
            joined.append(d)
    return joined
