"""Names for the files that users bring: safe on every system, and told apart."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath

LONGEST = 200  # bytes of a name; file systems take 255, and a build puts nothing behind it
_SUFFIX = 20  # bytes up to which what stands behind the last dot is a suffix
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # in names on Windows
_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE)  # devices of Windows
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # Unicode categories: control characters and the like


@dataclass(frozen=True, slots=True)
class Given:
    """A file that a user brings."""

    name: str  # what it is called, with the folders above it; need not be safe
    content: Path | bytes


def told_apart(given: Sequence[Given]) -> dict[str, Given]:
    """Return files by safe names: two that would have the same one get their folder's name too, or a number."""
    count = Counter(safe_path(one.name).casefold() for one in given)  # some disks do not tell A from a
    used = set(count)
    found: dict[str, Given] = {}
    for one in given:
        name = safe_path(one.name)
        if count[name.casefold()] > 1:
            name = next(longer for longer in _longer_names(one) if longer.casefold() not in used)
            used.add(name.casefold())
        found[name] = one
    return found


def _longer_names(given: Given) -> Iterator[str]:
    if isinstance(given.content, Path):
        above = given.content.parts[1 : -len(PurePosixPath(given.name).parts)]
        yield from (safe_path("/".join((*above[-depth:], given.name))) for depth in range(1, len(above) + 1))
    path = PurePosixPath(safe_path(given.name))
    yield from (str(path.with_name(f"{path.stem}-{number}{path.suffix}")) for number in itertools.count(1))


def safe_path(path: str) -> str:
    """Return a path that stays below the folder that it is put in, of names that every system takes."""
    parts = [part for part in re.split(r"[/\\]", path) if part not in {"", ".", ".."}]
    return "/".join(map(safe_name, parts or [""]))


def safe_name(name: str) -> str:
    """Return a file's name that every system takes; hidden files are not indexed, so it does not begin with a dot."""
    seen = "".join("_" if unicodedata.category(one) in _UNSEEN else one for one in unicodedata.normalize("NFC", name))
    name = _FORBIDDEN.sub("_", seen).strip().rstrip(". ")
    name = "_" + name[1:] if name.startswith(".") else name
    name = "_" + name if not name or _RESERVED.fullmatch(name) else name
    return name if len(name.encode()) <= LONGEST else _cut(name)


def _cut(name: str) -> str:
    """Shorten a name, its suffix kept; a digest tells it from others that begin alike."""
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > _SUFFIX:
        stem, dot, suffix = name, "", ""
    tail = "-" + blake2b(name.encode(), digest_size=4).hexdigest() + dot + suffix
    return stem.encode()[: LONGEST - len(tail.encode())].decode("utf-8", "ignore").rstrip(". ") + tail
