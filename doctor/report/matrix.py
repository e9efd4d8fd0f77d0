"""Requirements by client: a matrix, the same as plain text, and as JSON."""

from collections.abc import Iterator
from typing import Any

from doctor.model import Attempt, Client, Report
from doctor.report.text import table
from doctor.report.words import MARKS
from doctor.why import outcome, why

LEGEND = "* proven by its solver  ~ predicted by rule  ? unknown"


def cell(client: Client, requirement: str) -> str:
    """What one client does with a requirement, with the mark of its basis."""
    _, said, basis = outcome(client, requirement)
    return f"{said} {MARKS[basis] if basis else '?'}"


def columns(report: Report, requirements: tuple[str, ...]) -> Iterator[str]:
    """The matrix, then why, for each requirement and client."""
    rows = [("", *(client.title for client in report.clients))]
    for requirement in requirements:
        cells = (cell(client, requirement) for client in report.clients)
        rows.append((requirement, *cells))
    yield from table(rows)
    yield LEGEND
    for requirement in requirements:
        for client in report.clients:
            yield ""
            yield f"{requirement} with {client.title}"
            yield from (f"  {line}" for line in why(client, requirement))


def plain(report: Report, requirements: tuple[str, ...]) -> Iterator[str]:
    """One fact per line."""
    for requirement in requirements:
        yield f"Requirement {requirement}:"
        for client in report.clients:
            installs, said, basis = outcome(client, requirement)
            word = {True: "installs", False: "refuses", None: "unknown"}[installs]
            yield f"{client.title}: {word}, {said}, {basis.value if basis else 'no basis'}"
            yield from why(client, requirement)
        yield ""


def document(report: Report, requirements: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows of `explain`."""
    return [
        {
            "requirement": requirement,
            "client": client.id,
            "kind": client.kind,
            "version": client.version,
            "attempts": [_attempt(a) for a in client.attempts if a.requirement == requirement],
            "why": why(client, requirement),
        }
        for requirement in requirements
        for client in report.clients
    ]


def _attempt(attempt: Attempt) -> dict[str, Any]:
    chosen = attempt.chosen
    return {
        "basis": attempt.basis.value,
        "way": attempt.way,
        "override": attempt.override,
        "installs": attempt.installs,
        "chosen": None if chosen is None else [" ".join(package) for package in chosen],
        "refusal": attempt.refusal,
        "trouble": attempt.trouble,
    }
