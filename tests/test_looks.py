"""Without colour, without a mouse, on poor terminals: what is drawn, in plain text and as bytes."""

import io
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pexpect
import pyte
import pytest
from hypothesis import given, strategies
from rich.cells import cell_len
from textual.color import Color
from textual.content import Content
from textual.filter import dim_color
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TextArea

from doctor import channel
from doctor.examine import LIMIT
from doctor.host.live import LiveHost
from doctor.session import Session
from doctor.settings import Kept, Settings
from doctor.tui import terminal as terminals
from doctor.tui.app import DoctorApp
from doctor.tui.filters import narrowed
from doctor.tui.screens.clients import ClientsScreen
from doctor.tui.screens.finding import FindingScreen
from doctor.tui.terminal import Terminal
from doctor.tui.themes import BY_NAME
from doctor.tui.title import ROOMS
from tests import scenes
from tests.replayed import Replayed, machine_of_2024
from tests.test_app import shows, text
from tests.test_guide import SIZES, settle

DEFAULT = Settings()

# --- what a terminal can do ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({"TERM": "xterm", "LANG": "C.UTF-8"}, Terminal(colours=16)),
        ({"TERM": "xterm", "LANG": "de_DE.utf8"}, Terminal(colours=16)),
        ({"TERM": "xterm", "LC_CTYPE": "UTF-8"}, Terminal(colours=16)),
        ({"TERM": "xterm"}, Terminal(False, 16)),
        ({"TERM": "xterm", "LANG": "C"}, Terminal(False, 16)),
        ({"TERM": "xterm", "LANG": "C.UTF-8", "LC_ALL": "POSIX"}, Terminal(False, 16)),
        ({"TERM": "xterm", "LANG": "C.UTF-8", "LC_CTYPE": "C"}, Terminal(False, 16)),
        ({"TERM": "xterm", "LC_ALL": "", "LANG": "en_US.ISO-8859-1"}, Terminal(False, 16)),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, Terminal(False, 16)),
        ({"TERM": "vt100", "LANG": "C.UTF-8"}, Terminal(False, 0)),
        ({"TERM": "xterm-mono", "LANG": "C.UTF-8"}, Terminal(colours=0)),
        ({"TERM": "xterm-256color", "LANG": "C.UTF-8"}, Terminal(colours=256)),
        ({"TERM": "xterm", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}, Terminal()),
        ({"TERM": "xterm-256color", "LANG": "C.UTF-8", "NO_COLOR": "1"}, Terminal(colours=0)),
        ({"TERM": "xterm", "LANG": "C.UTF-8", "TEXTUAL_COLOR_SYSTEM": "truecolor"}, Terminal()),
        ({"TERM": "screen", "LANG": "C.UTF-8"}, Terminal(colours=16, around="screen")),
        ({"TERM": "screen", "TMUX": "/tmp/x,1,0"}, Terminal(False, 16, around="tmux")),
        ({"TERM": "tmux-256color"}, Terminal(False, 256, around="tmux")),
        ({"TERM": "screen", "STY": "1.x", "TMUX": "y"}, Terminal(False, 16, around="screen")),
        ({"SSH_CONNECTION": "a 1 b 22"}, Terminal(False, 16, remote=True)),
        ({"SSH_TTY": "/dev/pts/1"}, Terminal(False, 16, remote=True)),
        ({"NO_MOTION": "1"}, Terminal(False, 16, still=True)),
        ({"COLORFGBG": "0;15"}, Terminal(False, 16, light=True)),
        ({"COLORFGBG": "15;default;0"}, Terminal(False, 16)),
        ({"TEXTUAL_ANIMATIONS": "full"}, Terminal(False, 16, animations=True)),
    ],
)
def test_the_environment_says_what_a_terminal_can_do(
    environ: dict[str, str], wanted: Terminal
) -> None:
    assert terminals.of(environ) == wanted


