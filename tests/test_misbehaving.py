"""Clients that hang, flood, crash or lie: one unknown row with its reason, the others unharmed."""

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests import replay
from tests.clients import ROOT
from tests.replay import MISBEHAVIOURS, Misbehaviour, Run
from tests.scenes import transcript

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its programs are shell scripts")

LIMIT = 1.0
SLACK = 1.0
"""Seconds that a busy machine may take besides."""

KINDS = pytest.mark.parametrize("wrong", MISBEHAVIOURS, ids=lambda wrong: wrong.name)


@pytest.fixture(scope="module")
def start_up(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Seconds that a run without any client takes."""
    env = replay.surroundings(tmp_path_factory.mktemp("home"))
    return replay.doctor("clients", "--json", env=env).seconds


@pytest.fixture(scope="module")
def agreeing_pixi(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pixi 0.77.0 prints on this machine, by its rule: no check can find fault with it."""
    env = replay.surroundings(tmp_path_factory.mktemp("home"))
    predicted = replay.doctor("predict", "pixi=0.77.0", "--json", env=env).document["predict"][0]
    packages = predicted["virtual_packages"]
    return json.dumps({"platform": "linux-64", "virtual_packages": packages, "version": "0.77.0"})


def run_beside_good(tmp_path: Path, *words: str, bins: tuple[Path, ...]) -> Run:
    env = replay.surroundings(tmp_path / "home", bins)
    return replay.doctor(*words, "--json", "--limit", f"{LIMIT:g}", env=env)


def silent(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [r for r in rows if replay.answer(r, "reported")["virtual_packages"] is None]


@KINDS
def test_one_unknown_row_and_the_others_answer(
    wrong: Misbehaviour, tmp_path: Path, start_up: float
) -> None:
    good = transcript("mamba", "2.8.1", "A_info_json")
    replay.replay(tmp_path / "good" / "bin" / "mamba", good)
    wrong.write(tmp_path / "bad" / "micromamba")
    bins = (tmp_path / "good" / "bin", tmp_path / "bad")
    run = run_beside_good(tmp_path, "clients", bins=bins)
    assert replay.left_running(tmp_path) == []
    assert run.seconds < start_up + LIMIT + 1 + SLACK
    assert (run.status, run.stderr) == (3, "")
    rows = replay.rows_under(run, tmp_path)
    assert [row["kind"] for row in rows] == ["mamba", "micromamba"]
    (unknown,) = silent(rows)
    assert unknown["path"] == str(tmp_path / "bad" / "micromamba")
    assert wrong.reason in replay.answer(unknown, "reported")["trouble"]
    packages = json.loads(good.stdout)["virtual packages"]
    assert replay.answer(rows[0], "reported")["virtual_packages"] == packages


@KINDS
def test_check_finds_that_it_did_not_answer(
    wrong: Misbehaviour, tmp_path: Path, start_up: float, agreeing_pixi: str
) -> None:
    replay.printing(tmp_path / "bin" / "pixi", agreeing_pixi)
    wrong.write(tmp_path / "bin" / "micromamba")
    run = run_beside_good(tmp_path, "check", bins=(tmp_path / "bin",))
    assert replay.left_running(tmp_path) == []
    assert run.seconds < start_up + LIMIT + 1 + SLACK
    assert (run.status, run.stderr) == (3, "")
    (finding,) = [f for f in run.document["findings"] if f["severity"] == "unknown"]
    assert (finding["check"], finding["clients"]) == ("client-did-not-answer", ["micromamba"])
    assert wrong.reason in finding["title"]


def test_all_at_once(tmp_path: Path, start_up: float) -> None:
    bins = []
    for wrong in MISBEHAVIOURS:
        bins.append(tmp_path / wrong.name)
        wrong.write(bins[-1] / "micromamba")
    good = transcript("mamba", "2.8.1", "A_info_json")
    replay.replay(tmp_path / "good" / "bin" / "mamba", good)
    bins.append(tmp_path / "good" / "bin")
    run = run_beside_good(tmp_path, "clients", bins=tuple(bins))
    assert replay.left_running(tmp_path) == []
    assert run.seconds < start_up + LIMIT + 1 + 2 * SLACK
    assert (run.status, run.stderr) == (3, "")
    rows = replay.rows_under(run, tmp_path)
    assert len(rows) == len(MISBEHAVIOURS) + 1
    assert {Path(row["path"]).parent.name for row in silent(rows)} == {
        wrong.name for wrong in MISBEHAVIOURS
    }


def test_three_megabytes_around_a_good_answer_are_read(tmp_path: Path) -> None:
    document = {"libmamba version": "2.8.1", "padding": ["x" * 99] * (3 * replay.MB // 100)}
    said = json.dumps({**document, "virtual packages": replay.PACKAGES})
    replay.printing(tmp_path / "micromamba", said)
    (row,) = replay.rows_under(run_beside_good(tmp_path, "clients", bins=(tmp_path,)), tmp_path)
    assert row["version"] == "2.8.1"
    assert replay.answer(row, "reported")["virtual_packages"] == list(replay.PACKAGES)


@pytest.mark.parametrize(
    "version", ["9" * 5000, {"a": [1]}, "latest"], ids=["long", "dict", "word"]
)
def test_a_version_that_is_none_is_unknown(version: object, tmp_path: Path) -> None:
    document = {"libmamba version": version, "virtual packages": replay.PACKAGES}
    replay.printing(tmp_path / "micromamba", json.dumps(document))
    run = run_beside_good(tmp_path, "clients", bins=(tmp_path,))
    assert run.stderr == ""
    (row,) = replay.rows_under(run, tmp_path)
    assert row["version"] is None
    assert replay.answer(row, "reported")["virtual_packages"] == list(replay.PACKAGES)


# --- quitting --------------------------------------------------------------------------------


def hanging_check(folder: Path) -> "subprocess.Popen[bytes]":
    """`envdoctor check` at the moment when its client runs, which never ends by itself."""
    replay.hangs(folder / "micromamba")
    os.mkfifo(folder / "started")
    watch = os.open(folder / "started", os.O_RDONLY | os.O_NONBLOCK)
    child = subprocess.Popen(
        [sys.executable, "-m", "doctor", "check", "--limit", "60"],
        env=replay.surroundings(folder / "home", (folder,)),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with os.fdopen(watch):
        readable, _, _ = select.select([watch], [], [], 20)
    assert readable
    return child


def test_interrupting_check_ends_a_hanging_client_at_once(tmp_path: Path) -> None:
    with hanging_check(tmp_path) as child:
        family = psutil.Process(child.pid).children(recursive=True)
        assert str(tmp_path) in " ".join(word for p in family for word in replay.words_of(p))
        child.send_signal(signal.SIGINT)
        assert child.wait(5) == 130
        assert child.communicate() == (b"", b"")
    assert replay.left_running(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_ending_check_politely_ends_a_hanging_client_too(
    number: signal.Signals, tmp_path: Path
) -> None:
    with hanging_check(tmp_path) as child:
        child.send_signal(number)
        assert child.wait(5) != 0
    assert replay.left_running(tmp_path) == []


DEAF = """
import os, signal, sys

class Deaf:
    \"\"\"Gone as the examination is loaded; what is raised meanwhile goes no further.\"\"\"

    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "doctor.examine":
            Deaf()

sys.meta_path.insert(0, Finder())
"""


def test_a_wish_to_end_that_python_drops_is_made_again(tmp_path: Path) -> None:
    replay.hangs(tmp_path / "bin" / "micromamba")
    (tmp_path / "deaf").mkdir()
    (tmp_path / "deaf" / "sitecustomize.py").write_text(DEAF)
    env = replay.surroundings(tmp_path / "home", (tmp_path / "bin",))
    env["PYTHONPATH"] = os.pathsep.join((str(tmp_path / "deaf"), str(ROOT)))
    run = replay.doctor("check", "--limit", "30", env=env)
    assert "Deaf.__del__" in run.stderr
    assert (run.status, run.stdout) == (128 + signal.SIGTERM, "")
    assert run.seconds < 20
    assert replay.left_running(tmp_path) == []
