"""What was applied on this machine, one line of JSON each, so that it can be undone later."""

import os
from pathlib import Path

import msgspec

from doctor.host.files import read_bytes
from doctor.model import Applied

MAX_JOURNAL = 32 * 2**20

FILE = "applied.jsonl"


def folder() -> Path:
    """Where the platform keeps the state of programs."""
    from platformdirs import user_state_path

    return user_state_path("envdoctor")


def write(place: Path, applied: Applied) -> str | None:
    """Adds one line; returns why it could not be written, `None` if it was."""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = msgspec.json.encode(applied) + b"\n"
        descriptor = os.open(place / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return f"the log of changes could not be written: {error.strerror}"
    return None


def read(place: Path) -> tuple[Applied, ...]:
    """All entries, oldest first; lines that are damaged are left out."""
    data, _ = read_bytes(str(place / FILE), MAX_JOURNAL)
    found = []
    for line in (data or b"").splitlines():
        try:
            found.append(msgspec.json.decode(line, type=Applied))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return tuple(found)


def last(place: Path, finding: str) -> Applied | None:
    """The newest entry about a finding that can still be undone, `None` if there is none."""
    entries = [entry for entry in read(place) if entry.finding == finding]
    undone = {entry.made for entry in entries if entry.undone}
    able = [e for e in entries if e.ok and e.made not in undone and any(d.kept for d in e.done)]
    return able[-1] if able else None
