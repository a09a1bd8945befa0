# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion of omap-guest(1) for bash.

_omap_guest()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}

    COMPREPLY=()
    case $before in
    # What follows is no file's name.
    -m | --memory | -b | --bootargs) return ;;
    esac
    case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W "-o --out -m --memory -k --kernel -r --ramdisk
            -b --bootargs -h --help --version" -- "$word") ;;
    *) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}

complete -F _omap_guest omap-guest
