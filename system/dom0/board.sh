# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest of the configuration that boards/omap-guest.py wrote for xl boots its processors'
# firmware (guest/remoteproc.sh), and ends.

made guest
for step in started booted; do
    await guest "^runner: $step"
    xen_says U
    ask "$step"
    order guest ""
done
while xl domid guest >/dev/null 2>&1; do
    sleep 0.2
done
xen_says U
ask gone
