"""What solvers did: recorded outcomes are read, real solvers agree with prediction."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doctor.clients.asking import NoAnswer, read_json
from doctor.clients.attempting import read_outcome
from tests import DATA, replay
from tests.clients import ROOT, installed
from tests.scenes import transcript

REQUIREMENTS = (
    "_x86_64-microarch-level", "_x86_64-microarch-level=1", "_x86_64-microarch-level>=2",
    "demo-fast", "demo-opt", "demo-needs4", "demo-plain",
)  # fmt: skip


OVERRIDES = (None, "x86_64", "x86_64_v2", "haswell", "zen6", "x86_64-v3", "")


def solves() -> Iterator[dict[str, Any]]:
    for name in ("mamba", "conda"):
        for line in (DATA / "transcripts" / f"{name}.jsonl").read_text().splitlines():
            record = json.loads(line)
            words = record["argv"]
            if "create" in words and "--dry-run" in words and "--json" in words:
                yield record


SOLVES = tuple(solves())


def name(record: dict[str, Any]) -> str:
    return f"{record['client']}-{record['version']}-{record['case']}"


@pytest.mark.parametrize("record", SOLVES, ids=name)
def test_every_recorded_outcome_is_read_as_what_it_was(record: dict[str, Any]) -> None:
    try:
        chosen, refusal = read_outcome(read_json(record["stdout"]))
    except NoAnswer:  # the client failed before it could solve, and says so
        assert record["exit_code"] != 0
        return
    if record["exit_code"] == 0 or '"success": true' in record["stdout"]:
        assert chosen
        assert refusal is None
    else:
        assert chosen is None
        assert refusal


def test_the_recorded_solves_are_many() -> None:
    assert len(SOLVES) > 300
    unread = 0
    for record in SOLVES:
        try:
            read_outcome(read_json(record["stdout"]))
        except NoAnswer:
            unread += 1
    assert unread < len(SOLVES) / 10


def explain(env: dict[str, str], *requirements: str) -> list[dict[str, Any]]:
    said = subprocess.run(
        [sys.executable, "-m", "doctor", "explain", "--json", *requirements],
        env=env, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows: list[dict[str, Any]] = json.loads(said.stdout)["explain"]
    return rows


def by_basis(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {attempt["basis"]: attempt for attempt in row["attempts"]}


@pytest.mark.parametrize(
    "override", [None, "x86_64", "x86_64_v2", "haswell", "zen6", "x86_64-v3", ""]
)
@pytest.mark.parametrize("version", ["0.9.0", "0.23.2", "0.28.0"])
def test_real_py_rattler_chooses_what_was_predicted(
    version: str, override: str | None, tmp_path: Path
) -> None:
    environment = installed("py-rattler", version)
    env = replay.surroundings(tmp_path / "home", (environment / "bin",))
    if override is not None:
        env["CONDA_OVERRIDE_ARCHSPEC"] = override
    rows = [row for row in explain(env, *REQUIREMENTS) if row["client"] == "rattler"]
    assert {row["version"] for row in rows} == {version}
    assert [row["requirement"] for row in rows] == list(REQUIREMENTS)
    for row in rows:
        tried = by_basis(row)
        assert tried["proven"]["installs"] == tried["predicted"]["installs"]
        assert tried["proven"]["chosen"] == tried["predicted"]["chosen"]


def test_the_2024_failure_is_reproduced_and_said_in_one_sentence(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "micromamba"
    replay.replay(tmp_path / "info", transcript("micromamba", "1.5.8", "A_info_json"))
    case = "B_native_c2024__x86_64-microarch-level"
    replay.replay(tmp_path / "create", transcript("micromamba", "1.5.8", case))
    folder = replay.quote(tmp_path)
    replay.script(program, f'exec {folder}/"$1"')
    env = replay.surroundings(tmp_path / "home", (program.parent,))
    (row,) = [r for r in explain(env, "_x86_64-microarch-level") if r["kind"] == "micromamba"]
    tried = by_basis(row)
    assert tried["proven"]["installs"] is False
    assert tried["predicted"]["installs"] is False
    assert "nothing provides __archspec" in tried["proven"]["refusal"]
    assert any("micromamba 1.5.8 offers x86_64-v4" in line for line in row["why"])


def test_nothing_but_scratch_and_the_cached_channel_is_written(tmp_path: Path) -> None:
    env = replay.surroundings(tmp_path / "home")
    env["TMPDIR"] = str(tmp_path / "tmp")
    os.mkdir(env["TMPDIR"])
    explain(env, "_x86_64-microarch-level")
    assert os.listdir(env["TMPDIR"]) == []
    written = {p.name for p in (tmp_path / "home" / ".cache" / "envdoctor").iterdir()}
    assert len(written) == 1
    assert next(iter(written)).startswith("channel-")


def test_what_is_no_requirement_ends_with_status_2() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "doctor", "explain", "--json", ""], capture_output=True, text=True
    )
    assert said.returncode == 2
    assert json.loads(said.stdout)["schema"] == 1
    assert said.stderr.count("\n") == 1
