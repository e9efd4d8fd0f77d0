"""Requirements by client: a matrix, the same as plain text, and as JSON."""

from collections.abc import Iterator
from typing import Any

from doctor.model import Attempt, Client, Report
from doctor.report.text import table
from doctor.report.words import MARKS
from doctor.why import outcome, why

LEGEND = "* proven by its solver  ~ predicted by rule  ? unknown"


SHAPES = {
    "_x86_64-microarch-level": "any level",
    "_x86_64-microarch-level>=3": "level 3 or more",
    "_x86_64-microarch-level=1": "exactly level 1",
    "_x86_64-microarch-level=3=2_zen2": "build for zen2",
    "demo-opt": "optional speed-up",
}
"""The shapes in which real packages and files ask for levels: graph-tool and faiss the second."""


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


def plain_outcomes(report: Report, requirements: tuple[str, ...]) -> Iterator[str]:
    """What each client does with each requirement, without the reasons."""
    for number, requirement in enumerate(requirements):
        if number:
            yield ""
        said = f", {SHAPES[requirement]}" if requirement in SHAPES else ""
        yield f"Requirement {requirement}{said}:"
        yield from (_outcome(client, requirement) for client in report.clients)


def _outcome(client: Client, requirement: str) -> str:
    installs, said, basis = outcome(client, requirement)
    word = {True: "installs", False: "refuses", None: "unknown"}[installs]
    return f"{client.title}: {word}, {said}, {basis.value if basis else 'no basis'}"


def plain(report: Report, requirements: tuple[str, ...]) -> Iterator[str]:
    """One fact per line."""
    for requirement in requirements:
        yield f"Requirement {requirement}:"
        for client in report.clients:
            yield _outcome(client, requirement)
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
