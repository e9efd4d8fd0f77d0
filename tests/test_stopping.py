"""Stopping ends the children of one piece of work at once; all other work goes on."""

import os
import select
import sys
import threading
import time
from pathlib import Path

import pytest

from doctor.again import Left
from doctor.bundle.making import make, replayed, zipped
from doctor.examine import Judged, judge
from doctor.explain import dry_runs
from doctor.fix.recheck import checked
from doctor.fix.trial import tried
from doctor.host.identity import identity
from doctor.host.live import LiveHost
from doctor.host.recorded import RecordingHost
from doctor.model import STOPPED, Checked, Client, Command, Severity, Transcript
from doctor.report.words import headline
from tests import replay
from tests.counted import Counted
from tests.replayed import LEVEL

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its programs are shell scripts")

AT_ONCE = 3.0
"""Seconds within which a stop has to show on a busy machine; limits here are twenty times that."""

LONG = 60.0


class Running:
    """A command in a thread of its own."""

    def __init__(self, host: LiveHost, *argv: str) -> None:
        self.said: Transcript | None = None
        self._thread = threading.Thread(target=self._run, args=(host, argv))
        self._thread.start()

    def _run(self, host: LiveHost, argv: tuple[str, ...]) -> None:
        self.said = host.run(Command(argv, limit=LONG))

    def ended(self) -> Transcript:
        """What came of it, which is soon."""
        self._thread.join(AT_ONCE)
        assert self.said is not None
        return self.said


def started(folder: Path) -> Path:
    """A program that hangs, and a pipe by which it says that it runs."""
    replay.hangs(folder / "micromamba")
    os.mkfifo(folder / "started")
    return folder / "micromamba"


