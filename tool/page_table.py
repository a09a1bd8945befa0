# SPDX-License-Identifier: GPL-2.0-only
"""The tables of the OMAP MMU: what their words mean, and a walk. (core/omap_pt.h has the format
and its sources; this is code of its own.)"""
import collections

from addresses import PAGE, SLOT, TTB_FLAGS

SLOTS, PAGES = 4096, 256    # words of a first level, and of a second

TRANSLATION_FAULT = "translation fault"
TABLE_WALK_FAULT = "table walk fault"

# By level: how much da 16 words have.
REPLICAS = {1: 16 * SLOT, 2: 16 * PAGE}

# What one word maps: `size` bytes of da are its own; the page that they are a part of has `page`.
Leaf = collections.namedtuple("Leaf", "level da size page ipa word")

# Addresses and words are None where there are none, or the input does not know them.
Walk = collections.namedtuple("Walk", "first_at first second_at second leaf fault",
                              defaults=[None] * 6)


def is_table(word):
    return word & 3 == 1


def table_of(word):
    return word & 0xfffffc00


def is_super(word):
    return word & 3 == 2 and word & 1 << 18


def first_leaf(da, word):
    """What a first-level word maps at its slot; None if nothing by itself."""
    if word & 3 != 2:
        return None
    page = 16 * SLOT if is_super(word) else SLOT
    return leaf(1, da & -SLOT, SLOT, page, word)


def second_leaf(da, word):
    if word & 2:
        return Leaf(2, da & -PAGE, PAGE, PAGE, word & -PAGE, word)
    return leaf(2, da & -PAGE, PAGE, 16 * PAGE, word) if word & 1 else None


def leaf(level, da, size, page, word):
    # Bits below the page's size come from da: replicas are alike.
    return Leaf(level, da, size, page, word & -page | da & (page - 1), word)


def kind(level, word):
    """In words."""
    found = first_leaf(0, word) if level == 1 else second_leaf(0, word)
    if found:
        return {PAGE: "small page", 16 * PAGE: "large page", SLOT: "section",
                16 * SLOT: "supersection"}[found.page]
    return "table" if level == 1 and is_table(word) else "maps nothing"


class InMemory:
    """Tables in RAM: read(address) is the word there, or None, and read_words(address, count) so
    many of them."""

    def __init__(self, read, ttb, read_words=None):
        self.read, self.ttb = read, ttb
        self.read_words = read_words or (lambda at, count: [read(at + 4 * n) for n in range(count)])

    def first_at(self, da):
        return self.ttb & ~TTB_FLAGS | da >> 20 << 2

    def second_at(self, first, da):
        return table_of(first) | (da >> 12 & 0xff) << 2

    def walk(self, da):
        at = self.first_at(da)
        first = self.read(at)
        if first is None:
            return Walk(at, fault=TABLE_WALK_FAULT)
        if not is_table(first):
            found = first_leaf(da, first)
            return Walk(at, first, leaf=found, fault=None if found else TRANSLATION_FAULT)
        second_at = self.second_at(first, da)
        second = self.read(second_at)
        if second is None:
            return Walk(at, first, second_at, fault=TABLE_WALK_FAULT)
        found = second_leaf(da, second)
        return Walk(at, first, second_at, second, found, None if found else TRANSLATION_FAULT)

    def words(self):
        """(level, da, address, word) of each that is not 0; of those that cannot be read the word
        is None."""
        for slot, first in enumerate(self.first_words()):
            if first == 0:
                continue
            da = slot * SLOT
            yield 1, da, self.first_at(da), first
            if first is not None and is_table(first):
                yield from self.second_words(first, da)

    def first_words(self):
        at = self.first_at(0)
        if at & SLOTS * 4 - 1:
            # The numbers of slots go over bits of TTB.
            return [self.read(self.first_at(slot * SLOT)) for slot in range(SLOTS)]
        return self.read_words(at, SLOTS)

    def second_words(self, first, da):
        at = table_of(first)
        for word in self.read_words(at, PAGES):
            if word != 0:
                yield 2, da, at, word
            da, at = da + PAGE, at + 4

    def outside(self):
        """(level, da) of what cannot be read: words of the first level, tables of the second."""
        for slot, first in enumerate(self.first_words()):
            if first is None:
                yield 1, slot * SLOT
            elif is_table(first) and None in self.read_words(table_of(first), PAGES):
                yield 2, slot * SLOT

    def leaves(self):
        return leaves(self.words())


class AsText:
    """Tables as Linux's debugfs tells them: (level, da, word). Where they lie is not told, nor is
    the first-level word of a slot that has a second level."""

    def __init__(self, entries):
        self.first = {da: word for level, da, word in entries if level == 1}
        self.second = {da: word for level, da, word in entries if level == 2}
        self.tables = {da & -SLOT for da in self.second}

    def walk(self, da):
        slot, page = da & -SLOT, da & -PAGE
        first = self.first.get(slot, None if slot in self.tables else 0)
        second = self.second.get(page, 0) if slot in self.tables else None
        found = second_leaf(da, second) if first is None else first_leaf(da, first)
        return Walk(None, first, None, second, found, None if found else TRANSLATION_FAULT)

    def words(self):
        merged = [(da, 1, word) for da, word in self.first.items()]
        merged += [(da, 2, word) for da, word in self.second.items()]
        for da, level, word in sorted(merged):
            yield level, da, None, word

    def leaves(self):
        return leaves(self.words())


def leaves(words):
    for level, da, _, word in words:
        if word is not None:
            found = first_leaf(da, word) if level == 1 else second_leaf(da, word)
            if found:
                yield found


def replicas(words):
    """Of each supersection and large page whose words are not 16 alike: its leaf, and how many of
    them have another word. Words that the input does not have may be alike."""
    groups = {1: [], 2: []}
    for level, da, _, word in words:
        group = groups[level]
        if group and group[0][0] // REPLICAS[level] != da // REPLICAS[level]:
            yield from odd_ones(level, group)
            group.clear()
        group.append((da, word))
    for level, group in groups.items():
        yield from odd_ones(level, group)


def odd_ones(level, group):
    """Of words other than 0 that are, or could be, one page's."""
    read = first_leaf if level == 1 else second_leaf
    for da, word in group:
        if word is None or not (is_super(word) if level == 1 else word & 3 == 1):
            continue
        alike = sum(other is None or other == word for _, other in group)
        if alike != 16:
            yield read(da, word), 16 - alike
        return
