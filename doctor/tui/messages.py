"""What the app and its rooms tell one another."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from doctor.model import Applied, Client, Comparison, Copied, Finding, Remedy, Tried, Waiting
from doctor.settings import Kept, Settings

if TYPE_CHECKING:
    from doctor.bundle.making import Bundle
    from doctor.examine import Event
    from doctor.session import Session


@dataclass
class Progress(Message):
    """The examination of a session got further."""

    event: "Event"
    session: "Session"


@dataclass
class OpenFinding(Message):
    """The user wants to see a finding."""

    finding: Finding


@dataclass
class OpenPage(Message):
    """The user wants to know all about a problem, whether or not it is here."""

    problem: str


@dataclass
class Explain(Message):
    """The user wants to know what clients do with requirements."""

    requirements: tuple[str, ...]


@dataclass
class ClientTried(Message):
    """A client has tried requirements."""

    client: Client
    requirements: tuple[str, ...]
    session: "Session"


@dataclass
class Explained(Message):
    """Every client has tried what was wanted of it, or that broke."""

    session: "Session"
    trouble: str = ""


@dataclass
class Triage(Message):
    """The user pasted a log."""

    text: str


@dataclass
class Triaged(Message):
    """What a log came to, and the sentence about it."""

    findings: tuple[Finding, ...]
    said: str
    wanted: Triage


@dataclass
class GuideFinding(Message):
    """The user wants to be taken through a finding."""

    finding: Finding


@dataclass
class GuideRequirement(Message):
    """The user wants to be taken through a requirement that some client refuses."""

    requirement: str


@dataclass
class TryRemedy(Message):
    """A remedy of a finding is to be tried, changing nothing."""

    finding: str
    remedy: Remedy


@dataclass
class TrialWaits(Message):
    """A trial waits for somebody's answer."""

    waiting: Waiting
    session: "Session"


@dataclass
class TriedRemedy(Message):
    """What a trial came to, `None` where it broke."""

    finding: str
    remedy: Remedy
    tried: Tried | None
    session: "Session"


@dataclass
class ApplyRemedy(Message):
    """The user said yes to a remedy, having seen its literal steps."""

    finding: str
    remedy: Remedy


@dataclass
class Said(Message):
    """The running remedy printed something; the next is sent once this one was read."""


@dataclass
class AppliedRemedy(Message):
    """A remedy was carried out, or was not."""

    finding: str
    applied: Applied


@dataclass
class CheckAgain(Message):
    """The user wants to know whether a finding is still there."""

    finding: str


@dataclass
class MakeBundle(Message):
    """The bundle is to be put together, with more words hidden and without some files."""

    words: tuple[str, ...]
    without: tuple[str, ...]


@dataclass
class Bundled(Message):
    """The bundle as it was wanted, or why there is none."""

    bundle: "Bundle | str"
    wanted: MakeBundle


@dataclass
class WriteBundle(Message):
    """The user saw the bundle and wants it written."""

    bundle: "Bundle"
    path: str
    over: bool


@dataclass
class WrittenBundle(Message):
    """What became of a bundle that was to be written."""

    bundle: "Bundle"
    path: str
    said: str
    done: bool


@dataclass
class CompareFiles(Message):
    """The user wants to see this machine beside those of some files, named on one line."""

    line: str


@dataclass
class FilesCompared(Message):
    """What a line of files came to, or why it came to nothing."""

    wanted: CompareFiles
    comparison: Comparison | None
    trouble: str


@dataclass
class CopyText(Message):
    """The user wants a text out of the app; the title says what it is."""

    title: str
    text: str


@dataclass
class TextCopied(Message):
    """What was done to get a text out of the app."""

    text: str
    copied: Copied


@dataclass
class MuteFinding(Message):
    """The user does not want to hear of a finding, or wants to again; named by its id."""

    finding: str


@dataclass
class ChangeSettings(Message):
    """These settings shall hold from now on."""

    settings: Settings


@dataclass
class KeepSettings(Message):
    """The settings that hold shall be written, once the user has seen what that changes."""


@dataclass
class SettingsKept(Message):
    """What became of settings that were to be written, and what stands there now."""

    kept: Kept
    said: str
