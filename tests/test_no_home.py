"""A user whom the system does not know, without HOME, as in containers: nothing can be kept."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from doctor.fix.doing import NO_PLACE
from tests import replay
from tests.clients import ROOT
from tests.replay import Run
from tests.replayed import LEVEL, Replayed, machine_of_2024

NOBODY = ["unshare", "--user", "--map-user=123456"]
HYPHEN = "mamba-hyphen-archspec"


@pytest.fixture
def machine(tmp_path: Path) -> Replayed:
    """2024's machine; skips where nobody can be made of this user."""
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare")
    if subprocess.run([*NOBODY, "true"], capture_output=True).returncode:
        pytest.skip("unshare may not make a user namespace here")
    return machine_of_2024(tmp_path)


@pytest.fixture
def doctor(machine: Replayed, tmp_path: Path) -> Callable[..., Run]:
    """envdoctor, run by nobody in an empty folder."""
    here = tmp_path / "here"
    here.mkdir()
    env = {**machine.env(), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    del env["HOME"]
    return lambda *words: replay.doctor(*words, env=env, before=[*NOBODY, "env", "-C", str(here)])


def test_everything_is_diagnosed_and_nothing_is_written_where_it_runs(
    doctor: Callable[..., Run], tmp_path: Path
) -> None:
    checked = doctor("check", "--json")
    assert (checked.status, checked.stderr) == (1, "")
    assert HYPHEN in {finding["check"] for finding in checked.document["findings"]}
    explained = doctor("explain", LEVEL, "--json")
    assert "micromamba 1.5.8" in explained.stdout
    assert "proven" in explained.stdout
    for verb in ("machine", "clients", "envs", "project"):
        assert "broke" not in doctor(verb).stderr, verb
    assert list((tmp_path / "here").iterdir()) == []


def test_nothing_is_changed_without_a_place_for_the_copy_and_the_log(
    machine: Replayed, doctor: Callable[..., Run], tmp_path: Path
) -> None:
    run = doctor("fix", HYPHEN, "--apply", "--yes")
    assert run.status == 1
    assert NO_PLACE in run.stdout
    assert machine.changes == []
    assert doctor("fix", HYPHEN, "--undo").stderr.startswith("envdoctor: nothing that can be put")
    assert list((tmp_path / "here").iterdir()) == []
