"""A project file could not be read, or not wholly."""

from collections.abc import Iterator

from doctor.model import Evidence, Finding, ProjectFile, Remedy, Report, Severity

ID = "project-file-unread"
GROUP = "envdoctor"
SYMPTOM = "envdoctor could not read a project file"
CAUSE = "It is no text, is damaged, or is larger than such files are: what it asks for is unknown."
DETECTED = (
    "Every file that was looked at is read to its end or says why not; so does a project that "
    "holds more files than are read."
)
REMEDIES = ("advice",)
ADVICE = ("Look at the file itself, or name it alone: envdoctor project FILE.",)
SOURCES = ("https://github.com/conda/conda/issues/14042",)


def check(report: Report) -> Iterator[Finding]:
    """One unknown per file that was not, or not wholly, read; one for a project cut short."""
    project = report.project
    if project is None:
        return
    for file in project.files:
        if file.trouble:
            yield _finding(file.path, file)
    if project.trouble and project.files:
        yield _finding(project.path, ProjectFile(project.path, "project", project.trouble))


def _finding(subject: str, file: ProjectFile) -> Finding:
    return Finding(
        ID,
        subject,
        Severity.UNKNOWN,
        f"{file.path} {file.trouble}",
        "Whether it ties the project to a CPU is unknown.",
        (),
        (Evidence(f"{file.form}: {file.trouble}", file.path),),
        (Remedy(ADVICE[0]),),
    )
