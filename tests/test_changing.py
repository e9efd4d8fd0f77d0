"""What changes the machine, under attack: interrupted, beside other children, on odd files."""

import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from doctor.fix import journal
from doctor.fix.applying import apply, undo
from doctor.host.changing import Changer
from doctor.host.processes import Processes
from doctor.host.streams import Outcome
from doctor.model import Applied, Cost, Edit, Remedy, Run
from tests import replay
from tests.clients import ROOT
from tests.replayed import Replayed, machine_of_2024
from tests.terminal import Terminal, to_the_question
from tests.test_fix import FINDING, HYPHEN, fix


def waits_for(pipe: Path) -> list[str]:
    """A command that says that it runs, then waits until somebody writes into a pipe."""
    os.mkfifo(pipe)
    return ["/bin/sh", "-c", f"exec 3<> {replay.quote(pipe)}; echo runs; read word <&3; echo $word"]


# --- beside other children -------------------------------------------------------------------


def test_a_command_outlives_the_children_of_a_trial_that_end_beside_it(tmp_path: Path) -> None:
    """Each host ends what its children left behind, and nothing that another one started."""
    changing, trying = Processes(), Processes()
    runs = threading.Event()
    ended: list[Outcome] = []
    command = waits_for(tmp_path / "pipe")

    def work() -> None:
        ended.append(changing.run(command, os.environ, 60, lambda _: runs.set()))

    thread = threading.Thread(target=work)
    thread.start()
    assert runs.wait(60)
    assert trying.run(["/bin/true"], os.environ, 60).trouble is None
    with open(os.open(tmp_path / "pipe", os.O_RDWR), "wb") as pipe:
        pipe.write(b"whole\n")
        pipe.flush()
        thread.join()
    assert (ended[0].status, bytes(ended[0].streams[0])) == (0, b"runs\nwhole\n")


# --- environments that are there -------------------------------------------------------------


@pytest.mark.parametrize("registered", [True, False])
def test_an_environment_that_is_there_is_never_created_over(
    registered: bool, tmp_path: Path
) -> None:
    """Told not to ask, clients delete an environment of the same name first."""
    machine = machine_of_2024(tmp_path)
    folder = tmp_path / "elsewhere" if registered else machine.root / "envs"
    (folder / "test" / "conda-meta").mkdir(parents=True)
    if registered:
        (machine.home / ".conda").mkdir(parents=True)
        (machine.home / ".conda" / "environments.txt").write_text(f"{folder}/test\n")
    run = fix(machine, HYPHEN, "--apply", "--yes")
    assert run.status == 2
    assert f"The environment {folder}/test is there already and would be deleted" in run.stderr
    assert machine.changes == []  # nor is the next remedy done instead, which costs more


# --- signals, and streams that nobody reads --------------------------------------------------


def doing_for_long(folder: Path) -> tuple[Replayed, Path]:
    """A machine whose conda ignores polite signals and goes on until a pipe is written to."""
    machine = machine_of_2024(folder)
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    replay.script(
        machine.root / "bin" / "conda",
        f"trap '' HUP INT TERM PIPE; exec 3<> {replay.quote(pipe)}",
        "echo working; read word <&3",
        f"echo $word; echo $word > {replay.quote(machine.changed)}",
    )
    return machine, pipe


