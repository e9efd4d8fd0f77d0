"""A conda-lock lock file holds level 1, or was told the name of one CPU."""

from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.model import Finding, PinnedLine, Remedy, Report, Severity
from doctor.remedies import lock_per_level

ID = "conda-lock-defaults-level1"
GROUP = "project files"
SYMPTOM = "my conda-lock file pulls the slow build"
CAUSE = (
    "conda-lock hides the machine on purpose and solves for __archspec 1=x86_64, unless a "
    "virtual-packages.yml says otherwise."
)
DETECTED = (
    "The lock file holds a level package of level 1 and this machine has more, or "
    "virtual-packages.yml names one CPU, or none that archspec knows, where a level would do."
)
REMEDIES = ("correct-line", "lock-per-level", "advice")
SOURCES = (
    "https://github.com/conda/conda-lock/pull/429",
    "https://github.com/conda/conda-lock/issues/101",
    "conda/conda-lock e29d5cf7:conda_lock/default-virtual-packages.yaml",
)
Verdict = tuple[Severity, str, str]


def check(report: Report) -> Iterator[Finding]:
    """A note per level-1 package on a higher machine; more for names that are not portable."""
    for line, subject in project_lines.lines(report, ID):
        locked = project_lines.is_url(line)
        verdict = _locked(report, line) if locked else _told(line)
        if verdict is None:
            continue
        remedies = project_lines.correction(report, line)
        if locked and verdict[0] is Severity.NOTE:
            remedies = _solve_higher(report)
        more = (project_lines.own_words(report),) if locked else ()
        yield project_lines.finding(
            ID, line, subject, verdict, remedies, link=SOURCES[0], more=more
        )


def _locked(report: Report, line: PinnedLine) -> Verdict | None:
    place = project_lines.stands(report, line.level)
    if place == "unknown":
        consequence = "Whether this machine could use a higher level is unknown."
        return Severity.UNKNOWN, "the lock file holds the lowest level", consequence
    if place != "below":
        return None
    return (
        Severity.NOTE,
        "the lock file holds the lowest level; this machine has more",
        "Programs run, but slower than they could where they have builds for a higher level.",
    )


def _told(line: PinnedLine) -> Verdict:
    if line.name is None or line.name not in line.text:
        return (
            Severity.ERROR,
            "names a CPU that archspec does not know",
            "No level package matches it: the lock fails, or holds old versions without levels.",
        )
    return (
        Severity.WARNING,
        f"names one CPU, {line.name}, where a level is portable",
        "The lock holds the build for that CPU name, which other machines do not accept.",
    )


def _solve_higher(report: Report) -> list[Remedy]:
    own = project_lines.own_number(report)
    if own not in (2, 3, 4):
        return []
    return [lock_per_level.offer(own)]
