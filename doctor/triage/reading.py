"""The text of a log -> clues: what any client printed, in text or JSON."""

import bisect
import re
from collections.abc import Iterator

from doctor.clean import clean
from doctor.levels import level_number
from doctor.model import Clue
from doctor.triage import crashes
from doctor.triage.signs import SIGNS

MAX_LINE = 20_000
MAX_LINES = 200_000

_WALL = re.compile(r"__archspec\b|_(?:x86_64|ppc64le)-microarch-level\b")
_FAILED = re.compile(
    r"nothing provides|missing on the system|does not exist|no viable options|would require|"
    r"no candidates were found|incompatible with your system|not available from current channels|"
    r"Unsatisfiable|are incompatible|because it requires",
)
_NEAR = 3
"""Lines between a failure and what it is about, at most."""

_REPORTED = re.compile(r"__archspec=\d[\d.]{0,9}=[\w.-]+")
"""How `conda info` and others print what they have: that is no complaint."""

_HIDDEN = re.compile(r"not available for the current (?:system )?platform")
_HIDES = re.compile(r"Conda could not find a compatible set of packages")
_PACKAGE = re.compile(
    r"(_(?:x86_64|ppc64le)-microarch-level)[- =]{1,2}(\d{1,3})[- =]{1,2}(\d{1,3}_\w{1,60})"
)
_NEEDED_BY = re.compile(r"needed by ([\w.+-]{1,200})")
_REQUIRES = re.compile(
    r"([\w.+-]{1,100}) (\d[\w.!+]{0,60})(?: ([\w.]{1,60}))?,? (?:would require|is not installable|"
    r"which requires|because it requires|requires)\b"
)
_HEADERS = re.compile(
    r"Could not solve for environment specs|Encountered problems while solving|"
    r"Cannot solve the request because of|failed to solve the|\b\w{0,40}UnsatisfiableError:|"
    r"PackagesNotFound\w{0,40}:|ResolvePackageNotFound:"
)
"""How clients begin to say that a solve failed; the same beginning again is another command's."""

_COMMAND = re.compile(
    r"^\s{0,8}[$%>+#]\s{1,4}(?:\S{0,200}/)?(?:conda|mamba|micromamba|pixi)\s|"
    r"Collecting package metadata"
)
"""How a command begins: behind a prompt, or by what conda says first."""
_ASKED = re.compile(
    r"__archspec\b(?:\s*=*\s*\d[\d.*]{0,9})?[\s=\[]{0,9}(?:build=)?[\"']?(\^?[\w|(.$-]{2,2000})"
)
_OFFERED = re.compile(r"(?:feature:|@)\S{0,60}::__archspec=+[\d.]{1,9}=([\w.-]{1,60})")
_NAME = re.compile(r"[A-Za-z]\w{1,40}")
_CLIENTS = (
    (
        "conda",
        re.compile(
            r"conda\.exceptions|conda_libmamba_solver|UnsatisfiableError|PackagesNotFound|"
            r"Collecting package metadata"
        ),
    ),
    ("libmamba", re.compile(r"\blibmamba\b|\"solver_problems\"")),
    ("rattler", re.compile(r"no candidates were found|rattler")),
)
"""conda first: what its libmamba and rattler solvers print is conda's view of the CPU."""


def clues(text: str) -> tuple[Clue, ...]:
    """All problems in a log, in its order; each scenario once, walls of level packages by solve."""
    found: dict[str, Clue] = {}
    lines = [line[:MAX_LINE] for line in clean(text).splitlines()[:MAX_LINES]]
    for number, line in enumerate(lines, start=1):
        for scenario, search in _SEARCHES:
            if scenario not in found and search(line):
                found[scenario] = _of_sign(lines, number, scenario)
    every = [*found.values(), *_walls(lines)]
    return tuple(sorted(every, key=lambda clue: clue.line))


_SEARCHES = tuple((sign.scenario, re.compile(sign.pattern).search) for sign in SIGNS)


def _of_sign(lines: list[str], number: int, scenario: str) -> Clue:
    """One line that only one problem prints, with what it and its neighbours name."""
    line = _short(lines[number - 1])
    if scenario == crashes.UNMARKED:
        return Clue(number, line, scenario, culprit=crashes.culprit(lines, number))
    package, build = _asking(lines, number)
    return Clue(number, line, scenario, package, build)


