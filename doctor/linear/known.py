"""Known problems: their pages, and the log of a failure that may show one."""

from msgspec.structs import replace

from doctor.linear.guide import try_again
from doctor.linear.state import Reply, State, reply, room
from doctor.linear.talking import Talk
from doctor.report import catalogue, text

MAX_LOG = 8 * 2**20
"""Most characters of a log that are kept."""

END = "."


def problems(talk: Talk, state: State, typed: str) -> Reply:
    """All known problems by what they are about, those that a word is in, or the page of one."""
    pages = talk.session.pages()
    if not typed:
        hint = "k and a word: those with it. k and an id: all about that problem."
        return room(state, (*catalogue.plain(pages), "", hint))
    page = next((page for page in pages if page.id == typed.lower()), None)
    if page is not None:
        return room(state, catalogue.whole((page,)))
    found = [p for p in pages if typed.lower() in "\n".join(catalogue.whole((p,))).lower()]
    if not found:
        return reply(state, f"No known problem has {typed!r} in it.")
    return room(state, catalogue.plain(found))


def log_or_trial(talk: Talk, state: State, typed: str) -> Reply:
    """With an option of the guide a trial, as `t` is in the app's guide; alone a log."""
    if typed and state.guided is None:
        return reply(state, "t alone reads a log that is pasted. In a guide, which g begins, t and "
                            "a number tries an option.")  # fmt: skip
    return try_again(talk, state, typed) if typed else _log(talk, state)


def _log(talk: Talk, state: State) -> Reply:
    """Reads what is pasted, and says which known problems it shows."""
    talk.say("Paste the log. A line with a single dot ends it.")
    lines: list[str] = []
    size = 0
    while (line := talk.ask("")) is not None and line.strip() != END:
        size += len(line) + 1
        if size <= MAX_LOG:
            lines.append(line)
    found, said = talk.session.triage(state.report, "\n".join(lines))
    if size > MAX_LOG:
        said = f"Only the first {MAX_LOG // 2**20} MiB were read. {said}"
    if not found:
        return reply(state, said)
    told = [line for finding in found for line in text.plain_finding(finding)]
    state = replace(state, listed=found, finding=found[0], guided=None)
    hint = "g: what to do about it. f and g with a number mean these now; 1 numbers the others."
    return room(state, (said, *told, "", hint))
