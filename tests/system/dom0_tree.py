#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""xen/dom0-tree.py: what is put back into dom0's tree, and what is refused: TAP."""
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "xen/dom0-tree.py"

MMU = '''mmu_%s: mmu@%s { compatible = "ti,omap4-iommu"; reg = <0 0x%s 0 0x100>;
    interrupts = <0 9 4>; #iommu-cells = <0>; phandle = <%d>; };'''
IPU = MMU % ("ipu", "55082000", "55082000", 7)
DSP = ('target-module@4a066000 { compatible = "ti,sysc"; ranges; %s };'
       % (MMU % ("dsp", "4a066000", "4a066000", 8)))
GIC = "interrupt-parent = <&gic>; gic: gic { phandle = <1>; };"
HOST = (GIC + IPU + DSP + "ipu@55020000 { iommus = <&mmu_ipu>; }; "
        "bus { dsp@4a060000 { iommus = <&mmu_dsp>; }; }; uart { };")
KEPT = HOST.replace("iommus", "xen,passthrough; iommus")
# Xen's, without the MMUs; with words of its own.
DOM0 = (GIC + 'ipu@55020000 { }; bus { dsp@4a060000 { }; }; uart { }; hypervisor { compatible = '
              '"xen"; };'
        'chosen { bootargs = "a b"; };')
# The same, as it is to be.
WHOLE = (DOM0.replace("ipu@55020000 { }", "ipu@55020000 { iommus = <7>; }")
         .replace("dsp@4a060000 { }", "dsp@4a060000 { iommus = <8>; }") + IPU + DSP)
IPU_ONLY = DOM0.replace("ipu@55020000 { }", "ipu@55020000 { iommus = <7>; }") + IPU

DSP_ONLY = DOM0.replace("dsp@4a060000 { }", "dsp@4a060000 { iommus = <8>; }") + DSP


def with_word(node, word):
    return node.replace("#iommu-cells", f"{word}; #iommu-cells")


def with_names(source, count):
    """The first MMU with so many properties more, each name the end of the next one."""
    return source.replace("#iommu-cells", "; ".join("a" * n
                                                    for n in range(1, count)) + "; #iommu-cells", 1)


def with_one_name(source, count):
    """The same behind a node with the longest name, of which the blob has the others, too."""
    return with_names(source, count).replace("gic: gic", f"first {{ {'a' * count}; }}; gic: gic")


TWIN = "twin { %s };"

KERNEL = struct.pack("<9I3I4I", *[0] * 9, 0x016f2818, 0, 64, *[0xc0de] * 4)

# A name; the host's tree, dom0's, the kernel: the source of a tree, or bytes; what is
# due: the tree's source, or words of the message.
CASES = [
    ("both MMUs are put back", HOST, DOM0, KERNEL, {"tree": WHOLE}),
    ("those of other domains are not",
     HOST.replace("dsp@4a060000 {", "dsp@4a060000 { xen,passthrough;"), DOM0, KERNEL,
     {"tree": IPU_ONLY}),
    ("all are other domains'", KEPT, DOM0, KERNEL, {"says": "all of them are xen,passthrough, or "
                                                            "their MMUs are disabled"}),
    ("an MMU that Xen does not take, being disabled",
     HOST.replace(IPU, with_word(IPU, 'status = "disabled"')),
     DOM0, KERNEL, {"tree": DSP_ONLY}),
    ("... or xen,passthrough itself", HOST.replace(IPU, with_word(IPU, "xen,passthrough")), DOM0,
     KERNEL,
     {"tree": DSP_ONLY}),
    ("status okay is none", HOST.replace(IPU, with_word(IPU, 'status = "okay"')), DOM0, KERNEL,
     {"tree": WHOLE.replace(IPU, with_word(IPU, 'status = "okay"'))}),
    ("a device behind one MMU that Xen takes, and one that it does not",
     HOST.replace("iommus = <&mmu_dsp>", "iommus = <&mmu_dsp>, <&mmu_ipu>")
     .replace(IPU, with_word(IPU, 'status = "disabled"')), DOM0, KERNEL,
     {"says": "no device behind an MMU that is dom0's"}),
    ("no MMU at all", GIC + "uart { };", DOM0, KERNEL, {"says": "no device behind an MMU"}),
    ("of another host", HOST, GIC + "uart { };", KERNEL, {"says": "it was not made of this host's "
                                                                  "tree"}),
    ("the host's tree in the place of dom0's", HOST, HOST, KERNEL,
     {"says": "dom0's tree has /mmu@55082000 already"}),
    ("a tree of this tool's, with words of an earlier boot", HOST, WHOLE, KERNEL,
     {"says": "dom0's tree has /mmu@55082000 already"}),
    ("two devices behind one MMU", HOST + TWIN % "iommus = <&mmu_ipu>;", DOM0 + TWIN % "", KERNEL,
     {"tree": WHOLE + TWIN % "iommus = <7>;"}),
    ("the host's tree is none", b"no tree", DOM0, KERNEL,
     {"says": "host: it is not a device tree"}),
    ("dom0's tree is none", HOST, b"", KERNEL, {"says": "dom0: it is not a device tree"}),
    ("it is cut short", HOST, "cut", KERNEL, {"says": "dom0: it is cut short"}),
    ("it is broken", HOST, "broken", KERNEL, {"says": "dom0: it is broken"}),
    ("no zImage", HOST, DOM0, b"\x7fELF" + bytes(60),
     {"says": "kernel: it is not a zImage for 32-bit Arm: take"}),
    ("a short kernel", HOST, DOM0, b"",
     {"says": "kernel: it is not a zImage for 32-bit Arm: take"}),
    ("a kernel that ends in its header", HOST, DOM0, KERNEL[:0x2c], {"says": "kernel: the kernel "
                                                                             "is cut short"}),
    ("a kernel that ends before its header's end", HOST, DOM0, KERNEL[:0x28],
     {"says": "kernel: the kernel is cut short"}),
    ("names that are parts of one", with_one_name(HOST, 99), DOM0, KERNEL,
     {"tree": with_names(WHOLE, 99)}),
    ("no room", with_one_name(HOST, 600), DOM0, KERNEL, {"says": "cannot be put into dom0's tree: "
                                                                 "pylibfdt error"}),
    ("a tree is behind it already", HOST, DOM0, KERNEL + b"tree", {"says": "something is behind "
                                                                           "the kernel already"}),
    ("no such file", None, DOM0, KERNEL, {"says": "No such file"}),
]


