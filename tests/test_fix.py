"""Remedies tried, applied, undone and checked again: real processes, real files, real terminals."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pexpect
import pytest

from doctor.explain import place
from doctor.fix import journal
from doctor.fix.applying import apply, undo
from doctor.fix.steps import literal, why_not
from doctor.fix.trial import tried
from doctor.host.changing import Changer
from doctor.host.live import LiveHost
from doctor.model import Basis, Cost, Edit, Finding, Remedy, Report, Run, Severity, Tried, Type
from doctor.reach import honours_override, own_level
from doctor.report import remedies as words
from doctor.why import taken
from tests import replay, scenes
from tests.clients import ROOT, installed
from tests.replayed import LEVEL, Replayed, machine_of_2024
from tests.test_checks import SICK, WELL, report

HYPHEN = "mamba-hyphen-archspec:micromamba"
PINNED = "exported-yaml-pins-cpu-build"


@pytest.fixture(scope="module")
def reference() -> Iterator[LiveHost]:
    host = LiveHost({"@channel@": place})
    yield host
    host.close()


@cache
def staged(name: str) -> Report:
    return report(name)


# --- trials ----------------------------------------------------------------------------------

TRIABLE = [
    pytest.param(name, f.id, r.text, id=f"{name}-{f.check}-{r.name}")
    for name in SICK
    for f in staged(name).findings
    for r in f.remedies
    if r.trial and not r.blocked and f.severity in (Severity.ERROR, Severity.WARNING)
]

NO_HELP = {
    ("changed", "libmamba-vs-archspec-level-disagreement:micromamba"),  # a client that lies
    ("mixed-new-cpu", "cpu-unknown-to-feedstock:conda"),  # its second processor is of level 2
}


def trial_of(name: str, finding: str, text: str, reference: LiveHost) -> Tried:
    remedy = next(r for f in staged(name).findings if f.id == finding
                  for r in f.remedies if r.text == text)  # fmt: skip
    made = {**SICK, **WELL}[name]()
    found = tried(scenes.recorded(made), reference, staged(name), remedy)
    assert found is not None
    return found


@pytest.mark.parametrize(("name", "finding", "text"), TRIABLE)
def test_a_remedy_flips_the_answer_of_the_solver(
    name: str, finding: str, text: str, reference: LiveHost
) -> None:
    found = trial_of(name, finding, text, reference)
    before = [taken(answered.attempt) for answered in found.before]
    after = [taken(answered.attempt) for answered in found.after]
    if found.unsafe or before == after:
        assert (name, finding) in NO_HELP
        assert not words.verdict(found).startswith("It works")
    else:
        assert found.works is True, words.verdict(found)
        assert "refused" not in after and "unknown" not in after


def test_trials_are_many() -> None:
    assert len(TRIABLE) > 25


def test_a_level_above_one_of_the_processors_is_no_success(reference: LiveHost) -> None:
    """The first processor has level 3, the second level 2: an older archspec would say 3."""
    finding = "cpu-unknown-to-feedstock:conda"
    text = "Go back to an archspec without this name in base."
    found = trial_of("mixed-new-cpu", finding, text, reference)
    assert found.works is False
    assert words.verdict(found) == (
        "It is not safe here: conda 26.7.1 would install level 3, this CPU has level 2."
    )


def fix(machine: Replayed, *options: str, cwd: Path | None = None) -> replay.Run:
    done = subprocess.run(
        [sys.executable, "-m", "doctor", "fix", *options],
        env={**machine.env(), "PYTHONPATH": str(ROOT)}, cwd=cwd or machine.home,
        capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return replay.Run(done.returncode, done.stdout, done.stderr, 0.0)


def test_trials_of_the_2024_bug_are_proven_by_real_processes(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    run = fix(machine, HYPHEN, "--try", "--json")
    assert run.status == 0
    rows = {row["name"]: row for row in run.document["tried"]}
    other = rows["use-another-client"]
    assert (other["works"], other["basis"]) == (True, "proven")
    assert [row["installs"] for row in other["before"]] == [False]
    assert [row["installs"] for row in other["after"]] == [True]
    assert "nothing provides __archspec" in other["before"][0]["refusal"]
    newer = rows["upgrade-client"]
    assert (newer["works"], newer["basis"]) == (True, "predicted")
    assert "override-for-one-command" not in rows  # this version ignores it
    assert machine.changes == []


def test_nothing_but_scratch_is_written_by_a_trial(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    fix(machine, HYPHEN)  # makes the reproduction channel in our own cache
    before = tree(tmp_path)
    assert fix(machine, HYPHEN, "--try").status == 0
    assert tree(tmp_path) == {
        **before,
        **{p: t for p, t in tree(tmp_path).items() if "envdoctor/channel" in p},
    }


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# --- apply, in real terminals ----------------------------------------------------------------


def test_the_2024_bug_is_fixed_and_checking_again_is_clean(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    run = fix(machine, HYPHEN, "--apply", "--remedy", "upgrade-client", "--yes", "--json")
    assert run.status == 0, run.stderr
    assert run.document["applied"]["ok"] is True
    assert run.document["checked"] == "gone"
    assert machine.changes == ["micromamba self-update -c conda-forge"]
    again = replay.doctor("check", "--json", env=machine.env())
    errors = [f["id"] for f in again.document["findings"] if f["severity"] == "error"]
    assert errors == []
    (entry,) = journal.read(machine.home / ".local" / "state" / "envdoctor")
    assert (entry.finding, entry.ok) == (HYPHEN, True)


def test_another_client_is_used_and_the_finding_stays(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    run = fix(machine, HYPHEN, "--apply", "--yes")
    assert run.status == 0
    assert machine.changes == [f"conda create -y -n test {LEVEL}"]
    assert "conda create -y -n test" in run.stderr  # the literal command was shown first
    assert "is still there; what was done left its cause as it is" in run.stdout


def test_without_a_terminal_nobody_is_asked_and_nothing_is_done(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    run = fix(machine, HYPHEN, "--apply")
    assert run.status == 2
    assert "without a terminal" in run.stderr
    assert machine.changes == []


@pytest.mark.parametrize(
    ("typed", "changes"),
    [("", 0), ("n", 0), ("yes please", 0), ("\x04", 0), ("y", 1), ("YES", 1)],
)
def test_the_default_answer_is_no(typed: str, changes: int, tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    child: pexpect.spawn[str] = pexpect.spawn(
        sys.executable, ["-m", "doctor", "fix", HYPHEN, "--apply"],
        env={**machine.env(), "TERM": "xterm"}, cwd=str(ROOT), encoding="utf-8", timeout=60,
    )  # fmt: skip
    child.expect_exact("Do it? [y/N] ")
    shown = child.before or ""
    assert f"conda create -y -n test {LEVEL}" in shown
    assert machine.changes == []
    child.send(typed if typed == "\x04" else f"{typed}\n")
    child.expect(pexpect.EOF)
    child.close()
    assert len(machine.changes) == changes
    assert child.exitstatus == (0 if changes else 1)


def test_an_interrupt_is_handed_to_the_command_which_can_put_things_back(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    replay.script(
        machine.root / "bin" / "conda",
        f"trap 'echo rolled back; echo rolled back > {replay.quote(machine.changed)}; exit 1' INT",
        "echo working",
        f"until [ -e {replay.quote(tmp_path / 'never')} ]; do sleep 0.1; done",
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "doctor", "fix", HYPHEN, "--apply", "--yes"], cwd=ROOT,
        env=machine.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stderr is not None
    for line in child.stderr:
        if line.strip() == "working":
            break
    child.send_signal(signal.SIGINT)
    stdout, stderr = child.communicate(timeout=60)
    assert machine.changes == ["rolled back"]
    assert "rolled back" in stderr
    assert "The command was interrupted. What it did before that may be left." in stdout
    assert "To take back what it did" in stdout
    assert child.returncode == 130
    assert replay.left_running(tmp_path) == []


def test_a_command_that_fails_says_what_it_left(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    conda = machine.root / "bin" / "conda"
    replay.printing(conda, "", "CondaHTTPError: no network\n", 1)
    run = fix(machine, HYPHEN, "--apply", "--yes")
    assert run.status == 1
    assert "CondaHTTPError: no network" in run.stderr
    assert "The command ended with exit status 1." in run.stdout
    assert "FAILED" in run.stdout


def test_a_command_that_cannot_start_changed_nothing(tmp_path: Path) -> None:
    applied = apply(Changer(tmp_path), FINDING, Remedy("Run it.", (Run((str(tmp_path / "no"),)),)),
                    print)  # fmt: skip
    assert not applied.ok
    assert applied.state.endswith("Nothing was changed.")


def test_words_of_a_command_are_never_read_by_a_shell(tmp_path: Path) -> None:
    said: list[str] = []
    word = f"$(touch {tmp_path}/pwned); `id` && exit | cat > x"
    remedy = Remedy("Say it.", (Run(("/bin/echo", word), {"A": "b; c"}),))
    applied = apply(Changer(tmp_path), FINDING, remedy, said.append)
    assert applied.ok
    assert said == [word]
    assert os.listdir(tmp_path) == []


def test_secrets_that_a_command_prints_are_not_kept(tmp_path: Path) -> None:
    token = "https://alice:s3cr3t@conda.example.org/t/tk-1234/noarch"
    said: list[str] = []
    remedy = Remedy("Say it.", (Run(("/bin/echo", token)),))
    applied = apply(Changer(tmp_path), FINDING, remedy, said.append)
    assert journal.write(tmp_path, applied) is None
    for text in (said[0], applied.done[0].output):
        assert "s3cr3t" not in text and "tk-1234" not in text


def test_a_recording_is_never_changed(tmp_path: Path) -> None:
    from doctor.host.recorded import encode

    file = tmp_path / "recording.json"
    file.write_bytes(encode(scenes.recording(scenes.hyphen())))
    for option in ("--apply", "--undo"):
        env = replay.surroundings(tmp_path / "home")
        run = replay.doctor("fix", HYPHEN, option, "--yes", "--from", str(file), env=env)
        assert run.status == 2
        assert "a recording of a machine cannot be changed" in run.stderr


# --- edits -----------------------------------------------------------------------------------

FINDING = Finding("a-check", "a-subject", Severity.ERROR, "title", "consequence")
YAML = f"name: x\ndependencies:\n  - python\n  - {LEVEL}=3=2_zen2\n  - numpy\n"
EDITED = "name: x\ndependencies:\n  - python\n  - numpy\n"


def project(folder: Path, text: str = YAML) -> Path:
    """A project of which one line is pinned, and a machine to ask about it."""
    machine = Replayed(folder)
    machine.conda()
    place = machine.home / "project"
    place.mkdir(parents=True)
    file = place / "environment.yml"
    file.write_bytes(text.encode())
    return file


def run_on(file: Path, *options: str, **env: str) -> replay.Run:
    machine = Replayed(file.parent.parent.parent)
    done = subprocess.run(
        [sys.executable, "-m", "doctor", "fix", *options],
        env={**machine.env(), "PYTHONPATH": str(ROOT), **env}, cwd=file.parent,
        capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return replay.Run(done.returncode, done.stdout, done.stderr, 0.0)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_line_is_deleted_checked_again_and_put_back(tmp_path: Path, ending: str) -> None:
    text = YAML.replace("\n", ending)
    file = project(tmp_path, text)
    file.chmod(0o640)
    run = run_on(file, PINNED, "--apply", "--yes", "--json")
    assert run.status == 0, run.stderr
    assert f"-  - {LEVEL}=3=2_zen2" in run.stderr  # the diff was shown
    assert file.read_bytes().decode() == EDITED.replace("\n", ending)
    assert file.stat().st_mode & 0o777 == 0o640
    assert run.document["checked"] == "gone"
    (step,) = run.document["applied"]["steps"]
    assert Path(step["kept"]).read_bytes().decode() == text
    assert os.listdir(file.parent) == ["environment.yml"]
    undone = run_on(file, f"{PINNED}:environment.yml:4", "--undo")
    assert undone.status == 0, undone.stderr
    assert file.read_bytes().decode() == text
    again = run_on(file, f"{PINNED}:environment.yml:4", "--undo")
    assert again.status == 2
    assert "nothing that can be put back" in again.stderr


def test_two_pinned_lines_are_two_findings_also_after_one_is_gone(tmp_path: Path) -> None:
    text = YAML.replace("  - numpy", f"  - {LEVEL}=4=2_zen4\n  - numpy")
    file = project(tmp_path, text)
    run = run_on(file, f"{PINNED}:environment.yml:4", "--apply", "--yes", "--json")
    assert run.document["checked"] == "gone"
    assert "zen4" in file.read_text() and "zen2" not in file.read_text()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    file = project(tmp_path)
    real = tmp_path / "real.yml"
    file.rename(real)
    file.symlink_to(real)
    assert run_on(file, PINNED, "--apply", "--yes").status == 0
    assert file.is_symlink()
    assert real.read_text() == EDITED


def edit_of(file: Path) -> Remedy:
    step = Edit(str(file), 4, f"  - {LEVEL}=3=2_zen2")
    return Remedy("Delete this line.", (step,), cost=Cost.FILE)


def test_a_file_that_was_changed_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    file = project(tmp_path)
    remedy = edit_of(file)
    changed = YAML.replace("  - python\n", "  - python\n  - pip\n")
    file.write_text(changed)
    applied = apply(Changer(tmp_path / "kept"), FINDING, remedy, print)
    assert not applied.ok
    assert "its line 4 is not what it was when it was examined" in applied.state
    assert applied.state.endswith("Nothing was changed.")
    assert file.read_text() == changed
    assert not (tmp_path / "kept").exists()


def test_what_was_edited_since_is_not_undone(tmp_path: Path) -> None:
    file = project(tmp_path)
    changer = Changer(tmp_path / "kept")
    applied = apply(changer, FINDING, edit_of(file), print)
    assert applied.ok
    file.write_text(EDITED + "  - scipy\n")
    undone, said = undo(changer, applied)
    assert not undone.undone
    assert "it was changed since; the copy is" in said
    assert file.read_text() == EDITED + "  - scipy\n"


def test_edits_are_put_back_where_a_later_step_fails(tmp_path: Path) -> None:
    file = project(tmp_path)
    steps = (*edit_of(file).steps, Run(("/bin/sh", "-c", "exit 7")))
    applied = apply(Changer(tmp_path / "kept"), FINDING, Remedy("Both.", steps), print)
    assert not applied.ok
    assert "exit status 7. The edited files were put back" in applied.state
    assert applied.undone
    assert file.read_text() == YAML


def test_two_edits_of_one_file_are_put_back_in_turn(tmp_path: Path) -> None:
    file = project(tmp_path)
    second = Edit(str(file), 4, "  - numpy", "  - numpy>=2")
    steps = (*edit_of(file).steps, second, Run(("/bin/false",)))
    applied = apply(Changer(tmp_path / "kept"), FINDING, Remedy("All.", steps), print)
    assert [done.ok for done in applied.done] == [True, True, False]
    assert file.read_text() == YAML


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from tests.test_fix import FINDING, Path, edit_of
from doctor.fix.applying import apply
from doctor.host.changing import Changer
applied = apply(Changer(Path(sys.argv[2])), FINDING, edit_of(Path(sys.argv[1])), print)
print(applied.ok, applied.state)
"""


