"""However envdoctor ends, the terminal is as it was before, and no child is left.

In a pty, by the bytes that were written into it and by its modes; under bash, for jobs; in tmux.
"""

import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from doctor.fix import journal
from tests import replay
from tests.breaking import SECRET
from tests.clients import ROOT
from tests.exits import DOCTOR, PROMPT, SIZE, Shell, TmuxShell, Watched, until
from tests.replayed import Replayed, machine_of_2024
from tests.terminal import ENTER, ESCAPE, to_the_question

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals of Unix")

SWITCHED = ("1049", "1000", "1003", "1006", "1015", "2004", "1004")
"""Alternate screen, mouse, pasting, focus: what Textual switches on."""

F9 = "\x1b[20~"


def breaking(kind: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "tests.breaking", kind)


def asking(folder: Path, program: tuple[str, ...] = (*DOCTOR, "--limit", "60")) -> Watched:
    """The app at the moment when a client runs that never ends by itself."""
    machine = Replayed(folder)
    replay.hangs(machine.bin / "micromamba")
    started = machine.bin / "started"
    os.mkfifo(started)
    app = Watched(machine, SIZE, program, {"STARTED": str(started)})
    if program == breaking("examination"):  # which hears of it itself, and breaks
        return app
    assert started.read_text() == "started\n"
    app.until("asking", "micromamba")
    assert app.modes["1049"] and app.modes["1000"]
    assert not app.is_cooked
    return app


def assert_given_back(app: Watched, folder: Path) -> None:
    """What was switched on is off, lines are edited by the kernel again, nothing runs."""
    for mode in SWITCHED:
        assert f"\x1b[?{mode}l".encode() in app.said, mode
    modes = app.modes
    assert {mode: modes[mode] for mode in SWITCHED} == dict.fromkeys(SWITCHED, False)
    assert modes["25"] and modes["7"] and not modes["keys"]
    assert not modes.get("2026") and not modes.get("2048") and not modes.get("1016")
    assert app.is_cooked
    assert b"Traceback" not in app.said.rpartition(b"\x1b[?1004l")[2]
    assert not psutil.pid_exists(app.pid)
    assert replay.left_running(folder) == []


# --- asked to leave --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "status"), [("q", {0}), ("\x03", {130}), ("\x03\x03", {130}), ("q\x03", {0, 130})]
)
def test_by_keys(keys: str, status: set[int], tmp_path: Path) -> None:
    app = asking(tmp_path)
    app.press(*keys)
    assert app.ended() in status
    assert_given_back(app, tmp_path)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
@pytest.mark.parametrize("times", [1, 2])
def test_by_signals(name: str, times: int, tmp_path: Path) -> None:
    app = asking(tmp_path)
    for _ in range(times):
        app.signal(getattr(signal, name))
    assert app.ended() == 128 + getattr(signal, name)
    assert_given_back(app, tmp_path)


def test_while_the_app_is_stopped_by_the_system(tmp_path: Path) -> None:
    """As `kill` of a shell does with a stopped job."""
    app = asking(tmp_path)
    app.signal(signal.SIGSTOP)
    until(lambda: psutil.Process(app.pid).status() == psutil.STATUS_STOPPED)
    app.signal(signal.SIGTERM)
    app.signal(signal.SIGCONT)
    assert app.ended() == 128 + signal.SIGTERM
    assert_given_back(app, tmp_path)


START = (
    "doctor.session", "doctor.tui.guard", "textual.app", "doctor.tui.running", "textual.drivers",
)  # fmt: skip
"""Modules in the order in which they are loaded after signals have a meaning."""


@pytest.mark.parametrize("moment", [*START, "\x1b[?1049h", "\x1b[>25u", "\x1b[?2004h", "Overview"])
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_at_any_moment_of_the_start(name: str, moment: str, tmp_path: Path) -> None:
    """Python itself says which module it has just loaded."""
    program = (sys.executable, "-X", "importtime", "-m", "doctor")
    app = Watched(machine_of_2024(tmp_path), SIZE, program)
    app.until_said(moment.encode())
    app.signal(getattr(signal, name))
    assert app.ended() == 128 + getattr(signal, name)
    taken = {mode: on for mode, on in app.modes.items() if on}
    assert set(taken) <= {"25", "7"}
    assert app.is_cooked
    assert b"Traceback" not in app.said
    assert replay.left_running(tmp_path) == []


