# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest of docs/examples/xl.cfg is made, works, and is destroyed.

xen_says H
same_free
made ipu "extra=\"$(cat /etc/xen/ipu.args)\""
result create
done_by ipu hold
look held ipu
destroy ipu
look gone ipu
same_free
