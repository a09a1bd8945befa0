#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Checks the models of the locks' protocol: all states of the correct ones, and that
# each variant with one rule removed is refuted. TAP.
set -eu

cd "$(dirname "$0")/../.."
models=$PWD/tests/protocol
build=$PWD/build/protocol

bail()
{
    echo "$*" >&2
    exit 1
}

command -v spin >/dev/null ||
    bail "spin is missing: apt-get install spin, or make protocol"

# The table of states is read at random: huge pages save a quarter of the time.
export GLIBC_TUNABLES=glibc.malloc.hugetlb=1

# For spin's depth-first search; a state of shadow.pml takes some 100 bytes. Compressed
# (-DCOLLAPSE) they take half of that, and the search as long again.
MEGABYTES=4000
DEPTH=1000000

# check <model> <safety|progress> <-D...>: leaves what pan says in $log.
check()
{
    dir=$build/$1-$2$(printf '%s' "$3" | tr -c 'A-Z0-9\n' -)
    log=$dir/log
    mkdir -p "$dir"
    cd "$dir"
    how=-DSAFETY
    option=
    [ "$2" = safety ] || { how=-DNP option=-l; }

    # shellcheck disable=SC2086 # definitions, to be split
    spin $3 -a "$models/$1.pml" >spin.log 2>&1 ||
        bail "spin does not take $1.pml $3: see $dir/spin.log"
    gcc "$optimise" -w $how -DNOFAIR -DVECTORSZ=128 -DMEMLIM=$MEGABYTES -o pan pan.c >cc.log 2>&1 ||
        bail "spin's checker of $1.pml $3 does not compile: see $dir/cc.log"
    # shellcheck disable=SC2086 # nothing, or one option
    ./pan -m$DEPTH -w25 $option >"$log" 2>&1 || true
}

# result <0: it is so> <name>
result()
{
    number=$((number + 1))
    if [ "$1" -eq 0 ]
    then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2: see $log"
    fi
}

# Every state was looked at, and nothing was found.
holds()
{
    optimise=-O3
    check "$@"
    right=0
    grep -q 'errors: 0$' "$log" || right=1
    ! grep -q -e 'Search not completed' -e 'depth too small' "$log" || right=1
    result $right "protocol/$4"
    sed -n 's/^ *\([0-9]*\) states, stored.*/# \1 states/p' "$log"
}

# fails <model> <safety|progress> <-D...> <what is violated> <name>: it is, and no
# limit was met. Mostly in an instant: not worth optimising.
fails()
{
    case $4 in
    waiting) error='invalid end state' ;;
    answer) error='non-progress cycle' ;;
    reference) error='assertion violated *!(' ;;
    *) error="assertion violated $4" ;;
    esac
    optimise=-O0
    check "$@"
    found=1
    ! grep -q "^pan:[0-9]*: $error" "$log" || found=0
    result $found "protocol/refuted: $5"
}

number=0
echo 1..35

holds shadow safety '-DTABLES=2' 'no way to what is not held or was flushed; eviction, release'
holds shadow safety '-DTABLES=3' 'no way to what is not held or was flushed; two slots shown'
holds vmmu safety '' 'no request waits for ever; an untouched MMU translates nothing; no storm'
holds vmmu progress '' 'each fault is answered in the end'

while read -r n definitions violated name
do
    fails shadow safety "-DBROKEN=$n $definitions" "$violated" "$name"
done <<END
1 -DTABLES=2 isolation a flush that does not wait for the walk under way
2 -DTABLES=2 isolation a slot hidden without a flush
3 -DTABLES=2 isolation references given back before unlink and flush
4 -DTABLES=2 fidelity parking that does not cancel the fill under way
5 -DTABLES=2 fidelity hiding that does not cancel the fill under way
6 -DTABLES=3 fidelity what was linked before parking is shown again unverified
7 -DTABLES=2 reference a look-up in the p2m apart from its reference
8 -DTABLES=2 isolation a table linked that was not cleaned
9 -DTABLES=2 fidelity a commit that compares no flushes
10 -DTABLES=2 fidelity a commit that ignores p2m changes
11 -DTABLES=3 fidelity a commit that looks for a changed page, not for its MiB
12 -DTABLES=2 fidelity p2m changes not noted for the fill under way
13 -DTABLES=2 waiting the guest's tables read with the MMU's lock held
14 -DTABLES=2 isolation release before quarantine
END

while read -r n run violated name
do
    fails vmmu "$run" "-DBROKEN=$n" "$violated" "$name"
done <<END
1 safety waiting an acknowledge that leaves the interrupt masked
2 safety waiting a requester kept when its fill was overtaken
3 safety condemned_left a release of condemned slots that stops half way
4 safety waiting an interrupt without a fault that stays masked
5 safety waiting the tasklet scheduled before the line is silenced
6 safety waiting a release that does not wait for the tasklet
7 progress answer a fault acknowledged that was not seen
8 safety storm an interrupt let through although a fault waits
9 safety waiting an interrupt noted as seen after the fault was served
10 safety storm an interrupt noted as seen before the lock is held
11 safety storm the line silenced before the interrupt is noted
12 safety untouched a fault served before the guest touched its MMU
13 safety waiting the first write to CNTL that leaves the interrupt masked
14 safety untouched a reset that ends the wait of an untouched MMU
15 safety behind_reset a fault served while no core runs
16 safety behind_reset what was shown stays so when the last core stops
17 safety behind_reset a stop of the last core that does not cancel the fill under way
END
