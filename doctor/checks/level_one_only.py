"""A client that knows no levels reports plain x86_64 on a better CPU."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Client, Evidence, Finding, Report, Severity
from doctor.remedies import upgrade_client, use_another_client
from doctor.version import at_least

ID = "micromamba-pre-153-always-x86_64"
GROUP = "clients"
SYMPTOM = "micromamba never offers the optimised build"
CAUSE = "libmamba before 1.5.3 and py-rattler before 0.4.0 detect no level: always x86_64."
DETECTED = (
    "A client's version is older than the first that detects levels, and the CPU is of level 2 or "
    "more."
)
REMEDIES = ("use-another-client", "upgrade-client")
SOURCES = (
    "https://github.com/mamba-org/mamba/pull/2921",
    "mamba-org/mamba libmamba-1.5.2:libmamba/src/core/virtual_packages.cpp",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per such client, where the CPU is of level 2 or more."""
    level = report.machine.microarchitecture.level
    if level is None or not level.startswith("x86_64_v"):
        return
    for client in report.clients:
        if reach.plain_on_windows(report.machine, client):  # of which another check tells
            continue
        if client.prediction and not client.ours and _knows_no_levels(client):
            yield Finding(
                ID,
                client.id,
                Severity.WARNING,
                f"{client.title} treats every CPU as level 1",
                "It installs the slowest builds only, and packages that need more not at all.",
                (client.id,),
                (Evidence(client.prediction.era.says, client.prediction.era.source),),
                (
                    *use_another_client.offer(report, client),
                    *upgrade_client.offer(client, within_one=True),
                ),
                SOURCES[0],
            )


def _knows_no_levels(client: Client) -> bool:
    version = client.version or ""
    if client.kind == "rattler":
        return not at_least(version, "0.4.0")
    return reach.is_libmamba(client) and not at_least(version, "1.5.3")
