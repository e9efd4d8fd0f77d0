"""Files that the user does not want in a bundle, by the names or the sources that are shown."""

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from doctor.bundle.faithful import Unfaithful
from doctor.bundle.format import GUIDES
from doctor.bundle.members import named
from doctor.host.recorded import Recording
from doctor.model import File, Omission, Transcript
from doctor.redact import Redacted

UNTICKED = "was unticked"


class UnknownName(Unfaithful):
    """A name that no file of the bundle has."""


def without_files(
    redacted: Redacted, names: Collection[str], courtesy: Collection[str]
) -> Redacted:
    """The recording without some texts and outputs; `courtesy` are files that it does not need.

    Raises UnknownName.
    """
    recording = redacted.recording
    known = named(recording)
    paths = {known.texts.get(name, name) for name in names}.intersection(recording.files)
    outputs = {known.outputs[name] for name in names if name in known.outputs}
    for name in sorted(names):
        if known.texts.get(name, name) not in paths and name not in {*known.outputs, *courtesy}:
            raise UnknownName(f"{name} is no file of this bundle that can be left out")
    said = tuple(
        _silent(one, {stream for place, stream in outputs if place == number})
        for number, one in enumerate(recording.transcripts)
    )
    smaller = replace(
        _without(recording, paths),
        transcripts=said,
        guides=() if GUIDES in names else recording.guides,
    )
    what = sorted({known.texts.get(name, name) for name in names})
    omissions = (*redacted.omissions, *(Omission(name, UNTICKED) for name in what))
    return replace(redacted, recording=smaller, omissions=omissions)


def _without(recording: Recording, paths: set[str]) -> Recording:
    """Without the texts of some files, and without their names where folders list them."""
    files = {
        path: File(path, trouble=UNTICKED) if path in paths else file
        for path, file in recording.files.items()
    }
    folders = {
        key: None if names is None else tuple(_others(key.partition("\n")[0], names, paths))
        for key, names in recording.folders.items()
    }
    return replace(recording, files=files, folders=folders)


def _others(folder: str, names: tuple[str, ...], paths: set[str]) -> Iterator[str]:
    for name in names:
        if not paths.intersection((f"{folder}/{name}", f"{folder}\\{name}")):
            yield name


def _silent(said: Transcript, streams: set[str]) -> Transcript:
    """A transcript without streams; without its standard output it is no answer any more."""
    stdout = "" if "stdout" in streams else said.stdout
    trouble = said.trouble or (f"its output {UNTICKED}" if "stdout" in streams else None)
    stderr = "" if "stderr" in streams else said.stderr
    return replace(said, stdout=stdout, stderr=stderr, trouble=trouble)
