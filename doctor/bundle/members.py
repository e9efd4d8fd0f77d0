"""A recording <-> the files of a bundle: texts of files and outputs stand in files of their own."""

import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doctor.bundle.format import FILES, GUIDES, RECORDING, TRANSCRIPTS, UnreadableBundle
from doctor.host.recorded import Recording
from doctor.model import File, Guide, Transcript

_LEFT = "in a file of its own"


class Content(Struct, frozen=True):
    """One file of a bundle before it is packed, with what it is of."""

    name: str
    data: bytes
    source: str


class _Index(Struct, frozen=True):
    """The recording with names in place of texts."""

    recording: Recording
    texts: dict[str, str] = {}
    outputs: tuple[tuple[str, str], ...] = ()


def unpacked(recording: Recording) -> tuple[Content, ...]:
    """The files of a recording, in a fixed order."""
    texts: dict[str, str] = {}
    contents: list[Content] = []
    files: dict[str, File] = {}
    for number, (path, file) in enumerate(sorted(recording.files.items()), start=1):
        files[path] = file
        if file.text is not None:
            texts[path] = f"{FILES}/{number:04}-{_plain(path)}.txt"
            contents.append(Content(texts[path], file.text.encode("utf-8", "replace"), path))
            files[path] = replace(file, text=None)
    outputs: list[tuple[str, str]] = []
    transcripts: list[Transcript] = []
    for number, said in enumerate(recording.transcripts, start=1):
        pair = []
        program = _plain(said.argv[0] if said.argv else "")
        for stream, text in (("stdout", said.stdout), ("stderr", said.stderr)):
            name = f"{TRANSCRIPTS}/{number:04}-{program}.{stream}.txt"
            pair.append(name if text else "")
            if text:
                words = " ".join(said.argv[:6])
                contents.append(Content(name, text.encode("utf-8", "replace"), words))
        outputs.append((pair[0], pair[1]))
        transcripts.append(replace(said, stdout="", stderr=""))
    whole = replace(recording, files=files, transcripts=tuple(transcripts), guides=())
    index = _Index(whole, texts, tuple(outputs))
    first = [Content(RECORDING, _json(index), "what crossed the host")]
    if recording.guides:
        first.append(Content(GUIDES, _json(recording.guides), "what was tried and done"))
    return (*first, *sorted(contents, key=lambda content: content.name))


def packed(files: Mapping[str, bytes]) -> Recording:
    """The recording of some files. Raises UnreadableBundle where they are none."""
    try:
        index = msgspec.json.decode(files.get(RECORDING, b""), type=_Index)
        guides = msgspec.json.decode(files.get(GUIDES, b"[]"), type=tuple[Guide, ...])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableBundle(f"is damaged: {RECORDING} {error}") from None
    recording = index.recording
    texts = {path: replace(file, text=_text(files, index.texts[path])) if path in index.texts
             else file for path, file in recording.files.items()}  # fmt: skip
    if len(index.outputs) != len(recording.transcripts):
        raise UnreadableBundle("is damaged: its outputs do not fit its commands")
    transcripts = tuple(
        replace(said, stdout=_text(files, out), stderr=_text(files, err))
        for said, (out, err) in zip(recording.transcripts, index.outputs, strict=True)
    )
    return replace(recording, files=texts, transcripts=transcripts, guides=guides)


def _text(files: Mapping[str, bytes], name: str) -> str:
    """A text of its own file; one that was left out is empty."""
    return files[name].decode("utf-8", "replace") if name and name in files else ""


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"


def _plain(path: str) -> str:
    """The end of a path as letters that any system takes as a name."""
    base = re.split(r"[\\/]", path)[-1].lower()
    return re.sub(r"[^a-z0-9]+", "-", base).strip("-")[:40] or "unnamed"
