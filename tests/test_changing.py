"""What changes the machine, under attack: interrupted, beside other children, on odd files."""

import os
import threading
from pathlib import Path

import pytest

from doctor.host.processes import Outcome, Processes
from tests import replay
from tests.replayed import machine_of_2024
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
