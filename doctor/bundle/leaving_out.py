"""Files that the user does not want in a bundle, by the names that the preview shows."""

from collections.abc import Collection

from msgspec.structs import replace

from doctor.bundle.faithful import Unfaithful
from doctor.bundle.members import named
from doctor.model import Transcript
from doctor.redact import Omission, Redacted

UNTICKED = "was left out on request"


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
    for name in names:
        if name not in known.texts and name not in known.outputs and name not in courtesy:
            raise UnknownName(f"{name} is no file of this bundle that can be left out")
    files = dict(recording.files)
    for name in names:
        if (path := known.texts.get(name)) is not None:
            files[path] = replace(files[path], text="")
    said = list(recording.transcripts)
    for name in sorted(names):
        if (place := known.outputs.get(name)) is not None:
            number, stream = place
            said[number] = _silent(said[number], stream)
    guides = () if "guides.json" in names else recording.guides
    omissions = tuple(Omission(known.texts.get(name, name), UNTICKED)
                      for name in sorted(names))  # fmt: skip
    return replace(
        redacted,
        recording=replace(recording, files=files, transcripts=tuple(said), guides=guides),
        omissions=(*redacted.omissions, *omissions),
    )


def _silent(said: Transcript, stream: str) -> Transcript:
    """A transcript without a stream; without its standard output it is no answer any more."""
    if stream == "stderr":
        return replace(said, stderr="")
    return replace(said, stdout="", trouble=said.trouble or UNTICKED)
