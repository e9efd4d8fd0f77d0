"""The vocabulary as frozen types: what was asked, what was answered, what was concluded.

No input, no output, no behaviour beyond how a thing is spelt. Absent is `None`: unknown, never
a default. Every type survives a round trip through JSON (msgspec).
"""

from doctor.model.clients import (
    Answer,
    Attempt,
    Basis,
    Client,
    Era,
    Prediction,
    VirtualPackage,
    build_of,
)
from doctor.model.crossing import (
    Command,
    Entry,
    Facts,
    Figures,
    File,
    Transcript,
)
from doctor.model.environments import Environment, Need
from doctor.model.findings import (
    Evidence,
    Finding,
    Remedy,
    Report,
    Severity,
)
from doctor.model.machine import (
    Cpu,
    LevelFeatures,
    Machine,
    Microarchitecture,
    Nearest,
    ProcessorGroup,
    System,
    Witness,
)
from doctor.model.packages import PackageFile
from doctor.model.projects import PinnedLine, Project, ProjectFile
from doctor.model.records import ChannelCopy, Installed, PackageCache, Record
from doctor.model.triage import Clue

__all__ = [
    "Answer",
    "Attempt",
    "Basis",
    "ChannelCopy",
    "Client",
    "Clue",
    "Command",
    "Cpu",
    "Entry",
    "Environment",
    "Era",
    "Evidence",
    "Facts",
    "Figures",
    "File",
    "Finding",
    "Installed",
    "LevelFeatures",
    "Machine",
    "Microarchitecture",
    "Nearest",
    "Need",
    "PackageCache",
    "PackageFile",
    "PinnedLine",
    "Prediction",
    "ProcessorGroup",
    "Project",
    "ProjectFile",
    "Record",
    "Remedy",
    "Report",
    "Severity",
    "System",
    "Transcript",
    "VirtualPackage",
    "Witness",
    "build_of",
]