def dtc(source):
    return subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb"], check=True,
                          stdout=subprocess.PIPE,
                          input=("/dts-v1/; / { #address-cells = <2>; #size-cells = <2>; "
                                 f"{source} }};").encode()).stdout


def sorted_source(blob):
    return subprocess.run(["dtc", "-q", "-s", "-I", "dtb", "-O", "dts"], input=blob, check=True,
                          stdout=subprocess.PIPE).stdout


def data(what):
    if isinstance(what, bytes):
        return what
    if what == "cut":
        return dtc(DOM0)[:-20]
    if what == "broken":
        blob = bytearray(dtc(DOM0))
        at = struct.unpack_from(">I", blob, 8)[0]
        blob[at + 4:at + 8] = b"\xff" * 4
        return bytes(blob)
    return dtc(what)


def compare(out, kernel, ran, due):
    """None, or what is wrong."""
    if "says" in due:
        if not ran.returncode or due["says"] not in ran.stderr:
            return f"status {ran.returncode}, {ran.stderr!r}"
        return "it left something" if any(out.parent.glob("out*")) else None
    if ran.returncode:
        return ran.stderr
    image = out.read_bytes()
    start, end = struct.unpack_from("<II", image, 0x28)
    if image[0x30:len(kernel)] != kernel[0x30:] or end - start != len(image):
        return "the kernel is not as it was, or its header does not cover the tree"
    if sorted_source(image[len(kernel):]) != sorted_source(dtc(due["tree"])):
        return "another tree: " + sorted_source(image[len(kernel):]).decode().replace("\n", " ")
    return None


def without_libfdt():
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "libfdt.py").write_text("raise ImportError", encoding="ascii")
        ran = subprocess.run([TOOL, "host", "dom0", "kernel", "out"],
                             env={**os.environ, "PYTHONPATH": folder},
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    says = "apt-get install python3-libfdt"
    said = says in ran.stderr and "Traceback" not in ran.stderr
    return None if ran.returncode and said else ran.stderr


def run(host, dom0, kernel, due):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name, what in (("host", host), ("dom0", dom0), ("kernel", kernel)):
            if what is not None:
                (folder / name).write_bytes(data(what))
        ran = subprocess.run([TOOL, "host", "dom0", "kernel", "out"], cwd=folder,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        return compare(folder / "out", kernel, ran, due)


def main():
    wrong = 0
    tests = [(name, lambda case=case: run(*case)) for name, *case in CASES]
    tests += [("no libfdt", without_libfdt)]
    print(f"1..{len(tests)}")
    for number, (name, test) in enumerate(tests, 1):
        verdict = test()
        wrong += bool(verdict)
        print(f"{'not ok' if verdict else 'ok'} {number} - {name}" + (f": {verdict}" if verdict
                                                                      else ""))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
