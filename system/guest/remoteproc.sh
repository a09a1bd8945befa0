# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# Sourced by init: a day in the life of two remote processors, as a user of Linux
# has it. Lines that begin with "see:" are what the guest sees; they must be the
# same with Xen beneath it and without.

sys=/sys/class/remoteproc
debug=/sys/kernel/debug/remoteproc
test=/sys/module/rpmsg_test/parameters
good=xen-omap-ipu.elf
mmu_sysconfig=0x55082010    # of the IPU's MMU; 2: soft reset

# verdict NAME [WHAT IS WRONG]
verdict()
{
    if [ -z "$2" ]; then echo "ok - $1"; else echo "not ok - $1: $2"; fi
}

# wait_for COMMAND...: until it succeeds. A busy machine may take its time. The runner's
# patience (check.py) is longer: what does not come is told by its name.
limit=180
seconds() { cut -d . -f 1 /proc/uptime; }
wait_for()
{
    last=$(($(seconds) + limit))
    until "$@" 2>/dev/null; do
        [ "$(seconds)" -lt "$last" ] || { echo "waited $limit s in vain: $*" >&2; return 1; }
        sleep 0.1
    done
}

# Which of them is it: remoteproc0 or remoteproc1?
find_rproc()
{
    for dir in "$sys"/*; do
        case $(cat "$dir/name") in
        *"$1") echo "${dir##*/}" ;;
        esac
    done
}

state_is()  { [ "$(cat "$sys/$1/state")" = "$2" ]; }
traced()    { grep -q "$2" "$debug/$1/trace0"; }
logged()    { dmesg | grep -q "$1"; }
grown()     { [ "$(trace_size)" -gt "$1" ]; }
announced() { set -- /sys/bus/rpmsg/drivers/rpmsg_test/*xen-omap*; [ $# -eq 2 ]; }

# What is wrong with the IPU's being up, nothing if all is well.
up()
{
    wait_for state_is "$ipu" running || { echo "it is $(cat "$sys/$ipu/state")"; return; }
    wait_for traced "$ipu" "hello from the Cortex-M4" || { echo "no greeting"; return; }
    wait_for announced || { echo "no rpmsg service announced"; return; }
}

# messages N: what is wrong with their going round.
messages()
{
    echo "$1" 2>/dev/null >"$test/messages" || echo "$1 messages: not all came back as sent"
}

# firmware NAME: stop the IPU and try to start it with another one. Where Linux is about
# to recover it, it cannot be stopped just then.
stops() { echo stop 2>/dev/null >"$sys/$ipu/state"; state_is "$ipu" offline; }
firmware()
{
    state_is "$ipu" offline || wait_for stops
    echo "$1" >"$sys/$ipu/firmware"
    echo start 2>/dev/null >"$sys/$ipu/state"
}

# The carveouts of a processor: name, device address, guest-physical address, length.
carveouts()
{
    awk '/Name:/ { name = $2 } /DMA address:/ { dma = $3 } /Device address:/ { da = $3 }
         /Length:/ { print name, da, dma, $2 }' "$debug/$1/carveout_memories" |
        sed "s/^/see: $2 carveout /"
}

# What the board's tree calls the firmware: name:file,...
for pair in $(echo "$firmware" | tr , ' '); do
    ln -s "/lib/firmware/${pair#*:}" "/lib/firmware/${pair%%:*}"
done

boot()
{
    insmod /omap_remoteproc.ko
    ipu=$(find_rproc ipu)
    dsp=$(find_rproc dsp)
    verdict ipu-boots "$(up)"
    sed 's/^/see: /' "$debug/$ipu/trace0"

    carveouts "$ipu" ipu
    [ -z "$dsp" ] || boot_dsp
    ask booted
}

# What is wrong with the DSP's being up, since dmesg was cleared.
dsp_up()
{
    wait_for state_is "$dsp" running || { echo "it is $(cat "$sys/$dsp/state")"; return; }
    wait_for traced "$dsp" "hello from the scripted master" || { echo "no greeting"; return; }
    wait_for logged "received echo reply from .*dsp" || { echo "no echo reply"; return; }
}

boot_dsp()
{
    verdict dsp-boots "$(dsp_up)"
    sed 's/^/see: /' "$debug/$dsp/trace0"
    carveouts "$dsp" dsp
}

talk()
{
    verdict rpmsg-1000-messages "$(messages 1000)"
    ask talked
}

restart()
{
    wrong=
    dmesg -c >/dev/null
    for rproc in "$ipu" "$dsp"; do
        echo stop >"$sys/$rproc/state"
        wait_for state_is "$rproc" offline || wrong="$rproc does not stop"
    done
    echo start >"$sys/$dsp/state"
    echo start >"$sys/$ipu/state"
    wrong=${wrong:-$(up)}
    wrong=${wrong:-$(dsp_up)}
    verdict stop-and-start "${wrong:-$(messages 10)}"
    ask restarted
}

# A firmware of an RTOS's shape: interrupts, two tasks, preemption.
tasks()
{
    firmware xen-omap-ipu-preempt.elf
    wrong=$(up)
    wrong=${wrong:-$(messages 100)}
    wait_for traced "$ipu" "worked until tick" || wrong=${wrong:-the other task does not work}
    firmware "$good"
    verdict two-tasks "${wrong:-$(up)}"
}

# hole FIRMWARE DA: what a window leads to that the guest has mapped, and does not own. Linux
# gets an interrupt of the first one: it leaves the MMU's interrupts off until it attaches it again.
hole()
{
    firmware "$1"
    wrong=${wrong:-$(up)}
    shift
    dmesg -c >/dev/null
    echo "0x$1" 2>/dev/null >"$test/peek" && wrong=${wrong:-it could read $1}
    wait_for logged "iommu fault: da 0x$1" || wrong=${wrong:-no fault at $1}
    ask hole "$1"
    wait_for logged "remote processor .*ipu is now up" || wrong=${wrong:-not started again after $1}
}

# A firmware of the shape of TI's: where there is one, whose addresses are this machine's.
ti()
{
    [ -e "/lib/firmware/$1" ] || return 0
    grep -q "firmware_class.path=/lib/firmware/${1%/*} " /proc/cmdline || return 0
    firmware "${1##*/}"
    wrong=$(up)
    verdict ti-shape "${wrong:-$(messages 100)}"
    wrong=
    hole "${1##*/}" a0000000    # TILER
    hole "${1##*/}" 6a066000    # L4_CFG: the other processor's MMU
    firmware "$good"
    verdict ti-windows "${wrong:-$(up)}"
}

