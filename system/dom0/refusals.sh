# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What is wrong is refused before the guest runs. Each configuration is made paused;
# nothing of it may stay.

for config in /etc/xen/refused/*.cfg; do
    case=$(basename "$config" .cfg)
    beside=$(sed -n 's/^# beside //p' "$config")
    [ -z "$beside" ] || create "$beside" -p || give_up "xl create -p $beside fails"

    made=refused
    ! create "refused/$case" -p || made=made
    [ "$made" = refused ] || xl destroy refused
    [ -z "$beside" ] || xl destroy "$(sed -n 's/^name = "\(.*\)"/\1/p' "/etc/xen/$beside.cfg")"
    xl list >/tmp/said
    tell_file list /tmp/said
    look refusal "$case" "$made"
    same_free
done

create ipu -p || give_up "after all of this xl create ipu fails"
look given ipu
destroy ipu
look given-back ipu
same_free
