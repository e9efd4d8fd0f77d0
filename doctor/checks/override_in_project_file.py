"""A project's file sets CONDA_OVERRIDE_ARCHSPEC for longer than one command, or misspells it."""

import re
from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.checks.overrides import VARIABLE
from doctor.microarch import installed
from doctor.model import Finding, PinnedLine, Remedy, Report, Severity

ID = "override-in-project-file"
GROUP = "project files"
SYMPTOM = "an image or a CI job solves for another CPU than it runs on"
CAUSE = (
    "CONDA_OVERRIDE_ARCHSPEC replaces detection without any check against the CPU. Set in an image "
    "or for a whole job, it also decides over commands that nobody thought of."
)
DETECTED = (
    "Lines of container files, of continuous integration and of scripts that set the variable are "
    "read: what they set it to, and whether it stays set after one command."
)
REMEDIES = ("correct-line", "advice")
SOURCES = (
    "https://github.com/conda-forge/microarch-level-feedstock/issues/13",
    "https://github.com/conda-forge/microarch-level-feedstock/pull/14",
)
Verdict = tuple[Severity, str, str]


def check(report: Report) -> Iterator[Finding]:
    """One finding per override that stays set or is misspelt."""
    for line, subject in project_lines.lines(report, ID):
        written = _written(line.text)
        verdict = _verdict(report, line, written)
        more = (project_lines.own_words(report),)
        remedies = _remedies(report, line, written)
        yield project_lines.finding(
            ID, line, subject, verdict, remedies, link=SOURCES[0], more=more
        )


def _written(text: str) -> str:
    """The value as the line has it."""
    found = re.search(rf"{VARIABLE}[\"']?[ \t:=]{{0,40}}[\"']?([^\"'\s,;&|}}\])]*)", text)
    return found[1] if found else ""


def _verdict(report: Report, line: PinnedLine, written: str) -> Verdict:
    if "$" in line.text and line.name is None:
        title = "sets an override whose value is known only when it runs"
        return Severity.UNKNOWN, title, "What it makes clients solve for is unknown."
    if written in ("", "0"):
        title = f"sets {VARIABLE} to {'nothing' if not written else '0'}, and leaves it set"
        consequence = "Clients then report no CPU, and level packages cannot be installed."
        return Severity.WARNING, title, consequence
    if written not in installed().targets:
        title = f"{VARIABLE}={written} is no name that archspec knows"
        return (
            Severity.ERROR,
            title + (f"; {line.name} was meant?" if line.name else ""),
            "Clients refuse to run, or no level package matches the name.",
        )
    return _left_set(report, line)


def _left_set(report: Report, line: PinnedLine) -> Verdict:
    title = f"leaves {VARIABLE}={line.name} set"
    place = project_lines.stands(report, line.level)
    if place == "unknown":
        return Severity.UNKNOWN, title, "Whether programs installed under it run here is unknown."
    if place == "above":
        return (
            Severity.ERROR,
            f"{title}, above this machine's level",
            "Programs installed under it may end with Illegal instruction here.",
        )
    if place == "other":
        return Severity.WARNING, title, "It names a CPU of another family than this machine's."
    return (
        Severity.WARNING,
        title,
        "Every later solve is made for that CPU, whatever the machine that runs it.",
    )


def _remedies(report: Report, line: PinnedLine, written: str) -> list[Remedy]:
    place = project_lines.stands(report, line.level)
    upwards = place not in ("equal", "below")
    if upwards and line.name and line.name in (line.corrected or ""):
        return [Remedy(f"Take {VARIABLE} out of the command: it is no level of this machine's.")]
    remedies = project_lines.correction(report, line)
    if not remedies:
        text = f"Take {VARIABLE} out of this line, and a key above it that would then hold nothing."
        remedies.append(Remedy(text))
    if line.name and not upwards and (not line.corrected or written == line.name):
        text = f"Where one command needs it, write {VARIABLE}={line.name} before that command only."
        remedies.append(Remedy(text))
    return remedies