@pytest.mark.parametrize("moment", ["\x1b[?2004l", "\x1b[?1000l", "\x1b[?1049l", "\x1b[?1004l"])
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_at_any_moment_of_the_end(name: str, moment: str, tmp_path: Path) -> None:
    app = asking(tmp_path)
    app.press("q")
    app.until_said(moment.encode())
    app.signal(getattr(signal, name))
    assert app.ended() in {0, 128 + getattr(signal, name)}
    assert_given_back(app, tmp_path)


# --- the terminal is gone, or takes no more --------------------------------------------------


@pytest.mark.parametrize("hears", [True, False], ids=["SIGHUP", "nohup"])
def test_a_closed_terminal_ends_it_at_once(hears: bool, tmp_path: Path) -> None:
    trap = "" if hears else "trap '' HUP; "
    program = ("/bin/sh", "-c", f'{trap}exec "$0" -m doctor --limit 60', sys.executable)
    app = asking(tmp_path, program)
    process = psutil.Process(app.pid)
    before = sum(process.cpu_times()[:2])
    closed = time.monotonic()
    app.hang_up()
    _, status, used = os.wait4(app.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGHUP
    assert time.monotonic() - closed < 5
    assert used.ru_utime + used.ru_stime - before < 2  # nothing spins meanwhile
    assert replay.left_running(tmp_path) == []


def test_a_terminal_that_takes_no_more_holds_nobody_up(tmp_path: Path) -> None:
    """A connection that hangs: what waits to be drawn is dropped for what gives it back."""
    app = asking(tmp_path)
    app.resize(200, 60)
    name = psutil.Process(app.pid).terminal()
    assert name is not None
    own = os.open(name, os.O_WRONLY | os.O_NOCTTY)
    while select.select([], [own], [], 0.2)[1]:
        app.press(*"123456")
    os.close(own)
    app.press(*"123456" * 10)
    app.signal(signal.SIGTERM)
    process = psutil.Process(app.pid)
    until(lambda: process.status() == psutil.STATUS_ZOMBIE)
    assert app.ended() == 128 + signal.SIGTERM
    assert app.is_cooked
    assert app.said.endswith(b"\x1b[?1049l\x1b[?25h\x1b[?1004l")
    assert replay.left_running(tmp_path) == []


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "stopped"])
def test_a_dropped_connection_ends_the_shell_and_it(stopped: bool, tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    replay.hangs(machine.bin / "mamba")
    shell = Shell(machine)
    shell.type(" ".join((*DOCTOR, "--limit", "60")))
    shell.until("asking")
    (app,) = psutil.Process(shell.pid).children()
    if stopped:
        shell.press("\x1a")
        shell.until("Stopped")
    shell.hang_up()
    until(lambda: not app.is_running() or app.status() == psutil.STATUS_ZOMBIE)
    assert replay.left_running(tmp_path) == []


# --- a fault of ours -------------------------------------------------------------------------


def broken(kind: str, folder: Path, size: tuple[int, int] = SIZE) -> Watched:
    """The screen about a fault, with a client that ran when it happened."""
    app = asking(folder, breaking(kind))
    app.resize(*size)
    if kind != "examination":
        app.press(F9)
    app.until("envdoctor broke", "Please report it")
    return app


@pytest.mark.parametrize("kind", ["handler", "compose", "worker", "examination"])
def test_a_fault_is_told_on_one_screen(kind: str, tmp_path: Path) -> None:
    app = broken(kind, tmp_path)
    assert replay.left_running(tmp_path) == []
    shown = app.until("changed nothing on this machine.", "Fault: cannot read", "q Quit", "y Text")
    assert "Fault: cannot read /home/hidden-" in shown
    for secret in (SECRET, "tk-123", "alice", "acme", "pwned"):
        assert secret not in shown
    app.press("q")
    assert app.ended() == 3
    assert app.said.count(b"\x1b[?1049h") == app.said.count(b"\x1b[?1049l") == 2
    assert_given_back(app, tmp_path)
    assert SECRET.encode() not in app.said
    assert b"envdoctor: broke: Fault: cannot read /home/hidden-" in app.said


def test_a_fault_leads_to_a_bundle_of_what_was_recorded_so_far(tmp_path: Path) -> None:
    app = broken("handler", tmp_path)
    app.press("b")
    app.until("the same findings and levels", "Write")
    app.press("w")
    app.until("envdoctor-")
    app.press(ENTER)
    app.until("Written:", "Nothing was sent.")
    app.press(ESCAPE)
    app.until("envdoctor Fault")
    app.press("q")
    assert app.ended() == 3
    assert_given_back(app, tmp_path)
    (written,) = (tmp_path / "home").glob("*.zip")
    run = replay.doctor("open", str(written), env=replay.surroundings(tmp_path / "elsewhere"))
    assert "stopped, because envdoctor was closed" in run.stdout


def test_a_broken_examination_still_gives_a_bundle(tmp_path: Path) -> None:
    app = broken("examination", tmp_path)
    app.press("b")
    app.until("the same findings and levels", "Write")
    app.press("q")
    assert app.ended() == 3
    assert_given_back(app, tmp_path)


def test_what_cannot_be_recorded_is_said_and_not_told_with_names(tmp_path: Path) -> None:
    """Neither can names be hidden in the message then: it is left out."""
    app = broken("odd", tmp_path)
    app.until("Fault: (its message is left out: names could not be hidden in it)")
    app.press("b")
    app.until("Nothing can be written: it could not be put together")
    app.press("q")
    assert app.ended() == 3
    assert_given_back(app, tmp_path)
    assert SECRET.encode() not in app.said


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_all_of_it_can_be_read_by_keys(size: tuple[int, int], tmp_path: Path) -> None:
    app = broken("handler", tmp_path, size)
    app.until("? Help q Quit", "b Bundle", "y Text")
    app.press("y")
    app.until("What to report", "Esc Back")
    app.press("\x1b[F")
    app.until("tests/breaking.py", "raise Fault(MESSAGE)", "Fault: cannot read /home/hidden-")
    assert str(ROOT) not in app.text
    app.press(ESCAPE)
    app.until("envdoctor Fault")
    app.press("?")
    app.until("Keys", "with every call, to copy")
    app.press("\x03")
    assert app.ended() == 3
    assert_given_back(app, tmp_path)


def test_where_the_screen_about_it_breaks_too_it_is_told_in_lines(tmp_path: Path) -> None:
    app = asking(tmp_path, breaking("twice"))
    app.press(F9)
    assert app.ended() == 3
    said = app.said.rpartition(b"\x1b[?1004l")[2].decode()
    assert "envdoctor broke. This is a fault of envdoctor itself." in said
    assert "tests/breaking.py" in said and "in action_break" in said
    assert "Then the screen about it broke too: Fault." in said
    assert SECRET not in said and "\x1b" not in said
    assert app.is_cooked
    assert replay.left_running(tmp_path) == []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_signals_end_the_screen_about_a_fault(name: str, tmp_path: Path) -> None:
    app = broken("handler", tmp_path)
    app.signal(getattr(signal, name))
    assert app.ended() == 128 + getattr(signal, name)
    assert_given_back(app, tmp_path)


# --- while a way out is being done -----------------------------------------------------------


def doing(folder: Path) -> tuple[Replayed, Watched]:
    """The app with a fault in it, while conda works that rolls back when it is asked to stop."""
    machine = machine_of_2024(folder)
    machine.conda_rolls_back()
    app = Watched(machine, SIZE, breaking("handler"))
    to_the_question(app)
    app.press("y")
    app.until("Being done. s stops it.", "linking packages")
    return machine, app


def test_a_fault_lets_what_is_being_done_roll_back_and_says_what_may_be_left(
    tmp_path: Path,
) -> None:
    machine, app = doing(tmp_path)
    app.press(F9)
    shown = app.until("envdoctor Fault", "Please report it")
    assert machine.changes == ["rolled back"]
    assert "The fault changed nothing" not in shown
    assert "Meanwhile this was being done: Use conda 26.7.1" in shown
    assert "The command was interrupted. What it did before that may be left." in shown
    assert "The log of what ran: ~/.local/state/envdoctor/applied.jsonl" in shown
    app.press("q")
    assert app.ended() == 3
    assert_given_back(app, tmp_path)
    (entry,) = journal.read(machine.home / ".local" / "state" / "envdoctor")
    assert not entry.ok


def test_a_lost_terminal_is_told_twice_and_lets_it_roll_back_too(tmp_path: Path) -> None:
    """The kernel and the shell both say so, within a moment."""
    machine, app = doing(tmp_path)
    app.signal(signal.SIGHUP)
    app.hang_up()
    app.signal(signal.SIGHUP)
    assert app.status() == 128 + signal.SIGHUP
    assert machine.changes == ["rolled back"]
    assert replay.left_running(tmp_path) == []
    (entry,) = journal.read(machine.home / ".local" / "state" / "envdoctor")
    assert entry.done[0].ended == "was interrupted"


# --- lent to the shell -----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["ctrl-z", "SIGTSTP", "SIGSTOP"])
@pytest.mark.parametrize("size", [SIZE, (60, 20)], ids=["same", "smaller"])
def test_stopped_and_continued(how: str, size: tuple[int, int], tmp_path: Path) -> None:
    shell = Shell(machine_of_2024(tmp_path))
    app = shell.start()
    if how == "ctrl-z":
        shell.press("\x1a")
    else:
        app.send_signal(getattr(signal, how))
    shell.until_said(b"Stopped")
    if how != "SIGSTOP":  # of which nobody is told
        shell.at_the_prompt(shell.said.index(b"Stopped"))
    shell.resize(*size)
    before = len(shell.said)
    shell.type("fg")
    until(lambda: app.status() != psutil.STATUS_STOPPED)
    shell.until_said(b"\x1b[?1004h", before)
    shell.drawn(*size)
    assert all(shell.modes[mode] for mode in SWITCHED)
    assert shell.modes["keys"]
    assert not shell.is_cooked
    shell.press("3")
    shell.until("Clients]" if size == SIZE else "[3 Clients]")
    before = len(shell.said)
    shell.press("q")
    shell.at_the_prompt(before)
    assert not app.is_running()
    assert replay.left_running(tmp_path) == []
    shell.type("exit")
    assert shell.ended() == 0


def test_continued_behind_the_shell_it_waits_for_its_turn(tmp_path: Path) -> None:
    """Else it would draw over what somebody types."""
    shell = Shell(machine_of_2024(tmp_path))
    app = shell.start()
    shell.press("\x1a")
    shell.until("Stopped")
    shell.type("bg; wait %1; echo it has $((2 + 2)) times stopped")
    shell.until("it has 4 times stopped")
    assert app.status() == psutil.STATUS_STOPPED
    assert not shell.modes["1049"]
    shell.type("fg")
    shell.drawn(*SIZE)
    before = len(shell.said)
    shell.press("q")
    shell.at_the_prompt(before)
    shell.type("exit")
    assert shell.ended() == 0


@pytest.mark.parametrize("how", ["SIGTSTP", "SIGSTOP"])
def test_ended_while_it_is_stopped(how: str, tmp_path: Path) -> None:
    """The shell has the terminal, and keeps it."""
    shell = Shell(machine_of_2024(tmp_path))
    app = shell.start()
    app.send_signal(getattr(signal, how))
    shell.until_said(b"Stopped")
    app.send_signal(signal.SIGTERM)  # as `kill %1` does
    app.send_signal(signal.SIGCONT)
    until(lambda: not app.is_running())
    before = len(shell.said)
    shell.type("")
    shell.at_the_prompt(before)
    assert b"Exit 143" in shell.said[before:]
    assert replay.left_running(tmp_path) == []
    shell.type("exit")
    assert shell.ended() == 0


def test_where_no_shell_could_continue_it_nothing_stops_it(tmp_path: Path) -> None:
    app = asking(tmp_path)
    before = len(app.said)
    app.press("\x1a")
    app.until_said(b"\x1b[?1049l", before)
    app.until_said(b"\x1b[?1004h", before)
    app.until("asking", "Quit")
    app.press("q")
    assert app.ended() == 0
    assert_given_back(app, tmp_path)


# --- without a mouse, without a terminal -----------------------------------------------------

MOUSE = ("1000", "1002", "1003", "1005", "1006", "1015", "1016")


def test_no_mouse_never_switches_it_on(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    bundle = str(tmp_path / "shared.zip")
    done = replay.doctor("bundle", "--yes", "-o", bundle, env=machine.env())
    assert done.status == 0
    for words in (("--no-mouse",), ("open", bundle, "--no-mouse"), ("--no-mouse", "open", bundle)):
        app = Watched(machine, SIZE, (*DOCTOR, *words))
        app.until("cannot install CPU-specific packages", "Guide")
        assert app.quit() == 0
        assert not any(mode in app.modes for mode in MOUSE), words
        assert app.modes["2004"] is app.modes["1049"] is app.modes["1004"] is False
        assert app.is_cooked


@pytest.mark.parametrize("stream", ["< /dev/null", "> said", "2> /dev/null"])
def test_where_it_cannot_read_or_draw_it_says_it_in_lines(stream: str, tmp_path: Path) -> None:
    program = ("/bin/sh", "-c", f'"$0" -m doctor {stream}; echo status $?', sys.executable)
    app = Watched(machine_of_2024(tmp_path), SIZE, program)
    if stream.startswith("2"):
        app.until("micromamba 1.5.8 cannot install")
        app.press("\x04")  # where it would listen to lines
    app.ended()
    assert "status " in app.text
    assert app.modes == {"keys": False}
    said = tmp_path / "home" / "said"
    report = said.read_text() if said.exists() else app.said.decode()
    assert "micromamba 1.5.8 cannot install CPU-specific packages" in report


# --- in tmux ---------------------------------------------------------------------------------


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[TmuxShell]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    server = TmuxShell(machine_of_2024(tmp_path))
    try:
        server.until(PROMPT)
        yield server
    finally:
        server("kill-server")


@pytest.mark.parametrize("how", ["q", "C-c", "SIGTERM", "SIGHUP", "fault"])
def test_in_tmux_the_prompt_is_back_and_echoes(how: str, tmux: TmuxShell, tmp_path: Path) -> None:
    before = tmux.modes()
    words = breaking("handler") if how == "fault" else DOCTOR
    tmux("send-keys", f"{' '.join(words)}; echo status $?", "Enter")
    tmux.until("cannot install CPU-specific packages", "Guide")
    assert tmux.modes() != before
    if how == "fault":
        tmux("send-keys", "F9")
        tmux.until("envdoctor Fault", "y Text")
        tmux("send-keys", "q")
    elif how.startswith("SIG"):
        shell = psutil.Process(int(tmux("display", "-p", "#{pane_pid}")))
        (app,) = shell.children()
        app.send_signal(getattr(signal, how))
    else:
        tmux("send-keys", how)
    status = {"q": 0, "C-c": 130, "SIGTERM": 143, "SIGHUP": 129, "fault": 3}[how]
    tmux.until(f"status {status} {PROMPT}")
    assert tmux.modes() == before
    tmux("send-keys", "-l", "echo typed text")
    tmux.until(f"{PROMPT} echo typed text")
    assert "Overview" not in tmux.text
    assert replay.left_running(tmp_path / "bin") == []
