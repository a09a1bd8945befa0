# SPDX-License-Identifier: GPL-2.0-only
"""Texts as consoles and editors leave them: without what is not of their words."""
import re

BOM = "\ufeff"
# Of a terminal (ECMA-48): colours, titles, character sets, and what clears to the line's end.
ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|"
                    r"[0-Z\\-_])")


def without_escapes(text):
    return ESCAPE.sub("", text) if "\x1b" in text else text


def clean_line(line):
    return without_escapes(line).rstrip()


def clean(text):
    text = without_escapes(text.removeprefix(BOM))
    return "\n".join([line.rstrip() for line in text.split("\n")])
