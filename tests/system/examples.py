#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What docs/gpu.md quotes of docs/examples/ is what stands there, and each example is named there
or in docs/boards.md: TAP. That the examples work is for system/xl_board.py."""
import re
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def blocks(text):
    """The indented blocks of a page, without their indent."""
    found = re.findall(r"(?:^    .*\n|^\n(?=    |\n))+", text, re.M)
    return [re.sub(r"^    ", "", block, flags=re.M).strip() for block in found]


def plain(text):
    """Without comments, and with one blank where there is any."""
    return " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.S).split())


def main():
    page, gpu = ((DOCS / name).read_text(encoding="utf-8") for name in ("boards.md", "gpu.md"))
    tests = {}
    for path in sorted((DOCS / "examples").iterdir()):
        tests[f"a page names {path.name}"] = f"examples/{path.name}" in page + gpu
    example = plain((DOCS / "examples" / "omap5-gpu.dtsi").read_text(encoding="ascii"))
    nodes = [block for block in map(plain, blocks(gpu)) if block.startswith("gpu: ")]
    tests["gpu.md quotes the node of omap5-gpu.dtsi, but for comments"] = (
        len(nodes) == 1 and nodes[0] in example)
    print(f"1..{len(tests)}")
    for number, (name, well) in enumerate(tests.items(), 1):
        print(f"{'ok' if well else 'not ok'} {number} - {name}")
    sys.exit(0 if all(tests.values()) else 1)


if __name__ == "__main__":
    main()
