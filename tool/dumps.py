# SPDX-License-Identifier: GPL-2.0-only
"""What `omap-mmu dump` prints, written and read: lines, or JSON. Both tell besides what the input
of the dump lacked."""
import json

import ranges
from addresses import Mistake

# A text that has no range says so; a comment that begins with NOTE is not of what it lacks.
NOTHING, NOTE = "nothing is mapped", "note: "
# Of Range.
FIELDS = set(ranges.Range._fields)


def write_text(found, lacking):
    for r in found:
        yield ranges.text(r)
    if not found:
        yield f"# {NOTHING}" + (", as far as is known" if lacking else "")
    for words in lacking:
        yield f"# {words}"


def write_json(found, lacking):
    yield '{"ranges": [\n' + ",\n".join(json.dumps(r._asdict()) for r in found)
    yield "],"
    yield f'"notes": {json.dumps(list(lacking))}}}'


def read(text):
    """Its ranges, what it says that it lacks, and what it notes besides."""
    return read_json(text) if text.startswith("{") else read_text(text)


def read_text(text):
    lines = [line for line in text.splitlines() if line]
    said = [line[1:].strip() for line in lines if line.startswith("#")]
    lines = [line for line in lines if not line.startswith("#")]
    nothing = any(words.startswith(NOTHING) for words in said)
    if not (ranges.LINE.match(lines[0]) if lines else nothing):
        raise Mistake("it is neither Linux's debugfs text, nor Xen's debug key's, nor a dump of "
                      "omap-mmu")
    found = []
    for line in lines:
        r = ranges.read(line)
        if not r:
            raise Mistake(f"{line[:100]!r} is not a line of a dump of omap-mmu")
        found.append(r)
    notes = [words.removeprefix(NOTE) for words in said if words.startswith(NOTE)]
    lacking = [words for words in said if not words.startswith((NOTE, NOTHING))]
    return ranges.in_order(found), lacking, notes


def read_json(text):
    try:
        told = json.loads(text)
        found, notes = [read_range(r) for r in told["ranges"]], told.get("notes", [])
        if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Mistake("it begins as JSON does, and is not a dump of omap-mmu") from error
    for r in found:
        if wrong := ranges.why_not(r):
            raise Mistake(f"what is at da {r.da!r:.40} is not a range: {wrong}")
    return ranges.in_order(found), notes, []


def read_range(fields):
    if set(fields) - FIELDS or not isinstance(fields["da"], int):
        raise ValueError
    r = ranges.Range(**fields)
    if not isinstance(r.pages, (list, tuple)) or not isinstance(r.marks, (list, tuple)):
        raise ValueError
    return r._replace(pages=tuple(r.pages), marks=tuple(r.marks))
