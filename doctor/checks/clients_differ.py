"""Installed clients reach different levels on this CPU."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity

ID = "clients-differ-in-level"
GROUP = "clients"
SYMPTOM = "one client installs a faster build than the other, on the same machine"
CAUSE = (
    "Builds list the names that they accept. Clients that report a CPU's name, and clients that "
    "report its level, can end up at different levels for the same CPU."
)
DETECTED = (
    "For every client the levels are worked out whose builds accept what it reports; the highest "
    "of them are compared."
)
REMEDIES = ("advice",)
ADVICE = ("Where speed matters, use the client that reaches the highest level.",)
SOURCES = (
    "https://github.com/conda-forge/microarch-level-feedstock",
    "conda-forge/microarch-level-feedstock 6858122:recipe/variants.yaml",
)


def check(report: Report) -> Iterator[Finding]:
    """One note naming who reaches what, where clients differ and none is refused."""
    rows = [
        client
        for client in report.clients
        if not client.ours and client.kind != "pixi" and not reach.foreign(report, client)
    ]
    reached = {client.id: max(reach.levels_of(client), default=0) for client in rows}
    if len(set(reached.values()) - {0}) < 2:
        return
    best = max(rows, key=lambda client: reached[client.id])
    yield Finding(
        ID,
        "clients",
        Severity.NOTE,
        ", ".join(f"{c.title} reaches level {reached[c.id]}" for c in rows if reached[c.id]),
        "The same command installs slower packages with one client than with the other.",
        tuple(client.id for client in rows),
        tuple(_evidence(client) for client in rows),
        (Remedy(f"Use {best.title} where speed matters: it reaches the highest level here."),),
        SOURCES[0],
    )


def _evidence(client: Client) -> Evidence:
    return Evidence(f"{client.title} says {reach.shown(client)}", reach.source(client))
