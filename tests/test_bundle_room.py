"""The bundle in the app: every byte before it is written, left out, hidden, written, opened."""

import zipfile
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from doctor.bundle.opening import opened
from doctor.tui.app import DoctorApp
from doctor.tui.screens.bundle import BundleScreen
from tests import replay, scenes
from tests.replayed import machine_of_2024
from tests.terminal import ENTER, ESCAPE, Terminal
from tests.test_app import text
from tests.test_guide import app_on, everything, settle, words


async def shown(app: DoctorApp, pilot: Pilot[int]) -> BundleScreen:
    """The page, once the bundle is put together."""
    await settle(app, pilot)
    await pilot.press("b")
    await settle(app, pilot)
    assert isinstance(app.screen, BundleScreen)
    return app.screen


def rows(screen: BundleScreen) -> list[str]:
    options = screen.query_one("#contents", OptionList)
    return [str(option.prompt) for option in options.options]


async def test_every_file_is_listed_with_its_size_and_can_be_read() -> None:
    app = app_on(scenes.cluster())
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(app, pilot)
        assert any("summary.md" in row and "kB" in row for row in rows(screen))
        assert "Replayed without them: the same findings" in everything(app)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert "> Privacy: names, paths, hosts" in everything(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen


async def test_a_file_is_left_out_and_taken_in_again(tmp_path: Path) -> None:
    app = app_on(scenes.cluster())
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(app, pilot)
        before = rows(screen)
        options = screen.query_one("#contents", OptionList)
        place = next(n for n, row in enumerate(before) if "environment-yml" in row)
        options.highlighted = place
        await pilot.press("space")
        await settle(app, pilot)
        assert rows(screen)[-1].startswith("[ ] left out")
        assert "environment-yml" not in "".join(rows(screen)[:-1])
        assert "environment.yml: was unticked" in everything(app)
        options.highlighted = len(rows(screen)) - 1
        await pilot.press("space")
        await settle(app, pilot)
        assert rows(screen) == before
        options.highlighted = 0
        await pilot.press("space")
        await pilot.pause()
        assert "manifest.json is needed to open the bundle." in everything(app)


async def test_outputs_and_courtesy_files_can_be_left_out_too(tmp_path: Path) -> None:
    app = app_on(scenes.cluster())
    target = tmp_path / "less.zip"
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(app, pilot)
        for name in ("report.json", "micromamba.stdout.txt"):
            listed = rows(screen)
            place = next(n for n, row in enumerate(listed) if row.endswith(name))
            assert listed[place].startswith("[x]")
            screen.query_one("#contents", OptionList).highlighted = place
            await pilot.press("space")
            await settle(app, pilot)
            assert any(row.startswith("[ ] left out") and name in row for row in rows(screen))
        assert "rests on what was left out" in everything(app)
        await write(app, pilot, target)
    with zipfile.ZipFile(target) as archive:
        names = " ".join(archive.namelist())
    assert "report.json" not in names
    assert "micromamba.stdout" not in names
    assert opened(target.read_bytes()).recording.transcripts


async def test_keys_that_come_before_it_is_put_together_are_not_lost(tmp_path: Path) -> None:
    app = app_on(scenes.cluster())
    target = tmp_path / "quick.zip"
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(app, pilot)
        before = rows(screen)
        options = screen.query_one("#contents", OptionList)
        options.highlighted = next(n for n, row in enumerate(before) if "environment-yml" in row)
        screen.action_untick()  # two keys before anything can be put together
        screen.action_untick()
        await settle(app, pilot)
        assert rows(screen) == before
        screen.action_untick()
        screen.action_write()  # what is on the screen still has the file
        assert not screen.query_one("#ask", Input).display
        assert "Press w again" in everything(app)
        await settle(app, pilot)
        await write(app, pilot, target)
    with zipfile.ZipFile(target) as archive:
        assert not [name for name in archive.namelist() if "environment-yml" in name]


async def test_w_before_there_is_anything_says_what_to_wait_for() -> None:
    app = app_on(scenes.cluster())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        screen = BundleScreen()
        await app.push_screen(screen)
        screen.action_write()
        assert "Press w again when that is done." in everything(app)
        await settle(app, pilot)
        await pilot.press("w")
        assert screen.query_one("#ask", Input).display


async def test_a_word_of_ones_own_is_hidden_everywhere(tmp_path: Path) -> None:
    app = app_on(scenes.cluster())
    target = tmp_path / "mine.zip"
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        await pilot.press("n", *"faiss", "enter")
        await settle(app, pilot)
        await write(app, pilot, target)
    with zipfile.ZipFile(target) as archive:
        every = b"".join(archive.read(name) for name in archive.namelist())
    assert b"faiss" not in every
    assert b"haswell" in every


async def test_hidden_words_are_listed_and_may_stand_again() -> None:
    app = app_on(scenes.cluster())
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(app, pilot)
        before = rows(screen)
        for word in ("faiss", "faiss", "debian"):
            await pilot.press("n", *word, "enter")
            await settle(app, pilot)
        assert [row for row in rows(screen) if "hidden " in row] == [
            "[x] hidden    faiss", "[x] hidden    debian"]  # fmt: skip
        await pilot.press("end", "space")
        await settle(app, pilot)
        assert rows(screen)[-1] == "[x] hidden    faiss"
        await pilot.press("end", "space")
        await settle(app, pilot)
        assert rows(screen) == before


async def test_a_word_that_decides_what_is_found_is_taken_back(tmp_path: Path) -> None:
    app = app_on(scenes.cluster())
    target = tmp_path / "mine.zip"
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(app, pilot)
        before = rows(screen)
        await pilot.press("n", *"haswell", "enter")
        await settle(app, pilot)
        said = " ".join(everything(app).split())
        assert "Not possible, so it stays as it was: hiding names changed what is found" in said
        assert "take back those in names of CPUs" in said
        assert rows(screen) == before
        await write(app, pilot, target)
    assert opened(target.read_bytes()).manifest


async def write(app: DoctorApp, pilot: Pilot[int], target: Path) -> None:
    await pilot.press("w")
    await pilot.pause()
    app.screen.query_one("#ask", Input).value = str(target)
    await pilot.press("enter")
    await settle(app, pilot)


async def test_it_is_written_with_what_was_tried_and_never_over_another(tmp_path: Path) -> None:
    target = tmp_path / "report.zip"
    app = app_on(scenes.hyphen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        await pilot.press("g", "enter")
        await settle(app, pilot)
        await pilot.press("escape")
        await shown(app, pilot)
        await write(app, pilot, target)
        assert "Nothing was sent." in everything(app)
        first = target.read_bytes()
        await write(app, pilot, target)
        assert "is there already" in everything(app)
        await pilot.press("escape")
        await pilot.pause()
        assert target.read_bytes() == first
    found = opened(first)
    (guide,) = found.recording.guides
    assert guide.finding.check == "mamba-hyphen-archspec"
    assert [tried.works for tried in guide.tried] == [True, True]
    assert scenes.HOME.encode() not in first


async def test_a_yes_for_one_file_replaces_no_other(tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    first.write_text("mine")
    second.write_text("mine too")
    app = app_on(scenes.hyphen())
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(app, pilot)
        await write(app, pilot, first)
        line = screen.query_one("#ask", Input)
        assert line.value == str(first)
        line.value = str(second)
        await pilot.press("enter")
        await settle(app, pilot)
        assert (first.read_text(), second.read_text()) == ("mine", "mine too")
        assert line.value == str(second)
        assert "is there already" in everything(app)
        await pilot.press("enter")
        await settle(app, pilot)
    assert first.read_text() == "mine"
    assert opened(second.read_bytes()).manifest


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
async def test_help_and_quit_are_always_there(size: tuple[int, int]) -> None:
    app = app_on(scenes.hyphen())
    async with app.run_test(size=size) as pilot:
        await shown(app, pilot)
        assert "Help" in text(app)
        assert "Quit" in text(app)


def test_exported_and_opened_again_in_a_real_terminal(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    app = Terminal(machine, (80, 24))
    app.until("cannot install CPU-specific packages", "Guide")
    app.press("b")
    app.until("Replayed without them")
    app.press("w")
    app.until("envdoctor-")
    app.press(ENTER)
    app.until("Written:", "Nothing was sent.")
    assert app.keys <= 15
    assert app.quit() == 0
    (target,) = machine.home.glob("envdoctor-*.zip")
    env = replay.surroundings(tmp_path / "elsewhere")
    run = replay.doctor("open", str(target), env=env)
    assert "micromamba 1.5.8 cannot install CPU-specific packages" in run.stdout
    assert "recording of" in run.stdout
    assert str(tmp_path) not in run.stdout


def test_what_a_solver_said_is_found_again_in_the_bundle(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    app = Terminal(machine, (80, 24))
    app.until("cannot install CPU-specific packages", "Guide")
    app.press("g", ENTER)
    app.until("proven by its solver", "refused *")
    app.press(ESCAPE)
    app.until("Guide", "Machine")
    app.press("b")
    app.until("Replayed without them", "guides.json")
    app.press("w")
    app.until("envdoctor-")
    app.press(ENTER)
    app.until("Written:", "Nothing was sent.")
    assert app.quit() == 0
    (target,) = machine.home.glob("envdoctor-*.zip")
    env = replay.surroundings(tmp_path / "elsewhere")
    finding = "mamba-hyphen-archspec:micromamba"
    run = replay.doctor("fix", finding, "--try", "--from", str(target), env=env)
    assert "Before: micromamba 1.5.8: refused, proven" in run.stdout
    assert "After: conda 26.7.1: level 4, proven" in run.stdout


async def test_an_opened_bundle_says_whose_it_is_in_every_room(tmp_path: Path) -> None:
    app = app_on(scenes.hyphen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        for key in "123456":
            await pilot.press(key)
            await settle(app, pilot)
            assert "Not this machine:" in words(app)


async def test_the_digit_of_the_room_below_a_page_goes_to_that_room() -> None:
    app = app_on(scenes.cluster())
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        assert "One sentence, then the worst findings first" in everything(app)
        await pilot.press("1")
        await pilot.pause()
        assert len(app.screen_stack) == 1
        assert "micromamba 1.5.8 cannot install" in text(app)
        await pilot.press("b", "2")  # another room leaves the page where it is
        await pilot.pause()
        assert app.current_mode == "machine" and len(app.screen_stack) == 1
        await pilot.press("1")
        await pilot.pause()
        assert isinstance(app.screen, BundleScreen)
