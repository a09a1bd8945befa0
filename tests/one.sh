#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# one.sh <program>: runs it, in a group of processes of its own, which ends with what
# started it, or after LIMIT seconds. Real Xen's boots are one program: how long they take
# is the machine's, and each has a limit of its own.
fixed=
limit=1200
case $1 in
system/*)
    limit=7200 ;;
build/tests/tsan/*)
    # Where a kernel spreads addresses wider than the sanitizer of an older compiler
    # expects, it will not start: then without randomisation, if that is allowed here.
    ! setarch -R true 2>/dev/null || fixed='setarch -R' ;;
esac
# shellcheck disable=SC2086 # nothing, or a command and its option
exec setpriv --pdeathsig TERM timeout -k 10 "${LIMIT:-$limit}" $fixed "$1" </dev/null
