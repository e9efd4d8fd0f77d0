"""The rooms: each says what its verb prints, and a search finds what else the app shows in it."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from doctor.linear.state import Reply, State, reply, room
from doctor.linear.talking import Talk
from doctor.model import Client
from doctor.report import comparison, environments, features, projects, text
from doctor.report.transcripts import transcript


def overview(talk: Talk, state: State, typed: str) -> Reply:
    """The sentence, a line for each finding, the CPU, a line for each client."""
    state = replace(state, listed=state.report.findings)
    return room(state, text.plain_overview(state.report))


def report(talk: Talk, state: State, typed: str) -> Reply:
    """All of it, as `envdoctor check` prints it."""
    return room(state, text.plain(state.report))


def machine(talk: Talk, state: State, typed: str) -> Reply:
    """The CPU, or what the features are that a word was typed of."""
    found = state.report.machine
    about = tuple(features.plain(found))
    said = tuple(text.plain_machine(found))
    page = (*said, *(line for feature in about for line in ("", feature)))
    if not typed:
        return room(state, said, page)
    lines = [line for line in about if typed.lower() in line.lower()]
    return room(state, lines or [f"No feature has {typed!r} in it."], page)


def clients(talk: Talk, state: State, typed: str) -> Reply:
    """All clients, or all about those that a word names, with what they printed."""
    rows = state.report.clients
    page = tuple(line for client in rows for line in (*_story(client), ""))
    if not typed:
        return room(state, text.plain_clients(rows), page)
    found = [client for client in rows if _is_named(client, typed.lower())]
    if not found:
        known = ", ".join(client.id for client in rows)
        return reply(state, f"No client is called {typed!r}; known are {known or 'none'}.")
    return room(state, [line for client in found for line in (*_story(client), "")][:-1], page)


def _is_named(client: Client, word: str) -> bool:
    return word in (client.id, client.kind, client.path.lower()) or word in client.title.lower()


def _story(client: Client) -> Iterator[str]:
    yield from list(text.plain_clients((client,)))[2:]
    if client.prediction is not None:
        yield f"Override: {client.prediction.era.override}"
        if client.prediction.decided_by:
            yield f"Decided by: {client.prediction.decided_by}"
    answer = client.reported
    if answer is not None and answer.transcript is not None:
        yield "What it printed:"
        yield from transcript(answer.transcript)


def envs(talk: Talk, state: State, typed: str) -> Reply:
    """Every environment, worst first, then what clients keep of channels."""
    return room(state, environments.plain(state.report))


def project(talk: Talk, state: State, typed: str) -> Reply:
    """Every line that is tied to a CPU, or where it was looked for one."""
    found = state.report.project
    where = () if found is not None and found.lines else ("", *projects.where(state.report))
    return room(state, (*projects.lines(state.report), *where))


def compare(talk: Talk, state: State, typed: str) -> Reply:
    """The machine beside those of some files."""
    if not typed:
        return reply(state, "Type m and names of bundles, recordings, `check --json` reports, "
                            "or a folder of them.")  # fmt: skip
    talk.say("Reading the files.")
    found, trouble = talk.session.compare(state.report, typed)
    if found is None:
        return reply(state, f"Not compared: {trouble}.")
    return room(state, comparison.plain(found))


def search(talk: Talk, state: State, typed: str) -> Reply:
    """What of the last room has a word in it, each under the heading that it stands under."""
    if not state.page:
        return reply(state, "Type 1 to 6, k or m first: the search goes through what that says.")
    if not typed:
        return reply(state, "Type / and a word.")
    found = tuple(matching(state.page, typed))
    return Reply(state, found or (f"Nothing in the last room has {typed!r} in it.",))


def matching(lines: Iterable[str], wanted: str) -> Iterator[str]:
    """Paragraphs whose heading has the word, and of others the heading with the lines that do."""
    said = False
    for heading, *others in _paragraphs(lines):
        hits = [line for line in others if wanted.lower() in line.lower()]
        if wanted.lower() in heading.lower():
            hits = others
        elif not hits:
            continue
        if said:
            yield ""
        yield from (heading, *hits)
        said = True


def _paragraphs(lines: Iterable[str]) -> Iterator[list[str]]:
    whole: list[str] = []
    for line in (*lines, ""):
        if line:
            whole.append(line)
        elif whole:
            yield whole
            whole = []
