"""A client's cached copy of a channel: the level packages in it, and who asks for them.

Such a file holds hundreds of thousands of records; it is searched piece by piece, and only records
that name a level package are parsed, so that memory does not grow with the channel.
"""

import io
import json
import os
import re
import stat
from collections.abc import Iterator
from typing import Any

from doctor.clean import without_credentials
from doctor.host.files import read_bytes
from doctor.model import ChannelCopy, Record

PIECE = 4 * 2**20
"""Bytes that are searched at a time."""

REACH = 256 * 2**10
"""Most bytes that one record has; the longest of conda-forge has about 40 kB."""

_WORD = b"-microarch-level"
_KEY = re.compile(rb'"([^"\\]{1,300}\.(?:conda|tar\.bz2))"\s*:\s*\{')
_ENDINGS = (b'.conda"', b'.tar.bz2"')
_LEVEL = re.compile(r"(?<![\w.-])_(?:x86_64|ppc64le)-microarch-level(?![\w.-])")


def channel_copy(path: str) -> ChannelCopy:
    """What the copy of a channel at `path` offers."""
    url, refreshed = _state(path)
    levels: list[Record] = []
    users: set[str] = set()
    trouble = None
    modified = refreshed
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb", buffering=0) as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return ChannelCopy(path, trouble="is not a regular file")
            modified = refreshed or status.st_mtime
            pieces = iter(lambda: file.read(PIECE), b"")
            for name, content in _records(pieces):
                found = _record(name, content)
                if found is None:
                    trouble = "holds a record that could not be read"
                elif _LEVEL.fullmatch(found.name):
                    levels.append(found)
                elif any(_LEVEL.search(text.lower()) for text in found.depends):
                    users.add(found.name)
            if not _is_whole(file, status.st_size):
                trouble = "is cut off, so it may offer more than is seen here"
    except OSError as error:
        trouble = f"could not be read: {error.strerror}"
    ordered = tuple(sorted(levels, key=lambda r: (r.name, r.version, r.build)))
    return ChannelCopy(path, modified, url, ordered, tuple(sorted(users)), trouble)


def _is_whole(file: io.FileIO, size: int) -> bool:
    """Whether the file ends as JSON objects end."""
    file.seek(max(0, size - 256))
    return (file.read() or b"").rstrip().endswith(b"}")


def _records(pieces: Iterator[bytes]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """File name and content of each record that holds the word; content `None` if damaged."""
    buffer = b""
    for piece in pieces:
        buffer += piece
        done = 0
        for name, content, end in _whole_records(buffer):
            if end < 0:  # cut off by the end of the piece
                break
            done = end
            yield name, content
        keep = max(done, len(buffer) - REACH)
        buffer = buffer[keep:]
    if buffer:
        for name, content, _ in _whole_records(buffer + b" " * REACH):
            yield name, content


def _whole_records(buffer: bytes) -> Iterator[tuple[str, dict[str, Any] | None, int]]:
    """Records with the word, and where each ends; an end of -1 says that it is cut off.

    No key below `floor` matters any more, so that nothing is searched twice.
    """
    floor = 0
    at = buffer.find(_WORD)
    while at >= 0:
        key = _key_before(buffer, at, floor)
        floor = after = at + 1
        if key is not None:
            content, length = _content(buffer, key.end() - 1)
            end = key.end() - 1 + length
            if content is None:
                cut = len(buffer) - key.end() < REACH
                yield _name(key), None, -1 if cut else after
                if cut:
                    return
            elif end > at:
                yield _name(key), content, end
                floor = after = end
        at = buffer.find(_WORD, after)


def _content(buffer: bytes, start: int) -> tuple[dict[str, Any] | None, int]:
    """The object that begins at `start` and its length in bytes; `None` if it does not end."""
    for reach in (8192, REACH):  # nearly all are short, and decoding costs more than parsing
        text = buffer[start : start + reach].decode("utf-8", "replace")
        try:
            content, length = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            continue
        return content, len(text[:length].encode())
    return None, 0


def _name(key: re.Match[bytes]) -> str:
    return key[1].decode("utf-8", "replace")


def _key_before(buffer: bytes, at: int, floor: int) -> re.Match[bytes] | None:
    """The key of the record that a position lies in, or is part of; none below `floor`."""
    low = max(0, at - REACH, floor)
    own = _KEY.match(buffer, max(buffer.rfind(b'"', max(0, at - 400), at), 0))
    if own is not None:
        return own
    ends = [buffer.rfind(ending, low, at) for ending in _ENDINGS]
    end = max(ends)
    if end < 0:
        return None
    return _KEY.match(buffer, max(buffer.rfind(b'"', max(0, end - 400), end), 0))


def _record(name: str, content: dict[str, Any] | None) -> Record | None:
    if content is None:
        return None
    depends = content.get("depends")
    number = content.get("build_number")
    features = content.get("track_features")
    return Record(
        str(content.get("name", "")),
        str(content.get("version", "")),
        str(content.get("build", "")),
        number if isinstance(number, int) and 0 <= number < 10**9 else 0,
        depends=tuple(map(str, depends)) if isinstance(depends, list) else (),
        track_features=features if isinstance(features, str) else "",
        file=name,
    )


def _state(path: str) -> tuple[str | None, float | None]:
    """Address and time of the last refresh, from the client's note beside the copy."""
    for ending in (".info.json", ".state.json"):
        data, _ = read_bytes(path.removesuffix(".json") + ending, 2**20)
        try:
            note = json.loads(data or b"")
        except (ValueError, RecursionError):
            continue
        if isinstance(note, dict):
            url, refreshed = note.get("url"), note.get("refresh_ns")
            seconds = None
            if isinstance(refreshed, int) and 0 < refreshed < 2**63:
                seconds = refreshed / 1e9
            return without_credentials(url) if isinstance(url, str) else None, seconds
    return None, None