def wait_for(program: Path) -> None:
    """Until it runs; it waits for us too."""
    watch = os.open(program.with_name("started"), os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(watch):
        readable, _, _ = select.select([watch], [], [], LONG)
    assert readable


# --- one host --------------------------------------------------------------------------------


def test_only_the_children_of_one_part_are_ended(tmp_path: Path) -> None:
    first, second = started(tmp_path / "first"), started(tmp_path / "second")
    host = LiveHost()
    part, other = host.part(), host.part()
    try:
        ending, going_on = Running(part, str(first)), Running(other, str(second))
        wait_for(first)
        wait_for(second)
        part.stop()
        said = ending.ended()
        assert (said.trouble, said.exit_status) == (STOPPED, -9)
        assert replay.left_running(tmp_path / "first") == []
        assert going_on.said is None
        assert (part.stopped, other.stopped, host.stopped) == (True, False, False)
        later = part.run(Command(("/bin/echo", "later")))
        assert (later.trouble, later.exit_status, later.stdout) == (STOPPED, None, "")
        for one in (other, host, host.part()):
            assert one.run(Command(("/bin/echo", "later"))).stdout == "later\n"
        other.stop()
        assert going_on.ended().trouble == STOPPED
    finally:
        host.close()
    assert replay.left_running(tmp_path) == []


@pytest.mark.parametrize(
    "leave",
    [lambda path: f"{replay.waiting(path)} &", replay.detached,
     lambda path: f"env -i {replay.detached(path)}"],
    ids=["child", "daemon", "daemon-without-environment"],
)  # fmt: skip
def test_what_a_stopped_client_started_is_ended_too(leave: "object", tmp_path: Path) -> None:
    assert callable(leave)
    program, deep = tmp_path / "micromamba", tmp_path / "deep" / "child"
    replay.script(
        program,
        leave(deep),
        f"echo started > {replay.quote(tmp_path / 'started')}",
        f"exec {replay.waiting(program)}",
    )
    os.mkfifo(tmp_path / "started")
    host = LiveHost()
    part = host.part()
    running = Running(part, str(program))
    wait_for(program)
    part.stop()
    assert running.ended().trouble == STOPPED
    assert replay.left_running(tmp_path) == []
    host.close()


def test_an_answer_that_was_complete_stays_one(tmp_path: Path) -> None:
    host = LiveHost()
    part = host.part()
    said = part.run(Command(("/bin/echo", "all of it")))
    part.stop()
    assert (said.trouble, said.stdout) == (None, "all of it\n")
    host.close()


# --- the examination -------------------------------------------------------------------------


@pytest.fixture
def machine(tmp_path: Path) -> Counted:
    return Counted(tmp_path)


def stopped(machine: Counted, host: RecordingHost, left: Left = Left()) -> tuple[Judged, float]:  # noqa: B008
    """An examination that is stopped once all but the hanging client have answered."""
    program = machine.bin / "micromamba"
    part = host.part()
    found: list[Judged] = []
    judging = threading.Thread(target=lambda: found.append(judge(part, LONG, left)))
    judging.start()
    wait_for(program)
    until = time.monotonic() + LONG
    while (
        len(host.recording().transcripts) < 5 and time.monotonic() < until
    ):  # loader, four clients
        judging.join(0.05)
    before = time.monotonic()
    part.stop()
    judging.join(AT_ONCE)
    assert found
    return found[0], time.monotonic() - before


def hanging(machine: Counted) -> None:
    (machine.bin / "micromamba").unlink()
    started(machine.bin)


def test_an_examination_that_is_stopped_judges_what_is_there(
    machine: Counted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hanging(machine)
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        judged, seconds = stopped(machine, host)
        assert seconds < AT_ONCE
        assert replay.left_running(machine.bin) == []
        report = judged.report
        silent = [c.kind for c in report.clients if c.reported is None or c.reported.trouble]
        assert silent == ["micromamba"]
        (finding,) = (f for f in report.findings if f.check == "client-did-not-answer")
        assert finding.severity is Severity.UNKNOWN
        assert finding.title == "micromamba (version unknown) was stopped before it answered"
        assert finding.remedies == ()
        recording = host.recording()
    again = replayed(recording)
    assert [f.id for f in again.findings] == [f.id for f in report.findings]
    bundle = tmp_path / "stopped.zip"
    bundle.write_bytes(zipped(make(recording, again, identity())))
    run = replay.doctor("check", "--json", "--from", str(bundle), env=machine.env())
    found = {f["severity"] for f in run.document["findings"]}
    assert "unknown" in found
    assert run.status == (1 if "error" in found else 3)


def test_nothing_is_called_healthy_or_gone_that_did_not_answer(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        first = judge(host, LONG, Left())
        (finding,) = (f for f in first.report.findings if f.check == "mamba-hyphen-archspec")
        hanging(machine)
        judged, _ = stopped(machine, host, first.left)
        assert finding.id not in {f.id for f in judged.report.findings}
        assert checked(finding, None, judged.report) is Checked.UNKNOWN
        assert "Nothing to do" not in headline(judged.report)
        (machine.bin / "micromamba").unlink()
        machine.micromamba("2.8.1")
        later = judge(host, LONG, judged.left)
        assert checked(finding, None, later.report) is Checked.GONE


# --- dry runs and trials ---------------------------------------------------------------------


def hanging_solver(machine: Counted) -> Path:
    """micromamba answers what it is asked, and its dry runs hang."""
    program = machine.folder / "said" / "micromamba-1.5.8-create"
    os.mkfifo(program.with_name("started"))
    replay.hangs(program)
    return program


def test_dry_runs_that_are_stopped_are_unknown_and_the_others_are_known(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = hanging_solver(machine)
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        report = judge(host, LONG, Left()).report
        part, reference = host.part(), live.part()
        wanted = {c.id: (LEVEL, f"{LEVEL}>=3") for c in report.clients if c.kind != "rattler"}
        through: dict[str, Client] = {}

        def tell(client: Client) -> None:
            through[client.kind] = client

        def work() -> None:
            dry_runs(part, reference, report, wanted, tell, LONG)

        trying = threading.Thread(target=work)
        trying.start()
        wait_for(program)
        until = time.monotonic() + LONG
        while len(through) < 3 and time.monotonic() < until:
            trying.join(0.05)
        assert set(through) == {"conda", "mamba", "pixi"}
        part.stop()
        reference.stop()
        trying.join(AT_ONCE)
        assert replay.left_running(program.parent) == []
        attempts = [a for a in through["micromamba"].attempts if a.basis == "proven"]
        assert {a.requirement for a in attempts} == {LEVEL, f"{LEVEL}>=3"}
        assert {a.trouble for a in attempts} == {STOPPED}
        assert len([name for name in machine.started() if name == "micromamba create"]) == 1


def test_a_trial_that_is_stopped_is_unknown(
    machine: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = hanging_solver(machine)
    with machine.host(monkeypatch) as live:
        host = RecordingHost(live)
        report = judge(host, LONG, Left()).report
        (finding,) = (f for f in report.findings if f.check == "mamba-hyphen-archspec")
        part, reference = host.part(), live.part()
        found = []
        heard: list[str] = []

        def work() -> None:
            remedy = finding.remedies[0]
            told = tried(part, reference, report, remedy, LONG, lambda w: heard.append(w.who))
            found.append(told)

        trying = threading.Thread(target=work)
        trying.start()
        wait_for(program)
        assert heard == ["micromamba 1.5.8"]
        part.stop()
        reference.stop()
        trying.join(AT_ONCE)
        (told,) = found
        assert told is not None
        assert told.works is None
        assert replay.left_running(program.parent) == []
        assert live.run(Command(("/bin/echo", "on"))).stdout == "on\n"
