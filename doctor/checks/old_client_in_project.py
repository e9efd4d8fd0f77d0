"""A project's image or CI step uses a micromamba that spells levels with a hyphen."""

from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.model import Finding, Remedy, Report, Severity

ID = "old-client-in-project-file"
GROUP = "project files"
SYMPTOM = "our image or CI cannot install a package that installs everywhere else"
CAUSE = (
    "micromamba 1.5.3 to 1.5.9 and the 2.0 pre-releases spell levels with a hyphen, which no "
    "build can match. Image tags and CI inputs keep such versions in use for years."
)
DETECTED = (
    "Image tags, inputs of continuous integration and download addresses that name a release of "
    "micromamba are compared with the rule for that version."
)
REMEDIES = ("correct-line", "advice")
ADVICE = (
    "2.x is recommended: it spells levels rightly and reads the override. 1.5.10 to 1.5.12 spell "
    "them rightly, but ignore the override.",
)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/3222",
    "https://github.com/mamba-org/mamba/pull/3404",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per old client that a file names."""
    for line, subject in project_lines.lines(report, ID):
        verdict = (
            Severity.WARNING,
            "names a micromamba that spells levels with a hyphen",
            "It cannot install level packages of level 2 and up, and takes old versions of what "
            "needs them instead, without a word. It ignores CONDA_OVERRIDE_ARCHSPEC as well.",
        )
        remedies = [
            *project_lines.correction(report, line),
            Remedy(ADVICE[0]),
        ]
        yield project_lines.finding(ID, line, subject, verdict, remedies, link=SOURCES[0])
