#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests of the QEMU plugin: bare-metal guests that drive the devices, and what
the plugin must refuse. Prints one line per test; exits 1 if one failed.

    run.py [PLUGIN [QEMU]]      build/qemu/omap.so and qemu-system-arm
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, "build", "qemu")
PLUGIN = sys.argv[1] if len(sys.argv) > 1 else os.path.join(BUILD, "omap.so")
QEMU = sys.argv[2] if len(sys.argv) > 2 else "qemu-system-arm"

IPU = "omap-mmu,id=ipu,addr=0x55082000,irq=200"
RPROC = "omap-rproc,addr=0x55020000"
CONTROL = "omap-control,id=ctl,addr=0x4a002000"
MAILBOX = "omap-mailbox,id=mb,addr=0x4a0f4000,irq=202"
M4 = "omap-m4,addr=0x58820000"
M4_ALL = M4 + ",mmu=ipu,control=ctl,line=0,mailbox=mb,user=2"
PRCM = "omap-prcm,id=prcm,addr=0x4af00000"
PRM = "omap-prcm-page,prcm=prcm,addr=0x4ae06000"
CM = "omap-prcm-page,prcm=prcm,addr=0x4a008000"
WORDS = "rstctrl=0x4ae06910,cores=3,mmu-reset=4,clkctrl=0x4a008920"
UNIT = "omap-prcm-unit,id=unit,prcm=prcm," + WORDS
SWITCHED = [PRCM, PRM, CM, UNIT]
SGX = "omap-sgx,id=gpu,addr=0x56000000,irq=206"

FILL = ",fill=0xa5a5a500"
DSP_UNIT = ("omap-prcm-unit,id=dsp1,prcm=prcm,rstctrl=0x4ae06410,cores=1,mmu-reset=2,"
            "pwrstctrl=0x4ae06400,clkctrl=0x4a005420,boot=0x4a00255c,boot-shift=10,"
            "emu=0x4ae07a00,dreq=0x4a002cf8")
XBAR = "omap-crossbar,id=xbar,left=23:60"
SCM = CM.replace("8000", "2000") + FILL + ",xbar=xbar"
DSP_MMU0 = ("omap-mmu,id=mmu0,addr=0x40d01000,xbar=xbar,irq=23,bypass-regions=on,"
            "unit=dsp1")
DSP_MMU1 = ("omap-mmu,id=mmu1,addr=0x40d02000,xbar=xbar,irq=145,bypass-regions=on,"
            "unit=dsp1,port=1")
DSP_SYSTEM = "omap-dsp-system,id=system,addr=0x40d00000,unit=dsp1"
DSP_EDMA = "omap-edma,id=edma,addr=0x40d10000,unit=dsp1"
DSP_TC0 = "omap-edma-tc,edma=edma,addr=0x40d05000"
DSP_CORE = ("omap-rproc,addr=0x40d20000,mmu=mmu0,edma-mmu=mmu1,dsp-system=system,"
            "edma=edma,unit=dsp1")


def two_dsps_of_one(kind, name, device):
    """A refusal: two processors, each with its MMU, name the same device of a DSP."""
    part = f",{kind}={name}"
    return (f"two_dsps_of_one_{kind.replace('-', '_')}",
            [IPU, RPROC + ",mmu=ipu" + part, device.replace(",unit=dsp1", ""),
             "omap-mmu,id=two,addr=0x4a066000,irq=201",
             "omap-rproc,addr=0x4a060000,mmu=two" + part],
            rf"omap-rproc \S+: omap-{kind} {name} has a processor already")


