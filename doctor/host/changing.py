"""What changes the machine: commands with their output as it comes, and edits of one line.

Only `doctor.fix` uses it, after somebody was asked. An edit happens wholly or not at all: a copy
is kept first, the new text is written beside the file, and takes its place in one step.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from doctor.clean import clean
from doctor.host.files import read_bytes
from doctor.host.processes import Outcome, Processes
from doctor.model import Edit, Run

MAX_EDITED = 64 * 2**20
"""Largest file that is edited, in bytes."""

LIMIT = 4 * 3600.0
"""Seconds after which a command is given up; large environments take an hour on slow disks."""

PLAIN = {"NO_COLOR": "1", "TERM": "dumb"}


class NotChanged(Exception):
    """Why a file was left as it was, in words."""


class Changer:
    """Runs commands and edits files in the user's own environment."""

    def __init__(self, folder: Path, environ: Mapping[str, str] | None = None) -> None:
        """Copies are kept in `folder`, which is made when one is."""
        self._folder = folder
        self._environ = dict(os.environ if environ is None else environ)
        self._processes = Processes()

    def run(self, step: Run, say: Callable[[str], None]) -> Outcome:
        """Runs a command to its end; `say` gets each line that it prints."""
        env = {**self._environ, **PLAIN, **step.env}
        for name in step.unset:
            env.pop(name, None)
        lines = _Lines(say)
        outcome = self._processes.run(step.argv, env, LIMIT, lines.add)
        lines.end()
        return outcome

    def interrupt(self) -> None:
        """Asks the running command to stop and put back what it did."""
        self._processes.interrupt()

    def close(self) -> None:
        """Ends everything at once."""
        self._processes.close()

    def edit(self, step: Edit) -> str:
        """Changes one line of a file; returns the path of the copy that was kept.

        Raises NotChanged, with the file as it was.
        """
        path = os.path.realpath(step.path)
        if path != path.encode(errors="replace").decode():
            reason = "its path is no UTF-8, which the log of changes could not hold"
            raise NotChanged(f"{step.path} was not changed: {reason}")
        before, status = _read(path)
        after = _edited(before, step)
        try:
            kept = self._keep(path, before)
            _replace(path, after, status)
        except OSError as error:
            raise NotChanged(f"{step.path} was not changed: {_reason(error)}") from None
        return kept

    def restore(self, step: Edit, kept: str) -> None:
        """Puts the copy back that was kept before an edit, unless somebody changed the file since.

        Raises NotChanged, with the file as it was.
        """
        path, place = step.path, os.path.realpath(step.path)
        now, status = _read(place)
        before, trouble = read_bytes(kept, MAX_EDITED)
        if before is None:
            raise NotChanged(f"{path} was not put back: the copy {kept} {trouble}")
        if now != _edited(before, step):
            raise NotChanged(f"{path} was not put back: it was changed since; the copy is {kept}")
        try:
            _replace(place, before, status)
        except OSError as error:
            raise NotChanged(f"{path} was not put back: {_reason(error)}") from None

    def _keep(self, path: str, data: bytes) -> str:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(f"-{os.path.basename(path)}", "", self._folder)
        _write(descriptor, name, data)
        return name


def _read(path: str) -> tuple[bytes, os.stat_result]:
    data, trouble = read_bytes(path, MAX_EDITED)
    if data is None:
        raise NotChanged(f"{path} was not changed: it {trouble}")
    return data, os.stat(path)


def _edited(data: bytes, step: Edit) -> bytes:
    """The file with its line changed; raises NotChanged where the line is another one by now."""
    lines = data.split(b"\n")
    place = step.line - 1
    own = lines[place] if 0 <= place < len(lines) else None
    if own is None or own.decode("utf-8", errors="replace").rstrip("\r") != step.old.rstrip("\r"):
        reason = f"its line {step.line} is not what it was when it was examined"
        raise NotChanged(f"{step.path} was not changed: {reason}; examine it again")
    ending = b"\r" if own.endswith(b"\r") else b""
    new = [] if step.new is None else [step.new.rstrip("\r").encode() + ending]
    if new and own != own.decode("utf-8", errors="ignore").encode():
        reason = f"its line {step.line} is no UTF-8, and other bytes of it would be lost"
        raise NotChanged(f"{step.path} was not changed: {reason}; edit it yourself")
    return b"\n".join([*lines[:place], *new, *lines[place + 1 :]])


def _replace(path: str, data: bytes, status: os.stat_result) -> None:
    """Puts new text in the place of a file in one step, with all but the time that it has."""
    if not os.access(path, os.W_OK):
        raise PermissionError(13, "it is not writable by this user")
    if status.st_nlink > 1:
        raise OSError(None, "it has other names (hard links), which would keep the old text")
    descriptor, name = tempfile.mkstemp(
        ".new", f".{os.path.basename(path)}.", os.path.dirname(path)
    )
    try:
        _write(descriptor, name, data)
        _as(path, name, status)
        now = os.stat(path)
        if (now.st_mtime_ns, now.st_size, now.st_ino) != (
            status.st_mtime_ns, status.st_size, status.st_ino,
        ):  # fmt: skip
            raise OSError(None, "it was changed by somebody else meanwhile")
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _as(path: str, name: str, status: os.stat_result) -> None:
    """Gives a new file the owner, mode and extended attributes (also ACLs) of another."""
    if hasattr(os, "chown"):
        own = os.stat(name)
        if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
            try:
                os.chown(name, status.st_uid, status.st_gid)
            except OSError:
                raise OSError(None, "it has another owner or group, which would be lost") from None
    shutil.copystat(path, name)
    os.utime(name)


def _write(descriptor: int, name: str, data: bytes) -> None:
    """All of it on the disk, or nothing of it left."""
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _reason(error: OSError) -> str:
    return str(error.strerror or (error.args[-1] if error.args else error))


class _Lines:
    """Bytes as they come -> lines without control characters; a progress bar's last state."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._rest = b""

    def add(self, chunk: bytes) -> None:
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        for line in whole:
            self._tell(line)
        if len(self._rest) > 2**16:
            self.end()

    def end(self) -> None:
        if self._rest:
            self._tell(self._rest)
        self._rest = b""

    def _tell(self, line: bytes) -> None:
        last = line.rstrip(b"\r").rpartition(b"\r")[2]
        self._say(clean(last.decode("utf-8", errors="replace")))
