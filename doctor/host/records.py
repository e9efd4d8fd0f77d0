"""The records of a prefix: of thousands of files, the few that speak of CPUs.

A record of a real package is long because it lists files, yet its dependencies stand near the
front (conda and libmamba sort keys, rattler writes them first). So only the front of each file is
read, and all of it where the dependencies are not there.
"""

import os
import re
import stat
from collections.abc import Iterator
from typing import Any

import msgspec

from doctor.clean import without_credentials
from doctor.host.files import read_bytes
from doctor.model import File, Installed, Record

FRONT = 4096
"""Bytes read first: they hold the dependencies of nearly every record."""

MAX_RECORD = 64 * 2**20
"""Largest record that is read, in bytes; texlive's has 20 MB."""

MAX_HISTORY = 4 * 2**20

MAX_WORD = 200
"""Longest name, version or build that is kept; no real one has half as many characters."""

_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_KEY = b'"depends"'
_LIST = re.compile(rb'"depends"\s*:\s*\[\s*((?:"(?:[^"\\]|\\.)*+"\s*,?\s*)*+)\]')
_PROGRAM = re.compile(r"^# cmd: (?:\S*/)?([\w.-]+)", re.MULTILINE)
_CLIENTS = ("conda", "mamba", "micromamba", "pixi")


class _Content(msgspec.Struct):
    """A record as clients write it: only what is judged must be as it should be."""

    name: str
    version: str
    build: Any = ""
    build_string: Any = ""
    build_number: Any = 0
    channel: Any = None
    schannel: Any = None
    subdir: Any = None
    depends: tuple[str, ...] | None = ()
    constrains: Any = ()
    track_features: Any = ""


class _NoRecord(ValueError):
    """A file that is no record; the message says why."""


def installed(prefix: str, words: tuple[str, ...]) -> Installed:
    """The records of a prefix that are named by, or depend on, one of `words`."""
    folder = os.path.join(prefix, "conda-meta")
    try:
        names = sorted(os.listdir(folder))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Installed(prefix, trouble=f"conda-meta could not be read: {reason}")
    wanted = tuple(word.encode() for word in words)
    records: list[Record] = []
    unreadable: list[File] = []
    count = 0
    for name in names:
        if not name.endswith(".json"):
            continue
        count += 1
        path = f"{folder}/{name}"
        try:
            found = _relevant(path, wanted, _speaks(name.encode("utf-8", "replace"), wanted))
            if found is not None:
                records.append(found)
        except _NoRecord as error:
            unreadable.append(File(path, trouble=str(error)))
        except OSError as error:
            unreadable.append(File(path, trouble=f"could not be read: {error.strerror}"))
    programs = tuple(_programs(folder, names))
    return Installed(prefix, count, tuple(records), tuple(unreadable), programs)


def _relevant(path: str, words: tuple[bytes, ...], named: bool) -> Record | None:
    """A record that is `named` or depends on a word, `None` for any other."""
    descriptor = os.open(path, os.O_RDONLY | _NONBLOCK)
    try:
        front = os.read(descriptor, FRONT)
        depends = None if named else _depends(front)
        if depends is not None and not _speaks(depends, words):
            return None
        whole = front + _rest(descriptor)
    finally:
        os.close(descriptor)
    found = record(whole, path)
    asked = _speaks("\n".join(found.depends).encode("utf-8", "replace"), words)
    return found if named or asked else None


def _speaks(text: bytes, words: tuple[bytes, ...]) -> bool:
    """Whether one of some words, in small letters, is in a text of any letters."""
    small = text.lower()
    for word in words:  # noqa: SIM110 - thousands of files: a generator takes twice as long
        if word in small:
            return True
    return False


def _depends(data: bytes) -> bytes | None:
    """The texts between the brackets of `depends`, `None` where they cannot be told so simply.

    That is so where they are not all in `data`, where something is escaped, or where there are two.
    """
    start = data.find(_KEY)
    found = _LIST.match(data, start) if start >= 0 else None
    if found is None or b"\\" in data[: found.end()] or data.find(_KEY, found.end()) >= 0:
        return None
    return found[1]


def _rest(descriptor: int) -> bytes:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise _NoRecord("is not a regular file")
    parts: list[bytes] = []
    size = 0
    while part := os.read(descriptor, 2**20):
        parts.append(part)
        size += len(part)
        if size > MAX_RECORD:
            raise _NoRecord(f"is larger than {MAX_RECORD // 2**20} MiB")
    return b"".join(parts)


def record(data: bytes, name: str) -> Record:
    """A record's fields. Raises `_NoRecord`."""
    try:
        content = msgspec.json.decode(data, type=_Content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _NoRecord("is damaged: it is not the JSON of a package") from None
    if not content.name or not content.version:
        raise _NoRecord("is damaged: its package has no name or no version")
    number = content.build_number
    channel = content.channel if isinstance(content.channel, str) else content.schannel
    return Record(
        content.name[:MAX_WORD],
        content.version[:MAX_WORD],
        _text(content.build or content.build_string),
        number if isinstance(number, int) and 0 <= number < 10**9 else 0,
        without_credentials(channel) if isinstance(channel, str) else None,
        _text(content.subdir) or None,
        content.depends or (),
        _texts(content.constrains),
        " ".join(_texts(content.track_features)),
        os.path.basename(name),
    )


def _text(value: object) -> str:
    return value[:MAX_WORD] if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(text for text in values if isinstance(text, str) and text)


def _programs(folder: str, names: list[str]) -> Iterator[str]:
    """The clients that changed a prefix: by the commands in its history, by pixi's own file."""
    seen: set[str] = set()
    if "history" in names:
        for name in _PROGRAM.findall(_history(f"{folder}/history")):
            name = name.removesuffix(".exe").removesuffix(".py").removesuffix("-script")
            if name in _CLIENTS and name not in seen:
                seen.add(name)
                yield name
    if ("pixi" in names or "pixi_env_prefix" in names) and "pixi" not in seen:
        yield "pixi"


def _history(path: str) -> str:
    data, _ = read_bytes(path, MAX_HISTORY)
    return (data or b"").decode("utf-8", errors="replace")
