"""A digest of how files are, by which a change is noticed without reading or running anything."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping


def stamp(paths: Iterable[str], environ: Mapping[str, str]) -> str | None:
    """A digest of what stands at `paths`, and of all variables; `None` where it cannot be told.

    Paths may begin with `~` or with a variable such as `$XDG_CONFIG_HOME`; where that is not set
    there is nothing. Of a folder count the names in it and its files, not the folders below it.
    """
    digest = hashlib.blake2b(digest_size=16)
    try:
        for fact in (*sorted(environ.items()), *_facts(paths, environ)):
            digest.update(f"{fact!r}\n".encode("utf-8", "backslashreplace"))
    except (OSError, ValueError):  # a link to itself, a disk that fails, a name with a zero in it
        return None
    return digest.hexdigest()


def _facts(paths: Iterable[str], environ: Mapping[str, str]) -> Iterator[object]:
    for path in paths:
        place = _expanded(path, environ)
        if place is not None:
            yield path, place, os.path.realpath(place)
            yield from _standing(place)


def _expanded(path: str, environ: Mapping[str, str]) -> str | None:
    """The path with its home or variable put in, `None` where that is not set."""
    if not path.startswith("$"):
        return os.path.expanduser(path)
    name, slash, rest = path[1:].partition("/")
    value = environ.get(name)
    return f"{value}{slash}{rest}" if value else None


def _standing(place: str) -> Iterator[object]:
    """What there is: a file's identity, or the names and files in a folder."""
    try:
        status = os.stat(place)
        if not stat.S_ISDIR(status.st_mode):
            yield _identity(status)
            return
        with os.scandir(place) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name != "__pycache__":
                    yield entry.name, _entry(entry)
    except (FileNotFoundError, NotADirectoryError):
        yield "absent"
    except PermissionError:
        yield "not permitted"  # so it is for a client of this user


def _entry(entry: "os.DirEntry[str]") -> object:
    if entry.is_dir():
        return "folder"
    try:
        return _identity(entry.stat())
    except FileNotFoundError:
        return "broken link"


def _identity(status: os.stat_result) -> object:
    """By these a file is the same; not by its other names or when it was last read."""
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_mode
