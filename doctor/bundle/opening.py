"""A .zip from anywhere -> a recording: parsed and validated, never unpacked on the disk, never run.

Everything is refused that a bundle of ours cannot be: its size, count, ratio and names are looked
at before anything is unpacked, and nothing is unpacked beyond what was said.
"""

import hashlib
import io
import json
import struct
import zipfile
import zlib

import msgspec
from msgspec import Struct

from doctor.bundle.format import (
    FORMAT,
    MANIFEST,
    MAX_BUNDLE,
    MAX_MEMBER,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_TOTAL,
    NAME,
    RATIO_FROM,
    Manifest,
    UnreadableBundle,
)
from doctor.bundle.members import packed
from doctor.host.recorded import Recording, UnreadableRecording, decode

_END = b"PK\x05\x06"
_MAX_DIRECTORY = MAX_MEMBERS * 400
_DEPTH = 200


class Opened(Struct, frozen=True):
    """A bundle that was understood: its recording, and its manifest (`None` for format 1)."""

    recording: Recording
    manifest: Manifest | None


def opened(data: bytes) -> Opened:
    """Reads a bundle, or a bare recording of format 1.

    Raises UnreadableBundle with one sentence, UnreadableRecording for a bare one.
    """
    if len(data) > MAX_BUNDLE:
        raise UnreadableBundle(f"is larger than {MAX_BUNDLE // 2**20} MiB")
    if not data.startswith(b"PK"):
        return Opened(decode(data), None)
    files = _files(data)
    manifest = _manifest(files)
    _verify(manifest, files)
    recording = packed(files)
    return Opened(recording, manifest)


def member(data: bytes, name: str) -> tuple[Manifest, bytes | None]:
    """The manifest and one file of a .zip, unpacked alone and as it is: its digest is not verified.

    Raises UnreadableBundle.
    """
    files = _files(data, (MANIFEST, name))
    return _manifest(files), files.get(name)


def is_zip(data: bytes) -> bool:
    """Whether a file begins as a .zip does."""
    return data.startswith(b"PK")


def _files(data: bytes, names: tuple[str, ...] = ()) -> dict[str, bytes]:
    """All files, or those named."""
    if len(data) > MAX_BUNDLE:
        raise UnreadableBundle(f"is larger than {MAX_BUNDLE // 2**20} MiB")
    _look_at_the_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _look_at(entries)
            found: dict[str, bytes] = {}
            for entry in entries:
                if not names or entry.filename in names:
                    found[entry.filename] = _unpacked(archive, entry)
            return found
    except UnreadableBundle:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
            RuntimeError, struct.error, OverflowError, KeyError) as error:  # fmt: skip
        raise UnreadableBundle(f"is a damaged .zip: {error}") from None


def _look_at_the_end(data: bytes) -> None:
    """The number of files and the size of their list, before that list is read."""
    place = data.rfind(_END, max(0, len(data) - 65_557))
    if place < 0 or len(data) < place + 22:
        raise UnreadableBundle("is no whole .zip: its end is missing")
    count, size = struct.unpack("<HI", data[place + 10 : place + 16])
    if count > MAX_MEMBERS or size > _MAX_DIRECTORY:
        raise UnreadableBundle(f"holds more than {MAX_MEMBERS} files")


def _look_at(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_MEMBERS:
        raise UnreadableBundle(f"holds more than {MAX_MEMBERS} files")
    seen: set[str] = set()
    total = 0
    for entry in entries:
        _look_at_one(entry)
        if entry.filename in seen:
            raise UnreadableBundle(f"holds {entry.filename} twice")
        seen.add(entry.filename)
        total += entry.file_size
        if total > MAX_TOTAL:
            raise UnreadableBundle("unpacks to more than any bundle holds")


def _look_at_one(entry: zipfile.ZipInfo) -> None:
    if not NAME.fullmatch(entry.filename):
        raise UnreadableBundle("holds a file with a name that no bundle has")
    if (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000):
        raise UnreadableBundle(f"holds {entry.filename}, which is no plain file")
    if entry.flag_bits & 1:
        raise UnreadableBundle("is encrypted")
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > MAX_MEMBER or (entry.file_size > RATIO_FROM and ratio > MAX_RATIO):
        raise UnreadableBundle(f"holds {entry.filename}, which unpacks to far too much")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """At most as much as was said; what says less than it holds is refused."""
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise UnreadableBundle(f"holds {entry.filename}, which is not as long as it says")
    return data


def _manifest(files: dict[str, bytes]) -> Manifest:
    data = files.get(MANIFEST)
    if data is None:
        raise UnreadableBundle("is a .zip, but no envdoctor bundle: it has no manifest.json")
    try:
        number = json.loads(data).get("format")
    except (ValueError, AttributeError, RecursionError):
        raise UnreadableBundle("is damaged: its manifest.json cannot be read") from None
    if not isinstance(number, int) or isinstance(number, bool) or number < 2:
        raise UnreadableBundle("is damaged: its manifest.json names no format")
    if number > FORMAT:
        raise UnreadableBundle(
            f"was made by a newer envdoctor (format {number}, this one reads up to {FORMAT}): "
            "upgrade envdoctor to open it"
        )
    try:
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableBundle(f"is damaged: manifest.json {error}") from None


def _verify(manifest: Manifest, files: dict[str, bytes]) -> None:
    """Every file is listed, is there, and is what the list says."""
    listed = {member.name: member for member in manifest.files}
    extra = set(files) - set(listed) - {MANIFEST}
    if extra:
        raise UnreadableBundle(f"holds {sorted(extra)[0]}, which its manifest.json does not list")
    for name, member in listed.items():
        data = files.get(name)
        if data is None:
            raise UnreadableBundle(f"lacks {name}, which its manifest.json lists")
        if len(data) != member.bytes or hashlib.sha256(data).hexdigest() != member.sha256:
            raise UnreadableBundle(f"is damaged: {name} is not what its manifest.json says")


__all__ = ["Opened", "UnreadableBundle", "UnreadableRecording", "is_zip", "member", "opened"]
