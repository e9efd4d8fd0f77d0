"""What is under way shows since when and for how long, moves nothing, and is ended by one key."""

import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from textual.pilot import Pilot

from doctor.bundle.making import Bundle
from doctor.model import Waiting
from doctor.report.words import elapsed, waiting
from doctor.session import Session
from doctor.tui.app import DoctorApp
from tests import replay
from tests.counted import Counted
from tests.replayed import LEVEL
from tests.terminal import Terminal
from tests.test_app import text
from tests.test_guide import words

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its programs are shell scripts")

LONG = 60.0
"""Seconds that clients have: more than any test needs on a busy machine."""

SIZES = pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=["80x24", "60x20"])


def test_the_first_second_is_not_counted_and_no_more_than_the_limit() -> None:
    asked = Waiting(100.0, 10.0)
    said = [waiting("asking", asked, now) for now in (0.0, 100.0, 100.7, 101.0, 103.9, 999.0)]
    assert said == ["asking...", "asking...", "asking...", "asking... 1 of 10 s",
                    "asking... 4 of 10 s", "asking... 10 of 10 s"]  # fmt: skip
    assert (elapsed(None, 5.0), waiting("asking", None, 5.0)) == ("", "asking...")


@pytest.fixture
def machine(tmp_path: Path) -> Counted:
    return Counted(tmp_path)


def hanging(machine: Counted) -> None:
    """micromamba never answers."""
    (machine.bin / "micromamba").unlink()
    replay.hangs(machine.bin / "micromamba")


def hanging_solver(machine: Counted) -> None:
    """micromamba answers what it is asked, and its dry runs hang."""
    replay.hangs(machine.folder / "said" / "micromamba-1.5.8-create")


@asynccontextmanager
async def running(
    machine: Counted, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[DoctorApp, Pilot[int]]]:
    """The app on the stand-ins, with real children."""
    with machine.host(monkeypatch) as live:
        app = DoctorApp(Session(live, LONG), LONG)
        async with app.run_test(size=size) as pilot:
            yield app, pilot
    assert replay.left_running(machine.folder) == []


async def until(pilot: Pilot[int], reached: Callable[[], bool]) -> None:
    """Draws until something is so; half a minute is more than any of it takes."""
    for _ in range(600):
        if reached():
            return
        await pilot.pause(0.05)
    raise AssertionError(text(pilot.app))  # type: ignore[arg-type]


async def only_the_time_changes(pilot: Pilot[int], before: str = "") -> str:
    """What is shown a second later, where nothing but the seconds after `before` is another."""
    app = pilot.app
    assert isinstance(app, DoctorApp)
    await until(
        pilot, lambda: re.search(before + r"[1-8] of \d+ s|\d\d+ of", text(app)) is not None
    )
    first = text(app)
    found = re.search(before + r"(\d+)( of \d+ s)", first)
    assert found
    now, later = f"{found[1]}{found[2]}", f"{int(found[1]) + 1}{found[2]}"
    await until(pilot, lambda: later in text(app))
    assert first.replace(now, later) == text(app)
    return text(app)


def rows(shown: str) -> list[str]:
    """Lines about other clients, without a scroll bar."""
    lines = [line.rstrip(" ▁▂▃▄▅▆▇█▊▎▍▌") for line in shown.splitlines()]
    return [line for line in lines if re.match(r" ?(conda|mamba|pixi|rattler)", line)]