# name, devices, what stderr must match
REFUSALS = [
    ("mmu_without_addr", ["omap-mmu,irq=200"],
     r"omap-mmu \S+: addr is missing"),
    ("mmu_unaligned", ["omap-mmu,id=ipu,addr=0x55082080,irq=200"],
     r"omap-mmu ipu: addr 0x55082080 is not a multiple of 0x100"),
    ("mmu_above_4_gib", ["omap-mmu,id=ipu,addr=0x155082000,irq=200"],
     r"omap-mmu ipu: addr 0x155082000 is not .* below 4 GiB"),
    ("mmus_overlap", [IPU, "omap-mmu,id=dsp,addr=0x55082000,irq=201"],
     r"omap-mmu dsp: its registers .* overlap those of omap-mmu ipu"),
    ("mmu_overlaps_processor",
     [IPU, RPROC + ",mmu=ipu", "omap-mmu,id=dsp,addr=0x55020f00,irq=201"],
     r"omap-mmu dsp: its registers .* overlap those of omap-rproc"),
    ("mmu_without_irq", ["omap-mmu,id=ipu,addr=0x55082000"],
     r"omap-mmu ipu: irq is missing"),
    ("irq_out_of_range", ["omap-mmu,id=ipu,addr=0x55082000,irq=256"],
     r"omap-mmu ipu: irq 256 is out of range: the GIC has SPIs 0 to 255"),
    ("irq_out_of_64_bits",
     ["omap-mmu,id=ipu,addr=0x55082000,irq=18446744073709551614"],
     r"omap-mmu ipu: irq 18446744073709551614 is out of range"),
    ("irq_used_twice", [IPU, "omap-mmu,id=dsp,addr=0x4a066000,irq=200"],
     r"omap-mmu dsp: irq 200 is that of omap-mmu ipu already"),
    ("trace_that_cannot_be_written", [IPU + ",trace=/nowhere/trace"],
     r"omap-mmu ipu: trace /nowhere/trace cannot be written: No such file"),
    ("mailbox_without_addr", ["omap-mailbox,irq=202"],
     r"omap-mailbox \S+: addr is missing"),
    ("mailbox_without_irq", ["omap-mailbox,addr=0x4a0f4000"],
     r"omap-mailbox \S+: irq is missing"),
    ("mailbox_irq_of_an_mmu",
     [IPU, "omap-mailbox,id=mb,addr=0x4a0f4000,irq=200"],
     r"omap-mailbox mb: irq 200 is that of omap-mmu ipu already"),
    ("mmu_irq_of_a_mailbox",
     [MAILBOX, "omap-mmu,id=dsp,addr=0x4a066000,irq=202"],
     r"omap-mmu dsp: irq 202 is that of omap-mailbox mb already"),
    ("host_user_of_a_large_mailbox", [MAILBOX + ",host-user=3"],
     r"omap-mailbox mb: host-user 3 is out of range: 0 to 2"),
    ("m4_as_the_host",
     [IPU, CONTROL, MAILBOX + ",large=on,host-user=3", M4_ALL.replace("user=2", "user=3")],
     r"omap-m4 \S+: user 3 of omap-mailbox mb is the host"),
    ("control_without_addr", ["omap-control,id=ctl"],
     r"omap-control ctl: addr is missing"),
    ("control_overlaps_mailbox",
     [MAILBOX, "omap-control,id=ctl,addr=0x4a0f4000"],
     r"omap-control ctl: its registers .* overlap those of omap-mailbox mb"),
    ("bad_tlb_entries", [IPU + ",tlb-entries=16"],
     r"omap-mmu ipu: tlb-entries 16 is neither 8 nor 32"),
    ("bad_revision", [IPU + ",revision=0x100000000"],
     r"omap-mmu ipu: revision 0x100000000 is more than 32 bits"),
    ("mmu_with_gp_reg_and_bypass_regions", [IPU + ",bus-err-back=on,bypass-regions=on"],
     r"omap-mmu ipu: bus-err-back and bypass-regions are given"),
    ("bad_bool", [IPU + ",bus-err-back=maybe"], r"bus-err-back"),
    ("unknown_property", [IPU + ",colour=blue"], r"colour"),
    ("processor_without_addr", [IPU, "omap-rproc,mmu=ipu"],
     r"omap-rproc \S+: addr is missing"),
    ("processor_unaligned", [IPU, "omap-rproc,mmu=ipu,addr=0x55020100"],
     r"omap-rproc \S+: addr 0x55020100 is not a multiple of 0x1000"),
    ("processor_without_mmu", [IPU, RPROC],
     r"omap-rproc \S+: mmu is missing"),
    ("processor_of_unknown_mmu", [IPU, RPROC + ",mmu=gpu"],
     r"omap-rproc \S+: there is no omap-mmu with id=gpu"),
    ("two_processors_of_one_mmu",
     [IPU, RPROC + ",mmu=ipu", "omap-rproc,addr=0x55030000,mmu=ipu"],
     r"omap-rproc \S+: omap-mmu ipu has a processor already"),
    ("processor_of_unknown_control",
     [IPU, RPROC + ",mmu=ipu,control=prm,line=1"],
     r"omap-rproc \S+: there is no omap-control with id=prm"),
    ("processor_without_line", [IPU, CONTROL, RPROC + ",mmu=ipu,control=ctl"],
     r"omap-rproc \S+: line is missing: 0 to 1"),
    ("line_out_of_range",
     [IPU, CONTROL, RPROC + ",mmu=ipu,control=ctl,line=2"],
     r"omap-rproc \S+: line 2 is out of range: 0 to 1"),
    ("line_without_control", [IPU, RPROC + ",mmu=ipu,line=1"],
     r"omap-rproc \S+: line is given, but no control"),
    ("two_processors_of_one_line",
     [IPU, CONTROL, MAILBOX, RPROC + ",mmu=dsp,control=ctl,line=0",
      "omap-mmu,id=dsp,addr=0x4a066000,irq=201", M4_ALL],
     r"omap-m4 \S+: line 0 of omap-control ctl has a processor already"),
    ("m4_without_addr", [IPU, "omap-m4,mmu=ipu"],
     r"omap-m4 \S+: addr is missing"),
    ("m4_unaligned", [IPU, "omap-m4,mmu=ipu,addr=0x58821000"],
     r"omap-m4 \S+: addr 0x58821000 is not a multiple of 0x10000"),
    ("m4_without_mmu", [M4], r"omap-m4 \S+: mmu is missing: the id of an "),
    ("m4_of_unknown_mmu", [M4 + ",mmu=gpu"],
     r"omap-m4 \S+: there is no omap-mmu with id=gpu"),
    ("m4_of_a_used_mmu", [IPU, RPROC + ",mmu=ipu", M4 + ",mmu=ipu"],
     r"omap-m4 \S+: omap-mmu ipu has a processor already"),
    ("m4_without_control", [IPU, M4 + ",mmu=ipu"],
     r"omap-m4 \S+: control is missing: the id of an omap-control"),
    ("m4_of_something_else_as_control", [IPU, M4 + ",mmu=ipu,control=ipu"],
     r"omap-m4 \S+: there is no omap-control with id=ipu"),
    ("m4_without_line", [IPU, CONTROL, M4 + ",mmu=ipu,control=ctl"],
     r"omap-m4 \S+: line is missing"),
    ("m4_without_mailbox",
     [IPU, CONTROL, M4 + ",mmu=ipu,control=ctl,line=0"],
     r"omap-m4 \S+: mailbox is missing: the id of an omap-mailbox"),
    ("m4_of_unknown_mailbox",
     [IPU, CONTROL, M4 + ",mmu=ipu,control=ctl,line=0,mailbox=post"],
     r"omap-m4 \S+: there is no omap-mailbox with id=post"),
    ("m4_without_user",
     [IPU, CONTROL, MAILBOX, M4_ALL.replace(",user=2", "")],
     r"omap-m4 \S+: user is missing: 1 to 2"),
    ("m4_as_user_0",
     [IPU, CONTROL, MAILBOX, M4_ALL.replace("user=2", "user=0")],
     r"omap-m4 \S+: user 0 is out of range: 1 to 2"),
    ("m4_as_user_3",
     [IPU, CONTROL, MAILBOX, M4_ALL.replace("user=2", "user=3")],
     r"omap-m4 \S+: user 3 is out of range: 1 to 2"),
    ("two_processors_of_one_user",
     [IPU, CONTROL, MAILBOX, M4_ALL, "omap-mmu,id=dsp,addr=0x4a066000,irq=201",
      "omap-m4,addr=0x4a800000,mmu=dsp,control=ctl,line=1,mailbox=mb,user=2"],
     r"omap-m4 \S+: omap-mailbox mb has a user 2 already"),
    ("prcm_without_addr", ["omap-prcm,id=prcm"],
     r"omap-prcm prcm: addr is missing"),
    ("prcm_trace_that_cannot_be_written", [PRCM + ",trace=/nowhere/trace"],
     r"omap-prcm prcm: trace /nowhere/trace cannot be written: No such file"),
    ("page_without_prcm", ["omap-prcm-page,addr=0x4ae06000"],
     r"omap-prcm-page \S+: prcm is missing: the id of an omap-prcm"),
    ("page_unaligned", [PRCM, PRM.replace("6000", "6400")],
     r"omap-prcm-page \S+: addr 0x4ae06400 is not a multiple of 0x1000"),
    ("pages_overlap", [PRCM, PRM, PRM],
     r"omap-prcm-page \S+: its registers .* overlap those of omap-prcm-page"),
    ("page_with_large_fill", [PRCM, PRM + ",fill=0x100000000"],
     r"omap-prcm-page \S+: fill 4294967296 is out of range"),
    ("nine_pages", [PRCM] + [PRM.replace("6000", f"{n}000") for n in range(9)],
     r"omap-prcm-page \S+: omap-prcm prcm has 8 pages already"),
    ("unit_without_prcm", ["omap-prcm-unit,id=unit," + WORDS],
     r"omap-prcm-unit unit: prcm is missing: the id of an omap-prcm"),
    ("unit_of_unknown_prcm", [UNIT],
     r"omap-prcm-unit unit: there is no omap-prcm with id=prcm"),
    ("unit_with_addr", SWITCHED[:3] + [UNIT + ",addr=0x4ae07000"],
     r"omap-prcm-unit unit: addr is given, but it has no registers"),
    ("unit_without_rstctrl", SWITCHED[:3] + ["omap-prcm-unit,id=unit,prcm=prcm"],
     r"omap-prcm-unit unit: rstctrl is missing"),
    ("unit_with_large_number", SWITCHED[:3] + [UNIT + ",boot=0x100000000"],
     r"omap-prcm-unit unit: boot 4294967296 is out of range"),
    ("unit_outside_the_pages", [PRCM, PRM, UNIT],
     r"omap-prcm-unit unit: a word of a unit is not in a page"),
    ("unit_with_bits_of_another",
     SWITCHED + [UNIT.replace("id=unit", "id=two")],
     r"omap-prcm-unit two: two units own the same bits"),
    ("seven_units",
     SWITCHED[:3] + [UNIT.replace("unit,p", f"u{n},p") for n in range(7)],
     r"omap-prcm-unit u6: omap-prcm prcm has 6 units already"),
    ("mmu_of_unknown_unit", SWITCHED + [IPU + ",unit=other"],
     r"omap-mmu ipu: there is no omap-prcm-unit with id=other"),
    ("two_mmus_of_one_port",
     SWITCHED + [IPU + ",unit=unit",
                 "omap-mmu,id=m5,addr=0x55085000,irq=215,unit=unit"],
     r"omap-mmu m5: port 0 of omap-prcm-unit unit has an MMU already"),
    ("mmu_of_a_third_port", SWITCHED + [IPU + ",unit=unit,port=2"],
     r"omap-mmu ipu: port 2 is out of range: 0 to 1"),
    ("processor_of_unknown_unit", [IPU, RPROC + ",mmu=ipu,unit=unit"],
     r"omap-rproc \S+: there is no omap-prcm-unit with id=unit"),
    ("processor_of_a_third_core",
     SWITCHED + [IPU, RPROC + ",mmu=ipu,unit=unit,core=2"],
     r"omap-rproc \S+: core 2 is not of omap-prcm-unit unit"),
    ("processor_of_control_and_unit",
     SWITCHED + [IPU, CONTROL, RPROC + ",mmu=ipu,unit=unit,control=ctl,line=1"],
     r"omap-rproc \S+: control and unit are given: one holds it"),
    ("two_processors_of_one_core",
     SWITCHED + [IPU, RPROC + ",mmu=ipu,unit=unit",
                 "omap-mmu,id=dsp,addr=0x4a066000,irq=201",
                 "omap-rproc,addr=0x4a060000,mmu=dsp,unit=unit"],
     r"omap-rproc \S+: core 0 of omap-prcm-unit unit has a processor already"),
    ("source_of_unknown_crossbar", [IPU + ",xbar=xbar"],
     r"omap-mmu ipu: there is no omap-crossbar with id=xbar"),
    ("source_0", [XBAR, IPU.replace("200", "0") + ",xbar=xbar"],
     r"omap-mmu ipu: irq 0 is out of range: 1 to 399"),
    ("source_400", [XBAR, IPU.replace("200", "400") + ",xbar=xbar"],
     r"omap-mmu ipu: irq 400 is out of range: 1 to 399"),
    ("source_without_number",
     [XBAR, "omap-mmu,id=ipu,addr=0x55082000,xbar=xbar"],
     r"omap-mmu ipu: irq is missing: 1 to 399"),
    ("two_devices_of_one_source",
     [XBAR, IPU + ",xbar=xbar", MAILBOX.replace("202", "200") + ",xbar=xbar"],
     r"omap-mailbox mb: source 200 of omap-crossbar xbar is that of omap-mmu ipu"),
    ("crossbar_with_addr", [XBAR + ",addr=0x4a002000"],
     r"omap-crossbar xbar: addr is given, but it has no registers"),
    ("crossbar_in_two_pages",
     [XBAR, PRCM, PRM + ",xbar=xbar", CM + ",xbar=xbar"],
     r"omap-prcm-page \S+: omap-crossbar xbar is in a page already"),
    ("crossbar_left_unclear", [XBAR.replace("23:60", "23:60,left=23-60")],
     r"omap-crossbar xbar: left is not source:input\+...: 23-60"),
    ("crossbar_left_a_reserved_input", [XBAR.replace("23:60", "23:60+24:131")],
     r"omap-crossbar xbar: left: 24:131 is no source and input"),
    ("crossbar_left_an_input_beyond_160", [XBAR.replace("23:60", "23:160")],
     r"omap-crossbar xbar: left: 23:160 is no source and input"),
    ("crossbar_left_a_source_beyond_399", [XBAR.replace("23:60", "400:60")],
     r"omap-crossbar xbar: left: 400:60 is no source and input"),
    ("dsp_of_unknown_edma_mmu", [IPU, RPROC + ",mmu=ipu,edma-mmu=other"],
     r"omap-rproc \S+: there is no omap-mmu with id=other"),
    ("dsp_without_edma",
     [IPU, "omap-mmu,id=two,addr=0x4a066000,irq=201", RPROC + ",mmu=ipu,edma-mmu=two"],
     r"omap-rproc \S+: edma is missing: the id of an omap-edma"),
    ("dsp_with_one_mmu_twice", [IPU, RPROC + ",mmu=ipu,edma-mmu=ipu"],
     r"omap-rproc \S+: omap-mmu ipu has a processor already"),
    ("dsp_of_unknown_dsp_system", [IPU, RPROC + ",mmu=ipu,dsp-system=other"],
     r"omap-rproc \S+: there is no omap-dsp-system with id=other"),
    two_dsps_of_one("dsp-system", "system", DSP_SYSTEM),
    ("dsp_of_unknown_edma", [IPU, RPROC + ",mmu=ipu,edma=other"],
     r"omap-rproc \S+: there is no omap-edma with id=other"),
    two_dsps_of_one("edma", "edma", DSP_EDMA),
    ("two_edmas_of_one_unit",
     SWITCHED + [DSP_EDMA.replace("dsp1", "unit"),
                 "omap-edma,id=two,addr=0x41510000,unit=unit"],
     r"omap-edma two: omap-prcm-unit unit has an EDMA already"),
    ("five_parts_of_one_unit",
     SWITCHED + [f"omap-dsp-system,id=s{n},addr=0x40d0{n}000,unit=unit"
                 for n in range(5)],
     r"omap-dsp-system s4: omap-prcm-unit unit has 4 parts already"),
    ("controller_of_unknown_edma", [DSP_TC0],
     r"omap-edma-tc \S+: there is no omap-edma with id=edma"),
    ("third_transfer_controller",
     [DSP_EDMA.replace(",unit=dsp1", ""), DSP_TC0 + ",tc=2"],
     r"omap-edma-tc \S+: tc 2 is out of range: 0 to 1"),
    ("unit_whose_emu_is_in_no_page", SWITCHED[:3] + [UNIT + ",emu=0x4ae07a00"],
     r"omap-prcm-unit unit: a CM_EMU_CLKSTCTRL is not in a page"),
    ("unit_whose_dreq_is_in_no_page", SWITCHED[:3] + [UNIT + ",dreq=0x4a002cf8"],
     r"omap-prcm-unit unit: a DMA request word is not in a page"),
    ("gpu_without_addr", ["omap-sgx,irq=206"],
     r"omap-sgx \S+: addr is missing"),
    ("gpu_unaligned", [SGX.replace("56000000", "56008000")],
     r"omap-sgx gpu: addr 0x56008000 is not a multiple of 0x10000"),
    ("gpu_without_irq", ["omap-sgx,id=gpu,addr=0x56000000"],
     r"omap-sgx gpu: irq is missing"),
    ("gpu_irq_of_an_mmu", [IPU, SGX.replace("206", "200")],
     r"omap-sgx gpu: irq 200 is that of omap-mmu ipu already"),
    ("gpu_trace_that_cannot_be_written", [SGX + ",trace=/nowhere/trace"],
     r"omap-sgx gpu: trace /nowhere/trace cannot be written: No such file"),
]

