"""Requirements -> what each client's own solver does with them, and what its rule says.

Every client tries each requirement in a dry run against the reproduction channel, one after the
other, clients side by side. The prediction is the doctor's own py-rattler, given the client's
virtual packages and the builds that the client's solver can match.
"""

import json
from pathlib import Path

from msgspec.structs import replace

from doctor import channel
from doctor.clients import BY_KIND
from doctor.clients.attempting import CHANNEL, LEGACY, attempt, rattler_solve, spent, untried
from doctor.examine import SideBySide
from doctor.host import Host
from doctor.model import Attempt, Basis, Client, Report

LIMIT = 60.0
"""Seconds that each client has for all requirements."""


def place(scratch: str) -> str:
    """What `@channel@` stands for: in the user's cache, or in scratch where that is read-only."""
    from platformdirs import user_cache_path

    try:
        return str(channel.ensure(user_cache_path("envdoctor")))
    except OSError:
        return str(channel.ensure(Path(scratch)))


def explain(
    host: Host,
    reference: Host,
    report: Report,
    requirements: tuple[str, ...],
    limit: float = LIMIT,
) -> Report:
    """The report with every client's attempts, in the order of the requirements.

    `reference` is the live machine, whose own py-rattler predicts, also for a recorded `host`.
    """

    def tries(client: Client) -> Client:
        found: list[Attempt] = []
        for requirement in requirements:
            used = spent([tried.transcript for tried in found])
            found.append(predicted(reference, client, requirement, limit))
            if client.trouble:
                found.append(untried(requirement, "unknown", f"was not tried: it {client.trouble}"))
            elif used >= limit:
                found.append(untried(requirement, "unknown", f"was not tried within {limit:g} s"))
            else:
                family = BY_KIND[client.kind]
                found += family.attempt(host, client, requirement, limit - used)
        return replace(client, attempts=tuple(found))

    reference.prepare("@channel@")
    if host is not reference:
        host.prepare("@channel@")
    asked = SideBySide(report.clients, tries, limit * 2)
    answered = {client.id: client for client in asked.answers()}
    return replace(report, clients=tuple(answered[client.id] for client in report.clients))


def predicted(host: Host, client: Client, requirement: str, limit: float) -> Attempt:
    """What the rule for this client says, worked out by the reference solver."""
    prediction = client.prediction
    way = prediction.solver if prediction else "unknown"
    if prediction is None or prediction.failure:
        reason = prediction.failure if prediction else "its version is unknown"
        return Attempt(requirement, way, Basis.PREDICTED, trouble=f"{reason}")
    packages = prediction.packages
    if prediction.solves_with is not None:
        others = tuple(package for package in packages if package.name != "__archspec")
        packages = (*others, prediction.solves_with)
    rows = json.dumps([[p.name, p.version, p.build] for p in packages])
    folder = CHANNEL if prediction.matches_regex_builds else LEGACY
    command = rattler_solve("@python@", folder, rows, requirement, limit)
    return replace(attempt(host, command, requirement, way), basis=Basis.PREDICTED)
