"""`envdoctor compare` and the app's page: exit status, shapes, hostile files."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import fleets, scenes
from tests.test_app import running, shows, text
from tests.test_bad_input import BAD, doctor, only_a_complaint
from tests.test_cli import warned


def answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What stands under `compare` in the one document on standard output."""
    found: dict[str, Any] = json.loads(done.stdout)
    assert list(found) == ["schema", "envdoctor", "compare"]
    assert found["schema"] == 1
    compared: dict[str, Any] = found["compare"]
    return compared


# --- exit status and shapes ------------------------------------------------------------------


def test_alike_machines_end_with_0(tmp_path: Path) -> None:
    done = doctor("compare", *fleets.saved(tmp_path, a=scenes.hyphen, b=scenes.hyphen))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Both machines have level x86_64_v4.\n")


def test_notes_that_differ_end_with_0(tmp_path: Path) -> None:
    done = doctor("compare", "--json", *fleets.saved(tmp_path, a=fleets.v4, b=fleets.v3))
    assert done.returncode == 0
    assert {d["severity"] for d in answer(done)["differences"]} == {None, "note"}


@pytest.mark.parametrize(("fail_on", "status"), [("error", 1), ("warning", 1), ("never", 0)])
def test_an_error_that_not_all_have_ends_with_1(fail_on: str, status: int, tmp_path: Path) -> None:
    files = fleets.saved(tmp_path, a=scenes.hyphen, b=scenes.healthy)
    assert doctor("compare", "--fail-on", fail_on, *files).returncode == status


def test_a_warning_that_not_all_have_ends_with_1_where_that_was_asked(tmp_path: Path) -> None:
    files = fleets.saved(tmp_path, a=warned, b=scenes.bare)
    assert doctor("compare", *files).returncode == 0
    assert doctor("compare", "--fail-on", "warning", *files).returncode == 1


def test_a_level_that_is_unknown_ends_with_3_unless_something_is_worse(tmp_path: Path) -> None:
    dark, well, sick = fleets.saved(
        tmp_path, dark=fleets.unreadable, well=scenes.healthy, sick=scenes.hyphen
    )
    assert doctor("compare", dark, well).returncode == 3
    assert doctor("compare", "--fail-on", "never", dark, well).returncode == 0
    assert doctor("compare", dark, well, sick).returncode == 1


def test_json_has_its_shapes(tmp_path: Path) -> None:
    files = fleets.saved(tmp_path, a=scenes.cluster, b=scenes.hyphen, c=scenes.hyphen)
    found = answer(doctor("compare", "--json", *files))
    assert found["shared_level"] == "x86_64_v3"
    family = found["families"][0]
    assert family["holding_back"][0]["machines"] == ["a"]
    assert "avx512f" in family["holding_back"][0]["lacks"]
    assert family["levels"][1] == {"level": "x86_64_v4", "machines": ["b", "c"]}
    assert found["kinds"] == [{"kind": 1, "machines": ["a"]}, {"kind": 2, "machines": ["b", "c"]}]
    assert [m["kind"] for m in found["machines"]] == [1, 2, 2]
    level = next(d for d in found["differences"] if d["field"] == "level")
    assert level == {
        "section": "cpu", "subjects": ["CPU"], "field": "level", "severity": None,
        "groups": [{"value": "x86_64_v4", "machines": 2, "kinds": [2]},
                   {"value": "x86_64_v3", "machines": 1, "kinds": [1]}],
    }  # fmt: skip


def test_unknown_is_null_in_json(tmp_path: Path) -> None:
    files = fleets.saved(tmp_path, dark=fleets.unreadable, a=fleets.v4)
    found = answer(doctor("compare", "--json", *files))
    assert found["shared_level"] is None
    level = next(d for d in found["differences"] if d["field"] == "level")
    assert {"value": None, "machines": 1, "kinds": [1]} in level["groups"]