# What guest.c does to the registers of the MMU isp; the last access is CORE's.
TRACE = """\
W 58 00100004
W 50 00000070
W 54 00000001
R 68 00100004
W 50 00000080
W 54 00000001
R 68 00000000
R 00 00000020
"""

# The devices that guest.c expects, the processor before its MMU on purpose.
GUEST_DEVICES = [
    RPROC + ",mmu=ipu", IPU + ",bus-err-back=on",
    "omap-mmu,id=dsp,addr=0x4a066000,irq=201,tlb-entries=32,revision=0x31",
    "omap-rproc,mmu=dsp,addr=0x4a060000",
    "omap-mmu,id=isp,addr=0x480bd400,irq=205,tlb-entries=8,trace="
    + os.path.join(BUILD, "isp.trace"),
    "omap-rproc,mmu=booted,addr=0x41500000,control=ctl,line=1",
    "omap-mmu,id=booted,addr=0x41501000,irq=202",
    "omap-m4,addr=0x58820000,mmu=core,control=ctl,line=0,mailbox=mb,user=2",
    "omap-mmu,id=core,addr=0x58882000,irq=203,bus-err-back=on",
    CONTROL, MAILBOX.replace("202", "204"),
]

# Those that prcm.c expects; units first and last, pages in between.
PRCM_DEVICES = [
    UNIT.replace("id=unit", "id=ipu-unit"),
    "omap-prcm-unit,id=dsp-unit,prcm=prcm,rstctrl=0x4ae06410,cores=1,"
    "mmu-reset=2,pwrstctrl=0x4ae06400,clkctrl=0x4a004420,boot=0x4a002304",
    "omap-mmu,id=ipu,addr=0x55082000,irq=200,unit=ipu-unit",
    "omap-m4,addr=0x55020000,mmu=ipu,unit=ipu-unit,mailbox=mb,user=2",
    "omap-rproc,addr=0x4a060000,mmu=dsp,unit=dsp-unit,core=0",
    "omap-mmu,id=dsp,addr=0x4a066000,irq=201,unit=dsp-unit",
    "omap-mmu,id=early,addr=0x58882000,irq=203,unit=early-unit",
    PRM + FILL, CM + FILL, CM.replace("8000", "4000") + FILL,
    CM.replace("8000", "5000") + FILL, CM.replace("8000", "2000") + FILL,
    PRCM + ",trace=" + os.path.join(BUILD, "prcm.trace"), MAILBOX,
    "omap-prcm-unit,id=early-unit,prcm=prcm,rstctrl=0x4ae06510,cores=3,"
    "mmu-reset=4,pwrstctrl=0x4ae06500,clkctrl=0x4a005520,started=7,"
    "power-reads=3",
    "omap-rproc,addr=0x58820000,mmu=early,unit=early-unit,core=0",
]

