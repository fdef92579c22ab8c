"""The real `assistant serve` in a process of its own, with what it uses of the machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = "from assistant.cli import main; main()"
STARTS = 120  # seconds in which the server must listen


@dataclass(frozen=True, slots=True)
class Server:
    """A running `assistant serve`."""

    address: str
    process: subprocess.Popen[bytes]
    seconds: float  # until it said where to open it

    @property
    def resident(self) -> int:
        """Its resident memory, in KB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        assert found, status
        return int(found[1])

    @property
    def processor(self) -> float:
        """The processor seconds that it has used."""
        used = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(home: Path, index: Path | None) -> Iterator[Server]:
    """Run the command until the block ends."""
    log = home / "serve.log"
    command = [sys.executable, "-c", COMMAND, "serve", "--port", "0"]
    if index:
        command += ["--index", str(index)]
    started = time.perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=file)
    try:
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text(encoding="utf-8"))):
            if process.poll() is not None or time.perf_counter() - started > STARTS:
                raise SystemExit(f"the server does not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.002)
        yield Server(found[0], process, time.perf_counter() - started)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment(home: Path) -> dict[str, str]:
    """Return the environment without what the user has set for the assistant."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ASSISTANT_", "GRADIO_"))}
    return {**kept, "ASSISTANT_HOME": str(home), "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
