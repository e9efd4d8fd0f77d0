"""Everything that the command palette offers: rooms, verbs, findings, clients, known problems."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from doctor.tui.messages import OpenFinding, OpenPage
from doctor.tui.title import ROOMS

if TYPE_CHECKING:
    from doctor.tui.opening import Opening


class Command(Struct, frozen=True):
    """What it is, what it does, and the doing."""

    title: str
    help: str
    run: Callable[[], object]


VERBS = {
    "check": ("rerun", "examine everything again"),
    "machine": ("switch_mode('machine')", "CPU features by level"),
    "level": ("switch_mode('machine')", "the one word for scripts; this room shows it"),
    "clients": ("switch_mode('clients')", "every client and what it reports"),
    "predict": ("verb('predict')", "what other versions would report"),
    "explain": ("switch_mode('packages')", "which client installs a requirement"),
    "envs": ("switch_mode('environments')", "the level that each environment needs"),
    "project": ("switch_mode('project')", "CPU-pinned lines of files in this folder"),
    "triage": ("triage", "which known problem a log shows"),
    "fix": ("guide", "what to do about it, step by step"),
    "bundle": ("bundle", "a file for somebody else, without names and secrets"),
    "open": ("verb('open')", "a bundle of somebody else, in this app"),
    "compare": ("compare", "beside other machines"),
    "completion": ("verb('completion')", "verbs and options in your shell"),
}
"""Verbs of the command line: the app's action that does the same, and what it does."""

IN_A_SHELL = {
    "predict": (
        "envdoctor predict conda=26.7.1 mamba=2.8.1",
        "What those versions would report and accept on this CPU; --cpuinfo FILE asks about "
        "another one.",
    ),
    "open": (
        "envdoctor open FILE.zip",
        "The same rooms on the bundle of another machine. It is parsed, never executed.",
    ),
    "completion": (
        "envdoctor completion bash",
        "Prints a script for your shell: verbs, options and known problems at the Tab key.",
    ),
}
"""Verbs that have no room: what to type, and what it does."""

PAGES = {
    "Known problems": ("catalogue", "cause, signs and remedies of each"),
    "Words": ("words", "level, override and the other words that one meets"),
    "Settings": ("settings", "colours, ASCII, mouse, time limit, muted findings"),
    "Help": ("help", "keys of the room that is shown"),
    "Quit": ("quit", "leave, ending every child at once"),
}


def commands(app: "Opening") -> Iterator[Command]:
    """All commands, those that are wanted most first."""
    for room in ROOMS:
        yield Command(f"Room {room.title()}", "", _action(app, f"switch_mode('{room}')"))
    for title, (action, said) in PAGES.items():
        yield Command(title, said, _action(app, action))
    for finding in app.state.findings:
        yield Command(f"Finding {finding.id}", finding.title, _post(app, OpenFinding(finding)))
    for client in app.state.clients or ():
        yield Command(f"Client {client.title}", client.path, _client(app, client.id))
    for verb, (action, said) in VERBS.items():
        yield Command(f"Verb {verb}", said, _action(app, action))
    for page in app.pages():
        yield Command(f"Problem {page.id}", page.symptom, _post(app, OpenPage(page.id)))


def _action(app: "Opening", action: str) -> Callable[[], object]:
    return lambda: app.call_later(app.run_action, action)


def _post(app: "Opening", message: OpenFinding | OpenPage) -> Callable[[], object]:
    return lambda: app.post_message(message)


def _client(app: "Opening", client: str) -> Callable[[], object]:
    return lambda: app.call_later(app.go_to_client, client)
