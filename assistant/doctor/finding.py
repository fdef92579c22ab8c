"""What a check found, and how that is shown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.messages import message

LISTED = 10  # lines, names or addresses that a finding lists


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"  # questions are answered, but something wants attention
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, and what to do about it."""

    name: str  # the same in every language
    state: State
    found: str
    advice: str = ""  # a line for each thing to do; "" where all is well


def is_healthy(findings: Sequence[Finding]) -> bool:
    """Tell whether none of the findings is an error."""
    return all(finding.state is not State.ERROR for finding in findings)


def as_facts(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return what `assistant doctor --json` prints."""
    checks = [{"name": one.name, "state": one.state, "found": one.found, "advice": one.advice} for one in findings]
    return {"ok": is_healthy(findings), "checks": checks}


def as_text(findings: Sequence[Finding]) -> str:
    """Return a line a check for a terminal, below it what to do, and a summary."""
    lines = []
    for one in findings:
        state, name = message("doctor-" + one.state), message("doctor-" + one.name)
        lines.append(f"{state}  {name}  {one.found}")
        lines += ["      → " + line for line in one.advice.splitlines()]
    errors, warnings = (sum(one.state is state for one in findings) for state in (State.ERROR, State.WARNING))
    return "\n".join([*lines, "", message("doctor-summary", errors=errors, warnings=warnings)])


def exists(path: Path) -> bool:
    """Tell whether a path exists, as far as that may be known."""
    try:
        return path.exists()
    except OSError:  # below a folder that may not be searched
        return False


def is_readable(folder: Path) -> bool:
    """Tell whether the files of a folder may be listed."""
    return os.access(folder, os.R_OK | os.X_OK)


def is_writable(folder: Path) -> bool:
    """Tell whether files can be made in a folder, or the folder itself where it is missing."""
    return os.access(nearest(folder), os.W_OK | os.X_OK)


def nearest(folder: Path) -> Path:
    """Return the folder, or the lowest one above it that exists."""
    return next(path for path in (folder, *folder.absolute().parents) if exists(path) and path.is_dir())


def listed(lines: Sequence[str]) -> list[str]:
    """Return the first of some lines, and how many more there are."""
    rest = len(lines) - LISTED
    return [*lines[:LISTED], message("web-more", count=rest)] if rest > 0 else list(lines)


def pairs(counts: dict[str, int]) -> str:
    """Return counts with their names."""
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def mebibytes(size: int) -> str:
    """Return a size as it is shown."""
    return f"{size / (1 << 20):,.1f} MiB"
