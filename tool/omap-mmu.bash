# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion of omap-mmu(1) for bash.

_omap_mmu()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local where="--ttb --mmu --machine --torn" memory="--ram --device --iomem"
    local options

    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]
    then
        mapfile -t COMPREPLY < <(compgen -W "walk dump check diff map regs --help --version" -- "$word")
        return
    fi

    case ${COMP_WORDS[1]} in
    walk) options="$memory $where" ;;
    dump) options="--raw --json --debugfs $where" ;;
    check) options="$memory $where" ;;
    diff) options="$where --with --with-ttb --with-mmu --with-machine --with-torn" ;;
    map) options="--out $memory $where" ;;
    regs) options="--mmu --torn" ;;
    *) options=$where ;;
    esac
    case $before in
    # What follows is no file's name.
    --ttb | --mmu | --ram | --device | --with-ttb | --with-mmu) return ;;
    esac
    case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W "$options --help" -- "$word") ;;
    *) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}

complete -F _omap_mmu omap-mmu
