"""A pixi platform declares a CPU that this machine does not have, and pixi does not check it."""

import re
from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.model import Finding, PinnedLine, Remedy, Report, Severity

ID = "pixi-v3-platform-accepted-on-old-host"
GROUP = "project files"
SYMPTOM = "pixi installs the v3 environment on a machine without AVX2"
CAUSE = (
    "pixi compares the name and version of a platform's virtual packages with the machine's, not "
    "their build string, in which the CPU stands. Every machine fits every declared CPU."
)
DETECTED = (
    "The CPU that a platform of the manifest or the lock file declares is looked up among "
    "archspec's names, and its level compared with this machine's."
)
REMEDIES = ("correct-line", "advice")
ADVICE = (
    "List the plain platform first, so that machines take it unless told otherwise.",
    "Keep the declared platform for an environment of its own, and name it when wanted.",
)
SOURCES = (
    "https://github.com/prefix-dev/pixi/pull/6817",
    "https://github.com/prefix-dev/pixi/issues/3280",
    "https://github.com/prefix-dev/pixi/pull/3281",
    "prefix-dev/pixi v0.77.0:crates/pixi_manifest/src/platform.rs",
)


def check(report: Report) -> Iterator[Finding]:
    """An error per declared CPU above this machine's level, and per name that does not exist."""
    for line, subject in project_lines.lines(report, ID):
        verdict = _verdict(report, line)
        if verdict is not None:
            more = (project_lines.own_words(report),)
            remedies = _remedies(report, line)
            yield project_lines.finding(
                ID, line, subject, verdict, remedies, link=SOURCES[0], more=more
            )


def _verdict(report: Report, line: PinnedLine) -> tuple[Severity, str, str] | None:
    if _misspelt(line):
        return (
            Severity.ERROR,
            "the platform declares a CPU that archspec does not know",
            "pixi 0.75.0 and newer refuse the manifest; pixi 0.71 to 0.74 take it, and then no "
            "level package can be installed.",
        )
    place = project_lines.stands(report, line.level)
    title = f"a platform declares {line.name}"
    if place == "unknown":
        return Severity.UNKNOWN, title, "Whether this machine has that level is unknown."
    if place != "above":
        return None
    return (
        Severity.ERROR,
        f"{title}, above this machine's level",
        "pixi selects and installs it here all the same; its programs may end with Illegal "
        "instruction.",
    )


def _misspelt(line: PinnedLine) -> bool:
    """Whether what is written is another name than the one that was meant."""
    if line.name is None or line.corrected is not None:
        return True
    return re.search(rf"(?<![\w-]){re.escape(line.name)}(?![\w-])", line.text) is None


def _remedies(report: Report, line: PinnedLine) -> list[Remedy]:
    if _misspelt(line):
        return project_lines.correction(report, line)
    if project_lines.stands(report, line.level) != "above":
        return []
    return [Remedy(words) for words in ADVICE]