# What the first test of prcm.c is to leave there, after the boot of early-unit.
PRCM_TRACE = """\
early-unit mmu-released 00000004
early-unit core-released 00000003
early-unit core-runs 00000000
early-unit core-runs 00000001
dsp-unit absent 00000000
dsp-unit absent 0000004c
ipu-unit absent 00000044
dsp-unit mmu-released 00000002
dsp-unit ttb 12345680
dsp-unit core-released 00000001
dsp-unit core-runs 00000000
dsp-unit core-asserted 00000001
dsp-unit core-stops 00000000
dsp-unit ttb 00000080
dsp-unit mmu-asserted 00000002
dsp-unit lost 00000000
"""

# Those that dsp.c expects: DSP1 of DRA7, as the board has it.
DSP_DEVICES = [
    DSP_CORE, DSP_TC0, DSP_TC0.replace("5000", "6000") + ",tc=1", DSP_EDMA,
    DSP_SYSTEM, DSP_MMU1, DSP_MMU0, DSP_UNIT, SCM,
    PRM + FILL, PRM.replace("6000", "7000") + FILL, CM.replace("8000", "5000") + FILL,
    "omap-mailbox,addr=0x48840000,large=on,host-user=2,xbar=xbar,irq=251", XBAR,
    PRCM + ",trace=" + os.path.join(BUILD, "dsp.trace"),
]

