"""graph-tool's build for level 4 is installed: the environment is tied to that level exactly."""

import re
from collections.abc import Iterator

from doctor import reach
from doctor.levels import level_name
from doctor.model import Environment, Evidence, Finding, Record, Remedy, Report, Severity
from doctor.remedies import solve_for_this_cpu

ID = "graph-tool-level4-exact"
GROUP = "environments"
SYMPTOM = "an update of graph-tool breaks on mixed machines: _x86_64-microarch-level 4"
CAUSE = (
    "graph-tool's build for level 4 asks for exactly that level, wins by its build number on "
    "every CPU that has it, and is not tested by its recipe."
)
DETECTED = "graph-tool-base is installed in a build with number 400 or more, by its record."
REMEDIES = ("advice", "solve-for-this-cpu")
ADVICE = ("Use it on machines of level 4 only; for others, make one for a lower level.",)
SOURCES = (
    "conda-forge/graph-tool-feedstock 41ec9a5:recipe/meta.yaml",
    "https://github.com/conda-forge/graph-tool-feedstock/pull/140",
    "https://github.com/ZettaAI/zetta_utils/issues/868",
)

PACKAGE = "graph-tool-base"
FIRST = 400
"""Lowest number of the builds for level 4: the recipe adds 100 per level."""

PORTABLE = 3


def check(report: Report) -> Iterator[Finding]:
    """A note per environment that holds such a build."""
    for environment in report.environments or ():
        for record in environment.users:
            if record.name == PACKAGE and _number(record) >= FIRST:
                yield _finding(report, environment, record)


def _number(record: Record) -> int:
    """The build number; where the record does not say, the one that ends the build string."""
    ending = re.search(r"_(\d{1,6})$", record.build)
    return record.build_number or (int(ending[1]) if ending else 0)


def _finding(report: Report, environment: Environment, record: Record) -> Finding:
    asked = ", ".join(text for text in record.depends if "microarch-level" in text)
    facts = [Evidence(f"installed: {record.title}", f"{environment.path}/conda-meta")]
    if asked:
        facts.append(Evidence(f"it depends on {asked}", f"{environment.path}/conda-meta"))
    return Finding(
        ID,
        environment.path,
        Severity.NOTE,
        f"{environment.path} has graph-tool's build for level 4",
        "It can be solved and run on machines of level 4 only, and that build is not tested by its "
        "recipe: on all others it is refused, or ends with Illegal instruction.",
        (),
        tuple(facts),
        tuple(_remedies(report, environment)),
        SOURCES[0],
    )


def _remedies(report: Report, environment: Environment) -> Iterator[Remedy]:
    yield Remedy(ADVICE[0])
    number = reach.own_number(report.machine)
    if number is not None and number <= 4:
        level = level_name(min(number, PORTABLE))
        yield from solve_for_this_cpu.offer(report, environment, level, ("graph-tool",))