def test_what_check_prints_is_compared(tmp_path: Path) -> None:
    recording = fleets.save(tmp_path, "recording.json", fleets.bare_recording(scenes.hyphen))
    printed = doctor("check", "--from", recording, "--json").stdout
    report = fleets.save(tmp_path, "printed.json", printed.encode())
    found = answer(doctor("compare", "--json", recording, report))
    assert found["differences"] == []
    assert [m["judged"] for m in found["machines"]] == ["now", "then"]


def test_from_names_one_more_file(tmp_path: Path) -> None:
    a, b = fleets.saved(tmp_path, a=fleets.v3, b=fleets.v4)
    done = doctor("compare", "--json", "--from", a, b)
    assert [m["label"] for m in answer(done)["machines"]] == ["a", "b"]


def test_markdown_is_one_table(tmp_path: Path) -> None:
    files = fleets.saved(tmp_path, a=fleets.v3, b=fleets.v4)
    lines = doctor("compare", "--markdown", *files).stdout.splitlines()
    assert lines[0] == "### envdoctor compare"
    assert "| what differs | a | b |" in lines
    rows = [line for line in lines if line.startswith("|")]
    assert "| CPU level | x86_64_v3 | x86_64_v4 |" in rows
    assert {row.replace("\\|", "").count("|") for row in rows} == {4}


def test_the_terminal_app_is_not_loaded_and_nothing_is_started(tmp_path: Path) -> None:
    files = fleets.saved(tmp_path, a=fleets.v3, b=fleets.v4)
    code = (
        "import sys; from doctor.cli import main; main(sys.argv[1:]);"
        "print(sorted({m.partition('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "compare", *files], capture_output=True, text=True, check=True
    )
    assert "doctor" in done.stderr
    for name in ("textual", "rich", "rattler", "asyncio", "multiprocessing", "subprocess"):
        assert f"'{name}'" not in done.stderr


# --- files that are no good ------------------------------------------------------------------


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_bad_file_is_one_line(make: Callable[[Path], Path], tmp_path: Path) -> None:
    good = fleets.save(tmp_path.parent, f"{tmp_path.name}.zip", fleets.bundle(fleets.v4))
    path = str(make(tmp_path))
    done = doctor("compare", good, path, "--json")
    only_a_complaint(done, path)
    assert path in json.loads(done.stdout)["error"]
    assert doctor("compare", path, good).stdout == ""


def newer_schema(report: dict[str, Any]) -> None:
    report["schema"] = 2


def no_clients(report: dict[str, Any]) -> None:
    del report["clients"]


def wrong_severity(report: dict[str, Any]) -> None:
    report["findings"][0]["severity"] = "catastrophe"


def features_a_word(report: dict[str, Any]) -> None:
    report["machine"]["cpu"]["features"] = "avx2"


def an_error(report: dict[str, Any]) -> None:
    report.clear()
    report.update(schema=1, error="nothing worked")


