"""Files that may be anything: read within a limit, and never waited for."""

import os
import stat


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