# What the first test of dsp.c is to leave there.
DSP_TRACE = """\
dsp1 absent 00000044
dsp1 absent 00000044
dsp1 absent 00000044
dsp1 absent 00000044
dsp1 absent 00000000
dsp1 absent 00000000
dsp1 absent 00000000
dsp1 absent 00000000
dsp1 absent 00000000
dsp1 absent 00000000
dsp1 absent 00000000
dsp1 absent 00000000
dsp1 mmu-released 00000002
dsp1 ttb 00000080
dsp1 ttb1 00000100
dsp1 cntl1 00000004
dsp1 routed 00000011
dsp1 routed 00000000
dsp1 mmu-asserted 00000002
dsp1 lost 00000000
"""

# What the first test of sgx.c is to leave there, from its first write on. Addresses of its
# own memory have names here.
SGX_TRACE = """\
W 4080 000005ff
held 1
held 2
held 3
W 0134 00004000
W 4080 000005ff
W 4c00 00000000
W 4080 00000000
freed 1
freed 2
freed 3
W 0c78 00000007
W 0c50 EDM
base 1 7 EDM
base 2 7 EDM
base 3 7 EDM
W 0134 00004000
W 0130 00004000
W 8ac0 00000001
load 2 0 DIR
load 3 0 DIR
W 0134 00004000
W 8ac8 00000001
load 2 0 DIR
load 3 0 DIR
fault 3 00500000
"""

