"""Requirements -> what each client's own solver does with them, and what its rule says.

Every client tries each requirement in a dry run against the reproduction channel, one after the
other, clients side by side; where the override could change the outcome, with and without it. The
prediction is the doctor's own py-rattler, given the client's virtual packages and the builds that
the client's solver can match.
"""

import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from doctor import channel, examine, reach
from doctor.again import Recalling
from doctor.clients import BY_KIND, attempting
from doctor.examine import Databases
from doctor.host import Host, Runner, places
from doctor.levels import PPC64LE_NAMES, X86_NAMES, level_name, level_number
from doctor.model import (
    Attempt,
    Basis,
    Client,
    Command,
    Prediction,
    Report,
    Transcript,
    VirtualPackage,
)
from doctor.remedies import commands
from doctor.requirements import parsed
from doctor.together import SideBySide

LIMIT = 60.0
"""Seconds that each client has for all requirements."""


def place(scratch: str) -> str:
    """What `@channel@` stands for: in the user's cache, or in scratch where that is read-only."""
    try:
        return str(channel.ensure(places.cache() or Path(scratch)))
    except OSError:
        return str(channel.ensure(Path(scratch)))


def explain(
    host: Host,
    reference: Host,
    report: Report,
    requirements: tuple[str, ...],
    limit: float = LIMIT,
    by_rule: bool = False,
    kept: Collection[str] = (),
) -> Report:
    """The report with every client's attempts, in the order of the requirements.

    `reference` is the live machine, whose own py-rattler predicts, also for a recorded `host`.
    `by_rule` leaves it at predictions: for a CPU that is not the host's. Clients in `kept`, by id,
    answer as they did before where they were asked the same.
    """
    wanted = {client.id: requirements for client in report.clients}
    return dry_runs(host, reference, report, wanted, limit=limit, by_rule=by_rule, kept=kept)


def dry_runs(
    host: Host,
    reference: Host,
    report: Report,
    wanted: Mapping[str, tuple[str, ...]],
    tell: Callable[[Client], None] = lambda client: None,
    limit: float = LIMIT,
    by_rule: bool = False,
    kept: Collection[str] = (),
) -> Report:
    """The same for the requirements that are wanted of each client, by id; others are not asked.

    `tell` gets each client with its attempts as soon as it is through with them.
    """
    trying = _Trying(host, reference, report, limit, by_rule)

    def tries(client: Client) -> Client:
        found = trying.all_of(client, wanted[client.id], client.id in kept)
        return replace(client, attempts=tuple(found))

    def given_up(client: Client, reason: str) -> Client:
        attempts = (
            attempting.untried(requirement, "unknown", reason) for requirement in wanted[client.id]
        )
        return replace(client, attempts=tuple(attempts))

    reference.prepare("@channel@")
    if host is not reference:
        host.prepare("@channel@")
    clients = tuple(client for client in report.clients if wanted.get(client.id))
    asked = SideBySide(
        clients, tries, limit * 2, lambda: host.stopped, given_up, (os.cpu_count() or 2) + 2
    )
    answered = {client.id: client for client in report.clients}
    for client in asked.answers():
        answered[client.id] = client
        tell(client)
    return replace(report, clients=tuple(answered[client.id] for client in report.clients))


class _Trying:
    """Lets one client after the other try requirements."""

    def __init__(
        self, host: Host, reference: Host, report: Report, limit: float, by_rule: bool
    ) -> None:
        self._host = host
        self._reference = reference
        self._report = report
        self._limit = limit
        self._by_rule = by_rule
        self._databases = Databases(host, report.machine)

    def all_of(
        self, client: Client, requirements: tuple[str, ...], remembered: bool
    ) -> list[Attempt]:
        """A client's attempts, as it is and where it matters with another override."""
        host: Runner = Recalling(self._host, runs=True) if remembered else self._host
        reference: Runner = Recalling(self._reference, runs=True) if remembered else self._reference
        ahead = predicted(reference, client, requirements, self._limit)
        found = list(ahead)
        for rule in ahead:
            now = self._proven(host, client, rule.requirement, found)
            found += now
            for value in overrides(self._report, client, rule.requirement, (rule, *now)):
                other = overridden(self._databases, self._report, client, value)
                left = max(self._left(found), 1.0)
                again = list(predicted(reference, other, (rule.requirement,), left))
                again += self._proven(Overriding(host, value), other, rule.requirement, found)
                found += (replace(tried, override=value) for tried in again)
        return found

    def _left(self, found: list[Attempt]) -> float:
        return self._limit - attempting.spent([tried.transcript for tried in found])

    def _proven(
        self, host: Runner, client: Client, requirement: str, found: list[Attempt]
    ) -> list[Attempt]:
        return [] if self._by_rule else _proven(host, client, requirement, self._left(found))