def test_a_disk_that_takes_no_more_leaves_the_file_whole(tmp_path: Path) -> None:
    """The system refuses to write the copy, as it does on a full disk."""
    file = project(tmp_path)
    kept = tmp_path / "kept"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED.format(limit=16), str(file), str(kept)], cwd=ROOT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("False")
    assert "was not changed: File too large. Nothing was changed." in done.stdout
    assert file.read_text() == YAML
    assert os.listdir(kept) == []
    assert os.listdir(file.parent) == ["environment.yml"]


UNPRIVILEGED = """
import os, sys, tempfile
from tests.test_fix import FINDING, Path, edit_of
from doctor.fix.applying import apply
from doctor.host.changing import Changer
changer = Changer(Path(sys.argv[2]))
if os.geteuid() == 0:  # once everything is loaded from where only root may look
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
applied = apply(changer, FINDING, edit_of(Path(sys.argv[1])), print)
print(applied.ok, applied.state)
"""


def test_a_read_only_file_is_left_as_it_is(tmp_path: Path) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:  # a folder that other users may enter
        folder = Path(name)
        folder.chmod(0o755)
        kept = folder / "kept"
        kept.mkdir()
        kept.chmod(0o777)
        file = folder / "environment.yml"
        file.write_text(YAML)
        file.chmod(0o444)
        done = subprocess.run(
            [sys.executable, "-B", "-c", UNPRIVILEGED, str(file), str(kept)], cwd=ROOT,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.stdout.startswith("False"), done.stderr
        assert "it is not writable by this user. Nothing was changed." in done.stdout
        assert file.read_text() == YAML


# --- what is never done ----------------------------------------------------------------------

EVERY = [*SICK, *WELL]


def remedies(name: str) -> Iterator[tuple[Finding, Remedy]]:
    for finding in staged(name).findings:
        for remedy in finding.remedies:
            yield finding, remedy


@pytest.mark.parametrize("name", EVERY)
def test_base_environments_start_up_files_and_manifests_are_by_hand(name: str) -> None:
    for _, remedy in remedies(name):
        if remedy.cost is Cost.BASE or any(isinstance(step, Type) for step in remedy.steps):
            assert not remedy.applicable
            assert why_not(remedy)
        for step in remedy.steps:
            if isinstance(step, Run) and "base" in step.argv:
                assert remedy.by_hand


@pytest.mark.parametrize("name", EVERY)
def test_no_step_overrides_above_the_cpu_or_for_a_client_that_ignores_it(name: str) -> None:
    known = {client.path: client for client in staged(name).clients}
    database = scenes_database()
    own = own_level(staged(name).machine)
    for finding, remedy in remedies(name):
        for step in remedy.steps:
            value = step.env.get("CONDA_OVERRIDE_ARCHSPEC") if isinstance(step, Run) else None
            if value is None or not isinstance(step, Run):
                continue
            assert own is not None
            assert database.level(value) in (own, *database.ancestors[own]), finding.id
            assert honours_override(known[step.argv[0]]), finding.id
        for probe in remedy.trial.after if remedy.trial else ():
            if probe.override:
                assert own is not None
                assert database.level(probe.override) in (own, *database.ancestors[own])


def scenes_database() -> Any:  # noqa: ANN401 - a private class of microarch
    from doctor.microarch import installed

    return installed()


@pytest.mark.parametrize("name", EVERY)
def test_remedies_say_what_they_change_and_how_to_undo_it(name: str) -> None:
    for finding, remedy in remedies(name):
        if remedy.applicable and remedy.cost is not Cost.NOTHING:
            assert remedy.changes and remedy.undo and remedy.verify, finding.id
        assert not (remedy.blocked and remedy.applicable)
        assert "export CONDA_OVERRIDE" not in f"{remedy.text} {remedy.command}"


@pytest.mark.parametrize("name", EVERY)
def test_remedies_stand_safest_first(name: str) -> None:
    order = list(Cost)
    for finding in staged(name).findings:
        costs = [order.index(r.cost) for r in finding.remedies
                 if r.name != "advice" and not r.blocked]  # fmt: skip
        assert costs == sorted(costs), finding.id


def test_clients_are_told_not_to_ask_what_was_asked_already() -> None:
    remedy = Remedy("x", (Run(("/opt/bin/mamba", "env", "remove", "-n", "a")),
                          Run(("brew", "upgrade", "micromamba")),
                          Run(("/m/micromamba.exe", "create", "-n", "t"))))  # fmt: skip
    assert [str(step) for step in literal(remedy)] == [
        "/opt/bin/mamba env remove -y -n a",
        "brew upgrade micromamba",
        "/m/micromamba.exe create -y -n t",
    ]


def test_a_remedy_is_the_same_after_a_round_trip_through_json() -> None:
    import msgspec

    for name in EVERY:
        for finding in staged(name).findings:
            data = msgspec.json.encode(finding)
            assert msgspec.json.decode(data, type=Finding) == finding


def test_basis_is_proven_only_where_every_answer_is(reference: LiveHost) -> None:
    first = TRIABLE[0].values
    found = trial_of(str(first[0]), str(first[1]), str(first[2]), reference)
    assert found.basis is Basis.PREDICTED
    assert json.loads(json.dumps(str(found.basis))) == "predicted"


# --- where a guide begins --------------------------------------------------------------------


def test_a_requirement_that_one_client_refuses_is_a_beginning(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    run = fix(machine, LEVEL, "--json")
    found = run.document["finding"]
    assert found["id"] == f"requirement-refused:{LEVEL}"
    assert found["title"] == (f"micromamba 1.5.8 cannot install {LEVEL}, conda 26.7.1 can")
    assert [r["name"] for r in found["remedies"]][:1] == ["use-another-client"]


def test_a_log_is_a_beginning(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    log = tmp_path / "log.txt"
    said = scenes.transcript("micromamba", "1.5.8", "B_issue3222_literal")
    log.write_text(said.stdout + said.stderr)
    run = fix(machine, "--log", str(log), "--try", "--json")
    assert run.status == 0
    assert run.document["finding"]["check"] == "mamba-hyphen-archspec"
    assert run.document["tried"][0]["works"] is True


@pytest.mark.parametrize(
    ("words_", "said"),
    [
        (("no-such:thing",), "nothing of 'no-such:thing' was found here"),
        (("mamba-hyphen-archspec:conda",), "did you mean 'mamba-hyphen-archspec:micromamba'"),
        ((HYPHEN, "--remedy", "upgrade"), "did you mean 'upgrade-client'"),
        ((HYPHEN, "--apply", "--remedy", "override-for-one-command"), "ignores it"),
        ((HYPHEN, "--try", "--apply"), "not allowed with"),
        (("--undo",), "name the finding"),
        ((HYPHEN, "--undo"), "nothing that can be put back"),
        (("--log", "/no/such/file"), "could not be read"),
    ],
)
def test_wrong_words_end_in_one_sentence(
    words_: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    run = fix(machine_of_2024(tmp_path), *words_)
    assert run.status == 2
    assert said in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert run.stdout == ""


# --- proven by real solvers ------------------------------------------------------------------


@pytest.mark.parametrize("value", ["x86-64-v3", "0", "m1"])
@pytest.mark.parametrize("version", ["0.9.0", "0.23.2", "0.28.0"])
def test_taking_an_override_away_is_proven_by_real_py_rattler(
    version: str, value: str, tmp_path: Path
) -> None:
    """0.9.0 ignores the variable; 0.23.2 takes any text; 0.28.0 refuses what is no known name."""
    environment = installed("py-rattler", version)
    env = replay.surroundings(tmp_path / "home", (environment / "bin",))
    env["CONDA_OVERRIDE_ARCHSPEC"] = value
    listed = replay.doctor("check", "--json", env=env).document["findings"]
    found = [f for f in listed if "rattler" in f["clients"] and f["remedies"]
             and f["remedies"][0]["name"] == "remove-override"]  # fmt: skip
    if version == "0.9.0":
        assert found == []
        return
    run = replay.doctor("fix", found[0]["id"], "--try", "--json", env=env)
    assert run.status == 0, run.stdout
    tried_ = run.document["tried"][0]
    assert (tried_["name"], tried_["works"]) == ("remove-override", True)
    assert [row["installs"] is True for row in tried_["before"]] == [False]
    assert [(row["installs"], row["basis"]) for row in tried_["after"]] == [(True, "proven")]
