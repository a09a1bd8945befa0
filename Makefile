# SPDX-License-Identifier: GPL-2.0-only
#
# Everything that is made goes to build/; `make help` lists the targets.

BUILD := build
TEST_CFLAGS := -std=gnu11 -g -O1 -Wall -Wextra -Werror \
               -fsanitize=address,undefined -fno-sanitize-recover=all \
               -fno-omit-frame-pointer -Icore -Imodel -Isim
# Each object names the headers that it was made of in a file beside it, *.d.
DEPENDENCIES := -MMD -MP
CORE := $(wildcard core/*.c)
# What of it serves the GPU, whose table format is another.
GPU_CORE := $(addprefix core/,bif_hw.c mirror.c mirror_audit.c sgx_table.c vbif.c)
MODEL := $(wildcard model/*.c)
SIM := $(wildcard sim/*.c)
HEADERS := $(wildcard core/*.h model/*.h sim/*.h tests/*/*.h)
PLUGIN := $(BUILD)/qemu/omap.so

# What the remote processors run, and images that Linux must refuse.
FIRMWARE := $(addprefix $(BUILD)/firmware/, \
              xen-omap-ipu.elf xen-omap-ipu-hostile.elf xen-omap-dsp.elf \
              am57/xen-omap-dsp.elf \
              xen-omap-ipu-preempt.elf omap5/xen-omap-ipu-preempt.elf \
              omap5/xen-omap-ipu-ti.elf \
              bad-no-table.elf bad-greedy.elf bad-outside.elf \
              bad-segment.elf bad-corrupt.elf bad-offset.elf \
              bad-version.elf bad-vring.elf bad-crash.elf bad-lock-up.elf \
              omap5/xen-omap-ipu.elf omap5/xen-omap-ipu-hostile.elf \
              am57/xen-omap-ipu.elf \
              omap5-xl/xen-omap-ipu.elf omap5-xl/xen-omap-dsp.elf)
FIRMWARE_CFLAGS := -std=gnu11 -g -Os -Wall -Wextra -Werror -Imodel \
                   -mcpu=cortex-m4 -mthumb -ffreestanding \
                   -fno-tree-loop-distribute-patterns -nostdlib \
                   -Wl,--fatal-warnings -Wl,--build-id=none \
                   -Wl,-z,max-page-size=4096
M4 := $(BUILD)/qemu/omap-m4.so
M4_SOURCES := $(addprefix model/, m4.c nvic.c ipu_regs.c)

