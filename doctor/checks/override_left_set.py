"""CONDA_OVERRIDE_ARCHSPEC is set to a known name: lower, equal, above, or of another family."""

from collections.abc import Iterator

from doctor.checks import advice
from doctor.microarch import installed
from doctor.model import Evidence, Finding, Machine, Remedy, Report, Severity

ID = "override-left-set"
SYMPTOM = "it worked yesterday; today everything resolves to another level"
CAUSE = (
    "CONDA_OVERRIDE_ARCHSPEC replaces detection in every client that reads it, without any check "
    "against the CPU, for as long as it is set."
)
VARIABLE = "CONDA_OVERRIDE_ARCHSPEC"


def check(report: Report) -> Iterator[Finding]:
    """One finding for the variable if its value is a name that archspec knows."""
    value = report.machine.settings.get(VARIABLE)
    known = installed().targets
    if not value or value not in known:
        return
    followers = tuple(c.id for c in report.clients if advice.honours_override(c))
    severity, title, consequence = _judge(report.machine, value)
    if not followers:
        severity, consequence = Severity.NOTE, "No installed client reads it: it has no effect now."
    detected = report.machine.microarchitecture
    name, level = detected.name or "unknown", detected.level or "unknown"
    remedies = [
        Remedy("Unset it in this shell; then look for the file that sets it.", f"unset {VARIABLE}")
    ]
    if severity in (Severity.NOTE, Severity.WARNING):
        remedies.append(Remedy("Where one command needs it, set it for that command only."))
    yield Finding(
        ID,
        VARIABLE,
        severity,
        title,
        consequence,
        followers,
        (
            Evidence(f"{VARIABLE}={value}", "environment"),
            Evidence(f"the CPU is {name}, level {level}", "CPU features"),
            Evidence(f"read by {', '.join(followers) or 'no installed client'}", "eras"),
        ),
        tuple(remedies),
        "https://github.com/conda-forge/microarch-level-feedstock/issues/13",
    )  # fmt: skip


def _judge(machine: Machine, value: str) -> tuple[Severity, str, str]:
    database = installed()
    level = database.level(value) or value
    own = advice.own_level(machine)
    if own is None or own not in database.targets:
        return (
            Severity.UNKNOWN,
            f"{VARIABLE} is set to {value}, and the CPU could not be examined",
            "Whether programs installed under it run here is unknown.",
        )
    if level == own:
        return (
            Severity.NOTE,
            f"{VARIABLE}={value} is set, of the CPU's own level",
            "Level packages install as without it, as long as this machine is meant.",
        )
    if level in database.ancestors[own]:
        return (
            Severity.WARNING,
            f"{VARIABLE}={value} is set, below the CPU's level {own}",
            f"Packages are chosen for level {level}: they run, but slower than this CPU could.",
        )
    if own in database.ancestors[level]:
        return (
            Severity.ERROR,
            f"{VARIABLE}={value} is set above the CPU's level {own}",
            "Packages are installed that this CPU cannot run: they end with Illegal instruction.",
        )
    return (
        Severity.ERROR,
        f"{VARIABLE}={value} names a CPU of another family than this one ({own})",
        "No level package for this machine can be installed while it is set.",
    )
