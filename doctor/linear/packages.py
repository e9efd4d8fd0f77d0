"""Packages: what each client does with a requirement, tried in dry runs, and why."""

from msgspec.structs import replace

from doctor.linear.state import Reply, State, reply, room
from doctor.linear.talking import Talk
from doctor.report import matrix
from doctor.requirements import NotARequirement, parse


def packages(talk: Talk, state: State, typed: str) -> Reply:
    """The usual shapes in short, or one requirement with the reasons."""
    if not typed:
        return _usual(talk, state)
    try:
        wanted = requirement(typed)
    except NotARequirement as error:
        return reply(state, f"{typed!r} is not a requirement: {error}.")
    state = tried(talk, state, (wanted,))
    lines = list(matrix.plain(state.tried[wanted], (wanted,)))
    return room(state, lines[:-1])


def _usual(talk: Talk, state: State) -> Reply:
    usual = tuple(matrix.SHAPES)
    state = tried(talk, state, usual)
    lines: list[str] = []
    page: list[str] = []
    for wanted in usual:
        report = state.tried[wanted]
        lines += [*matrix.plain_outcomes(report, (wanted,)), ""]
        page += matrix.plain(report, (wanted,))
    return room(state, (*lines, "4 and a requirement: why each client does that."), page)


def requirement(typed: str) -> str:
    """A requirement as it will be tried.

    Raises NotARequirement.
    """
    return parse(typed).plain


def tried(talk: Talk, state: State, wanted: tuple[str, ...]) -> State:
    """The state in which every client has tried these; what was tried before is not again."""
    new = tuple(one for one in wanted if one not in state.tried)
    if not new:
        return state
    what = new[0] if len(new) == 1 else f"{len(new)} requirements"
    talk.say(f"Every client tries {what} in a scratch folder; nothing is installed.")
    report = talk.session.explain(state.report, new)
    return replace(state, tried={**state.tried, **dict.fromkeys(new, report)})