def test_a_locale_that_python_made_up_is_none() -> None:
    """PEP 538: with the locale C, Python sets LC_CTYPE=C.UTF-8 in its own environment."""
    made_up = {"LC_CTYPE": "C.UTF-8", "TERM": "xterm"}
    assert not terminals.of(made_up, coerced=True).unicode
    assert terminals.of({**made_up, "LANG": "de_DE.UTF-8"}, coerced=True).unicode
    script = "from doctor.tui.terminal import here; print(here().unicode)"
    for env, wanted in (
        ({}, "False"),
        ({"LANG": "C"}, "False"),
        ({"LC_ALL": "C"}, "False"),
        ({"LANG": "de_DE.ISO-8859-1"}, "False"),
        ({"LC_CTYPE": "C.UTF-8"}, "True"),
        ({"LC_ALL": "C.UTF-8"}, "True"),
        ({"LANG": "C.UTF-8", "PYTHONUTF8": "1"}, "True"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", script], env={"TERM": "xterm", **env},
            cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.split() == [wanted], env


@pytest.mark.parametrize(
    ("theme", "terminal", "wanted"),
    [
        ("auto", Terminal(), "dark"),
        ("auto", Terminal(light=True), "light"),
        ("auto", Terminal(colours=256), "dark"),
        ("auto", Terminal(colours=16), "terminal"),
        ("auto", Terminal(colours=0), "terminal"),
        ("high-contrast", Terminal(colours=16), "high-contrast"),
        ("dark", Terminal(colours=0), "terminal"),
    ],
)
def test_the_theme_suits_the_terminal(theme: str, terminal: Terminal, wanted: str) -> None:
    assert theme in ("auto", "high-contrast", "dark")
    settings = Settings(theme=theme)  # type: ignore[arg-type]
    assert terminals.theme(settings, terminal) == wanted


def test_settings_go_before_what_the_terminal_says() -> None:
    remote, poor = Terminal(remote=True), Terminal(unicode=False)
    assert terminals.is_still(Settings(), remote)
    assert not terminals.is_still(Settings(animations="yes"), remote)
    assert terminals.is_still(Settings(animations="no"), Terminal())
    assert terminals.is_ascii(Settings(), poor)
    assert not terminals.is_ascii(Settings(ascii="no"), poor)
    assert terminals.is_ascii(Settings(ascii="yes"), Terminal())


# --- themes ----------------------------------------------------------------------------------


def luminance(colour: Color) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [channel / 255 for channel in colour.rgb]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio as WCAG 2.2 defines it, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = (
    ("foreground", "background"), ("foreground", "surface"), ("foreground", "panel"),
    ("text", "background"), ("text", "panel"), ("text-muted", "background"),
    ("text-disabled", "surface"), ("foreground-muted", "background"),
    ("block-cursor-foreground", "block-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("footer-foreground", "footer-background"), ("footer-key-foreground", "footer-background"),
    ("footer-description-foreground", "footer-background"),
    ("input-cursor-foreground", "input-cursor-background"), ("foreground", "surface-active"),
    ("input-selection-foreground", "input-selection-background"),
    ("screen-selection-foreground", "screen-selection-background"),
    ("scrollbar", "scrollbar-background"), ("foreground", "panel-lighten-1"),
    ("foreground", "surface-lighten-1"), ("primary", "background"), ("warning", "background"),
    ("error", "background"), ("success", "background"), ("border", "background"),
)  # fmt: skip
"""What stands on what, by the names of a theme's variables."""


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast(Color.parse("#777777"), Color.parse("#ffffff")), 2) == 4.48
    assert round(contrast(Color.parse("#000000"), Color.parse("#ffffff")), 2) == 21


@pytest.mark.parametrize("name", ["high-contrast", "high-contrast-light"])
def test_high_contrast_is_at_least_7_to_1_also_where_it_is_dimmed(name: str) -> None:
    theme = BY_NAME[name]
    variables = {**theme.to_color_system().generate(), **theme.variables}
    assert theme.dark is (name == "high-contrast")
    for front, back in PAIRS:
        one, other = Color.parse(variables[front]), Color.parse(variables[back])
        assert one.a == other.a == 1, (front, back)
        assert contrast(one, other) >= 7, (front, back)
    for front in ("foreground", "footer-foreground", "footer-key-foreground"):
        ground = Color.parse(variables["background"])
        dimmed = dim_color(ground.rich_color, Color.parse(variables[front]).rich_color)
        assert contrast(Color.from_rich_color(dimmed), ground) >= 7, front


# --- ASCII -----------------------------------------------------------------------------------


@given(strategies.text())
def test_ascii_has_the_same_width(text: str) -> None:
    assert narrowed(text).isascii()
    assert cell_len(narrowed(text)) == cell_len(text)


def test_what_widgets_are_drawn_with_has_its_likeness() -> None:
    assert narrowed("╭─╮│█▌ ab… c") == "+-+|#| a.. c"
    assert narrowed("José 日本 e\u0301") == "Jos? ???? e"


# --- in a real terminal ----------------------------------------------------------------------

F2, F9, ESCAPE, ENTER, DOWN, UP = "\x1bOQ", "\x1b[20~", "\x1b", "\r", "\x1b[B", "\x1b[A"
MOUSE = (b"?1000h", b"?1002h", b"?1003h", b"?1005h", b"?1006h", b"?1015h", b"?1016h")


class Seen:
    """envdoctor in a pty of its own, with every byte that it wrote."""

    def __init__(self, machine: Replayed, **env: str) -> None:
        self.screen = pyte.Screen(80, 24)
        self._said = io.BytesIO()
        self._stream = pyte.ByteStream(self.screen)
        root = str(Path(__file__).parent.parent)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            sys.executable, ["-m", "doctor"],
            env={**machine.env(), "PYTHONPATH": root, **env},
            cwd=str(machine.home), dimensions=(24, 80), timeout=60,
        )  # fmt: skip
        self._child.logfile_read = self._said

    @property
    def said(self) -> bytes:
        return self._said.getvalue()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.screen.display).split())

    def until(self, *wanted: str) -> None:
        deadline = time.monotonic() + 60
        while not all(word in self.text for word in wanted):
            try:
                left = max(deadline - time.monotonic(), 0)  # a blinking cursor never ends
                self._stream.feed(self._child.read_nonblocking(65536, timeout=left))
            except (pexpect.TIMEOUT, pexpect.EOF):
                raise AssertionError(f"{wanted} is not in\n{self.text}") from None

    def press(self, *keys: str | bytes) -> None:
        for key in keys:
            self._child.send(key)

    def quit(self) -> None:
        self.press("\x11" if "^q" in self.text else "q")
        self._child.expect(pexpect.EOF)
        self._child.close()
        assert self._child.exitstatus == 0