# One access to an address that nobody mapped.
stray()
{
    wrong=
    dmesg -c >/dev/null
    echo 0xdead0000 2>/dev/null >"$test/peek" && wrong="it could read"
    wait_for logged "iommu fault: da 0xdead0000" || wrong=${wrong:-no fault there}
    wait_for logged "handling crash #1 in .*ipu" || wrong=${wrong:-no crash}
    wait_for logged "remote processor .*ipu is now up" || wrong=${wrong:-not started again}
    dmesg | sed -n 's/.*\(crash detected in .*\)/see: \1/p'
    wrong=${wrong:-$(up)}
    verdict stray-access-is-recovered "${wrong:-$(messages 10)}"
    ask recovered
}

trace_size() { wc -c <"$debug/$ipu/trace0"; }

# The scan tells in the trace how far it got. It may take its time, as long as it gets on.
scan_ends()
{
    while size=$(trace_size); ! traced "$ipu" "^scan:"; do
        echo "scanning: $(tail -n 1 "$debug/$ipu/trace0")"
        wait_for grown "$size" || return 1
    done
}

# All accesses that there are. Linux stops the processor at the first fault, so recovery is
# disabled until the scan has ended.
scan()
{
    wrong=
    firmware xen-omap-ipu-hostile.elf
    wrong=$(up)
    echo disabled >"$debug/$ipu/recovery"
    echo 1 >"$test/scan"
    scan_ends || wrong=${wrong:-it does not come to an end}
    verdict scan-ends "$wrong"
    grep -e "^found" -e "^scan:" "$debug/$ipu/trace0" | sed 's/^/scan: /'
    sed 's/^/mapped: /' "$test/mapped"
    ask scanned
    echo enabled >"$debug/$ipu/recovery"
    wrong=$(up)
    echo stop >"$sys/$ipu/state"
    # On a board the MMU is reset with the processor's power domain. Here its last fault
    # would stay pending, and omap-iommu takes that interrupt before it has a domain:
    # Linux 6.1 to 7.2 would follow a NULL pointer.
    devmem "$mmu_sysconfig" 32 2
    firmware "$good"
    wrong=${wrong:-$(up)}
    verdict recovered-after-scan "${wrong:-$(messages 10)}"
}

