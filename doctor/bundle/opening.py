"""A .zip from anywhere -> a recording: parsed and validated, never unpacked on the disk, never run.

Everything is refused that a bundle of ours cannot be: its size, count, ratio and names are looked
at before anything is unpacked, and nothing is unpacked beyond what was said.
"""

import hashlib

import msgspec
from msgspec import Struct

from doctor.bundle.archive import read
from doctor.bundle.format import FIRST, FORMAT, MANIFEST, Manifest, UnreadableBundle
from doctor.bundle.members import packed
from doctor.host import formats
from doctor.host.recorded import Recording, UnreadableRecording, decode
from doctor.model import Omission

__all__ = ["Opened", "UnreadableBundle", "UnreadableRecording", "is_zip", "member", "opened"]


class Opened(Struct, frozen=True):
    """A bundle that was understood: its recording, and its manifest (`None` for format 1)."""

    recording: Recording
    manifest: Manifest | None

    @property
    def omissions(self) -> tuple[Omission, ...]:
        """What was left out of it when it was made."""
        return self.manifest.omissions if self.manifest else ()


def opened(data: bytes) -> Opened:
    """Reads a bundle, or a bare recording of format 1.

    Raises UnreadableBundle with one sentence, UnreadableRecording for a bare one.
    """
    if not is_zip(data):
        return Opened(decode(data), None)
    files = read(data)
    manifest = _manifest(files)
    _verify(manifest, files)
    return Opened(packed(files), manifest)


def member(data: bytes, name: str) -> tuple[Manifest, bytes | None]:
    """The manifest and one file of a .zip, unpacked alone and as it is: its digest is not verified.

    Raises UnreadableBundle.
    """
    files = read(data, (MANIFEST, name))
    return _manifest(files), files.get(name)


def is_zip(data: bytes) -> bool:
    """Whether a file begins as a .zip does."""
    return data.startswith(b"PK")


def _manifest(files: dict[str, bytes]) -> Manifest:
    data = files.get(MANIFEST)
    if data is None:
        raise UnreadableBundle("is a .zip, but no envdoctor bundle: it has no manifest.json")
    number = formats.number_of(data)
    if number is None or number < FIRST:
        raise UnreadableBundle("is damaged: its manifest.json names no format")
    if (newer := formats.too_new(number, FORMAT)) is not None:
        raise UnreadableBundle(newer)
    try:
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableBundle(f"is damaged: manifest.json {error}") from None


def _verify(manifest: Manifest, files: dict[str, bytes]) -> None:
    """Every file is listed once, is there, and is what the list says."""
    listed = {member.name: member for member in manifest.files}
    if len(listed) != len(manifest.files):
        raise UnreadableBundle("is damaged: its manifest.json lists a file twice")
    extra = set(files) - set(listed) - {MANIFEST}
    if extra:
        raise UnreadableBundle(f"holds {min(extra)}, which its manifest.json does not list")
    for name, member in listed.items():
        data = files.get(name)
        if data is None:
            raise UnreadableBundle(f"lacks {name[:100]}, which its manifest.json lists")
        if len(data) != member.bytes or hashlib.sha256(data).hexdigest() != member.sha256:
            raise UnreadableBundle(f"is damaged: {name} is not what its manifest.json says")
