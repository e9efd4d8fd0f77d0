"""What environments need against what the CPU has: shared by the checks about crashes.

One and the same fact has two causes: on a machine of its own an environment was solved on a newer
node; in a container the image was built on a newer CPU. `id_here` says which of the two applies.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from doctor import reach
from doctor.model import Environment, Evidence, Finding, Need, Remedy, Report, Severity

NODE = "sigill-env-built-on-newer-node"
IMAGE = "image-or-pack-moved-to-older-cpu"

Remedies = Callable[[Report, Environment, str, tuple[str, ...]], Iterator[Remedy]]
"""What helps an environment: from the report, it, the CPU's level, and who needs more."""


class Cause(Struct, frozen=True):
    """One of the two causes: the id of its check, its link, and what helps."""

    check: str
    link: str
    remedies: Remedies


def id_here(report: Report) -> str:
    """The cause that applies on this machine."""
    return IMAGE if report.machine.system.container is not None else NODE


def needing_more(report: Report) -> tuple[Environment, ...]:
    """The environments that need a higher level than every processor has."""
    number = reach.own_number(report.machine)
    return tuple(e for e in report.environments or () if _compared(e, number) == "above")


def all_known(report: Report) -> bool:
    """Whether it can be told of every environment here what it needs, and whether that is met."""
    number = reach.own_number(report.machine)
    rows = report.environments
    if rows is None or any(e.trouble or e.unreadable for e in rows):
        return False
    return all(_compared(e, number) in ("nothing", "met", "above") for e in rows)


def outcomes(report: Report, cause: Cause) -> Iterator[Finding]:
    """Per environment: an error if it needs more than the CPU has, a note if it was solved so."""
    if id_here(report) != cause.check:
        return
    own = reach.own_level(report.machine)
    number = reach.own_number(report.machine)
    for environment in report.environments or ():
        compared = _compared(environment, number)
        if compared == "unknown":
            yield _unknown(cause, environment, own)
        elif compared == "not understood":
            yield _not_understood(cause, environment)
        elif compared == "above":
            yield _needs_more(report, cause, environment, own or "", number or 0)
        elif number is not None and (environment.installed or 0) > number:
            yield _solved_for_more(cause, environment, number)


def _compared(environment: Environment, number: int | None) -> str:
    """Where its needs stand to the CPU's level."""
    if environment.metapackage is None and not environment.needs:
        return "nothing"
    if number is None or (number > 4) != (environment.family == "ppc64le"):
        return "unknown"
    if (environment.needed or 0) > number:
        return "above"
    if any(need.level is None for need in environment.needs):
        return "not understood"
    if any(need.family != environment.family for need in environment.needs):
        return "unknown"
    return "met"


def _needs_more(
    report: Report, cause: Cause, environment: Environment, own: str, number: int
) -> Finding:
    own_needs = [need for need in environment.needs if need.family == environment.family]
    above = [need for need in own_needs if (need.level or 0) > number]
    names = tuple(dict.fromkeys(need.name for need in above))
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return Finding(
        cause.check,
        environment.path,
        Severity.ERROR,
        f"{environment.path} needs level {environment.needed}, this CPU has level {number}",
        f"Programs that use {shown} end with Illegal instruction on this machine.",
        (),
        _evidence(environment, above),
        tuple(cause.remedies(report, environment, own, names)),
        cause.link,
    )


def _evidence(environment: Environment, needs: list[Need]) -> tuple[Evidence, ...]:
    source = f"{environment.path}/conda-meta"
    return tuple(Evidence(f"{n.package} depends on {n.requirement}", source) for n in needs)


def _solved_for_more(cause: Cause, environment: Environment, number: int) -> Finding:
    package = environment.metapackage
    needed = environment.needed
    reason = f"its packages need level {needed}" if needed else "none of its packages needs a level"
    return Finding(
        cause.check,
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


def _not_understood(cause: Cause, environment: Environment) -> Finding:
    strange = [need for need in environment.needs if need.level is None]
    return Finding(
        cause.check,
        environment.path,
        Severity.UNKNOWN,
        f"{environment.path} asks for a level in a way that was not understood",
        "Whether it runs on this CPU is unknown.",
        (),
        _evidence(environment, strange),
        (Remedy("Look at what the package asks for, and tell envdoctor's authors of its form."),),
    )


def _unknown(cause: Cause, environment: Environment, own: str | None) -> Finding:
    package = environment.metapackage
    said = f"whose level is {own}" if own else "whose level is unknown"
    facts = _evidence(environment, list(environment.needs))
    if package is not None:
        facts = (Evidence(f"installed: {package.title}", f"{environment.path}/conda-meta"), *facts)
    return Finding(
        cause.check,
        environment.path,
        Severity.UNKNOWN,
        f"{environment.path} is tied to CPU levels, and this machine's cannot be compared",
        f"Whether it runs on this machine, {said}, is unknown.",
        (),
        facts,
        (Remedy("Ask on the machine that it is for, or name its CPU with --cpuinfo."),),
    )