# bad NAME ERROR [WORDS]: Linux refuses it and says so; the next good one boots. All
# kernels tell the error by these words; the others are those of Linux 6.1, and what
# later ones have in their place.
bad()
{
    dmesg -c >/dev/null
    firmware "$1.elf"
    wrong=
    state_is "$ipu" offline || wrong="it is $(cat "$sys/$ipu/state")"
    logged "Boot failed: -$2\$" || wrong=${wrong:-it does not fail with error $2}
    logged "$3" || wrong=${wrong:-Linux does not say \"$3\"}
    dmesg | sed -n 's/.*remoteproc[^ ]*: \(.*\)/\1/p' | grep -v "powering up" | sed "s/^/see: $1: /"
    ask refused "$1"
    firmware "$good"
    wrong=${wrong:-$(up)}
    verdict "$1" "${wrong:-$(messages 10)}"
}

# packed NAME <FILE: for the runner, in lines that can be nothing else.
packed()
{
    gzip -c | base64 | sed "s/^/packed: $1 /"
}

# So long that what crashes late is seen; what crashes again and again need not be seen
# to the end. The runner sees that it goes on.
watch()
{
    left=$(cat /watch)
    while [ "$left" -gt 0 ] && [ "$(dmesg | grep -c "handling crash")" -lt 10 ]; do
        echo "watching: $left s"
        sleep 1
        left=$((left - 1))
    done
}

# The state, once Linux does not recover it just now.
settled() { state=$(cat "$sys/$ipu/state"); [ "$state" != crashed ]; }

# A firmware of the user's, and what comes of it.
own()
{
    state_is "$ipu" offline || { wait_for stops; devmem "$mmu_sysconfig" 32 2; }
    dmesg -c >/dev/null
    if firmware "own/$1"; then watch; fi
    wait_for settled
    dmesg -n 1      # else the kernel speaks in the middle of a line
    dmesg -r | packed log
    for trace in "$debug/$ipu"/trace[0-9]*; do
        [ ! -e "$trace" ] || packed "${trace##*/}" <"$trace"
    done
    ask look "$ipu" "$state"
    dmesg -n 4
}

# The tree names a firmware that is not there. Once Linux has tried it, it starts nothing
# any more by itself: writing another name waits until it is through.
own_all()
{
    insmod /omap_remoteproc.ko
    ipu=$(find_rproc ipu)
    wait_for logged "powering up .*ipu" ||
        { verdict processor-is-there "Linux does not try to boot it"; return; }
    for elf in /lib/firmware/own/*; do
        own "${elf##*/}"
    done
}

tests()
{
    ask started
    boot
    case $steps in
    all) ;;
    dsp) . /dsp.sh; return ;;
    *) return ;;
    esac
    talk
    restart
    tasks
    stray
    scan
    bad bad-no-table 22
    bad bad-corrupt 22 "Image is too small\|table is out of bounds"
    bad bad-offset 22 "truncated fw"
    bad bad-segment 22 "bad phdr da"
    bad bad-greedy 12 "failed to allocate dma memory"
    bad bad-outside 12 "failed to allocate dma memory"
    ti omap5/xen-omap-ipu-ti.elf
    ask tested
}

mount -t debugfs none /sys/kernel/debug
for module in rpmsg_core rpmsg_ns virtio_rpmsg_bus rpmsg_test; do
    insmod "/$module.ko"
done
case $ipu_firmware in
"$good") tests ;;
*)       own_all ;;
esac