def _proven(host: Runner, client: Client, requirement: str, limit: float) -> list[Attempt]:
    """One requirement by the client's own solvers."""
    if client.trouble:
        return [attempting.untried(requirement, "unknown", f"was not tried: it {client.trouble}")]
    if limit <= 0:
        return [attempting.untried(requirement, "unknown", "was not tried: there was no time left")]
    return list(BY_KIND[client.kind].attempt(host, client, requirement, limit))


# --- with and without the override -----------------------------------------------------------


class Overriding:
    """Runs every command with another override than the one that is set, or without any."""

    def __init__(self, host: Runner, value: str) -> None:
        """An empty `value` takes the override away."""
        self._host = host
        self._value = value

    def run(self, command: Command) -> Transcript:
        """The command with its environment changed."""
        if self._value:
            return self._host.run(
                replace(command, env={**command.env, commands.VARIABLE: self._value})
            )
        return self._host.run(replace(command, unset=(*command.unset, commands.VARIABLE)))


def overrides(
    report: Report, client: Client, requirement: str, tried: tuple[Attempt, ...]
) -> Iterator[str]:
    """Overrides worth trying: none where one is set; where it is refused, the CPU's own level.

    Never above the CPU's own level; for a requirement on lower levels, the highest of those.
    """
    wanted = parsed(requirement)
    if client.kind == "pixi" or client.trouble or wanted is None:
        return
    if wanted.name not in {package.name for package in channel.packages()}:
        return
    if commands.VARIABLE in report.machine.settings:
        yield ""
    elif any(attempt.installs is False for attempt in tried):
        value = right_override(report, requirement)
        shown = reach.shown(client)
        offered = level_number(shown.build) if shown else None
        if value is not None and offered != level_number(value):
            yield value


def right_override(report: Report, requirement: str) -> str | None:
    """The highest level that the CPU has and the requirement takes, `None` if there is none."""
    number = reach.own_number(report.machine)
    wanted = parsed(requirement)
    if number is None or wanted is None:
        return None
    names = X86_NAMES if number in X86_NAMES else PPC64LE_NAMES
    levels = [n for n in names if n <= number and (wanted.family is None or n in wanted.levels)]
    return level_name(max(levels)) if levels else None


def overridden(databases: Databases, report: Report, client: Client, value: str) -> Client:
    """The client with what its rule says of another override, and without its own answers."""
    settings = {name: v for name, v in report.machine.settings.items() if name != commands.VARIABLE}
    if value:
        settings[commands.VARIABLE] = value
    machine = replace(report.machine, settings=settings)
    return examine.predicted(replace(client, answers=()), machine, databases)


# --- by rule ---------------------------------------------------------------------------------


def predicted(
    host: Runner, client: Client, requirements: tuple[str, ...], limit: float
) -> tuple[Attempt, ...]:
    """What the rule for this client says, worked out by the reference solver in one child."""
    if not requirements:
        return ()
    prediction = client.prediction
    way = prediction.solver if prediction else "unknown"
    if prediction is None or prediction.failure:
        reason = prediction.failure if prediction else "its version is unknown"
        return tuple(
            Attempt(requirement, way, Basis.PREDICTED, trouble=f"{reason}")
            for requirement in requirements
        )
    packages = prediction.packages
    if prediction.solves_with is not None:
        others = tuple(package for package in packages if package.name != "__archspec")
        packages = (*others, prediction.solves_with)
    rows = json.dumps([[p.name, p.version, _spelt(prediction, p)] for p in packages])
    folder = attempting.CHANNEL if prediction.matches_regex_builds else attempting.LEGACY
    command = attempting.rattler_solve("@python@", folder, rows, requirements, limit)
    found = attempting.attempts(host, command, requirements, way)
    return tuple(replace(tried, basis=Basis.PREDICTED) for tried in found)


def _spelt(prediction: Prediction, package: VirtualPackage) -> str:
    """A build string for the reference solver, which ignores case.

    For a solver that does not, a build with capitals gets an ending that nothing matches either.
    """
    build = package.build
    return build if prediction.ignores_case or build == build.lower() else f"{build}-as-spelt"
