"""A client reports a CPU name for which no level build was published."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import overridden
from doctor.levels import NEWEST, PPC64LE_NAMES, X86_NAMES, accepted_names
from doctor.model import Client, Evidence, Finding, Report, Severity
from doctor.remedies import archspec_in_base, override_for_one_command, use_another_client
from doctor.version import at_least

ID = "cpu-unknown-to-feedstock"
GROUP = "cpu"
SYMPTOM = "brand-new CPU: no viable options, although the CPU is better than required"
CAUSE = (
    "archspec learns a CPU's name before conda-forge builds a level package for it. Each level "
    "build lists the names that it accepts, and this one is in none of them."
)
DETECTED = (
    "The name in a client's __archspec is looked up among those that the published level builds "
    "accept. Clients that say a level instead of a name are never concerned."
)
REMEDIES = ("override-for-one-command", "use-another-client", "archspec-in-base")
SOURCES = (
    "https://github.com/conda-forge/microarch-level-feedstock",
    "https://github.com/conda-forge/microarch-level-feedstock/pull/4",
    "https://github.com/conda-forge/microarch-level-feedstock/pull/15",
    "conda-forge/microarch-level-feedstock 6858122:recipe/variants.yaml",
    "https://github.com/archspec/archspec/issues/214",
)

_LEVELS = tuple(names[0] for names in X86_NAMES.values())


def check(report: Report) -> Iterator[Finding]:
    """One error per client whose own name for the CPU no level build accepts."""
    level = report.machine.microarchitecture.level
    if level not in _LEVELS and not (level or "").startswith("power"):
        return
    safe = reach.own_level(report.machine) or level or ""
    for client in report.clients:
        package = reach.shown(client)
        if overridden(report, client) or reach.foreign(report, client):
            continue
        if package is None or package.version != "1" or client.kind == "pixi":
            continue
        if "-" not in package.build and package.build not in accepted_names():
            yield _finding(report, client, package.build, safe)


def _finding(report: Report, client: Client, name: str, level: str) -> Finding:
    why = f"For one command, say {level}: every processor here has that level, so it is safe."
    remedies = override_for_one_command.offer(client, level, why)
    remedies += use_another_client.offer(report, client)
    archspec = client.parts.get("archspec")
    if client.kind == "conda" and archspec and at_least(archspec, "0.2.7"):
        remedies.append(archspec_in_base.go_back(client, "0.2.7"))
    decided = client.prediction.decided_by if client.prediction else ""
    return Finding(
        ID,
        client.id,
        Severity.ERROR,
        f"{client.title} calls this CPU {name}, which no published build accepts",
        f"{client.title} cannot install any package that depends on _x86_64-microarch-level, not "
        f"even of level 1, although this CPU is of level {level}.",
        (client.id,),
        (
            Evidence(f"__archspec has the build {name}", reach.source(client)),
            Evidence(f"the name comes from {decided}", client.archspec_json or client.path),
            Evidence(
                f"builds up to number {NEWEST.number} ({NEWEST.since}) accept "
                f"{len(_family(level))} names",
                f"conda-forge/microarch-level-feedstock {NEWEST.commit}",
            ),
        ),
        tuple(remedies),
        SOURCES[0],
    )


def _family(level: str) -> tuple[str, ...]:
    table = PPC64LE_NAMES if level.startswith("power") else X86_NAMES
    return tuple(name for names in table.values() for name in names)
