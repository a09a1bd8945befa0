#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Checks that the mutants still fit the code. `make mutants` checks that they are caught,
# which takes longer. TAP.
exec "$(dirname "$0")/run.py" --texts
