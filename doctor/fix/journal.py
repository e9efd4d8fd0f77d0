"""What was applied on this machine, one line of JSON each, so that it can be undone later."""

import os
from pathlib import Path

import msgspec

from doctor.model import Applied

MAX_JOURNAL = 32 * 2**20

FILE = "applied.jsonl"


def write(place: Path, applied: Applied) -> str | None:
    """Adds one line; returns why it could not be written, `None` if it was."""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = b"\n" + msgspec.json.encode(applied) + b"\n"  # what was cut off before is closed
        descriptor = os.open(place / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "a path in it is no UTF-8"
        return f"The log of changes could not be written: {reason}."
    return None


def read(place: Path) -> tuple[Applied, ...]:
    """Its entries, oldest first; lines that are damaged are left out."""
    found = []
    for line in _end_of(place / FILE).split(b"\n"):
        try:
            found.append(msgspec.json.decode(line, type=Applied))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return tuple(found)


def _end_of(path: Path) -> bytes:
    """As much of the end as is read; a log that grew beyond that still has its newest entries."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            file.seek(max(0, os.fstat(descriptor).st_size - MAX_JOURNAL))
            return file.read(MAX_JOURNAL)
    except OSError:
        return b""


def last(place: Path, finding: str) -> Applied | None:
    """The newest entry about a finding that can still be undone, `None` if there is none."""
    entries = [entry for entry in read(place) if entry.finding == finding]
    undone = [entry.done for entry in entries if entry.undone]  # two may be made in one second
    able = [e for e in entries if e.ok and e.done not in undone and any(d.kept for d in e.done)]
    return able[-1] if able else None
