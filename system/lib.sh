# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by the scripts of this folder: where things are, progress lines,
# stamps. Everything that is made goes under build/.

set -eu

ROOT=$(cd "$(dirname "$0")/.." && pwd)
BUILD=$ROOT/build
LOGS=$BUILD/log
CROSS=arm-linux-gnueabihf-

# Debian's release whose Xen and Linux the project is tested with.
RELEASE=bookworm

# xen_folder TREE: where what is made of a tree of the user's goes.
xen_folder()
{
    echo "$BUILD/of-$(printf %s "$1" | cksum | sed 's/ .*//')"
}

# The Xen that all is built of (xen-tree.sh), and where what is made of it goes.
XEN_SOURCE=$BUILD/fetch/xen
XEN_BUILD=$BUILD
XEN_TREE=${XEN_TREE:-}
if [ -n "$XEN_TREE" ]; then
    XEN_TREE=$(readlink -m -- "$XEN_TREE")
    XEN_SOURCE=$XEN_TREE
    XEN_BUILD=$(xen_folder "$XEN_TREE")
fi
export XEN_TREE

mkdir -p "$LOGS"

# say WORDS: one line of progress, with the seconds since this script started.
say()
{
    now=$(date +%s)
    printf '[%4ds] %s\n' $((now - ${STARTED:=$now})) "$*"
}

# die WORDS: the reason also goes to the file $WHY, where a script sets that.
die()
{
    [ -z "${WHY:-}" ] || printf '%s\n' "$1" >"$WHY"
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The guest's Linux is that release's, or the one that LINUX names (choose-linux.sh).
# Each has folders of its own (board.Files has the same names).
case ${LINUX:=} in
"$RELEASE" | 6.1) LINUX= ;;
[!a-zA-Z0-9]* | *[!a-zA-Z0-9.+~-]*)
    die "LINUX is a suite of Debian or a version, such as trixie or 6.12, not '$LINUX'" ;;
esac
LINUX_FETCHED=$BUILD/fetch${LINUX:+-$LINUX}
GUEST=$XEN_BUILD/guest${LINUX:+-$LINUX}
export LINUX

# apt_of SUITE: the folder of the private apt that knows it (private-apt.sh).
apt_of()
{
    if [ "$1" = "$RELEASE" ]; then echo "$BUILD/apt"; else echo "$BUILD/apt-$1"; fi
}

# guest_linux: in words, once it is fetched.
guest_linux()
{
    # shellcheck source=/dev/null
    . "$LINUX_FETCHED/linux.versions"
    echo "Linux $LINUX_RELEASE, Debian's $LINUX_VERSION of $LINUX_SUITE${LINUX_REPAIR:+, \
which does not work as it is: system/guest/$LINUX_REPAIR.c repairs it}"
}

# run LOG COMMAND...: the command's output goes to build/log/LOG; when it fails
# the end of that file is shown, and the message has the first error of a compiler.
run()
{
    log=$LOGS/$1
    shift
    # Not as a condition: in a function that is one, `set -e` has no effect.
    set +e
    (set -e; "$@") >"$log" 2>&1 </dev/null
    ended=$?
    set -e
    [ "$ended" -ne 0 ] || return 0
    tail -n 15 "$log" | sed 's/^/    | /' >&2
    error=$(sed -n '/ error: /{s/^ *//p;q}' "$log")
    die "failed: $*${error:+: $error} (whole output: ${log#"$ROOT"/})"
}

# newer STAMP PATH...: true when a file under one of the paths is newer than the
# stamp, or there is no stamp. What is made is not older than what made it.
newer()
{
    than=$1
    shift
    [ ! -e "$than" ] || [ -n "$(find "$@" -type f -newer "$than" | head -n 1)" ]
}

# done_with STAMP [WORDS]: written last, and whole, so that an interrupted step
# is done again.
done_with()
{
    mkdir -p "$(dirname "$1")"
    printf '%s\n' "${2:-}" >"$1.new"
    mv "$1.new" "$1"
}

# fact NAME: what xen-tree.sh says of the Xen that all is built of.
fact()
{
    sed -n "s/^$1=//p" "$XEN_BUILD/xen-facts"
}

STARTED=$(date +%s)