def colours(said: bytes) -> set[str]:
    """All colours that were asked for: numbers of SGR sequences, besides the terminal's own."""
    found = set()
    for codes in re.findall(rb"\x1b\[([\d;]*)m", said):
        number = re.compile(r"(?:^|;)((?:3[0-7]|4[0-7]|9[0-7]|10[0-7])|[34]8;[25](?:;\d+)+)")
        found.update(number.findall(codes.decode()))
    return found


STOPS: tuple[tuple[str, ...], ...] = (
    ("", "cannot install", "rattler"),
    ("2", "[2 Machine]", "have"),
    ("3", "[3 Clients]", "would report"),
    ("4", "[4 Packages]", "build for zen2"),
    ("5", "[5 Environments]", "cached channels"),
    ("6", "[6 Project]", "Looked in"),
    ("/", "Find:"),
    ("é日x", "No row has that in it"),
    (ESCAPE, "Looked in"),
    ("1", "[1 Overview]", "cannot install"),
    ("g", "Guide: where to start"),
    (ENTER, "[3 Try]", "tried: works"),
    (DOWN, "self-update"),
    ("x", "This will be done:"),
    ("n", "[3 Try]"),
    ("y", "Copy", "Sent to your terminal"),
    (ESCAPE, "[3 Try]"),
    (ESCAPE, "[1 Overview]"),
    ("b", "Replayed without them"),
    (DOWN, ">[=]"),
    (ENTER, "summary.md: for"),
    (ESCAPE, "Replayed without them"),
    (ESCAPE, "[1 Overview]"),
    ("t", "Paste a log"),
    ("é日x", "shows no problem"),
    (ESCAPE, "[1 Overview]"),
    ("k", "Known problems"),
    (ENTER, "How it is told"),
    (ESCAPE, "Known problems"),
    (ESCAPE, "[1 Overview]"),
    (ENTER, "Finding", "Evidence"),
    ("u", "MUTED (error)", "keeps that"),
    ("u", "ERROR", "counts again"),
    (ESCAPE, "[1 Overview]"),
    ("m", "Compare with other machines"),
    ("nöwhere" + ENTER, "where could not be read"),
    (ESCAPE, "[1 Overview]"),
    ("w", "Words", "psABI"),
    (ESCAPE, "[1 Overview]"),
    ("?", "Keys here"),
    (ESCAPE, "[1 Overview]"),
    (F2, "Everything", "Room Machine"),
    ("é日x", "Everything"),
    (ESCAPE, "[1 Overview]"),
    (F9, "Settings", "This terminal:"),
    (ENTER, "Not kept yet"),
    ("w", "This file will be written"),
    ("n", "Nothing was written."),
)
"""A key, and what the screen comes to show: every room and page, one after the other."""


