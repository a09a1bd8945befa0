# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The IPU in the guest of docs/examples/, the DSP in another, at once. The first is
# destroyed and made again while the other's processor works.

made_by_example()
{
    made ipu "extra=\"$(cat /etc/xen/ipu.args)\""
    done_by ipu hold
}

made_by_example
made dsp
done_by dsp endless
look both ipu
destroy ipu
look one-gone ipu
made_by_example
look both ipu
look worked dsp
destroy ipu