# Seconds for one QEMU, some hundred times what it takes: it is there for what never ends.
LIMIT = 600

failed = False
reported = 0


def report(name, why=None):
    global failed, reported
    failed = failed or bool(why)
    reported += 1
    print(f"not ok - qemu/{name}: {why}" if why else f"ok - qemu/{name}",
          flush=True)


def run(command, text=""):
    """Exit status and output; the status is None after a time out."""
    try:
        done = subprocess.run(command, input=text, text=True, timeout=LIMIT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b"").decode(errors="replace")


def qemu(devices, *more, machine="virt", plugin=PLUGIN, text=""):
    command = [QEMU, "-M", machine, "-m", "1024", "-display", "none",
               "-net", "none", "-plugin", plugin]
    for device in devices:
        command += ["-device", device]
    return run(command + list(more), text)


def must_refuse(name, want, status, output):
    if status != 1:
        report(name, f"exit status {status}, not 1: {output.strip()!r}")
    elif not re.search(want, output):
        report(name, f"no {want!r} in {output.strip()!r}")
    else:
        report(name)


def build_guest(source, *flags):
    elf = os.path.join(BUILD, source.replace(".c", ".elf"))
    subprocess.run(
        ["arm-linux-gnueabihf-gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra",
         "-Werror", "-march=armv7ve", "-marm", "-mfloat-abi=soft",
         "-mno-unaligned-access", "-ffreestanding", "-fno-pic",
         "-fno-tree-loop-distribute-patterns", "-nostdlib", "-static",
         "-no-pie", "-Wl,--build-id=none", "-Wl,-Ttext=0x40100000",
         "-I" + os.path.join(ROOT, "core"), "-I" + os.path.join(ROOT, "model"),
         *flags, os.path.join(HERE, "start.S"), os.path.join(HERE, "core.S"),
         os.path.join(HERE, source), "-o", elf], check=True)
    return elf