def walk(app: Seen) -> str:
    """Every stop; all that the screens showed."""
    shown = []
    for keys, *wanted in STOPS:
        app.press(keys)
        app.until(*wanted)
        shown.append(app.text)
    app.quit()
    return "\n".join(shown)


@pytest.mark.parametrize(
    "env",
    [{"TERM": "xterm-256color", "LC_ALL": "C"}, {"TERM": "linux", "LANG": "C.UTF-8"}],
    ids=["locale C", "Linux console"],
)
def test_no_byte_above_127_in_any_room(env: dict[str, str], tmp_path: Path) -> None:
    """Names of folders, files and users, and what is typed, among all that is drawn."""
    machine = machine_of_2024(tmp_path / "José 日本 \u2713")
    app = Seen(machine, **env)
    walked = walk(app)
    assert "Jos? ????" in walked
    assert {byte for byte in app.said if byte > 127} == set()


def test_letters_of_another_encoding_do_not_end_the_app(tmp_path: Path) -> None:
    app = Seen(machine_of_2024(tmp_path), TERM="xterm", LANG="de_DE.ISO-8859-1")
    app.until("cannot install", "Guide")
    app.press("/")
    app.until("Find:", "^q Quit")
    app.press(b"\xe9\xffx")
    app.until("Find: ??x", "nothing has that in it")
    app.quit()


@pytest.mark.parametrize(
    "env",
    [{"TERM": "xterm-256color", "NO_COLOR": "1"}, {"TERM": "vt100"}],
    ids=["NO_COLOR", "vt100"],
)
def test_without_colours_none_is_asked_for(env: dict[str, str], tmp_path: Path) -> None:
    app = Seen(machine_of_2024(tmp_path), LANG="C.UTF-8", **env)
    walk(app)
    assert colours(app.said) == set()


def test_with_few_colours_the_cursor_is_reversed_and_names_are_of_the_terminal(
    tmp_path: Path,
) -> None:
    """The shades of a terminal's own colours are not known: two of them may look the same."""
    app = Seen(machine_of_2024(tmp_path), TERM="xterm", LANG="C.UTF-8")
    app.until("cannot install", "rattler", ">ERROR")
    rows = [y for y, line in enumerate(app.screen.display) if line.startswith(">ERROR")]
    cells = app.screen.buffer[rows[0]]
    assert {cells[x].reverse for x in range(40)} == {True}
    assert {cells[x].bg for x in range(80)} == {cells[x].fg for x in range(80)} == {"default"}
    title, footer = app.screen.buffer[0], app.screen.buffer[23]
    assert {title[x].reverse for x in range(1, 40)} == {True}
    assert footer[0].bold
    app.press("/")
    app.until("Find:", "^q Quit")
    line = app.screen.buffer[22]
    assert {line[x].underscore for x in range(7, 40)} == {True}
    assert [x for x in range(7, 40) if line[x].reverse] == [7]
    app.quit()
    assert not any(name.startswith(("38", "48")) for name in colours(app.said))


