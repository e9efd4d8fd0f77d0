"""`envdoctor project` as users and scripts meet it: folders, files, recordings, other CPUs."""

import json
from pathlib import Path

import pytest

from doctor.host.recorded import encode
from tests import replay, scenes

LEVEL = "_x86_64-microarch-level"
YAML = f"name: x\ndependencies:\n  - python\n  - {LEVEL}=3=2_zen2  # from a colleague\n"
PIXI = '[workspace]\nplatforms = ["linux-64"]\n[system-requirements]\narchspec = "x86_64_v3"\n'
HASWELL = scenes.archspec_sample("linux-rhel7-haswell")


def stage(folder: Path) -> Path:
    folder.mkdir()
    (folder / "environment.yml").write_text(YAML)
    (folder / "pixi.toml").write_text(PIXI)
    (folder / "notes.txt").write_text(YAML)
    return folder


def test_lines_come_with_place_rule_and_correction(tmp_path: Path) -> None:
    folder = stage(tmp_path / "project")
    (tmp_path / "cpuinfo").write_text(HASWELL)
    run = replay.doctor("project", str(folder), "--json", "--cpuinfo", str(tmp_path / "cpuinfo"),
                        env=replay.surroundings(tmp_path / "home"))  # fmt: skip
    assert run.status == 1
    assert run.document["schema"] == 1
    assert run.document["level"] == "x86_64_v3"
    rows = {(row["path"], row["line"]): row for row in run.document["lines"]}
    pinned = rows["environment.yml", 4]
    assert pinned["rule"] == "exported-yaml-pins-cpu-build"
    assert (pinned["name"], pinned["level"], pinned["severity"]) == ("zen2", 3, "error")
    assert pinned["corrected"] == ""
    dead = rows["pixi.toml", 4]
    assert dead["rule"] == "pixi-system-requirements-archspec-ignored"
    assert {f["id"] for f in run.document["findings"]} >= {
        "exported-yaml-pins-cpu-build:environment.yml:4",
        "pixi-system-requirements-archspec-ignored:pixi.toml:4",
    }
    assert [f["path"] for f in run.document["files"]] == ["environment.yml", "pixi.toml"]


def test_text_shows_the_line_and_what_to_do(tmp_path: Path) -> None:
    folder = stage(tmp_path / "project")
    run = replay.doctor("project", str(folder), env=replay.surroundings(tmp_path / "home"))
    lines = run.stdout.splitlines()
    assert lines[0] == "2 lines tie this project to a CPU (2 files read)."
    assert f"Line: - {LEVEL}=3=2_zen2  # from a colleague" in lines
    assert "Remedy: Delete this line, environment.yml:4." in lines


def test_one_file_and_the_working_directory(tmp_path: Path) -> None:
    folder = stage(tmp_path / "project")
    env = replay.surroundings(tmp_path / "home")
    one = replay.doctor("project", str(folder / "environment.yml"), "--json", env=env)
    assert [row["line"] for row in one.document["lines"]] == [4]
    env["PYTHONPATH"] = str(Path(__file__).parent.parent)
    here = replay.doctor("project", "--json", env=env, before=("env", "-C", str(folder)))
    assert here.document["path"] == str(folder)
    assert len(here.document["lines"]) == 2


def test_a_project_is_asked_about_against_a_recorded_machine(tmp_path: Path) -> None:
    folder = stage(tmp_path / "project")
    scene = scenes.cluster()
    (tmp_path / "recording").write_bytes(encode(scenes.recording(scene)))
    env = replay.surroundings(tmp_path / "home")
    words = ("project", "--json", "--from", str(tmp_path / "recording"))
    own = replay.doctor(*words, env=env).document
    assert own["path"] == scenes.HOME
    assert [row["path"] for row in own["lines"]] == ["environment.yml"]
    given = replay.doctor(*words, str(folder), env=env).document
    assert given["level"] == "x86_64_v3"
    assert {row["path"] for row in given["lines"]} == {"environment.yml", "pixi.toml"}


def test_a_clean_project_ends_with_status_0(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "environment.yml").write_text("dependencies:\n  - python\n")
    run = replay.doctor("project", str(folder), env=replay.surroundings(tmp_path / "home"))
    assert run.status == 0
    assert run.stdout.splitlines() == ["1 file read: nothing in them is tied to a CPU."]


@pytest.mark.parametrize("name", ["", "/nowhere", "no\nnewline"])
def test_what_is_not_there_ends_with_status_2(name: str, tmp_path: Path) -> None:
    env = replay.surroundings(tmp_path / "home")
    run = replay.doctor("project", "--json", name, env=env)
    assert run.status == 2
    assert json.loads(run.stdout)["schema"] == 1
    assert run.stderr.count("\n") == 1


def test_a_file_of_another_kind_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    run = replay.doctor("project", str(tmp_path / "notes.txt"),
                        env=replay.surroundings(tmp_path / "home"))  # fmt: skip
    assert run.status == 2
    assert "is no project file that envdoctor knows" in run.stderr


UNREAD = {
    "pixi.toml": b"[workspace\nplatforms = ",
    "Dockerfile": b"FROM x\0y\n",
    "environment.yml": "dependencies:\n  - python\n".encode("utf-16"),
    "conda-lock.yml": b"version: 1\n# " + b"x" * 20_000,
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_could_not_be_read_is_unknown_not_fine(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / name).write_bytes(UNREAD[name])
    run = replay.doctor("project", "--json", str(folder), env=replay.surroundings(tmp_path / "h"))
    assert run.status == 3
    assert [f["id"] for f in run.document["findings"]] == [f"project-file-unread:{name}"]
    said = replay.doctor("project", str(folder), env=replay.surroundings(tmp_path / "h")).stdout
    assert said.startswith("1 of 1 files could not be wholly read.")


SECRETS = {
    "explicit.txt": "@EXPLICIT\nhttps://u:pSECRET@h.org/t/SECRET/c/noarch/"
    f"{LEVEL}-3-2_zen2.conda?token=SECRET\n",
    "Dockerfile": "FROM debian\nENV API_TOKEN=SECRET CONDA_OVERRIDE_ARCHSPEC=haswell\n",
    "environment.yml": f"dependencies:\n  - https://u:p@SECRET@h.org/t/SECRET/c::{LEVEL}=3\n",
}


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_of_a_line_is_shown(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / name).write_text(SECRETS[name])
    (tmp_path / "cpuinfo").write_text(HASWELL)
    words = ("project", str(folder), "--cpuinfo", str(tmp_path / "cpuinfo"))
    for more in ((), ("--json",)):
        run = replay.doctor(*words, *more, env=replay.surroundings(tmp_path / "home"))
        assert f"{name}" in run.stdout
        assert "microarch" in run.stdout or "OVERRIDE" in run.stdout
        assert "SECRET" not in run.stdout + run.stderr


def test_an_address_in_a_comment_makes_no_list(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    text = f"dependencies:\n  - {LEVEL}>=4  # see https://example.org\n"
    (folder / "environment.yml").write_text(text)
    (tmp_path / "cpuinfo").write_text(HASWELL)
    run = replay.doctor("project", str(folder), "--json", "--cpuinfo", str(tmp_path / "cpuinfo"),
                        env=replay.surroundings(tmp_path / "home"))  # fmt: skip
    (found,) = run.document["findings"]
    assert found["check"] == "level-above-this-machine"
    assert "without asking" not in found["consequence"]