def run_guest(prefix, name, devices, *options):
    """The guest prints its tests' lines itself."""
    global failed, reported
    source = open(os.path.join(HERE, name), encoding="ascii").read()
    expected = set(re.findall(r"TEST\((\w+)\)[,;]", source))
    expected |= set(re.findall(r'{ "(\w+)", \w+ }', source))
    patience = ["-DPATIENCE=SECONDS"] if "-icount" in options else []
    status, output = qemu(devices, "-cpu", "cortex-a15", "-serial", "stdio",
                          "-monitor", "none", "-kernel",
                          build_guest(name, *patience), *options)
    for line in output.splitlines():
        test = re.match(r"(not )?ok - qemu/(\w+)", line)
        if not test:
            print("# " + line)
            continue
        print(line.replace(" - qemu/", f" - qemu/{prefix}"))
        failed = failed or bool(test[1])
        reported += 1
        expected.discard(test[2])
    for missing in sorted(expected):
        report(prefix + missing, "the guest did not get there")
    if status != 0:
        report(prefix + name[:-2] + "_ends", f"not within {LIMIT} s"
               if status is None else f"exit status {status}")


def read_trace(name):
    return open(os.path.join(BUILD, name), encoding="ascii").read()


def test_guest(prefix, *options):
    run_guest(prefix, "guest.c", GUEST_DEVICES, *options)
    trace = read_trace("isp.trace")
    report(prefix + "trace_has_every_access_in_order",
           None if trace == TRACE else f"it is {trace!r}")


def test_prcm(prefix, *options):
    run_guest(prefix, "prcm.c", PRCM_DEVICES, *options)
    trace = read_trace("prcm.trace")[:len(PRCM_TRACE)]
    report(prefix + "prcm_trace_has_every_event_in_order",
           None if trace == PRCM_TRACE else f"it begins {trace!r}")


