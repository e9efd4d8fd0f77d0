"""A recording of what crossed a host, and the host that answers from it."""

import threading
from datetime import UTC, datetime

import msgspec
from msgspec import Struct, field

from doctor import __version__
from doctor.host import Host, formats
from doctor.host.plausible import TOO_LONG, plausible
from doctor.model import (
    ChannelCopy,
    Command,
    Entry,
    Facts,
    Figures,
    File,
    Guide,
    Installed,
    Lines,
    Transcript,
)

FORMAT = 1
"""Format version of recordings; a newer one is refused, an older one still opens."""

MAX_RECORDING = 64 * 2**20
"""Largest recording that is opened, in bytes."""


class Recording(Struct, frozen=True):
    """Everything that crossed one host, by question; `guides` are what was tried and done there."""

    format: int
    doctor: str
    made: str
    facts: Facts
    figures: Figures = Figures()
    env: dict[str, str | None] = field(default_factory=dict)
    env_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    folders: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    lookups: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    installed: dict[str, Installed] = field(default_factory=dict)
    channel_copies: dict[str, ChannelCopy] = field(default_factory=dict)
    transcripts: tuple[Transcript, ...] = ()
    guides: tuple[Guide, ...] = ()


class UnreadableRecording(ValueError):
    """A file that is no recording that this version understands; the message says what to do."""


def decode(data: bytes) -> Recording:
    """Validates untrusted bytes into a recording.

    Raises `UnreadableRecording` with one sentence.
    """
    if len(data) > MAX_RECORDING:
        raise UnreadableRecording(f"is larger than {MAX_RECORDING // 2**20} MiB")
    version = formats.number_of(data)
    if version is None:
        raise UnreadableRecording("is not an envdoctor recording")
    if version < 1:
        raise UnreadableRecording("is a damaged envdoctor recording: it names no format")
    if (newer := formats.too_new(version, FORMAT)) is not None:
        raise UnreadableRecording(newer)
    try:
        recording = msgspec.json.decode(data, type=Recording)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableRecording(f"is a damaged envdoctor recording: {error}") from None
    if not plausible(recording):
        raise UnreadableRecording(f"is a damaged envdoctor recording: {TOO_LONG}")
    return recording


def encode(recording: Recording) -> bytes:
    """A recording as JSON, the same bytes for the same recording."""
    return msgspec.json.format(msgspec.json.encode(recording, order="deterministic"), indent=1)


class RecordingHost:
    """Passes every question on and keeps the answer."""

    def __init__(self, host: Host) -> None:
        """Wraps a host."""
        self.live = host.live
        self._host = host
        self._lock = threading.Lock()
        self._facts: Facts | None = None
        self._figures = Figures()
        self._env: dict[str, str | None] = {}
        self._env_names: dict[str, tuple[str, ...]] = {}
        self._files: dict[str, File] = {}
        self._lines: dict[str, Lines] = {}
        self._entries: dict[str, Entry] = {}
        self._folders: dict[str, tuple[str, ...] | None] = {}
        self._lookups: dict[str, tuple[Entry, ...]] = {}
        self._installed: dict[str, Installed] = {}
        self._channel_copies: dict[str, ChannelCopy] = {}
        self._transcripts: list[Transcript] = []

    def facts(self) -> Facts:
        """Asked once, then remembered."""
        if self._facts is None:
            self._facts = self._host.facts()
        return self._facts

    def figures(self) -> Figures:
        """Recorded as last asked."""
        self._figures = self._host.figures()
        return self._figures

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
        """Recorded by argv and environment changes."""
        transcript = self._host.run(command)
        with self._lock:
            self._transcripts.append(transcript)
        return transcript

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
                figures=self._figures,
                env=dict(self._env),
                env_names=dict(self._env_names),
                files=dict(self._files),
                lines=dict(self._lines),
                entries=dict(self._entries),
                folders=dict(self._folders),
                lookups=dict(self._lookups),
                installed=dict(self._installed),
                channel_copies=dict(self._channel_copies),
                transcripts=tuple(sorted(self._transcripts, key=_command_key)),
            )


class RecordedHost:
    """Answers from a recording; what was not asked then is unknown now."""

    live = False

    def __init__(self, recording: Recording) -> None:
        """Indexes the transcripts by what was run."""
        self.recording = recording
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
        reason = "is not in the recording"
        asked = Transcript(command.argv, command.env, trouble=reason, unset=command.unset)
        return self._transcripts.get(_command_key(asked), asked)

    def close(self) -> None:
        """Nothing runs, nothing to end."""


def _folder_key(folder: str, patterns: tuple[str, ...]) -> str:
    return "\n".join((folder, *patterns))


def _command_key(transcript: Transcript) -> str:
    environment = [f"{name}={value}" for name, value in sorted(transcript.env.items())]
    return "\0".join((*transcript.argv, "", *environment, "", *transcript.unset))