# --- the examination -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("room", "size"), [("1", (80, 24)), ("3", (80, 24)), ("3", (60, 20))],
    ids=["overview-80x24", "clients-80x24", "clients-60x20"],
)  # fmt: skip
async def test_a_client_that_is_waited_for_says_since_when_and_nothing_moves(
    room: str, size: tuple[int, int], machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging(machine)
    async with running(machine, monkeypatch, size) as (app, pilot):
        await pilot.press(room)
        await until(pilot, lambda: "4 of 5" in app.state.headline)
        second = await only_the_time_changes(pilot)
        assert re.search(r"asking\.\.\. \d+ of 60 s", " ".join(second.split()))
        assert "s Stop" in second
        await pilot.press("s")
        await until(pilot, lambda: app.state.report is not None)
        await until(pilot, lambda: "unknown" in text(app))
        assert rows(text(app)) == rows(second)
        assert app.state.report is not None
        (client,) = (c for c in app.state.report.clients if c.kind == "micromamba")
        assert client.reported is not None
        assert client.reported.trouble == "was stopped before it answered"


def test_a_key_that_can_do_nothing_yet_says_so_once_however_often_it_is_pressed(
    machine: Counted,
) -> None:
    hanging(machine)
    app = Terminal(machine, (80, 24), "--limit", f"{LONG:g}")
    app.until("4 of 5 have answered")
    for key in "gbmtgbmt":
        app.press(key)
        app.until("Not yet: the machine")
    app.press("2")
    app.until("[2 Machine]")
    assert app.text.count("Not yet") == 1
    assert app.quit() == 0


async def test_the_clock_stops_when_nothing_is_waited_for(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging(machine)
    async with running(machine, monkeypatch) as (app, pilot):
        await until(pilot, lambda: app.state.now > 0)
        assert "s" in app.active_bindings
        assert app.active_bindings["s"].binding.tooltip
        await pilot.press("s")
        await until(pilot, lambda: app.state.report is not None)
        await until(pilot, lambda: app._clock is None)
        assert "s" not in app.active_bindings
        assert "s Stop" not in text(app)


async def test_what_was_stopped_is_asked_again_by_r(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging(machine)
    async with running(machine, monkeypatch) as (app, pilot):
        await until(pilot, lambda: "4 of 5" in app.state.headline)
        await pilot.press("s")
        await until(pilot, lambda: app.state.report is not None)
        (machine.bin / "micromamba").unlink()
        machine.micromamba("2.8.1")
        machine.started()
        await pilot.press("r")
        await until(pilot, lambda: "2.8.1" in [
            c.version for c in app.state.clients or () if c.kind == "micromamba"])  # fmt: skip
        await until(pilot, lambda: app.state.report is not None)
        assert machine.started() == ["conda", "mamba", "micromamba", "pixi"]


# --- dry runs --------------------------------------------------------------------------------


@SIZES
async def test_solvers_fill_in_one_by_one_and_can_be_stopped(
    size: tuple[int, int], machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging_solver(machine)
    async with running(machine, monkeypatch, size) as (app, pilot):
        await until(pilot, lambda: app.state.report is not None)
        await pilot.press("4")
        await until(pilot, lambda: len(app.state.attempted) == 4)
        await pilot.press("right", "right", "right")
        assert "level 4 *" in await only_the_time_changes(pilot, r"trying\.\.\. ")
        await pilot.press("s")
        await until(pilot, lambda: app.state.explaining is None)
        await pilot.pause()
        assert LEVEL in app.state.tried
        everything = " ".join(" ".join(str(w.render()) for w in app.screen.query("Line")).split())
        assert "unknown: micromamba 1.5.8 with its libmamba solver was stopped" in everything
        await pilot.press("r")
        await until(pilot, lambda: app.state.explaining is not None)
        assert "micromamba" not in app.state.attempted


async def test_examining_again_ends_the_dry_runs_of_before(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging_solver(machine)
    async with running(machine, monkeypatch) as (app, pilot):
        await until(pilot, lambda: app.state.report is not None)
        await pilot.press("4")
        await until(pilot, lambda: len(app.state.attempted) == 4)
        (old,) = hung(machine)
        machine.micromamba("2.8.1")
        await pilot.press("r")
        await until(pilot, lambda: LEVEL in app.state.tried)
        assert not psutil.pid_exists(old)
        assert app.state.explained is not None
        (client,) = (c for c in app.state.explained.clients if c.kind == "micromamba")
        assert client.version == "2.8.1"
        assert {a.trouble for a in client.attempts} == {None}


# --- trials ----------------------------------------------------------------------------------


@SIZES
async def test_a_trial_says_whom_it_asks_and_can_be_stopped_and_begun_again(
    size: tuple[int, int], machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging_solver(machine)
    async with running(machine, monkeypatch, size) as (app, pilot):
        await until(pilot, lambda: app.state.report is not None)
        await pilot.press("g", "enter")
        shown = await only_the_time_changes(pilot, r"Asking micromamba 1\.5\.8\.\.\. ")
        assert "waits" in shown
        await pilot.press("s")
        await until(pilot, lambda: not app.state.under_way)
        await until(pilot, lambda: "tried: unknown" in text(app))
        assert "Whether it helps is unknown: was stopped before it answered." in words(app)
        assert "not tried" in text(app)
        machine.micromamba("1.5.8")
        await pilot.press("t")
        await until(pilot, lambda: "tried: works" in text(app))


def hung(machine: Counted) -> set[int]:
    """Children that wait for ever."""
    mark = str(machine.folder / "said" / "never")
    return {p.pid for p in psutil.process_iter() if mark in " ".join(replay.words_of(p))}


async def test_checking_again_breaks_a_trial_off_and_takes_it_up_after_that(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging_solver(machine)
    async with running(machine, monkeypatch) as (app, pilot):
        await until(pilot, lambda: app.state.report is not None)
        await pilot.press("g", "enter")
        await until(pilot, lambda: bool(hung(machine)))
        old = hung(machine)
        await pilot.press("c")
        await until(pilot, lambda: "is still there" in text(app))
        await until(pilot, lambda: bool(hung(machine) - old))
        assert not any(map(psutil.pid_exists, old))
        (guide,) = app.state.guides.values()
        assert guide.tried == ()
        assert len(app.state.trying) == 2
        await pilot.press("s")
        await until(pilot, lambda: not app.state.under_way)


# --- checking again --------------------------------------------------------------------------


async def test_checking_again_asks_only_whom_a_change_concerns(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(machine, monkeypatch, (100, 30)) as (app, pilot):
        await until(pilot, lambda: app.state.report is not None)
        await pilot.press("4")
        await until(pilot, lambda: LEVEL in app.state.tried)
        explained = app.state.explained
        assert explained is not None
        await pilot.press("1", "g", "enter")
        await until(pilot, lambda: "tried: works" in text(app) and not app.state.under_way)
        machine.started()
        await pilot.press("c")
        await until(pilot, lambda: "is still there" in text(app))
        assert machine.started() == []
        assert "Asked again: none. As before: conda 26.7.1, mamba 2.8.1" in words(app)
        assert app.state.explained is not None
        assert app.state.explained.clients == explained.clients
        machine.micromamba("2.8.1")
        await pilot.press("c")
        await until(pilot, lambda: "the finding is gone" in text(app))
        assert "Asked again: micromamba 2.8.1. As before: conda 26.7.1, mamba" in words(app)
        await until(pilot, lambda: LEVEL in app.state.tried)
        assert set(machine.started()) == {"micromamba", "micromamba create"}
        after = {c.kind: c for c in app.state.explained.clients}
        for client in explained.clients:
            assert (client == after[client.kind]) is (client.kind != "micromamba")
        assert app.state.report is not None
        made = app._session.bundle(app.state.report, (), (), ())
        assert isinstance(made, Bundle)
        assert {f.id for f in made.report.findings} == {f.id for f in app.state.findings}


async def test_a_check_that_is_stopped_does_not_call_the_finding_gone(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(machine, monkeypatch) as (app, pilot):
        await until(pilot, lambda: app.state.report is not None)
        await pilot.press("g", "enter")
        await until(pilot, lambda: "tried: works" in text(app) and not app.state.under_way)
        hanging(machine)
        await pilot.press("c")
        await until(pilot, lambda: app.state.now > 0 and app.state.asking is not None)
        await pilot.press("s")
        await until(pilot, lambda: "whether it is gone is unknown" in words(app))


# --- in a real terminal ----------------------------------------------------------------------


def test_s_ends_a_hanging_client_at_once_and_everything_else_goes_on(machine: Counted) -> None:
    hanging(machine)
    app = Terminal(machine, (80, 24))
    app.until("4 of 5 have answered", " of 10 s", "s Stop")
    found = [p for p in psutil.process_iter() if str(machine.bin) in " ".join(replay.words_of(p))]
    hung = [p for p in found if "never" in " ".join(replay.words_of(p))]
    assert hung
    app.press("s")
    _, alive = psutil.wait_procs(hung, timeout=1)
    assert alive == []
    app.until("UNKNOWN", "was stopped before it answered")
    app.press("3")
    app.until("[3 Clients]", "micromamba")
    app.press("r")
    app.until("asking... ", "s Stop")
    app.press("s")
    app.until("r Again", "unknown")
    assert app.quit() == 0
    assert replay.left_running(machine.folder) == []
