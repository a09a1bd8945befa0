# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# Sourced by remoteproc.sh: a guest that tries to lead a DSP of DRA7's around its MMUs. What it
# boots is firmware/dsp_wishes.c. The runner looks at each attempt from outside, and has the word
# on it (system/dra7_session.py).

dsp_system=0x40d00000
dsp_sysconfig=$((dsp_system + 0x08))
edma_fault_ad=$((dsp_system + 0x2048))
dsp_config=$((dsp_system + 0x18))
dsp_mmus="$((dsp_system + 0x1000)) $((dsp_system + 0x2000))"
sysconfig=0x10 irqstatus=0x18 irqenable=0x1c regions="0x90 0x98 0xa0 0xa8"
# FIFOs of its mailbox, and how many messages are in the first of them.
wish=0x48840060 where=0x48840064 waiting=0x488400e0
# Of nobody (system/dra7_board.py).
canary=0x94000000

# The control page of the DSP: the tree has it behind the IPU's.
find_control()
{
    set -- /proc/device-tree/processors/reset-controller@*
    while [ $# -gt 1 ]; do shift; done
    control=0x${1##*@}
}

# hold N: 1: its core is in reset; 0: it starts at its boot register's address.
hold() { devmem "$control" 32 "$1"; }

# of_mmus OFFSET VALUE
of_mmus()
{
    for base in $dsp_mmus; do
        devmem $((base + $1)) 32 "$2"
    done
}

# copy PORT FROM TO: the DSP copies a word.
copy()
{
    case $1 in
    dsp)  command=128 ;;
    edma) command=256 ;;
    esac
    devmem "$where" 32 "$2"
    devmem "$where" 32 "$3"
    devmem "$wish" 32 "$command"
}

# Over the canary, as large as they can be. SIZE N is 32 KiB times two to the N.
set_regions()
{
    for region in $regions; do
        of_mmus "$region" "$canary"
        of_mmus $((region + 4)) "$1"
    done
}

# What the guest has of each is its own to change.
try()
{
    case $1 in
    config)  devmem "$dsp_config" 32 0 ;;
    regions) set_regions 15 ;;
    reset)   devmem "$dsp_sysconfig" 32 1 ;;
    esac
}

undo()
{
    case $1 in
    config)  devmem "$dsp_config" 32 0x11 ;;
    regions) set_regions 0 ;;
    esac
}

# The greeting is by both ports, and comes before the wishes. What EDMA waited for outlives the
# core's reset, and until this start its MMU may raise that fault again.
listens()
{
    of_mmus "$irqstatus" 0x1f
    [ "$(devmem "$waiting")" = 0x00000000 ]
}

# The core runs while the guest tries it: Xen writes the hardware anew whenever it starts one.
# Linux gets no interrupt: the MMUs' are off.
attempts()
{
    of_mmus "$irqenable" 0
    at=$canary
    for trick in config regions reset; do
        for port in dsp edma; do
            try "$trick"
            copy "$port" "$at" $((at + 0x800))
            ask tried "$trick" "$port" "$(printf %x "$at")"
            hold 1
            undo "$trick"
            hold 0
            devmem "$wish" 32 0     # to go on listening
            wait_for listens
            at=$((at + 0x1000))
        done
    done
}

# As a board's reset of the MMUs would, SYSCONFIG takes back the faults that nobody acknowledged.
start_again()
{
    wrong=
    dmesg -c >/dev/null
    echo stop >"$sys/$dsp/state"
    wait_for state_is "$dsp" offline || wrong="it does not stop"
    of_mmus "$sysconfig" 2
    echo start >"$sys/$dsp/state"
    wrong=${wrong:-$(dsp_up)}
}

# fault PORT MMU DA: what nobody mapped. Linux tells of it by the MMU's name.
fault()
{
    wrong=
    dmesg -c >/dev/null
    copy "$1" "$3" "$3"
    wait_for logged "$2.mmu: errs:0x00000002 da:$3" || wrong="Linux reports no fault at $3"
    wait_for logged "handling crash #[0-9]* in .*dsp" || wrong=${wrong:-no crash}
    wait_for logged "remote processor .*dsp is now up" || wrong=${wrong:-not started again}
}

# Its next fault may be behind that of an access which the last start has ended.
edma_waits()
{
    [ "$(devmem "$edma_fault_ad")" != 0xDEAD2000 ] || return 0
    of_mmus "$irqstatus" 0x1f
    false
}

find_control
attempts
start_again
verdict dsp-starts-again "$wrong"
fault dsp 40d01000 0xdead0000
verdict core-fault-arrives "${wrong:-$(dsp_up)}"
fault edma 40d02000 0xdead1000
verdict edma-fault-arrives "$wrong"
# Linux leaves the MMUs' interrupts off, so nobody recovers it: EDMA waits until the core is
# stopped.
copy edma 0xdead2000 0xdead2000
wait_for edma_waits
ask waits edma dead2000
hold 1
of_mmus "$irqstatus" 0x1f
ask ends edma
hold 0
start_again
! logged "da 0xdead2000" || wrong=${wrong:-Linux reports a fault of before}
verdict starts-after-waiting-edma "$wrong"
