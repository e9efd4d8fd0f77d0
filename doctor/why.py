"""Why a requirement can or cannot be installed: candidates, what each asks for, what is offered."""

import re

from doctor import channel
from doctor.levels import NEWEST
from doctor.model import Attempt, Basis, Client

_SPEC = re.compile(r"([\w.-]+?)\s*(?:(==|>=|<=|=|>|<)\s*(\d+)(?:\.\*|\*)?)?")


def outcome(client: Client, requirement: str) -> tuple[bool | None, str, Basis | None]:
    """Whether a client installs a requirement, what it takes, on the best basis there is."""
    tried = [a for a in client.attempts if a.requirement == requirement]
    for basis in (Basis.PROVEN, Basis.PREDICTED):
        for attempt in tried:
            if attempt.basis is basis and attempt.installs is not None:
                return attempt.installs, taken(attempt), basis
    return None, "unknown", None


def taken(attempt: Attempt) -> str:
    """What an attempt came to, in a word or two."""
    if attempt.installs is None:
        return "unknown"
    if not attempt.installs:
        return "refused"
    name = _name(attempt.requirement)
    chosen = {package: (version, build) for package, version, build in attempt.chosen or ()}
    level = next((v for n, (v, _) in chosen.items() if n.endswith("-microarch-level")), None)
    if name.endswith("-microarch-level"):
        return f"level {level}" if level else "nothing"
    version, _build = chosen.get(name, ("?", ""))
    return f"{version}, level {level}" if level else f"{version}, no level"


def _name(requirement: str) -> str:
    match = _SPEC.fullmatch(requirement.strip())
    return match[1] if match else requirement


def why(client: Client, requirement: str) -> list[str]:
    """Which builds were candidates, which name each asks for, what this client offers."""
    lines = []
    for attempt in (a for a in client.attempts if a.requirement == requirement):
        lines.append(_sentence(client, attempt))
    lines += _candidates(client, requirement)
    return lines


def _sentence(client: Client, attempt: Attempt) -> str:
    who = client.title if attempt.basis is Basis.PROVEN else f"The rule for {client.title}"
    solver = (
        f" with its {attempt.way} solver" if attempt.way not in ("unknown", client.kind) else ""
    )
    if attempt.chosen is not None:
        builds = ", ".join(f"{n} {v} {b}" for n, v, b in attempt.chosen) or "nothing new"
        return f"{attempt.basis.value}: {who}{solver} takes {builds}"
    if attempt.refusal is not None:
        return f"{attempt.basis.value}: {who}{solver} refuses: {attempt.refusal.splitlines()[0]}"
    return f"{attempt.basis.value}: {who}{solver} {attempt.trouble}"


def _candidates(client: Client, requirement: str) -> list[str]:
    """The builds that could satisfy it, by the name that they ask for."""
    match = _SPEC.fullmatch(requirement.strip())
    if match is None:
        return []
    known = [p for p in channel.packages() if p.name == match[1]]
    if not known:
        return [
            f"The reproduction channel has no {match[1]}: it holds level packages and examples."
        ]
    offered = client.reported or client.prediction
    name = offered.archspec if offered is not None else None
    lines = [f"{client.title} offers {name}" if name else f"{client.title} offers no __archspec"]
    if not match[1].endswith("-microarch-level"):
        needs = dict.fromkeys(" ".join(p.depends) or "nothing of the CPU" for p in known)
        return [*lines, f"Builds of {match[1]} need: {'; '.join(needs)}"]
    return [*lines, *_level_candidates(match)]


def _level_candidates(match: re.Match[str]) -> list[str]:
    family = "ppc64le" if "ppc64le" in match[1] else "x86_64"
    lines = []
    for level, names in NEWEST.names(family).items():
        if _wanted(level, match[2], match[3]):
            lines.append(
                f"Level {level}: one build for each of {' '.join(names)}; and, for solvers that "
                f"match regular expressions, one for all of level {level} and higher"
            )
    return lines or [f"No build has a version that fits {match[0]}"]


def _wanted(level: int, operator: str | None, number: str | None) -> bool:
    if operator is None or number is None:
        return True
    wanted = int(number)
    fits = {
        "=": level == wanted, "==": level == wanted, ">=": level >= wanted, "<=": level <= wanted,
        ">": level > wanted, "<": level < wanted,
    }  # fmt: skip
    return fits[operator]
