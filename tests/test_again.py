"""Checking again starts only those clients whose answer a change can concern; each is counted."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from doctor.again import Left
from doctor.examine import Judged, judge
from doctor.host.recorded import RecordedHost, RecordingHost, decode, encode
from doctor.model import STOPPED, Report
from doctor.report.words import asked_again
from tests import replay
from tests.counted import Counted

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its programs are shell scripts")

ALL = ["conda", "mamba", "micromamba", "pixi"]
LIMIT = 20.0


@pytest.fixture
def machine(tmp_path: Path) -> Counted:
    return Counted(tmp_path)


def comparable(report: Report) -> Report:
    return replace(report, made="", source="")


def replayed(host: RecordingHost) -> Report:
    """What a bundle of it would be judged to be."""
    return judge(RecordedHost(decode(encode(host.recording()))), LIMIT, Left()).report


def titles(judged: Judged, kept: bool) -> set[str]:
    ids = judged.kept or ()
    return {c.kind for c in judged.report.clients if (c.id in ids) is kept}


# --- who is asked ----------------------------------------------------------------------------


SITE = ("miniforge3", "lib", "python3.12", "site-packages")


def nothing(machine: Counted) -> None:
    """What clients write while they are asked concerns nobody."""
    machine.write(".conda", "environments.txt", text="")
    machine.write(*SITE, "conda", "__pycache__", "a.pyc")


def program_replaced(machine: Counted) -> None:
    machine.micromamba("2.8.1")


def condarc_of_the_root(machine: Counted) -> None:
    machine.write("miniforge3", ".condarc")


def condarc_of_the_user(machine: Counted) -> None:
    machine.write(".condarc")


def condarc_in_a_folder_is_edited(machine: Counted) -> None:
    machine.write(".conda", "condarc.d", "first.yml", text="solver: libmamba\n")


def mambarc(machine: Counted) -> None:
    machine.write(".config", "mamba", "mambarc")


def pixi_is_configured(machine: Counted) -> None:
    machine.write(".pixi", "config.toml")


def workspace(machine: Counted) -> None:
    machine.write("pixi.toml")


def package_in_the_root(machine: Counted) -> None:
    machine.record("numpy", "2.4.0")


def archspec_is_edited(machine: Counted) -> None:
    machine.write(*SITE, "archspec", "cpu", "a.py")


CHANGES: list[tuple[Callable[[Counted], None], list[str]]] = [
    (nothing, []),
    (program_replaced, ["micromamba"]),
    (condarc_of_the_root, ["conda", "mamba"]),
    (condarc_of_the_user, ["conda", "mamba", "micromamba"]),
    (condarc_in_a_folder_is_edited, ["conda", "mamba", "micromamba"]),
    (mambarc, ["mamba", "micromamba"]),
    (pixi_is_configured, ["pixi"]),
    (workspace, ["pixi"]),
    (package_in_the_root, ["conda", "mamba"]),
    (archspec_is_edited, ["conda", "mamba"]),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=lambda value: getattr(
    value, "__name__", ""))  # fmt: skip
def test_only_those_are_asked_whose_answer_can_have_changed(
    change: Callable[[Counted], None],
    expected: list[str],
    machine: Counted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine.write(*SITE, "archspec", "cpu", "a.py", text="old = True\n")
    machine.write(*SITE, "conda", "a.py")
    machine.write(".conda", "condarc.d", "first.yml", text="solver: classic\n")
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        first = judge(host, LIMIT, Left())
        assert (machine.started(), first.kept) == (ALL, None)
        change(machine)
        second = judge(host, LIMIT, first.left)
        assert machine.started() == expected
        assert titles(second, kept=False) == set(expected)
        assert titles(second, kept=True) == {*ALL, "rattler"} - set(expected)
        assert judge(host, LIMIT, second.left).kept == tuple(c.id for c in second.report.clients)
        assert machine.started() == []
        assert comparable(replayed(host)) == comparable(second.report)


def test_the_new_answer_is_in_the_report_and_the_old_ones_are_whole(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        first = judge(host, LIMIT, Left())
        machine.micromamba("2.8.1")
        second = judge(host, LIMIT, first.left)
    before = {client.id: client for client in first.report.clients}
    for client in second.report.clients:
        same = client.kind != "micromamba"
        assert (client == before[client.id]) is same
    assert [c.version for c in second.report.clients if c.kind == "micromamba"] == ["2.8.1"]
    assert "mamba-hyphen-archspec:micromamba" in {f.id for f in first.report.findings}
    assert "mamba-hyphen-archspec:micromamba" not in {f.id for f in second.report.findings}


def test_who_appears_is_asked_and_who_went_is_gone(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        first = judge(host, LIMIT, Left())
        machine.started()
        (machine.bin / "pixi").unlink()
        other = machine.micromamba("2.8.1", machine.root / "bin")
        second = judge(host, LIMIT, first.left)
        rows = {c.path: c for c in second.report.clients}
        assert str(other) in rows
        assert not [c for c in second.report.clients if c.kind == "pixi"]
        (machine.bin / "micromamba").unlink()
        machine.started()
        third = judge(host, LIMIT, second.left)
        assert machine.started() == []
        (left,) = (c for c in third.report.clients if c.kind == "micromamba")
        assert (left.id, left.path, left.version) == ("micromamba", str(other), "2.8.1")
        assert comparable(replayed(host)) == comparable(third.report)


@pytest.mark.parametrize("hangs", [True, False], ids=["hangs", "fails"])
def test_who_did_not_answer_is_asked_again_though_nothing_changed(
    hangs: bool, machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"exec {replay.waiting(machine.bin / 'micromamba')}"] if hangs else ["exit 1"]
    note = f"echo micromamba >> {replay.quote(machine.notes)}"
    replay.script(machine.bin / "micromamba", note, *lines)
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        first = judge(host, 2.0, Left())
        machine.started()
        judge(host, 2.0, first.left)
        assert set(machine.started()) == {"micromamba"}
    assert replay.left_running(machine.folder) == []


def test_what_was_stopped_is_asked_again(machine: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        part = host.part()
        part.stop()
        first = judge(part, LIMIT, Left())
        assert machine.started() == []
        answers = [c.reported for c in first.report.clients]
        assert {answer.trouble for answer in answers if answer} == {STOPPED}
        assert judge(host, LIMIT, first.left).kept == ()
        assert machine.started() == ALL


def test_another_machine_asks_everybody(machine: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    """A virtual machine may move to another processor while it runs."""
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        first = judge(host, LIMIT, Left())
        assert first.left.machine is not None
        cpu = replace(first.left.machine.cpu, features=("sse2",))
        other = replace(first.left, machine=replace(first.left.machine, cpu=cpu))
        machine.started()
        assert judge(host, LIMIT, other).kept == ()
        assert machine.started() == ALL


def test_it_is_said_who_was_asked_again(machine: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        first = judge(host, LIMIT, Left())
        machine.micromamba("2.8.1")
        second = judge(host, LIMIT, first.left)
    said = asked_again(second.report.clients, second.kept or ())
    assert said.startswith("Asked again: micromamba 2.8.1. As before: conda 26.7.1, mamba 2.8.1, ")
    assert said.endswith("(envdoctor's).")
    assert asked_again(second.report.clients, ()).count("As before") == 0
    everybody = [client.id for client in second.report.clients]
    assert asked_again(second.report.clients, everybody).startswith("Asked again: none. As before:")


# --- fix --apply -----------------------------------------------------------------------------


def test_a_fix_asks_again_only_the_client_that_it_replaced(machine: Counted) -> None:
    """`self-update` of this stand-in puts another program in its place."""
    newer = machine.micromamba("2.8.1", machine.folder / "newer")
    program = machine.micromamba("1.5.8")
    asked = program.with_name("asked")
    program.rename(asked)
    replay.script(
        program,
        'case "$*" in',
        f'  self-update*) mv {replay.quote(newer)} "$0" ;;',
        f'  *) exec {replay.quote(asked)} "$@" ;;',
        "esac",
    )
    run = replay.doctor("fix", "mamba-hyphen-archspec", "--remedy", "upgrade-client", "--apply",
                        "--yes", "--plain", env=machine.env())  # fmt: skip
    assert run.status == 0, run.stderr
    assert "Checked again: the finding is gone. Asked again: micromamba 2.8.1." in run.stdout
    asked_names = [name for name in machine.started() if "create" not in name]
    assert asked_names == ["conda", "mamba", "micromamba", "micromamba", "pixi"]
