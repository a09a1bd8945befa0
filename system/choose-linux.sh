#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# choose-linux.sh WORD: prints the suite of Debian whose armmp kernel LINUX=WORD asks for.
# WORD is the name of a suite, or the beginning of a version: then of all suites the one
# with the newest such kernel. What Debian does not have is refused, with what it has.

. "$(dirname "$0")/lib.sh"

word=$1
suites="$RELEASE $RELEASE-backports trixie trixie-backports forky sid"

# look SUITE: the version of its kernel into $version, empty if there is none.
look()
{
    version=
    "$ROOT/system/private-apt.sh" "$1" >&2 || return 0
    version=$(APT_CONFIG="$(apt_of "$1")/apt.conf" apt-cache show --no-all-versions \
        linux-image-armmp:armhf 2>/dev/null | sed -n 's/^Version: //p' | head -n 1)
}

# Ends with what there is: `found` has one for each suite.
refuse()
{
    [ -n "$found" ] ||
        die "LINUX=$word: Debian's mirror names no kernel at all (see build/log/apt-private*.log)"
    die "LINUX=$word: $1. There is, today:$found
LINUX takes the name of a suite, or the beginning of a version (6.12)"
}

# look_at_all: what there is into $found; the newest version that begins with the word, and
# its suite, into $best and $chosen.
look_at_all()
{
    found=
    best=
    for suite in $suites; do
        look "$suite"
        [ -n "$version" ] || continue
        found="$found
    $(printf '%-20s %s' "$suite" "$version")"
        case $version in
        "$word" | "$word"[!0-9]*) ;;
        *) continue ;;
        esac
        if [ -z "$best" ] || dpkg --compare-versions "$version" gt "$best"; then
            best=$version
            chosen=$suite
        fi
    done
}

case $word in
[0-9]*)
    look_at_all
    [ -n "$best" ] || refuse "Debian has no armmp kernel of version $word"
    ;;
*)
    chosen=$word
    look "$word"
    [ -n "$version" ] || { look_at_all; refuse "Debian has no armmp kernel in a suite $word"; }
    ;;
esac
echo "$chosen"
