"""Clients are found where they are: on PATH, through variables, in usual places, each once."""

import json
from pathlib import Path
from typing import Any

from tests import replay
from tests.scenes import conda_probe, transcript


def root(folder: Path, **parts: str) -> Path:
    """A root with records whose Python answers our probe as conda 26.7.1 would."""
    for name, version in parts.items():
        record = folder / "conda-meta" / f"{name}-{version}-0.json"
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text("{}")
    replay.replay(folder / "bin" / "python", conda_probe("26.7.1"))
    for kind in ("conda", "mamba"):
        if kind in parts:
            replay.replay(folder / "bin" / kind, transcript("mamba", "2.8.1", "A_info_json"))
    return folder


def rows(tmp_path: Path, *bins: Path, home: str = "home", **variables: str) -> list[dict[str, Any]]:
    env = replay.surroundings(tmp_path / home, bins) | variables
    found = replay.doctor("clients", "--json", env=env).document["clients"]
    return [row for row in found if not row["envdoctors_own"]]


def kinds(found: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(row["kind"], row["version"]) for row in found]


def test_a_root_in_a_usual_place_needs_no_path(tmp_path: Path) -> None:
    made = root(tmp_path / "home" / "miniforge3", conda="26.7.1", archspec="0.2.6")
    (row,) = rows(tmp_path)
    assert (row["kind"], row["version"], row["parts"]["archspec"]) == ("conda", "26.7.1", "0.2.6")
    assert row["path"] == str(made / "bin" / "conda")
    assert row["found_by"] == "in a usual place"


def test_variables_that_hooks_set_lead_to_roots(tmp_path: Path) -> None:
    made = root(tmp_path / "far", conda="26.7.1")
    for name, value in (("CONDA_EXE", made / "bin" / "conda"), ("CONDA_PREFIX", made)):
        assert kinds(rows(tmp_path, **{name: str(value)})) == [("conda", "26.7.1")]
    alone = tmp_path / "alone" / "mamba"
    replay.replay(alone, transcript("mamba", "2.8.1", "A_version"))
    assert [r["kind"] for r in rows(tmp_path, MAMBA_EXE=str(alone))] == ["mamba"]


def test_one_root_is_one_row_however_often_it_is_on_path(tmp_path: Path) -> None:
    made = root(tmp_path / "r", conda="26.7.1")
    replay.replay(made / "condabin" / "conda", transcript("mamba", "2.8.1", "A_version"))
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "conda").symlink_to(made / "bin" / "conda")
    found = rows(tmp_path, tmp_path / "links", made / "condabin", made / "bin")
    assert kinds(found) == [("conda", "26.7.1")]
    assert found[0]["path"] == str(tmp_path / "links" / "conda")


def test_what_is_beside_a_program_on_path_is_found_with_its_own_path(tmp_path: Path) -> None:
    made = root(tmp_path / "r", conda="26.7.1", mamba="2.8.1")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "conda").symlink_to(made / "bin" / "conda")
    found = {row["kind"]: row for row in rows(tmp_path, tmp_path / "links")}
    assert found["mamba"]["path"] == str(made / "bin" / "mamba")
    assert "beside another client" in found["mamba"]["found_by"]
    assert found["mamba"]["answers"][-1]["virtual_packages"]


def test_the_second_on_path_is_shadowed_by_the_first(tmp_path: Path) -> None:
    first, second = root(tmp_path / "a", conda="26.7.1"), root(tmp_path / "b", conda="24.1.2")
    found = rows(tmp_path, first / "bin", second / "bin")
    assert kinds(found) == [("conda", "26.7.1"), ("conda", "24.1.2")]
    assert [row["shadowed_by"] for row in found] == [None, str(first / "bin" / "conda")]
    assert [row["id"] for row in found] == ["conda", "conda-2"]


def test_a_conda_without_records_is_asked_for_its_version(tmp_path: Path) -> None:
    program = tmp_path / "shims" / "conda"
    replay.printing(program, "conda 24.1.2\n")
    (row,) = rows(tmp_path, tmp_path / "shims")
    assert row["version"] == "24.1.2"
    assert "was not asked" in row["answers"][-1]["trouble"]


def test_spaces_and_line_ends_in_paths_stay_on_their_line(tmp_path: Path) -> None:
    made = root(tmp_path / "two words\nand lines", conda="26.7.1")
    env = replay.surroundings(tmp_path / "home", (made / "bin",))
    said = replay.doctor("clients", env=env)
    assert kinds(rows(tmp_path, made / "bin")) == [("conda", "26.7.1")]
    paths = [line for line in said.stdout.splitlines() if line.startswith("Path: ")]
    assert any("two words\\nand lines/bin/conda" in line for line in paths)


def test_a_client_that_solves_for_another_platform_is_judged_for_that(tmp_path: Path) -> None:
    probe = json.loads(conda_probe("26.7.1").stdout.split("envdoctor ", 1)[1])
    probe |= {"platform": "osx-64", "conda_version": "26.7.1"}
    probe["virtual_pkgs"] = [["__archspec", "1", "x86_64"], ["__conda", "26.7.1", "0"],
                             ["__osx", "0", "0"], ["__unix", "0", "0"]]  # fmt: skip
    made = root(tmp_path / "r", conda="26.7.1", archspec="0.2.6")
    replay.printing(made / "bin" / "python", f"\nenvdoctor {json.dumps(probe)}\n")
    env = replay.surroundings(tmp_path / "home", (made / "bin",))
    found = replay.doctor("check", "--json", env=env).document["findings"]
    assert "conda-subdir-cross-solve:subdir" in [finding["id"] for finding in found]
    assert not [f for f in found if f["check"] == "reported-differs-from-predicted"]
