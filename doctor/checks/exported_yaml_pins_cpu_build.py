"""A file names the level build of one CPU, as `conda env export` writes it."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks import project_lines
from doctor.model import Finding, PinnedLine, Remedy, Report, Severity, Type

ID = "exported-yaml-pins-cpu-build"
GROUP = "project files"
SYMPTOM = "a colleague's environment.yml does not install: nothing provides their __archspec"
CAUSE = (
    "conda env export writes the build of _x86_64-microarch-level that was installed, such as "
    "3=2_zen2. That build accepts one CPU name only, so other CPUs cannot install the file."
)
DETECTED = (
    "A line of an environment file, a list or a lock file holds a level package with the build of "
    "one CPU name. That name is compared with what clients here call this CPU; where no client "
    "has to solve it, its level with this machine's."
)
REMEDIES = ("correct-line", "advice")
ADVICE = ("Ask its author for the environment without builds, or with what was asked for only.",)
SOURCES = (
    "conda-forge/microarch-level-feedstock 6858122:recipe/gen.py",
    "conda-forge/microarch-level-feedstock 6858122:recipe/recipe.yaml",
)
Verdict = tuple[Severity, str, str]


def check(report: Report) -> Iterator[Finding]:
    """One finding per exact build; an error where no client here reports that name."""
    for line, subject in project_lines.lines(report, ID):
        listed = project_lines.is_url(line)
        verdict = _listed(report, line) if listed else _solved(report, line)
        remedies = project_lines.correction(report, line)
        remedies.append(Remedy(ADVICE[0], (Type("conda env export --no-builds"),)))
        if listed:
            remedies = [Remedy("Solve the environment anew on this machine.")]
        clients = project_lines.solvers(report)
        more = (project_lines.own_words(report),)
        yield project_lines.finding(ID, line, subject, verdict, remedies, clients, more=more)


def _solved(report: Report, line: PinnedLine) -> Verdict:
    """What becomes of a requirement that a client has to solve."""
    title = f"only a CPU that is called {line.name} installs this file"
    names = _names(report)
    if not names:
        return Severity.UNKNOWN, title, "What clients call this machine's CPU is unknown."
    said = ", ".join(sorted(names))
    if line.name in names:
        consequence = "It installs here, and on other machines whose CPU has the same name only."
        if names != {line.name}:
            consequence += f" Clients here say: {said}."
        return Severity.WARNING, title, consequence
    consequence = f"It cannot be installed here, where clients say {said}: nothing provides it."
    return Severity.ERROR, title, consequence


def _names(report: Report) -> set[str]:
    """What this machine's clients call its CPU; archspec's name where there are no clients."""
    shown = [reach.shown(client) for client in project_lines.solvers(report)]
    names = {package.build for package in shown if package is not None}
    own = report.machine.microarchitecture.name
    return names or ({own} if own else set())


def _listed(report: Report, line: PinnedLine) -> Verdict:
    """What becomes of a URL: lists and lock files are installed without a solve."""
    title = f"this list was solved for {line.name}, level {line.level}"
    place = project_lines.stands(report, line.level)
    if place == "above":
        return (
            Severity.ERROR,
            f"{title}, above this machine's level",
            "It installs without asking for the CPU, and programs of it may end with Illegal "
            "instruction here.",
        )
    if place == "unknown":
        return Severity.UNKNOWN, title, "Whether its programs run here is unknown."
    if place == "other":
        return Severity.NOTE, title, "It is meant for machines of another family than this one."
    if line.name in _names(report):
        return Severity.NOTE, title, "It runs here; on a CPU of a lower level it would not."
    return (
        Severity.WARNING,
        title,
        "It runs here, but the next solve in that environment has to replace the build of a CPU "
        "that no client here reports.",
    )
