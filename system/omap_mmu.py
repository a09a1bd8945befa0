# SPDX-License-Identifier: GPL-2.0-only
"""The modules of omap-mmu (tool/) that the runner uses as well."""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tool"))

import debug_key
import debugfs
import inputs
import owned
import page_table
import picture
import ram
import ranges
import registers

__all__ = ["debug_key", "debugfs", "inputs", "owned", "page_table", "picture", "ram", "ranges",
           "registers"]
