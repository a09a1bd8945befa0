# SPDX-License-Identifier: GPL-2.0-only
"""Files that are read, and the folder that is written. All that the system refuses is a Mistake."""
import contextlib
import os
import shutil
import signal
import stat
import tempfile

from blob import Mistake

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def explained(path, remedy):
    try:
        yield
    except OSError as error:
        raise Mistake(f"{path}: {error.strerror} ({remedy})") from error


@contextlib.contextmanager
def opened(path, most, remedy):
    """A regular file of at most so many bytes. A pipe is not waited for."""
    with explained(path, remedy), open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Mistake(f"{path}: it is not a regular file ({remedy})")
        if status.st_size > most:
            raise Mistake(f"{path}: it has {status.st_size} bytes, and there is room for {most} "
                          f"({remedy})")
        yield file


def read(path, most, remedy):
    with opened(path, most, remedy) as file:
        return file.read(most)


def size(path, most, remedy):
    with opened(path, most, remedy) as file:
        return os.fstat(file.fileno()).st_size


def printable(line):
    """Without what a terminal takes for a command. What is not text stays as it is."""
    return "".join(c if c.isprintable() or "\udc80" <= c <= "\udcff" else f"\\x{ord(c):02x}"
                   for c in line)


def stop_by_signal(handler):
    for number in SIGNALS:
        signal.signal(number, handler)


class Files:
    """What is to be written: path below the folder -> bytes."""

    def __init__(self):
        self.data, self.seen = {}, set()

    def put(self, name, data):
        """Names are compared as on FAT, from which U-Boot may load."""
        if name.lower() in self.seen:
            raise Mistake(f"{name}: two files would have this name, if A and a are one (give the "
                          "guests other names)")
        self.seen.add(name.lower())
        self.data[name] = data

    def fill(self, folder):
        for name, data in self.data.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(folder, 0o777 & ~mask)

    def write(self, folder):
        """All of them or none. From the last step on no signal is taken: all is written then."""
        path = os.path.abspath(folder)
        if os.path.lexists(path):
            raise Mistake(f"--out {folder}: it is there already (remove it, or name another)")
        remedy = "name a new folder in one that is there and that you may write to"
        with explained(f"--out {folder}", remedy):
            made = tempfile.mkdtemp(prefix=".omap-guest-", dir=os.path.dirname(path))
            try:
                self.fill(made)
                stop_by_signal(signal.SIG_IGN)
                os.rename(made, path)
            except BaseException:
                shutil.rmtree(made, ignore_errors=True)
                raise
