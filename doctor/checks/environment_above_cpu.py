"""An environment needs a level that this machine's CPU does not have, or was solved for one."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Environment, Evidence, Finding, Need, Remedy, Report, Severity
from doctor.remedies import solve_for_this_cpu

ID = "sigill-env-built-on-newer-node"
GROUP = "environments"
SYMPTOM = "Illegal instruction (core dumped), on some machines only"
CAUSE = (
    "The level is decided once, when an environment is solved. Nothing looks again when a shared "
    "prefix, an image or a packed environment is used on an older CPU."
)
DETECTED = (
    "The highest level that installed packages ask for, by their records in conda-meta, is "
    "compared with the level that every processor has. The version of the level package alone is "
    "no error: it says only where the environment was solved."
)
REMEDIES = ("advice", "solve-for-this-cpu")
ADVICE = ("Run it on a machine of that level (a job scheduler can be told which), or:",)
SOURCES = (
    "https://github.com/ZettaAI/zetta_utils/issues/868",
    "https://github.com/LSSTDESC/CCL/issues/694",
    "https://github.com/rcgsheffield/sheffield_hpc/issues/345",
    "https://github.com/luntergroup/octopus/issues/154",
)


def check(report: Report) -> Iterator[Finding]:
    """Per environment: an error if it needs more than the CPU has, a note if it was solved so."""
    own = reach.own_level(report.machine)
    number = reach.own_number(report.machine)
    for environment in report.environments or ():
        if environment.metapackage is None and not environment.needs:
            continue
        if number is None or (number > 4) != (environment.family == "ppc64le"):
            yield _unknown(environment, own)
        elif (environment.needed or 0) > number:
            yield _needs_more(report, environment, own or "", number)
        elif any(need.level is None for need in environment.needs):
            yield _not_understood(environment)
        elif any(need.family != environment.family for need in environment.needs):
            yield _unknown(environment, own)
        elif (environment.installed or 0) > number:
            yield _solved_for_more(report, environment, number)


def _needs_more(report: Report, environment: Environment, own: str, number: int) -> Finding:
    own_needs = [need for need in environment.needs if need.family == environment.family]
    above = [need for need in own_needs if (need.level or 0) > number]
    names = list(dict.fromkeys(need.name for need in above))
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return Finding(
        ID,
        environment.path,
        Severity.ERROR,
        f"{environment.path} needs level {environment.needed}, this CPU has level {number}",
        f"Programs that use {shown} end with Illegal instruction on this machine.",
        (),
        _evidence(environment, above),
        tuple(_remedies(report, environment, own, names)),
        SOURCES[0],
    )


def _evidence(environment: Environment, needs: list[Need]) -> tuple[Evidence, ...]:
    source = f"{environment.path}/conda-meta"
    return tuple(Evidence(f"{n.package} depends on {n.requirement}", source) for n in needs)


def _remedies(
    report: Report, environment: Environment, own: str, names: list[str]
) -> Iterator[Remedy]:
    yield Remedy(ADVICE[0])
    yield from solve_for_this_cpu.offer(report, environment, own, names)


def _solved_for_more(report: Report, environment: Environment, number: int) -> Finding:
    package = environment.metapackage
    needed = environment.needed
    reason = f"its packages need level {needed}" if needed else "none of its packages needs a level"
    return Finding(
        ID,
        environment.path,
        Severity.NOTE,
        f"{environment.path} was solved for level {environment.installed}, and runs here",
        f"It runs on this CPU of level {number}, since {reason}. The next update on this machine "
        "will want to exchange the level package.",
        (),
        (Evidence(f"installed: {package.title}", f"{environment.path}/conda-meta"),)
        if package
        else (),
    )


def _not_understood(environment: Environment) -> Finding:
    strange = [need for need in environment.needs if need.level is None]
    return Finding(
        ID,
        environment.path,
        Severity.UNKNOWN,
        f"{environment.path} asks for a level in a way that was not understood",
        "Whether it runs on this CPU is unknown.",
        (),
        _evidence(environment, strange),
    )


def _unknown(environment: Environment, own: str | None) -> Finding:
    package = environment.metapackage
    said = f"whose level is {own}" if own else "whose level is unknown"
    facts = _evidence(environment, list(environment.needs))
    if package is not None:
        facts = (Evidence(f"installed: {package.title}", f"{environment.path}/conda-meta"), *facts)
    return Finding(
        ID,
        environment.path,
        Severity.UNKNOWN,
        f"{environment.path} is tied to CPU levels, and this machine's cannot be compared",
        f"Whether it runs on this machine, {said}, is unknown.",
        (),
        facts,
        (Remedy("Ask on the machine that it is for, or name its CPU with --cpuinfo."),),
    )
