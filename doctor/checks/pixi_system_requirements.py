"""A pixi manifest has the key `archspec` under system-requirements, which pixi ignores."""

from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.model import Finding, Remedy, Report, Severity

ID = "pixi-system-requirements-archspec-ignored"
GROUP = "project files"
SYMPTOM = "I set archspec under pixi's system-requirements and nothing changes"
CAUSE = (
    "pixi stopped using that key in 0.19.0 and only kept on reading it. Since 0.71.0 the CPU is "
    "declared with the platform, in the workspace's list of platforms."
)
DETECTED = "A table of system-requirements in pixi.toml or pyproject.toml has the key archspec."
REMEDIES = ("correct-line", "advice")
ADVICE = (
    "With pixi 0.71.0 or newer, declare the CPU with a platform of the workspace, of a level that "
    "every machine of that platform has: pixi does not check it.",
)
SOURCES = (
    "https://github.com/prefix-dev/pixi/issues/1804",
    "prefix-dev/pixi v0.77.0:crates/pixi_manifest/src/system_requirements.rs",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per dead key."""
    for line, subject in project_lines.lines(report, ID):
        verdict = (
            Severity.WARNING,
            "the archspec system-requirement has no effect",
            "pixi solves for the platform's declared CPU, level 1 unless declared, whatever this "
            "key says.",
        )
        remedies = [*project_lines.correction(report, line), Remedy(ADVICE[0])]
        yield project_lines.finding(ID, line, subject, verdict, remedies, link=SOURCES[0])
