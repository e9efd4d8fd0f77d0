"""Every correction of a real project file or recipe, applied: the finding goes, the file stays."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from doctor import checks, projects
from doctor.examine import examine
from doctor.fix.applying import apply, undo
from doctor.fix.recheck import checked
from doctor.host.changing import Changer
from doctor.host.live import LiveHost
from doctor.model import Checked, Edit, Finding, Project, Remedy, Report
from tests import DATA, scenes
from tests.test_checks import HASWELL, with_conda, with_micromamba

FOLDERS = sorted(p for kind in ("projects", "recipes") for p in (DATA / kind).iterdir())

NOT_ONE_LINE = {"recipe-level-without-lower-build", "recipe-prefers-slow-build"}
"""Findings about several lines: correcting one of them may leave the others to be said."""


@cache
def machine() -> Report:
    """conda and micromamba on a Haswell."""
    scene = with_conda(scenes.bare(HASWELL, level=3), "26.7.1", "haswell")
    return examine(scenes.recorded(with_micromamba(scene, "2.8.1", "x86_64_v3")))


def examined(folder: Path) -> Report:
    """The same machine with this project."""
    project: Project = projects.examine(LiveHost(), str(folder))
    report = replace(machine(), project=project, findings=())
    ids = [check.ID for check in checks.PROJECTS]
    return replace(report, findings=checks.run(report, ids))


def corrections(report: Report) -> Iterator[tuple[Finding, Remedy]]:
    """Findings with a correction that envdoctor would carry out."""
    for finding in report.findings:
        for remedy in finding.remedies[:1]:
            if remedy.applicable and all(isinstance(step, Edit) for step in remedy.steps):
                yield finding, remedy


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_corrections_are_applied_one_after_the_other_until_none_is_left(
    folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    changer = Changer(tmp_path / "kept")
    original = contents(copy)
    done = []
    for _ in range(100):
        report = examined(copy)
        found = next(corrections(report), None)
        if found is None:
            break
        finding, remedy = found
        applied = apply(changer, finding, remedy, print)
        assert applied.ok, applied.state
        again = examined(copy)
        if finding.check not in NOT_ONE_LINE:
            assert checked(finding, applied, again) is Checked.GONE, finding.id
        assert unread(again) <= unread(report)
        done.append(applied)
    else:
        raise AssertionError("corrections do not come to an end")
    for applied in reversed(done):
        undone, said = undo(changer, applied)
        assert undone.undone, said
    assert contents(copy) == original


def unread(report: Report) -> set[str]:
    files = report.project.files if report.project else ()
    return {file.path for file in files if file.trouble}


def contents(folder: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_corrections_are_many() -> None:
    found = [f.check for folder in FOLDERS for f, _ in corrections(examined(folder))]
    assert len(found) > 30
    assert len(set(found)) > 6
