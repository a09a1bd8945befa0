# SPDX-License-Identifier: GPL-2.0-only
"""What xl is asked for, and must not get: configurations with a mistake each, and the
reason that is due, from Xen (`xl dmesg`) or from xl itself."""
import collections
import struct

# changes: to the right configuration, by key; None leaves the key out. beside: the
# configuration of a guest that is there meanwhile. xen, xl: the message that must come, or None.
Refusal = collections.namedtuple("Refusal", "about changes xen xl beside", defaults=[None])

IPU = '"/ocp/ipu@55020000"'
ASSIGNMENT = r"xc_assign_dtdevice failed"
PERMISSION = r"Operation not permitted"
RIGHT = {
    "name": '"refused"',
    "kernel": '"/etc/xen/refused/kernel"',
    "memory": "32",
    "vcpus": "1",
    "device_tree": '"/etc/xen/guest-ipu.dtb"',
    "dtdev": f"[ {IPU} ]",
    "iomem": '[ "0x55020,0x10@0xe020" ]',
    "irqs": "[ 159 ]",
}
# Of xl_board.UNMOVED, which a guest sees where it is in the host.
COVERING = {"memory": "400", "dtdev": '[ "/ocp/unmoved@55030000" ]'}


def reason(mmu, words):
    """In one line: the MMU, the domain, and why."""
    return rf"omap-mmu: \S*/{mmu}: not given to d\d+: .*{words}"


def not_assigned(device, error):
    """Xen itself refuses it."""
    return rf'assign "/ocp/{device}" to dom\d+ failed \({error}\)'


# Whose the device is: Xen itself refuses it, and gives no reason.
TAKEN = r"omap-mmu: \S*/ipu@55020000: d\d+ has it already"
COVERED = reason("mmu@55084000", "the domain has memory .*xen,guest-address")
REFUSALS = {
    "no-irqs": Refusal(
        "no `irqs=`: the guest has no interrupt as high as the MMU's",
        {"irqs": None}, reason("mmu@55082000", "interrupt.*irqs="), ASSIGNMENT),
    "irqs-of-no-node": Refusal(
        "an interrupt that no node of the host has",
        {"irqs": "[ 157 ]"}, None, "irq 157: " + PERMISSION),
    "irqs-of-the-mmu": Refusal(
        "the MMU's own interrupt in `irqs=`",
        {"irqs": "[ 132, 159 ]"}, None, "irq 132: " + PERMISSION),
    "memory-over-the-mmu": Refusal(
        "so much memory that it covers the MMU",
        {**COVERING, "iomem": None}, COVERED, ASSIGNMENT),
    "memory-over-the-mmu-with-iomem": Refusal(
        "... also with `iomem=`",
        {**COVERING, "iomem": '[ "0x55030,1@0xe030" ]'}, COVERED, ASSIGNMENT),
    "iomem-over-the-mmu": Refusal(
        "a device where the guest is to see the MMU",
        {"iomem": '[ "0x55020,1@0xe082" ]'}, reason("mmu@55082000", "device"), ASSIGNMENT),
    "iomem-of-the-mmu": Refusal(
        "the MMU's page in `iomem=`",
        {"iomem": '[ "0x55082,1@0xe083" ]'}, None, "iomem range 55082-55082: " + PERMISSION),
    "device-twice": Refusal(
        "a device named twice", {"dtdev": f"[ {IPU}, {IPU} ]"}, TAKEN, ASSIGNMENT),
    "device-of-another-domain": Refusal(
        "a device that another guest has",
        {"irqs": None, "vuart": '"sbsa_uart"'}, TAKEN, ASSIGNMENT, beside="ipu"),
    "no-such-path": Refusal(
        "a path that is not there", {"dtdev": '[ "/ocp/ipu@0" ]'}, None, ASSIGNMENT),
    "behind-no-mmu": Refusal(
        "a device that is behind no MMU",
        {"dtdev": '[ "/ocp/spare-interrupt" ]'}, not_assigned("spare-interrupt", -22), ASSIGNMENT),
    "the-mmu-itself": Refusal(
        "the MMU in place of the processor",
        {"dtdev": '[ "/ocp/mmu@55082000" ]'}, not_assigned("mmu@55082000", -22), ASSIGNMENT),
    "passthrough-disabled": Refusal(
        "passthrough is disabled",
        {"passthrough": '"disabled"'}, None, "passthrough disabled but devices are specified"),
}


def configuration(refusal):
    beside = f"# beside {refusal.beside}\n" if refusal.beside else ""
    keys = {**RIGHT, **refusal.changes}
    return beside + "".join(f"{key} = {value}\n" for key, value in keys.items() if value)


def kernel():
    """What xl takes for a zImage. It never runs."""
    image = bytearray(4096)
    image[0x24:0x30] = struct.pack("<III", 0x016f2818, 0, len(image))
    return bytes(image)
