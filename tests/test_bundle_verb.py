"""`envdoctor bundle` and `envdoctor open`, as users and scripts meet them."""

import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pytest

from doctor import __version__
from doctor.bundle.making import make, replayed, zipped
from doctor.cli import main
from doctor.examine import source
from doctor.host.identity import Identity, identity
from doctor.host.recorded import RecordedHost, Recording, encode
from doctor.model import Facts
from tests import planted, replay, scenes
from tests.clients import ROOT
from tests.replayed import Replayed, machine_of_2024
from tests.test_bundle import ZOE, recording

REFUSED = "nobody can be asked without a terminal"


@pytest.fixture
def machine(tmp_path: Path) -> Replayed:
    return machine_of_2024(tmp_path / "machine")


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording in the working directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "cluster.json"
    path.write_bytes(encode(recording("cluster")))
    return path


def at_a_terminal(
    words: list[str], answers: list[str], env: Mapping[str, str], width: int = 200
) -> tuple[int, str]:
    """Exit status and everything on the screen, once each question got its answer."""
    child: pexpect.spawn[str] = pexpect.spawn(
        sys.executable, ["-m", "doctor", *words], env={**env, "TERM": "dumb"}, cwd=str(ROOT),
        encoding="utf-8", timeout=60, dimensions=(50, width),
    )  # fmt: skip
    seen = ""
    for answer in answers:
        child.expect([r"\? \[y/N\] ", "everything in it: ", "print everything: "])
        seen += str(child.before) + str(child.after)
        child.sendline(answer)
    child.expect(pexpect.EOF)
    seen += str(child.before)
    child.close()
    return child.exitstatus or 0, seen


def content_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- asking ----------------------------------------------------------------------------------


def test_without_a_terminal_nothing_is_written_unless_yes_is_said(
    machine: Replayed, tmp_path: Path
) -> None:
    target = tmp_path / "x.zip"
    run = replay.doctor("bundle", "-o", str(target), env=machine.env())
    assert (run.status, run.stdout) == (2, "")
    assert REFUSED in run.stderr
    assert not target.exists()
    run = replay.doctor("bundle", "-o", str(target), "--yes", env=machine.env())
    assert run.status == 0
    assert run.stdout == f"Written: {target}, {target.stat().st_size} bytes. Nothing was sent.\n"
    assert "Replayed without them: the same findings and levels." in run.stderr


@pytest.mark.parametrize(("answer", "there"), [("", False), ("n", False), ("y", True)])
def test_everything_is_shown_and_the_default_answer_is_no(
    answer: str, there: bool, machine: Replayed, tmp_path: Path
) -> None:
    target = tmp_path / "x.zip"
    status, seen = at_a_terminal(["bundle", "-o", str(target)], [answer], machine.env())
    assert (status == 0) == target.exists() == there
    assert ("Nothing was written." in seen) != there
    shown = re.findall(r"(?m)^  (\S+\.(?:json|md|txt)): (\d+) bytes, .+\r$", seen)
    assert len(shown) > 6
    if there:
        written = content_of(target)
        assert shown == [(name, str(len(data))) for name, data in written.items()]


@pytest.mark.parametrize("width", [60, 80])
def test_on_a_narrow_terminal_no_word_is_cut_in_two(
    width: int, machine: Replayed, tmp_path: Path
) -> None:
    target = tmp_path / "x.zip"
    words = ["bundle", "-o", str(target)]
    narrow = at_a_terminal(words, ["n"], machine.env(), width)[1].splitlines()
    wide = at_a_terminal(words, ["n"], machine.env(), 4000)[1].splitlines()
    before = next(n for n, line in enumerate(narrow) if "? [y/N]" in line)
    assert [line for line in narrow[:before] if len(line) > width and " " in line.strip()] == []
    whole = next(n for n, line in enumerate(wide) if "? [y/N]" in line)
    same = [re.sub(r"\d+", "N", " ".join(part)).split() for part in (narrow[:before], wide[:whole])]
    assert same[0] == same[1]  # but for sizes: times are in them


