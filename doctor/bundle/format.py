"""What a bundle consists of: its manifest, the names of its files, its limits.

Format 1 was a bare recording as JSON, which still opens; format 2 is the .zip described here.
"""

import re

from msgspec import Struct

from doctor.model import Omission

FIRST, FORMAT = 2, 2
"""The first format that was a .zip, and the newest."""

MAX_BUNDLE = 25 * 2**20
"""Largest bundle, in bytes: what an issue form takes as an attachment."""

MAX_MEMBER = 16 * 2**20
MAX_TOTAL = 64 * 2**20
MAX_MEMBERS = 2000
MAX_RATIO = 250
"""Most bytes that one packed byte may become, once a file is larger than RATIO_FROM."""

RATIO_FROM = 2**20

MANIFEST = "manifest.json"
SUMMARY = "summary.md"
REPORT = "report.json"
RECORDING = "recording.json"
GUIDES = "guides.json"
FILES = "files"
TRANSCRIPTS = "transcripts"

NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,80}/)?[a-z0-9][a-z0-9._-]{0,80}\.(?:json|md|txt)")
"""Names of files in a bundle: never a path of any machine."""


class Member(Struct, frozen=True):
    """One file of a bundle; `source` says what it is of, in words or as its path there.

    `replaced` counts the stand-ins in it by kind.
    """

    name: str
    bytes: int
    sha256: str
    source: str
    replaced: dict[str, int] = {}


class Manifest(Struct, frozen=True):
    """What is in a bundle, what was replaced in it, and what was left out, with reasons.

    `replaced` counts stand-ins by kind and never says what they stand for.
    """

    format: int
    doctor: str
    made: str
    source: str
    redacted: bool
    files: tuple[Member, ...]
    replaced: dict[str, int] = {}
    omissions: tuple[Omission, ...] = ()


class UnreadableBundle(ValueError):
    """A file that is no bundle that this version understands; the message says what to do."""
