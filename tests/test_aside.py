import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import corpus.aside
from corpus.aside import Aside
from tests.conftest import run_process


def act(job: str) -> str:
    """What the other process is asked for."""
    what, _, value = job.partition(" ")
    match what:
        case "double":
            return value * 2
        case "pid":
            return str(os.getpid())
        case "hang":
            while True:
                pass
        case "sleep":
            time.sleep(600)
        case "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exit":
            os._exit(7)
        case "eat":
            return str(len(bytearray(int(value))))
    raise AssertionError(job)


@pytest.fixture
def aside() -> Iterator[Aside[str, str]]:
    made: Aside[str, str] = Aside(act)
    yield made
    made.close()


def call(aside: Aside[str, str], job: str, *, size: int = 0) -> str:
    return aside.call(job, size=size, failed=lambda why: "failed: " + why)


def test_calls_are_answered_one_after_another_by_one_process(aside: Aside[str, str]) -> None:
    assert call(aside, "double 字") == "字字"
    assert call(aside, "pid") == call(aside, "pid") != str(os.getpid())


@pytest.mark.parametrize(
    ("job", "told"),
    [
        ("hang", "读了 1 秒还没读完"),
        ("sleep", "读了 1 秒还没读完"),
        ("die", "读到一半出了故障（SIGSEGV）"),
        ("exit", "读到一半出了故障（7）"),
        (f"eat {3 << 30}", "读它需要的内存超过 1024 MB"),
    ],
)
def test_what_hangs_dies_or_eats_memory_is_told_and_the_next_call_works(
    aside: Aside[str, str], monkeypatch: pytest.MonkeyPatch, job: str, told: str
) -> None:
    monkeypatch.setattr(corpus.aside, "SECONDS", 1)
    monkeypatch.setattr(corpus.aside, "_PATIENCE", 2)
    assert call(aside, job).startswith("failed: " + told)
    assert call(aside, "double ok") == "okok"


def test_a_large_file_may_take_more_memory_than_a_small_one(aside: Aside[str, str]) -> None:
    assert call(aside, f"eat {2 << 30}", size=200 << 20) == str(2 << 30)


def test_the_process_ends_with_the_one_that_started_it() -> None:
    script = (
        "from corpus.aside import Aside; from tests.test_aside import act; import os\n"
        "print(Aside(act).call('pid', size=0, failed=str), flush=True); os._exit(0)"
    )
    done = run_process([sys.executable, "-c", script])
    pid = int(done.stdout)
    deadline = time.monotonic() + 20
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < deadline:  # noqa: PTH110
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_module_in_the_current_folder_is_not_run(
    aside: Aside[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("open('run', 'w').close()")
    monkeypatch.chdir(tmp_path)
    assert call(aside, "double 字") == "字字"
    assert not (tmp_path / "run").exists()


def test_a_process_that_cannot_start_is_told_and_the_next_call_tries_again(
    aside: Aside[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/no/such/python")
        assert (
            call(aside, "double 字")
            == "failed: 读到一半出了故障（No such file or directory），其他文件不受影响；文件可能已损坏，请另存一份再试"
        )
    assert call(aside, "double 字") == "字字"
