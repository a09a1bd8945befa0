# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest ends while its processors write without end, and the next one has them at once.

made large
done_by large endless
look at-work large
destroy large
look in-reset large
same_free

made large
done_by large hold
look next large
destroy large
look gone large
same_free
