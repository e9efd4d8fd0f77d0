"""Several clients wrote one environment, and they call its CPU by different names."""

from collections.abc import Iterator

from doctor import reach
from doctor.levels import level_number
from doctor.model import Client, Environment, Evidence, Finding, Remedy, Report, Severity

ID = "mamba2-cross-version-of-shared-prefix"
GROUP = "environments"
SYMPTOM = "an update wants to exchange the level package by one of the same level"
CAUSE = (
    "conda says the CPU's name, libmamba its level. Both builds are empty and of the same level, "
    "but each client wants its own."
)
DETECTED = (
    "The environment's history names more than one kind of client, and one of them calls this CPU "
    "by another name of the same level than the installed level package does."
)
REMEDIES = ("advice",)
ADVICE = ("Let it exchange the package, or stay with one client for this environment.",)
SOURCES = (
    "mamba-org/mamba 2.8.1:libmamba/src/core/virtual_packages.cpp",
    "conda/conda 26.7.1:conda/core/index.py",
)


def check(report: Report) -> Iterator[Finding]:
    """A note per environment that was changed by clients which name this CPU differently."""
    for environment in report.environments or ():
        package = environment.metapackage
        if package is None or len(environment.written_by) < 2:
            continue
        name = package.build.partition("_")[2]
        others = [c for c in report.clients if _differs(environment, c, name)]
        if others:
            yield _finding(environment, name, others)


def _differs(environment: Environment, client: Client, name: str) -> bool:
    shown = reach.shown(client)
    return (
        client.kind in environment.written_by
        and shown is not None
        and shown.build != name
        and level_number(shown.build) == level_number(name)
    )


def _finding(environment: Environment, name: str, others: list[Client]) -> Finding:
    said = ", ".join(dict.fromkeys(f"{c.title} says {_build(c)}" for c in others))
    return Finding(
        ID,
        environment.path,
        Severity.NOTE,
        f"{environment.path} was changed by {' and '.join(environment.written_by)}",
        f"Its level package is the build for {name}, and {said}: the next update may exchange it "
        "for one of the same level. That is harmless.",
        tuple(client.id for client in others),
        (
            Evidence(
                f"clients in its history: {', '.join(environment.written_by)}",
                f"{environment.path}/conda-meta/history",
            ),
        ),
        (Remedy(ADVICE[0]),),
    )


def _build(client: Client) -> str:
    shown = reach.shown(client)
    return shown.build if shown else "unknown"
