"""Arm: there are no level packages, so nothing about levels applies."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Evidence, Finding, Remedy, Report, Severity

ID = "arm64-has-no-levels"
GROUP = "cpu"
SYMPTOM = "why is there no variant for neoverse or Apple's M series?"
CAUSE = (
    "conda-forge makes level packages for x86_64 and ppc64le alone. archspec knows names and "
    "levels of Arm CPUs, but no package asks for them."
)
DETECTED = "The machine's platform is linux-aarch64, osx-arm64 or win-arm64."
REMEDIES = ("advice",)
ADVICE = ("Leave level packages out of what is asked for on Arm.",)
SOURCES = (
    "conda-forge/microarch-level-feedstock 0d86631:recipe/variants.yaml",
    "https://github.com/conda-forge/microarch-level-feedstock",
)


def check(report: Report) -> Iterator[Finding]:
    """One note on an Arm machine."""
    subdir = report.machine.system.subdir or ""
    if not subdir.endswith(("-aarch64", "-arm64")):
        return
    name = report.machine.microarchitecture.name
    own = (c for c in report.clients if not c.ours and not reach.foreign(report, c))
    clients = [client for client in own if reach.shown(client) is not None]
    yield Finding(
        ID,
        "cpu",
        Severity.NOTE,
        f"{subdir} has no level packages: levels do not apply here",
        "Packages are built once for all Arm CPUs, and clients may call this one by different "
        "names; nothing depends on that. A requirement on a level package fails.",
        tuple(client.id for client in clients),
        (
            Evidence(f"the CPU is {name or 'unknown'}, the platform {subdir}", "machine facts"),
            Evidence("level packages exist for x86_64 and ppc64le", SOURCES[0]),
            *(Evidence(f"{c.title} says {reach.shown(c)}", reach.source(c)) for c in clients),
        ),
        (Remedy(ADVICE[0]),),
        SOURCES[1],
    )
