"""The records of a prefix: of thousands of files, the few that speak of CPUs.

A record of a real package is long because it lists files, yet its dependencies stand near the
front (conda and libmamba sort keys, rattler writes them first). So only the front of each file is
read, and all of it where the dependencies are not there.
"""

import os
import re
import stat
from collections.abc import Iterator

import msgspec

from doctor.model import File, Installed, Record

FRONT = 4096
"""Bytes read first: they hold the dependencies of nearly every record."""

MAX_RECORD = 64 * 2**20
"""Largest record that is read, in bytes; texlive's has 20 MB."""

MAX_HISTORY = 4 * 2**20

_KEY = b'"depends"'
_LIST = re.compile(rb'"depends"\s*:\s*\[\s*((?:"(?:[^"\\]|\\.)*+"\s*,?\s*)*+)\]')
_PROGRAM = re.compile(r"^# cmd: (?:\S*/)?([\w.-]+)", re.MULTILINE)
_CLIENTS = ("conda", "mamba", "micromamba", "pixi")


class _Content(msgspec.Struct):
    """A record as clients write it; what is not here is not kept."""

    name: str
    version: str
    build: str = ""
    build_string: str = ""
    build_number: int = 0
    channel: str | None = None
    schannel: str | None = None
    subdir: str | None = None
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    track_features: str | tuple[str, ...] = ""


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
            data = _relevant(path, wanted, any(word in name for word in words))
            if data is not None:
                records.append(record(data, name))
        except _NoRecord as error:
            unreadable.append(File(path, trouble=str(error)))
        except OSError as error:
            unreadable.append(File(path, trouble=f"could not be read: {error.strerror}"))
    programs = tuple(_programs(folder, names))
    return Installed(prefix, count, tuple(records), tuple(unreadable), programs)


def _relevant(path: str, words: tuple[bytes, ...], named: bool) -> bytes | None:
    """The whole of a record that is `named` or depends on a word, `None` for any other."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        front = os.read(descriptor, FRONT)
        depends = None if named else _depends(front)
        if depends is not None and not any(word in depends for word in words):
            return None
        whole = front + _rest(descriptor)
    finally:
        os.close(descriptor)
    if named or depends is not None:
        return whole
    depends = _depends(whole)
    if depends is None:  # no dependencies, or a damaged file: reading it tells which
        record(whole, path)
        return None
    return whole if any(word in depends for word in words) else None


def _depends(data: bytes) -> bytes | None:
    """The texts between the brackets of `depends`, `None` where they are not all in `data`."""
    start = data.find(_KEY)
    while start >= 0:
        if data[start - 1 : start] != b"\\":
            found = _LIST.match(data, start)
            if found:
                return found[1]
        start = data.find(_KEY, start + 1)
    return None


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
    features = content.track_features
    return Record(
        content.name,
        content.version,
        content.build or content.build_string,
        content.build_number,
        without_credentials(content.channel or content.schannel),
        content.subdir,
        content.depends,
        content.constrains,
        features if isinstance(features, str) else " ".join(features),
        os.path.basename(name),
    )


def without_credentials(url: str | None) -> str | None:
    """An address without user, password and token."""
    if url is None:
        return None
    return re.sub(r"/t/[^/]+", "", re.sub(r"(?<=://)[^/@]*@", "", url))


def _programs(folder: str, names: list[str]) -> Iterator[str]:
    """The clients that changed a prefix: by the commands in its history, by pixi's own file."""
    seen: set[str] = set()
    if "history" in names:
        for name in _PROGRAM.findall(_text(f"{folder}/history")):
            name = name.removesuffix(".exe").removesuffix(".py").removesuffix("-script")
            if name in _CLIENTS and name not in seen:
                seen.add(name)
                yield name
    if ("pixi" in names or "pixi_env_prefix" in names) and "pixi" not in seen:
        yield "pixi"


def _text(path: str) -> str:
    from doctor.host.live import read_bytes

    data, _ = read_bytes(path, MAX_HISTORY)
    return (data or b"").decode("utf-8", errors="replace")
