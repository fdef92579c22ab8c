import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from index.workers import Step, WorkerError, cores, work

ROOT = Path(__file__).parent.parent


def nothing(more: int) -> None:
    pass


class Plain:
    """A maker that holds nothing that is to be closed."""

    def close(self) -> None:
        pass


class Doubler(Plain):
    """Tells each job, the double of it, and in which process it was done."""

    def __init__(self, factor: int = 2) -> None:
        self.factor = factor
        self.done = 0

    def make(self, job: int, step: Step) -> tuple[int, int, int]:
        step(1)
        step(job)
        self.done += 1
        return job, job * self.factor, os.getpid()


class RefusalError(Exception):
    """Does not survive the way to another process: it takes other arguments than it keeps."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


class Fails(Plain):
    def __init__(self, error: str) -> None:
        self.error = error

    def make(self, job: int, step: Step) -> str:
        if job < 3:
            return str(job)
        raise {"value": ValueError(f"不行 {job}"), "own": RefusalError("one", "other"), "disk": OSError(28, "full")}[
            self.error
        ]


class NeverMade(Plain):
    def __init__(self) -> None:
        raise RuntimeError("no maker")

    def make(self, job: int, step: Step) -> str:
        return str(job)


class Dies(Plain):
    def make(self, job: int, step: Step) -> str:
        if job == 2 and multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        return str(job)


class Lingers(Plain):
    """Writes down its process; the first job ends at once, the others never do."""

    def __init__(self, folder: Path) -> None:
        (folder / str(os.getpid())).touch()

    def make(self, job: int, step: Step) -> str:
        while job:
            time.sleep(0.02)
            step(1)
        return str(job)


class Closes(Fails):
    """Writes down that it was closed."""

    def __init__(self, file: Path) -> None:
        super().__init__("value")
        self.file = file

    def close(self) -> None:
        self.file.write_bytes(self.file.read_bytes() + b"closed" if self.file.exists() else b"closed")


@pytest.mark.parametrize("processes", [0, 1, 2, 3, 9])
def test_any_number_of_processes_gives_the_results_of_one(processes: int) -> None:
    steps: list[int] = []
    found = list(work(Doubler, range(8), processes=processes, step=steps.append))
    assert sorted(row[:2] for row in found) == [(job, 2 * job) for job in range(8)]
    assert (len(steps), sum(steps)) == (16, 8 + sum(range(8)))
    here = {pid for *_, pid in found} == {os.getpid()}
    assert here == (processes < 2)


def test_in_one_process_results_come_in_the_order_of_the_jobs() -> None:
    assert [row[1] for row in work(partial(Doubler, 3), [5, 1, 4], processes=1, step=nothing)] == [15, 3, 12]


@pytest.mark.parametrize("jobs", [[], [0, 1], [0, 3, 1]])
def test_in_one_process_the_maker_is_closed_once_however_its_jobs_end(tmp_path: Path, jobs: list[int]) -> None:
    with contextlib.suppress(ValueError):
        list(work(partial(Closes, tmp_path / "log"), jobs, processes=1, step=nothing))
    assert (tmp_path / "log").read_bytes() == b"closed"


def test_no_more_processes_start_than_there_are_jobs() -> None:
    assert list(work(Doubler, [], processes=4, step=nothing)) == []
    assert [row[:2] for row in work(partial(Doubler, 5), [7], processes=4, step=nothing)] == [(7, 35)]


def test_jobs_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def jobs() -> Iterator[int]:
        for job in range(6):
            taken.append(job)
            yield job

    results = work(Doubler, jobs(), processes=2, step=nothing)
    next(results)
    assert taken == [0, 1, 2]
    assert len(list(results)) == 5


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize(
    ("error", "kind", "told"), [("value", ValueError, "^不行 [34]$"), ("disk", OSError, r"\[Errno 28\] full")]
)
def test_an_exception_of_a_job_is_raised_as_it_is(processes: int, error: str, kind: type, told: str) -> None:
    done = []
    with pytest.raises(kind, match=told):
        done.extend(work(partial(Fails, error), range(5), processes=processes, step=nothing))


def test_an_exception_that_cannot_be_sent_is_told() -> None:
    with pytest.raises(ValueError, match="RefusalError: one and other"):
        list(work(partial(Fails, "own"), range(3, 5), processes=2, step=nothing))


def test_an_exception_of_the_maker_is_raised() -> None:
    with pytest.raises(RuntimeError, match=r"^no maker$"):
        list(work(NeverMade, range(3), processes=2, step=nothing))


def test_a_killed_worker_is_told_and_not_waited_for() -> None:
    with pytest.raises(WorkerError, match="-9"):
        list(work(Dies, range(4), processes=2, step=nothing))


def is_over(process: int) -> bool:
    """Tell whether a process has ended, be it that no one has asked for its exit status yet."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@linux
def test_workers_end_when_their_results_are_wanted_no_more(tmp_path: Path) -> None:
    results = work(partial(Lingers, tmp_path), range(3), processes=2, step=nothing)
    assert next(results) == "0"
    assert wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    results.close()
    assert all(is_over(int(path.name)) for path in tmp_path.iterdir())


SCRIPT = """
import sys
from functools import partial
from pathlib import Path
from index.workers import work
from tests.test_workers import Lingers

for done in work(partial(Lingers, Path(sys.argv[1])), range(int(sys.argv[2])), processes=2, step=lambda more: None):
    print(done, flush=True)
"""


@linux
@pytest.mark.parametrize("jobs", [2, 4])  # one worker waits for a job that never comes, or both are busy
def test_workers_end_when_their_parent_is_killed(tmp_path: Path, jobs: int) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), str(jobs)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        try:
            assert parent.stdout
            assert parent.stdout.readline() == b"0\n"
            assert wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
            workers = [int(path.name) for path in tmp_path.iterdir()]
            assert not any(map(is_over, workers))
        finally:
            parent.kill()
    try:
        assert wait_until(lambda: all(map(is_over, workers)))
    finally:
        for worker in workers:
            if not is_over(worker):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)


def test_a_script_without_a_guard_is_not_run_again_by_its_workers(tmp_path: Path) -> None:
    script = tmp_path / "a script.py"
    script.write_text(
        "from index.workers import work\n"
        "from tests.test_workers import Doubler\n"
        "print('once')\n"
        "print(sorted(row[:2] for row in work(Doubler, range(4), processes=2, step=lambda more: None)))\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", str(script)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == (b"once\n[(0, 0), (1, 2), (2, 4), (3, 6)]\n", b"")


def test_the_program_is_there_again_once_workers_run() -> None:
    before = sys.modules["__main__"]
    results = work(Doubler, range(3), processes=2, step=nothing)
    next(results)
    assert sys.modules["__main__"] is before
    assert len(list(results)) == 2
    assert sys.modules["__main__"] is before


def test_there_is_a_core_for_each_processor_that_may_be_used() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)
