# SPDX-License-Identifier: GPL-2.0-only
"""A file that is written whole, or stays as it was."""
import os
import stat
import tempfile

from addresses import Mistake


def write(path, text):
    """Beside it first: what was there is replaced once all is written. A device or a pipe is
    written as it is."""
    try:
        mode = mode_of(path)
        if stat.S_ISREG(mode):
            write_beside(os.path.realpath(path), text, stat.S_IMODE(mode))
        else:
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
    except OSError as error:
        raise Mistake(f"{path}: {error.strerror}") from error


def mode_of(path):
    """Of a file that is not there yet, that which it is to have."""
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return stat.S_IFREG | 0o666 & ~mask


def write_beside(path, text, mode):
    handle, beside = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".omap-mmu-")
    try:
        with open(handle, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
