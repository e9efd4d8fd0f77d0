"""The guide in the app: from the first screen to the applied fix, by keys alone."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from doctor.examine import LIMIT
from doctor.explain import place
from doctor.host.live import LiveHost
from doctor.host.recorded import RecordedHost, Recording
from doctor.session import Session
from doctor.tui.app import DoctorApp
from doctor.tui.screens.guide import GuideScreen
from tests import replay, scenes
from tests.replayed import LEVEL, machine_of_2024
from tests.terminal import ENTER, ESCAPE, Terminal, to_the_question
from tests.test_app import shows, text

HYPHEN = "mamba-hyphen-archspec:micromamba"
SIZES = [(60, 20), (80, 24), (200, 60)]


# --- by keys, on staged machines -------------------------------------------------------------


async def settle(app: DoctorApp, pilot: Pilot[int]) -> None:
    """Until nothing is tried, done or examined any more."""
    await app.workers.wait_for_complete()
    await pilot.pause()
    while app.state.report is None or app.state.trying or app.state.doing or app.state.checking:
        await app.workers.wait_for_complete()
        await pilot.pause()
    while set(app.state.requirements) - set(app.state.tried):
        await app.workers.wait_for_complete()
        await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


def app_on(scene: scenes.Scene) -> DoctorApp:
    session = Session(scenes.recorded(scene), LIMIT, LiveHost({"@channel@": place}))
    return DoctorApp(session, LIMIT)


@asynccontextmanager
async def started() -> AsyncIterator[tuple[DoctorApp, Pilot[int]]]:
    """The app on the machine of the 2024 bug, once all is examined."""
    app = app_on(scenes.hyphen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        yield app, pilot


@asynccontextmanager
async def guided() -> AsyncIterator[tuple[DoctorApp, Pilot[int]]]:
    """The same in the guide of its worst finding, once all was tried."""
    async with started() as (app, pilot):
        await pilot.press("g", "enter")
        await settle(app, pilot)
        yield app, pilot


def words(app: DoctorApp) -> str:
    return " ".join(text(app).split())


def everything(app: DoctorApp) -> str:
    """All lines of the screen, those that are scrolled out of sight too."""
    return " ".join(" ".join(str(line.render()) for line in app.screen.query("Line")).split())


async def test_what_does_not_apply_stays_visible_with_the_reason() -> None:
    async with guided() as (app, pilot):
        assert "Name the level for one command not for you" in words(app)
        await pilot.press("down", "down")
        await pilot.pause()
        assert "Not for you: micromamba 1.5.8 ignores it." in everything(app)
        await pilot.press("x")
        await pilot.pause()
        assert isinstance(app.screen, GuideScreen)  # nobody was asked


async def test_a_recording_can_be_tried_and_not_changed() -> None:
    async with guided() as (app, pilot):
        assert "It works: predicted by rule, not proven." in everything(app)
        await pilot.press("x")
        await pilot.pause()
        assert isinstance(app.screen, GuideScreen)
        assert await shows(app, pilot, "recording of another machine:")


async def test_the_guide_is_left_and_resumed_with_its_memory() -> None:
    async with guided() as (app, pilot):
        known = app.state.guides[HYPHEN]
        assert len(known.tried) == 2
        await pilot.press("escape", "3")
        await pilot.pause()
        await pilot.press("1", "g", "enter")
        await settle(app, pilot)
        assert app.state.guides[HYPHEN] == known
        assert "[3 Try]" in words(app)


async def test_what_was_tried_is_asked_again_where_the_finding_changed() -> None:
    from msgspec.structs import replace

    async with guided() as (app, pilot):
        known = app.state.guides[HYPHEN]
        stale = tuple(replace(tried, unsafe="it was so once") for tried in known.tried)
        old = replace(known, finding=replace(known.finding, consequence="Another."), tried=stale)
        app.state = replace(app.state, guides={HYPHEN: old})
        await pilot.press("escape", "g", "enter")
        await settle(app, pilot)
        again = app.state.guides[HYPHEN]
        assert again.finding == known.finding
        assert [tried.unsafe for tried in again.tried] == ["", ""]


async def test_a_session_that_was_recorded_goes_on_where_it_was() -> None:
    """What was tried crosses to another machine with the recording."""
    from msgspec.structs import replace

    from doctor.host.recorded import decode, encode

    async with guided() as (app, pilot):
        guides = tuple(app.state.guides.values())
    recording: Recording = replace(scenes.recording(scenes.hyphen()), guides=guides)
    host = RecordedHost(decode(encode(recording)))
    other = DoctorApp(Session(host, LIMIT, LiveHost({"@channel@": place})), LIMIT)
    async with other.run_test(size=(80, 24)) as pilot:
        await settle(other, pilot)
        assert tuple(other.state.guides.values()) == guides


async def test_enter_says_why_and_the_command_can_be_copied() -> None:
    async with guided() as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "fixed in 1.5.10 and 2.0.0" in everything(app)
        await pilot.press("escape", "y")
        await pilot.pause()
        command = f"{scenes.HOME}/miniforge3/bin/conda create -n test {LEVEL}"
        assert command in everything(app)


async def test_a_typed_requirement_leads_to_a_guide() -> None:
    async with started() as (app, pilot):
        await pilot.press("g", "end", "up", "enter")
        await pilot.pause()
        await pilot.press(*"!!", "enter")
        await pilot.pause()
        assert "is not a requirement" in words(app)
        await pilot.press("backspace", "backspace", *"demo-needs4", "enter")
        await settle(app, pilot)
        assert isinstance(app.screen, GuideScreen)
        shown = words(app)
        assert "micromamba 1.5.8 cannot install demo-needs4, conda 26.7.1 can" in shown
        assert "conda create -n test demo-needs4" in everything(app)
        assert "tried: works" in shown


async def test_one_client_can_and_another_cannot_is_a_beginning() -> None:
    async with started() as (app, pilot):
        await pilot.press("g", "end", "up", "up", "enter")
        await pilot.pause()
        await pilot.press("enter")
        await settle(app, pilot)
        assert f"cannot install {LEVEL}, conda 26.7.1 can" in words(app)


async def test_the_packages_room_leads_to_the_guide_of_its_row() -> None:
    async with started() as (app, pilot):
        await pilot.press("4")
        await settle(app, pilot)
        await pilot.press("down", "g")
        await settle(app, pilot)
        assert isinstance(app.screen, GuideScreen)
        assert f"{LEVEL}>=3" in words(app)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [("g",), ("g", "enter"), ("g", "enter", "y")])
async def test_every_page_of_the_guide_shows_help_and_quit(
    size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    app = app_on(scenes.hyphen())
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        await pilot.press(*keys)
        await settle(app, pilot)
        shown = text(app)
    assert "Help" in shown
    assert "Quit" in shown


@pytest.mark.parametrize("make", [scenes.healthy, scenes.bare], ids=["healthy", "bare"])
async def test_a_healthy_machine_has_other_places_to_start(
    make: Callable[[], scenes.Scene],
) -> None:
    app = app_on(make())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        await pilot.press("g")
        await pilot.pause()
        assert "I have an error message: paste it" in words(app)
        await pilot.press("end", "enter")
        await pilot.pause()
        assert "Paste a log here." in words(app)


def test_the_only_answer_that_does_it_is_y(tmp_path: Path) -> None:
    for number, key in enumerate((ENTER, "n", ESCAPE)):
        folder = tmp_path / str(number)
        os.mkdir(folder)
        machine = machine_of_2024(folder)
        app = Terminal(machine, (80, 24))
        to_the_question(app)
        app.press(key)
        app.until_gone("This will be done:")
        app.until("Use another client for this environment")
        assert app.quit() == 0
        assert machine.changes == []


def test_what_is_being_done_can_be_stopped(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    machine.conda_rolls_back()
    app = Terminal(machine, (80, 24))
    to_the_question(app)
    app.press("y")
    app.until("Being done. s stops it.", "linking packages")
    app.press("s")
    app.until("FAILED", "was interrupted", "is still there")
    assert machine.changes == ["rolled back"]
    assert app.quit() == 0
    assert replay.left_running(tmp_path) == []
