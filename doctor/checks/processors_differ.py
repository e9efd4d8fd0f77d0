"""Processors of one machine differ in their features."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import override_for_one_command

ID = "processors-differ"
GROUP = "cpu"
SYMPTOM = "the same program crashes now and then on the same machine"
CAUSE = (
    "archspec and conda read the first processor only. Where others have fewer features, a program "
    "fails when the kernel moves it there."
)
DETECTED = (
    "The features of every processor are read, not of the first one only, and the level is worked "
    "out that all of them have."
)
REMEDIES = ("override-for-one-command", "advice")
ADVICE = ("Or keep the program on the processors that have the features (taskset).",)
SOURCES = ("archspec/archspec ebd3eb5:archspec/cpu/detect.py",)


def check(report: Report) -> Iterator[Finding]:
    """A warning if the level that all share is lower than the first one's, else a note."""
    machine = report.machine
    if len(machine.groups) < 2 or machine.microarchitecture.level is None:
        return
    level, shared = machine.microarchitecture.level, machine.shared_level
    first = set(machine.groups[0].cpu.features or ())
    differing = sorted(
        first.symmetric_difference(*(g.cpu.features or () for g in machine.groups[1:]))
    )
    if not differing:
        return
    lower = shared != level and not reach.without_levels(machine)
    consequence = (
        f"Packages for {level} may end with Illegal instruction on the others; all have {shared}."
        if lower
        else f"All processors have level {shared}, so level packages run on each of them."
    )
    if reach.without_levels(machine):
        consequence = "No package is chosen by that: this platform has no level packages."
    yield Finding(
        ID,
        "cpu",
        Severity.WARNING if lower else Severity.NOTE,
        f"{len(machine.groups)} kinds of processors differ in {' '.join(differing[:8])}",
        consequence,
        (),
        tuple(
            Evidence(f"{group.count} of {group.cpu.brand or 'unnamed'}", "/proc/cpuinfo")
            for group in machine.groups
        ),
        tuple(_remedies(report, shared)) if lower and shared else (),
    )


def _remedies(report: Report, shared: str) -> Iterator[Remedy]:
    """The override for the first client that reads it, and what helps without one."""
    why = f"For one command, solve for {shared}: every processor has it."
    able = [client for client in report.clients if reach.takes_variable(client)]
    for client in able[:1]:
        yield from override_for_one_command.offer(client, shared, why)
    yield Remedy(ADVICE[0])
