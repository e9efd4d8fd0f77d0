"""A requirement that some client refuses -> a finding with what helps: where a guide can begin."""

from collections.abc import Iterator

from msgspec.structs import replace

from doctor.explain import right_override
from doctor.model import (
    Client,
    Cost,
    Evidence,
    Finding,
    Probe,
    Remedy,
    Report,
    Run,
    Severity,
    Trial,
)
from doctor.remedies import commands, override_for_one_command, use_another_client
from doctor.why import outcome, why

CHECK = "requirement-refused"

SAFEST_FIRST = tuple(Cost)


def of_requirement(report: Report, requirement: str) -> Finding:
    """What clients do with a requirement that they have tried, and how it can be had."""
    rows = [c for c in report.clients if c.kind in commands.ORDER]
    outcomes = {c.id: outcome(c, requirement) for c in rows}
    refused = [c for c in rows if outcomes[c.id][0] is False]
    able = [c for c in rows if outcomes[c.id][0] is True]
    unknown = [c for c in rows if outcomes[c.id][0] is None]
    severity, title, consequence = _verdict(requirement, refused, able, unknown)
    return Finding(
        CHECK,
        requirement,
        severity,
        title,
        consequence,
        tuple(client.id for client in refused),
        tuple(_evidence(requirement, [*refused, *able, *unknown])),
        tuple(_remedies(report, requirement, refused, able)),
    )


def _verdict(
    requirement: str, refused: list[Client], able: list[Client], unknown: list[Client]
) -> tuple[Severity, str, str]:
    if refused and able:
        names = _and(refused)
        title = f"{names} cannot install {requirement}, {able[0].title} can"
        return Severity.ERROR, title, f"With {names} it is refused on this machine."
    if refused:
        title = f"No client here installs {requirement}"
        return Severity.ERROR, title, "It is refused on this machine, whichever client is used."
    if able and not unknown:
        title = f"Every client here installs {requirement}"
        return Severity.OK, title, "Nothing has to be done for it."
    title = f"Whether {requirement} can be installed is unknown"
    return Severity.UNKNOWN, title, "Not every client could be asked, or none is here."


def _and(clients: list[Client]) -> str:
    return " and ".join(client.title for client in clients)


def _evidence(requirement: str, clients: list[Client]) -> Iterator[Evidence]:
    for client in clients:
        for line in why(client, requirement)[:3]:
            yield Evidence(line, client.path)


def _remedies(
    report: Report, requirement: str, refused: list[Client], able: list[Client]
) -> Iterator[Remedy]:
    """For this requirement another client or the override, then what the machine's findings say."""
    seen: set[str] = set()
    found = list(_candidates(report, requirement, refused, able))
    for remedy in sorted(found, key=lambda remedy: SAFEST_FIRST.index(remedy.cost)):
        aimed = aim(remedy, requirement)
        if aimed.text not in seen:
            seen.add(aimed.text)
            yield aimed


def _candidates(
    report: Report, requirement: str, refused: list[Client], able: list[Client]
) -> Iterator[Remedy]:
    able.sort(key=lambda client: commands.ORDER.index(client.kind))
    for client in refused:
        if able:
            yield use_another_client.instead(client, able[0])
        for finding in report.findings:
            if client.id in finding.clients and finding.severity is Severity.ERROR:
                yield from finding.remedies
        level = right_override(report, requirement)
        helped = [a for a in client.attempts if a.requirement == requirement and a.override]
        if level is not None and any(attempt.installs for attempt in helped):
            why_it = f"For one command, say {level}, which this CPU has."
            yield from override_for_one_command.offer(client, level, why_it)


def aim(remedy: Remedy, requirement: str) -> Remedy:
    """The remedy with this requirement in place of the example that checks are worded with."""
    if requirement == commands.EXAMPLE:
        return remedy
    steps = tuple(_step(step, requirement) if isinstance(step, Run) else step
                  for step in remedy.steps)  # fmt: skip
    trial = remedy.trial
    if trial is not None:
        before, after = (_probes(side, requirement) for side in (trial.before, trial.after))
        trial = Trial(before, after)
    verify = remedy.verify.replace(commands.EXAMPLE, requirement)
    return replace(remedy, steps=steps, trial=trial, verify=verify)


def _step(step: Run, requirement: str) -> Run:
    return replace(step, argv=tuple(requirement if w == commands.EXAMPLE else w for w in step.argv))


def _probes(probes: tuple[Probe, ...], requirement: str) -> tuple[Probe, ...]:
    return tuple(
        replace(probe, requirement=requirement) if probe.requirement == commands.EXAMPLE else probe
        for probe in probes
    )
