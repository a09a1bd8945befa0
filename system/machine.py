# SPDX-License-Identifier: GPL-2.0-only
"""A running machine: its console line by line, Xen's console input, and a look
at machine memory from outside, through QEMU's monitor."""
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time

# Three of these hand the console's input on, from one domain to the next.
SWITCH_INPUT = "\x01\x01\x01"


def end_with_us():
    """Whoever ends this program ends QEMU with it: by way of Machine.stop()."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))


class Monitor:
    """QEMU's monitor protocol, as much of it as we need."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(120)
        self.socket.connect(path)
        self.file = self.socket.makefile("rw")
        self.file.readline()
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            line = self.file.readline()
            if not line:
                raise OSError("QEMU closed its monitor")
            answer = json.loads(line)
            if "error" in answer:
                raise OSError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]


class Mender:
    """Puts lines of a domain together that Xen, or another domain, broke apart: the domain
    that has the input speaks letter by letter, and if it loses the input in the middle of a
    line, the rest comes as a line of its own, with its name."""

    def __init__(self):
        self.broken = ""        # the first part of a line, of which more may come, ...
        self.speaker = ""       # ... and whose it is

    def whole(self, line, owner):
        """The line without what it interrupts, or with what it goes on from. The input was
        `owner`'s when it began."""
        at = line.rfind("(XEN) ")
        if at > 0:
            # Xen may have begun a line itself, and been interrupted.
            self.broken += line[:at].removeprefix("(XEN) ")
            self.speaker = owner
            return line[at:]
        name = self.speaker + ": "
        text = line.removeprefix("(XEN) ")
        if self.broken and (at < 0 or text.startswith(name)):
            line, self.broken = self.broken + text.removeprefix(name), ""
        return line


class Port:
    """A virtio port of the machine's, whose lines are whole."""

    def __init__(self, path, process):
        self.socket = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError as error:
                if process.poll() is not None:
                    raise OSError("QEMU ended before it opened its port") from error
                time.sleep(0.05)
        self.file = self.socket.makefile("r", errors="replace")

    def write(self, text):
        self.socket.sendall(text.encode())


class Machine:
    """Runs a QEMU command; the console goes to `log`, and to who asks. So does what comes
    through `port`, if the machine has that: the path of its socket."""

    def __init__(self, folder, command, log, port=None):
        self.folder = folder
        self.lines = queue.Queue()
        self.started = time.monotonic()
        self.input = "DOM0"
        self.mender = Mender()
        qmp = os.path.join(self.folder, "qmp")
        if os.path.exists(qmp):
            os.remove(qmp)
        self.writing = threading.Lock()
        self.out = open(log, "w", errors="replace", buffering=1)
        self.out.write("# " + " ".join(command) + "\n")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self._monitor = None
        self.port = Port(port, self.process) if port else None
        if port:
            threading.Thread(target=self._read_port, daemon=True).start()

    def elapsed(self):
        return time.monotonic() - self.started

    def _read(self):
        for raw in self.process.stdout:
            line = raw.decode(errors="replace").rstrip("\r\n")
            # Terminal control that busybox or Xen may send.
            line = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\0", "", line)
            self.log(line)
            whole = self.mender.whole(line, self.input)
            owner = re.search(r"\*\*\* Serial input to (\w+)", line)
            if owner:
                self.input = owner.group(1)
            self.lines.put(whole)
        self.lines.put(None)

    def _read_port(self):
        """It ends with QEMU, as does the console, which says so."""
        for line in self.port.file:
            line = line.rstrip("\n")
            self.log(line)
            self.lines.put(line)

    def log(self, line):
        with self.writing:
            if not self.out.closed:
                self.out.write(f"[{self.elapsed():6.2f}] {line}\n")

    def line(self, deadline):
        """The next line of the console; None at the end or when time is up."""
        try:
            line = self.lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        if line is None:
            self.lines.put(None)    # the end, for whoever asks next too
        return line

    def rest(self):
        """Lines that nobody has asked for, once the machine has stopped."""
        lines = []
        while not self.lines.empty():
            line = self.lines.get()
            if line is not None:
                lines.append(line)
        return lines

    def note(self, words):
        self.log(f"# {words}")

    def write(self, text):
        """A few letters: the emulated UART's queue is short."""
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def type_to(self, owner, letter):
        """Types a letter to "Xen" or to a domain ("DOM1"). Xen has the input otherwise: the
        output of a domain that has it comes in letters, not in lines. So the input is handed
        on with the letter, before the domain that waits for it goes on."""
        self.give_input(owner)
        if owner == "Xen":
            self.write(letter)
        else:
            self.hand_on(letter)
            self.give_input("Xen")

    def hand_on(self, first=""):
        """The caller tries again if the input was not handed on: Xen's message about it may
        have been split."""
        before = self.input
        self.write(first + SWITCH_INPUT)
        deadline = time.monotonic() + 20
        while self.input == before and time.monotonic() < deadline:
            time.sleep(0.02)

    def give_input(self, owner):
        for _ in range(6):
            if self.input == owner:
                return
            self.hand_on()
        raise OSError(f"Xen does not hand the console's input to {owner}")

    @property
    def monitor(self):
        if self._monitor is None:
            self._monitor = Monitor(os.path.join(self.folder, "qmp"))
        return self._monitor

    def memory(self, address, size):
        """Machine memory, or a device's registers, as they are now."""
        path = os.path.join(self.folder, "memory")
        self.monitor.ask("pmemsave", val=address, size=size, filename=path)
        with open(path, "rb") as f:
            return f.read()

    def word(self, address):
        return int.from_bytes(self.memory(address, 4), "little")

    def stop(self):
        """Ends QEMU, our own process, whatever state it is in."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.reader.join()

    def close(self):
        """Nothing more goes to the log."""
        self.out.close()
