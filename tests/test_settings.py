"""Settings: read whatever stands there, written only after a yes, obeyed by the app and verbs."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as hypothesis_settings
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from doctor import settings
from doctor.examine import LIMIT
from doctor.host.keeping import MAX_KEPT
from doctor.session import Session
from doctor.settings import Kept, NotKept, Settings
from doctor.tui.app import DoctorApp
from doctor.tui.screens.keep import KeepScreen
from doctor.tui.screens.settings import ABOUT, SettingsScreen
from tests import replay, scenes
from tests.replayed import machine_of_2024
from tests.terminal import ENTER, Terminal
from tests.test_app import shows, text

HYPHEN = "mamba-hyphen-archspec:micromamba"
DEFAULT = Settings()


# --- reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "wanted", "said"),
    [
        (b"", DEFAULT, ""),
        (b"{}", DEFAULT, ""),
        (b'{"theme": "light"}', Settings(theme="light"), ""),
        (b'{"limit": 30, "mouse": false}', Settings(limit=30, mouse=False), ""),
        (b'{"ascii": "yes", "animations": "no"}', Settings(ascii="yes", animations="no"), ""),
        (b'{"muted": ["a:b"]}', Settings(muted=("a:b",)), ""),
        (b"{", DEFAULT, "is no JSON object"),
        (b"[1]", DEFAULT, "is no JSON object"),
        (b"\xff\xfe\x00", DEFAULT, "is no JSON object"),
        (b"[" * 60_000, DEFAULT, "is no JSON object"),
        (b'{"theme": "pink"}', DEFAULT, "what it says of theme makes no sense"),
        (b'{"limit": 0, "mouse": false}', Settings(mouse=False), "of limit makes no sense"),
        (b'{"limit": 601}', DEFAULT, "of limit makes no sense"),
        (b'{"limit": "10"}', DEFAULT, "of limit makes no sense"),
        (b'{"muted": "a:b", "theme": 1}', DEFAULT, "of theme, muted makes no sense"),
        (b'{"tabs": 1, "theme": "dark"}', Settings(theme="dark"), "tabs is not known to this"),
        (b'{"\\u001b[2J": 1}', DEFAULT, " is not known to this envdoctor"),
        (b" " * (MAX_KEPT + 1), DEFAULT, "is larger than 64 KiB"),
    ],
)
def test_what_stands_in_the_file_is_used_as_far_as_it_makes_sense(
    data: bytes, wanted: Settings, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(data)
    kept = settings.read(path)
    assert kept.settings == wanted
    assert said in kept.trouble
    assert bool(said) is bool(kept.trouble)
    assert "\x1b" not in kept.trouble
    assert len(kept.trouble) < len(str(path)) * 2 + 200
    assert path.read_bytes() == data


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: os.symlink("gone", path)])
def test_what_is_no_file_is_said_and_never_waited_for(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "settings.json"
    make(path)
    kept = settings.read(path)
    assert kept.settings == DEFAULT
    assert str(path) in kept.trouble
    before = os.lstat(path)
    with pytest.raises(NotKept, match="Nothing was written"):
        settings.keep(kept, Settings(theme="dark"))
    assert os.lstat(path) == before


def test_no_file_is_no_trouble(tmp_path: Path) -> None:
    assert settings.read(tmp_path / "none" / "settings.json").trouble == ""


@given(strategies.binary(max_size=200) | strategies.text(max_size=200).map(str.encode))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_reading(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(data)
    assert isinstance(settings.read(path).settings, Settings)


# --- keeping ---------------------------------------------------------------------------------

ANY = strategies.builds(
    Settings,
    theme=strategies.sampled_from(("auto", "dark", "light", "high-contrast", "terminal")),
    limit=strategies.floats(0.1, 600),
    mouse=strategies.booleans(),
    ascii=strategies.sampled_from(("auto", "yes", "no")),
    animations=strategies.sampled_from(("auto", "yes", "no")),
    muted=strategies.lists(strategies.text(max_size=30), max_size=3).map(tuple),
)


@given(ANY, ANY)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_is_read_again(tmp_path: Path, first: Settings, second: Settings) -> None:
    path = tmp_path / "settings.json"
    path.unlink(missing_ok=True)
    kept = settings.read(path)
    for wanted in (first, second):
        kept = settings.keep(kept, wanted)
        assert kept.settings == wanted
        assert kept == settings.read(path)
        assert settings.difference(kept, wanted) == ()


def test_the_file_is_its_owners_alone_and_nothing_else_is_left_in_the_folder(
    tmp_path: Path,
) -> None:
    path = tmp_path / "new" / "envdoctor" / "settings.json"
    kept = settings.keep(settings.read(path), Settings(theme="dark"))
    assert json.loads(path.read_bytes()) == {"theme": "dark"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    settings.keep(kept, Settings(theme="light"))
    assert os.listdir(path.parent) == ["settings.json"]


def test_what_somebody_else_wrote_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    kept = settings.read(path)
    path.write_text('{"theme": "light"}')
    with pytest.raises(NotKept, match="changed by somebody else"):
        settings.keep(kept, Settings(theme="dark"))
    assert path.read_text() == '{"theme": "light"}'


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "settings.json"
    with pytest.raises(NotKept, match=r"was not written: .*(File exists|Not a directory)"):
        settings.keep(settings.read(path), Settings(theme="dark"))


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    own, path = tmp_path / "dotfiles.json", tmp_path / "settings.json"
    own.write_text("{}")
    path.symlink_to(own)
    settings.keep(settings.read(path), Settings(mouse=False))
    assert path.is_symlink()
    assert json.loads(own.read_text()) == {"mouse": False}


def test_the_diff_shows_what_goes_and_newer_settings_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{\n  "theme": "dark",\n  "tabs": 4\n}\n')
    kept = settings.read(path)
    changes = settings.difference(kept, Settings(theme="light"))
    assert '-  "theme": "dark",' in changes
    assert '+  "theme": "light"' in changes
    settings.keep(kept, Settings(theme="light"))
    assert json.loads(path.read_text()) == {"tabs": 4, "theme": "light"}


def test_an_id_that_json_cannot_hold_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    kept = settings.keep(settings.read(path), Settings(muted=("a:\udcff", "b:c")))
    assert kept.settings.muted == ("b:c",)


@pytest.mark.skipif(sys.platform != "linux", reason="the paths of Linux")
def test_it_stands_where_the_platform_keeps_settings(tmp_path: Path) -> None:
    script = "from doctor.settings import place; print(place())"

    def said(**env: str) -> str:
        argv, root = [sys.executable, "-c", script], Path(__file__).parent.parent
        done = subprocess.run(argv, env=env, cwd=root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    where = f"{tmp_path}/chosen"
    assert said(HOME=str(tmp_path), XDG_CONFIG_HOME=where) == f"{where}/envdoctor/settings.json"
    assert said(HOME=str(tmp_path)) == f"{tmp_path}/.config/envdoctor/settings.json"


def test_a_user_without_a_home_keeps_nothing() -> None:
    assert settings.read(None) == Kept()
    with pytest.raises(NotKept, match="no home"):
        settings.keep(Kept(), Settings(theme="dark"))


# --- the verbs -------------------------------------------------------------------------------


def keep(home: Path, content: str) -> Path:
    """Writes the file as a user may have it."""
    path = home / ".config" / "envdoctor" / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    return path


def test_check_lists_what_was_muted_and_does_not_count_it(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    env = machine.env()
    before = replay.doctor("check", "--json", env=env)
    assert before.status == 1
    assert {f["muted"] for f in before.document["findings"]} == {False}
    assert not (machine.home / ".config").exists()
    keep(machine.home, json.dumps({"muted": [HYPHEN, "gone:since"]}))
    after = replay.doctor("check", "--json", env=env)
    assert after.status == 0
    assert after.stderr == ""
    *others, last = after.document["findings"]
    assert (last["id"], last["muted"], last["severity"]) == (HYPHEN, True, "error")
    assert {f["muted"] for f in others} == {False}
    assert {f["id"] for f in others} == {f["id"] for f in before.document["findings"]} - {HYPHEN}


def test_the_report_in_words_has_muted_findings_under_their_own_heading(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    keep(machine.home, json.dumps({"muted": [HYPHEN]}))
    plain = replay.doctor("check", "--plain", env=machine.env()).stdout
    assert "1 muted" in plain
    head, _, rest = plain.partition("\nMuted:\n")
    assert f"MUTED {HYPHEN}" in rest
    assert HYPHEN not in head
    assert "cannot install" not in head
    marked = replay.doctor("check", "--markdown", env=machine.env()).stdout
    assert f"\nMuted:\n\n**MUTED** `{HYPHEN}`" in marked


def test_what_is_muted_here_counts_on_another_machine(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    keep(machine.home, json.dumps({"muted": [HYPHEN]}))
    bundle = str(tmp_path / "mine.zip")
    made = replay.doctor("bundle", "-o", bundle, "--yes", env=machine.env())
    assert made.status == 0, made.stderr
    shown = replay.doctor("check", "--json", "--from", bundle, env=machine.env())
    assert shown.status == 1
    assert {f["muted"] for f in shown.document["findings"]} == {False}


def test_a_file_that_makes_no_sense_is_said_beside_the_one_document(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    path = keep(machine.home, "{")
    done = replay.doctor("clients", "--json", env=machine.env())
    assert done.status == 0
    assert done.stderr == f"envdoctor: {path} is no JSON object: settings are as by default.\n"
    assert done.document["clients"]
    assert path.read_text() == "{"


def test_the_limit_that_was_kept_holds_unless_another_is_given(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    replay.hangs(machine.bin / "pixi")
    keep(machine.home, '{"limit": 0.7}')
    for words, limit in (((), "0.7"), (("--limit", "0.9"), "0.9")):
        done = replay.doctor("clients", "--json", *words, env=machine.env())
        (row,) = [row for row in done.document["clients"] if row["kind"] == "pixi"]
        assert f"did not answer within {limit} s" in replay.answer(row, "reported")["trouble"]


# --- the app ---------------------------------------------------------------------------------


@asynccontextmanager
async def living(
    kept: Kept, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[DoctorApp, Pilot[int]]]:
    """The app on a machine that is this one as far as it can tell."""
    app = DoctorApp(Session(scenes.hyphen(), LIMIT), LIMIT, kept)
    async with app.run_test(size=size, notifications=True) as pilot:
        while app.state.report is None:
            await app.workers.wait_for_complete()
            await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        yield app, pilot


async def notes(app: DoctorApp, pilot: Pilot[int], wanted: str) -> bool:
    """Whether a note at the edge of the screen comes to say that, however its lines break."""
    for _ in range(100):
        if any(wanted in str(toast.render()) for toast in app.screen.query("Toast")):
            return True
        await pilot.pause()
    return False


def ids(app: DoctorApp) -> list[str]:
    return [finding.id for finding in app.state.findings]


async def test_u_mutes_a_finding_and_u_again_puts_it_back_where_it_was(tmp_path: Path) -> None:
    async with living(settings.read(tmp_path / "settings.json")) as (app, pilot):
        before = ids(app)
        assert before[0] == HYPHEN
        await pilot.press("u")
        assert await shows(app, pilot, ">MUTED    micromamba 1.5.8 says")
        assert ids(app) == [*before[1:], HYPHEN]
        assert "cannot install" not in text(app)
        assert await notes(app, pilot, "F9, then w, keeps that.")
        await pilot.press("u")
        assert await shows(app, pilot, ">ERROR    micromamba 1.5.8 says")
        assert ids(app) == before
        assert "cannot install" in text(app)
    assert os.listdir(tmp_path) == []


async def test_a_finding_says_on_its_page_that_it_is_muted(tmp_path: Path) -> None:
    kept = settings.keep(settings.read(tmp_path / "settings.json"), Settings(muted=(HYPHEN,)))
    async with living(kept) as (app, pilot):
        await pilot.press("end", "enter")
        assert await shows(app, pilot, "MUTED (error)  micromamba 1.5.8 says")
        await pilot.press("u")
        assert await shows(app, pilot, "ERROR  micromamba 1.5.8 says")
        await pilot.press("escape", "g")
        assert await shows(app, pilot, ">ERROR    micromamba 1.5.8 says")


async def test_a_bundle_has_what_was_muted_as_everything_else(tmp_path: Path) -> None:
    async with living(settings.read(tmp_path / "settings.json")) as (app, pilot):
        await pilot.press("u")
        assert await shows(app, pilot, "MUTED")
        report = app.state.report
        assert report is not None
        made = app._session.bundle(report, (), (), ())
        assert not isinstance(made, str), made
        (content,) = [c for c in made.contents if c.name == "report.json"]
        findings = json.loads(content.data)["findings"]
    assert [f["muted"] for f in findings if f["id"] == HYPHEN] == [False]


async def test_a_recording_is_not_muted_and_the_key_says_why(tmp_path: Path) -> None:
    kept = settings.keep(settings.read(tmp_path / "settings.json"), Settings(muted=(HYPHEN,)))
    app = DoctorApp(Session(scenes.recorded(scenes.hyphen()), LIMIT), LIMIT, kept)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        while app.state.report is None:
            await app.workers.wait_for_complete()
            await pilot.pause()
        await pilot.pause()
        assert ids(app)[0] == HYPHEN
        await pilot.press("u")
        assert await notes(app, pilot, "Only findings of this machine can be muted")
        assert ">ERROR    micromamba 1.5.8 says" in text(app)


async def test_every_setting_is_changed_by_enter_and_holds_at_once(tmp_path: Path) -> None:
    async with living(settings.read(tmp_path / "settings.json")) as (app, pilot):
        await pilot.press("f9")
        assert await shows(app, pilot, ">theme        auto: dark")
        for row, wanted in (
            ("theme", Settings(theme="dark")),
            ("mouse", Settings(theme="dark", mouse=False)),
            ("ascii", Settings(theme="dark", mouse=False, ascii="yes")),
            ("animations", Settings(theme="dark", mouse=False, ascii="yes", animations="yes")),
        ):
            rows = app.screen.query_one("#settings", OptionList)
            rows.highlighted = rows.get_option_index(row)
            await pilot.press("enter")
            await pilot.pause()
            assert app.settings == wanted
            assert ABOUT[row] in " ".join(str(line.render()) for line in app.screen.query("Line"))
        assert os.listdir(tmp_path) == []


async def test_a_limit_for_this_run_alone_is_shown_as_not_kept(tmp_path: Path) -> None:
    kept = settings.read(tmp_path / "settings.json")
    app = DoctorApp(Session(scenes.healthy(), 33.0), 33.0, kept)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f9")
        assert await shows(app, pilot, "limit        33 s")
        assert await shows(app, pilot, "Not kept yet in")
        await app.workers.wait_for_complete()


async def test_the_limit_is_typed_and_what_is_no_number_is_said(tmp_path: Path) -> None:
    async with living(settings.read(tmp_path / "settings.json")) as (app, pilot):
        await pilot.press("f9", "down", "enter", *["backspace"] * 2, *"0", "enter")
        assert await shows(app, pilot, "type more than 0 and at most 600 seconds")
        assert app.screen.query_one(Input).has_focus
        await pilot.press("backspace", *"2.5", "enter")
        assert await shows(app, pilot, ">limit        2.5 s")
        assert app.settings.limit == 2.5
        await pilot.press("escape")
        await pilot.pause()
        assert "[1 Overview]" in text(app)


async def test_settings_are_written_after_the_diff_was_shown_and_only_by_y(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    async with living(settings.read(path)) as (app, pilot):
        await pilot.press("f9", "w")
        assert await shows(app, pilot, "There is nothing to keep")
        await pilot.press("enter")
        assert await shows(app, pilot, "Not kept yet in")
        for answer in ("enter", "n", "escape"):
            await pilot.press("w")
            assert await shows(app, pilot, '+  "theme": "dark"')
            shown = "".join(str(line.render()) for line in app.screen.query("Line"))
            assert isinstance(app.screen, KeepScreen)
            assert str(path) in shown
            await pilot.press(answer)
            assert await shows(app, pilot, "Nothing was written.")
            assert not path.exists()
        await pilot.press("w", "y")
        assert await shows(app, pilot, "Kept now.")
        assert json.loads(path.read_text()) == {"theme": "dark"}
        await pilot.press("w")
        assert await shows(app, pilot, "the file says the same")


async def test_a_file_that_changed_under_the_question_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    async with living(settings.read(path)) as (app, pilot):
        await pilot.press("f9", "enter", "w")
        assert await shows(app, pilot, "Write it?")
        path.write_text('{"theme": "light"}')
        await pilot.press("y")
        assert await shows(app, pilot, "changed by somebody else")
        assert path.read_text() == '{"theme": "light"}'
        await pilot.press("w")
        assert await shows(app, pilot, '-{"theme": "light"}')
        await pilot.press("y")
        assert await shows(app, pilot, "Kept now.")
        assert json.loads(path.read_text()) == {"theme": "dark"}


async def test_trouble_is_shown_and_such_a_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b" " * (MAX_KEPT + 1))
    async with living(settings.read(path)) as (app, pilot):
        assert await notes(app, pilot, "is larger than 64 KiB")
        await pilot.press("f9", "enter", "w")
        assert await shows(app, pilot, "It is not written over")
        assert isinstance(app.screen, SettingsScreen)
        assert path.stat().st_size == MAX_KEPT + 1


async def test_a_muted_finding_is_taken_out_on_the_page(tmp_path: Path) -> None:
    kept = settings.keep(settings.read(tmp_path / "settings.json"), Settings(muted=(HYPHEN,)))
    async with living(kept) as (app, pilot):
        assert ids(app)[-1] == HYPHEN
        await pilot.press("f9", "end", "enter")
        assert await shows(app, pilot, "muted        nothing")
        await pilot.press("escape")
        assert await shows(app, pilot, "ERROR    micromamba 1.5.8 says")
        assert ids(app)[0] == HYPHEN


def test_muted_and_kept_by_keys_alone_the_finding_stays_muted(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    app = Terminal(machine, (80, 24))
    app.until("cannot install CPU-specific packages", "Guide")
    app.press("u")
    app.until("MUTED micromamba 1.5.8 says")
    app.press("\x1b[20~")
    app.until("Not kept yet in")
    app.press("w")
    app.until("This file will be written", HYPHEN, "Enter, n and Esc write nothing")
    assert not (machine.home / ".config").exists()
    app.press("y")
    app.until("Kept now.")
    assert app.quit() == 0
    assert replay.doctor("check", "--json", env=machine.env()).status == 0
    again = Terminal(machine, (80, 24))
    again.until("MUTED micromamba 1.5.8 says", "Guide")
    again.press(ENTER)
    assert again.quit() == 0
