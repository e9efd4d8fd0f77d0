"""An override names a CPU: lower, equal, above, of another family, or without any build."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import VARIABLE, Override, overrides
from doctor.levels import accepted_names, level_number
from doctor.microarch import X86_LEVELS, installed
from doctor.model import Evidence, Finding, Machine, Remedy, Report, Severity

ID = "override-left-set"
GROUP = "overrides"
SYMPTOM = "it worked yesterday; today everything resolves to another level"
CAUSE = (
    "CONDA_OVERRIDE_ARCHSPEC replaces detection in every client that reads it, without any check "
    "against the CPU, for as long as it is set. conda's condarc key does the same for conda."
)
DETECTED = (
    "The variable, or conda's condarc key where that is not set, holds a name that archspec "
    "knows. Its level is compared with the CPU's, and the name with those that builds accept."
)
REMEDIES = ("remove-override", "advice")
ADVICE = ("Where one command needs it, set it for that command only.",)
SOURCES = (
    "https://github.com/conda-forge/microarch-level-feedstock/issues/13",
    "https://github.com/conda/conda/pull/15156",
    "https://github.com/mamba-org/mamba/pull/2966",
)


def check(report: Report) -> Iterator[Finding]:
    """One finding per override whose value is a name that archspec knows."""
    for override in overrides(report):
        if override.value in installed().targets:
            yield _finding(report, override)


def _finding(report: Report, override: Override) -> Finding:
    severity, title, consequence = _judge(report.machine, override)
    if not override.followers:
        severity, consequence = Severity.NOTE, "No installed client reads it: it has no effect now."
    detected = report.machine.microarchitecture
    name, level = detected.name or "unknown", detected.level or "unknown"
    remedies = [*override.removals]
    if severity in (Severity.NOTE, Severity.WARNING) and override.name == VARIABLE:
        remedies.append(Remedy(ADVICE[0]))
    read_by = ", ".join(override.ids) or "no installed client"
    return Finding(
        ID,
        override.subject,
        severity,
        title,
        consequence,
        override.ids,
        (
            Evidence(f"{override.name}={override.value}", override.source),
            *override.written,
            Evidence(f"the CPU is {name}, level {level}", "CPU features"),
            Evidence(f"read by {read_by}", "the rule for each client's version"),
        ),
        tuple(remedies),
        SOURCES[0],
    )


def _judge(machine: Machine, override: Override) -> tuple[Severity, str, str]:
    database = installed()
    said = f"{override.name}={override.value}"
    level = _build_level(override.value) or database.level(override.value) or override.value
    own = reach.own_level(machine)
    if own is None or own not in database.targets or reach.without_levels(machine):
        return _not_comparable(machine, said)
    if override.value not in accepted_names() and (own in X86_LEVELS or own.startswith("power")):
        return (
            Severity.ERROR,
            f"{said} is set, and no published build accepts that name",
            "No level package can be installed while it is set, not even of level 1.",
        )
    if level == own:
        return (
            Severity.NOTE,
            f"{said} is set, of the CPU's own level",
            "Level packages install as without it, as long as this machine is meant.",
        )
    if level in database.ancestors[own]:
        return (
            Severity.WARNING,
            f"{said} is set, below the CPU's level {own}",
            f"Packages are chosen for level {level}: they run, but slower than this CPU could.",
        )
    if own in database.ancestors[level]:
        return (
            Severity.ERROR,
            f"{said} is set above the CPU's level {own}",
            "Packages are installed that this CPU cannot run: they end with Illegal instruction.",
        )
    return (
        Severity.ERROR,
        f"{said} names a CPU of another family than this one ({own})",
        "No level package for this machine can be installed while it is set.",
    )


def _not_comparable(machine: Machine, said: str) -> tuple[Severity, str, str]:
    """On a platform without levels, or on an unknown CPU."""
    if reach.without_levels(machine):
        return (
            Severity.NOTE,
            f"{said} is set, on a platform without level packages",
            "Nothing that is installed for this platform depends on it.",
        )
    return (
        Severity.UNKNOWN,
        f"{said} is set, and the CPU could not be examined",
        "Whether programs installed under it run here is unknown.",
    )


def _build_level(name: str) -> str | None:
    """The x86-64 level for which builds take a name; cannonlake is 3 there, 4 in archspec."""
    number = level_number(name)
    return X86_LEVELS[number - 1] if number in (1, 2, 3, 4) and number is not None else None
