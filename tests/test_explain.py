"""What solvers did: recorded outcomes are read, real solvers agree with prediction."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conda_package_handling import api

from doctor import channel, microarch, requirements
from doctor.clients.asking import NoAnswer, read_json
from doctor.clients.attempting import read_outcome
from doctor.cpu import parse
from doctor.host.recorded import encode
from doctor.model import Transcript
from tests import DATA, prefixes, replay, scenes
from tests.clients import ROOT, installed
from tests.scenes import transcript

REQUIREMENTS = (
    "_x86_64-microarch-level", "_x86_64-microarch-level=1", "_x86_64-microarch-level>=2",
    "demo-opt", "demo-needs4",
)  # fmt: skip


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


@pytest.mark.parametrize("override", [None, "x86_64", "haswell", "x86_64-v3", ""])
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


def replayed(version: str, tmp_path: Path) -> dict[str, Any]:
    """What is explained of a micromamba that replays its recorded answer and its recorded solve."""
    program = tmp_path / "bin" / "micromamba"
    replay.replay(tmp_path / "info", transcript("micromamba", version, "A_info_json"))
    case = "B_native_c2024__x86_64-microarch-level"
    replay.replay(tmp_path / "create", transcript("micromamba", version, case))
    folder = replay.quote(tmp_path)
    replay.script(program, f'exec {folder}/"$1"')
    env = replay.surroundings(tmp_path / "home", (program.parent,))
    (row,) = [r for r in explain(env, "_x86_64-microarch-level") if r["kind"] == "micromamba"]
    return row


def test_the_2024_failure_is_reproduced_and_said_in_one_sentence(tmp_path: Path) -> None:
    row = replayed("1.5.8", tmp_path)
    tried = by_basis({"attempts": [a for a in row["attempts"] if a["override"] is None]})
    assert tried["proven"]["installs"] is False
    assert tried["predicted"]["installs"] is False
    assert "nothing provides __archspec" in tried["proven"]["refusal"]
    assert row["why"][:2] == [
        "micromamba 1.5.8 offers x86_64-v4",
        "No level build that was published accepts the name x86_64-v4. They are spelt x86_64_v4.",
    ]
    ignored = [a for a in row["attempts"] if a["override"] and a["basis"] == "predicted"]
    assert [a["installs"] for a in ignored] == [False]


def test_the_fixed_version_takes_what_is_predicted(tmp_path: Path) -> None:
    tried = by_basis(replayed("2.8.1", tmp_path))
    assert tried["proven"]["installs"] is True
    assert tried["predicted"]["installs"] is True
    assert tried["proven"]["chosen"] == ["_x86_64-microarch-level 4 2_x86_64_v4"]


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


# --- with and without the override, on other CPUs --------------------------------------------

LEVEL = "_x86_64-microarch-level"
ALDERLAKE = scenes.archspec_sample("linux-ubuntu24.04-alderlake")


def alderlake() -> scenes.Scene:
    """An Alder Lake machine: conda with archspec 0.2.7, micromamba 2.8.1, py-rattler 0.28.0."""
    scene = scenes.bare(ALDERLAKE, level=3)
    root = f"{scenes.HOME}/miniforge3"
    offered = ["__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0"]
    said = scenes.probe([*offered, "__archspec=1=alderlake", "__conda=26.7.1=0"],
                        conda_version="26.7.1")  # fmt: skip
    scene.program(f"{root}/bin/conda", None)
    scene.root(root, {"conda": "26.7.1", "archspec": "0.2.7", "python": "3.12.7"}, said)
    info = {"libmamba version": "2.8.1", "virtual packages": [*offered, "__archspec=1=x86_64_v3"]}
    scene.program("/opt/bin/micromamba", Transcript((), {}, 0, json.dumps(info), "", 0.03))
    scene.files["/opt/venv/lib/python3.12/site-packages/py_rattler-0.28.0.dist-info/METADATA"] = ""
    scene.program("/opt/venv/bin/python3", None)
    rattler = scenes.probe([*offered, "__archspec=1=skylake"], rattler_version="0.28.0")
    return scene.program("/opt/venv/bin/python", rattler)


@pytest.fixture
def compute_node(tmp_path: Path) -> Path:
    """A recording of the Alder Lake machine."""
    path = tmp_path / "alderlake.json"
    path.write_bytes(encode(scenes.recording(alderlake())))
    return path


def test_on_alder_lake_conda_fails_others_work_and_the_right_override_is_named(
    compute_node: Path, tmp_path: Path
) -> None:
    env = replay.surroundings(tmp_path / "home")
    run = replay.doctor("explain", "--json", "--from", str(compute_node), LEVEL, env=env)
    rows = {row["kind"]: row for row in run.document["explain"]}
    conda = [a for a in rows["conda"]["attempts"] if a["basis"] == "predicted"]
    assert [(a["override"], a["installs"]) for a in conda] == [(None, False), ("x86_64_v3", True)]
    assert conda[1]["chosen"] == [f"{LEVEL} 3 3_x86_64_v3"]
    assert rows["conda"]["why"][:2] == [
        "conda 26.7.1 offers alderlake",
        "No level build that was published accepts the name alderlake.",
    ]
    for kind, build in (("micromamba", "3_x86_64_v3"), ("rattler", "4_level3")):
        taken = next(a for a in rows[kind]["attempts"] if a["basis"] == "predicted")
        assert (taken["installs"], taken["chosen"]) == (True, [f"{LEVEL} 3 {build}"])
    checked = replay.doctor("check", "--json", "--from", str(compute_node), env=env)
    found = next(f for f in checked.document["findings"]
                 if f["id"] == "cpu-unknown-to-feedstock:conda")  # fmt: skip
    commands = [remedy["command"] for remedy in found["remedies"]]
    assert commands[0].startswith("CONDA_OVERRIDE_ARCHSPEC=x86_64_v3 ")


def test_another_cpu_is_predicted_and_nobody_is_run(tmp_path: Path) -> None:
    root = tmp_path / "home" / "miniforge3"
    for part, version in (("conda", "26.7.1"), ("archspec", "0.2.7"), ("python", "3.12.7")):
        record(root, part, version)
    replay.script(root / "bin" / "python", f"touch {replay.quote(tmp_path / 'was-run')}")
    replay.script(root / "bin" / "conda", f"touch {replay.quote(tmp_path / 'was-run')}")
    (tmp_path / "cpuinfo").write_text(ALDERLAKE)
    env = replay.surroundings(tmp_path / "home", (root / "bin",))
    words = ("explain", "--json", "--cpuinfo", str(tmp_path / "cpuinfo"), f"{LEVEL}>=3", "demo-opt")
    run = replay.doctor(*words, env=env)
    assert run.status == 0
    assert not (tmp_path / "was-run").exists()
    rows = [row for row in run.document["explain"] if row["kind"] == "conda"]
    assert [row["requirement"] for row in rows] == [f"{LEVEL}>=3", "demo-opt"]
    assert {a["basis"] for row in rows for a in row["attempts"]} == {"predicted"}
    level, silent = rows
    assert [a["installs"] for a in level["attempts"]] == [False, True]
    assert silent["attempts"][0]["chosen"] == ["demo-opt 0.9 h0_0"]


def record(root: Path, name: str, version: str) -> None:
    """A record of a package in a root."""
    path = root / "conda-meta" / f"{name}-{version}-0.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(prefixes.record(name, version, "0"))


OVERRIDDEN = [
    # set, requirement, attempts: override and whether it installs, both for real py-rattler
    (None, LEVEL, [(None, True)]),
    ("x86_64", f"{LEVEL}>=2", [(None, False), ("", True)]),
    ("x86_64", LEVEL, [(None, True), ("", True)]),
    ("zen6x", LEVEL, [(None, None), ("", True)]),
]


@pytest.mark.parametrize(("value", "requirement", "expected"), OVERRIDDEN)
def test_an_override_that_is_set_is_tried_without_too(
    value: str | None, requirement: str, expected: list[Any], tmp_path: Path
) -> None:
    environment = installed("py-rattler", "0.28.0")
    env = replay.surroundings(tmp_path / "home", (environment / "bin",))
    if value is not None:
        env["CONDA_OVERRIDE_ARCHSPEC"] = value
    (row,) = [row for row in explain(env, requirement) if row["client"] == "rattler"]
    for basis in ("predicted", "proven"):
        tried = [a for a in row["attempts"] if a["basis"] == basis]
        assert [(a["override"], a["installs"]) for a in tried] == expected


@pytest.mark.parametrize("name", ["linux-rhel7-haswell", "linux-rhel7-ivybridge",
                                  "linux-scientific7-k10", "linux-rhel8-power9"])  # fmt: skip
def test_no_override_above_the_cpu_is_ever_tried(name: str, tmp_path: Path) -> None:
    text = scenes.archspec_sample(name)
    own = microarch.describe(parse(text)[0].cpu).level or ""
    family = "ppc64le" if own.startswith("power") else "x86_64"
    (tmp_path / "cpuinfo").write_text(text)
    env = replay.surroundings(tmp_path / "home")
    numbers = (8, 9, 10) if family == "ppc64le" else (1, 2, 3, 4)
    wanted = [f"_{family}-microarch-level={number}" for number in numbers]
    words = ("explain", "--json", "--cpuinfo", str(tmp_path / "cpuinfo"), *wanted)
    rows = replay.doctor(*words, env=env).document["explain"]
    tried = {a["override"] for row in rows for a in row["attempts"]} - {None}
    level_of = microarch.installed()
    for value in tried:
        assert value == own or value in level_of.ancestors[own]


# --- package files ---------------------------------------------------------------------------


def about(env: dict[str, str], *words: str) -> dict[str, Any]:
    run = replay.doctor("explain", "--json", *words, env=env)
    assert run.status == 0
    (row,) = run.document["packages"]
    found: dict[str, Any] = row
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return channel.ensure(tmp_path_factory.mktemp("cache")) / channel.PUBLISHED / "noarch"


FILES = [
    # package file, CPU, what the doctor's own solver is predicted to do
    ("demo-needs3-1.0-h3_0.conda", "linux-rhel7-haswell", True),
    ("demo-needs3-1.0-h3_0.conda", "linux-rhel7-ivybridge", False),
    ("demo-needs4-1.0-h4_0.conda", "linux-rhel7-haswell", False),
    ("demo-plain-1.0-h0_0.conda", "linux-scientific7-k10", True),
    (f"{LEVEL}-3-2_haswell.tar.bz2", "linux-rhel7-haswell", True),
    (f"{LEVEL}-3-2_zen2.tar.bz2", "linux-rhel7-haswell", False),
    (f"{LEVEL}-1-4_level1.conda", "linux-rhel7-haswell", True),
]


@pytest.mark.parametrize(("name", "cpu", "taken"), FILES)
def test_a_package_file_is_taken_where_its_requirements_are_met(
    name: str, cpu: str, taken: bool, files: Path, tmp_path: Path
) -> None:
    (tmp_path / "cpuinfo").write_text(scenes.archspec_sample(cpu))
    env = replay.surroundings(tmp_path / "home")
    row = about(env, "--cpuinfo", str(tmp_path / "cpuinfo"), str(files / name))
    verdict = {c["client"]: (c["takes"], c["basis"]) for c in row["clients"]}
    assert verdict == {"rattler-envdoctor": (taken, "predicted")}


def test_a_package_of_this_machine_is_proven(files: Path, tmp_path: Path) -> None:
    env = replay.surroundings(tmp_path / "home")
    row = about(env, str(files / "demo-fast-1.0-h1_100.conda"))
    assert row["asks"] == [f"{LEVEL} >=1"]
    (verdict,) = row["clients"]
    assert (verdict["takes"], verdict["basis"]) == (True, "proven")


def test_a_level_package_of_a_name_that_was_never_published(tmp_path: Path) -> None:
    """Newer builds than the reproduction channel has are judged by the name that they ask for."""
    path = package(tmp_path, "_x86_64-microarch-level", "3", "5_alderlake",
                   ["__archspec 1.* alderlake"])  # fmt: skip
    (tmp_path / "cpuinfo").write_text(ALDERLAKE)
    record(tmp_path / "home" / "miniforge3", "conda", "26.7.1")
    record(tmp_path / "home" / "miniforge3", "archspec", "0.2.7")
    env = replay.surroundings(tmp_path / "home")
    row = about(env, "--cpuinfo", str(tmp_path / "cpuinfo"), str(path))
    verdict = {c["client"]: c["takes"] for c in row["clients"]}
    assert verdict == {"conda": True, "rattler-envdoctor": False}


def test_what_a_package_asks_of_the_system_counts_too(tmp_path: Path) -> None:
    path = package(tmp_path, "gpu", "1.0", "h0_0", ["__glibc >=9.0", f"{LEVEL} >=1"])
    row = about(replay.surroundings(tmp_path / "home"), str(path))
    (verdict,) = row["clients"]
    assert verdict["takes"] is False
    assert any(said.startswith("__glibc >=9.0: it offers __glibc=") for said in verdict["because"])


def package(folder: Path, name: str, version: str, build: str, depends: list[str]) -> Path:
    """A real package file with nothing in it but its metadata."""
    info = folder / "content" / "info"
    info.mkdir(parents=True)
    index = {"name": name, "version": version, "build": build, "build_number": 0,
             "depends": depends, "subdir": "noarch"}  # fmt: skip
    (info / "index.json").write_text(json.dumps(index))
    path = folder / f"{name}-{version}-{build}.conda"
    api.create(str(folder / "content"), ["info/index.json"], str(path))
    return path


@pytest.mark.parametrize("ending", [".conda", ".tar.bz2"])
def test_a_broken_package_file_is_one_clear_line(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"broken-1.0-0{ending}"
    path.write_text("<!DOCTYPE html><p>404")
    run = replay.doctor("explain", "--json", str(path), env=replay.surroundings(tmp_path / "home"))
    assert run.status == 2
    assert run.stderr.count("\n") == 1
    assert "is a web page" in run.document["error"]


ODD = [
    # a dependency, whether this machine's own solver takes the package
    ("", True), ("   ", True), ("__archspec ???", None), ("conda-forge::" + LEVEL + " >=1", True),
    ("__archspec 1.* no_such_cpu", False), ("__unix", True), ("__win", False),
]  # fmt: skip


@pytest.mark.parametrize(("dependency", "taken"), ODD)
def test_odd_dependencies_are_judged_or_unknown(
    dependency: str, taken: bool | None, tmp_path: Path
) -> None:
    path = package(tmp_path, "odd", "1.0", "h0_0", [dependency])
    row = about(replay.surroundings(tmp_path / "home"), str(path))
    assert [client["takes"] for client in row["clients"]] == [taken]


def test_a_channel_in_a_requirement_does_not_change_the_proof(tmp_path: Path) -> None:
    env = replay.surroundings(tmp_path / "home")
    spelt = ("conda-forge::_x86_64-microarch-level>=1", "_x86_64-microarch-level[channel=a,"
             "version='>=1']")  # fmt: skip
    for word in spelt:
        run = replay.doctor("explain", "--json", word, env=env)
        assert "is tried against the reproduction channel" in run.stderr
        (row,) = run.document["explain"]
        assert {attempt["installs"] for attempt in row["attempts"]} == {True}


def test_a_client_that_hangs_is_incomplete_and_unknown(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "micromamba"
    replay.hangs(program)
    env = replay.surroundings(tmp_path / "home", (program.parent,))
    run = replay.doctor("explain", "--json", "--limit", "1", LEVEL, env=env)
    assert run.status == 3
    assert run.seconds < 20
    (row,) = [row for row in run.document["explain"] if row["kind"] == "micromamba"]
    assert row["why"][0] == "What micromamba (version unknown) offers is unknown"
    assert {attempt["installs"] for attempt in row["attempts"]} == {None}
    assert replay.left_running(tmp_path) == []


def test_an_override_is_not_tried_where_the_channel_lacks_the_package(tmp_path: Path) -> None:
    rows = explain(replay.surroundings(tmp_path / "home"), "graph-tool")
    assert {a["override"] for row in rows for a in row["attempts"]} == {None}


@pytest.mark.parametrize("text", ["--json", "-x", " -c conda-forge"])
def test_no_requirement_is_an_option_of_a_client(text: str) -> None:
    with pytest.raises(requirements.NotARequirement, match="option"):
        requirements.parse(text)
