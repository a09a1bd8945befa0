#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What an operation of the core may cost at most (bench/bounds/). TAP.
build=$(dirname "$0")/../../build/bounds
exec "$build/bounds" --tap "$build/arm.bin" 1
