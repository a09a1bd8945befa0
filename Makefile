# SPDX-License-Identifier: GPL-2.0-only
#
# Everything that is made goes to build/; `make help` lists the targets.

BUILD := build
TEST_CFLAGS := -std=gnu11 -g -O1 -Wall -Wextra -Werror \
               -fsanitize=address,undefined -fno-sanitize-recover=all \
               -fno-omit-frame-pointer -Icore -Imodel -Isim
CORE := $(wildcard core/*.c)
MODEL := $(wildcard model/*.c)
SIM := $(wildcard sim/*.c)
HEADERS := $(wildcard core/*.h model/*.h sim/*.h tests/*/*.h)
PLUGIN := $(BUILD)/qemu/omap.so

# Each test is one file; every room it may judge is linked to it. Both compilers
# build them all: gcc's warnings are not clang's, nor are their sanitizers.
TESTS := $(patsubst tests/%.c,%,$(wildcard tests/model/*.c tests/unit/*.c \
                                           tests/property/*.c))
GCC_TESTS := $(TESTS:%=$(BUILD)/tests/gcc/%)
CLANG_TESTS := $(TESTS:%=$(BUILD)/tests/clang/%)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

.PHONY: demo
demo: $(PLUGIN) ## boot Xen and a Linux guest whose MMUs are mediated; watch
	@system/demo.sh

.PHONY: check
check: $(GCC_TESTS) $(CLANG_TESTS) $(PLUGIN) $(BUILD)/bench ## run every test; the last line is `N passed, N failed`
	@tests/run.sh $(GCC_TESTS) $(CLANG_TESTS) tests/bench/check.sh \
	    tests/qemu/run.py system/check.sh

.PHONY: bench
bench: $(BUILD)/bench ## what the shadow costs, beside two baselines; ARGS=--json
	@$(BUILD)/bench $(ARGS)

.PHONY: lint
lint: setup ## style, scripts, length of functions
	@tests/lint.sh

.PHONY: xen-driver
xen-driver: ## put the driver into your Xen: make xen-driver XEN=<source tree>
	@xen/install.sh $(if $(XEN),"$(XEN)",$(error say where your Xen is: make xen-driver XEN=<source tree>))

.PHONY: clean
clean: ## remove what was built; what was fetched stays
	@find $(BUILD) -mindepth 1 -maxdepth 1 ! -name apt ! -name fetch \
	    -exec rm -rf {} + 2>/dev/null || true

# The Debian packages that all else needs; only what is missing is installed.
.PHONY: setup
setup:
	@system/setup.sh

define compile_test
	@mkdir -p $(@D)
	@echo "building $(@:$(BUILD)/%=%)"
	@$(1) $(TEST_CFLAGS) -o $@ $< $(SIM) $(MODEL) $(CORE) -lcmocka
endef

$(BUILD)/tests/gcc/%: tests/%.c $(CORE) $(MODEL) $(SIM) $(HEADERS) | setup
	$(call compile_test,gcc)

$(BUILD)/tests/clang/%: tests/%.c $(CORE) $(MODEL) $(SIM) $(HEADERS) | setup
	$(call compile_test,clang)

$(PLUGIN): $(wildcard qemu/*.[ch]) $(MODEL) $(HEADERS) | setup
	@mkdir -p $(@D)
	@gcc -std=gnu11 -g -O2 -Wall -Wextra -Werror -shared -fPIC \
	    -fvisibility=hidden -Icore -Imodel -o $@ $(wildcard qemu/*.c) $(MODEL)

$(BUILD)/bench: $(wildcard bench/*.[ch]) $(CORE) $(HEADERS) | setup
	@mkdir -p $(@D)
	@gcc -std=gnu11 -g -O2 -Wall -Wextra -Werror -Icore -o $@ \
	    $(wildcard bench/*.c) $(CORE)
