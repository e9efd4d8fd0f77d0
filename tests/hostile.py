"""Bundles that mean harm, or were damaged: generated, so that each is known for what is wrong."""

import hashlib
import io
import json
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from doctor.bundle.making import make, replayed, zipped
from doctor.host.identity import Identity
from tests import scenes

Files = dict[str, bytes]
ESCAPES = "\x1b]52;c;c2VjcmV0\x07\x1b[2J\x1b[31m\x9b2J\u202eevil\x00\r\x08"


@cache
def good() -> bytes:
    """A bundle with nothing wrong with it."""
    machine = scenes.recording(scenes.cluster())
    return zipped(make(machine, replayed(machine), Identity(("user",), (), scenes.HOME)))


def files() -> Files:
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files()[name])
    return found


def packed(content: Files, listed: bool = True, **changes: object) -> bytes:
    """A .zip of some files, its manifest corrected so that only what is meant is wrong."""
    if listed:
        content = {**content, "manifest.json": manifest_of(content, changes)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, data)
    return buffer.getvalue()


def manifest_of(content: Files, changes: dict[str, object] | None = None) -> bytes:
    rows = [{"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
             "source": "x"}
            for name, data in content.items() if name != "manifest.json"]  # fmt: skip
    return json.dumps({**document("manifest.json"), "files": rows, **(changes or {})}).encode()


def with_recording(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A bundle whose recording was changed, with the right digests."""
    index = document("recording.json")
    change(index)
    return packed({**files(), "recording.json": json.dumps(index).encode()})


def plus(name: str, data: bytes = b"x", mode: int = 0o100644) -> bytes:
    """The good bundle with one more file in it, as the .zip tells of it."""
    buffer = io.BytesIO(good())
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")  # that a name is there twice is meant
        archive.writestr(made, data)
    return buffer.getvalue()


# --- the archive -----------------------------------------------------------------------------


def archives() -> Iterator[tuple[str, bytes]]:
    """What is wrong with the .zip itself."""
    data = good()
    for name in (
        "../x.txt", "/etc/passwd.txt", "C:\\x.txt", "C:/x.txt", "a/../b.txt", "files\\x.txt",
        "//host/x.txt", "con.txt:x.txt", "x.exe", "a/b/c.txt", "", "x\x00.txt", ".hidden.md",
        "files/", "X.TXT", "é.txt", "x.txt\n", "~/x.txt", "files/../../x.txt", "-rf.txt", "x.sh",
        "files/" + "a" * 300 + ".txt", "x.py", "$(id).txt",
    ):  # fmt: skip
        yield f"name {name[:20]!r}", plus(name)
    for kind, mode in (
        ("link", 0o120777), ("fifo", 0o010644), ("character device", 0o020644),
        ("block device", 0o060644), ("socket", 0o140644), ("folder", 0o040755),
    ):  # fmt: skip
        yield f"mode {kind}", plus("files/x.txt", b"/etc/passwd", mode)
    yield "twice", plus("summary.md", b"other")
    yield "twice manifest", plus("manifest.json", b'{"format": 2}')
    yield "unlisted", plus("files/9999-more.txt", b"more")
    yield "nested zip", plus("files/x.zip", data)
    yield "nested zip as text", packed({**files(), "files/8888-x.txt": data})
    yield "ratio", packed({**files(), "files/8888-x.txt": b"\0" * (15 * 2**20)})
    yield "size", packed({**files(), "files/8888-x.txt": random.Random(1).randbytes(17 * 2**20)})
    block = random.Random(2).randbytes(2**13) * 256
    yield "total", packed({f"files/{n:04}-x.txt": block for n in range(40)} | files())
    yield "count", packed({f"files/{n:04}-x.txt": b"" for n in range(2500)} | files())
    yield "comment", _with_note(data)
    yield "before", b"PK" + b"\0" * 10 + data
    yield "behind", data + b"\0" * 10
    yield "behind end", data + data[-22:]
    yield "empty zip", b"PK\x05\x06" + b"\0" * 18
    yield "end alone", data[-22:]
    yield "only PK", b"PK"
    yield "larger (zip64)", _zip64(data)
    yield from _ends(data)
    yield from _headers(data)


def _with_note(data: bytes) -> bytes:
    return data[:-2] + struct.pack("<H", 5) + b"notes"


def _zip64(data: bytes) -> bytes:
    """An end that hides another, larger one in the list before it."""
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**40, 2**40, 2**62, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(data) - 22, 1)
    size, offset = struct.unpack("<II", data[-10:-2])
    size += len(record) + len(locator)
    end = data[-22:-10] + struct.pack("<II", size, offset) + b"\0\0"
    return data[:-22] + record + locator + end


def _ends(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Every number in the end record, wrong."""
    for at, form, name in ((4, "<H", "disk"), (6, "<H", "first disk"), (8, "<H", "count here"),
                           (10, "<H", "count"), (12, "<I", "list size"), (16, "<I", "list place"),
                           (20, "<H", "note")):  # fmt: skip
        for value in (1, 0xFFFF, 0xFFFFFFFF):
            if value < 2 ** (8 * struct.calcsize(form)):
                place = len(data) - 22 + at
                new = struct.pack(form, value)
                yield f"end {name} {value}", data[:place] + new + data[place + len(new) :]


def _headers(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Every number in the first row of the list, wrong."""
    (start,) = struct.unpack("<I", data[-6:-2])
    for at, form, name in ((6, "<H", "version"), (8, "<H", "flags"), (10, "<H", "method"),
                           (16, "<I", "crc"), (20, "<I", "packed"), (24, "<I", "size"),
                           (28, "<H", "name"), (30, "<H", "extra"), (32, "<H", "comment"),
                           (34, "<H", "disk"), (42, "<I", "place")):  # fmt: skip
        for value in (1, 12, 99, 0xFFFF, 0xFFFFFFFF):
            if value < 2 ** (8 * struct.calcsize(form)) and not (name == "version" and value < 50):
                place = start + at
                new = struct.pack(form, value)
                yield f"list {name} {value}", data[:place] + new + data[place + len(new) :]
    (second,) = [start + 46 + struct.unpack("<H", data[start + 28 : start + 30])[0]]
    yield "overlapping", data[: second + 42] + b"\0\0\0\0" + data[second + 46 :]


def damaged() -> Iterator[tuple[str, bytes]]:
    """Cut off at many places, and with flipped bytes."""
    data = good()
    for part in range(1, 40):
        yield f"cut at {part}/40", data[: len(data) * part // 40]
    chance = random.Random(7)
    for number in range(60):
        flipped = bytearray(data)
        for _ in range(1 + number % 5):
            flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield f"flipped {number}", bytes(flipped)
    yield "reversed", data[::-1]
    yield "random", b"PK\x03\x04" + chance.randbytes(4000)
    yield "bomb in deflate", _bomb()


def _bomb() -> bytes:
    """A file that says it is small, and unpacks to a gigabyte."""
    deep = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join(deep.compress(b"\0" * 2**20) for _ in range(1024)) + deep.flush()
    header = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(body), 10, 13, 0)
    sizes = (len(body), 10, 13)
    row = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, *sizes, 0, 0, 0, 0, 0, 0
    )
    name = b"manifest.json"
    first = header + name + body
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(row) + 13, len(first), 0)
    return first + row + name + end
