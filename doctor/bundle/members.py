"""A recording <-> the files of a bundle: texts of files and outputs stand in files of their own."""

import re
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from doctor.bundle.format import FILES, GUIDES, RECORDING, TRANSCRIPTS, UnreadableBundle
from doctor.host import formats
from doctor.host.plausible import TOO_LONG, plausible
from doctor.host.recorded import FORMAT as RECORDINGS
from doctor.host.recorded import Recording
from doctor.model import Guide, Transcript

STREAMS = ("stdout", "stderr")


class Content(Struct, frozen=True):
    """One file of a bundle before it is packed, with what it is of."""

    name: str
    data: bytes
    source: str

    @property
    def place(self) -> str:
        """What it is left out by: its path on the machine, else its name in the bundle."""
        return self.source if self.name.startswith(f"{FILES}/") else self.name


class Named(Struct, frozen=True):
    """Which files of a bundle hold the text of which path, and which output of which command."""

    texts: dict[str, str]
    outputs: dict[str, tuple[int, str]]


class _Index(Struct, frozen=True):
    """The recording with names in place of texts: by path, and two for each command."""

    recording: Recording
    texts: dict[str, str] = field(default_factory=dict)
    outputs: tuple[tuple[str, str], ...] = ()


def named(recording: Recording) -> Named:
    """The names of a recording's files, in a fixed order; what is empty has none."""
    texts = {
        f"{FILES}/{number:04}-{_plain(path)}.txt": path
        for number, (path, file) in enumerate(sorted(recording.files.items()), start=1)
        if file.text
    }
    outputs = {
        f"{TRANSCRIPTS}/{number + 1:04}-{_plain(said.argv[0] if said.argv else '')}.{stream}.txt": (
            number,
            stream,
        )
        for number, said in enumerate(recording.transcripts)
        for stream in STREAMS
        if getattr(said, stream)
    }
    return Named(texts, outputs)


def unpacked(recording: Recording) -> tuple[Content, ...]:
    """The files of a recording, in a fixed order."""
    names = named(recording)
    texts = {path: name for name, path in names.texts.items()}
    outputs = {place: name for name, place in names.outputs.items()}
    index = _Index(
        replace(
            recording,
            files={
                p: replace(f, text=None) if p in texts else f for p, f in recording.files.items()
            },
            transcripts=tuple(replace(t, stdout="", stderr="") for t in recording.transcripts),
            guides=(),
        ),
        texts,
        tuple(
            (outputs.get((number, "stdout"), ""), outputs.get((number, "stderr"), ""))
            for number in range(len(recording.transcripts))
        ),
    )
    guides = [Content(GUIDES, _json(recording.guides), "what was tried and done")]
    return (
        Content(RECORDING, _json(index), "what crossed the host"),
        *(guides if recording.guides else ()),
        *sorted((*_texts(recording, names), *_outputs(recording, names)), key=lambda c: c.name),
    )


def _texts(recording: Recording, names: Named) -> Iterator[Content]:
    for name, path in names.texts.items():
        yield Content(name, (recording.files[path].text or "").encode("utf-8", "replace"), path)


def _outputs(recording: Recording, names: Named) -> Iterator[Content]:
    for name, (number, stream) in names.outputs.items():
        said = recording.transcripts[number]
        text: str = getattr(said, stream)
        yield Content(name, text.encode("utf-8", "replace"), " ".join(said.argv[:6]))


def packed(files: Mapping[str, bytes]) -> Recording:
    """The recording of some files. Raises UnreadableBundle where they are none."""
    try:
        index = msgspec.json.decode(files.get(RECORDING, b""), type=_Index)
        guides = msgspec.json.decode(files.get(GUIDES, b"[]"), type=tuple[Guide, ...])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableBundle(f"is damaged: {RECORDING} {error}") from None
    recording = index.recording
    if (newer := formats.too_new(recording.format, RECORDINGS)) is not None:
        raise UnreadableBundle(newer)
    if recording.format < 1:
        raise UnreadableBundle("is damaged: its recording names no format")
    if len(index.outputs) != len(recording.transcripts):
        raise UnreadableBundle("is damaged: its outputs do not fit its commands")
    if not set(index.texts) <= set(recording.files):
        raise UnreadableBundle("is damaged: it has texts of files that it does not list")
    texts = _Texts(files)
    whole = replace(
        recording,
        files={p: replace(f, text=texts.of(index.texts[p])) if p in index.texts else f
               for p, f in recording.files.items()},
        transcripts=tuple(
            _with(said, texts, names)
            for said, names in zip(recording.transcripts, index.outputs, strict=True)
        ),
        guides=guides,
    )  # fmt: skip
    if not plausible(whole):
        raise UnreadableBundle(f"is damaged: {TOO_LONG}")
    return whole


def _with(said: Transcript, texts: "_Texts", names: tuple[str, str]) -> Transcript:
    stdout, stderr = (texts.of(name) if name else "" for name in names)
    return replace(said, stdout=stdout, stderr=stderr)


class _Texts:
    """The texts of some files, each to be taken once: so a small bundle never becomes large."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        """One text. Raises UnreadableBundle where there is none, and where it was taken."""
        if name not in self._files or not name.startswith((f"{FILES}/", f"{TRANSCRIPTS}/")):
            raise UnreadableBundle(f"is damaged: it lacks the text {name}")
        if name in self._taken:
            raise UnreadableBundle(f"is damaged: it names the text {name} twice")
        self._taken.add(name)
        try:
            return self._files[name].decode()
        except UnicodeDecodeError:
            raise UnreadableBundle(f"is damaged: {name} is no text") from None


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"


def _plain(path: str) -> str:
    """The end of a path as letters that any system takes as a name."""
    base = re.split(r"[\\/]", path)[-1].lower()
    return re.sub(r"[^a-z0-9]+", "-", base).strip("-")[:40] or "unnamed"
