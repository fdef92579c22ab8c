"""Calls in a process of its own, with a time limit and a memory limit, that may break down without harm."""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from corpus.messages import message

JobT = TypeVar("JobT")
DoneT = TypeVar("DoneT")

SECONDS = 10  # of the processor for one call; some more for each megabyte
MEMORY = 1 << 30  # bytes of memory for one call; some more for each byte of a large file
_SECONDS_A_MEGABYTE = 10
_MEMORY_A_BYTE = 12
_PATIENCE = 6  # times the seconds, on the clock: a busy machine is no fault of the file
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from corpus.aside import serve; serve(*sys.argv[2:])"


class Aside(Generic[JobT, DoneT]):
    """A process that a function is called in; it starts with the first call, and anew after one that broke down."""

    def __init__(self, function: Callable[[JobT], DoneT]) -> None:
        """Take a function that a module has under its own name."""
        self._function = function
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def call(self, job: JobT, *, size: int, failed: Callable[[str], DoneT]) -> DoneT:
        """Return what the function makes of a job of so many bytes, or what `failed` makes of the reason why not."""
        seconds, memory = _limits(size)
        try:
            connection = self._started()
        except OSError as error:  # no more processes, say
            return failed(message("skip-crashed", reason=error.strerror or error))
        try:
            connection.send((seconds, seconds * _PATIENCE, memory, job))
            done, result = connection.recv()
        except (EOFError, ConnectionError):
            return failed(self._ended(seconds))
        if done:
            return result  # type: ignore[no-any-return]
        self.close()  # what it has taken is not given back
        return failed(message("skip-memory", megabytes=memory >> 20))

    def close(self) -> None:
        """End the process."""
        if self._connection:
            self._connection.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._connection = self._process = None

    def _started(self) -> Connection:
        if self._connection is None:
            mine, theirs = Pipe()
            name = f"{self._function.__module__}:{self._function.__qualname__}"
            # -P: no module that lies in the folder from which this is called
            command = [sys.executable, "-P", "-c", _START, json.dumps(sys.path), str(theirs.fileno()), name]
            none = subprocess.DEVNULL
            try:
                self._process = subprocess.Popen(
                    command, pass_fds=[theirs.fileno()], stdin=none, stdout=none, stderr=none
                )
            except OSError:
                mine.close()
                raise
            finally:
                theirs.close()
            self._connection = mine
        return self._connection

    def _ended(self, seconds: int) -> str:
        assert self._process
        status = self._process.wait()
        self.close()
        if -status in {signal.SIGPROF, signal.SIGALRM}:
            return message("skip-slow", seconds=seconds)
        with contextlib.suppress(ValueError):
            return message("skip-crashed", reason=signal.Signals(-status).name)
        return message("skip-crashed", reason=status)


def _limits(size: int) -> tuple[int, int]:
    """Return the seconds and the bytes of memory that a job of so many bytes may take."""
    return SECONDS + _SECONDS_A_MEGABYTE * (size >> 20), MEMORY + _MEMORY_A_BYTE * size


def serve(handle: str, name: str) -> None:
    """Answer the calls that come in, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the first one tells
    module, function = name.split(":")
    __import__(module)
    called: Callable[[Any], Any] = getattr(sys.modules[module], function)
    connection = Connection(int(handle))
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            seconds, patience, memory, job = connection.recv()
            # The signals' own doing ends the process, in the middle of a library too, and without the first process.
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.setitimer(signal.ITIMER_REAL, patience)
            with contextlib.suppress(ValueError, OSError):  # not every system has the limit
                resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
            try:
                connection.send((True, called(job)))
            except MemoryError:
                connection.send((False, None))
            del job
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