def test_dsp(prefix, *options):
    run_guest(prefix, "dsp.c", DSP_DEVICES, *options)
    trace = read_trace("dsp.trace")[:len(DSP_TRACE)]
    report(prefix + "dsp_trace_has_every_event_in_order",
           None if trace == DSP_TRACE else f"it begins {trace!r}")


def sgx_trace():
    """The trace from the first write on, with names for the directories' addresses."""
    trace = read_trace("sgx.trace")
    trace = trace[trace.index("W"):]
    for name, pattern in (("EDM", r"W 0c50 (\w+)"), ("DIR", r"load 2 0 (\w+)")):
        found = re.search(pattern, trace)
        trace = trace.replace(found[1], name) if found else trace
    return trace


def test_sgx(prefix, *options):
    trace = os.path.join(BUILD, "sgx.trace")
    run_guest(prefix, "sgx.c", [SGX + ",trace=" + trace], *options)
    begin = sgx_trace()[:len(SGX_TRACE)]
    report(prefix + "gpu_trace_has_every_base_in_order",
           None if begin == SGX_TRACE else f"it begins {begin!r}")


def accepts(devices, *more, **others):
    """Make the machine and quit at once, if it can be made."""
    return qemu(devices, "-S", "-monitor", "stdio", *more, text="quit\n",
                **others)


def test_refusals():
    for name, devices, want in REFUSALS:
        must_refuse("refuses_" + name, want, *accepts(devices))
    must_refuse("refuses_a_machine_without_gic", "does not have one GIC",
                *accepts([IPU], "-m", "128", machine="versatilepb"))
    must_refuse("refuses_arguments_of_the_plugin", "has no arguments",
                *accepts([IPU], plugin=PLUGIN + ",addr=1"))


def test_running_machine():
    """QEMU itself refuses what has no hotplug; changes are ours to refuse."""
    for name, command, want in (
            ("refuses_to_be_added_late",
             "device_add omap-mmu,addr=0x50000000,irq=210",
             "'omap-mmu' can not be hotplugged"),
            ("refuses_to_be_changed_late",
             "qom-set /machine/peripheral/ipu irq 210",
             "irq cannot be changed once the machine is made")):
        status, output = qemu([IPU], "-S", "-monitor", "stdio",
                              text=command + "\nquit\n")
        report(name, None if status == 0 and want in output else
               f"exit status {status}: {output[-200:]!r}")


def test_gicv3():
    status, output = accepts([IPU], machine="virt,gic-version=3")
    report("accepts_a_gicv3", None if status == 0 else output)


def test_missing_symbols():
    """As in a QEMU without modules."""
    program = os.path.join(BUILD, "no_qemu")
    subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror",
                    os.path.join(HERE, "no_qemu.c"), "-o", program], check=True)
    must_refuse("refuses_a_qemu_without_symbols", "does not export timer_mod\n"
                "(.*\n)*omap: use a qemu-system-arm .* --enable-modules",
                *run([program, os.path.abspath(PLUGIN)]))


def test_core_library():
    """A plugin whose folder lacks the core, or has something else there."""
    with tempfile.TemporaryDirectory() as folder:
        plugin = shutil.copy(PLUGIN, folder)
        core = os.path.join(folder, "omap-m4.so")
        devices = [IPU, CONTROL, MAILBOX, M4_ALL]
        must_refuse("refuses_m4_without_its_library",
                    r"omap-m4 \S+: cannot load its core: .*omap-m4.so",
                    *accepts(devices, plugin=plugin))
        status, output = accepts(devices[:3], plugin=plugin)
        report("needs_no_library_without_m4", output if status else None)
        shutil.copy(PLUGIN, core)
        must_refuse("refuses_a_library_without_the_core",
                    r"omap-m4 \S+: .*omap-m4.so does not have m4_new",
                    *accepts(devices, plugin=plugin))


os.makedirs(BUILD, exist_ok=True)
test_guest("")
# One thread and a clock that counts instructions: every order is exact.
test_guest("icount_", "-icount", "shift=1")
test_prcm("")
test_prcm("icount_", "-icount", "shift=1")
test_dsp("")
test_dsp("icount_", "-icount", "shift=1")
test_sgx("")
test_sgx("icount_", "-icount", "shift=1")
test_refusals()
test_running_machine()
test_gicv3()
test_missing_symbols()
test_core_library()
print(f"1..{reported}")
sys.exit(failed)
