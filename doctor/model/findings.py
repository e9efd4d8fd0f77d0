"""Conclusions: findings with their evidence and remedies, and the report of one run."""

from enum import StrEnum

from msgspec import Struct

from doctor.model.clients import Client
from doctor.model.environments import Environment
from doctor.model.machine import Machine
from doctor.model.projects import Project
from doctor.model.records import ChannelCopy, PackageCache
from doctor.model.remedies import Applied, Remedy, Tried


class Severity(StrEnum):
    """How much a finding matters; `UNKNOWN` is neither good nor bad."""

    OK = "ok"
    NOTE = "note"
    UNKNOWN = "unknown"
    WARNING = "warning"
    ERROR = "error"


class Evidence(Struct, frozen=True):
    """One fact behind a finding, and the file, command or rule it was read from."""

    text: str
    source: str


class Finding(Struct, frozen=True):
    """What a check says: consequence first, then evidence and remedies in order of safety."""

    check: str
    subject: str
    severity: Severity
    title: str
    consequence: str
    clients: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    link: str | None = None

    @property
    def id(self) -> str:
        """Stable identifier, `CHECK:SUBJECT`."""
        return f"{self.check}:{self.subject}"

    @property
    def options(self) -> dict[str, Remedy]:
        """Its remedies by a name that is unique among them, in their order."""
        named: dict[str, Remedy] = {}
        for remedy in self.remedies:
            number = sum(other.name == remedy.name for other in named.values())
            named[f"{remedy.name}-{number + 1}" if number else remedy.name] = remedy
        return named


class Checked(StrEnum):
    """What became of a finding once the machine was examined again."""

    GONE = "gone"
    STILL_THERE = "still there"
    UNKNOWN = "unknown"


class Guide(Struct, frozen=True):
    """How far somebody was taken through one finding: what was tried, applied, and found again.

    `tried` and `applied` are in the order in which that was done; `checked` is `None` until the
    machine was examined again.
    """

    finding: Finding
    tried: tuple[Tried, ...] = ()
    applied: tuple[Applied, ...] = ()
    checked: Checked | None = None


class Report(Struct, frozen=True):
    """Everything one run found. `source` says whose machine and when.

    `environments` and `project` are `None` where they were not examined; `channels` are the
    clients' cached copies of channels, `packages` their folders of downloaded packages. `muted` are
    ids of findings that the user does not want to hear of; those stand last.
    """

    doctor: str
    made: str
    machine: Machine
    clients: tuple[Client, ...] = ()
    findings: tuple[Finding, ...] = ()
    source: str = "this machine"
    environments: tuple[Environment, ...] | None = None
    channels: tuple[ChannelCopy, ...] | None = None
    packages: tuple[PackageCache, ...] | None = None
    project: Project | None = None
    muted: tuple[str, ...] = ()

    @property
    def counted(self) -> tuple[Finding, ...]:
        """The findings that were not muted: they make the headline and the exit status."""
        return tuple(finding for finding in self.findings if finding.id not in self.muted)
