"""The vocabulary as frozen types: what was asked, what was answered, what was concluded.

No input, no output, no behaviour beyond how a thing is spelt. Absent is `None`: unknown, never
a default. Every type survives a round trip through JSON (msgspec).
"""

from doctor.model.catalogue import Page
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
from doctor.model.comparison import (
    Compared,
    Comparison,
    Difference,
    Family,
    Group,
    Kind,
    Lacking,
    Reach,
)
from doctor.model.copied import Copied
from doctor.model.crossing import (
    STOPPED,
    Command,
    Entry,
    Facts,
    Figures,
    File,
    Line,
    Lines,
    Omission,
    Transcript,
)
from doctor.model.environments import Environment, Need
from doctor.model.findings import (
    Checked,
    Evidence,
    Finding,
    Guide,
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
from doctor.model.progress import Waiting
from doctor.model.projects import PinnedLine, Project, ProjectFile
from doctor.model.records import ChannelCopy, Installed, PackageCache, Record
from doctor.model.remedies import (
    Answered,
    Applied,
    Cost,
    Done,
    Edit,
    Probe,
    Remedy,
    Run,
    Step,
    Trial,
    Tried,
    Type,
)
from doctor.model.triage import Clue

__all__ = [
    "STOPPED",
    "Answer",
    "Answered",
    "Applied",
    "Attempt",
    "Basis",
    "ChannelCopy",
    "Checked",
    "Client",
    "Clue",
    "Command",
    "Compared",
    "Comparison",
    "Copied",
    "Cost",
    "Cpu",
    "Difference",
    "Done",
    "Edit",
    "Entry",
    "Environment",
    "Era",
    "Evidence",
    "Facts",
    "Family",
    "Figures",
    "File",
    "Finding",
    "Group",
    "Guide",
    "Installed",
    "Kind",
    "Lacking",
    "LevelFeatures",
    "Line",
    "Lines",
    "Machine",
    "Microarchitecture",
    "Nearest",
    "Need",
    "Omission",
    "PackageCache",
    "PackageFile",
    "Page",
    "PinnedLine",
    "Prediction",
    "Probe",
    "ProcessorGroup",
    "Project",
    "ProjectFile",
    "Reach",
    "Record",
    "Remedy",
    "Report",
    "Run",
    "Severity",
    "Step",
    "System",
    "Transcript",
    "Trial",
    "Tried",
    "Type",
    "VirtualPackage",
    "Waiting",
    "Witness",
    "build_of",
]
