# SPDX-License-Identifier: GPL-2.0-only
"""What Xen's text tells of a guest's p2m: ranges whose IPA and machine address are known."""
import bisect

from ranges import piece


class P2m:
    def __init__(self, ranges=()):
        """Where two of them have an IPA in common, that which begins first counts."""
        self.known, end = [], 0
        for r in sorted((r for r in ranges if r.ipa is not None and r.maddr is not None),
                        key=lambda r: (r.ipa, -r.size)):
            beyond = max(end - r.ipa, 0)
            if beyond < r.size:
                r = piece(r, r.da + beyond, r.size - beyond)
                self.known.append(r)
                end = r.ipa + r.size
        self.starts = [r.ipa for r in self.known]

    def __bool__(self):
        return bool(self.known)

    def at(self, ipa):
        """The first range that ends behind ipa: its number."""
        n = bisect.bisect_right(self.starts, ipa) - 1
        return n if n >= 0 and ipa < self.known[n].ipa + self.known[n].size else n + 1

    def machine_of(self, ipa):
        """The machine address, or None."""
        n = self.at(ipa)
        if n == len(self.known) or self.known[n].ipa > ipa:
            return None
        return self.known[n].maddr + ipa - self.known[n].ipa

    def with_machine(self, r):
        """r in pieces, each with its machine address where it is known, and that it is a
        device's."""
        at, end = r.ipa, r.ipa + r.size
        n = self.at(at)
        while at < end:
            known = self.known[n] if n < len(self.known) else None
            inside = known is not None and known.ipa <= at
            edge = end if known is None else known.ipa + (known.size if inside else 0)
            beyond = min(end, edge)
            part = piece(r, r.da + at - r.ipa, beyond - at)
            if inside:
                mmio = ("mmio",) if "mmio" in known.marks else ()
                part = part._replace(maddr=known.maddr + at - known.ipa, marks=mmio)
                n += 1
            yield part
            at = beyond