def _asking(lines: list[str], number: int) -> tuple[str | None, str | None]:
    """The package and build for which something is missing: on the line itself, or just above."""
    line = lines[number - 1]
    named = _NEEDED_BY.search(line)
    if named is not None:
        parts = named[1].rsplit("-", 2)
        if len(parts) == 3 and parts[1][:1].isdigit():
            return f"{parts[0]} {parts[1]}", parts[2]
        return named[1], None
    if "missing on the system" in line or "no candidates" in line:
        for above in reversed(lines[max(0, number - 1 - _NEAR) : number]):
            found = _REQUIRES.search(above)
            if found is not None:
                return f"{found[1]} {found[2]}", found[3]
    return None, None


def _walls(lines: list[str]) -> list[Clue]:
    """Level packages that could not be installed: one clue per solve that failed for them."""
    found = [wall for start, end in _solves(lines) if (wall := _wall(lines, start, end))]
    if len(found) > 1:
        return found
    wall = _wall(lines, 0, len(lines))
    return [wall] if wall else []


def _solves(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Stretches of a log that belong to one solve each; JSON, which repeats itself, is not cut."""
    start = 0
    seen: set[str] = set()
    for at, line in enumerate(lines):
        header = None if line.lstrip().startswith('"') else _HEADERS.search(line)
        if (header is not None and header[0] in seen) or (seen and _COMMAND.search(line)):
            yield start, at
            start = at
            seen = set()
        if header is not None:
            seen.add(header[0])
    yield start, len(lines)


def _wall(every: list[str], start: int, end: int) -> Clue | None:
    """Level packages that could not be installed, told from the lines around the failure."""
    lines = list(enumerate(every[start:end], start=start + 1))
    whole = "\n".join(line for _, line in lines)
    failed = [n for n, line in lines if _FAILED.search(line)]
    spoken = [(n, line) for n, line in lines if _WALL.search(_REPORTED.sub("", line))]
    about = [(n, line) for n, line in spoken if _is_close(failed, n)]
    if not about and _HIDES.search(whole):
        about = [(n, line) for n, line in lines if _HIDDEN.search(line)]
    if not about:
        return None
    offered = _OFFERED.search(whole)
    package, build = _concerned(spoken)
    number, line = next(((n, s) for n, s in about if _FAILED.search(s)), about[0])
    return Clue(
        number,
        _short(line),
        package=package,
        build=build,
        names=tuple(dict.fromkeys(_names(line for _, line in spoken))),
        offered=offered[1] if offered else None,
        client=_client(whole) or _client("\n".join(every)),
        regex="^(" in whole,
    )


def _concerned(spoken: list[tuple[int, str]]) -> tuple[str | None, str | None]:
    """The level package that lines speak of, and its build, where they speak of one only."""
    found = {match.groups() for _, line in spoken for match in _PACKAGE.finditer(line)}
    packages = {f"{name} {version}" for name, version, _ in found}
    builds = {build for _, _, build in found}
    return (
        packages.pop() if len(packages) == 1 else None,
        builds.pop() if len(builds) == 1 else None,
    )


def _client(text: str) -> str | None:
    return next((name for name, sign in _CLIENTS if sign.search(text)), None)


def _is_close(failed: list[int], to: int) -> bool:
    """Whether one of some lines, in ascending order, is near another."""
    at = bisect.bisect_left(failed, to)
    return any(abs(number - to) <= _NEAR for number in failed[max(0, at - 1) : at + 1])


def _names(lines: "Iterator[str] | list[str]") -> Iterator[str]:
    """The CPU names that level builds asked for, without those of regular expressions."""
    for line in lines:
        asked = _OFFERED.sub("", line)
        for match in _ASKED.finditer(asked):
            for alternative in match[1].split("|"):
                if "^" in match[1] and not alternative.isidentifier():
                    continue
                for name in _NAME.findall(alternative):
                    if level_number(name) is not None:
                        yield name


def _short(line: str) -> str:
    text = " ".join(line.split())
    return text if len(text) <= 300 else f"{text[:300]}..."
