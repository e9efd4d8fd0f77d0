"""The machine that the doctor runs on."""

import copy
import fnmatch
import os
import shutil
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from doctor.host import MAX_FILE, Part
from doctor.host.files import read_bytes
from doctor.model import (
    ChannelCopy,
    Command,
    Entry,
    Facts,
    Figures,
    File,
    Installed,
    Lines,
    Transcript,
)

if TYPE_CHECKING:
    from doctor.host.processes import Processes

PROBES = Path(__file__).parent.parent / "probes"

CALM = {"NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
"""Laid over every child's environment: plain output, and no byte code written into a root."""


class LiveHost:
    """Answers from the running system. Reading is all it does; only children could do more."""

    live = True

    def __init__(self, places: Mapping[str, Callable[[str], str]] | None = None) -> None:
        """Starts nothing.

        `places` says what a placeholder such as `@channel@` stands for here, given the scratch
        folder; it is asked when a command first needs it.
        """
        self._places = dict(places or {})
        self._known: dict[str, str] = {}
        self._processes: Processes | None = None
        self._part = Part()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._environ = dict(os.environ)

    def facts(self) -> Facts:
        """What `uname`, `confstr` and the interpreter say."""
        system, machine, release, version = _uname()
        return Facts(
            system=system,
            machine=machine,
            release=release,
            version=version,
            libc=_libc(),
            distribution=_macos_version() if system == "Darwin" else None,
            python=sys.executable,
            home=os.path.expanduser("~"),
            cwd=_cwd(),
        )

    def figures(self) -> Figures:
        """What psutil says."""
        import psutil

        return Figures(psutil.cpu_count(), psutil.virtual_memory().total, _parent())

    def env(self, name: str) -> str | None:
        """Value of a variable in our own environment."""
        return self._environ.get(name)

    def env_names(self, prefix: str) -> tuple[str, ...]:
        """Names of our own variables with this prefix."""
        return tuple(sorted(name for name in self._environ if name.startswith(prefix)))

    def read(self, path: str) -> File:
        """Text of a regular file of at most `MAX_FILE` bytes; never blocks on a pipe or device."""
        data, trouble = read_bytes(path, MAX_FILE)
        if data is None:
            return File(path, trouble=trouble)
        if b"\0" in data and not path.startswith("/proc/"):
            return File(path, trouble="is not a text file")
        return File(path, text=data.decode("utf-8", errors="replace"))

    def lines(self, path: str, words: tuple[str, ...]) -> Lines:
        """Lines of a file, read now."""
        from doctor.host.lines import lines

        return lines(path, words)

    def look(self, path: str) -> Entry:
        """What stands at a path, its links resolved."""
        real = os.path.realpath(path)
        try:
            mode = os.stat(path).st_mode
        except PermissionError:
            return Entry(path, "not permitted", real)
        except (OSError, ValueError):
            return Entry(path, "broken link" if os.path.islink(path) else "absent", real)
        if stat.S_ISDIR(mode):
            return Entry(path, "directory", real)
        if not stat.S_ISREG(mode):
            return Entry(path, "special file", real)
        return Entry(path, "executable" if os.access(path, os.X_OK) else "not executable", real)

    def names(self, folder: str, *patterns: str) -> tuple[str, ...] | None:
        """Matching names in a folder."""
        try:
            found = os.listdir(folder)
        except (OSError, ValueError):
            return None
        return tuple(
            sorted(name for name in found if any(fnmatch.fnmatchcase(name, p) for p in patterns))
        )

    def installed(self, prefix: str, words: tuple[str, ...]) -> Installed:
        """Records of a prefix, read now."""
        from doctor.host.records import installed

        return installed(prefix, words)

    def channel_copy(self, path: str) -> ChannelCopy:
        """A cached copy, read now."""
        from doctor.host.channels import channel_copy

        return channel_copy(path)

    def on_path(self, name: str) -> tuple[Entry, ...]:
        """Everything with this name along PATH; on Windows with its usual endings too."""
        names = [name]
        if os.name == "nt":
            names = [f"{name}{ending}" for ending in (".exe", ".bat", ".cmd")]
        entries = []
        for folder in dict.fromkeys(filter(None, self._environ.get("PATH", "").split(os.pathsep))):
            for candidate in names:
                path = os.path.join(folder, candidate)
                if os.path.lexists(path):
                    entries.append(self.look(path))
        return tuple(entries)

    def prepare(self, placeholder: str) -> None:
        """Makes it now, in the calling thread."""
        self._place(placeholder)

    def run(self, command: Command) -> Transcript:
        """Runs a command with our environment, calmed, and its own changes over it."""
        started = time.monotonic()
        own = {name: self._expand(value) for name, value in command.env.items()}
        for value in own.values():
            self._make_scratch(value)
        environ = {**self._environ, **CALM, **own}
        for name in command.unset:
            environ.pop(name, None)
        argv = [self._expand(word) for word in command.argv]
        outcome = self._children().run(argv, environ, command.limit, part=self._part)
        stdout, stderr = (bytes(s).decode("utf-8", errors="replace") for s in outcome.streams)
        return Transcript(
            argv=command.argv,
            env=command.env,
            exit_status=outcome.status,
            stdout=stdout,
            stderr=stderr,
            seconds=round(time.monotonic() - started, 4),
            trouble=outcome.trouble,
            unset=command.unset,
        )

    def stamp(self, paths: tuple[str, ...]) -> str | None:
        """Of what stands there now, and of our own variables."""
        from doctor.host.stamps import stamp

        return stamp(paths, self._environ)

    @property
    def stopped(self) -> bool:
        """Whether this piece of work was."""
        return self._part.stopped

    def part(self) -> "LiveHost":
        """Shares all but which children are its own."""
        self._children()  # made before it is shared
        part = copy.copy(self)
        part._part = Part()
        return part

    def stop(self) -> None:
        """Ends the children of this piece of work at once."""
        self._children().stop(self._part)

    def close(self) -> None:
        """Ends every child at once, now and later; the scratch folder goes."""
        self._children().close()
        with self._lock:
            self._closed.set()
            scratch = self._known.pop("@scratch@", None)
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)

    def _expand(self, word: str) -> str:
        """A word with its placeholders replaced by what they stand for here."""
        if word == "@python@":
            return sys.executable
        if word.startswith("@probe:") and word.endswith("@"):
            name = word.removeprefix("@probe:").removesuffix("@")
            return (PROBES / f"{name}.py").read_text(encoding="utf-8")
        for name in ("@channel@", "@scratch@"):
            if name in word:
                word = word.replace(name, self._place(name))
        return word

    def _make_scratch(self, path: str) -> None:
        """A folder that a client is told to use in our scratch folder must be there."""
        with self._lock:
            scratch = self._known.get("@scratch@")
            if scratch is not None and path.startswith(scratch):
                os.makedirs(path, exist_ok=True)

    def _place(self, name: str) -> str:
        """What a placeholder stands for; itself once the host is closed, since nothing is run then.

        A folder that is made after that would be left.
        """
        with self._lock:
            if self._closed.is_set():
                return name
            if "@scratch@" not in self._known:
                self._known["@scratch@"] = tempfile.mkdtemp(prefix="envdoctor-")
            if name not in self._known:
                self._known[name] = self._places[name](self._known["@scratch@"])
            return self._known[name]

    def _children(self) -> "Processes":
        from doctor.host.processes import Processes

        with self._lock:
            if self._processes is None:
                self._processes = Processes()
            return self._processes


def _uname() -> tuple[str, str, str, str]:
    """System, machine, release and version, as Python's `platform` names them."""
    if hasattr(os, "uname"):
        said = os.uname()
        return said.sysname, said.machine, said.release, said.version
    import platform

    return platform.system(), platform.machine(), platform.release(), platform.version()


def _macos_version() -> str | None:
    import platform

    return platform.mac_ver()[0] or None


def _libc() -> tuple[str, str] | None:
    """Family and version as `confstr` reports them, which is what conda and libmamba ask."""
    try:
        value = os.confstr("CS_GNU_LIBC_VERSION")
    except (AttributeError, OSError, ValueError):
        return None
    words = (value or "").split()
    return (words[0], words[1]) if len(words) == 2 else None


def _cwd() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""


def _parent() -> str | None:
    import psutil

    try:
        parent = psutil.Process().parent()
        return parent.name() if parent is not None else None
    except psutil.Error:
        return None
