# SPDX-License-Identifier: GPL-2.0-only
"""What is wrong with a da space, or looks so: overlaps, replicas that disagree, tables outside RAM,
addresses that nobody owns, device memory."""
import itertools

import page_table
import ranges

# Of one kind; what a hostile guest has mapped may be a million.
MOST = 1000


def find(space, owned):
    """A line for each finding."""
    if space.xen:
        yield from space.xen.alarms()
    if space.xen and space.xen.domain is None and not space.tables and space.told is None:
        return
    for kind in (overlapping(space), replicas_that_disagree(space), tables_outside(space, owned),
                 wrong_places(space, owned)):
        yield from itertools.islice(kind, MOST)
        rest = sum(1 for _ in kind)
        if rest:
            yield f"... and {rest} more of that kind"


def overlapping(space):
    for a, b in ranges.overlaps(space.tlb_ranges()):
        yield f"overlap: two TLB entries: {ranges.text(a)}; {ranges.text(b)}"
    if isinstance(space.tables, page_table.AsText):
        for slot in sorted(space.tables.tables & set(space.tables.first)):
            yield f"overlap: the MiB at da {slot:08x} has a section and a second level"
    elif not space.tables and not space.by_tlb_alone():
        for a, b in ranges.overlaps(space.pages()):
            yield f"overlap: {ranges.text(a)}; {ranges.text(b)}"
    if space.tables:
        yield from stale_entries(space)


def stale_entries(space):
    """What the TLB holds, and the tables do not say any more."""
    for r in space.tlb_ranges():
        leaf = space.tables.walk(r.da).leaf
        if not leaf or leaf.ipa != (r.maddr if space.of_machine else r.ipa):
            leads = f"to {leaf.ipa:08x}" if leaf else "nowhere"
            yield (f"overlap: a TLB entry and the tables: {ranges.text(r)}; by the tables it "
                   f"leads {leads}")


def replicas_that_disagree(space):
    for leaf, others in page_table.replicas(space.tables.words()) if space.tables else ():
        yield (f"replicas disagree: the {page_table.kind(leaf.level, leaf.word)} at da "
               f"{leaf.da & -leaf.page:08x}: {others} of its 16 words are not {leaf.word:08x}")


def tables_outside(space, owned):
    """By what the guest owns; an image may lack RAM."""
    tables = space.tables
    if not isinstance(tables, page_table.InMemory) or not owned.ram:
        return
    if owned.kind(tables.first_at(0)) != "ram":
        yield f"table outside RAM: the first level is at {tables.first_at(0):08x}"
    for slot, word in enumerate(tables.first_words()):
        table = word is not None and page_table.is_table(word) and page_table.table_of(word)
        if table is not False and owned.kind(table) != "ram":
            yield (f"table outside RAM: the second level of da {slot * page_table.SLOT:08x} is at "
                   f"{table:08x}")


def wrong_places(space, owned):
    for r in space.ranges():
        for part, kind in owned.parts(r):
            if kind == "device":
                yield f"device memory mapped: {ranges.text(part)}"
            elif kind == "nobody":
                yield f"nobody owns it: {ranges.text(part)}"


def unchecked(space, owned):
    """What could not be looked at, so that nothing can be said to be right: a sentence each."""
    yield from space.lacks()
    if space.xen and space.xen.audit == "incomplete":
        yield "Xen's audit is incomplete"
    if space.xen and space.xen.domain is None and not space.tables and space.told is None:
        yield f"no domain has {space.xen.name}, so Xen tells nothing of it but: {space.xen.rest}"


def notes(space, owned):
    """What the findings do not count."""
    yield from space.notes()
    if not owned.known():
        yield "which addresses are owned is not known: say it by --ram, --device or --iomem"
    elif not owned.ram:
        yield "which RAM is owned is not known: say it by --ram or --iomem"