def applying(machine: Replayed) -> "subprocess.Popen[str]":
    """envdoctor at the point where the command is running."""
    child = subprocess.Popen(
        [sys.executable, "-m", "doctor", "fix", HYPHEN, "--apply", "--yes", "--json"], cwd=ROOT,
        env=machine.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stderr is not None
    assert any(line.strip() == "working" for line in child.stderr)
    return child


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_never_leaves_the_command_to_itself(name: str, tmp_path: Path) -> None:
    """The first asks, the second ends it; what was left is said, logged, and not called done.

    A lost terminal is told by the shell and by the system: that is no second wish.
    """
    machine, _ = doing_for_long(tmp_path)
    child = applying(machine)
    child.send_signal(getattr(signal, name))
    assert child.stderr is not None
    assert child.stderr.readline().startswith("Interrupted: waiting")
    if name == "SIGHUP":
        child.send_signal(signal.SIGHUP)
        assert select.select([child.stderr], [], [], 1) == ([], [], [])
        assert child.poll() is None
    child.send_signal(signal.SIGTERM if name == "SIGHUP" else getattr(signal, name))
    stdout, _ = child.communicate(timeout=60)
    assert child.returncode == 128 + getattr(signal, name)
    document = replay.as_object(stdout)
    assert document["applied"]["ok"] is False
    assert document["applied"]["state"].startswith("The command was interrupted.")
    assert document["checked"] is None
    assert replay.left_running(tmp_path) == []
    (entry,) = journal.read(machine.home / ".local" / "state" / "envdoctor")
    assert not entry.ok


def test_a_command_goes_on_where_nobody_reads_what_it_says(tmp_path: Path) -> None:
    machine, pipe = doing_for_long(tmp_path)
    child = applying(machine)
    assert child.stderr is not None
    child.stderr.close()
    with open(os.open(pipe, os.O_RDWR), "wb") as writer:
        writer.write(b"whole\n")
        writer.flush()
        assert child.stdout is not None
        document = replay.as_object(child.stdout.read())
    assert child.wait(60) == 0
    assert machine.changes == ["whole"]
    assert document["applied"]["ok"] is True


def test_an_interrupt_before_the_question_is_one_document_too(tmp_path: Path) -> None:
    """A client that hangs is still being asked."""
    machine = Replayed(tmp_path)
    started = machine.bin / "started"
    machine.bin.mkdir()
    os.mkfifo(started)
    replay.hangs(machine.bin / "micromamba")
    child = subprocess.Popen(
        [sys.executable, "-m", "doctor", "fix", HYPHEN, "--json"], cwd=ROOT, env=machine.env(),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert started.read_text() == "started\n"
    child.send_signal(signal.SIGINT)
    stdout, _ = child.communicate(timeout=60)
    assert child.returncode == 130
    assert replay.as_object(stdout) == {"schema": 1, "error": "interrupted"}


def test_nothing_is_started_after_an_interrupt() -> None:
    processes = Processes()
    processes.interrupt()
    outcome = processes.run(["/bin/echo", "x"], os.environ, 60)
    assert outcome.trouble == "could not be started: envdoctor was interrupted"
    assert bytes(outcome.streams[0]) == b""


# --- edits of odd files ----------------------------------------------------------------------


def replaced(file: Path, old: str, new: str | None, line: int = 2) -> Applied:
    """An edit of one line of a file that lies beside the folder of copies."""
    remedy = Remedy("Change it.", (Edit(str(file), line, old, new),), cost=Cost.FILE)
    return apply(Changer(file.parent / "kept"), FINDING, remedy, print)


@pytest.mark.parametrize(
    ("text", "line", "old", "after"),
    [
        (b"a\nb", 2, "b", b"a\nc"),
        (b"a\r\nb\r\n", 2, "b", b"a\r\nc\r\n"),
        (b"\xff\nb\n", 2, "b", b"\xff\nc\n"),
        (b"a\0\nb\n", 2, "b", b"a\0\nc\n"),
        (b"a\rb\n", 1, "a", None),
        (b"a\n\xff b\n", 2, "\ufffd b", None),
    ],
    ids=["no newline at its end", "CRLF", "other lines no UTF-8", "NUL", "CR", "no UTF-8"],
)
def test_bytes_that_are_not_edited_stay_as_they_are(
    text: bytes, line: int, old: str, after: bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_bytes(text)
    done = replaced(file, old, "c", line)
    assert done.ok is (after is not None)
    assert file.read_bytes() == (text if after is None else after)
    if after is None:
        assert done.state.endswith("Nothing was changed.")
    else:
        assert undo(Changer(tmp_path / "kept"), done)[0].undone
        assert file.read_bytes() == text


def test_a_file_of_several_names_is_left_to_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a\nb\n")
    os.link(file, tmp_path / "other")
    assert "it has other names (hard links)" in replaced(file, "b", None).state
    assert file.read_text() == "a\nb\n"
    assert file.stat().st_nlink == 2


def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a\nb\n")
    try:
        os.setxattr(file, "user.owner", b"team")
    except (OSError, AttributeError):
        pytest.skip("this file system has no extended attributes")
    old = file.stat()
    os.utime(file, (1, 1))
    assert replaced(file, "b", None).ok
    assert os.getxattr(file, "user.owner") == b"team"
    assert file.stat().st_mtime >= old.st_mtime  # it is newer, as make has to see


OTHERS = """
import os, sys
from pathlib import Path
from tests.test_changing import Changer, replaced
Changer(Path())  # loads what it needs from where only root may look
os.setgroups([]); os.setgid(65534); os.setuid(65534)
print(replaced(Path(sys.argv[1]), "b", None).state)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of other users")
def test_a_file_of_somebody_else_stays_theirs(tmp_path: Path) -> None:
    """Written anew it would be ours, and a group that shares it might lose it."""
    with tempfile.TemporaryDirectory() as name:  # a folder that other users may enter
        folder = Path(name)
        folder.chmod(0o777)
        file = folder / "file"
        file.write_text("a\nb\n")
        file.chmod(0o666)
        done = subprocess.run(
            [sys.executable, "-B", "-c", OTHERS, str(file)], cwd=ROOT, capture_output=True,
            text=True,
        )  # fmt: skip
        assert "it has another owner or group" in done.stdout, done.stderr
        assert file.read_text() == "a\nb\n"
        assert sorted(os.listdir(folder)) == ["file", "kept"]


def test_a_path_that_the_log_cannot_hold_is_not_edited(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    folder.mkdir()
    file = folder / "file"
    file.write_text("a\nb\n")
    assert "its path is no UTF-8" in replaced(file, "b", None).state
    assert file.read_text() == "a\nb\n"


# --- the log of changes ----------------------------------------------------------------------


def test_an_entry_after_one_that_was_cut_off_is_found(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a\nb\n")
    done = replaced(file, "b", None)
    (tmp_path / journal.FILE).write_bytes(b'{"finding": "a-che')
    assert journal.write(tmp_path, done) is None
    assert journal.last(tmp_path, FINDING.id) == done


def test_the_newest_entries_of_a_huge_log_are_found(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a\nb\n")
    done = replaced(file, "b", None)
    with open(tmp_path / journal.FILE, "wb") as log:
        log.truncate(journal.MAX_JOURNAL + 1)
    assert journal.write(tmp_path, done) is None
    assert journal.last(tmp_path, FINDING.id) == done


def test_of_two_edits_in_one_second_each_is_undone_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a\nb\nc\n")
    first = replaced(file, "b", None)
    second = replace(replaced(file, "c", None), made=first.made)
    for done in (first, second):
        journal.write(tmp_path, done)
    for left in (first, None):
        last = journal.last(tmp_path, FINDING.id)
        assert last is not None
        undone, said = undo(Changer(tmp_path / "kept"), last)
        assert undone.undone, said
        journal.write(tmp_path, undone)
        assert journal.last(tmp_path, FINDING.id) == left
    assert file.read_text() == "a\nb\nc\n"


# --- the state that is left ------------------------------------------------------------------


def test_a_second_command_that_cannot_start_does_not_hide_the_first(tmp_path: Path) -> None:
    steps = (Run(("/bin/true",)), Run((str(tmp_path / "no"),)))
    done = apply(Changer(tmp_path), FINDING, Remedy("Both.", steps, undo="do it again"), print)
    assert "Nothing was changed" not in done.state
    assert done.state.endswith(
        "What it did before that may be left. To take back what it did: do it again"
    )


def test_an_edit_that_cannot_be_put_back_is_said(tmp_path: Path) -> None:
    """The command that comes after it writes the same file, then fails."""
    file = tmp_path / "file"
    file.write_text("a\nb\n")
    steps = (Edit(str(file), 2, "b"), Run(("/bin/sh", "-c", f"echo c >> {file}; exit 3")))
    done = apply(Changer(tmp_path / "kept"), FINDING, Remedy("Both.", steps), print)
    assert not done.undone
    assert f"could not be put back; copies of them are kept: {done.done[0].kept}" in done.state
    assert file.read_text() == "a\nc\n"


# --- in the app ------------------------------------------------------------------------------


def doing_in_the_app(machine: Replayed, said: str) -> Terminal:
    """The guide at the point where its first way out is being done."""
    app = Terminal(machine, (60, 20))
    to_the_question(app)
    app.press("y")
    app.until("Being done. s stops it.", said)
    return app


def test_nobody_leaves_by_a_slip_while_something_is_being_done(tmp_path: Path) -> None:
    machine, _ = doing_for_long(tmp_path)
    app = doing_in_the_app(machine, "working")
    app.until("s Stop", "q Quit")  # also at 60 columns
    app.press("q")
    app.until("It is still being done")
    app.press("\x03", "\x03")  # the first asks, the second ends it
    app.until("FAILED", "is still there")
    app.press("\x03")
    assert app.ended() == 130
    assert replay.left_running(tmp_path) == []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_stops_what_is_being_done_before_the_app_leaves(name: str, tmp_path: Path) -> None:
    """The first asks, SIGTERM after it ends it; SIGHUP comes by itself twice, and does not."""
    machine, _ = doing_for_long(tmp_path)
    app = doing_in_the_app(machine, "working")
    app.signal(getattr(signal, name))
    app.until("Stopping what is being")
    app.signal(signal.SIGTERM)
    assert app.ended() == 128 + getattr(signal, name)
    assert replay.left_running(tmp_path) == []
    (entry,) = journal.read(machine.home / ".local" / "state" / "envdoctor")
    assert entry.done[0].ended == "was interrupted"


@pytest.mark.parametrize("end", ["", " | tr -d '\\n'"], ids=["lines", "one line"])
def test_a_flood_of_output_can_be_stopped(end: str, tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    replay.script(machine.root / "bin" / "conda", f"yes flooding-{tmp_path.name}{end}")
    app = doing_in_the_app(machine, "flooding")
    app.press("s")
    app.until("FAILED", "is still there")
    assert app.quit() == 0


# --- trials ----------------------------------------------------------------------------------


def test_a_trial_that_a_client_failed_says_so_beside_the_prediction(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    probe = replay.quote(tmp_path / "conda-said" / "probe")
    asks = 'read answer || { echo "no input" >&2; exit 4; }'
    line = f'case "$1" in -c) exec {probe} ;; *) {asks} ;; esac'
    replay.script(machine.root / "bin" / "python", line)
    run = fix(machine, HYPHEN, "--try", "--remedy", "use-another-client")
    assert "level 4, predicted (its own solver: ended with exit status 4: no input)" in run.stdout
    assert "predicted by rule, not proven" in run.stdout