# Each test is one file, linked to all code that it tests. Both compilers
# build them all: gcc's warnings are not clang's, nor are their sanitizers. The
# slow ones are run by clang's alone, which is faster. The longest come first.
TESTS := $(patsubst tests/%.c,%,tests/unit/fill_race_test.c $(wildcard tests/property/*.c) \
           $(filter-out %/fill_race_test.c,$(wildcard tests/unit/*.c)) \
           $(wildcard tests/model/*.c tests/format/*_test.c))
PORT_TESTS := $(patsubst tests/%.c,%,$(wildcard tests/port/*_test.c))
GCC_TESTS := $(addprefix $(BUILD)/tests/gcc/,$(TESTS) $(PORT_TESTS))
SLOW_TESTS := $(addprefix property/,fail_nth_test mirror_test processor_test random_test) \
              unit/fill_race_test unit/firmware_test
QUICK_GCC_TESTS := $(filter-out $(SLOW_TESTS:%=$(BUILD)/tests/gcc/%),$(GCC_TESTS))
CLANG_TESTS := $(addprefix $(BUILD)/tests/clang/,$(TESTS) $(PORT_TESTS))
# It writes RAM images of random guests for omap-mmu, and what the oracle says of them.
IMAGES := $(BUILD)/tests/gcc/tool/images

.DELETE_ON_ERROR:

# As many jobs as there are CPUs. The tests that a target then runs are one job.
MAKEFLAGS += -j$(shell nproc)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z_.-]*\):.*## /\1\t/p' Makefile | expand -t 23
	@echo
	@echo 'XEN=<source tree>   with check, demo, attack and boot-firmware: that Xen, in place of'
	@echo "                    Debian's; it is built in a copy, and stays as it is"

# $(call quoted,NAME): for a shell, the variable's value, whatever letters it has.
quoted = '$(subst ','\'',$(value $(1)))'

# XEN=<source tree> is a Xen of the user's, in place of Debian's: one that will not do is
# refused before anything is built.
XEN_USERS := check demo attack boot-firmware gpu-witness xen-driver
ifneq ($(value XEN),)
XEN_TREE := $(value XEN)
ifneq ($(filter $(XEN_USERS),$(MAKECMDGOALS)),)
XEN_REFUSED := $(shell system/xen-tree.sh check $(call quoted,XEN))
ifneq ($(.SHELLSTATUS),0)
$(error XEN=$(XEN_REFUSED))
endif
endif
endif
export XEN_TREE

# Those that boot. (make does not export to $(shell) what it exports to recipes.)
ifneq ($(filter check demo attack boot-firmware gpu-witness,$(MAKECMDGOALS)),)
PLACE_REFUSED := $(shell XEN_TREE=$(call quoted,XEN) system/place.sh)
ifneq ($(.SHELLSTATUS),0)
$(error $(PLACE_REFUSED))
endif
endif

# A DDK that will not do is refused before anything is built, too.
ifneq ($(filter gpu-witness,$(MAKECMDGOALS)),)
DDK_REFUSED := $(shell system/gpu-witness.sh check $(call quoted,DDK) 2>&1)
ifneq ($(.SHELLSTATUS),0)
$(error $(DDK_REFUSED))
endif
endif

.PHONY: demo
demo: $(PLUGIN) $(FIRMWARE) ## boot Xen and Linux guests whose MMUs are mediated; watch [LINUX=<suite or version>]
	@system/demo.sh

.PHONY: boot-firmware
boot-firmware: $(PLUGIN) $(FIRMWARE) ## boot firmware of your own for the IPU: make boot-firmware ELF=<file> [WATCH=<seconds>] [BOARD=virt|omap5] [LINUX=...]
	@BOARD=$(call quoted,BOARD) system/own-firmware.sh $(call quoted,WATCH) $(call quoted,ELF)

.PHONY: attack
attack: $(PLUGIN) ## a bare-metal guest attacks Xen and its neighbour: make attack TIME=<seconds> [SEED=<number>]
	@system/attack.sh $(call quoted,TIME) $(call quoted,SEED)

.PHONY: gpu-witness
gpu-witness: $(PLUGIN) $(FIRMWARE) ## TI's own GPU driver, in a guest and natively, is compared: make gpu-witness DDK=<source tree>
	@system/gpu-witness.sh $(call quoted,DDK)

# Of gcc's tests those that are not slow, property/exhaustive and gpu shortened, and what
# needs nothing but this tree. Three at a time: some of the scripts mostly wait.
SCRIPTS := tests/mutants/check.sh \
           $(addprefix tests/system/,console.py dom0_tree.py examples.py hang.py runner.sh \
                                     side_by_side.py verdicts.py) \
           $(addprefix tests/tool/,commands.py install.py xen_prints.py)

.PHONY: test
test: $(QUICK_GCC_TESTS) ## quick tests, by gcc: no clang, no QEMU, no Xen; the last line is `N passed, N failed`
	@LENGTH=2 WORLDS=5 JOBS=3 tests/run.sh $(SCRIPTS) $^

# What else it needs is said further down, where each part is.
.PHONY: check
check: setup $(GCC_TESTS) $(CLANG_TESTS) $(PLUGIN) $(FIRMWARE) $(BUILD)/bench $(IMAGES) ## run every test; the last line is `N passed, N failed` [LINUX=<suite or version>]
	@tests/run.sh tests/protocol/check.sh tests/bench/check.sh tests/bench/bounds.sh \
	    tests/header/linux.py $(CLANG_TESTS) $(QUICK_GCC_TESTS) tests/port/names.py \
	    $(addprefix tests/tool/,oracle.py hostile_inputs.py demo_files.py) \
	    tests/boards/trees.py tests/boards/refusals.py $(SCRIPTS) \
	    tests/system/gpu_witness.sh tests/system/linux.sh tests/system/xen_tree.sh \
	    $(THREADS) tests/fuzz/check.sh tests/qemu/run.py system/check.sh

.PHONY: bench
bench: $(BUILD)/bench ## what the shadow costs, beside two baselines and a floor; ARGS=--json
	@$(BUILD)/bench $(ARGS)

.PHONY: bench-instructions
bench-instructions: $(BUILD)/bench setup-valgrind ## instructions of core/ for each page of a fill, on this CPU
	@bench/instructions.sh

.PHONY: picture
picture: setup-picture ## draw the folders, and which tests run on what: build/layout.svg
	@mkdir -p $(BUILD)
	@dot -Tsvg docs/layout.dot -o $(BUILD)/layout.svg
	@echo $(BUILD)/layout.svg

.PHONY: lint
lint: setup setup-lint ## style, scripts, length of functions
	@tests/lint.sh

# ONLY=<words> takes those whose name has them; ONLY=boards, core, format, gpu, headers,
# mirror, model, tool, vbif or xen that list.
.PHONY: mutants
mutants: | setup ## can the tests fail? each known defect, put in by hand, must be caught
	@tests/mutants/run.py $(call quoted,ONLY)

.PHONY: xen-driver
xen-driver: ## put the driver into your Xen: make xen-driver XEN=<source tree>
	@xen/install.sh $(if $(value XEN),$(call quoted,XEN), \
	    $(error say where your Xen is: make xen-driver XEN=<source tree>))

.PHONY: xen-versions
xen-versions: ## do the driver and the patch for dom0 compile in these Xens? make xen-versions TREES="<tree> <tree>..."
	@system/xen-versions.sh $(foreach tree,$(value TREES),$(call quoted,tree))

# Each program is a link to its script, whose folder has all that it needs.
PREFIX ?= /usr/local
INSTALLED := $(value DESTDIR)$(PREFIX)
SHARE := share/xen-omap-iommu
DOC := share/doc/xen-omap-iommu

.PHONY: install
install: ## omap-mmu and omap-guest, with man pages and completion: make install [DESTDIR=<folder>] [PREFIX=/usr]
	@for folder in bin share/man/man1 share/bash-completion/completions $(DOC) \
	    $(SHARE)/tool $(SHARE)/boards; do \
	    install -d $(call quoted,INSTALLED)/$$folder || exit; \
	done
	@install -m 644 tool/*.py tool/picture.html $(call quoted,INSTALLED)/$(SHARE)/tool/
	@install -m 644 boards/*.py $(call quoted,INSTALLED)/$(SHARE)/boards/
	@for program in tool/omap-mmu boards/omap-guest; do \
	    chmod 755 $(call quoted,INSTALLED)/$(SHARE)/$$program.py && \
	    ln -sf ../$(SHARE)/$$program.py $(call quoted,INSTALLED)/bin/$${program##*/} && \
	    sed "s/$${program##*/}\.py/$${program##*/}/" $$program.1 \
	        >$(call quoted,INSTALLED)/share/man/man1/$${program##*/}.1 && \
	    chmod 644 $(call quoted,INSTALLED)/share/man/man1/$${program##*/}.1 && \
	    install -m 644 $$program.bash \
	        $(call quoted,INSTALLED)/share/bash-completion/completions/$${program##*/} || exit; \
	done
	@install -m 644 VERSION $(call quoted,INSTALLED)/$(SHARE)/
	@install -m 644 docs/debug-key.md $(call quoted,INSTALLED)/$(DOC)/

comma := ,
# $(call entries,FLAGS,FILES): of compile_commands.json, as clang would be asked.
entries = $(foreach file,$(2),{"directory": "$(CURDIR)", "file": "$(file)",\
            "command": "clang $(subst ",\",$(1)) -c $(file)"},)
FOR_CLANGD = $(call entries,$(TEST_CFLAGS) $(FIRMWARE_CFLAG),$(CORE) $(MODEL) $(SIM) \
                 $(filter-out tests/format/format_test.c tests/port/% tests/qemu/%, \
                              $(wildcard tests/*/*.c))) \
             $(call entries,$(PORT_CFLAGS),$(wildcard xen/*.c tests/port/*.c)) \
             $(call entries,$(FORMAT_CFLAGS),tests/format/format_test.c) \
             $(call entries,$(SHARED_CFLAGS),$(wildcard qemu/*.c)) \
             $(call entries,--target=arm-none-eabi $(filter-out -Wl% -fno-tree%, \
                                $(FIRMWARE_CFLAGS)),$(wildcard firmware/*.c)) \
             $(call entries,$(BENCH_CFLAGS),$(wildcard bench/*.c bench/bounds/*.c)) \
             $(call entries,--target=arm-linux-gnueabihf $(BOUNDS_CFLAGS), \
                    $(wildcard bench/bounds/arm/*.c))

.PHONY: compile_commands.json
compile_commands.json: ## how each C file is compiled, those of system/ left out, for clangd
	$(file >$@,$(subst $(comma)END,],[$(strip $(FOR_CLANGD))END))
	@echo "made $@"

.PHONY: uninstall
uninstall: ## what `make install` with the same DESTDIR and PREFIX left
	@for program in omap-mmu omap-guest; do \
	    rm -f $(call quoted,INSTALLED)/bin/$$program \
	        $(call quoted,INSTALLED)/share/man/man1/$$program.1 \
	        $(call quoted,INSTALLED)/share/bash-completion/completions/$$program || exit; \
	done
	@rm -rf $(call quoted,INSTALLED)/$(SHARE) $(call quoted,INSTALLED)/$(DOC)

.PHONY: clean
clean: ## remove what was built; what was fetched stays
	@find $(BUILD) -mindepth 1 -maxdepth 1 ! -name 'apt*' ! -name 'fetch*' \
	    -exec rm -rf {} + 2>/dev/null || true

# The Debian packages that all else needs, and those that one target needs; only
# what is missing is installed. A LINUX that cannot be the guest's is refused here, before
# anything is built.
.PHONY: setup
setup:
	@[ -z "$$LINUX" ] || system/fetch-linux.sh
	@system/setup.sh test build

SETUP_GROUPS := setup-test setup-lint setup-protocol setup-afl setup-coverage setup-analysis \
                setup-valgrind setup-picture
.PHONY: $(SETUP_GROUPS)
$(SETUP_GROUPS): setup-%:
	@system/setup.sh $*

# What tests check is compiled once for each compiler, its headers' names beside it,
# and archived: build/objects/COMPILER/core.a, model.a, sim.a. All of an archive is linked:
# what is missing or there twice is an error, whether a test uses it or not.
OBJECTS := $(BUILD)/objects
COMPILERS := gcc clang
ARCHIVES := core model sim port format

# Which sources: the Xen port has the core as it is, on a fake of what it uses of Xen, and
# models of the hardware behind it. The core with another table format needs no hardware.
SOURCES_core := $(CORE)
SOURCES_model := $(MODEL)
SOURCES_sim := $(SIM)
SOURCES_port := $(wildcard tests/port/fake*.c xen/*.c)
SOURCES_format := $(filter-out $(GPU_CORE),$(CORE))
PORT_MODEL := model/mmu.c model/prcm.c

# Xen's own builds have these warnings off.
PORT_CFLAGS = $(filter-out -I%,$(TEST_CFLAGS)) -Wno-sign-compare \
              -Wno-unused-parameter -DCONFIG_OMAP_GPU -Itests/port/fake -Icore -Imodel -Ixen
FORMAT_CFLAGS = $(TEST_CFLAGS) -include tests/format/other_pt.h

define compile_object
	@mkdir -p $(@D)
	@$(1) $(2) $(DEPENDENCIES) -c -o $@ $<
endef

define archive
	@rm -f $@
	@ar rcsT $@ $^
endef

define link_test
	@mkdir -p $(@D)
	@echo "building $(@:$(BUILD)/%=%)"
	@$(1) $(TEST_CFLAGS) -o $@ $(filter %.o,$^) -Wl,--whole-archive $(filter %.a,$^) \
	    -Wl,--no-whole-archive -Wl,--as-needed -lcmocka -lunicorn
endef

# $(call objects_of,COMPILER,SOURCES)
objects_of = $(patsubst %.c,$(OBJECTS)/$(1)/%.o,$(2))

# $(call rules_of,COMPILER)
define rules_of
$(OBJECTS)/$(1)/%.o: %.c | setup-test
	$$(call compile_object,$(1),$$(TEST_CFLAGS))

$(OBJECTS)/$(1)/xen/%.o: xen/%.c | setup-test
	$$(call compile_object,$(1),$$(PORT_CFLAGS))

$(OBJECTS)/$(1)/tests/port/%.o: tests/port/%.c | setup-test
	$$(call compile_object,$(1),$$(PORT_CFLAGS))

$(OBJECTS)/$(1)/format/%.o: %.c | setup-test
	$$(call compile_object,$(1),$$(FORMAT_CFLAGS))

$(OBJECTS)/$(1)/core.a: $(call objects_of,$(1),$(SOURCES_core))
$(OBJECTS)/$(1)/model.a: $(call objects_of,$(1),$(SOURCES_model))
$(OBJECTS)/$(1)/sim.a: $(call objects_of,$(1),$(SOURCES_sim))
$(OBJECTS)/$(1)/port.a: $(call objects_of,$(1),$(SOURCES_port) $(PORT_MODEL))
$(OBJECTS)/$(1)/format.a: $(call objects_of,$(1)/format,$(SOURCES_format))
$(ARCHIVES:%=$(OBJECTS)/$(1)/%.a):
	$$(archive)

$(BUILD)/tests/$(1)/%: $(OBJECTS)/$(1)/tests/%.o $(ARCHIVES_OF_TEST:%=$(OBJECTS)/$(1)/%.a)
	$$(call link_test,$(1))

$(BUILD)/tests/$(1)/port/%: $(OBJECTS)/$(1)/tests/port/%.o $(OBJECTS)/$(1)/port.a \
                               $(OBJECTS)/$(1)/core.a
	$$(call link_test,$(1))

$(BUILD)/tests/$(1)/format/format_test: \
    $(OBJECTS)/$(1)/format/tests/format/format_test.o $(OBJECTS)/$(1)/format.a
	$$(call link_test,$(1))

# A table of another format beside the core as it is.
$(BUILD)/tests/$(1)/format/two_test: \
    $(addprefix $(OBJECTS)/$(1)/,tests/format/two_test.o tests/format/other_table.o core.a)
	$$(call link_test,$(1))
endef
ARCHIVES_OF_TEST := core model sim
$(foreach compiler,$(COMPILERS),$(eval $(call rules_of,$(compiler))))

# What only a pattern names would be removed.
.SECONDARY:

FIRMWARE_TESTS := $(COMPILERS:%=$(BUILD)/tests/%/unit/firmware_test)
FIRMWARE_CFLAG := -DFIRMWARE='"$(CURDIR)/$(BUILD)/firmware"'
$(COMPILERS:%=$(OBJECTS)/%/tests/unit/firmware_test.o): TEST_CFLAGS += $(FIRMWARE_CFLAG)
$(FIRMWARE_TESTS): | $(FIRMWARE)

# The core's locks: threads under ThreadSanitizer, and the protocol as a model.
THREADS := $(addprefix $(BUILD)/tests/tsan/,threads_test gpu_test)

$(BUILD)/tests/tsan/threads_test: tests/threads/world.c model/mmu.c
$(BUILD)/tests/tsan/gpu_test: model/bif.c
$(THREADS): $(BUILD)/tests/tsan/%: tests/threads/%.c $(CORE) $(HEADERS) | setup
	@mkdir -p $(@D)
	@echo "building $(@:$(BUILD)/%=%)"
	@gcc -std=gnu11 -g -O1 -Wall -Wextra -Werror -fsanitize=thread \
	    -fno-omit-frame-pointer -pthread -Icore -Imodel -Isim -o $@ \
	    $(filter %.c,$^) -lcmocka

.PHONY: threads
threads: $(THREADS) ## all contexts of the core at once, under ThreadSanitizer
	@tests/run.sh $(THREADS)

check: $(THREADS) setup-protocol

.PHONY: protocol
protocol: setup setup-protocol ## check a model of the locks' protocol, and that it finds what is broken
	@tests/protocol/check.sh

# The fuzzers' guide is what the core does: the rest is built for speed.
FUZZ := $(BUILD)/fuzz
FUZZ_SIM := model/mmu.c model/prcm.c \
            $(addprefix sim/, access.c check.c hostile_host.c machine.c \
                                        memory.c oracle.c processor.c reach.c state.c)
FUZZ_CFLAGS := -std=gnu11 -g -O2 -Wall -Wextra -Werror -Icore -Imodel -Isim
FUZZ_NEEDS := $(wildcard tests/fuzz/*.[ch]) $(FUZZ_SIM) $(CORE) $(HEADERS)

# The GPU's part has a harness of its own: gpu-fuzzer, gpu-replay.
GPU_FUZZ_SIM := model/bif.c sim/gpu.c sim/gpu_bif.c

check: $(addprefix $(FUZZ)/,fuzzer replay dictionary gpu-fuzzer gpu-replay)

.PHONY: fuzz
fuzz: $(FUZZ)/fuzzer $(FUZZ)/replay $(FUZZ)/dictionary ## fuzz the core: make fuzz TIME=<seconds>, by libFuzzer
	@tests/fuzz/run.sh $(call quoted,TIME)

.PHONY: fuzz-afl
fuzz-afl: $(FUZZ)/fuzzer-afl $(FUZZ)/replay $(FUZZ)/dictionary ## the same, by AFL++
	@tests/fuzz/run.sh $(call quoted,TIME) afl

.PHONY: fuzz-gpu
fuzz-gpu: $(FUZZ)/gpu-fuzzer $(FUZZ)/gpu-replay ## fuzz what the core does for a GPU, by libFuzzer
	@tests/fuzz/run.sh $(call quoted,TIME) gpu

# $(call keep,PREFIX): of a harness' files.
define keep
	@rm -rf $(FUZZ)/$(1)merged && mkdir -p $(FUZZ)/$(1)merged $(FUZZ)/$(1)found
	@python3 tests/fuzz/corpus.py unpack tests/fuzz/$(1)corpus.txt $(FUZZ)/$(1)seeds
	@$(FUZZ)/$(1)fuzzer -merge=1 -use_counters=0 -rss_limit_mb=0 \
	    $(FUZZ)/$(1)merged $(FUZZ)/$(1)seeds $(FUZZ)/$(1)found >$(FUZZ)/$(1)merge.log 2>&1
	@python3 tests/fuzz/corpus.py pack $(FUZZ)/$(1)merged tests/fuzz/$(1)corpus.txt $(FUZZ)/$(1)replay
endef

.PHONY: fuzz-corpus
fuzz-corpus: $(FUZZ)/fuzzer $(FUZZ)/replay ## what fuzzing found, minimised, becomes the corpus
	$(call keep,)

.PHONY: fuzz-corpus-gpu
fuzz-corpus-gpu: $(FUZZ)/gpu-fuzzer $(FUZZ)/gpu-replay ## the same for fuzz-gpu
	$(call keep,gpu-)

FUZZ_OBJECTS := $(FUZZ_SIM:%.c=$(FUZZ)/%.o)
GPU_FUZZ_OBJECTS := $(GPU_FUZZ_SIM:%.c=$(FUZZ)/%.o)

$(FUZZ)/%.o: %.c $(HEADERS) | setup
	@mkdir -p $(@D)
	@clang $(FUZZ_CFLAGS) -c -o $@ $<

define compile_fuzzer
	@echo "building $(@:$(BUILD)/%=%)"
	@$(1) $(FUZZ_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all \
	    -fsanitize=fuzzer $(2) -o $@ tests/fuzz/fuzzer.c $(3) $(CORE)
endef

$(FUZZ)/fuzzer: $(FUZZ_NEEDS) $(FUZZ_OBJECTS) | setup
	$(call compile_fuzzer,clang,-fno-sanitize-coverage=trace-cmp,tests/fuzz/actions.c $(FUZZ_OBJECTS))

$(FUZZ)/gpu-fuzzer: $(FUZZ_NEEDS) $(GPU_FUZZ_OBJECTS) | setup
	$(call compile_fuzzer,clang,-fno-sanitize-coverage=trace-cmp,\
	    tests/fuzz/gpu_actions.c $(GPU_FUZZ_OBJECTS))

$(FUZZ)/fuzzer-afl: $(FUZZ_NEEDS) $(FUZZ_OBJECTS) | setup setup-afl
	$(call compile_fuzzer,AFL_QUIET=1 afl-clang-fast,,tests/fuzz/actions.c $(FUZZ_OBJECTS))

# They take of the archives what they need.
REPLAY_ARCHIVES := $(addprefix $(OBJECTS)/gcc/,sim.a model.a core.a)

define link_replay
	@mkdir -p $(@D)
	@echo "building $(@:$(BUILD)/%=%)"
	@gcc $(TEST_CFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group
endef

$(FUZZ)/replay: $(addprefix $(OBJECTS)/gcc/tests/fuzz/,replay.o actions.o) $(REPLAY_ARCHIVES)
	$(link_replay)

$(FUZZ)/gpu-replay: $(addprefix $(OBJECTS)/gcc/tests/fuzz/,replay.o gpu_actions.o) \
                    $(REPLAY_ARCHIVES)
	$(link_replay)

$(FUZZ)/dictionary: tests/fuzz/dictionary.c $(HEADERS) | setup
	@mkdir -p $(@D)
	@gcc $(FUZZ_CFLAGS) -o $@.made-by $<
	@$@.made-by >$@

.PHONY: firmware
firmware: $(FIRMWARE) ## build what the remote processors run

define compile_firmware
	@mkdir -p $(@D)
	@echo "building $(@:$(BUILD)/%=%)"
	@arm-none-eabi-gcc $(FIRMWARE_CFLAGS) $(1) -o $@ $(filter %.c,$^)
endef

IPU_COMMON := $(addprefix firmware/, start.c core.c fault.c trace.c mailbox.c \
                                    vring.c rpmsg.c resource_table.c services.c)
IPU_SOURCES := $(IPU_COMMON) firmware/main.c
PREEMPT_SOURCES := $(IPU_COMMON) firmware/tasks.c firmware/preempt.c
IPU_NEEDS := $(IPU_SOURCES) $(wildcard firmware/*.h) firmware/ipu.ld
GOOD := $(BUILD)/firmware/xen-omap-ipu.elf

$(GOOD): $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld)

$(BUILD)/firmware/xen-omap-ipu-hostile.elf: $(IPU_NEEDS) firmware/scan.c | setup
	$(call compile_firmware,-T firmware/ipu.ld -DHOSTILE)

# Built for where TI's tree of OMAP5 has the IPU's pool; the window is 8 MiB larger.
OMAP5_POOL := -DPOOL_PA=0x95800000u -DPOOL_BYTES=0x04000000u

$(BUILD)/firmware/omap5/xen-omap-ipu.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld $(OMAP5_POOL))

$(BUILD)/firmware/omap5/xen-omap-ipu-hostile.elf: $(IPU_NEEDS) firmware/scan.c | setup
	$(call compile_firmware,-T firmware/ipu.ld -DHOSTILE $(OMAP5_POOL))

# IPU2 of DRA7 and AM57: its pool is OMAP5's, its mailbox is the sixth, on L4_PER3. Linux's tree
# has the FIFOs; the user is our choice.
AM57_IPU2 := $(OMAP5_POOL) -DL4_CFG_PA=0x48800000u -DMAILBOX_IN_L4=0x42000u \
             -DFROM_LINUX=6 -DTO_LINUX=4 -DUSER=1

$(BUILD)/firmware/am57/xen-omap-ipu.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld $(AM57_IPU2))

# For guests of xl, with the configurations that boards/omap-guest.py writes: the mailbox is where
# such a guest has it, and Linux takes memory from where system/boards_board.py says.
XL_L4 := -DL4_CFG_PA=0x0e000000u -DMAILBOX_IN_L4=0x102000u

$(BUILD)/firmware/omap5-xl/xen-omap-ipu.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld -DPOOL_PA=0x44000000u -DPOOL_BYTES=0x04000000u $(XL_L4))

# Of the shape of TI's own images for the IPU: what they ask for, at their addresses.
$(BUILD)/firmware/omap5/xen-omap-ipu-ti.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld -DTI_SHAPE)

# Two tasks in place of a loop.
PREEMPT_NEEDS := $(PREEMPT_SOURCES) $(wildcard firmware/*.h) firmware/ipu.ld

$(BUILD)/firmware/xen-omap-ipu-preempt.elf: $(PREEMPT_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld)

$(BUILD)/firmware/omap5/xen-omap-ipu-preempt.elf: $(PREEMPT_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld $(OMAP5_POOL))

DSP_NEEDS := firmware/dsp.c firmware/dsp.ld $(wildcard firmware/*.h) $(HEADERS)
# Where its one carveout is: for the compiler and the linker.
script_at = -DSCRIPT_DA=$(1)u -Wl,--defsym=SCRIPT_DA=$(1) -T firmware/dsp.ld

$(BUILD)/firmware/xen-omap-dsp.elf: firmware/dsp_script.c $(DSP_NEEDS) | setup
	$(call compile_firmware,$(call script_at,0x20000000))

$(BUILD)/firmware/omap5-xl/xen-omap-dsp.elf: firmware/dsp_script.c $(DSP_NEEDS) | setup
	$(call compile_firmware,$(call script_at,0x20000000) $(XL_L4) -DL4_CFG_DA=0xaa000000u \
	    -DFROM_LINUX=3 -DTO_LINUX=2)

# DSP1 of DRA7 and AM57: at the pool's address in TI's tree. The mailbox is the fifth, on
# L4_PER3, of which Linux's tree has the FIFOs.
AM57_DSP1 := $(call script_at,0x99000000) -DL4_CFG_PA=0x48800000u -DL4_CFG_DA=0x48800000u \
             -DMAILBOX_IN_L4=0x40000u -DFROM_LINUX=5 -DTO_LINUX=1

$(BUILD)/firmware/am57/xen-omap-dsp.elf: firmware/dsp_wishes.c $(DSP_NEEDS) | setup
	$(call compile_firmware,$(AM57_DSP1))

# A carveout larger than all the guest's memory; than the IPU's pool, wherever it is.
$(BUILD)/firmware/bad-greedy.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld -DDATA_BYTES=0x40000000)

$(BUILD)/firmware/bad-outside.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld -DDATA_BYTES=0x04000000)

# A resource table of a version that Linux does not know; a vring that does not fit into
# the pool; one that reads, once it runs, where nothing is mapped.
$(BUILD)/firmware/bad-version.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld -DRESOURCE_VERSION=2u)

$(BUILD)/firmware/bad-vring.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld -DVRING_ALIGN=0x01000000u)

$(BUILD)/firmware/bad-crash.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld -DSTRAY_DA=0xdead0000u)

$(BUILD)/firmware/bad-lock-up.elf: $(IPU_NEEDS) | setup
	$(call compile_firmware,-T firmware/ipu.ld -DLOCKS_UP)

$(BUILD)/firmware/bad-no-table.elf: $(GOOD)
	@arm-none-eabi-objcopy --rename-section .resource_table=.no_table $< $@

# Its code is to be loaded where no carveout is.
$(BUILD)/firmware/bad-segment.elf: $(GOOD)
	@arm-none-eabi-objcopy --change-section-lma .text=0x90000000 $< $@

# It is cut short.
$(BUILD)/firmware/bad-corrupt.elf: $(GOOD)
	@head -c 5000 $< >$@

# The file's first segment begins beyond its end: p_offset of the program header
# that is found by e_phoff, which is right behind the ELF header.
$(BUILD)/firmware/bad-offset.elf: $(GOOD)
	@cp $< $@
	@printf '\0\0\0\020' | dd of=$@ bs=1 seek=56 conv=notrunc status=none

SHARED_CFLAGS := -std=gnu11 -g -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden \
                 -Icore -Imodel

define compile_shared
	@mkdir -p $(@D)
	@gcc $(SHARED_CFLAGS) -shared -o $@ $(1)
endef

$(PLUGIN): $(wildcard qemu/*.[ch]) $(MODEL) $(HEADERS) | setup $(M4)
	$(call compile_shared,$(wildcard qemu/*.c) $(filter-out $(M4_SOURCES),$(MODEL)))

# libunicorn has names of QEMU's own: the plugin opens this apart from the rest.
$(M4): $(M4_SOURCES) $(HEADERS) | setup
	$(call compile_shared,$(M4_SOURCES) -lunicorn)

BENCH_CFLAGS := -std=gnu11 -g -O2 -Wall -Wextra -Werror -Icore -Isim

$(BUILD)/bench: $(wildcard bench/*.[ch]) $(CORE) $(HEADERS) | setup
	@mkdir -p $(@D)
	@gcc $(BENCH_CFLAGS) -o $@ $(wildcard bench/*.c) $(CORE)

# The core as Xen compiles it for 32-bit Arm, with the worst of hosts and guests; a
# meter runs it and counts. STEPS: of each search for something worse.
BOUNDS := $(BUILD)/bounds
BOUNDS_CFLAGS := -std=gnu99 -O2 -Wall -Wextra -Werror -marm -mcpu=cortex-a15 \
                 -msoft-float -fno-strict-aliasing -fno-common -fno-builtin \
                 -fno-pie -fno-stack-protector -ffreestanding \
                 -fno-tree-loop-distribute-patterns -Icore -Isim \
                 -isystem bench/bounds/arm
BOUNDS_OBJECTS := $(CORE:core/%.c=$(BOUNDS)/core-%.o) \
                  $(patsubst bench/bounds/arm/%.c,$(BOUNDS)/%.o, \
                    $(wildcard bench/bounds/arm/*.c))
STEPS := 10

.PHONY: bounds
bounds: $(BOUNDS)/bounds ## the most that each operation of the core can cost; STEPS=<of each search>
	@$(BOUNDS)/bounds $(BOUNDS)/arm.bin $(STEPS)

check: $(BOUNDS)/bounds

define compile_counted
	@mkdir -p $(@D)
	@arm-linux-gnueabihf-gcc $(BOUNDS_CFLAGS) -c -o $@ $<
endef

$(BOUNDS)/core-%.o: core/%.c $(HEADERS) bench/bounds/arm/string.h | setup
	$(compile_counted)

$(BOUNDS)/%.o: bench/bounds/arm/%.c $(HEADERS) \
               $(wildcard bench/bounds/*.h bench/bounds/arm/*.h) | setup
	$(compile_counted)

$(BOUNDS)/arm.bin: $(BOUNDS_OBJECTS) bench/bounds/arm/bounds.ld
	@arm-linux-gnueabihf-gcc -nostdlib -static -Wl,--build-id=none \
	    -Wl,--no-warn-rwx-segments -Wl,--fatal-warnings \
	    -T bench/bounds/arm/bounds.ld -o $(BOUNDS)/arm.elf $(BOUNDS_OBJECTS)
	@arm-linux-gnueabihf-objcopy -O binary $(BOUNDS)/arm.elf $@

$(BOUNDS)/bounds: bench/bounds/meter.c $(wildcard bench/bounds/*.h) $(BOUNDS)/arm.bin | setup
	@gcc -std=gnu11 -g -O2 -Wall -Wextra -Werror -o $@ $< -lunicorn

# Coverage of the core by the tests that drive it. Without optimisation and
# sanitizers, whose branches are not the source's.
COVERAGE := $(BUILD)/coverage
COVERAGE_CORE := $(CORE:%.c=$(COVERAGE)/%.o)
COVERAGE_TESTS := $(patsubst %,$(COVERAGE)/%,$(filter-out model/% format/%,$(TESTS)))
COVERAGE_CFLAGS = $(filter-out -O1 -f%,$(TEST_CFLAGS)) -O0

.PHONY: coverage
coverage: $(COVERAGE_TESTS) ## lines and branches of core/ that the tests reach
	@tests/coverage.py $(COVERAGE) $(COVERAGE_TESTS)

$(COVERAGE)/core/%.o: core/%.c $(HEADERS) | setup setup-coverage
	@mkdir -p $(@D)
	@gcc $(COVERAGE_CFLAGS) --coverage -c -o $@ $<

$(COVERAGE_TESTS): $(COVERAGE)/%: tests/%.c $(COVERAGE_CORE) $(SIM) $(MODEL) $(HEADERS)
	@mkdir -p $(@D)
	@echo "building $(@:$(BUILD)/%=%)"
	@gcc $(COVERAGE_CFLAGS) -o $@ $< $(SIM) $(MODEL) $(COVERAGE_CORE) \
	    -lcmocka -lunicorn -lgcov

$(COVERAGE)/unit/firmware_test: TEST_CFLAGS += $(FIRMWARE_CFLAG)
$(COVERAGE)/unit/firmware_test: $(FIRMWARE)

.PHONY: analysis
analysis: setup setup-analysis ## static analysis: clang-tidy, cppcheck, gcc, sparse, MISRA
	@tests/analysis.sh

# Compiled as a part of it as well.
$(COVERAGE)/core/sgx_table.o $(BOUNDS)/core-sgx_table.o: core/table.c

-include $(shell [ ! -d $(OBJECTS) ] || find $(OBJECTS) -name '*.d')
