"""What the app and its rooms tell one another."""

from dataclasses import dataclass

from textual.message import Message

from doctor.examine import Event
from doctor.model import Finding


@dataclass
class Progress(Message):
    """The examination got further."""

    event: Event


@dataclass
class OpenFinding(Message):
    """The user wants to see a finding."""

    finding: Finding


@dataclass
class Rerun(Message):
    """The user wants everything examined again."""