@pytest.mark.parametrize("kept", ['{"mouse": false}', "{}"], ids=["off", "on"])
def test_the_mouse_is_never_asked_for_where_it_is_switched_off(kept: str, tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    machine.env()
    path = machine.home / ".config" / "envdoctor" / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text(kept)
    app = Seen(machine, TERM="xterm-256color", LANG="C.UTF-8")
    app.until("cannot install", "rattler")
    modes = {mode for mode in MOUSE if b"\x1b[" + mode in app.said}
    assert bool(modes) is (kept == "{}")
    app.press(F9)
    app.until("mouse " + ("yes" if modes else "no"))
    app.press(DOWN, DOWN)
    app.until(">mouse")
    before = len(app.said)
    app.press(ENTER)
    app.until(">mouse " + ("no" if modes else "yes"))
    switched = b"?1000l" if modes else b"?1000h"
    assert switched in app.said[before:]
    app.quit()


# --- movement --------------------------------------------------------------------------------


@asynccontextmanager
async def on(
    terminal: Terminal, settings: Settings = DEFAULT, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[DoctorApp, Pilot[int]]]:
    """The app in such a terminal, on a machine that is this one as far as it can tell."""
    session = Session(scenes.hyphen(), LIMIT)
    app = DoctorApp(session, LIMIT, Kept(settings=settings), terminal)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        yield app, pilot


@pytest.mark.parametrize(
    ("terminal", "settings", "level"),
    [
        (Terminal(), Settings(), "full"),
        (Terminal(remote=True), Settings(), "none"),
        (Terminal(still=True), Settings(), "none"),
        (Terminal(remote=True), Settings(animations="yes"), "full"),
        (Terminal(), Settings(animations="no"), "none"),
        (Terminal(remote=True, animations=True), Settings(), "full"),
    ],
)
async def test_nothing_moves_or_blinks_over_ssh(
    terminal: Terminal, settings: Settings, level: str
) -> None:
    async with on(terminal, settings) as (app, pilot):
        assert app.animation_level == level
        await pilot.press("slash")
        await pilot.pause()
        line = app.screen.query_one("#find", Input)
        assert line.has_focus
        assert line.cursor_blink is (level == "full")


async def test_what_textual_colours_by_itself_has_no_colour_where_there_are_none() -> None:
    for number, wanted in ((16, True), (0, False)):
        async with on(Terminal(colours=number)) as (app, pilot):
            await app.screen.mount(Static(Content.styled("Red.", "ansi_red")))
            assert await shows(app, pilot, "Red.")
            strips = app.screen._compositor.render_strips()
            styles = [segment.style for strip in strips for segment in strip if segment.style]
            coloured = [s for s in styles if s.color is not None and not s.color.is_default]
            assert bool(coloured) is wanted


# --- changed at once -------------------------------------------------------------------------


async def test_a_theme_and_ascii_hold_at_once_in_rooms_that_were_shown_before() -> None:
    async with on(Terminal()) as (app, pilot):
        await pilot.press("3", "5")
        await settle(app, pilot)
        await pilot.press("2")
        await settle(app, pilot)
        assert not text(app).isascii()  # the end of its scrollbar
        await pilot.press("f9", "enter", "enter")
        await settle(app, pilot)
        assert app.theme == "textual-light"
        await pilot.press("down", "down", "down", "enter")
        assert await shows(app, pilot, ">ascii        yes")
        for keys in (("escape",), ("3",), ("5",), ("1",), ("2",)):
            await pilot.press(*keys)
            await settle(app, pilot)
            assert text(app).isascii(), keys
            title = app.screen._compositor.render_strips()[0]
            backs = [s.style.bgcolor.triplet for s in title if s.style and s.style.bgcolor]
            assert backs
            assert all(back and min(back) > 128 for back in backs), keys


# --- clicking --------------------------------------------------------------------------------


async def test_keys_findings_and_rows_can_be_clicked() -> None:
    async with on(Terminal()) as (app, pilot):
        rows = app.screen.query_one("#findings", OptionList)
        await pilot.click(rows, offset=(12, 1))
        await settle(app, pilot)
        assert isinstance(app.screen, FindingScreen)
        assert app.screen.finding == app.state.findings[1]
        place = text(app).splitlines()[-1].index("Esc Back")
        await pilot.click(offset=(place + 1, 23))
        await settle(app, pilot)
        assert "[1 Overview]" in text(app)
        await pilot.press("3")
        await settle(app, pilot)
        assert isinstance(app.screen, ClientsScreen)
        await pilot.click(app.screen.table(), offset=(4, 3))
        await settle(app, pilot)
        assert ">micromamba" in text(app)
        assert "spells levels with a hyphen" in text(app)
        await pilot.click(app.screen.table(), offset=(4, 3))
        await settle(app, pilot)
        assert "-micromamba" in text(app)  # the keys went to its story, as with Enter


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=["80x24", "60x20"])
async def test_a_click_on_a_room_of_the_title_opens_it(size: tuple[int, int]) -> None:
    async with on(Terminal(), size=size) as (app, pilot):
        for number, name in (*enumerate(ROOMS, start=1), (1, "overview")):
            await pilot.click(offset=(text(app).splitlines()[0].index(f"{number}"), 0))
            await settle(app, pilot)
            assert f"[{number} {name.title()}]" in text(app).splitlines()[0]
        await pilot.click(offset=(3, 0))  # the name of the program
        await settle(app, pilot)
        assert "[1 Overview]" in text(app)


