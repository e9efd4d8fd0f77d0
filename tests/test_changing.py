"""What changes the machine, under attack: interrupted, beside other children, on odd files."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from doctor.fix import journal
from doctor.host.processes import Outcome, Processes
from tests import replay
from tests.clients import ROOT
from tests.replayed import Replayed, machine_of_2024
from tests.test_fix import HYPHEN, fix


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
    """The first asks, the second ends it; what was left is said, logged, and not called done."""
    machine, _ = doing_for_long(tmp_path)
    child = applying(machine)
    child.send_signal(getattr(signal, name))
    assert child.stderr is not None
    assert child.stderr.readline().startswith("Interrupted: waiting")
    child.send_signal(getattr(signal, name))
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
