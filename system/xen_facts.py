# SPDX-License-Identifier: GPL-2.0-only
"""The Xen that is booted, as xen-tree.sh describes it: Debian's, or one of the user's,
whose builds and logs have a folder of their own."""
import functools
import os

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# lib.sh says where; who calls a program by hand gets Debian's Xen.
BUILD = os.environ.get("XEN_BUILD") or os.path.join(ROOT, "build")


@functools.cache
def facts():
    """name -> value; nothing while no Xen is built."""
    try:
        with open(os.path.join(BUILD, "xen-facts"), encoding="utf-8", errors="surrogateescape") as f:
            return dict(line.rstrip("\n").split("=", 1) for line in f)
    except FileNotFoundError:
        return {}


def name():
    """For whoever reads the output."""
    whose = "your" if os.environ.get("XEN_TREE") else "Debian's"
    return f"{whose} Xen {facts().get('version', '')}".rstrip()


def notes():
    """What else than with Debian's Xen."""
    if os.environ.get("XEN_TREE"):
        yield f"the Xen is {facts()['version']}, of {facts()['tree']}"
    if "why" in facts():
        yield f"what is named a15 runs on QEMU's CPU model max. {facts()['why']}"


def a15():
    """The CPU model for a configuration that asks for a Cortex-A15: "a15" or "max"."""
    return facts().get("a15", "a15")
