"""An environment, or some of its records, could not be read."""

from collections.abc import Iterator

from doctor.model import Environment, Evidence, Finding, Remedy, Report, Severity

ID = "environment-unread"
GROUP = "envdoctor"
SYMPTOM = "envdoctor could not look into an environment"
CAUSE = "A record is damaged, or this user may not read it: what it asks for is not known."
DETECTED = (
    "Every record in conda-meta is opened; those that cannot be read, or hold no record, are "
    "counted and named."
)
REMEDIES = ("advice",)
ADVICE = ("Look at the files named here; reinstalling their packages writes them anew.",)
SOURCES = ("https://github.com/conda/conda/issues/14042",)


def check(report: Report) -> Iterator[Finding]:
    """One unknown per environment that was not, or not wholly, read."""
    for environment in report.environments or ():
        if environment.trouble or environment.unreadable:
            yield _finding(environment)


def _finding(environment: Environment) -> Finding:
    files = environment.unreadable
    count = f"{len(files)} of {environment.count} records could not be read"
    return Finding(
        ID,
        environment.path,
        Severity.UNKNOWN,
        f"{environment.path}: {environment.trouble or count}",
        "What its packages need of the CPU is not wholly known.",
        (),
        tuple(Evidence(f"{file.trouble}", file.path) for file in files[:20])
        or (Evidence(f"{environment.trouble}", environment.path),),
        (Remedy(ADVICE[0]),) if files else (),
    )
