"""An environment asks for the build metapackage, whose activation sets compiler flags."""

from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.model import Finding, Remedy, Report, Severity

ID = "build-metapackage-in-environment"
GROUP = "project files"
SYMPTOM = "my own C extension was compiled with -march=x86-64-v4 and dies elsewhere"
CAUSE = (
    "x86_64-microarch-level, without the underscore, is for recipes: its activation adds "
    "-march=x86-64-vN to the compiler flags. What an environment wants is the package with the "
    "underscore."
)
DETECTED = (
    "A line of an environment file, a manifest or a lock file asks for x86_64-microarch-level, "
    "without the underscore."
)
REMEDIES = ("correct-line", "advice")
SOURCES = (
    "https://github.com/conda-forge/microarch-level-feedstock/pull/25",
    "conda-forge/microarch-level-feedstock 6858122:recipe/install_scripts.py",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per requirement on it."""
    for line, subject in project_lines.lines(report, ID):
        verdict = (
            Severity.WARNING,
            "asks for the build metapackage, which sets compiler flags",
            "Whatever is compiled in the activated environment, with pip too, gets -march flags of "
            "that level and does not run on CPUs below it.",
        )
        remedies = project_lines.correction(report, line)
        if not remedies:
            remedies = [Remedy("Ask for the package with the underscore, and lock again.")]
        yield project_lines.finding(ID, line, subject, verdict, remedies, link=SOURCES[0])
