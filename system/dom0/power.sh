# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest of part two starts again, and ends, by itself, as xl asks it to; mappings are
# held. Its configuration has no `irqs=`, which may fail when it starts again (create()).

done_by dsp hold
id=$(xl domid dsp)
try xl reboot dsp
until new=$(xl domid dsp 2>/dev/null) && [ "$new" != "$id" ]; do
    sleep 0.2
done
await dsp "has reached userland"
done_by dsp hold
look rebooted dsp

try xl shutdown -w dsp
while xl domid dsp >/dev/null 2>&1; do
    sleep 0.2
done
look shut-down dsp
same_free
