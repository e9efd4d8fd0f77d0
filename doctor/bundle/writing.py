"""A file that is there wholly or not at all, and never in the place of another by accident."""

import errno
import os
import re
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

STALE = 3600
"""Seconds after which nobody is writing any more."""

_PART = re.compile(r"\.envdoctor-(\d{1,10})-\w{1,20}\.part")


class NotWritten(Exception):
    """Why a file was not written, in words; what stood there is as it was."""


def write(path: Path, data: bytes, over: bool = False) -> None:
    """Writes a file in one step; with `over` in the place of one that is there.

    Raises NotWritten.
    """
    folder = path.parent
    try:
        descriptor, name = tempfile.mkstemp(".part", f".envdoctor-{os.getpid()}-", folder)
    except OSError as error:
        raise NotWritten(f"{path} was not written: {_words(error, folder)}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _place(name, path, over)
    except FileExistsError:
        raise NotWritten(
            f"{path} is there already: choose another name, or say to replace it"
        ) from None
    except OSError as error:
        raise NotWritten(f"{path} was not written: {_words(error, folder)}") from None
    finally:
        with suppress(OSError):
            os.unlink(name)
    _sync(folder)
    with suppress(OSError):
        _sweep(folder)


def _sweep(folder: Path) -> None:
    """Takes away what killed writings of ours left in a folder, as far as that is certain.

    By its name, its age, its owner, and because the process that it names is gone; in a folder
    that machines share the process may be on another one, which is why the age counts too.
    """
    with os.scandir(folder) as entries:
        named = [(e, found) for e in entries if (found := _PART.fullmatch(e.name)) is not None]
    for entry, found in named:
        state = entry.stat(follow_symlinks=False)
        own = stat.S_ISREG(state.st_mode) and state.st_uid == getattr(os, "getuid", lambda: 0)()
        if own and time.time() - state.st_mtime > STALE and not _runs(int(found[1])):
            with suppress(OSError):
                os.unlink(entry.path)


def _runs(number: int) -> bool:
    import psutil  # only where something is left, which is hardly ever

    return bool(psutil.pid_exists(number))


def _place(name: str, path: Path, over: bool) -> None:
    """A link fails where something stands, in the same step in which it would be made."""
    if over:
        os.replace(name, path)
        return
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError:  # file systems without links
        if os.path.lexists(path):
            raise FileExistsError from None
        os.replace(name, path)


def _sync(folder: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _words(error: OSError, folder: Path) -> str:
    known = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your quota on that disk is used up",
        errno.EFBIG: "it is larger than a file may be here",
        errno.ENAMETOOLONG: "its name is too long",
        errno.EISDIR: "a folder has that name",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: f"you may not write in {folder}",
        errno.ENOENT: f"no file can be made in {folder}"
        if folder.is_dir()
        else f"there is no folder {folder}",
        errno.ENOTDIR: f"{folder} is no folder",
    }
    return known.get(error.errno or 0, error.strerror or str(error))
