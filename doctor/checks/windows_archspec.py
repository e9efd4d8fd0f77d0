"""Windows: a client that calls every CPU x86_64."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import overridden
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import override_for_one_command, upgrade_client, use_another_client

ID = "windows-archspec"
GROUP = "clients"
SYMPTOM = "Windows: conda or mamba says x86_64 on a CPU with AVX2"
CAUSE = (
    "conda before 24.3.0 compares the machine's name AMD64 with x86_64, finds them different and "
    "asks no further. libmamba before 2.0.7 has no way to ask the CPU on Windows."
)
DETECTED = (
    "On Windows, a client of those versions reports x86_64 while the CPU has a higher level, and "
    "no override is set."
)
REMEDIES = ("use-another-client", "override-for-one-command", "upgrade-client")
SOURCES = (
    "https://github.com/conda/conda/issues/13640",
    "https://github.com/conda/conda/pull/13641",
    "https://github.com/mamba-org/mamba/pull/3803",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per such client on a CPU of level 2 or more."""
    own = reach.own_level(report.machine)
    if own is None or not own.startswith("x86_64_v"):
        return
    for client in report.clients:
        package = reach.shown(client)
        if not reach.plain_on_windows(report.machine, client) or client.ours:
            continue
        if overridden(report, client) or reach.foreign(report, client):
            continue
        if package is not None and package.build == "x86_64":
            yield _finding(report, client, own)


def _finding(report: Report, client: Client, own: str) -> Finding:
    return Finding(
        ID,
        client.id,
        Severity.WARNING,
        f"{client.title} calls this CPU x86_64, being on Windows; its level is {own}",
        "It installs the slowest builds only, and packages that need more not at all.",
        (client.id,),
        (
            Evidence(f"it reports {reach.shown(client)}", reach.source(client)),
            Evidence(f"archspec says {own}", "CPU features"),
        ),
        tuple(_remedies(report, client, own)),
        SOURCES[2] if reach.is_libmamba(client) else SOURCES[0],
    )


def _remedies(report: Report, client: Client, own: str) -> Iterator[Remedy]:
    yield from use_another_client.offer(report, client)
    why = f"For one command, say what the CPU is: {own}."
    yield from override_for_one_command.offer(client, own, why)
    yield from upgrade_client.offer(client)
