"""The CPU could not be read."""

from collections.abc import Iterator

from doctor.model import Evidence, Finding, Remedy, Report, Run, Severity
from doctor.model.machine import EMULATED

ID = "cpu-unreadable"
SYMPTOM = "envdoctor does not know this CPU"
CAUSE = "/proc/cpuinfo (or sysctl, or CPUID) could not be read, or says nothing about a CPU."


def check(report: Report) -> Iterator[Finding]:
    """One unknown if there are no features."""
    machine = report.machine
    if machine.microarchitecture.name is not None:
        return
    if machine.system.virtualization == EMULATED:  # of which another check tells
        return
    yield Finding(
        ID,
        "cpu",
        Severity.UNKNOWN,
        "The CPU could not be examined",
        "Its level is unknown: nothing can be said about which packages run here.",
        (),
        (Evidence(machine.trouble or "no features were printed", "CPU description"),),
        (Remedy("Look whether /proc is mounted and readable.", (Run(("head", "/proc/cpuinfo")),)),),
    )