def test_unredacted_needs_a_typed_word_and_is_called_so(machine: Replayed, tmp_path: Path) -> None:
    words = ["bundle", "--no-redact", "--yes", "-o", str(tmp_path / "x.zip")]
    target = tmp_path / "x-UNREDACTED.zip"
    for answer in ("y", "yes", "UNREDACT", ""):
        status, seen = at_a_terminal(words, [answer], machine.env())
        assert status == 1
        assert "NOTHING WAS REPLACED: names, paths and secrets are in it." in seen
    assert list(tmp_path.glob("*.zip")) == []
    status, seen = at_a_terminal(words, ["unredacted"], machine.env())
    assert status == 0
    assert [path.name for path in tmp_path.glob("*.zip")] == [target.name]
    assert str(machine.home).encode() in content_of(target)["recording.json"]
    assert content_of(target)["summary.md"].startswith(b"> UNREDACTED:")
    assert json.loads(content_of(target)["manifest.json"])["redacted"] is False


@pytest.mark.parametrize("more", [[], ["--yes"], ["--show"], ["--yes", "--json"]])
def test_without_a_terminal_unredacted_is_refused_whatever_is_said(
    more: list[str], saved: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sys, "stdin", io.StringIO("unredacted\n"))
    words = ["bundle", "--from", str(saved), "--no-redact", "-o", "x.zip", *more]
    assert main(words) == 2
    printed = capsys.readouterr()
    assert REFUSED in printed.err
    assert scenes.HOME not in printed.out + printed.err
    assert os.listdir(saved.parent) == ["cluster.json"]


# --- options ---------------------------------------------------------------------------------


def run_bundle(saved: Path, *words: str) -> int:
    return main(["bundle", "--from", str(saved), "-o", "x.zip", *words])