# --- keys where somebody types ---------------------------------------------------------------


@pytest.mark.parametrize("keys", [("t",), ("ctrl+p",), ("m",), ("4", "a")], ids="-".join)
async def test_the_search_key_that_is_shown_while_typing_opens_the_search(
    keys: tuple[str, ...],
) -> None:
    async with on(Terminal()) as (app, pilot):
        await pilot.press(*keys)
        await settle(app, pilot)
        typed = app.focused
        assert isinstance(typed, Input | TextArea)
        footer = text(app).splitlines()[-1]
        assert "F3 Find" in footer
        assert "/ Find" not in footer
        await pilot.press("slash")
        await settle(app, pilot)
        assert (typed.value if isinstance(typed, Input) else typed.text) == "/"
        await pilot.press("f3", "q")
        await settle(app, pilot)
        assert " Find: q" in text(app)
        await pilot.press("escape")
        await settle(app, pilot)
        assert app.focused is typed  # what is pasted now goes where it went before


async def test_help_lists_the_second_keys_too() -> None:
    async with on(Terminal(), size=(80, 60)) as (app, pilot):
        await pilot.press("question_mark")
        await settle(app, pilot)
        listed = {line.split()[0] for line in text(app).splitlines() if line.strip()}
        assert {"?", "F1", "q", "^q", "/", "F3", "^p", "F2", "F9", "^z"} <= listed


async def test_the_palette_says_when_nothing_matches() -> None:
    async with on(Terminal()) as (app, pilot):
        await pilot.press("ctrl+p", *"zzqq", "enter")
        assert await shows(app, pilot, "Nothing has that in it.")


# --- every room in plain text ----------------------------------------------------------------


class Page(NamedTuple):
    """What a page has to show in text alone."""

    keys: tuple[str, ...]
    title: str
    has_list: bool = False


PAGES = {
    "overview": Page((), "[1 Overview]", True),
    "machine": Page(("2",), "[2 Machine]", True),
    "clients": Page(("3",), "[3 Clients]", True),
    "packages": Page(("4",), "[4 Packages]", True),
    "environments": Page(("5",), "[5 Environments]", True),
    "project": Page(("6",), "[6 Project]", True),
    "start": Page(("1", "g"), "Guide: where to start", True),
    "finding": Page(("escape", "enter"), "Finding"),
    "guide": Page(("g",), "Guide", True),
    "command": Page(("y",), "Copy"),
    "bundle": Page(("b",), "Bundle", True),
    "text": Page(("enter",), "Text"),
    "triage": Page(("t",), "Paste a log"),
    "problems": Page(("k",), "Known problems", True),
    "page": Page(("enter",), "Known problem"),
    "compare": Page(("m",), "Compare with other machines"),
    "help": Page(("question_mark",), "Help"),
    "words": Page(("w",), "Words"),
    "palette": Page(("f2",), "Everything", True),
    "settings": Page(("f9",), "Settings", True),
}
"""In the order of the walk; `FROM` says which page is opened over another one."""

