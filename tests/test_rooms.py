"""Packages, environments and project: driven by keys at 80x24, on scenes from recordings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, OptionList, TextArea

from doctor import channel
from doctor.examine import LIMIT, examine
from doctor.host.live import LiveHost
from doctor.model import Installed
from doctor.report import words
from doctor.session import Session
from doctor.tui.app import DoctorApp
from doctor.tui.screens.finding import FindingScreen
from tests import crowds, scenes
from tests.test_app import shows, text

LEVEL = scenes.LEVEL
HASWELL = scenes.archspec_sample("linux-rhel7-haswell")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One reproduction channel for all tests."""
    return str(channel.ensure(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def reference(made: str) -> LiveHost:
    """This machine, whose solver predicts; the app closes it."""
    return LiveHost({"@channel@": lambda scratch: made})


@asynccontextmanager
async def running(
    scene: scenes.Scene, reference: LiveHost | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[DoctorApp, Pilot[int]]]:
    app = DoctorApp(Session(scenes.recorded(scene), LIMIT, reference), LIMIT)
    async with app.run_test(size=size) as pilot:
        while app.state.report is None:
            await app.workers.wait_for_complete()
            await pilot.pause()
        await pilot.pause()
        yield app, pilot


async def settled(app: DoctorApp, pilot: Pilot[int]) -> None:
    """All that was asked for has been tried and drawn."""
    await pilot.pause()
    while set(app.state.requirements) - set(app.state.tried):
        await app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.pause()


def table(app: DoctorApp) -> list[list[str]]:
    found = app.screen.query_one("#table", DataTable)
    return [[str(cell) for cell in found.get_row(key)] for key in found.rows]


async def test_environments_are_listed_worst_first_with_who_needs_what() -> None:
    async with running(scenes.cluster()) as (app, pilot):
        assert "needs level 4, this CPU has level 3" in " ".join(text(app).split())
        await pilot.press("5")
        await pilot.pause()
        root = f"{scenes.HOME}/miniforge3/envs"
        rows = [row for row in table(app) if row[3].startswith(root)]
        assert rows == [
            ["ERROR", "4", "4", f"{root}/new"], ["NOTE", "-", "1", f"{root}/old"],
            ["NOTE", "3", "4", f"{root}/solved"],
        ]  # fmt: skip
        shown = " ".join(text(app).split())
        assert f"Needed by: graph-tool-base 2.98 h_400, {LEVEL} >=4" in shown
        assert "Illegal instruction" in shown
        await pilot.press("end")
        await pilot.pause()


async def test_cached_channels_are_the_last_row() -> None:
    async with running(scenes.cluster()) as (app, pilot):
        await pilot.press("5", *["down"] * 10)
        await pilot.pause()
        assert table(app)[-1][3] == "cached channels"
        shown = " ".join(text(app).split())
        assert "CPU names: skylake zen4" in shown
        assert "graph-tool-base" in shown


async def test_a_machine_without_environments_says_so() -> None:
    async with running(scenes.Scene(HASWELL)) as (app, pilot):
        await pilot.press("5")
        await pilot.pause()
        assert "No environment is known on this machine." in text(app)


async def test_the_project_shows_each_line_and_the_line_to_put_instead() -> None:
    async with running(scenes.cluster()) as (app, pilot):
        await pilot.press("6")
        await pilot.pause()
        (row,) = table(app)
        assert row[:2] == ["ERROR", "environment.yml:4"]
        shown = text(app)
        assert f"- - {LEVEL}=3=2_zen2" in shown
        assert "+ (nothing: delete the line)" in shown


async def test_a_folder_without_pinned_lines_says_what_was_read() -> None:
    scene = scenes.healthy()
    scene.files[f"{scenes.HOME}/environment.yml"] = "dependencies:\n  - python\n"
    async with running(scene) as (app, pilot):
        await pilot.press("6")
        await pilot.pause()
        shown = text(app)
        assert "1 file read: nothing in them is tied to a CPU." in shown
        assert "environment.yml (conda environment)" in shown


async def test_packages_are_tried_per_client_and_enter_says_why(reference: LiveHost) -> None:
    async with running(scenes.cluster(), reference) as (app, pilot):
        await pilot.press("4")
        await pilot.pause()
        assert "trying..." in text(app)
        await settled(app, pilot)
        rows = {row[0]: row[1:] for row in table(app)}
        heads = [str(column.value) for column in app.screen.query_one(DataTable).columns]
        assert heads[:4] == [
            "requirement", "conda 26.7.1", "mamba 2.8.1", "micromamba 1.5.8",
        ]  # fmt: skip
        assert rows["any level"][:3] == ["level 3 ~", "level 3 ~", "refused ~"]
        assert rows["exactly level 1"][:2] == ["refused ~", "refused ~"]
        assert rows["optional speed-up"][:3] == ["1.0, level 3 ~", "1.0, level 3 ~",
                                                "0.9, no level ~"]  # fmt: skip
        await pilot.press("right", "right", "right", "enter")
        await pilot.pause()
        shown = " ".join(text(app).split())
        assert f"{LEVEL} with micromamba 1.5.8" in shown
        assert "predicted: The rule for micromamba 1.5.8" in shown
        assert "refuses" in shown


async def test_a_typed_requirement_is_added_and_tried(reference: LiveHost) -> None:
    async with running(scenes.cluster(), reference) as (app, pilot):
        await pilot.press("4")
        await settled(app, pilot)
        await pilot.press("a", *"demo-needs4", "enter")
        await settled(app, pilot)
        assert table(app)[-1][:2] == ["demo-needs4", "refused ~"]
        assert len(table(app)) == 6


async def test_what_is_no_requirement_is_said_and_not_tried(reference: LiveHost) -> None:
    async with running(scenes.cluster(), reference) as (app, pilot):
        await pilot.press("4")
        await settled(app, pilot)
        await pilot.press("a", *"../evil", "enter")
        await pilot.pause()
        assert "is not a requirement" in " ".join(text(app).split())
        assert app.screen.query_one(Input).has_focus
        assert len(app.state.requirements) == 5
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query_one("#table").has_focus


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
@pytest.mark.parametrize("key", ["4", "5", "6"])
async def test_new_rooms_show_help_and_quit_and_where_one_is(
    size: tuple[int, int], key: str, reference: LiveHost
) -> None:
    async with running(scenes.cluster(), reference, size) as (app, pilot):
        await pilot.press(key)
        await settled(app, pilot)
        shown = text(app)
        title = shown.splitlines()[0]
        names = {"4": "Packages", "5": "Environments", "6": "Project"}
        assert f"[{key} {names[key]}]" in title
        assert "Help" in shown
        assert "Quit" in shown
        await pilot.press("question_mark")
        await pilot.pause()
        assert "Keys here" in text(app)
        await pilot.press("slash", *"environments")
        assert await shows(app, pilot, "The level that each environment")


async def test_a_thousand_environments_are_shown(tmp_path: Path) -> None:
    scene = scenes.healthy()
    for number in range(1000):
        records = scenes.ENVIRONMENTS["new"] if number == 700 else ()
        scene.environment(Installed(f"/data/envs/e{number:04}", 300, records))
    scene.files["/proc/cpuinfo"] = HASWELL
    async with running(scene) as (app, pilot):
        await pilot.press("5")
        await pilot.pause()
        rows = table(app)
        assert len(rows) > 1000
        assert rows[0] == ["ERROR", "4", "4", "/data/envs/e0700"]


async def test_a_pasted_log_is_recognised_and_opened() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("t")
        await pilot.pause()
        assert await shows(app, pilot, "Nothing was pasted yet.")
        log = scenes.transcript("micromamba", "1.5.8", "B_issue3222_literal").stderr
        area = app.screen.query_one("#log", TextArea)
        area.post_message(events.Paste(log or "x"))
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        shown = " ".join(text(app).split())
        assert "1 known problem:" in shown
        await pilot.press("tab", "enter")
        await pilot.pause()
        opened = "".join(str(line.render()) for line in app.screen.query("Line"))
        assert "mamba-hyphen-archspec" in opened
        assert "self-update -c conda-forge" in opened
        await pilot.press("escape", "f2")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Nothing was pasted yet." in text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "[1 Overview]" in text(app)


async def test_letters_that_are_keys_elsewhere_can_be_typed_into_a_log() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("t", *"q1r?t")
        await pilot.pause()
        assert app.screen.query_one("#log", TextArea).text == "q1r?t"


@pytest.mark.parametrize("key", ["3", "5", "6"])
async def test_enter_goes_to_the_story_and_another_row_shows_it_from_the_top(key: str) -> None:
    async with running(scenes.cluster(), size=(80, 18)) as (app, pilot):
        await pilot.press(key)
        await pilot.pause()
        story = app.screen.query_one("#story")
        await pilot.press("enter", *["down"] * 4)
        await pilot.pause()
        assert story.has_focus
        assert story.scroll_y > 0
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query_one("#table").has_focus
        rows = app.screen.query_one("#table", DataTable).row_count
        await pilot.press("down")
        await pilot.pause()
        assert story.scroll_y == 0 or rows == 1


# --- nobody to ask, and many of the same -------------------------------------------------------


async def test_a_machine_without_clients_says_so_in_each_room_and_what_to_press() -> None:
    async with running(scenes.bare()) as (app, pilot):
        shown = " ".join(text(app).split())
        assert "No conda client was found on this machine" in shown
        assert "press r" not in shown  # a recording cannot be looked at again
        await pilot.press("4")
        assert await shows(app, pilot, "No client was found that could be tried.")
    live = DoctorApp(Session(scenes.bare(), LIMIT), LIMIT)
    async with live.run_test(size=(80, 24)) as pilot:
        assert await shows(live, pilot, "press r")


async def test_findings_that_say_the_same_say_of_which_client_they_are() -> None:
    async with running(crowds.forty(), size=(80, 24)) as (app, pilot):
        for keys in ((), ("g",)):
            await pilot.press(*keys)
            await pilot.pause()
            options = app.screen.query_one(OptionList).options
            rows = [str(option.prompt) for option in options]
            assert len(set(rows)) == len(rows)
            assert any("/opt/tools/t04/bin/micromamba" in row for row in rows)


def test_the_same_version_twice_is_told_apart_in_the_headline() -> None:
    scene = scenes.bare()
    for place, name in (("one", "x86_64-v4"), ("two", "x86_64_v4")):
        scene.program(f"/opt/{place}/bin/micromamba", crowds.info("1.5.8", name))
    said = words.headline(examine(scenes.recorded(scene)))
    assert said == (
        "micromamba 1.5.8 (/opt/one/bin/micromamba) cannot install CPU-specific packages on this "
        "machine. micromamba 1.5.8 (/opt/two/bin/micromamba) can."
    )


async def test_where_nothing_was_found_that_is_said_and_enter_is_not_offered() -> None:
    scene = scenes.bare(scenes.archspec_sample("linux-scientific7-k10"), level=1)
    async with running(scene) as (app, _):
        assert app.state.findings == ()
        shown = text(app)
        assert "No findings." in shown
        assert "Findings appear here." not in shown
        assert "Enter Why" not in shown


async def test_in_a_guide_without_a_way_out_enter_works_and_other_keys_say_why_not() -> None:
    async with running(scenes.cluster()) as (app, pilot):
        (place,) = [n for n, finding in enumerate(app.state.findings) if not finding.remedies]
        await pilot.press(*["down"] * place, "enter", "g")
        assert await shows(app, pilot, "Nothing has to be done")
        for key in "txy":
            await pilot.press(key)
            assert await shows(app, pilot, "There is no way out that could be tried")
        await pilot.press("enter")
        assert await shows(app, pilot, "was solved for level 4, and runs here")
        assert isinstance(app.screen, FindingScreen)


async def test_keys_for_a_row_are_there_while_there_is_one() -> None:
    async with running(scenes.healthy()) as (app, pilot):
        for room, rows in (("6", False), ("3", True)):
            await pilot.press(room)
            await pilot.pause()
            footer = text(app).splitlines()[-1]
            assert ("Enter Read" in footer, "y Copy" in footer) == (rows, rows)
        await pilot.press("slash", *"zzqq", "enter")
        assert await shows(app, pilot, "? Help  q Quit  / Find  Esc Back")  # no row is left
        await pilot.press("escape")
        assert await shows(app, pilot, "Enter Read  y Copy")
