"""Real py-rattler versions from PyPI: found, asked, and in agreement with prediction."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import replay
from tests.clients import RATTLERS, installed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="environments have bin/ here")

OVERRIDES = (
    {},
    *({"CONDA_OVERRIDE_ARCHSPEC": value} for value in ("haswell", "", "0", "x86_64-v3", "zen9")),
    {"CONDA_OVERRIDE_GLIBC": "2.17"},
    {"CONDA_OVERRIDE_CUDA": "12.4"},
)

VERSIONS = pytest.mark.parametrize("version", RATTLERS)
SETTINGS = pytest.mark.parametrize(
    "settings", OVERRIDES, ids=lambda s: "-".join(f"{k}={v}" for k, v in s.items()) or "none"
)


def row_of(run: replay.Run, folder: Path) -> dict[str, Any]:
    rows: list[dict[str, Any]] = run.document["clients"]
    (row,) = [r for r in rows if r["root"] == str(folder)]
    return row


def expected_archspec(version: str, settings: dict[str, str], detected: str) -> str | None:
    """`__archspec` as measured with each version (facts of its era), `None` where there is none."""
    override = settings.get("CONDA_OVERRIDE_ARCHSPEC")
    if override is None or version == "0.9.0":
        return f"__archspec=1={detected}"
    return f"__archspec=1={override}" if override else None


@VERSIONS
@SETTINGS
def test_reported_equals_predicted(version: str, settings: dict[str, str], tmp_path: Path) -> None:
    folder = installed("py-rattler", version)
    env = replay.surroundings(tmp_path, (folder / "bin",), settings)
    run = replay.doctor("clients", "--json", env=env)
    row = row_of(run, folder)
    assert (run.status, run.stderr) == (0, "")
    assert (row["kind"], row["version"], row["envdoctors_own"]) == ("rattler", version, False)
    reported, predicted = replay.answer(row, "reported"), replay.answer(row, "predicted")
    assert reported["virtual_packages"] == predicted["virtual_packages"]
    if predicted["trouble"] is None:
        assert reported["trouble"] is None
        assert predicted["unknown"] == []
    else:
        assert reported["trouble"].endswith(predicted["trouble"])


@VERSIONS
@SETTINGS
def test_overrides_do_what_was_measured(
    version: str, settings: dict[str, str], tmp_path: Path
) -> None:
    folder = installed("py-rattler", version)
    env = replay.surroundings(tmp_path, (folder / "bin",))
    bare = row_of(replay.doctor("clients", "--json", env=env), folder)
    row = row_of(replay.doctor("clients", "--json", env={**env, **settings}), folder)
    detected = replay.answer(bare, "reported")["virtual_packages"][-1]
    packages = replay.answer(row, "reported")["virtual_packages"]
    if version == "0.28.0" and settings.get("CONDA_OVERRIDE_ARCHSPEC") in ("x86_64-v3", "zen9"):
        assert packages is None
        return
    assert detected.startswith("__archspec=1=")
    archspec = [p for p in packages if p.startswith("__archspec")]
    wanted = expected_archspec(version, settings, detected.removeprefix("__archspec=1="))
    assert archspec == ([wanted] if wanted else [])
    assert ("__glibc=2.17=0" in packages) == ("CONDA_OVERRIDE_GLIBC" in settings)
    assert ("__cuda=12.4=0" in packages) == ("CONDA_OVERRIDE_CUDA" in settings)


@VERSIONS
def test_found_through_virtual_env_too(version: str, tmp_path: Path) -> None:
    folder = installed("py-rattler", version)
    env = replay.surroundings(tmp_path, (), {"VIRTUAL_ENV": str(folder)})
    row = row_of(replay.doctor("clients", "--json", env=env), folder)
    assert (row["version"], row["found_by"]) == (version, "VIRTUAL_ENV")
    assert replay.answer(row, "reported")["trouble"] is None


@VERSIONS
@pytest.mark.parametrize("value", ["x86_64-v3", "zen9"])
def test_refusing_a_misspelt_override_is_not_a_client_that_did_not_answer(
    version: str, value: str, tmp_path: Path
) -> None:
    folder = installed("py-rattler", version)
    env = replay.surroundings(tmp_path, (folder / "bin",), {"CONDA_OVERRIDE_ARCHSPEC": value})
    run = replay.doctor("check", "--json", env=env)
    found = [f for f in run.document["findings"] if f["severity"] == "unknown"]
    assert found == []
    differing = [
        f for f in run.document["findings"] if f["check"] == "reported-differs-from-predicted"
    ]
    assert differing == []


def test_all_side_by_side(tmp_path: Path) -> None:
    folders = [installed("py-rattler", version) for version in RATTLERS]
    env = replay.surroundings(tmp_path, [folder / "bin" for folder in folders])
    run = replay.doctor("clients", "--json", env=env)
    rows = [row_of(run, folder) for folder in folders]
    assert [row["version"] for row in rows] == list(RATTLERS)
    packages = [replay.answer(row, "reported")["virtual_packages"] for row in rows]
    assert packages == [replay.answer(row, "predicted")["virtual_packages"] for row in rows]
    assert len({os.path.dirname(row["path"]) for row in rows}) == len(RATTLERS)
