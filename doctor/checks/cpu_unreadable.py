"""The CPU could not be read."""

from collections.abc import Iterator

from doctor.model import EMULATED, Evidence, Finding, Remedy, Report, Run, Severity

ID = "cpu-unreadable"
GROUP = "envdoctor"
SYMPTOM = "envdoctor does not know this CPU"
CAUSE = "/proc/cpuinfo (or sysctl, or CPUID) could not be read, or says nothing about a CPU."
DETECTED = (
    "The description of the CPU was not there, or holds no features, so that neither a name nor a "
    "level follows from it."
)
REMEDIES = ("advice",)
ADVICE = ("Look whether /proc is mounted and readable.",)
SOURCES = ("archspec/archspec ebd3eb5:archspec/cpu/detect.py",)


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
        (Remedy(ADVICE[0], (Run(("head", "/proc/cpuinfo")),)),),
    )
