"""The conversation from the failure to the fix, to a bundle, and to its end; real terminals."""

import os
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from doctor.clean import clean
from doctor.model import Basis
from tests import replay, scenes
from tests.conversing import MORE, Conversation, only_plain
from tests.replayed import Replayed, machine_of_2024

HYPHEN = "mamba-hyphen-archspec"
UPDATE = "micromamba self-update -c conda-forge"
ASKED = "Do it? yes or no [no]: "


def on(machine: Replayed, *words: str) -> Conversation:
    """A conversation about a machine of replayed clients."""
    return Conversation(["--plain", *words], machine.env(), machine.home)


# --- the fix ---------------------------------------------------------------------------------


def test_from_the_first_word_to_the_applied_fix_of_the_2024_bug(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    talk = on(machine)
    said = talk.first()
    assert said[:2] == ["Examining this machine.", "3 clients found."]
    told = {"conda 26.7.1 answered.", "micromamba 1.5.8 answered."}
    assert told < set(said[2:5])
    assert said[5].startswith("Examined in ")
    assert said[7].startswith("micromamba 1.5.8 cannot install CPU-specific packages")
    said = talk.say("g")
    trying = ["Trying use-another-client.", "use-another-client: It works: its solver says so."]
    assert said[:2] == trying
    assert "2. upgrade-client: Upgrade micromamba to 2.x; this replaces the program" in "".join(
        said
    )
    said = talk.say("x 2")
    assert said[:2] == ["This will be done:", f"Command: {machine.bin}/{UPDATE}"]
    assert said[-1] == ASKED
    assert machine.changes == []
    said = talk.say("yes")
    assert "Linking micromamba" in said
    assert "micromamba 2.8.1 answered." in said
    assert said[-1] == "Checked again: the finding is gone."
    assert talk.typed == 3
    assert machine.changes == [UPDATE]
    assert talk.say("r")[-1] == "Checked again: the finding is gone."
    assert "Checked again: the finding is gone." in talk.whole(f"g {HYPHEN}")
    talk.send("q\n")
    assert talk.ended() == 0
    assert only_plain(talk.raw)
    assert replay.left_running(tmp_path) == []
    again = replay.doctor("check", "--json", env=machine.env())
    assert [f for f in again.document["findings"] if f["severity"] == "error"] == []


@pytest.mark.parametrize("typed", ["", "n", "no", "yes please", "x 2", "\x04"])
def test_only_a_yes_does_it(typed: str, tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    talk = on(machine)
    talk.first()
    talk.say("g")
    assert talk.say("x upgrade-client")[-1] == ASKED
    if typed == "\x04":
        talk.send(typed)
        talk.until("Nothing was changed.\r\n> ")
    else:
        assert talk.say(typed) == ["Nothing was changed."]
    talk.send("q\n")
    assert talk.ended() == 0
    assert machine.changes == []


def test_what_was_typed_before_the_question_is_no_answer_to_it(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    talk = on(machine)
    talk.first()
    talk.say("g")
    assert talk.say("x 2\ny\ny")[-1] == ASKED
    assert talk.say("") == ["Nothing was changed."]
    assert machine.changes == []


def test_what_cannot_be_done_says_why(tmp_path: Path) -> None:
    talk = on(machine_of_2024(tmp_path))
    talk.first()
    assert talk.say("x 1") == ["Type g first: options are numbered in a guide."]
    talk.say("g")
    assert talk.say("x 3") == [
        "override-for-one-command is not done. It does not apply here: micromamba 1.5.8 ignores it."
    ]
    assert talk.say("t 3") == ["It does not apply here: micromamba 1.5.8 ignores it."]
    assert talk.say("x 9")[0].startswith("'9' is no option here: there are use-another-client, ")
    said = talk.say("t 1")
    assert said[-1] == "It works: its solver says so."
    assert f"Before: micromamba 1.5.8: refused, {Basis.PROVEN.value}" in said
    talk.say("f 1")
    assert talk.say("x 1") == ["Type g first: options are numbered in a guide."]


def test_a_guide_begins_at_a_requirement_and_ends_with_it_tried_again(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    talk = on(machine)
    talk.first()
    said = talk.whole("g demo-fast")
    assert "micromamba 1.5.8 cannot install demo-fast, conda 26.7.1 can" in said
    name = next(line for line in said if "upgrade-client: Upgrade" in line)
    assert talk.say(f"x {name.partition('.')[0]}")[-1] == ASKED
    said = talk.say("y")
    assert machine.changes == [UPDATE]
    assert "Every client tries demo-fast in a scratch folder; nothing is installed." in said
    assert said[-1] == "Checked again: the finding is gone."


def test_a_pasted_log_leads_to_the_fix(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    talk = on(machine)
    talk.first()
    recorded = scenes.transcript("micromamba", "1.5.8", "B_issue3222_literal")
    log = recorded.stdout + recorded.stderr
    talk.send("t\n")
    talk.until("A line with a single dot ends it.")
    said = talk.say(f"{log}\n.")
    verb = tmp_path / "log"
    verb.write_text(log)
    printed = replay.doctor("triage", str(verb), env=machine.env()).stdout
    at = said.index("1 known problem:")
    assert "\n".join(said[at + 2 : -2]) == printed.strip("\n")
    assert "this machine has it too" in printed
    assert "2. upgrade-client: Upgrade micromamba" in "\n".join(talk.say("g"))
    talk.say("x 2")
    assert talk.say("y")[-1] == "Checked again: the finding is gone."
    assert machine.changes == [UPDATE]


def test_a_log_ends_at_the_end_of_input_and_numbers_go_back(tmp_path: Path) -> None:
    talk = on(machine_of_2024(tmp_path))
    talk.first()
    for log, said in (("", "Nothing was pasted yet."), ("all is well\n", "This log shows no ")):
        talk.send("t\n")
        talk.until("A line with a single dot ends it.\r\n")
        talk.send(f"{log}\x04")
        talk.until(said)
    talk.send("t\nnothing provides __archspec 1 x86_64-v4\n.\n")
    talk.until("1 known problem:")
    talk.until("1 numbers the others.\r\n> ")
    assert ":line-1" in talk.say("f 1")[0]
    talk.say("1")
    assert talk.say("f 1")[0] == f"ERROR {HYPHEN}:micromamba"


# --- a bundle --------------------------------------------------------------------------------


def test_every_byte_is_read_before_it_is_written_and_it_opens_again(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path / "machine")
    talk = on(machine)
    talk.first()
    assert talk.say("write x.zip")[0].startswith("Type b first")
    talk.say("g")
    said = talk.whole("b")
    target = tmp_path / "x.zip"
    assert talk.say(f"write {target}")[-1] == f"Write {target}? yes or no [no]: "
    assert talk.say("") == ["Nothing was written."]
    talk.say(f"write {target}")
    assert talk.say("y")[0].startswith(f"Written: {target}, ")
    with zipfile.ZipFile(target) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name, data in files.items():
        assert any(line.startswith(f"{name}: {len(data)} bytes, ") for line in said)
        text = [clean(line) for line in data.decode().split("\n")]
        assert talk.whole(f"show {name}") == [f"{name}:", *text[: -1 if not text[-1] else None]]
    assert only_plain(talk.raw)
    opened_again(target, tmp_path)


def opened_again(target: Path, folder: Path) -> None:
    """The same conversation about the bundle, for somebody else."""
    talk = Conversation(["--plain", "open", str(target)], replay.surroundings(folder / "elsewhere"))
    said = talk.first()
    assert said[1].startswith("micromamba 1.5.8 cannot install CPU-specific packages")
    assert said[2].startswith("Recorded, not this machine: recording of ")
    assert not any(line.endswith(" answered.") for line in said)
    assert talk.say("r") == [
        "This is a recording: the machine that it is of cannot be asked again."
    ]
    said = talk.say("g")
    assert "Tried, changing nothing:" in said  # as it was tried there
    assert not any(line.startswith("Trying ") for line in said)
    said = talk.say("x 2")
    reason = "This is a recording of another machine: nothing can be done to it."
    assert said[0] == f"upgrade-client is not done. {reason}"
    assert said[1].endswith(UPDATE)
    for line in "123456":
        assert "envdoctor broke" not in "".join(talk.whole(line))
    assert str(folder / "machine") not in talk.text
    talk.send("q\n")
    assert talk.ended() == 0
    assert only_plain(talk.raw)


def test_what_is_left_out_or_hidden_is_in_no_byte(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    talk = on(machine)
    talk.first()
    talk.whole("b")
    said = talk.say("leave out os-release")
    assert "Left out: /etc/os-release: was unticked" in said
    assert talk.say("leave out recording.json")[-1].startswith(
        "Not possible: recording.json is no "
    )
    assert talk.say("take back nothing") == ["Left out is /etc/os-release."]
    said = talk.say("take back os-release")
    assert "Left out: /etc/os-release: was unticked" not in said
    talk.say("leave out os-release")
    assert "given-word" in "".join(talk.say("hide debian"))
    assert talk.say("take back nothing")[0].endswith(" Hidden is debian.")
    assert "given-word" not in "".join(talk.say("take back debian"))
    talk.say("hide debian")
    assert talk.say("hide micromamba")[-1].startswith("Not possible: ")
    target = machine.home / "mine.zip"
    target.write_bytes(b"kept")
    talk.say("write mine.zip")
    assert talk.say("y")[-1] == "mine.zip is there. Replace it? yes or no [no]: "
    talk.say("")
    assert target.read_bytes() == b"kept"
    talk.say("write mine.zip")
    talk.say("y")
    assert talk.say("y")[-1].startswith(f"Written: {target}, ")
    with zipfile.ZipFile(target) as archive:
        assert not [name for name in archive.namelist() if "os-release" in name]
        assert b"debian" not in b"".join(map(archive.read, archive.namelist())).lower()


# --- machines of all kinds -------------------------------------------------------------------


def test_without_any_client_every_room_says_so(tmp_path: Path) -> None:
    talk = Conversation(["--plain"], replay.surroundings(tmp_path), tmp_path)
    assert "No conda client was found on this machine" in "\n".join(talk.first())
    for line in ("1", "2", "3", "4", "5", "6", "f", "g", "report", "b"):
        said = "\n".join(talk.whole(line))
        assert said
        assert "envdoctor broke" not in said
    assert only_plain(talk.raw)


def test_forty_clients_are_told_one_by_one_as_they_answer(tmp_path: Path) -> None:
    folders = [tmp_path / f"bin{number}" for number in range(40)]
    said = scenes.transcript("micromamba", "2.8.1", "A_info_json")
    for folder in folders:
        replay.replay(folder / "micromamba", said)
    env = replay.surroundings(tmp_path / "home", folders)
    talk = Conversation(["--plain", "--limit", "100"], env, tmp_path)
    told = talk.first()
    assert "41 clients found." in told
    assert told.count("micromamba 2.8.1 answered.") == 40
    listed = talk.say("3")
    assert listed[-1].endswith(MORE)
    listed = talk.whole("3")
    assert sum(line.startswith("Id: ") for line in listed) == 41
    assert [line for line in listed if line.startswith(f"Path: {tmp_path}/bin39/")]
    assert len(talk.whole("1")) > 41


def test_a_client_that_hangs_is_told_with_its_reason(tmp_path: Path) -> None:
    replay.hangs(tmp_path / "bin" / "micromamba")
    env = replay.surroundings(tmp_path / "home", [tmp_path / "bin"])
    talk = Conversation(["--plain", "--limit", "1"], env, tmp_path)
    assert any(line.startswith("micromamba (version unknown) gave no answer: did not ")
               for line in talk.first())  # fmt: skip
    talk.send("q\n")
    assert talk.ended() == 0
    assert replay.left_running(tmp_path) == []


# --- the end ---------------------------------------------------------------------------------

End = Callable[[Conversation], int | None]


def by_eof(talk: Conversation) -> int | None:
    talk.send("\x04")
    return talk.ended()


def by_quitting(talk: Conversation) -> int | None:
    talk.send("q\n")
    return talk.ended()


def by_ctrl_c(talk: Conversation) -> int | None:
    talk.send("\x03")
    return talk.ended()


def by_sigterm(talk: Conversation) -> int | None:
    talk.signal(signal.SIGTERM)
    return talk.ended()


def by_sighup(talk: Conversation) -> int | None:
    talk.signal(signal.SIGHUP)
    return talk.ended()


ENDS = [(by_eof, 0), (by_quitting, 0), (by_ctrl_c, 130), (by_sigterm, 143), (by_sighup, 129)]
WHILE_BUSY = ENDS[2:]


@pytest.mark.parametrize(("end", "status"), ENDS)
def test_it_ends_at_the_prompt(end: End, status: int, tmp_path: Path) -> None:
    talk = on(machine_of_2024(tmp_path))
    talk.first()
    assert end(talk) == status
    assert only_plain(talk.raw)
    assert "Traceback" not in talk.text
    assert replay.left_running(tmp_path) == []


@pytest.mark.parametrize(("end", "status"), WHILE_BUSY)
def test_no_client_outlives_it_while_they_are_asked(end: End, status: int, tmp_path: Path) -> None:
    env, started = hanging(tmp_path)
    talk = Conversation(["--plain", "--limit", "100"], env, tmp_path)
    assert started.read_text() == "started\n"
    assert end(talk) == status
    assert only_plain(talk.raw)
    assert replay.left_running(tmp_path) == []


def hanging(folder: Path) -> tuple[dict[str, str], Path]:
    """A client that hangs, and the pipe in which it says that it runs."""
    program = folder / "bin" / "micromamba"
    replay.hangs(program)
    started = program.with_name("started")
    os.mkfifo(started)
    return replay.surroundings(folder / "home", [program.parent]), started


@pytest.mark.parametrize(("end", "status"), WHILE_BUSY)
def test_no_solver_outlives_it_while_it_tries(end: End, status: int, tmp_path: Path) -> None:
    program, info = tmp_path / "bin" / "micromamba", tmp_path / "said" / "info"
    replay.replay(info, scenes.transcript("micromamba", "2.8.1", "A_info_json"))
    wait = replay.waiting(program)
    started = program.with_name("started")
    os.mkfifo(started)
    replay.script(
        program,
        f'case "$*" in info*) exec {replay.quote(info)} ;; --version) echo 2.8.1; exit ;; esac',
        f"echo started > {replay.quote(started)}",
        f"exec {wait}",
    )
    env = replay.surroundings(tmp_path / "home", [program.parent])
    talk = Conversation(["--plain"], env, tmp_path)
    talk.first()
    talk.send("4\n")
    assert started.read_text() == "started\n"
    assert end(talk) == status
    assert replay.left_running(tmp_path) == []


def stoppable(machine: Replayed) -> None:
    """Its conda never ends by itself, and puts things back where it is interrupted."""
    changed, never = replay.quote(machine.changed), replay.quote(machine.folder / "never")
    replay.script(
        machine.root / "bin" / "conda",
        f"trap 'echo rolled back; echo rolled back > {changed}; exit 1' INT",
        "echo working",
        f"until [ -e {never} ]; do sleep 0.1; done",
    )


@pytest.mark.parametrize(("end", "status"), WHILE_BUSY)
def test_what_is_being_done_is_asked_to_stop_and_can_put_things_back(
    end: End, status: int, tmp_path: Path
) -> None:
    machine = machine_of_2024(tmp_path)
    stoppable(machine)
    talk = on(machine)
    talk.first()
    talk.say("g")
    assert talk.say("x 1")[-1] == ASKED
    talk.send("y\n")
    talk.until("working")
    assert end(talk) == status
    assert machine.changes == ["rolled back"]
    assert "Interrupted: waiting for it to put back what it did." in talk.text
    assert "What it did before that may be left." in talk.text
    assert replay.left_running(tmp_path) == []


def test_what_is_being_done_is_asked_to_stop_where_the_terminal_goes_away(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    stoppable(machine)
    talk = on(machine)
    talk.first()
    talk.say("g")
    talk.say("x 1")
    talk.send("y\n")
    talk.until("working")
    talk.hang_up()
    assert machine.changes == ["rolled back"]
    assert replay.left_running(tmp_path) == []


def test_a_terminal_that_goes_away_leaves_no_client(tmp_path: Path) -> None:
    env, started = hanging(tmp_path)
    talk = Conversation(["--plain", "--limit", "100"], env, tmp_path)
    assert started.read_text() == "started\n"
    talk.hang_up()
    assert replay.left_running(tmp_path) == []
