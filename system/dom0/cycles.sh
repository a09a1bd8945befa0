# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The same guest is made again, twice; in between it ends while its processors write.

# Writes RESET to the processors' CTRL registers (model/rproc_regs.h). On a board
# the reset line does this.
reset_processors()
{
    for ctrl in 0x55020004 0x4a060004; do
        devmem "$ctrl" 32 2
    done
}

made large
done_by large endless
look endless large
destroy large
look contained large
same_free

if create large; then
    xl destroy large
    result next-refused-while-it-writes "xl makes the guest"
else
    look next-refused
fi
same_free

reset_processors
made large
done_by large hold
look again large
destroy large
look gone large
same_free
ask cycled
