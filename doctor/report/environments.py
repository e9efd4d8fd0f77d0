"""Environments and cached channels: rows, plain facts, and JSON."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from doctor.checks import BROKEN
from doctor.model import ChannelCopy, Environment, Finding, Report, Severity
from doctor.reach import own_level, own_number
from doctor.report import subjects, words
from doctor.report.text import plain_finding, table

Json = dict[str, Any]


def verdict(report: Report, environment: Environment) -> tuple[str, str]:
    """State in a word, and what it means here: as the worst finding about it says."""
    for finding in findings(report, environment):
        if finding.severity in (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN):
            return finding.severity.value.upper(), _short(environment, finding)
    if broken(report):
        return "UNKNOWN", "a check broke, so it was not wholly examined"
    if environment.needed is None:
        said = "no package asks for a level"
    else:
        said = f"runs here: CPU has level {own_number(report.machine) or 'unknown'}"
    if any(f.severity is Severity.NOTE for f in findings(report, environment)):
        return "NOTE", said
    return "ok", said


def findings(report: Report, environment: Environment) -> list[Finding]:
    """The findings about one environment, worst first."""
    return subjects.about(report, *_subjects(environment))


def _subjects(environment: Environment) -> set[str]:
    return {environment.path, *(f"{environment.path}#{r.name}" for r in environment.flags)}


def broken(report: Report) -> list[Finding]:
    """Checks that broke: what they look for is unknown in every environment."""
    return subjects.about(report, BROKEN)


def _short(environment: Environment, finding: Finding) -> str:
    return finding.title.removeprefix(environment.path).lstrip(" :")


def headline(report: Report) -> str:
    """One sentence about all environments."""
    rows = report.environments or ()
    if not rows:
        return "No environment is known on this machine."
    states = [verdict(report, environment)[0] for environment in rows]
    bad, unknown = states.count("ERROR"), states.count("UNKNOWN")
    number = len(rows)
    every = "the one environment that is" if number == 1 else f"all {number} environments that are"
    if bad:
        what = "needs" if bad == 1 else "need"
        return f"{bad} of {number} known {what} a higher level than this CPU has."
    if unknown == number:
        return f"None of {number} known could be judged."
    if unknown:
        return f"{unknown} of {number} known could not be judged; nothing wrong with the others."
    return f"This CPU runs {every} known."


def columns(report: Report) -> Iterator[str]:
    """A row per environment, worst first, then the cached channels."""
    yield headline(report)
    yield ""
    rows = [("", "Environment", "solved for", "needs", "who needs it")]
    for environment in ordered(report):
        state, said = verdict(report, environment)
        who = needing(environment) or said
        rows.append((state, environment.path, level(environment.installed),
                     level(environment.needed), who))  # fmt: skip
    yield from table(rows)
    for finding in about(report):
        if finding.severity is not Severity.NOTE:
            yield from plain_finding(finding, words.state(finding, report))
    yield from caches(report)


def about(report: Report) -> list[Finding]:
    """The findings that are about environments, worst first."""
    known = {s for environment in report.environments or () for s in _subjects(environment)}
    return [f for f in report.findings if f.subject in known or f.subject == BROKEN]


def plain(report: Report) -> Iterator[str]:
    """One fact per line."""
    yield headline(report)
    for environment in ordered(report):
        yield ""
        yield from facts(report, environment)
        for finding in findings(report, environment):
            yield from plain_finding(finding, words.state(finding, report))
    for finding in broken(report):
        yield from plain_finding(finding, words.state(finding, report))
    yield from caches(report)


def facts(report: Report, environment: Environment) -> Iterator[str]:
    """One environment, one fact per line."""
    state, said = verdict(report, environment)
    yield f"Environment: {environment.path}, {environment.known_by}"
    yield f"State: {state}, {said}"
    yield f"Solved for level: {level(environment.installed)}"
    yield f"Needs level: {level(environment.needed)}"
    for need in environment.needs:
        yield f"Needed by: {need.package}, {need.requirement}"
    package = environment.metapackage
    if package:
        yield f"Level package: {package.title} from {package.channel or 'unknown'}"
    for record in environment.flags:
        yield f"Sets compiler flags: {record.title}"
    yield f"Changed by: {', '.join(environment.written_by) or 'unknown'}"


def ordered(report: Report) -> list[Environment]:
    """Worst first, else in the order in which they were found."""
    order = ("ERROR", "WARNING", "UNKNOWN", "NOTE", "ok")
    rows = report.environments or ()
    return sorted(rows, key=lambda environment: order.index(verdict(report, environment)[0]))


def needing(environment: Environment) -> str:
    """Who needs the highest level, in a few words."""
    top = [n.name for n in environment.needs if n.level == environment.needed]
    if not top or environment.needed is None:
        return ""
    more = len(set(top)) - 2
    return ", ".join(list(dict.fromkeys(top))[:2]) + (f" and {more} more" if more > 0 else "")


def level(number: int | None) -> str:
    """A level in a table, `-` where there is none."""
    return "-" if number is None else str(number)


# --- cached channels -------------------------------------------------------------------------


def caches(report: Report) -> Iterator[str]:
    """What clients keep of channels: an empty line before each."""
    for copy in report.channels or ():
        if copy.levels or copy.users or copy.trouble:
            yield ""
            yield from offers(report, copy)
    for cache in report.packages or ():
        yield ""
        yield f"Downloaded packages: {cache.path}"
        yield f"Level packages on disk: {' '.join(cache.packages)}"


def offers(report: Report, copy: ChannelCopy) -> Iterator[str]:
    """What one cached copy of a channel offers, one fact per line."""
    yield f"Channel copy: {copy.url or copy.path}"
    yield f"Age: {age(report, copy)}"
    if copy.trouble:
        yield f"Trouble: {copy.trouble}"
    if copy.levels:
        numbers = sorted({record.build_number for record in copy.levels})
        yield f"Level packages: {len(copy.levels)} builds, numbers {_listed(numbers)}"
        yield f"CPU names: {' '.join(sorted(names(copy)))}"
    else:
        yield "Level packages: none in this copy"
    if copy.users:
        shown = " ".join(copy.users[:12])
        more = f" and {len(copy.users) - 12} more" if len(copy.users) > 12 else ""
        yield f"Packages that ask for a level: {shown}{more}"


def names(copy: ChannelCopy) -> set[str]:
    """The CPU names for which a copy holds a build."""
    builds = (record.build.partition("_")[2] for record in copy.levels)
    return {name for name in builds if name and not name.startswith("level")}


def age(report: Report, copy: ChannelCopy) -> str:
    """How old a copy is, in days, at the time of the report."""
    if copy.modified is None:
        return "unknown"
    made = datetime.fromisoformat(report.made).timestamp()
    days = int(max(0.0, made - copy.modified) // 86400)
    return "less than a day" if days == 0 else f"{days} day{'s' if days > 1 else ''}"


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


# --- JSON ------------------------------------------------------------------------------------


def document(report: Report) -> Json:
    """What `envs --json` prints."""
    return {
        "level": own_level(report.machine),
        "environments": [_row(report, environment) for environment in report.environments or ()],
        "channels": [_copy(report, copy) for copy in report.channels or ()],
        "packages": [
            {"path": cache.path, "packages": list(cache.packages)}
            for cache in report.packages or ()
        ],
    }


def _row(report: Report, environment: Environment) -> Json:
    state, said = verdict(report, environment)
    package = environment.metapackage
    return {
        "path": environment.path,
        "known_by": environment.known_by,
        "state": state.lower(),
        "says": said,
        "packages": environment.count,
        "installed_level": environment.installed,
        "needed_level": environment.needed,
        "needed_by": [
            {"package": n.package, "requirement": n.requirement, "level": n.level}
            for n in environment.needs
        ],
        "metapackage": package and {"package": package.title, "channel": package.channel},
        "compiler_flags": [record.title for record in environment.flags],
        "written_by": list(environment.written_by),
        "unreadable": _files(environment.unreadable),
        "trouble": environment.trouble,
        "findings": [finding.id for finding in findings(report, environment)],
    }


def _files(files: Iterable[Any]) -> list[Json]:
    return [{"path": file.path, "trouble": file.trouble} for file in files]


def _copy(report: Report, copy: ChannelCopy) -> Json:
    return {
        "path": copy.path,
        "url": copy.url,
        "age": age(report, copy),
        "build_numbers": sorted({record.build_number for record in copy.levels}),
        "names": sorted(names(copy)),
        "level_packages": len(copy.levels),
        "users": list(copy.users),
        "trouble": copy.trouble,
    }
