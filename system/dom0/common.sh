# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the parts of dom0's work have in common. The runner gets lines, and can look from
# outside on request; guests get commands through their consoles.

answer=         # the runner's last one
seen=0          # lines of the console that await() has read

CONSOLES=/var/log/xen/console

tell()
{
    echo "$*" >&3
}

# tell_file WHO FILE: each line of it, as said by WHO.
tell_file()
{
    sed "s/^/$1| /" "$2" >&3
}

# The runner has an answer, in $answer, when it has looked.
ask()
{
    tell "runner: $*"
    read -r answer <&3
}

# result NAME [WHY]
result()
{
    tell "${2:+not }ok - $1${2:+: $2}"
}

# try COMMAND...: its output is passed on, and kept in /tmp/said.
try()
{
    status=0
    "$@" >/tmp/said 2>&1 3>&- || status=$?
    tell_file "xl" /tmp/said
    return "$status"
}

# create CONFIG [OPTION...]: Xen releases the interrupts of `irqs=` with the last reference to
# the domain that had them, which is a while after `xl destroy`.
create()
{
    config=/etc/xen/$1.cfg
    shift
    name=$(sed -n 's/^name = "\(.*\)"/\1/p' "$config")
    rm -f "$CONSOLES/guest-$name.log"
    eval "seen_$name=0"
    until try xl create "$config" "$@"; do
        grep -q "irq .*: Device or resource busy" /tmp/said || return 1
        sleep 0.5
    done
}

# order GUEST WORDS: what its init is to do.
order()
{
    tty=$(xenstore-read "/local/domain/$(xl domid "$1")/console/tty")
    shift
    echo "$*" >"$tty"
}

# await GUEST WORDS: passes the guest's lines on, until one has these words.
await()
{
    log=$CONSOLES/guest-$1.log
    found=
    until [ -n "$found" ]; do
        eval "seen=\$seen_$1"
        lines=$(wc -l <"$log" 2>/dev/null || echo 0)
        if [ "$lines" -le "$seen" ]; then
            sleep 0.1
            continue
        fi
        sed -n "$((seen + 1)),${lines}p" "$log" | tr -d '\r' >/tmp/new
        tell_file "$1" /tmp/new
        eval "seen_$1=$lines"
        ! grep -q "$2" /tmp/new || found=1
    done
}

# done_by GUEST STEP: an order, and the end of what it takes.
done_by()
{
    tell "dom0: $1: $2"
    order "$1" "$2"
    await "$1" "guest: done with $2"
}

# xen_says KEYS: Xen's words since the last time, with what its debug keys say. `H` has the
# free pages: in $free.
xen_says()
{
    xl debug-keys "$1" 3>&-
    xl dmesg -c 3>&- >/tmp/xen
    free=$(sed -n 's/.*heap\[node=.*-> \([0-9]*\) pages.*/\1/p' /tmp/xen | {
        sum=0
        while read -r pages; do
            sum=$((sum + pages))
        done
        echo "$sum"
    })
    sed -i '/heap\[node=/d' /tmp/xen
    tell_file Xen /tmp/xen
}

# What cannot go on is over.
give_up()
{
    result xl "$*"
    tell "dom0: over"
    while :; do
        sleep 1000
    done
}

# made CONFIG [OPTION...]: and its init waits for orders.
made()
{
    create "$@" || give_up "xl create $1 fails"
    await "$name" "has reached userland"
}

# look WHAT GUEST: the runner looks, and has what the debug keys say.
look()
{
    xen_says UH
    ask "$@"
}

destroy()
{
    try xl destroy "$1" || give_up "xl destroy $1 fails"
}

# At the last look Xen had as many pages free as at first; or it has soon, for some come
# back late, and the runner has the clock.
same_free()
{
    until ask free "$free" && [ "$answer" != again ]; do
        sleep 0.5
        xen_says H
    done
}
