"""One small file of our own: read within a limit, replaced in one step, never over what is new.

Only what somebody saw and said yes to is written.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from doctor.host.files import read_bytes

MAX_KEPT = 64 * 1024
"""Largest file that is read, in bytes."""


class NotKept(Exception):
    """Why nothing was written, in words; what stood there is as it was."""


def read(path: Path) -> tuple[bytes | None, str]:
    """What a file holds, nothing where there is none; `None` and why where it cannot be read."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return b"", ""
    except OSError as error:
        return None, f"could not be read: {error.strerror or error}"
    data, trouble = read_bytes(str(path), MAX_KEPT)
    if data is None and trouble and trouble.startswith("is larger"):
        trouble = f"is larger than {MAX_KEPT // 1024} KiB"
    return data, trouble or ""


def keep(path: Path, before: bytes, after: bytes) -> None:
    """Puts `after` where `before` is, in one step, readable by this user only; follows a link.

    Raises NotKept, also where something else stands there by now.
    """
    place = Path(os.path.realpath(path))
    now, trouble = read(place)
    if now is None:
        raise NotKept(f"{path} was not written: it {trouble}")
    if now != before:
        raise NotKept(f"{path} was not written: it was changed by somebody else meanwhile")
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(place, after)
    except OSError as error:
        raise NotKept(f"{path} was not written: {error.strerror or error}") from None


def _replace(place: Path, data: bytes) -> None:
    """mkstemp makes files that only their owner may read."""
    descriptor, name = tempfile.mkstemp(".new", f".{place.name}.", place.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, place)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
