"""An old release was taken without a word, since the client can install no level package."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import VARIABLE, overridden, overrides
from doctor.model import Client, Environment, Evidence, Finding, Record, Remedy, Report, Severity
from doctor.remedies import (
    ask_for_newer,
    override_for_one_command,
    upgrade_client,
    use_another_client,
)

ID = "silent-old-version-fallback"
GROUP = "environments"
SYMPTOM = "mamba gives me an old version and says nothing; conda gives me the current one"
CAUSE = (
    "Older builds without a requirement on a level still satisfy the solver. Where a client's "
    "__archspec fits no level package, the solver steps back to those builds and says nothing."
)
DETECTED = (
    "A package whose current builds ask for a level is installed in a build that asks for none, "
    "and a client of this machine that changed the environment can install no level package now."
)
REMEDIES = (
    "use-another-client", "ask-for-newer", "override-for-one-command", "remove-override",
    "upgrade-client",
)  # fmt: skip
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/3222",
    "https://github.com/conda-forge/microarch-level-feedstock/issues/10",
)

SUBDIR = "linux-64"
"""The one platform for which every one of those packages is built per level."""


def check(report: Report) -> Iterator[Finding]:
    """One warning per environment with such packages and such a client."""
    if report.machine.system.subdir != SUBDIR:
        return
    unable = [client for client in report.clients if _cannot(report, client)]
    for environment in report.environments or ():
        old = [r for r in environment.users if _asks_for_none(environment, r)]
        wrote = [client for client in unable if client.kind in environment.written_by]
        if old and wrote:
            yield _finding(report, environment, old, wrote)


def _cannot(report: Report, client: Client) -> bool:
    """Whether it is known that this client installs no level package on this machine."""
    if client.kind == "pixi" or client.ours or reach.foreign(report, client):
        return False
    reported, predicted = client.reported, client.prediction
    known = reported is not None and reported.virtual_packages is not None
    if not known and (predicted is None or predicted.failure or "__archspec" in predicted.unknown):
        return False
    return not reach.levels_of(client)


def _asks_for_none(environment: Environment, record: Record) -> bool:
    elsewhere = record.subdir not in (None, SUBDIR) or environment.subdir not in (None, SUBDIR)
    return not elsewhere and all(need.package != record.title for need in environment.needs)


def _finding(
    report: Report, environment: Environment, old: list[Record], wrote: list[Client]
) -> Finding:
    names = " and ".join(record.name for record in old)
    first = wrote[0]
    return Finding(
        ID,
        environment.path,
        Severity.WARNING,
        f"{environment.path} may hold an old release of {names}, chosen by {first.title} in "
        "silence",
        f"{first.title} can install no level package here, so it takes builds from before levels "
        "were asked for, and does not say so.",
        tuple(client.id for client in wrote),
        (
            *(_installed(environment, record) for record in old),
            *(Evidence(f"{c.title} reports {_said(c)}", reach.source(c)) for c in wrote),
        ),
        tuple(_remedies(report, first, old)),
        SOURCES[0],
    )


def _installed(environment: Environment, record: Record) -> Evidence:
    place = f"{environment.path}/conda-meta/{record.file}".rstrip("/")
    return Evidence(f"installed: {record.title}, which asks for no level", place)


def _said(client: Client) -> str:
    package = reach.shown(client)
    return str(package) if package else "no __archspec"


def _remedies(report: Report, client: Client, old: list[Record]) -> Iterator[Remedy]:
    """First what makes the client able again, then the version that was wanted."""
    yield from use_another_client.offer(report, client)
    yield ask_for_newer.offer(report, client, old[0])
    if overridden(report, client):
        subjects = (VARIABLE, client.id)
        yield from (o.removal for o in overrides(report) if o.subject in subjects)
    elif client.prediction is not None and client.prediction.era.fault:
        yield from upgrade_client.offer(client, within_one=True)
    else:
        why = "For one command, name the level that this CPU has: builds exist for it."
        yield from override_for_one_command.offer(client, reach.own_level(report.machine), why)
