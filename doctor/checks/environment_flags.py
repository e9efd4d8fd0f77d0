"""A build package left its compiler flags in a work environment."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Environment, Evidence, Finding, Record, Report, Severity
from doctor.remedies import remove_build_package

ID = "flags-leak-from-build-metapackage"
GROUP = "environments"
SYMPTOM = "my own C extension got -march=x86-64-v4"
CAUSE = (
    "x86_64-microarch-level (without underscore) is for building packages: while its environment "
    "is active it adds -march to CFLAGS and CXXFLAGS. Programs want _x86_64-microarch-level."
)
DETECTED = (
    "The environment has a record of x86_64-microarch-level, without the underscore; its version "
    "is compared with this CPU's level."
)
REMEDIES = ("remove-build-package",)
SOURCES = (
    "https://github.com/conda-forge/microarch-level-feedstock/pull/25",
    "conda-forge/microarch-level-feedstock 6858122:recipe/install_scripts.py",
)


def check(report: Report) -> Iterator[Finding]:
    """A note per build package; a warning where its level is above the CPU's."""
    number = reach.own_number(report.machine)
    for environment in report.environments or ():
        for record in environment.flags:
            yield _finding(report, environment, record, number)


def _finding(
    report: Report, environment: Environment, record: Record, number: int | None
) -> Finding:
    level = int(record.version) if record.version.isdecimal() and len(record.version) < 4 else 0
    above = number is not None and level > number
    beyond = ", which this CPU cannot run" if above else ""
    return Finding(
        ID,
        f"{environment.path}#{record.name}",
        Severity.WARNING if above else Severity.NOTE,
        f"{environment.path} sets compiler flags for level {record.version}{beyond}",
        "What is compiled while it is active (pip without wheels too) runs on CPUs of level "
        f"{record.version} or higher only.",
        (),
        (Evidence(f"installed: {record.title}", f"{environment.path}/conda-meta/{record.file}"),),
        tuple(remove_build_package.offer(report, environment, record)),
    )
