"""What the app and its rooms tell one another."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from doctor.model import Finding, Report

if TYPE_CHECKING:
    from doctor.examine import Event


@dataclass
class Progress(Message):
    """The examination got further."""

    event: "Event"


@dataclass
class OpenFinding(Message):
    """The user wants to see a finding."""

    finding: Finding


@dataclass
class Explain(Message):
    """The user wants to know what clients do with requirements."""

    requirements: tuple[str, ...]


@dataclass
class Explained(Message):
    """Clients have tried requirements, `None` where that broke."""

    requirements: tuple[str, ...]
    report: Report


@dataclass
class Triage(Message):
    """The user pasted a log."""

    text: str


@dataclass
class Triaged(Message):
    """What a log came to, and the sentence about it."""

    findings: tuple[Finding, ...]
    said: str
