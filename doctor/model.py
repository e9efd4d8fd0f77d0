"""The vocabulary as frozen types: what was asked, what was answered, what was concluded.

No input, no output, no behaviour beyond how a thing is spelt. Absent is `None`: unknown, never
a default. Every type survives a round trip through JSON (msgspec).
"""

from enum import StrEnum

from msgspec import Struct, field


class Severity(StrEnum):
    """How much a finding matters; `UNKNOWN` is neither good nor bad."""

    OK = "ok"
    NOTE = "note"
    UNKNOWN = "unknown"
    WARNING = "warning"
    ERROR = "error"


class Basis(StrEnum):
    """How far a statement can be trusted."""

    PREDICTED = "predicted"
    REPORTED = "reported"
    PROVEN = "proven"


# --- what crosses the host -------------------------------------------------------------------


class Facts(Struct, frozen=True):
    """What the operating system says about itself without reading files.

    `system` is Python's `platform.system()`, `machine` its `platform.machine()`; `libc` the
    family and version that `confstr` reports, `distribution` the version of macOS.
    """

    system: str
    machine: str
    release: str
    version: str = ""
    libc: tuple[str, str] | None = None
    distribution: str | None = None
    python: str = ""
    home: str = ""
    cwd: str = ""


class Figures(Struct, frozen=True):
    """The machine's size and what we were started from; `memory` in bytes."""

    processors: int | None = None
    memory: int | None = None
    shell: str | None = None


class File(Struct, frozen=True):
    """The text of a file, or why there is none."""

    path: str
    text: str | None = None
    trouble: str | None = None


class Entry(Struct, frozen=True):
    """What a path is: `executable`, `file`, `directory`, `broken link`, `not executable`, `absent`.

    `real` is the path with its symbolic links resolved.
    """

    path: str
    kind: str
    real: str = ""


class Command(Struct, frozen=True):
    """A question to a program: `argv` may hold placeholders such as `@python@`.

    `env` is laid over the environment, `unset` is taken out of it; `limit` in seconds.
    """

    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    limit: float = 10.0


class Transcript(Struct, frozen=True):
    """One command with its exit status, output, time in seconds, and what went wrong with it."""

    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    exit_status: int | None = None
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    trouble: str | None = None


# --- the machine -----------------------------------------------------------------------------


class Cpu(Struct, frozen=True):
    """One processor as its operating system describes it.

    `system` is `linux`, `darwin` or `windows`; `features` are in archspec's (Linux) spelling and
    `None` when they could not be read; `printed` keeps the raw fields that older archspec
    releases read in their own way; `part`, `generation` and `uarch` are Arm's, Power's, RISC-V's.
    """

    architecture: str | None = None
    system: str | None = None
    vendor: str | None = None
    brand: str | None = None
    family: int | None = None
    model: int | None = None
    features: tuple[str, ...] | None = None
    printed: dict[str, str] = field(default_factory=dict)
    part: str = ""
    generation: int | None = None
    uarch: str = ""


class ProcessorGroup(Struct, frozen=True):
    """Processors of one kind among those the machine has."""

    count: int
    cpu: Cpu


class Nearest(Struct, frozen=True):
    """A named microarchitecture that this CPU nearly is, and the features it lacks."""

    name: str
    missing: tuple[str, ...]


class LevelFeatures(Struct, frozen=True):
    """The features that one level adds, split into what the CPU has and what it lacks."""

    level: str
    have: tuple[str, ...]
    lacks: tuple[str, ...]


class Microarchitecture(Struct, frozen=True):
    """archspec's name and level of a CPU; `missing` maps each higher level to what it lacks."""

    name: str | None = None
    level: str | None = None
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    nearest: tuple[Nearest, ...] = ()
    levels: tuple[LevelFeatures, ...] = ()
    release: str | None = None


class Witness(Struct, frozen=True):
    """A second opinion on the level, with where it comes from; `level` is `None` if it has none."""

    name: str
    level: str | None
    source: str
    trouble: str | None = None


