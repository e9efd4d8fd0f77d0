"""Why a requirement can or cannot be installed: candidates, what each asks for, what is offered."""

from doctor import channel
from doctor.levels import NEWEST, level_number
from doctor.model import Attempt, Basis, Client
from doctor.requirements import Requirement, parsed


def outcome(client: Client, requirement: str) -> tuple[bool | None, str, Basis | None]:
    """Whether a client installs a requirement as things are, what it takes, on the best basis."""
    tried = [a for a in client.attempts if a.requirement == requirement and a.override is None]
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
    requirement = parsed(attempt.requirement)
    name = requirement.name if requirement else attempt.requirement
    chosen = {package: (version, build) for package, version, build in attempt.chosen or ()}
    level = next((v for n, (v, _) in chosen.items() if n.endswith("-microarch-level")), None)
    if name.endswith("-microarch-level"):
        return f"level {level}" if level else "nothing"
    version, _build = chosen.get(name, ("?", ""))
    return f"{version}, level {level}" if level else f"{version}, no level"


def why(client: Client, requirement: str) -> list[str]:
    """What this client offers and why that is not enough, what was tried, the candidates."""
    tried = [a for a in client.attempts if a.requirement == requirement]
    tried.sort(key=lambda attempt: attempt.override is not None)
    wanted = parsed(requirement)
    if wanted is None:
        return [f"{requirement!r} is not a requirement that can be read."]
    refused = outcome(client, requirement)[0] is False
    return [
        *_offer(client, wanted, refused),
        *(_sentence(client, attempt) for attempt in tried),
        *_candidates(wanted),
    ]


def _offer(client: Client, wanted: Requirement, refused: bool) -> list[str]:
    known, name = offered(client)
    if not known:
        return [f"What {client.title} offers is unknown"]
    lines = [f"{client.title} offers {name}" if name else f"{client.title} offers no __archspec"]
    reason = because(name, wanted) if refused else None
    return [*lines, reason] if reason else lines


def offered(client: Client) -> tuple[bool, str | None]:
    """Whether it is known, and the build of `__archspec` that this client's solver has."""
    prediction, answer = client.prediction, client.reported
    if prediction is not None and prediction.solves_with is not None:
        return True, prediction.solves_with.build
    if answer is not None and answer.virtual_packages is not None:
        return True, answer.archspec
    if prediction is None or prediction.failure or "__archspec" in prediction.unknown:
        return False, None
    return True, prediction.archspec


def because(name: str | None, wanted: Requirement) -> str | None:
    """In one sentence why level packages cannot be installed where `name` is offered."""
    level = level_number(name) if name else None
    levels = wanted.levels or tuple(sorted(_needed(wanted)))
    if name is None:
        return "Every level build asks for __archspec."
    if level is None:
        spelt = name.replace("-", "_")
        hint = f" They are spelt {spelt}." if level_number(spelt) else ""
        return f"No level build that was published accepts the name {name}.{hint}"
    if not levels or level in levels:
        return None
    if level < min(levels):
        return f"{name} is of level {level}, and level {min(levels)} or higher is asked for."
    return (
        f"{name} is of level {level}; builds of lower levels accept only names of their own level, "
        "but for solvers that match regular expressions."
    )


def _needed(wanted: Requirement) -> set[int]:
    """Levels that the builds of an example package ask for."""
    asked = (parsed(d) for p in channel.packages() if p.name == wanted.name for d in p.depends)
    return {level for requirement in asked if requirement for level in requirement.levels}


def _sentence(client: Client, attempt: Attempt) -> str:
    who = client.title if attempt.basis is Basis.PROVEN else f"The rule for {client.title}"
    solver = (
        f" with its {attempt.way} solver" if attempt.way not in ("unknown", client.kind) else ""
    )
    if attempt.override is not None:
        value = attempt.override
        solver += f", with CONDA_OVERRIDE_ARCHSPEC{f'={value}' if value else ' unset'},"
    if attempt.chosen is not None:
        builds = ", ".join(f"{n} {v} {b}" for n, v, b in attempt.chosen) or "nothing new"
        return f"{attempt.basis.value}: {who}{solver} takes {builds}"
    if attempt.refusal is not None:
        return f"{attempt.basis.value}: {who}{solver} refuses: {attempt.refusal.splitlines()[0]}"
    return f"unknown: {who}{solver} {attempt.trouble}"


def _candidates(wanted: Requirement) -> list[str]:
    """The builds that could satisfy it, by the name that they ask for."""
    known = [p for p in channel.packages() if p.name == wanted.name]
    if not known:
        return [
            f"The reproduction channel has no {wanted.name}: it holds level packages and examples."
        ]
    if wanted.family is None:
        needs = sorted({d for package in known for d in package.depends})
        return [f"Candidates of {wanted.name} depend on {', '.join(needs) or 'nothing'}"]
    return _level_candidates(wanted)


def _level_candidates(wanted: Requirement) -> list[str]:
    lines = [
        f"Level {level}: one build for each of {' '.join(names)}; and, for solvers that "
        f"match regular expressions, one for all of level {level} and higher"
        for level, names in NEWEST.names(wanted.family or "x86_64").items()
        if level in wanted.levels
    ]
    return lines or [f"No build has a version that fits {wanted.text}"]
