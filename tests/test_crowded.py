"""Every room and page on machines that crowd it, at three sizes: nothing breaks, nothing is cut."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from doctor.examine import LIMIT
from doctor.host.recorded import RecordedHost
from doctor.session import Session
from doctor.tui.app import DoctorApp
from doctor.tui.lists import Rows
from tests import crowds, reading, scenes

SIZES = [(60, 20), (80, 24), (200, 60)]
TEXTS = ("long", "scripts", "controls")
MANY = ("thousand", "crowd")


def host(kind: str) -> scenes.Scene | RecordedHost:
    """A live machine, as only that can be changed; a recording where reading it takes long."""
    return crowds.host(kind) if kind in MANY else crowds.KINDS[kind]()


@asynccontextmanager
async def running(kind: str, size: tuple[int, int]) -> AsyncIterator[tuple[DoctorApp, Pilot[int]]]:
    """The app on such a machine, once everything is examined."""
    app = DoctorApp(Session(host(kind), LIMIT), LIMIT)
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
