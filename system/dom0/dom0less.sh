# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest that Xen made at boot, from docs/examples/, holds mappings; then it is destroyed.

until ask dom0less && [ "$answer" = up ]; do
    sleep 0.2
done
look dom0less-held
destroy 1
look gone 1
