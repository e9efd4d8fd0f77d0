"""A client solves for another platform than this machine's."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Evidence, Finding, Remedy, Report, Severity

ID = "conda-subdir-cross-solve"
GROUP = "clients"
SYMPTOM = "CONDA_SUBDIR on another platform gives level 1, or wrong virtual packages"
CAUSE = (
    "There is no common rule for what a foreign platform reports: conda says its plain machine "
    "name, libmamba the running CPU's level, pixi what the platform declares."
)
DETECTED = (
    "The platform that a client is configured to solve for, by CONDA_SUBDIR or a condarc, is not "
    "the machine's own."
)
REMEDIES = ("advice",)
ADVICE = (
    "If this machine is meant, take CONDA_SUBDIR or the condarc key `subdir` away.",
    "If the other one is meant, state its level for that command with the override, as low as the "
    "oldest machine that will run it.",
)
SOURCES = (
    "https://github.com/conda/conda-libmamba-solver/issues/368",
    "https://github.com/conda/conda-libmamba-solver/issues/483",
    "https://github.com/conda/conda/issues/12219",
    "https://github.com/mamba-org/mamba/issues/2135",
)


def check(report: Report) -> Iterator[Finding]:
    """One note for all clients that solve for a foreign platform."""
    rows = [c for c in report.clients if reach.foreign(report, c) and not c.ours]
    if not rows:
        return
    target = reach.target(report, rows[0])
    yield Finding(
        ID,
        "subdir",
        Severity.NOTE,
        f"Solved for {target}, not for this machine's {report.machine.system.subdir}",
        "What clients report is not this CPU: environments made so are for another machine.",
        tuple(client.id for client in rows),
        tuple(Evidence(f"{c.title} says {reach.shown(c)}", reach.source(c)) for c in rows),
        tuple(Remedy(words) for words in ADVICE),
        SOURCES[0],
    )
