# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's part, which /init sources: the real driver, and two clients of it.

insmod /drm.ko
if insmod /pvrsrvkm.ko; then
    echo "witness: $(sed -n 's/^Version //p' /proc/pvr/version)"
    echo "ok - driver-loads"
    /witness init && /witness clients
else
    echo "not ok - driver-loads: insmod fails"
fi
