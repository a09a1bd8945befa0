#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks tests/port's fake of Xen against Xen: it has the same types and kinds of access
of a p2m entry; Xen declares what it declares with the same types, or has it as a macro of
as many arguments: TAP."""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAKES = ROOT / "tests/port/fake"
FAKE = FAKES / "asm/p2m.h"
XEN = ROOT / "build/fetch/xen/xen"

# A list of the fake, the enum that it stands for, and where Xen has that.
LISTS = [
    ("P2M_TYPES", "p2m_type_t", XEN / "arch/arm/include/asm/p2m.h"),
    ("P2M_ACCESSES", "p2m_access_t", XEN / "include/xen/mem_access.h"),
]

# Where Xen declares what the fake does.
HEADERS = [XEN / "include/xen", XEN / "arch/arm/include/asm"]

# Of no meaning for a caller.
NOISE = (r"\b(extern|static|inline|always_inline|cf_check|noreturn|__must_check|__iomem|"
         r"__init)\b")


def names_of_fake(which):
    text = FAKE.read_text().replace("\\\n", "")
    return re.findall(r"x\((p2m_\w+)\)", re.search(rf"#define {which}\(x\)(.*)", text)[1])


def names_of_xen(enum, header):
    text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.DOTALL)
    body = re.search(rf"enum \{{([^}}]*)\}} {enum};", text)
    return re.findall(r"(?:^|,)\s*(p2m_\w+)", body[1]) if body else []


def read(headers):
    """The text of all of them, without comments."""
    text = "\n".join(header.read_text() for header in headers).replace("\\\n", " ")
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)


def parameters(text, start):
    """What stands between the parenthesis that opens at start and its other half."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if not depth:
            return text[start + 1:at]
    return ""


def split(params):
    """At the commas that are in no parenthesis of their own."""
    parts, depth = [""], 0
    for letter in params:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def type_of(words):
    """Of what is returned, or of a parameter, whose name does not matter."""
    words = re.sub(r"\bbool_t\b", "bool", re.sub(NOISE, " ", words)).strip()
    function = re.fullmatch(r"(.*?)\(\s*\*\s*\w*\)\s*\((.*)\)", words, re.DOTALL)
    if function:
        return f"{type_of(function[1])} (*)({types_of(function[2])})"
    tokens = re.findall(r"\w+|\*|\.\.\.", words)
    plain = [t for t in tokens if t not in ("const", "volatile")]
    of_two = plain and plain[0] in ("struct", "enum", "unsigned")
    if [t for t in plain[2 if of_two else 1:] if t != "*"]:
        tokens.pop()
    return " ".join(tokens)


def types_of(params):
    return ", ".join(type_of(part) for part in split(params))


def declarations(text):
    """name -> types, of each function that is declared, or defined inline."""
    found = {}
    for match in re.finditer(r"^([a-z_][\w \t*]*?[\s*])(\w+)\s*\(", text, re.MULTILINE):
        returned, name = match[1], match[2]
        if re.search(r"\b(return|typedef|else|if|struct \w+ \w+ =)\b", returned):
            continue
        found.setdefault(name, f"{type_of(returned)} "
                               f"({types_of(parameters(text, match.end() - 1))})")
    return found


def macros(text):
    """name -> how many arguments."""
    return {match[1]: len(split(match[2])) for match in
            re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^)]*)\)", text, re.MULTILINE)}


def differences():
    fake = declarations(read(FAKES.glob("*/*.h")))
    text = read(header for folder in HEADERS for header in sorted(folder.rglob("*.h")))
    xen, defined = declarations(text), macros(text)
    for name, types in sorted(fake.items()):
        if name.startswith("fake_"):
            continue
        if name in xen:
            if xen[name] != types:
                yield f"{name}: Xen has {xen[name]}, the fake has {types}"
        elif defined.get(name) != types.count(",") + 1:
            yield f"{name}: Xen has neither a function nor such a macro"


def main():
    subprocess.run([ROOT / "system/fetch.sh"], check=True, stdout=subprocess.DEVNULL)
    print(f"1..{len(LISTS) + 1}")
    wrong = 0
    for number, (which, enum, header) in enumerate(LISTS, 1):
        fake, xen = names_of_fake(which), names_of_xen(enum, header)
        agree = xen and sorted(fake) == sorted(xen)
        wrong += not agree
        print(f"{'ok' if agree else 'not ok'} {number} - names of {enum}"
              + ("" if agree else f": Xen has {xen}, the fake has {fake}"))
    found = list(differences())
    wrong += bool(found)
    print(f"{'not ok' if found else 'ok'} {len(LISTS) + 1} - what the fake declares")
    for line in found:
        print(f"# {line}")
    sys.exit(wrong)


if __name__ == "__main__":
    main()
