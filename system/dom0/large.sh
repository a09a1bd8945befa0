# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest of 512 MiB with both processors, and all its tests.

xen_says H
same_free
made large
result create
done_by large hold
look held large
done_by large tests

done_by large hold
try xl pause large
look paused large
try xl unpause large
done_by large hold
look unpaused large
destroy large
look gone large
same_free
