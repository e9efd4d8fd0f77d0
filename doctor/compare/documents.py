"""A report as `envdoctor check --json` prints it, as far as it is compared: untrusted input."""

import msgspec
from msgspec import Struct, field

from doctor.model import Severity
from doctor.report.document import SCHEMA


class NotAReport(ValueError):
    """Why a document is no report to compare, in words that follow the file's name."""


class Cpu(Struct):
    """`machine.cpu`; more than one kind of processors may share less than the first has."""

    architecture: str | None = None
    brand: str | None = None
    features: tuple[str, ...] | None = None
    kinds_of_processors: int | None = None


class Microarchitecture(Struct):
    """`machine.microarchitecture`."""

    name: str | None = None
    level: str | None = None
    shared_level: str | None = None
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)


class System(Struct):
    """`machine.system`."""

    os: str | None = None
    subdir: str | None = None
    kernel: str | None = None
    libc: str | None = None
    libc_version: str | None = None
    distribution: str | None = None
    virtualization: str | None = None
    container: str | None = None


class Machine(Struct):
    """`machine`."""

    cpu: Cpu
    microarchitecture: Microarchitecture
    system: System
    settings: dict[str, str]


class Answer(Struct):
    """One of a client's `answers`."""

    basis: str
    virtual_packages: tuple[str, ...] | None = None


class Client(Struct):
    """One of `clients`."""

    id: str
    kind: str
    answers: tuple[Answer, ...]
    version: str | None = None
    envdoctors_own: bool = False
    cpu_packages: str | None = None

    @property
    def reported(self) -> tuple[str, ...] | None:
        """The virtual packages that it said it has, `None` where it said nothing."""
        own = (answer for answer in self.answers if answer.basis == "reported")
        return next((answer.virtual_packages for answer in own), None)


class Finding(Struct):
    """One of `findings`."""

    id: str
    check: str
    severity: Severity


class Environment(Struct):
    """One of `environments`."""

    path: str
    state: str
    installed_level: int | None = None
    needed_level: int | None = None
    trouble: str | None = None


class Document(Struct):
    """A whole report; `environments` is `None` where they were not examined."""

    schema: int
    envdoctor: str
    made: str
    machine: Machine
    clients: tuple[Client, ...]
    findings: tuple[Finding, ...]
    environments: tuple[Environment, ...] | None = None


class _Marked(Struct):
    schema: int | None = None
    format: int | None = None
    error: str | None = None


def is_report(data: bytes) -> bool:
    """Whether JSON has the mark of what we print, and not that of a recording.

    Raises NotAReport for what is neither.
    """
    try:
        marks = msgspec.json.decode(data, type=_Marked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotAReport(
            "is neither a bundle nor a recording nor a report of `envdoctor check --json`"
        ) from None
    if marks.error is not None:
        raise NotAReport("is no report: envdoctor ended with an error when it was written")
    return marks.schema is not None and marks.format is None


def document(data: bytes) -> Document:
    """A report, validated. Raises NotAReport."""
    try:
        found = msgspec.json.decode(data, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAReport(f"is no report of `envdoctor check --json`: {error}") from None
    if found.schema != SCHEMA:
        raise NotAReport(
            f"was written by another envdoctor (schema {found.schema}, this one reads {SCHEMA})"
        )
    return found
