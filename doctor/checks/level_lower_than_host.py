"""A file asks for exactly one level, or for at most one, which is below this machine's."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks import project_lines
from doctor.model import Client, Finding, PinnedLine, Remedy, Report, Severity
from doctor.remedies import override_for_one_command, use_another_solver
from doctor.requirements import LEVEL_PACKAGE

ID = "level-lower-than-host-not-installable"
GROUP = "project files"
SYMPTOM = "_x86_64-microarch-level=1 fails on my newer CPU"
CAUSE = (
    "Builds of a level accept the CPU names of exactly that level. =N therefore means that the "
    "machine is of level N, not that level N is enough. Only rattler's solver has builds for more."
)
DETECTED = (
    "A line asks for exactly one level, or for at most one; its number is compared with that of "
    "the level which every processor here has."
)
REMEDIES = ("correct-line", "override-for-one-command", "advice")
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/3698",
    "https://github.com/conda-forge/microarch-level-feedstock/issues/13",
    "https://github.com/conda-forge/microarch-level-feedstock/pull/14",
)


def check(report: Report) -> Iterator[Finding]:
    """One finding per line with such a bound, except where its level is above this machine's."""
    for line, subject in project_lines.lines(report, ID):
        place = project_lines.stands(report, line.level)
        if place == "above":
            continue
        unable = project_lines.without_regex(report)
        verdict = _verdict(report, line, place, unable)
        if verdict is None:
            continue
        remedies = _remedies(report, line, place, unable)
        more = (project_lines.own_words(report),)
        yield project_lines.finding(ID, line, subject, verdict, remedies, unable, SOURCES[0], more)


def _verdict(
    report: Report, line: PinnedLine, place: str, unable: tuple[Client, ...]
) -> tuple[Severity, str, str] | None:
    title = f"asks for {'exactly' if line.name else 'at most'} level {line.level}"
    if place == "unknown":
        return Severity.UNKNOWN, title, "Whether a higher level stands in its way here is unknown."
    if place == "other":
        return Severity.NOTE, title, "It is meant for machines of another family than this one."
    if place == "equal":
        return (
            Severity.NOTE,
            title,
            "It installs here, and with conda or mamba on no machine of a higher level.",
        )
    title += ", below this machine's"
    if unable or not project_lines.solvers(report):
        return (
            Severity.ERROR if unable else Severity.WARNING,
            title,
            "conda and mamba cannot install it here: a build of a lower level does not accept a "
            "CPU of a higher one.",
        )
    return Severity.NOTE, title, "Clients here can install it; conda and mamba elsewhere cannot."


def _remedies(
    report: Report, line: PinnedLine, place: str, unable: tuple[Client, ...]
) -> list[Remedy]:
    remedies = project_lines.correction(report, line)
    package = LEVEL_PACKAGE.search(line.text)
    if package is not None and remedies and place != "other":
        remedies.append(
            Remedy(
                f"Then the highest level that the CPU has is installed, level {line.level} or up."
                if line.name
                else "Then the highest level that the CPU has is installed."
            )
        )
    if place != "below" or package is None or package[1] != "x86_64":
        return remedies
    level = "x86_64" if line.level == 1 else f"x86_64_v{line.level}"
    for client in [c for c in unable if reach.honours_override(c)][:1]:
        why = f"To get level {line.level} on purpose, say so for one command only."
        remedies.extend(override_for_one_command.offer(client, level, why))
    for client in [c for c in unable if c.kind == "conda"][:1]:
        why = f"Its rattler solver takes level {line.level} on a newer CPU, without an override."
        wanted = f"{package[0]}<={line.level}"
        remedies.extend(use_another_solver.offer(client, "rattler", why, wanted))
    return remedies
