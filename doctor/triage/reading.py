"""The text of a log -> clues: what any client printed, in text or JSON."""

import bisect
import re
from collections.abc import Iterator

from doctor.clean import clean
from doctor.levels import level_number
from doctor.model import Clue
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
_PACKAGE = re.compile(r"(_(?:x86_64|ppc64le)-microarch-level)-(\d{1,3})-(\d{1,3}_\w{1,60})")
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
    """All problems in a log, in its order; each scenario once, and one wall of level packages."""
    found: dict[str, Clue] = {}
    lines = [line[:MAX_LINE] for line in clean(text).splitlines()[:MAX_LINES]]
    for number, line in enumerate(lines, start=1):
        for sign in SIGNS:
            if sign.scenario not in found and re.search(sign.pattern, line):
                found[sign.scenario] = Clue(number, _short(line), sign.scenario)
    wall = _wall(lines)
    every = [*found.values(), *([wall] if wall else [])]
    return tuple(sorted(every, key=lambda clue: clue.line))


def _wall(lines: list[str]) -> Clue | None:
    """Level packages that could not be installed, told from the lines around the failure."""
    whole = "\n".join(lines)
    failed = [n for n, line in enumerate(lines, start=1) if _FAILED.search(line)]
    spoken = [
        (n, line) for n, line in enumerate(lines, start=1) if _WALL.search(_REPORTED.sub("", line))
    ]
    about = [(n, line) for n, line in spoken if _is_close(failed, n)]
    if not about and _HIDES.search(whole):
        about = [(n, s) for n, s in enumerate(lines, start=1) if _HIDDEN.search(s)]
    if not about:
        return None
    offered = _OFFERED.search(whole)
    packages = {match.groups() for _, line in spoken for match in _PACKAGE.finditer(line)}
    package = packages.pop() if len(packages) == 1 else None
    number, line = next(((n, s) for n, s in about if _FAILED.search(s)), about[0])
    return Clue(
        number,
        _short(line),
        package=f"{package[0]} {package[1]}" if package else None,
        build=package[2] if package else None,
        names=tuple(dict.fromkeys(_names(line for _, line in spoken))),
        offered=offered[1] if offered else None,
        client=next((name for name, sign in _CLIENTS if sign.search(whole)), None),
        regex="^(" in whole,
    )


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