@pytest.mark.parametrize(
    ("change", "words"),
    [(newer_schema, "written by another envdoctor (schema 2, this one reads 1)"),
     (no_clients, "is no report of `envdoctor check --json`"),
     (wrong_severity, "is no report of `envdoctor check --json`"),
     (features_a_word, "is no report of `envdoctor check --json`"),
     (an_error, "envdoctor ended with an error when it was written")],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_a_report_that_is_none_says_why(
    change: Callable[[dict[str, Any]], None], words: str, tmp_path: Path
) -> None:
    content = fleets.report(scenes.hyphen)
    change(content)
    path = fleets.save(tmp_path, "bad.json", content)
    good = fleets.save(tmp_path, "good.zip", fleets.bundle(fleets.v4))
    done = doctor("compare", good, path)
    only_a_complaint(done, path)
    assert words in done.stderr


def test_a_zip_that_is_no_bundle_is_refused_also_among_many(tmp_path: Path) -> None:
    folder = tmp_path / "fleet"
    fleets.fleet(folder, 20, (fleets.v4,))
    with zipfile.ZipFile(folder / "other.zip", "w") as archive:
        archive.writestr("../../evil.txt", "x")
    done = doctor("compare", str(folder))
    only_a_complaint(done, str(folder / "other.zip"))
    assert not (tmp_path.parent / "evil.txt").exists()


def test_every_file_that_is_no_good_is_named_up_to_four(tmp_path: Path) -> None:
    paths = [fleets.save(tmp_path, f"bad{n}.json", b"no") for n in range(6)]
    done = doctor("compare", *paths)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert [path in done.stderr for path in paths] == [True] * 4 + [False] * 2
    assert "and 2 more files cannot be compared; nothing was compared" in done.stderr


def test_one_file_alone_is_nothing_to_compare(tmp_path: Path) -> None:
    done = doctor("compare", *fleets.saved(tmp_path, a=fleets.v4))
    assert done.returncode == 2
    assert "two files are needed" in done.stderr


def test_what_a_report_says_cannot_reach_the_terminal_or_break_a_table(tmp_path: Path) -> None:
    content = fleets.report(scenes.hyphen)
    content["machine"]["cpu"]["brand"] = "\x1b[31mred|<b>\nnext\u202e"
    content["machine"]["settings"]["CONDA_TOKEN"] = "s3cr3tvalue"
    content["machine"]["settings"]["CONDA_CHANNELS"] = "https://kim:s3cr3tvalue@host/channel"
    paths = [fleets.save(tmp_path, "odd\x1b[2J.json", content)]
    paths += fleets.saved(tmp_path, b=scenes.hyphen)
    for form in ("--plain", "--json", "--markdown"):
        done = doctor("compare", form, *paths)
        assert done.returncode == 0
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout
        assert "s3cr3tvalue" not in done.stdout
    row = next(x for x in done.stdout.splitlines() if x.startswith("| CPU model"))
    assert row.replace("\\|", "").count("|") == 4
    assert "<b>" not in row


# --- in the app ------------------------------------------------------------------------------


async def test_m_compares_the_machine_that_is_shown_with_files(tmp_path: Path) -> None:
    (file,) = fleets.saved(tmp_path, old=scenes.cluster)
    async with running(scenes.healthy()) as (app, pilot):
        await pilot.press("m")
        assert await shows(app, pilot, "Compare with other machines")
        await pilot.press(*file, "enter")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        shown = " ".join(text(app).split())
        assert "old holds back the one shown, which has x86_64_v4: it lacks avx512bw" in shown
        assert "CPU level x86_64_v4 x86_64_v3" in shown
        await pilot.press("enter")
        await pilot.pause()
        assert "the one shown" in text(app)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert "[1 Overview]" in text(app)


async def test_a_file_that_cannot_be_compared_is_said_and_another_can_be_named(
    tmp_path: Path,
) -> None:
    fleets.fleet(tmp_path / "fleet", 4, (fleets.v2, fleets.v3, fleets.v4, fleets.unreadable))
    async with running(scenes.healthy(), (200, 40)) as (app, pilot):
        await pilot.press("m", *"/nowhere", "enter")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "/nowhere could not be read" in text(app)
        await pilot.press("slash", "ctrl+u", *str(tmp_path / "fleet"), "enter")
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        shown = " ".join(text(app).split())
        assert "4 of 5 machines have level x86_64_v2, of node00003 it is unknown" in shown
        assert "2 x86_64_v4; 1 x86_64_v2; 1 x86_64_v3; 1 unknown" in shown


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
async def test_the_page_shows_help_and_quit_at_every_size(size: tuple[int, int]) -> None:
    async with running(scenes.healthy(), size) as (app, pilot):
        await pilot.press("m")
        await pilot.pause()
        shown = text(app)
    assert "Help" in shown
    assert "Quit" in shown


def test_a_name_that_is_no_text_is_one_document(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.zip"
    Path(os.fsdecode(path)).write_bytes(fleets.bundle(fleets.v3))
    done = subprocess.run(
        [sys.executable, "-m", "doctor", "compare", "--json", path,
         *fleets.saved(tmp_path, b=fleets.v4)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    found = json.loads(done.stdout)["compare"]["machines"]
    assert [machine["label"] for machine in found] == ["\\udcff", "b"]
