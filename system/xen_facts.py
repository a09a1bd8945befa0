# SPDX-License-Identifier: GPL-2.0-only
"""The Xen that is booted, as xen-tree.sh describes it: Debian's, or one of the user's,
whose builds and logs have a folder of their own."""
import functools
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def build():
    """Where all that is made of the Xen of XEN_TREE goes: lib.sh alone knows."""
    if not os.environ.get("XEN_TREE"):
        return os.path.join(ROOT, "build")
    ran = subprocess.run(["sh", "-c", '. "$0" && printf %s "$XEN_BUILD"',
                          os.path.join(ROOT, "system", "lib.sh")],
                         stdout=subprocess.PIPE, text=True, errors="surrogateescape", check=False)
    if ran.returncode:
        raise SystemExit(ran.returncode)
    return ran.stdout


BUILD = build()


@functools.cache
def facts():
    """name -> value; nothing while no Xen is built."""
    try:
        with open(os.path.join(BUILD, "xen-facts"), encoding="utf-8",
                  errors="surrogateescape") as f:
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
