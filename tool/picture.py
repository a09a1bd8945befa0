# SPDX-License-Identifier: GPL-2.0-only
"""The da space as a picture: an SVG, or a page that has it and needs nothing else (picture.html).

A MiB is a square of 16 x 16 pages, and 64 MiB are a row: so all 4 GiB are a square, and a page is
one unit of it."""
import html
import itertools
import json
import os
import re

import ranges
from addresses import PAGE, SLOT, size

SIDE, ROW = 16, 64      # pages of a square's side, squares in a row
WIDTH = SIDE * ROW
FEW = 32                # ranges in a MiB, each drawn by itself

KINDS = {
    "ram": "memory",
    "device": "device memory",
    "nobody": "nobody's",
    "unknown": "owner not known",
    "hidden": "hidden: compared before it is used again",
}

STYLE = """
svg, .box { --ram: #2a6fb8; --device: #c96a10; --nobody: #b3175d; --hidden: #8fb3d6;
      --unknown: #7a6a9c;
      --paper: #ffffff; --ground: #f1f2f4; --line: #c9ccd2; --ink: #22252b; }
@media (prefers-color-scheme: dark) {
  svg, .box { --ram: #6aa9ec; --device: #f0a04b; --nobody: #f2679f; --hidden: #3f5f80;
        --unknown: #b3a3d9;
        --paper: #14161a; --ground: #1d2026; --line: #3a3f49; --ink: #e4e6ea; }
}
.paper { fill: var(--paper); } .ground { fill: var(--ground); }
.line { stroke: var(--line); stroke-width: .4; }
.ram { fill: var(--ram); stroke: var(--ram); }
.device { fill: var(--device); stroke: var(--device); }
.nobody { fill: var(--nobody); stroke: var(--nobody); }
.unknown { fill: var(--unknown); stroke: var(--unknown); }
.hidden { fill: var(--hidden); stroke: var(--hidden); }
path { stroke-width: 0; } path.small { stroke-width: 3; vector-effect: non-scaling-stroke; }
text { font: 13px ui-monospace, monospace; fill: var(--ink); }
"""


def tiles(first, count, columns):
    """Rectangles that cover count cells from first on, row by row: (column, row, width, height)."""
    while count:
        column, row = first % columns, first // columns
        if column == 0 and count >= columns:
            width, height = columns, count // columns
        else:
            width, height = min(columns - column, count), 1
        yield column, row, width, height
        first, count = first + width * height, count - width * height


def rectangles(da, length):
    """The same in pages, of a range: (x, y, width, height)."""
    page, end = da // PAGE, (da + length + PAGE - 1) // PAGE
    per_slot = SLOT // PAGE
    while page < end:
        slot, within = divmod(page, per_slot)
        if within or end - page < per_slot:
            count = min(end - page, per_slot - within)
            x, y = slot % ROW * SIDE, slot // ROW * SIDE
            for column, row, width, height in tiles(within, count, SIDE):
                yield x + column, y + row, width, height
        else:
            count = (end - page) // per_slot * per_slot
            for column, row, width, height in tiles(slot, count // per_slot, ROW):
                yield column * SIDE, row * SIDE, width * SIDE, height * SIDE
        page += count


def parts(space, owned):
    """(range, kind) for all that is to be drawn: what svg() and page() are given."""
    for r in space.ranges():
        for part, kind in owned.parts(r):
            unseen = kind in ("ram", "unknown") and {"hidden", "condemned"} & set(part.marks)
            yield part, "hidden" if unseen else kind


def shapes(found):
    """(kind, [(da, size)], words) for each path. A MiB with many small ranges has one for each
    kind: nobody could point at one of them, and a guest can make a million."""
    def slot_of(item):
        part, kind = item
        inside = part.da // SLOT == (part.da + part.size - 1) // SLOT
        return part.da // SLOT if inside else None

    for slot, group in itertools.groupby(found, slot_of):
        group = list(group)
        if slot is None or len(group) <= FEW:
            yield from ((kind, [(part.da, part.size)], ranges.text(part)) for part, kind in group)
            continue
        for kind in KINDS:
            some = [(part.da, part.size) for part, k in group if k == kind]
            if some:
                yield kind, list(runs(some)), f"the MiB at da {slot * SLOT:08x}: {len(some)} ranges"


def runs(pieces):
    """Those side by side, as one."""
    da, size = pieces[0]
    for next_da, next_size in pieces[1:]:
        if next_da == da + size:
            size += next_size
        else:
            yield da, size
            da, size = next_da, next_size
    yield da, size


def drawing(found, scale):
    """What is inside of the SVG."""
    yield f'<rect class="ground" width="{WIDTH}" height="{WIDTH}"/>'
    for row in range(0, ROW, 4):
        y = row * SIDE
        yield f'<line class="line" x1="0" x2="{WIDTH}" y1="{y}" y2="{y}"/>'
        if scale:
            yield f'<text x="-8" y="{y + 13}" text-anchor="end">{row * ROW * SLOT:08x}</text>'
    for kind, pieces, words in shapes(found):
        boxes = "".join(f"M{x} {y}h{w}v{h}h-{w}z" for da, length in pieces
                        for x, y, w, h in rectangles(da, length))
        # A page alone would be less than a pixel.
        small = " small" if sum(length for _, length in pieces) < SLOT else ""
        yield f'<path class="{kind}{small}" d="{boxes}"><title>{html.escape(words)}</title></path>'


def legend(found):
    kinds = [kind for kind in KINDS if any(k == kind for _, k in found)]
    for n, kind in enumerate(kinds):
        y = WIDTH + 16 + n * 20
        yield f'<rect class="{kind}" x="0" y="{y}" width="14" height="14"/>'
        yield f'<text x="22" y="{y + 12}">{KINDS[kind]}</text>'


def svg(found, title):
    lines = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="-84 -6 1118 1126" role="img">',
             f"<title>{html.escape(title)}</title>", f"<style>{STYLE}</style>",
             '<rect class="paper" x="-84" y="-6" width="1118" height="1126"/>',
             *drawing(found, scale=True), *legend(found), "</svg>"]
    return "\n".join(lines) + "\n"


def in_pages(number):
    """A part of a page where an owned window ends within one."""
    return number / PAGE if number % PAGE else number // PAGE


def row(part, kind):
    """Of the page's list. It is short, since there may be a million."""
    numbers = (None if n is None else in_pages(n)
               for n in (part.da, part.size, part.ipa, part.maddr))
    marks = ", ".join(part.marks)
    return [*numbers, list(KINDS).index(kind), *([marks] if marks else [])]


def page(found, title):
    with open(os.path.join(os.path.dirname(os.path.realpath(__file__)), "picture.html"),
              encoding="utf-8") as f:
        template = f.read()
    total = {kind: sum(part.size for part, k in found if k == kind) for kind in KINDS}
    keys = [f'<span class="key"><i class="box {kind}"></i>{KINDS[kind]}, {size(total[kind])}</span>'
            for kind in KINDS if total[kind]]
    values = {"TITLE": html.escape(title), "STYLE": STYLE, "KEYS": "\n".join(keys),
              "DRAWING": "\n".join(drawing(found, scale=False)),
              "KINDS": json.dumps(list(KINDS)),
              "RANGES": json.dumps([row(*item) for item in found], separators=(",", ":"))}
    # All at once: a value may have another's name in it.
    return re.sub("@([A-Z]+)@", lambda name: values[name[1]], template)
