#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# attack.sh [SECONDS [SEED]]: the attack for as long as that, told as it goes (attack.py).

. "$(dirname "$0")/lib.sh"

[ -z "$LINUX" ] || say "no Linux takes part in the attack: LINUX=$LINUX changes nothing"
"$ROOT/system/setup.sh" build
"$ROOT/system/build-xen.sh" ubsan
"$ROOT/system/build-attack.sh"
exec python3 "$ROOT/system/attack.py" "$@"
