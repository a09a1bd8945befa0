#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Makes build/apt: an apt of our own that knows armhf and source packages. The
# machine's apt is asked which Debian mirrors it uses; it is not changed.
# build/apt/apt.conf is the result: APT_CONFIG=that apt-get ...
#
# private-apt.sh SUITE makes build/apt-SUITE in the same way, of the same mirrors, for
# another suite of Debian, without source packages.

. "$(dirname "$0")/lib.sh"

suite=${1:-$RELEASE}
apt=$(apt_of "$suite")
stamp=$apt/stamp
log=$(basename "$apt" | sed 's/^apt/apt-private/').log

# Indexes grow old: mirrors drop superseded packages.
if [ -e "$stamp" ] && [ -z "$(find "$stamp" -mmin +720)" ]; then
    exit 0
fi

# write_conf FILE SOURCELIST SOURCEPARTS
write_conf()
{
    mkdir -p "$apt/etc/preferences.d" "$apt/etc/apt.conf.d" "$apt/lists/partial" \
             "$apt/cache/archives/partial" "$apt/state"
    : >"$apt/state/status"
    # How the machine reaches its mirrors (proxy, dates, ...) holds for us, too.
    apt-config dump | grep '^Acquire::' |
        grep -vE '^Acquire::(IndexTargets|Changelogs|cdrom)' >"$1.new" || true
    cat >>"$1.new" <<CONF
APT::Architecture "$(dpkg --print-architecture)";
APT::Architectures { "$(dpkg --print-architecture)"; "armhf"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State "$apt/state";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Etc::parts "$apt/etc/apt.conf.d";
Dir::Etc::main "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$apt/etc/preferences.d";
Dir::Etc::sourcelist "$2";
Dir::Etc::sourceparts "$3";
CONF
    mv "$1.new" "$1"
}

# sources_of_machine: of the release we want, with source packages, into sources.list.
sources_of_machine()
{
    # 1. Fetch only the Release files of the machine's own sources: they say which of
    #    them really are Debian, whatever the file they stand in is called.
    write_conf "$apt/probe.conf" /etc/apt/sources.list /etc/apt/sources.list.d
    off=
    for target in deb::Packages deb::Translations deb-src::Sources; do
        off="$off -o Acquire::IndexTargets::$target::DefaultEnabled=false"
    done
    # shellcheck disable=SC2086 # options, to be split
    APT_CONFIG=$apt/probe.conf apt-get -q $off update >"$LOGS/apt-probe.log" 2>&1 </dev/null || true

    # 2. Those, with source packages and for the release we want. On a newer Debian
    #    the same mirrors carry it.
    keyring=
    for key in /usr/share/keyrings/debian-archive-keyring.*; do
        [ ! -e "$key" ] || keyring="[signed-by=$key] "
    done
    # shellcheck disable=SC2016 # the $(...) are apt's
    APT_CONFIG=$apt/probe.conf apt-get indextargets --no-release-info \
        --format '$(FILENAME) $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        while read -r index uri theirs component; do
            prefix=${index%"_${component}_binary-"*}
            grep -qs '^Origin: Debian$' "${prefix}_InRelease" "${prefix}_Release" || continue
            case $component/$theirs in
                main/*-security) echo "$uri $RELEASE-security" ;;
                main/*-updates)  echo "$uri $RELEASE-updates" ;;
                main/*-*)        ;;
                main/*)          echo "$uri $RELEASE" ;;
            esac
        done | sort -u | sed "s|.*|deb $keyring& main\ndeb-src $keyring& main|" >"$apt/sources.list"
    grep -q " $RELEASE main" "$apt/sources.list" ||
        die "no Debian mirror among the machine's apt sources (see build/log/apt-probe.log)"
}

# sources_of_suite: another suite's, of the mirrors that the release's come from. Unstable
# has no updates beside it. Backports come on top of their release, and are preferred.
sources_of_suite()
{
    base=${suite%-backports}
    case $suite in
    sid | unstable | experimental) parts= ;;
    *) parts="-security -updates" ;;
    esac
    for part in "" $parts; do
        sed -n "s/^\(deb .*\) $RELEASE$part main$/\1 $base$part main/p" "$BUILD/apt/sources.list"
    done >"$apt/sources.list"
    [ "$suite" != "$base" ] || return 0
    sed -n "s/^\(deb .*\) $RELEASE main$/\1 $suite main/p" "$BUILD/apt/sources.list" \
        >>"$apt/sources.list"
    echo "APT::Default-Release \"$suite\";" >>"$apt/apt.conf"
}

if [ "$suite" = "$RELEASE" ]; then
    say "private apt: asking Debian's mirror for $suite, armhf and sources"
    sources_of_machine
    write_conf "$apt/apt.conf" "$apt/sources.list" /dev/null
else
    [ -e "$BUILD/apt/sources.list" ] || "$ROOT/system/private-apt.sh"
    say "private apt: asking Debian's mirror for $suite, armhf"
    write_conf "$apt/apt.conf" "$apt/sources.list" /dev/null
    sources_of_suite
fi

# A mirror in the middle of a sync may miss one index: that matters only if a
# package we want is not found, which who asks for it checks by name.
if APT_CONFIG=$apt/apt.conf apt-get -q update >"$LOGS/$log" 2>&1 </dev/null; then
    done_with "$stamp"
else
    say "private apt: not every index could be read (build/log/$log), going on"
fi

# Where there is no such suite, apt may leave that at a warning.
if [ -z "$(find "$apt/lists" -name "*_dists_${suite}_*Release")" ]; then
    rm -rf "$apt"
    die "Debian's mirror has no suite $suite, or does not answer (see build/log/$log)"
fi
