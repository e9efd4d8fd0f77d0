"""The host that records what crosses it, and the host that answers from a recording."""

import copy
import itertools
import threading
from datetime import UTC, datetime
from typing import ClassVar

from doctor import __version__
from doctor.host import Host
from doctor.host.recording import (
    FORMAT,
    MAX_RECORDING,
    Recording,
    UnreadableRecording,
    decode,
    encode,
)
from doctor.model import (
    ChannelCopy,
    Command,
    Entry,
    Facts,
    Figures,
    File,
    Installed,
    Lines,
    Omission,
    Transcript,
)

__all__ = [
    "FORMAT",
    "MAX_RECORDING",
    "RecordedHost",
    "Recording",
    "RecordingHost",
    "UnreadableRecording",
    "decode",
    "encode",
]


class RecordingHost:
    """Passes every question on and keeps the answer."""

    omissions: ClassVar[tuple[Omission, ...]] = ()

    def __init__(self, host: Host) -> None:
        """Wraps a host."""
        self.live = host.live
        self._host = host
        self._lock = threading.Lock()
        self._facts: Facts | None = None
        self._figures: dict[str, Figures] = {}
        self._env: dict[str, str | None] = {}
        self._env_names: dict[str, tuple[str, ...]] = {}
        self._files: dict[str, File] = {}
        self._lines: dict[str, Lines] = {}
        self._entries: dict[str, Entry] = {}
        self._folders: dict[str, tuple[str, ...] | None] = {}
        self._lookups: dict[str, tuple[Entry, ...]] = {}
        self._installed: dict[str, Installed] = {}
        self._channel_copies: dict[str, ChannelCopy] = {}
        self._transcripts: dict[str, Transcript] = {}
        self._number = itertools.count(1)
        self._newest: dict[str, int] = {}

    def facts(self) -> Facts:
        """Asked once, then remembered."""
        if self._facts is None:
            self._facts = self._host.facts()
        return self._facts

    def figures(self) -> Figures:
        """Recorded as last asked."""
        figures = self._figures[""] = self._host.figures()
        return figures

    def env(self, name: str) -> str | None:
        """Recorded by name: variables that nobody asked for stay out."""
        value = self._env[name] = self._host.env(name)
        return value

    def env_names(self, prefix: str) -> tuple[str, ...]:
        """Recorded by prefix."""
        names = self._env_names[prefix] = self._host.env_names(prefix)
        return names

    def read(self, path: str) -> File:
        """Recorded by path."""
        file = self._files[path] = self._host.read(path)
        return file

    def lines(self, path: str, words: tuple[str, ...]) -> Lines:
        """Recorded by path."""
        found = self._lines[path] = self._host.lines(path, words)
        return found

    def look(self, path: str) -> Entry:
        """Recorded by path."""
        entry = self._entries[path] = self._host.look(path)
        return entry

    def names(self, folder: str, *patterns: str) -> tuple[str, ...] | None:
        """Recorded by folder and patterns."""
        names = self._folders[_folder_key(folder, patterns)] = self._host.names(folder, *patterns)
        return names

    def installed(self, prefix: str, words: tuple[str, ...]) -> Installed:
        """Recorded by prefix."""
        found = self._installed[prefix] = self._host.installed(prefix, words)
        return found

    def channel_copy(self, path: str) -> ChannelCopy:
        """Recorded by path."""
        found = self._channel_copies[path] = self._host.channel_copy(path)
        return found

    def on_path(self, name: str) -> tuple[Entry, ...]:
        """Recorded by name."""
        entries = self._lookups[name] = self._host.on_path(name)
        return entries

    def prepare(self, placeholder: str) -> None:
        """Passed on; nothing to record."""
        self._host.prepare(placeholder)

    def run(self, command: Command) -> Transcript:
        """Recorded by argv and environment changes; of a command that is run again what began last.

        What was stopped for the sake of a new run may end after it.
        """
        number = next(self._number)
        transcript = self._host.run(command)
        key = _command_key(transcript)
        with self._lock:
            if number > self._newest.get(key, 0):
                self._newest[key], self._transcripts[key] = number, transcript
        return transcript

    def heard(self, command: Command) -> Transcript | None:
        """What a command said when it was last run, `None` where it was not, or did not end well.

        Nothing is run, and what is heard again is part of the recording already.
        """
        with self._lock:
            said = self._transcripts.get(_command_key(_unanswered(command)))
        return said if said is not None and said.trouble is None else None

    def stamp(self, paths: tuple[str, ...]) -> str | None:
        """Passed on: it says nothing that could be judged."""
        return self._host.stamp(paths)

    @property
    def stopped(self) -> bool:
        """Whether this piece of work was."""
        return self._host.stopped

    def part(self) -> "RecordingHost":
        """Records into the same tables."""
        part = copy.copy(self)
        part._host = self._host.part()
        return part

    def stop(self) -> None:
        """Ends the children of this piece of work at once."""
        self._host.stop()

    def afresh(self) -> "RecordingHost":
        """The same host with nothing recorded yet."""
        return RecordingHost(self._host)

    def close(self) -> None:
        """Closes the host behind it."""
        self._host.close()

    def recording(self) -> Recording:
        """What has crossed so far."""
        with self._lock:
            return Recording(
                format=FORMAT,
                doctor=__version__,
                made=datetime.now(UTC).isoformat(timespec="seconds"),
                facts=self.facts(),
                figures=self._figures.get("", Figures()),
                env=dict(self._env),
                env_names=dict(self._env_names),
                files=dict(self._files),
                lines=dict(self._lines),
                entries=dict(self._entries),
                folders=dict(self._folders),
                lookups=dict(self._lookups),
                installed=dict(self._installed),
                channel_copies=dict(self._channel_copies),
                transcripts=tuple(self._transcripts[key] for key in sorted(self._transcripts)),
            )


