"""What the checks of recipes share: their lines, and the finding about one."""

from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.clean import one_line
from doctor.model import Finding, PinnedLine, Remedy, Report, Severity
from doctor.remedies import correct_line

DOCUMENTATION = (
    "https://conda-forge.org/docs/maintainer/knowledge_base/#microarchitecture-optimized-builds"
)
FEEDSTOCK = "https://github.com/conda-forge/microarch-level-feedstock"


def lines(report: Report, rule: str) -> Iterator[PinnedLine]:
    """The lines that a check judges, in the order of files."""
    if report.project is not None:
        yield from (line for line in report.project.lines if line.rule == rule)


def finding(
    report: Report,
    line: PinnedLine,
    severity: Severity,
    title: str,
    consequence: str,
    advice: str = "",
    link: str = DOCUMENTATION,
) -> Finding:
    """The finding about one line; `advice` is what to do where no other line would do alone."""
    return Finding(
        line.rule,
        project_lines.at(line),
        severity,
        f"{project_lines.at(line)} {title}",
        consequence,
        (),
        (project_lines.evidence(line),),
        tuple(remedies(report, line, advice)),
        link,
    )


def remedies(report: Report, line: PinnedLine, advice: str = "") -> Iterator[Remedy]:
    """The line to put instead, or what to do where there is none."""
    if line.corrected:
        text = f"Put this line instead: {one_line(line.corrected.strip())}"
        yield correct_line.as_edit(report, line, text)
    elif line.corrected == "":
        yield correct_line.as_edit(report, line, "Delete this line.")
    if advice:
        yield Remedy(advice)
