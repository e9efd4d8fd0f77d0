"""A recording of what crossed a host, as one struct and as bytes."""

import msgspec
from msgspec import Struct, field

from doctor.host import formats
from doctor.host.plausible import TOO_LONG, plausible
from doctor.model import (
    ChannelCopy,
    Entry,
    Facts,
    Figures,
    File,
    Guide,
    Installed,
    Lines,
    Transcript,
)

FORMAT = 1
"""Format version of recordings; a newer one is refused, an older one still opens."""

MAX_RECORDING = 64 * 2**20
"""Largest recording that is opened, in bytes."""


class Recording(Struct, frozen=True):
    """Everything that crossed one host, by question; `guides` are what was tried and done there."""

    format: int
    doctor: str
    made: str
    facts: Facts
    figures: Figures = Figures()
    env: dict[str, str | None] = field(default_factory=dict)
    env_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    folders: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    lookups: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    installed: dict[str, Installed] = field(default_factory=dict)
    channel_copies: dict[str, ChannelCopy] = field(default_factory=dict)
    transcripts: tuple[Transcript, ...] = ()
    guides: tuple[Guide, ...] = ()


class UnreadableRecording(ValueError):
    """A file that is no recording that this version understands; the message says what to do."""


def decode(data: bytes) -> Recording:
    """Validates untrusted bytes into a recording.

    Raises `UnreadableRecording` with one sentence.
    """
    if len(data) > MAX_RECORDING:
        raise UnreadableRecording(f"is larger than {MAX_RECORDING // 2**20} MiB")
    version = formats.number_of(data)
    if version is None:
        raise UnreadableRecording("is not an envdoctor recording")
    if version < 1:
        raise UnreadableRecording("is a damaged envdoctor recording: it names no format")
    if (newer := formats.too_new(version, FORMAT)) is not None:
        raise UnreadableRecording(newer)
    try:
        recording = msgspec.json.decode(data, type=Recording)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableRecording(f"is a damaged envdoctor recording: {error}") from None
    if not plausible(recording):
        raise UnreadableRecording(f"is a damaged envdoctor recording: {TOO_LONG}")
    return recording


def encode(recording: Recording) -> bytes:
    """A recording as JSON, the same bytes for the same recording."""
    return msgspec.json.format(msgspec.json.encode(recording, order="deterministic"), indent=1)
