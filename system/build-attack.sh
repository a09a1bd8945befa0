#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Makes build/attack: two bare-metal guests, attack and neighbour. Xen's public headers
# come from the Xen that they run on.

. "$(dirname "$0")/lib.sh"

"$ROOT/system/xen-tree.sh"
out=$XEN_BUILD/attack
stamp=$out/stamp
newer "$stamp" "$ROOT/system/attack" "$ROOT/model/rproc_regs.h" "$ROOT"/core/omap_*.h \
      "$ROOT/system/build-attack.sh" "$XEN_BUILD/xen-facts" || exit 0
mkdir -p "$out"

# guest NAME SOURCE...: the image that Xen loads. Xen's headers keep some hypercalls of
# memory from all but "tools".
guest()
{
    name=$1
    shift
    run "$name-build.log" "${CROSS}gcc" -std=gnu11 -g -O2 -Wall -Wextra -Werror \
        -isystem "$XEN_SOURCE/xen/include" -D__XEN_TOOLS__ \
        -marm -mcpu=cortex-a15 -mgeneral-regs-only -mno-unaligned-access \
        -ffreestanding -fno-stack-protector -fno-pie -no-pie -nostdlib \
        -I"$ROOT/core" -I"$ROOT/model" \
        -T guest.ld -Wl,--fatal-warnings -Wl,--no-warn-rwx-segments -Wl,--build-id=none \
        -o "$out/$name.elf" start.S guest.c "$@"
    run "$name-image.log" "${CROSS}objcopy" -O binary "$out/$name.elf" "$out/$name.new"
    mv "$out/$name.new" "$out/$name"
}

cd "$ROOT/system/attack"
guest attack attack.c words.c registers.c tables.c churn.c extents.c hypercalls.c \
    processors.c evidence.c
guest neighbour neighbour.c
done_with "$stamp"
say "the bare-metal guests are built"
