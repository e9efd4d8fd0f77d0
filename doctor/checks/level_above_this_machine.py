"""A file needs a level that is higher than this machine's."""

from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.checks.project_lines import EXACT
from doctor.model import Finding, PinnedLine, Remedy, Report, Severity

ID = "level-above-this-machine"
GROUP = "project files"
SYMPTOM = "a project asks for a microarchitecture level that this CPU does not have"
CAUSE = (
    "_x86_64-microarch-level >=N is a promise about the CPU. Clients that detect the CPU refuse; "
    "lists, lock files and pixi's declared platforms install without asking."
)
DETECTED = (
    "A line asks for a level, or is the address of a package of one; its number is compared with "
    "that of the level which every processor here has."
)
REMEDIES = ("advice",)
ADVICE = (
    "Use the project on a machine of that level.",
    "Or ask for a lower level, if the programs have builds for it, and solve again.",
    "Do not set CONDA_OVERRIDE_ARCHSPEC to a higher level: it moves the failure only.",
)
SOURCES = (
    "conda-forge/microarch-level-feedstock 6858122:recipe/recipe.yaml",
    "https://github.com/ZettaAI/zetta_utils/issues/868",
)


def check(report: Report) -> Iterator[Finding]:
    """One error per line that needs a higher level; unknown where the level is unknown."""
    for line, subject in project_lines.lines(report, ID, EXACT):
        place = project_lines.stands(report, line.level)
        exact = line.rule == EXACT
        if place in ("equal", "below") or (exact and (place != "above" or line.name is None)):
            continue
        remedies = _remedies(place)
        more = (project_lines.own_words(report),)
        verdict = _verdict(line, place)
        yield project_lines.finding(ID, line, subject, verdict, remedies, more=more)


def _verdict(line: PinnedLine, place: str) -> tuple[Severity, str, str]:
    title = f"needs level {line.level or 'unknown'}"
    if place == "unknown":
        return Severity.UNKNOWN, title, "Whether this machine has that level is unknown."
    if place == "other":
        return Severity.NOTE, title, "It is meant for machines of another family than this one."
    if project_lines.is_url(line):
        consequence = (
            "It installs without asking for the CPU, and programs of it may end with Illegal "
            "instruction here."
        )
    else:
        consequence = "It cannot be installed here by a client that detects the CPU."
    return Severity.ERROR, f"{title}, above this machine's", consequence


def _remedies(place: str) -> list[Remedy]:
    if place != "above":
        return []
    return [Remedy(words) for words in ADVICE]
