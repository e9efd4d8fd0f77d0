"""What comes at an unlucky moment: keys at once, news for a page that is not there yet or any more.

Each of it is let happen at exactly that moment, which on a busy machine comes once in many runs.
"""

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual import events
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList

from doctor.bundle.making import make, replayed
from doctor.examine import LIMIT
from doctor.host.live import LiveHost
from doctor.host.recorded import RecordingHost
from doctor.model import Command
from doctor.session import Session
from doctor.settings import Kept
from doctor.tui.app import DoctorApp
from doctor.tui.messages import (
    Bundled,
    CompareFiles,
    FilesCompared,
    KeepSettings,
    MakeBundle,
    OpenFinding,
    Triage,
    Triaged,
    WrittenBundle,
)
from doctor.tui.screens.bundle import BundleScreen
from doctor.tui.screens.compare import CompareScreen
from doctor.tui.screens.keep import KeepScreen
from doctor.tui.screens.triage import TriageScreen
from doctor.tui.searching import Finder
from doctor.tui.widgets import Room
from tests import replay, scenes
from tests.exits import until
from tests.replayed import Replayed
from tests.test_app import running, shows
from tests.test_bundle import ZOE
from tests.test_settings import living, notes

F9 = "f9"


def at_once(app: DoctorApp, *keys: str) -> None:
    """Keys that arrive together, as they do when the app was busy; what is between them waits."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def at_every_turn(app: DoctorApp, page: Screen[Any], do: Callable[[], None]) -> int:
    """Does something at each turn of the loop until a page is whole; how often that was."""
    turns = 0
    while not page.is_mounted:
        do()
        await asyncio.sleep(0)
        turns += 1
    return turns


async def stays(app: DoctorApp, pilot: Pilot[int]) -> None:
    """Nothing of it broke the app."""
    await pilot.pause()
    assert app.fault is None


# --- a page that is not whole yet ------------------------------------------------------------


@pytest.mark.parametrize("room", ["machine", "clients", "packages", "environments", "project"])
async def test_a_room_that_just_opens_is_not_drawn_before_all_of_it_is_there(room: str) -> None:
    async with running(scenes.hyphen()) as (app, pilot):

        def tick() -> None:
            app.state = replace(app.state, now=app.state.now + 1)

        app.switch_mode(room)
        assert await at_every_turn(app, app.screen, tick) > 1
        await stays(app, pilot)


async def test_news_of_a_page_before_reach_no_page_that_just_opens() -> None:
    """A page is closed while its question is answered, and opened again at once."""
    async with running(scenes.hyphen()) as (app, pilot):
        cases: tuple[tuple[str, type[Room], Message], ...] = (
            ("bundle", BundleScreen, Bundled("it is of before", MakeBundle((), ()))),
            ("compare", CompareScreen, FilesCompared(CompareFiles("old.zip"), None, "of before")),
            ("triage", TriageScreen, Triaged((), "of before", Triage("old"))),
        )
        for action, kind, news in cases:
            await app.run_action(action)
            page = app.screen
            assert isinstance(page, kind)
            app.post_message(news)
            await stays(app, pilot)
            assert not says(page, "of before")
            app.pop_screen()
            await pilot.pause()


def says(page: Screen[Any], words: str) -> bool:
    """Whether a page says that now."""
    return any(words in str(line.render()) for line in page.query("Line"))


# --- keys and news that come twice or late ---------------------------------------------------


async def test_enter_twice_begins_one_guide() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("g")
        assert await shows(app, pilot, "What is wrong?")
        at_once(app, "enter", "enter")
        assert await shows(app, pilot, "1 Why")
        await stays(app, pilot)
        assert len(app.screen_stack) == 2


async def test_enter_twice_takes_a_number_and_stays_on_the_page() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press(F9, "down", "enter")
        assert isinstance(app.focused, Input)
        at_once(app, "enter", "enter", "enter")
        await stays(app, pilot)
        assert await shows(app, pilot, "What you change holds at once")


async def test_a_wish_to_keep_that_comes_twice_asks_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        app.kept = replace(app.kept, path=tmp_path / "settings.toml", data=b"")
        app.settings = replace(app.settings, limit=33.0)
        await pilot.press(F9)
        app.post_message(KeepSettings())
        app.post_message(KeepSettings())
        await pilot.pause()
        assert [type(screen) for screen in app.screen_stack].count(KeepScreen) == 1


async def test_one_finding_is_opened_once() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        assert app.state.findings
        for _ in range(2):
            app.post_message(OpenFinding(app.state.findings[0]))
        await pilot.pause()
        assert len(app.screen_stack) == 2


async def test_a_key_without_a_row_and_rows_after_that() -> None:
    """The cursor of an empty table goes to a row before the first."""
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("3", "slash", *"zzzz", "enter", "pagedown", "escape")
        await stays(app, pilot)
        assert await shows(app, pilot, "micromamba")


async def test_a_command_that_letters_took_away_meanwhile_is_not_run() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("f2")
        options = app.screen.query_one("#options", OptionList)
        options.highlighted = options.option_count - 1
        options.action_select()
        app.screen.query_one("#ask", Input).value = "bundle"
        app.screen._fill("bundle")  # type: ignore[attr-defined]
        await stays(app, pilot)
        assert len(app.screen_stack) == 2


async def test_a_search_in_a_page_that_is_left_meanwhile() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("w", "slash")
        page = app.screen
        assert isinstance(page, Room)
        page._sought = Finder.Wanted("level", False)  # as after a letter, before the next frame
        await app.pop_screen()
        page._look()
        await stays(app, pilot)


async def test_what_slower_files_came_to_does_not_replace_the_newer() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("m", *"newer", "enter")
        assert await shows(app, pilot, "newer")
        app.post_message(FilesCompared(CompareFiles("older"), None, "said of the older ones"))
        await pilot.pause()
        assert not says(app.screen, "said of the older ones")


# --- sessions and hosts ----------------------------------------------------------------------


def test_of_a_command_that_is_run_again_what_began_last_is_recorded(tmp_path: Path) -> None:
    """The first is stopped, or answers, after the second did."""
    host = RecordingHost(LiveHost())
    program, go, begun = tmp_path / "client", tmp_path / "go", tmp_path / "begun"
    os.mkfifo(go)
    replay.script(
        program,
        f"if mkdir {replay.quote(begun)} 2> {os.devnull}",
        f"then read word < {replay.quote(go)}; echo older",
        "else echo newer; fi",
    )
    command = Command((str(program),), limit=30)
    older = threading.Thread(target=host.part().run, args=(command,))
    older.start()
    until(begun.exists)
    host.part().run(command)
    go.write_text("on\n")
    older.join()
    heard = host.heard(command)
    host.close()
    assert heard is not None and heard.stdout == "newer\n"


def test_a_closed_host_makes_no_scratch_folder_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads that ask on while the app is left: nobody would remove it any more."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    host = LiveHost({"@channel@": lambda scratch: scratch})
    host.prepare("@channel@")
    part = host.part()
    assert len(list(tmp_path.iterdir())) == 1
    host.close()
    said = part.run(Command(("true",), {"CONDA_PKGS_DIRS": "@scratch@/pkgs"}))
    part.prepare("@channel@")
    assert said.trouble == "stopped, because envdoctor was closed"
    assert list(tmp_path.iterdir()) == []


def test_a_closed_session_hands_no_text_to_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that is under way while the app is left would leave its program running."""
    machine = Replayed(tmp_path)
    ran = tmp_path / "ran"
    replay.script(machine.bin / "tmux", f"touch {replay.quote(ran)}", "cat > /dev/null")
    for name, value in {**machine.env(), "TMUX": "here"}.items():
        monkeypatch.setenv(name, value)
    session = Session(scenes.hyphen(), LIMIT)
    session.close()
    copied = session.copy("some text", lambda sequence: None)
    assert "tmux stopped, because envdoctor was closed." in copied.said
    assert not ran.exists()


async def test_a_yes_typed_ahead_answers_no_question_that_nobody_could_read() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        answers: list[bool | None] = []
        app.push_screen(KeepScreen("settings.json", ("- old", "+ new")), answers.append)
        at_once(app, "y", "y")
        await stays(app, pilot)
        assert answers == [] and isinstance(app.screen, KeepScreen)
        await pilot.press("y")
        assert answers == [True]


async def test_what_became_of_a_bundle_is_said_though_its_page_shows_another_by_now() -> None:
    recording = scenes.recording(scenes.hyphen())
    async with living(Kept()) as (app, pilot):
        await app.run_action("bundle")
        assert await shows(app, pilot, "Replayed without them")
        other = make(recording, replayed(recording), ZOE)
        app.post_message(WrittenBundle(other, "old.zip", "Written: old.zip.", done=True))
        assert await notes(app, pilot, "Written: old.zip.")
        assert not says(app.screen, "Written")