def test_json_is_one_document_with_every_file(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_bundle(saved, "--yes", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["bundle"], said["redacted"]) == (1, "x.zip", True)
    assert said["bytes"] == Path("x.zip").stat().st_size
    written = content_of(Path("x.zip"))
    assert {row["name"]: row["bytes"] for row in said["files"]} == {
        name: len(data) for name, data in written.items()
    }
    assert all(row["what"] and row["reason"] for row in said["omissions"])


def test_a_file_that_is_there_stays_unless_over_is_said(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("x.zip").write_bytes(b"kept")
    assert run_bundle(saved, "--yes") == 2
    assert "is there already: choose another name, or add --over" in capsys.readouterr().err
    assert Path("x.zip").read_bytes() == b"kept"
    assert run_bundle(saved, "--yes", "--over") == 0
    assert Path("x.zip").read_bytes() != b"kept"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "x.tar"], "must end in .zip"),
        (["-o", ""], "must end in .zip"),
        (["-o", "gone/x.zip", "--yes"], "there is no folder gone"),
        (["--without", "files/none.txt", "--yes"], "files/none.txt is no file of this bundle"),
        (["--without", "recording.json", "--yes"], "recording.json is no file of this bundle that"),
        (["--hide", "avx2", "--yes"], "changed what is found: the level of the CPU"),
        (["--hide", "conda", "--yes"], "nothing was written: "),
        (["--show", "nothing.txt"], "'nothing.txt' is no file of this bundle"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    words: list[str], said: str, saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_bundle(saved, *words) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1
    assert os.listdir(saved.parent) == ["cluster.json"]


def test_own_words_and_unticked_files_are_in_no_byte(saved: Path) -> None:
    before = "".join(data.decode() for data in _texts(saved, "a.zip"))
    assert "graph-tool" in before
    words = ["--hide", "2.98", "--hide", "Debian", "--without", "files/0004-environment-yml.txt"]
    after = "".join(data.decode() for data in _texts(saved, "b.zip", *words))
    assert "2.98" not in after
    assert "debian" not in after.lower()
    assert "_x86_64-microarch-level=3=2_zen2" in before
    assert "_x86_64-microarch-level=3=2_zen2" not in after


def _texts(saved: Path, name: str, *words: str) -> list[bytes]:
    assert main(["bundle", "--from", str(saved), "-o", name, "--yes", *words]) == 0
    return list(content_of(Path(name)).values())


def test_a_bundle_can_be_hidden_more_and_nothing_is_called_anew(saved: Path) -> None:
    first = {f.split(b'"')[0] for f in b"".join(_texts(saved, "a.zip")).split(b"hidden-")[1:]}
    assert main(["bundle", "--from", "a.zip", "--hide", "2.98", "-o", "b.zip", "--yes"]) == 0
    again = content_of(Path("b.zip"))
    assert b"2.98" not in b"".join(again.values())
    assert b"hidden-given-word-1" in again["recording.json"]
    assert json.loads(again["manifest.json"])["made"] == "2026-11-22T12:00:00+00:00"
    old = content_of(Path("a.zip"))["files/0003-environments-txt.txt"]
    assert again["files/0003-environments-txt.txt"] == old
    assert first


def test_a_bundle_of_a_bundle_lists_what_the_first_one_left_out(saved: Path) -> None:
    _texts(saved, "a.zip", "--without", "files/0004-environment-yml.txt")
    first = omissions("a.zip")
    assert {"was unticked", "rests on what was left out"} <= {reason for _, reason in first}
    arguments = ["--hide", "2.98", "--without", "files/0003-environments-txt.txt", "--yes"]
    assert main(["bundle", "--from", "a.zip", "-o", "b.zip", *arguments]) == 0
    added = omissions("b.zip") - first
    assert omissions("b.zip") > first
    assert added == {("/home/hidden-user-1/.conda/environments.txt", "was unticked")}


def omissions(name: str) -> set[tuple[str, str]]:
    manifest = json.loads(content_of(Path(name))["manifest.json"])
    return {(row["what"], row["reason"]) for row in manifest["omissions"]}


# --- opening ---------------------------------------------------------------------------------


def test_open_is_about_one_file_only(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", "--from", str(saved), str(saved)]) == 2
    assert capsys.readouterr().err == "envdoctor: open takes one file: leave --from out\n"


def test_without_a_terminal_open_prints_whose_report_it_is(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_bundle(saved, "--yes")
    capsys.readouterr()
    assert main(["open", "x.zip"]) == 1  # as check does where something is wrong
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Overview:"
    when = f"2026-11-22 12:00 UTC, envdoctor {__version__}"
    assert lines[2] == f"Examined: recording of hidden-user-1's machine, {when}"


@pytest.mark.parametrize(
    ("home", "made", "doctor", "said"),
    [
        ("/home/hidden-user-1", "2026-11-22T12:00:00+00:00", "0.1.0",
         "recording of hidden-user-1's machine, 2026-11-22 12:00 UTC, envdoctor 0.1.0"),
        ("C:\\Users\\hidden-user-3", "2026-11-22T12:00:00+00:00", "0.1.0",
         "recording of hidden-user-3's machine, 2026-11-22 12:00 UTC, envdoctor 0.1.0"),
        ("", "yesterday", "", "recording of a machine, an unknown time, envdoctor unknown"),
        ("/\x1b[2J", "2026\n", "\x1b]0;x\x07", "recording of a machine, an unknown time, envdoctor"
         " unknown"),
        ("/" + "x" * 500, "2026-11-22 12:00", "9" * 500,
         f"recording of {'x' * 60}'s machine, 2026-11-22 12:00 UTC, envdoctor {'9' * 40}"),
    ],
)  # fmt: skip
def test_a_report_of_a_recording_says_whose_when_and_by_which_version(
    home: str, made: str, doctor: str, said: str
) -> None:
    facts = Facts("Linux", "x86_64", "6", home=home)
    assert source(RecordedHost(Recording(1, doctor, made, facts))) == said


def test_a_planted_machine_is_opened_by_its_stand_in(tmp_path: Path) -> None:
    made = planted.machine()
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(make(made, replayed(made), planted.ALICE)))
    run = replay.doctor("open", str(path), env=replay.surroundings(tmp_path / "home"))
    assert "Examined: recording of hidden-user-1's machine" in run.stdout
    assert planted.found_in(run.stdout.encode()) == []


def test_making_one_does_not_depend_on_who_makes_it() -> None:
    live = replayed(recording("cluster"))
    for who in (Identity(), ZOE, identity()):
        report = make(recording("cluster"), live, who).report
        assert [f.check for f in report.findings] == [f.check for f in live.findings]
