#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A Xen of the user's (XEN=): what is refused, what is found out of it, how it is built:
# TAP. The trees are stubs: a Makefile that behaves like Xen's.
set -u

cd "$(dirname "$0")/../.." || exit
. tests/system/tap.sh
test_folder xen-tree-test
unset XEN_TREE

# stub NAME SUBVERSION: as much of a tree as the scripts look at, into $tree.
stub()
{
    tree=$top/$1
    passthrough=$tree/xen/drivers/passthrough
    mkdir -p "$tree/xen/arch/arm" "$tree/config" "$passthrough/arm"
    touch "$tree/Config.mk" "$tree/xen/arch/arm/Kconfig" "$passthrough/arm/Makefile"
    printf 'if ARM\nendif\n' >"$passthrough/Kconfig"
    {
        printf 'export %s\n' "XEN_VERSION = 4" "XEN_SUBVERSION = $2"
        cat <<'MAKEFILE'
build:
	@echo 'int _start, _end;' | $(CROSS_COMPILE)gcc -x c -c -o xen-syms -
	@cp xen-syms xen
alldefconfig:
	@cp $(KCONFIG_ALLCONFIG) .config
distclean:
	@rm -f built-by-the-user
MAKEFILE
    } >"$tree/xen/Makefile"
}

# folder: where what is made of $tree goes.
folder()
{
    # shellcheck disable=SC2016 # for that shell
    XEN_TREE=$tree sh -c '. "$0" && echo "$XEN_BUILD"' "$root/system/lib.sh"
}

# Each target refuses while make reads its file (-n: no recipe is run), so before anything
# is built.
refusals()
{
    stub "old xen" 16
    expect_status 2 make -n demo XEN=/dev/null/none
    expect_output system/xen-tree/not-there "XEN=/dev/null/none: there is no such folder"
    expect_status 2 make -n boot-firmware XEN="$root/docs"
    expect_output system/xen-tree/no-tree "docs: it is no Xen source tree: it has no xen/Makefile"
    for target in attack check xen-driver; do
        expect_status 2 make -n "$target" XEN="$tree"
        expect_output "system/xen-tree/too-old-for-$target" \
            "old xen: it is Xen 4.16, which is too old: 4.17 or later will do"
    done
}

# warned NAME MINOR EXTRA WORDS: of Xen 4.MINOR with that behind it.
warned()
{
    stub "$1" "$2"
    # shellcheck disable=SC2016 # as Xen has it
    echo "export XEN_EXTRAVERSION ?= $3"'$(XEN_VENDORVERSION)' >>"$tree/xen/Makefile"
    expect_status 0 system/xen-tree.sh check "$tree"
    if [ -n "$4" ]; then
        expect_output "system/xen-tree/warns-of-$1" "$4"
    else
        verdict "system/xen-tree/warns-not-of-$1" "$(cat "$out")"
    fi
}

warnings()
{
    before="before 4.17.3 and 4.18.1 .*XSA-437, XSA-447"
    warned 4.17.2 17 .2 "4.17.2: Xen 4.17.2 is not safe: .*$before"
    warned 4.17.3 17 .3 ""
    warned 4.17.10 17 .10 ""
    warned 4.17.2-pre 17 .2-pre "Xen 4.17.2-pre is not safe"
    warned 4.17.3-pre 17 .3-pre "Xen 4.17.3-pre is not safe"
    warned 4.17.4-pre 17 .4-pre ""
    warned 4.18.0 18 .0 "Xen 4.18.0 is not safe"
    warned 4.18.1-pre 18 .1-pre "Xen 4.18.1-pre is not safe"
    warned 4.18.2-pre 18 .2-pre ""
    warned 4.18-rc 18 -rc "Xen 4.18-rc is not safe"
    warned 4.18.1 18 .1 ""
    warned 4.19.0 19 .0 ""
    expect_status 0 make -n xen-driver XEN="$top/4.17.2"
    expect_output system/xen-tree/make-warns "Xen 4.17.2 is not safe"
}

# facts: xen-tree.sh is asked about $tree.
facts()
{
    expect_status 0 env XEN_TREE="$tree" system/xen-tree.sh
    cat "$(folder)/xen-facts" >>"$out"
}

all_facts()
{
    stub new-xen 99
    facts
    expect_output system/xen-tree/facts "^version=4.99$" "^ubsan=edit$" "^a15=a15$"
    echo HSTR_TTEE >"$tree/xen/arch/arm/traps.c"
    echo "select HAS_UBSAN" >"$tree/xen/arch/arm/Kconfig"
    facts
    expect_output system/xen-tree/a-change-is-noticed "^ubsan=ready$" "^a15=max$"
}

# build STATUS [VARIANT]: of $tree, with the programs in $top/bin before others.
build()
{
    expect_status "$1" env XEN_TREE="$tree" PATH="$top/bin:$PATH" system/build-xen.sh ${2:+"$2"}
}

# left NAME FILE...: none of these is there.
left()
{
    name=$1
    shift
    there=
    for file; do
        [ ! -e "$file" ] || there="$file is there"
    done
    verdict "$name" "$there"
}

