"""Jobs done side by side by processes of their own, which end with the one that started them, however that ends."""

from __future__ import annotations

import contextlib
import gc
import itertools
import multiprocessing
import os
import pickle
import signal
import sys
import traceback
import types
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Protocol, TypeVar

from corpus.errors import StorageError

JobT = TypeVar("JobT", contravariant=True)
DoneT = TypeVar("DoneT", covariant=True)
_STEP, _DONE, _FAILED = range(3)  # what a worker sends
_NICE = 10  # below the processes that answer questions meanwhile


Step = Callable[[int, int], None]
"""Called with how much more of a job is done: documents, and bytes of their files."""


class Maker(Protocol[JobT, DoneT]):
    """What does one job after another."""

    def make(self, job: JobT, step: Step, /) -> DoneT: ...
    def close(self) -> None: ...


class WorkerError(StorageError):
    """A process ended before its job was done: it was killed, or the memory ran out."""


def seldom_collecting() -> tuple[int, int, int]:
    """Have Python look for cycles seldom: a build makes millions of small values, and none of them; return how often
    it looked before.
    """
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    return before


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def work(
    make_maker: Callable[[], Maker[JobT, DoneT]], jobs: Iterable[JobT], *, processes: int, step: Step
) -> Iterator[DoneT]:
    """Yield what came of each job, in the order in which they are done; an exception of a job is raised here.

    `make_maker` is called once in each process and must be picklable. With fewer than two processes everything is
    done in this one.
    """
    if processes < 2:
        with contextlib.closing(make_maker()) as maker:
            for job in jobs:
                yield maker.make(job, step)
        return
    # Not forked: a server that rebuilds has threads, and a child would hold its locks. A pipe each, and no queue:
    # when this process dies, the other end of its pipe closes, and the worker ends.
    context = multiprocessing.get_context("spawn")
    waiting = iter(jobs)
    workers: _Workers = {}
    try:
        for job in itertools.islice(waiting, processes):
            mine, theirs = context.Pipe()
            workers[mine] = context.Process(target=_serve, args=(theirs, make_maker), daemon=True)
            with _without_main():
                workers[mine].start()
            theirs.close()
            _send(mine, job, workers)
        busy = set(workers)
        while busy:
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                try:
                    what, done = connection.recv()
                except (EOFError, ConnectionError):
                    raise _ended(workers[connection]) from None
                if what == _FAILED:
                    raise done
                if what == _STEP:
                    step(*done)
                    continue
                busy.discard(connection)
                for job in waiting:
                    _send(connection, job, workers)
                    busy.add(connection)
                    break
                yield done
    finally:
        for connection, process in workers.items():
            connection.close()
            process.terminate()
        for process in workers.values():
            process.join()


_Workers = dict[Connection, multiprocessing.process.BaseProcess]


def _send(connection: Connection, job: object, workers: _Workers) -> None:
    try:
        connection.send(job)
    except ConnectionError:
        raise _ended(workers[connection]) from None


def _ended(process: multiprocessing.process.BaseProcess) -> WorkerError:
    process.join()
    return WorkerError("build-worker", status=process.exitcode)


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the program from the process that is started: it would run it again, and needs nothing of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(connection: Connection, make_maker: Callable[[], Maker[JobT, DoneT]]) -> None:
    """Do the jobs that come in, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the first one tells
    seldom_collecting()
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        maker = None
        while True:
            job = connection.recv()
            try:
                maker = maker or make_maker()
                connection.send((_DONE, maker.make(job, lambda *more: connection.send((_STEP, more)))))
            except (EOFError, BrokenPipeError, ConnectionResetError):
                raise
            except Exception as error:  # told where the job came from
                connection.send((_FAILED, _sendable(error)))


def _sendable(error: Exception) -> Exception:
    """Return the exception, or what can be told of it where it does not survive the way to another process."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # an exception that takes other arguments than it keeps
        return ValueError("".join(traceback.format_exception_only(error)).strip())
    return error
