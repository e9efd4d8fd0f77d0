"""From a first look to the answer, by keys alone, in real terminals of three sizes and in tmux."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import replay, scenes
from tests.replayed import Replayed, machine_of_2024
from tests.terminal import DOWN, ENTER, ESCAPE, Terminal, Tmux, to_the_question

SIZES = [(60, 20), (80, 24), (200, 60)]
MOST = 15
"""Keys from start to answer."""

Terminals = type[Terminal] | type[Tmux]

needs_tmux = pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")
in_terminals = pytest.mark.parametrize(
    ("terminal", "size"),
    [
        *((Terminal, size) for size in SIZES),
        *(pytest.param(Tmux, size, marks=needs_tmux) for size in SIZES),
    ],
    ids=[f"{kind}-{size[0]}x{size[1]}" for kind in ("pty", "tmux") for size in SIZES],
)


@in_terminals
def test_from_the_first_screen_to_the_applied_fix_of_the_2024_bug(
    terminal: Terminals, size: tuple[int, int], tmp_path: Path
) -> None:
    machine = machine_of_2024(tmp_path)
    app = terminal(machine, size)
    app.until("cannot install CPU-specific packages", "Press g")
    app.press("g")
    app.until("What is wrong?")
    app.press(ENTER)
    app.until("Use another client for this environment", "tried: works")
    app.press(DOWN)
    app.until("self-update -c conda-forge", "It works: predicted by rule")
    app.press("x")
    app.until("This will be done:", "self-update -c conda-forge", "change nothing")
    assert machine.changes == []
    app.press("y")
    app.until("Checked again: the finding is gone.")
    assert app.keys == 5
    assert machine.changes == ["micromamba self-update -c conda-forge"]
    assert app.quit() == 0
    again = replay.doctor("check", "--json", env=machine.env())
    assert [f for f in again.document["findings"] if f["severity"] == "error"] == []
    assert replay.left_running(tmp_path) == []


@in_terminals
def test_a_pasted_log_leads_to_the_fix(
    terminal: Terminals, size: tuple[int, int], tmp_path: Path
) -> None:
    machine = machine_of_2024(tmp_path)
    app = terminal(machine, size)
    app.until("cannot install CPU-specific packages", "Press g")
    app.press("t")
    app.until("Paste a log here.")
    said = scenes.transcript("micromamba", "1.5.8", "B_issue3222_literal")
    app.paste(said.stdout + said.stderr)
    app.until("1 known problem:")
    app.press("\t")
    app.until(">ERROR")
    app.press(ENTER)
    app.until("this machine has it too")
    app.press("g")
    app.until("Use another client for this environment", "tried: works")
    app.press(DOWN, "x")
    app.until("This will be done:")
    app.press("y")
    app.until("Checked again: the finding is gone.")
    assert app.keys < MOST
    assert app.quit() == 0
    assert machine.changes == ["micromamba self-update -c conda-forge"]


@in_terminals
def test_a_bundle_is_written_and_opened_elsewhere(
    terminal: Terminals, size: tuple[int, int], tmp_path: Path
) -> None:
    machine = machine_of_2024(tmp_path / "here")
    app = terminal(machine, size)
    app.until("cannot install CPU-specific packages", "Press g")
    first = app.keys
    app.press("b")
    app.until("Nothing is sent.", "Replayed without them: the same findings", "w Write")
    app.press("w")
    app.until("envdoctor-", ".zip")
    app.press(ENTER)
    app.until("Written:", "Nothing was sent.")
    assert app.keys - first < MOST
    assert app.quit() == 0
    (bundle,) = machine.home.glob("envdoctor-*.zip")
    elsewhere = Replayed(tmp_path / "elsewhere")
    elsewhere.home.mkdir(parents=True)
    there = terminal(elsewhere, size, "open", str(bundle))
    there.until("cannot install CPU-specific packages", "Not this machine:")
    there.press("r")
    there.until("This is a recording")
    there.press("g")
    there.until("What is wrong?")
    there.press(ENTER)
    there.until("Use another client for this environment")
    there.press("x")
    there.until("nothing can be done to it")
    assert there.keys < MOST
    assert there.quit() == 0
    assert elsewhere.changes == []


@pytest.mark.parametrize("term", ["xterm", "screen", "linux", "vt100"])
def test_old_terminals_show_the_same_words(term: str, tmp_path: Path) -> None:
    app = Terminal(machine_of_2024(tmp_path), (80, 24), term=term)
    app.until("cannot install CPU-specific packages", "Press g", "ERROR", "? Help", "q Quit")
    app.press("3")
    app.until(">conda", "refused", "micromamba")
    assert app.quit() == 0


def test_the_cursor_can_be_followed_without_colour(tmp_path: Path) -> None:
    app = Terminal(machine_of_2024(tmp_path), (80, 24))
    app.until(">ERROR", "NOTE")
    steps: list[tuple[Callable[[], None], str]] = [
        (lambda: app.press(DOWN), ">WARNING"),
        (lambda: app.press("/", *"icelake"), "-NOTE"),
        (lambda: app.press("\x1b"), ">NOTE"),
    ]
    for act, wanted in steps:
        act()
        app.until(wanted)
    assert app.quit() == 0


@in_terminals
def test_colours_keys_and_bytes_of_no_utf8_in_a_paste_are_no_keys(
    terminal: Terminals, size: tuple[int, int], tmp_path: Path
) -> None:
    """Ctrl-C and Ctrl-Q in it would leave, Escape would go back, and a colour move the words."""
    app = terminal(machine_of_2024(tmp_path), size)
    app.until("cannot install CPU-specific packages", "Press g")
    app.press("t")
    app.until("Paste a log here.")
    app.paste(b"caf\xe9 \x03\x11\x1b \x1b[31mred\x1b[0m and\r\nmore of it\x00")
    app.until("caf", "red and more of it")
    assert "[31m" not in app.text
    assert "Paste a log here." in app.text
    assert app.quit() == 0


@pytest.mark.parametrize("size", SIZES[:2], ids=["60x20", "80x24"])
def test_help_and_quit_are_there_while_something_is_asked_and_do_nothing_else(
    size: tuple[int, int], tmp_path: Path
) -> None:
    machine = machine_of_2024(tmp_path)
    app = Terminal(machine, size)
    to_the_question(app)
    app.until("y Do it n/Enter No ? Help q Quit")
    app.press("?")
    app.until("Do exactly what is shown", "Change nothing")
    app.press(ESCAPE)
    app.until("This will be done:")
    app.press("q")
    assert app.ended() == 0
    assert machine.changes == []
