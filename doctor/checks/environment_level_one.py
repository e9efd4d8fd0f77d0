"""An environment was solved for far less than this CPU has: why, as far as that is known."""

from collections.abc import Iterator

from msgspec import Struct

from doctor import reach
from doctor.checks.overrides import overridden, overrides
from doctor.levels import level_number
from doctor.microarch import X86_LEVELS, installed
from doctor.model import Client, Environment, Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import pixi_platform, solve_for_this_cpu

ID = "why-level1-on-avx2"
GROUP = "environments"
SYMPTOM = "I have AVX2, and the solver chose the level-1 build"
CAUSE = (
    "One of several: pixi and conda-lock solve for what a platform declares, by default the "
    "baseline; a client reports less than the CPU has; an override says less; a package prefers "
    "its slow build (awkward-cpp marks level 3 down); or it was solved on an older machine."
)
DETECTED = (
    "The installed level package is two levels or more below what every processor has. Who "
    "changed the environment, what those clients report now, and which packages are in it tell "
    "the causes apart."
)
REMEDIES = ("remove-override", "solve-for-this-cpu", "pixi-platform", "advice")
ADVICE = ("To get the fast build of awkward-cpp, ask for it by its build string.",)
SOURCES = (
    "conda-forge/awkward-cpp-feedstock 30ffcc8:recipe/recipe.yaml",
    "conda-forge/suitesparse-feedstock 9aa816e:recipe/recipe.yaml",
    "https://github.com/prefix-dev/pixi/issues/1804",
)

INVERTED = "awkward-cpp"
"""Its recipe marks level 3 down, where it means level 1 by all that is known."""


class Why(Struct, frozen=True):
    """One cause: in words, where that is seen, and what helps against it."""

    text: str
    source: str
    remedies: tuple[Remedy, ...]


def check(report: Report) -> Iterator[Finding]:
    """A note per environment whose level package is two or more levels below the CPU's."""
    number = reach.own_number(report.machine)
    if number is None or reach.own_level(report.machine) not in X86_LEVELS:
        return
    for environment in report.environments or ():
        has = environment.installed
        if environment.family == "x86_64" and has and number - has >= 2:
            yield _finding(report, environment, has, number)


def _finding(report: Report, environment: Environment, has: int, number: int) -> Finding:
    causes = list(_causes(report, environment, has))
    package = environment.metapackage
    facts = [Evidence(f"installed: {package.title if package else ''}", f"{environment.path}/"
                      "conda-meta")]  # fmt: skip
    facts += [Evidence(cause.text, cause.source) for cause in causes]
    because = causes[0].text if causes else "why is not known from what is here"
    return Finding(
        ID,
        environment.path,
        Severity.NOTE,
        f"{environment.path} was solved for level {has}, and this CPU has level {number}",
        f"It runs, slower than it could where its packages have builds for more: {because}.",
        (),
        tuple(facts),
        tuple(_remedies(report, environment, number, causes)),
        SOURCES[0],
    )


def _causes(report: Report, environment: Environment, has: int) -> Iterator[Why]:
    """The causes of which there is a sign, the surest first."""
    if "pixi" in environment.written_by:  # it looks at no override, and asks no client
        text = "pixi made it, which solves for what the platform declares, by default level 1"
        yield Why(text, f"{environment.path}/conda-meta", tuple(pixi_platform.offer(report)))
    else:
        yield from _of_clients(report, environment, has)
    if any(record.name == INVERTED for record in environment.users):
        text = f"{INVERTED} prefers its level-1 build: its recipe marks the one for level 3 down"
        yield Why(text, SOURCES[0], (Remedy(ADVICE[0]),))


def _of_clients(report: Report, environment: Environment, has: int) -> Iterator[Why]:
    """What clients are told, and what those that changed the environment say by themselves."""
    for override in overrides(report):
        named = level_number(override.value) or level_number(_implied(override.value))
        if named is not None and named <= has:
            text = f"{override.name} names {override.value}"
            yield Why(text, override.source, (override.removal,))
    history = f"{environment.path}/conda-meta/history"
    for client in report.clients:
        if client.kind in environment.written_by and _reports_less(report, client, has):
            text = f"{client.title}, which changed it, reports {reach.shown(client)}"
            yield Why(text, history, ())


def _implied(name: str) -> str:
    return installed().level(name) or ""


def _reports_less(report: Report, client: Client, has: int) -> bool:
    package = reach.shown(client)
    if package is None or client.kind == "pixi" or overridden(report, client):
        return False
    said = level_number(package.build)
    return said is not None and said <= has


def _remedies(
    report: Report, environment: Environment, number: int, causes: list[Why]
) -> Iterator[Remedy]:
    for cause in causes:
        yield from cause.remedies
    if "pixi" in environment.written_by:
        return
    names = [record.name for record in environment.users]
    wanted = f"_x86_64-microarch-level>={min(number, 3)}"
    level = reach.own_level(report.machine) or ""
    yield from solve_for_this_cpu.offer(report, environment, level, (*names, wanted))