failures()
{
    stub no-copy 99
    mkdir -p "$top/bin"
    # shellcheck disable=SC2016 # for that shell
    printf '#!/bin/sh\n/bin/cp "$@"\ncase "$*" in */config*) exit 1 ;; esac\n' >"$top/bin/cp"
    chmod +x "$top/bin/cp"
    build 1
    expect_output system/xen-tree/a-copy-that-fails "^error: failed: copy_source"
    left system/xen-tree/a-copy-that-fails-counts-not "$(folder)/xen/unpacked" "$(folder)/xen/xen"
    rm -r "${top:?}/bin"
    build 0
    expect_output system/xen-tree/and-is-made-again "Xen is built"

    echo "build: ; @echo 'x.c:1:2: error: no such thing' && false" >>"$tree/xen/Makefile"
    build 1
    cat "$(folder)/xen/not-built" >>"$out"
    expect_output system/xen-tree/why-it-is-not-built \
        "^failed: make_xen: x.c:1:2: error: no such thing (whole output: build/of-[0-9]*/log/xen-build.log)"
    left system/xen-tree/what-was-built-is-not-booted "$(folder)/xen/xen"
}

# Of the file that the patch changes, the stub has as much as the patch names.
timer()
{
    stub timer 99
    patched=$(folder)/xen-new-vgic/tree/xen/arch/arm/vtimer.c
    sed -n '/^@@/,$ { s/^ //p; s/^-//p; }' xen/patches/new-vgic-timer.patch \
        >"$tree/xen/arch/arm/vtimer.c"
    build 0 new-vgic
    verdict system/xen-tree/new-vgic-keeps-the-timer \
        "$(grep -B 3 READ_SYSREG "$patched" | grep -q "local_irq_save(flags);" ||
            echo "interrupts are enabled between the read and the injection")"

    # It changes nothing in a Xen that it does not fit.
    sed -i 's/READ_SYSREG(CNTV_CTL_EL0)/virt_timer_state()/' "$tree/xen/arch/arm/vtimer.c"
    build 0 new-vgic
    expect_output system/xen-tree/a-patch-that-does-not-fit \
        "NOTE xen/patches/new-vgic-timer.patch does not fit this Xen" "Xen is built (new-vgic)"
    verdict system/xen-tree/and-changes-nothing \
        "$(cmp "$tree/xen/arch/arm/vtimer.c" "$patched" 2>&1)"
}

# What the user has stays as it is, and is not in the copy.
links()
{
    stub linked 99
    mv "$tree/xen" "$top/elsewhere"
    ln -s "$top/elsewhere" "$tree/xen"
    touch "$top/elsewhere/built-by-the-user"
    find "$top/elsewhere" -type f -exec cksum {} + >"$top/before"
    build 0
    find "$top/elsewhere" -type f -exec cksum {} + >"$top/after"
    verdict system/xen-tree/a-link-is-not-followed-back "$(diff "$top/before" "$top/after")"
    left system/xen-tree/the-copy-is-clean "$(folder)/xen/tree/xen/built-by-the-user"
    cp "$(folder)/xen-facts" "$top/before"
    touch -d yesterday "$top/elsewhere/built-by-the-user"
    facts
    verdict system/xen-tree/a-change-behind-a-link-is-noticed \
        "$(! cmp -s "$top/before" "$(folder)/xen-facts" || echo "the facts are what they were")"
    rm -r "$top/elsewhere"
}

versions()
{
    stub fails 99
    echo "build: ; @echo 'x.c:1:2: error: no such thing' && false" >>"$tree/xen/Makefile"
    stub compiles 98
    # No stub has what the patch for dom0 changes.
    mkdir -p "$top/bin"
    ln -s /bin/true "$top/bin/patch"
    expect_status 2 env PATH="$top/bin:$PATH" make -s xen-versions \
        TREES="/dev/null/none $top/compiles $top/fails"
    rm -r "${top:?}/bin"
    expect_output system/xen-tree/versions-names-each \
        "^FAILED /dev/null/none: there is no such folder" \
        "^ok  .*/compiles: Xen 4.98 compiles with the driver" \
        "^FAILED .*/fails: failed: make_xen: x.c:1:2: error: no such thing (whole output: build/of-"
}

# A path that neither make nor a shell may touch.
odd_path()
{
    stub "it's \$(one) & \`two\` \"odd\" tree" 99
    expect_status 0 make -s xen-driver XEN="$tree"
    expect_output system/xen-tree/an-odd-path "The OMAP MMU driver is in "
    verdict system/xen-tree/its-driver-is-there \
        "$([ -e "$passthrough/arm/omap/driver.c" ] || echo "there is no omap/driver.c")"
}

# copy FOLDER: of the scripts, in $top.
copy()
{
    mkdir -p "$top/$1"
    cp -r Makefile system "$top/$1"
}

# Debian's Xen is fetched by who means it.
fetching()
{
    copy here
    printf '#!/bin/sh\necho "Xen is fetched"; exit 1\n' >"$top/here/system/fetch.sh"
    expect_status 1 "$top/here/system/xen-tree.sh"
    expect_output system/xen-tree/fetches-debians "Xen is fetched"
    stub theirs 99
    expect_status 0 env XEN_TREE="$tree" "$top/here/system/xen-tree.sh"
    expect_output system/xen-tree/fetches-nothing-else
}

# Where no machine can be booted from.
places()
{
    long=$(printf '%069d' 0)
    copy "$long"
    expect_status 2 make -n -C "$top/$long" demo
    expect_output system/place/too-long \
        "/$long: the path is [0-9]* bytes too long for QEMU's sockets"
    copy "a blank"
    expect_status 2 make -n -C "$top/a blank" check
    expect_output system/place/blank "/a blank: the path has a blank"
}

clean_up()
{
    for tree in "$top"/*/; do
        tree=${tree%/}
        rm -rf "$(folder)"
    done
    rm -rf "$top"
}

clean_up
mkdir -p "$top"
refusals
warnings
all_facts
failures
timer
links
versions
odd_path
fetching
places
clean_up
end_of_tests