class System(Struct, frozen=True):
    """The operating system and what stands between it and the hardware.

    `os` is conda's word (`linux`, `osx`, `win`); `subdir` the native one; `cuda` is `False` where
    no sign of an NVIDIA driver was seen, `None` where that could not be told.
    """

    os: str | None = None
    subdir: str | None = None
    kernel: str | None = None
    libc: str | None = None
    libc_version: str | None = None
    distribution: str | None = None
    distribution_version: str | None = None
    distribution_best: str | None = None
    virtualization: str | None = None
    container: str | None = None
    hides: tuple[str, ...] = ()
    processors: int | None = None
    memory: int | None = None
    shell: str | None = None
    cuda: bool | None = None


class Machine(Struct, frozen=True):
    """The facts about one computer: CPU, level, operating system, settings, witnesses."""

    cpu: Cpu
    microarchitecture: Microarchitecture
    system: System
    groups: tuple[ProcessorGroup, ...] = ()
    shared_level: str | None = None
    witnesses: tuple[Witness, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None


# --- clients ---------------------------------------------------------------------------------


class VirtualPackage(Struct, frozen=True, order=True):
    """A virtual package as clients print it: `__name=version=build`."""

    name: str
    version: str
    build: str

    def __str__(self) -> str:
        """Spelt as every client prints it."""
        return f"{self.name}={self.version}={self.build}"


class Era(Struct, frozen=True):
    """A range of a client's versions with one behaviour, from `since` on, with its source.

    `override` is `honoured` or `ignored`; `empty` says what an empty override means; `fixed_in`
    names the first versions that do better, `fault` what is wrong here.
    """

    since: str
    says: str
    source: str
    override: str = "honoured"
    empty: str = "absent"
    fault: str | None = None
    fixed_in: tuple[str, ...] = ()


class Prediction(Struct, frozen=True):
    """What a version would report and accept, by rule.

    `unknown` names virtual packages that this version may report with a value we cannot know;
    `failure` says that the client would fail instead, and how.
    """

    kind: str
    version: str
    packages: tuple[VirtualPackage, ...]
    era: Era
    unknown: tuple[str, ...] = ()
    failure: str | None = None
    accepts: dict[str, bool] = field(default_factory=dict)
    matches_regex_builds: bool = False
    solver: str = ""
    assumes: tuple[str, ...] = ()
    decided_by: str = ""

    @property
    def archspec(self) -> str | None:
        """The build string of `__archspec`, `None` where there is no such package."""
        return build_of(self.packages)


class Answer(Struct, frozen=True):
    """What was learnt of a client's virtual packages on one basis, and where that is written."""

    basis: Basis
    virtual_packages: tuple[VirtualPackage, ...] | None
    trouble: str | None = None
    source: str | None = None
    transcript: Transcript | None = None

    @property
    def archspec(self) -> str | None:
        """The build string of `__archspec`, `None` where there is no such package."""
        return build_of(self.virtual_packages or ())


class Client(Struct, frozen=True):
    """One installation of a program that solves conda environments.

    `found_by` says how it was found, `shadowed_by` which earlier one on PATH hides it; `ours`
    marks the solver that envdoctor brings itself; `archspec_json` is the path of the name table
    that this root's archspec reads; `trouble` why it cannot be asked.
    """

    id: str
    kind: str
    path: str
    version: str | None = None
    root: str | None = None
    parts: dict[str, str] = field(default_factory=dict)
    found_by: str = ""
    on_path: bool = False
    shadowed_by: str | None = None
    ours: bool = False
    python: str | None = None
    archspec_json: str | None = None
    configured: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None
    prediction: Prediction | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def reported(self) -> Answer | None:
        """The answer that the client itself gave, if it was asked."""
        return next((a for a in self.answers if a.basis is Basis.REPORTED), None)

    @property
    def title(self) -> str:
        """Kind and version in words."""
        return f"{self.kind} {self.version or '(version unknown)'}"


# --- conclusions -----------------------------------------------------------------------------


class Remedy(Struct, frozen=True):
    """What to do about a finding: a sentence, and the literal command where there is one."""

    text: str
    command: str | None = None


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


class Report(Struct, frozen=True):
    """Everything one run found. `source` says whose machine and when."""

    doctor: str
    made: str
    machine: Machine
    clients: tuple[Client, ...] = ()
    findings: tuple[Finding, ...] = ()
    source: str = "this machine"


def build_of(packages: tuple[VirtualPackage, ...], name: str = "__archspec") -> str | None:
    """Build string of the named virtual package, `None` where it is absent."""
    return next((package.build for package in packages if package.name == name), None)