FROM = {"finding": "start", "guide": "finding", "command": "guide", "text": "bundle",
        "page": "problems"}  # fmt: skip

SEVERITY = re.compile(r"^[>-]?\s*(ERROR|WARNING|UNKNOWN|NOTE|MUTED|OK) ")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One reproduction channel for all tests."""
    return str(channel.ensure(tmp_path_factory.mktemp("cache")))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_page_can_be_read_without_colour(size: tuple[int, int], made: str) -> None:
    reference = LiveHost({"@channel@": lambda scratch: made})
    app = DoctorApp(Session(scenes.cluster(), LIMIT, reference), LIMIT)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        for name, page in PAGES.items():
            while name not in FROM and len(app.screen_stack) > 1:
                app.pop_screen()
                await pilot.pause()
            await pilot.press(*page.keys)
            await settle(app, pilot)
            assert readable(app, page) == "", f"{name}\n{text(app)}"
        await pilot.press("escape")
        await settle(app, pilot)


def readable(app: DoctorApp, page: Page) -> str:
    """What is missing on a screen, as far as text alone shows it; nothing if all is there."""
    lines = text(app).splitlines()
    title, footer = lines[0], lines[-1]
    if page.title not in title or not title.startswith(" envdoctor "):
        return "the title"
    keys = ("^q Quit", "F1 Help") if app.is_typing else ("? Help", "q Quit")
    if not all(key in footer for key in keys):
        return "Help and Quit"
    marks = [line for line in lines[1:-1] if line[:1] in (">", "-")]
    if len(marks) != page.has_list:
        return f"one mark for the cursor: {marks}"
    return ""


async def test_severities_are_words_and_a_grey_key_is_explained_in_words() -> None:
    app = DoctorApp(Session(scenes.recorded(scenes.hyphen()), LIMIT), LIMIT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        rows = app.screen.query_one("#findings", OptionList)
        assert rows.option_count == len(app.state.findings) > 1
        for option in rows.options:
            assert SEVERITY.match(str(option.prompt))
        await pilot.press("question_mark")
        await settle(app, pilot)
        shown = " ".join(str(line.render()) for line in app.screen.query("Line"))
        assert re.search(r"r +Again +\(not now\) Examine everything again", shown)
        assert re.search(r"u +Mute +\(not now\) ", shown)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_questions_say_their_keys(size: tuple[int, int], tmp_path: Path) -> None:
    from doctor import settings

    kept = settings.read(tmp_path / "settings.json")
    app = DoctorApp(Session(scenes.hyphen(), LIMIT), LIMIT, kept)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        await pilot.press("enter", "g")
        await settle(app, pilot)
        await pilot.press("down", "x")
        await settle(app, pilot)
        assert "This will be done:" in text(app)
        assert text(app).splitlines()[-1].strip() == "y Do it  n/Enter No  ? Help  q Quit"
        await pilot.press("n", "f9", "enter", "w")
        await settle(app, pilot)
        assert "This file will be written" in text(app)
        assert text(app).splitlines()[-1].strip() == "y Do it  n/Enter No  ? Help  q Quit"
        await pilot.press("n")
        await settle(app, pilot)
        assert not (tmp_path / "settings.json").exists()


def test_the_first_frame_waits_for_nothing_that_only_other_rooms_need() -> None:
    script = "import sys, doctor.tui.app; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parent.parent,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert "doctor.tui.screens.overview" in loaded
    assert loaded.isdisjoint((
        "doctor.tui.screens.settings", "doctor.tui.screens.keep", "doctor.tui.rows",
        "textual.widgets._data_table", "textual.widgets._text_area",
    ))  # fmt: skip
