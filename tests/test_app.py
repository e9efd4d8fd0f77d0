"""The app, driven by keys at 80x24 and smaller, on recordings and on a live machine."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pexpect
import psutil
import pyte
import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, OptionList

from doctor.examine import LIMIT
from doctor.model import Transcript
from doctor.session import Session
from doctor.tui.app import DoctorApp
from tests import scenes


@asynccontextmanager
async def running(
    scene: scenes.Scene, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[DoctorApp, Pilot[int]]]:
    """The app on a recording, once everything is examined and drawn."""
    app = DoctorApp(Session(scenes.recorded(scene), LIMIT), LIMIT)
    async with app.run_test(size=size) as pilot:
        while app.state.report is None:
            await app.workers.wait_for_complete()
            await pilot.pause()
        await pilot.pause()
        yield app, pilot


async def shows(app: DoctorApp, pilot: Pilot[int], wanted: str) -> bool:
    """Whether the screen comes to show that; a loaded machine may take a few turns to draw it."""
    for _ in range(100):
        if wanted in text(app):
            return True
        await pilot.pause()
    return False


def text(app: DoctorApp) -> str:
    """What the screen shows, without colour."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)


async def test_the_overview_says_in_one_sentence_what_is_wrong_and_who_can() -> None:
    async with running(scenes.hyphen()) as (app, _):
        shown = text(app)
    assert "micromamba 1.5.8 cannot install CPU-specific packages" in shown
    assert "26.7.1 can." in shown
    assert shown.index("ERROR") < shown.index("NOTE")
    assert "? Help" in shown
    assert "q Quit" in shown


async def test_a_healthy_machine_has_nothing_to_do() -> None:
    async with running(scenes.healthy()) as (app, _):
        shown = " ".join(text(app).split())
    assert "Every client agrees and installs CPU packages up to level x86_64_v4" in shown
    assert "Nothing to do." in shown


async def test_enter_opens_the_finding_with_its_command_uncut() -> None:
    async with running(scenes.hyphen(), (60, 20)) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        shown = "".join(str(line.render()) for line in app.screen.query("Line"))
        assert "self-update -c conda-forge" in shown
        assert "this version ignores it" in shown
        await pilot.press("escape")
        await pilot.pause()
        assert "cannot install" in text(app)


async def test_every_client_has_a_row_with_prediction_and_report() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("3")
        await pilot.pause()
        table = app.screen.query_one(DataTable)
        rows = [[str(cell) for cell in table.get_row(key)] for key in table.rows]
        assert ["micromamba", "1.5.8", "x86_64-v4", "x86_64-v4", "yes", "refused"] in rows
        await pilot.press("down", "down")
        await pilot.pause()
        assert "spells levels with a hyphen" in text(app)


async def test_features_are_found_by_name_and_by_explanation() -> None:
    async with running(scenes.bare()) as (app, pilot):
        await pilot.press("2")
        await pilot.pause()
        features = app.screen.query_one("#features", OptionList)
        everything = features.option_count
        await pilot.press("slash", *"flush_l1d")
        await pilot.pause()
        assert features.option_count == 1
        assert "MISSING" in text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert features.option_count == everything


async def test_an_unreadable_cpu_is_unknown_in_every_room() -> None:
    async with running(scenes.Scene(None)) as (app, pilot):
        assert "The CPU could not be examined" in " ".join(text(app).split())
        await pilot.press("2")
        await pilot.pause()
        assert "level unknown" in text(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
@pytest.mark.parametrize("keys", [(), ("enter",), ("2",), ("3",), ("question_mark",)])
async def test_every_room_shows_help_and_quit_at_every_size(
    size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async with running(scenes.hyphen(), size) as (app, pilot):
        await pilot.press(*keys)
        await pilot.pause()
        shown = text(app)
    assert "Help" in shown
    assert "Quit" in shown


async def test_control_characters_of_a_client_never_reach_the_screen() -> None:
    scene = scenes.bare()
    junk = Transcript((), {}, 1, "", "\x1b]0;pwned\x07\x1b[2J[bold]no[/bold]\x9b31m", 0.1)
    scene.program(f"{scenes.HOME}/bin/micromamba", junk)
    async with running(scene) as (app, pilot):
        await pilot.press("3")
        await pilot.pause()
        shown = text(app)
    assert "\x1b" not in shown
    assert "pwned" not in shown
    assert "[bold]no[/bold]" in shown


def test_in_a_real_terminal_rows_fill_in_and_quitting_ends_the_children(tmp_path: Path) -> None:
    """A client that hangs is a child of the app; `q` leaves neither within the limit."""
    folder = f"{tmp_path}/bin"
    os.mkdir(folder)
    program = f"{folder}/micromamba"
    with open(program, "w") as file:
        file.write(
            f"#!/bin/sh\ntrap '' TERM\nexec {sys.executable} -c 'input()' < /dev/zero {tmp_path}\n"
        )
    os.chmod(program, 0o755)
    env = {**os.environ, "PATH": f"{folder}:/usr/bin:/bin", "HOME": str(tmp_path), "TERM": "xterm"}
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    child: pexpect.spawn[bytes] = pexpect.spawn(
        sys.executable, ["-m", "doctor", "--limit", "60"], env=env, dimensions=(24, 80), timeout=30
    )

    def read_until(wanted: str) -> None:
        while not any(wanted in line for line in screen.display):
            stream.feed(child.read_nonblocking(65536, timeout=30))

    read_until("asking...")
    read_until("level x86_64")
    hanging = [
        p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in (p.info["cmdline"] or ())
    ]
    assert hanging
    child.send("q")
    child.expect(pexpect.EOF, timeout=5)
    child.close()
    assert child.exitstatus == 0
    _, alive = psutil.wait_procs(hanging, timeout=1)
    assert alive == []
