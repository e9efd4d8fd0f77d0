"""Several installations of one client, and their answers differ."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Client, Evidence, Finding, Remedy, Report, Run, Severity

ID = "several-conda-roots"
GROUP = "clients"
SYMPTOM = "I upgraded mamba and it is still the old one; which conda is this?"
CAUSE = (
    "Virtual packages come from the base that runs, not from the active environment. With several "
    "installations, PATH and the shell's functions decide which one that is."
)
DETECTED = (
    "PATH, variables and the usual places are searched for programs of every client; those of one "
    "kind are compared in what they report, in the order in which the shell finds them."
)
REMEDIES = ("advice",)
ADVICE = (
    "Call the one that you mean by its full path.",
    "Or put its folder first on PATH; never delete a root that has environments.",
)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/2125",
    "https://github.com/mamba-org/mamba/issues/2083",
    "https://github.com/mamba-org/mamba/issues/2335",
    "https://github.com/conda-forge/miniforge/issues/384",
)


def check(report: Report) -> Iterator[Finding]:
    """A warning where installations of a kind answer differently, a note where they agree."""
    for kind in dict.fromkeys(client.kind for client in report.clients):
        rows = [c for c in report.clients if c.kind == kind and not c.ours and not c.trouble]
        if len(rows) > 1:
            yield _finding(report, kind, rows)


def _finding(report: Report, kind: str, rows: list[Client]) -> Finding:
    said = {c.id: reach.shown(c) for c in rows}
    known = {package.build for package in said.values() if package is not None}
    differ = len(known) > 1 and not reach.without_levels(report.machine)
    first = rows[0]
    listed = ", ".join(f"{c.version or 'unknown'} in {c.root or c.path}" for c in rows)
    return Finding(
        ID,
        kind,
        Severity.WARNING if differ else Severity.NOTE,
        f"{len(rows)} installations of {kind}"
        + (f" answer differently: {', '.join(sorted(known))}" if differ else " are installed"),
        (f"The shell runs {first.path} first." if first.on_path else "None of them is on PATH.")
        + (" What installs with one may fail with another." if differ else ""),
        tuple(client.id for client in rows),
        (
            Evidence(listed, "PATH, variables and usual places"),
            *(Evidence(f"{c.path}: {said[c.id]}, {_place(c)}", c.found_by) for c in rows),
        ),
        (
            Remedy(ADVICE[0], (Run((first.path, "--version")),)),
            Remedy(ADVICE[1]),
        ),
        SOURCES[0],
    )


def _place(client: Client) -> str:
    if client.shadowed_by:
        return f"shadowed by {client.shadowed_by}"
    return "first on PATH" if client.on_path else "not on PATH"