class RecordedHost:
    """Answers from a recording; what was not asked then is unknown now."""

    live = False
    stopped = False

    def __init__(self, recording: Recording, omissions: tuple[Omission, ...] = ()) -> None:
        """Indexes the transcripts by what was run; `omissions` were left out of the recording."""
        self.recording = recording
        self.omissions = omissions
        self._transcripts = {_command_key(t): t for t in recording.transcripts}

    def facts(self) -> Facts:
        """The recorded machine's facts."""
        return self.recording.facts

    def figures(self) -> Figures:
        """The recorded machine's figures."""
        return self.recording.figures

    def env(self, name: str) -> str | None:
        """The recorded value."""
        return self.recording.env.get(name)

    def env_names(self, prefix: str) -> tuple[str, ...]:
        """The recorded names."""
        return self.recording.env_names.get(prefix, ())

    def read(self, path: str) -> File:
        """The recorded text."""
        return self.recording.files.get(path) or File(path, trouble="is not in the recording")

    def lines(self, path: str, words: tuple[str, ...]) -> Lines:
        """The recorded lines."""
        known = self.recording.lines.get(path)
        return known or Lines(path, trouble="is not in the recording")

    def look(self, path: str) -> Entry:
        """The recorded entry."""
        return self.recording.entries.get(path) or Entry(path, "not in the recording")

    def names(self, folder: str, *patterns: str) -> tuple[str, ...] | None:
        """The recorded names."""
        return self.recording.folders.get(_folder_key(folder, patterns))

    def installed(self, prefix: str, words: tuple[str, ...]) -> Installed:
        """The recorded records."""
        known = self.recording.installed.get(prefix)
        return known or Installed(prefix, trouble="is not in the recording")

    def channel_copy(self, path: str) -> ChannelCopy:
        """The recorded copy."""
        known = self.recording.channel_copies.get(path)
        return known or ChannelCopy(path, trouble="is not in the recording")

    def on_path(self, name: str) -> tuple[Entry, ...]:
        """The recorded look-up."""
        return self.recording.lookups.get(name, ())

    def prepare(self, placeholder: str) -> None:
        """Nothing is run, so nothing is needed."""

    def run(self, command: Command) -> Transcript:
        """The recorded transcript, without running anything."""
        asked = _unanswered(command)
        return self._transcripts.get(_command_key(asked), asked)

    def stamp(self, paths: tuple[str, ...]) -> str | None:
        """Unknown: what is asked again costs nothing here."""
        return None

    def part(self) -> "RecordedHost":
        """Nothing runs, so that nothing could be stopped."""
        return self

    def stop(self) -> None:
        """Nothing runs, nothing to end."""

    def close(self) -> None:
        """Nothing runs, nothing to end."""


def _folder_key(folder: str, patterns: tuple[str, ...]) -> str:
    return "\n".join((folder, *patterns))


def _command_key(transcript: Transcript) -> str:
    environment = [f"{name}={value}" for name, value in sorted(transcript.env.items())]
    return "\0".join((*transcript.argv, "", *environment, "", *transcript.unset))


def _unanswered(command: Command) -> Transcript:
    reason = "is not in the recording"
    return Transcript(command.argv, command.env, trouble=reason, unset=command.unset)
