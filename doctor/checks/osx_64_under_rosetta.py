"""An Intel conda on Apple silicon reports Apple's CPU, for which osx-64 has no level packages."""

import re
from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import overridden
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity, VirtualPackage
from doctor.remedies import override_for_one_command, use_another_client

ID = "osx-64-conda-under-rosetta"
GROUP = "clients"
SYMPTOM = "Intel conda on Apple silicon cannot install level packages"
CAUSE = (
    "archspec asks macOS for the CPU and is told the Apple one, also where it runs under Rosetta. "
    "Its name is in no level package of osx-64."
)
DETECTED = "A client solves for osx-64 and reports the name of an Arm CPU (m1, m2, aarch64)."
REMEDIES = ("use-another-client", "override-for-one-command", "advice")
ADVICE = ("Or install the arm64 Miniforge beside it, and use that for new environments.",)
SOURCES = (
    "https://github.com/archspec/archspec/issues/133",
    "https://github.com/archspec/archspec/issues/231",
)

_ARM = re.compile(r"m\d{1,2}|aarch64|arm64|armv8\S*")


def check(report: Report) -> Iterator[Finding]:
    """One error per client that solves for osx-64 as an Arm CPU."""
    for client in report.clients:
        package = reach.shown(client)
        subdir = reach.target(report, client) or report.machine.system.subdir
        if subdir != "osx-64" or package is None or client.ours:
            continue
        if _ARM.fullmatch(package.build) and not overridden(report, client):
            yield _finding(report, client, package)


def _finding(report: Report, client: Client, package: VirtualPackage) -> Finding:
    return Finding(
        ID,
        client.id,
        Severity.ERROR,
        f"{client.title} solves for osx-64 and calls the CPU {package.build}",
        f"{client.title} cannot install any package that depends on _x86_64-microarch-level, not "
        "even of level 1.",
        (client.id,),
        (
            Evidence(f"it reports {package}", reach.source(client)),
            Evidence(f"the CPU is {report.machine.cpu.brand or 'unknown'}", "sysctl machdep.cpu"),
        ),
        tuple(_remedies(report, client)),
        SOURCES[0],
    )


def _remedies(report: Report, client: Client) -> Iterator[Remedy]:
    """Level 1 is all that Rosetta has on every macOS, so nothing above it is offered."""
    yield from use_another_client.offer(report, client)
    why = "For packages of osx-64, say level 1 for one command: Rosetta has that on every macOS."
    yield from override_for_one_command.offer(client, "x86_64", why)
    yield Remedy(ADVICE[0])
