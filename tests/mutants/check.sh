#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Whether the mutants still fit the code; whether they are caught takes longer, and is
# `make mutants`. TAP.
exec "$(dirname "$0")/run.py" --texts
