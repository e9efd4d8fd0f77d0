"""Every room and page on machines that crowd it, at three sizes: nothing breaks, nothing is cut."""

import shlex
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from doctor.examine import LIMIT
from doctor.fix.steps import literal
from doctor.host.recorded import RecordedHost
from doctor.model import Finding
from doctor.report import environments, projects
from doctor.session import Session
from doctor.settings import Kept, Settings
from doctor.tui.app import DoctorApp
from doctor.tui.rows import Rows
from doctor.tui.screens.confirm import ConfirmScreen
from doctor.tui.screens.finding import FindingScreen
from doctor.tui.screens.guide import GuideScreen
from tests import crowds, fleets, reading, scenes

SIZES = [(60, 20), (80, 24), (200, 60)]
TEXTS = ("long", "scripts", "controls")
MANY = ("thousand", "crowd")


def host(kind: str) -> scenes.Scene | RecordedHost:
    """A live machine, as only that can be changed; a recording where reading it takes long."""
    return crowds.host(kind) if kind in MANY else crowds.KINDS[kind]()


@asynccontextmanager
async def running(kind: str, size: tuple[int, int]) -> AsyncIterator[tuple[DoctorApp, Pilot[int]]]:
    """The app on such a machine, once everything is examined; it moves without a way between."""
    app = DoctorApp(Session(host(kind), LIMIT), LIMIT, Kept(settings=Settings(animations="no")))
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        yield app, pilot


async def settled(app: DoctorApp, pilot: Pilot[int]) -> None:
    """Nothing is examined, tried or put together any more, and all of it is drawn."""
    for _ in range(200):
        await app.workers.wait_for_complete()
        await pilot.pause()
        state = app.state
        waiting = set(state.requirements) - set(state.tried)
        if state.report is not None and not (waiting or state.trying or state.checking):
            break
    await pilot.pause()


async def press(app: DoctorApp, pilot: Pilot[int], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(app, pilot)


ROOMS = {
    "overview": ("1",),
    "machine": ("2",),
    "clients": ("3",),
    "packages": ("4",),
    "environments": ("5",),
    "project": ("6",),
    "problems": ("1", "k"),
    "page": ("1", "k", "enter"),
    "start": ("1", "g"),
    "guide": ("1", "g", "enter"),
    "finding": ("1", "enter"),
    "bundle": ("1", "b"),
    "text": ("1", "b", "down", "enter"),
    "triage": ("1", "t"),
    "compare": ("1", "m"),
    "help": ("1", "question_mark"),
    "words": ("1", "w"),
    "everything": ("1", "ctrl+p"),
}
"""Room or page, and the keys that lead there from any room."""

MOVES = ("down", "pagedown", "end")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", crowds.KINDS)
async def test_every_room_is_opened_moved_about_in_and_searched(
    kind: str, size: tuple[int, int]
) -> None:
    async with running(kind, size) as (app, pilot):
        for name, keys in ROOMS.items():
            await press(app, pilot, *keys)
            whole(app, name)
            for key in MOVES:
                await pilot.press(key)
            whole(app, name)
            if not isinstance(app.focused, Input | TextArea):
                await pilot.press("slash", "e")
                await pilot.pause()
                whole(app, name)
            while len(app.screen_stack) > 1 or app.screen.check_action("back", ()):
                await pilot.press("escape")


def whole(app: DoctorApp, name: str) -> None:
    """Nothing is cut, nothing unsafe is on the screen, columns stand in line."""
    lines = reading.shown(app)
    assert len(lines) == app.size.height, name
    assert reading.unsafe("".join(lines)) == set(), name
    assert reading.cut_off(app.screen) == [], name
    for table in app.screen.query(Rows):
        assert reading.misplaced(table) == [], name


# --- every command can be read whole ----------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", ("one", *TEXTS))
async def test_every_command_of_every_kind_of_finding_can_be_read(
    kind: str, size: tuple[int, int]
) -> None:
    async with running(kind, size) as (app, pilot):
        place = 0
        for number, finding in firsts(app.state.findings):
            await pilot.press(*["down"] * (number - place), "enter")
            place = number
            assert isinstance(app.screen, FindingScreen)
            assert reading.missing(app.screen, *said(finding)) == []
            await press(app, pilot, "g")
            await in_the_guide(app, pilot)
            await pilot.press("escape", "escape")


def firsts(findings: tuple[Finding, ...]) -> Iterator[tuple[int, Finding]]:
    """The first finding of each check, and the longest text of all."""
    seen = set()
    longest = max(findings, key=lambda finding: len(str(finding.remedies)))
    for number, finding in enumerate(findings):
        if finding.check not in seen or finding is longest:
            seen.add(finding.check)
            yield number, finding


def said(finding: Finding) -> Iterator[str]:
    yield from (finding.title, finding.consequence)
    yield from (evidence.text for evidence in finding.evidence)
    yield from (evidence.source for evidence in finding.evidence)
    yield from (remedy.command for remedy in finding.remedies if remedy.command)
    yield finding.link or ""


async def in_the_guide(app: DoctorApp, pilot: Pilot[int]) -> None:
    """Each way out with its steps, the question before it is done, and what can be copied."""
    guide = app.screen
    assert isinstance(guide, GuideScreen)
    (finding,) = [g.finding for g in app.state.guides.values() if g.finding.id == guide._finding]
    for remedy in finding.remedies:
        steps = [str(step) for step in remedy.steps]
        assert reading.missing(guide, *steps, remedy.undo, remedy.verify) == []
        whole(app, "guide")
        await pilot.press("y")
        assert reading.missing(app.screen, *steps) == []
        await pilot.press("escape", "x")
        await pilot.pause()
        if isinstance(app.screen, ConfirmScreen):
            assert reading.missing(app.screen, *map(str, literal(remedy)), remedy.undo) == []
            whole(app, "confirm")
            await pilot.press("escape")
        await pilot.press("down")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", TEXTS)
async def test_what_clients_printed_and_what_to_change_can_be_read(
    kind: str, size: tuple[int, int]
) -> None:
    async with running(kind, size) as (app, pilot):
        report = app.state.report
        assert report is not None
        await pilot.press("3")
        for client in report.clients:
            answer = client.reported
            assert answer is not None
            printed = answer.transcript.stdout if answer.transcript else ""
            assert reading.missing(app.screen, client.path, *printed.splitlines()) == []
            await pilot.press("down")
        await pilot.press("5")
        for environment in environments.ordered(report):
            about = environments.findings(report, environment)
            commands = [r.command or "" for finding in about for r in finding.remedies]
            assert reading.missing(app.screen, environment.path, *commands) == []
            await pilot.press("down")
        await pilot.press("6")
        for line, _ in projects.ordered(report):
            assert reading.missing(app.screen, line.text, line.corrected or "") == []
            await pilot.press("down")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_machines_with_long_names_are_compared(size: tuple[int, int], tmp_path: Path) -> None:
    names = (f"{crowds.WIDE}-{'x' * 120}", "y" * 180, f"{crowds.RIGHT_TO_LEFT} z")
    kinds = (fleets.v2, fleets.unreadable, scenes.cluster)
    files = [
        fleets.save(tmp_path, f"{name}.zip", fleets.bundle(kind))
        for name, kind in zip(names, kinds, strict=True)
    ]
    async with running("one", size) as (app, pilot):
        await pilot.press("m")
        app.screen.query_one("#ask", Input).value = shlex.join(files)
        await press(app, pilot, "enter")
        assert app.screen.query_one(Rows).row_count > 5
        for _ in range(8):
            whole(app, "compare")
            await pilot.press("down")
