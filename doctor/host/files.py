"""Files that may be anything: read within a limit and never waited for, written in one step."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


def read_bytes(path: str, limit: int) -> tuple[bytes | None, str | None]:
    """At most `limit` bytes of a regular file, or why it could not be read; never blocks."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                kind = "a directory" if stat.S_ISDIR(mode) else "not a regular file"
                return None, f"is {kind}"
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        return None, f"could not be read: {getattr(error, 'strerror', None) or error}"
    if len(data) > limit:
        return None, f"is larger than {limit // 2**20} MiB"
    return data, None


def write_private(path: Path, data: bytes) -> str | None:
    """Puts a file for this user alone in the place of any that is there, or says why not."""
    name = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(".new", f".{path.name}.", path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except (OSError, ValueError) as error:
        if name is not None:
            with suppress(OSError):
                os.unlink(name)
        return f"could not be written: {getattr(error, 'strerror', None) or error}"
    return None
