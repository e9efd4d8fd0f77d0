"""A file names a level build (`4_level3`), which conda and mamba cannot match."""

from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.model import Finding, Remedy, Report, Severity
from doctor.remedies import commands, correct_line, use_another_solver

ID = "regex-level-builds-vs-conda-mamba"
GROUP = "project files"
SYMPTOM = "an environment exported from pixi cannot be created with conda or mamba"
CAUSE = (
    "Since build number 4 there are level builds, whose dependency is a regular expression over "
    "CPU names. Only rattler's solver matches those; conda's classic solver and libsolv do not."
)
DETECTED = (
    "A line names a build such as 4_level3, and the rule for each client's version says whether "
    "its solver matches regular expressions."
)
REMEDIES = ("correct-line", "advice")
SOURCES = (
    "https://github.com/prefix-dev/pixi/issues/6652",
    "https://github.com/mamba-org/mamba/issues/1853",
    "https://github.com/mamba-org/mamba/issues/3169",
    "https://github.com/conda-forge/microarch-level-feedstock/pull/26",
)
TITLE = "names a level build, which only rattler's solver can match"


def check(report: Report) -> Iterator[Finding]:
    """One finding per level build; an error where a client here cannot match it."""
    for line, subject in project_lines.lines(report, ID):
        place = project_lines.stands(report, line.level)
        unable = project_lines.without_regex(report)
        able = [c for c in project_lines.solvers(report) if c not in unable]
        remedies = project_lines.correction(report, line)
        if able and place in ("equal", "below"):
            text = f"Or keep the line, and create the environment with {able[0].title}: it can."
            remedies.append(Remedy(text))
        for client in [c for c in unable if c.kind == "conda"][:1]:
            text = "Or keep the line, and take conda's rattler solver for this environment."
            wanted = correct_line.asked(line.text) or commands.EXAMPLE
            remedies += use_another_solver.offer(client, "rattler", text, wanted)
        more = (project_lines.own_words(report),)
        verdict = _verdict(place, bool(unable), bool(able))
        yield project_lines.finding(ID, line, subject, verdict, remedies, unable, SOURCES[0], more)


def _verdict(place: str, unable: bool, able: bool) -> tuple[Severity, str, str]:
    if unable:
        return (
            Severity.ERROR,
            TITLE,
            "Clients here cannot create the environment: nothing provides the build's __archspec.",
        )
    if place == "above":
        return Severity.ERROR, TITLE, "Its level is above this machine's: it cannot be installed."
    if not able:
        return Severity.WARNING, TITLE, "conda and mamba cannot create the environment anywhere."
    if place == "unknown":
        return Severity.UNKNOWN, TITLE, "Whether its level is within this machine's is unknown."
    return Severity.NOTE, TITLE, "Clients here can; conda's classic solver and mamba cannot."
