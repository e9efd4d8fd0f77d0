"""The files of a .zip that may be anything: every number in it is doubted before it is used.

`zipfile` believes the list at the end of a .zip: it reads all of it, and takes the files' places
and sizes from it. So that list is read here first, as far as it must be so in a bundle of ours.
"""

import io
import struct
import zipfile
import zlib

from doctor.bundle.format import (
    MAX_BUNDLE,
    MAX_MEMBER,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_TOTAL,
    NAME,
    RATIO_FROM,
    UnreadableBundle,
)

_END = b"PK\x05\x06"
_LARGER = b"PK\x06\x07"
_LARGER_LENGTH = 20
_END_LENGTH = 22
_MAX_LIST = MAX_MEMBERS * 400
_HEADER_LENGTH = 30
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read(data: bytes, names: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The files of a .zip by name, or those that are named. Raises UnreadableBundle."""
    if len(data) > MAX_BUNDLE:
        raise UnreadableBundle(f"is larger than {MAX_BUNDLE // 2**20} MiB")
    _look_at_the_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _look_at(entries)
            wanted = [entry for entry in entries if not names or entry.filename in names]
            return {entry.filename: _unpacked(archive, entry) for entry in wanted}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
            RuntimeError, struct.error, OverflowError, KeyError, IndexError) as error:  # fmt: skip
        if isinstance(error, UnreadableBundle):
            raise
        raise UnreadableBundle(f"is a damaged .zip: {str(error)[:200]}") from None


def _look_at_the_end(data: bytes) -> None:
    """The number of files, and the size and the place of their list, before that list is read.

    Without the note that a .zip may end with, and without the fields for larger ones (zip64).
    """
    place = len(data) - _END_LENGTH
    if place < 0 or data[place : place + 4] != _END:
        raise UnreadableBundle("is no whole .zip: its end is missing")
    if data[max(place - _LARGER_LENGTH, 0) :].startswith(_LARGER):
        raise UnreadableBundle("is a .zip for larger files than any bundle holds")
    disk, first, here, count, size, offset, note = struct.unpack("<HHHHIIH", data[place + 4 :])
    if count > MAX_MEMBERS or size > _MAX_LIST:
        raise UnreadableBundle(f"holds more than {MAX_MEMBERS} files")
    if (disk, first, note) != (0, 0, 0) or here != count or offset + size != place:
        raise UnreadableBundle("is a damaged .zip: its end does not fit what is before it")


def _look_at(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_MEMBERS:
        raise UnreadableBundle(f"holds more than {MAX_MEMBERS} files")
    seen: set[str] = set()
    total = reached = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        _look_at_one(entry)
        if entry.filename in seen:
            raise UnreadableBundle(f"holds {entry.filename} twice")
        seen.add(entry.filename)
        total += entry.file_size
        if total > MAX_TOTAL:
            raise UnreadableBundle("unpacks to more than any bundle holds")
        if entry.header_offset < reached:
            raise UnreadableBundle("is a damaged .zip: its files overlap")
        reached = entry.header_offset + _HEADER_LENGTH + len(entry.filename) + entry.compress_size


def _look_at_one(entry: zipfile.ZipInfo) -> None:
    if not NAME.fullmatch(entry.orig_filename):
        raise UnreadableBundle("holds a file with a name that no bundle has")
    if (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000):
        raise UnreadableBundle(f"holds {entry.filename}, which is no plain file")
    if entry.flag_bits & 0x2041:
        raise UnreadableBundle("is encrypted")
    if entry.compress_type not in _METHODS:
        raise UnreadableBundle(f"holds {entry.filename}, packed in a way that no bundle is")
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > MAX_MEMBER or (entry.file_size > RATIO_FROM and ratio > MAX_RATIO):
        raise UnreadableBundle(f"holds {entry.filename}, which unpacks to far too much")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """At most as much as was said; what holds more or less than it says is refused."""
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise UnreadableBundle(f"holds {entry.filename}, which is not as long as it says")
    return data
