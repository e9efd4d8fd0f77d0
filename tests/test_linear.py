"""The conversation: the app's rooms line by line, held in real terminals."""

import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from doctor.clean import shown
from doctor.host.recorded import encode
from doctor.linear import commands, conversation, rooms
from doctor.model import Installed
from tests import hostile_content, planted, replay, scenes
from tests.clients import ROOT
from tests.conversing import MORE, Conversation, only_plain
from tests.replayed import LEVEL

HYPHEN = "mamba-hyphen-archspec"
SIZES = [(20, 8), (80, 24), (200, 60)]


def saved(folder: Path, scene: scenes.Scene) -> Path:
    """A recording of a staged machine."""
    path = folder / "machine.json"
    path.write_bytes(encode(scenes.recording(scene)))
    return path


def about(path: Path, size: tuple[int, int] = (80, 24)) -> Conversation:
    """A conversation about a recording or a bundle."""
    env = replay.surroundings(path.parent / "home")
    return Conversation(["--plain", "--from", str(path)], env, size=size)


# --- where it is held ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "env"), [(["--plain"], {}), ([], {"TERM": "dumb"}), ([], {"ACCESSIBLE": "1"})]
)
def test_it_is_held_where_plain_was_asked_for(
    words: list[str], env: dict[str, str], tmp_path: Path
) -> None:
    path = saved(tmp_path, scenes.hyphen())
    home = replay.surroundings(tmp_path / "home")
    talk = Conversation([*words, "open", str(path)], {**home, **env})
    said = talk.first()
    assert said[:2] == [
        "",
        "micromamba 1.5.8 cannot install CPU-specific packages on this machine. conda 26.7.1 can."
        " Type g: what to do about it, step by step.",
    ]
    assert said[2].startswith("Recorded, not this machine: recording of user's machine, ")
    assert said[3].startswith("Type one of these and press Enter: 1 overview, 2 machine, ")
    assert len(said) == 4
    talk.send("q\n")
    assert talk.ended() == 0
    assert only_plain(talk.raw)


@pytest.mark.parametrize("redirected", ["< /dev/null", "| cat"])
def test_without_a_terminal_at_both_ends_the_report_is_printed(
    redirected: str, tmp_path: Path
) -> None:
    path = saved(tmp_path, scenes.hyphen())
    env = replay.surroundings(tmp_path / "home")
    command = f"{sys.executable} -m doctor --plain --from {path} {redirected}"
    child: pexpect.spawn[bytes] = pexpect.spawn(
        "/bin/sh", ["-c", command], env={**env, "TERM": "xterm"}, cwd=str(ROOT), timeout=60
    )
    child.expect(pexpect.EOF)
    said = (child.before or b"").decode().replace("\r\n", "\n")
    assert said == replay.doctor("check", "--from", str(path), env=env).stdout


def test_it_never_loads_the_app() -> None:
    code = "import sys, doctor.linear.conversation; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_it_says_the_same_at_every_width(tmp_path: Path) -> None:
    """Lines are never broken or filled: that is the terminal's business."""
    path = saved(tmp_path, scenes.hyphen())
    said = []
    for size in SIZES:
        talk = about(path, size)
        said.append(
            [talk.first(), *(talk.whole(line) for line in ("1", "3", "f 1", "?", "report"))]
        )
        talk.send("q\n")
        assert talk.ended() == 0
        assert only_plain(talk.raw)
    assert said[0] == said[1] == said[2]


# --- rooms -----------------------------------------------------------------------------------

VERBS = {
    "report": ("check",), "2": ("machine",), "3": ("clients",), "5": ("envs",), "6": ("project",),
    f"4 {LEVEL}>=3": ("explain", f"{LEVEL}>=3"), "4 demo-fast": ("explain", "demo-fast"),
    f"k {HYPHEN}": ("check", "--list", HYPHEN),
}  # fmt: skip


def test_every_room_says_what_its_verb_prints(tmp_path: Path) -> None:
    path = saved(tmp_path, scenes.cluster())
    env = replay.surroundings(tmp_path / "home")
    talk = about(path)
    talk.first()
    for line, verb in VERBS.items():
        printed = replay.doctor(*verb, "--plain", "--from", str(path), env=env).stdout
        told = [row for row in talk.whole(line) if not row.startswith("Every client tries ")]
        assert _named_alike(told) == _named_alike(printed.strip("\n").split("\n")), line
    printed = replay.doctor("check", "--list", "--plain", env=env).stdout
    assert talk.whole("k")[:-2] == printed.strip("\n").split("\n")
    assert only_plain(talk.raw)


def _named_alike(lines: list[str]) -> list[str]:
    """Without the CPU names that clients say: `project` asks none, so it has predicted ones."""
    return [re.sub(r"where clients say .*?:", "where clients say:", line) for line in lines]


def test_a_guide_says_what_fix_prints_and_what_its_trials_print(tmp_path: Path) -> None:
    path = saved(tmp_path, scenes.hyphen())
    env = replay.surroundings(tmp_path / "home")
    talk = about(path)
    talk.first()
    told = "\n".join(talk.whole("g"))
    for option in ((), ("--try",)):
        run = replay.doctor("fix", f"{HYPHEN}:micromamba", *option, "--from", str(path), env=env)
        printed = run.stdout.strip("\n").split("\n")
        assert "  " not in run.stdout
        assert "\n".join(printed[1 if option else 0 :]) in told
    assert "\nBefore: micromamba 1.5.8: refused, predicted\n" in told


def test_the_overview_numbers_findings_and_says_a_line_of_each_client(tmp_path: Path) -> None:
    talk = about(saved(tmp_path, scenes.hyphen()))
    talk.first()
    said = talk.say("1")
    assert said[0] == "Overview:"
    assert "Findings: 1 error, 1 note" in said
    assert "1. ERROR: micromamba 1.5.8 says x86_64-v4, builds want x86_64_v4" in said
    assert "micromamba 1.5.8: x86_64-v4 reported, CPU packages: refused" in said
    for word in ("f 1", "f1", "F 1", f"f {HYPHEN}", f"finding {HYPHEN}:micromamba"):
        assert talk.say(word)[0] == f"ERROR {HYPHEN}:micromamba"
    assert talk.say("f 3") == ["There is no finding 3: 2 can be numbered now."]


def test_packages_says_each_outcome_and_one_requirement_the_reasons(tmp_path: Path) -> None:
    talk = about(saved(tmp_path, scenes.hyphen()))
    talk.first()
    said = talk.whole("4")
    for wanted in (f"{LEVEL}, any level", f"{LEVEL}=1, exactly level 1", "demo-opt, optional "):
        assert any(line.startswith(f"Requirement {wanted}") for line in said)
    assert said.count("micromamba 1.5.8: refuses, refused, predicted") == 4
    assert any(re.match(r"micromamba 1.5.8: installs, \S+, no level, predicted", s) for s in said)
    assert "No level build that was published accepts" in "\n".join(talk.say("/ x86_64-v4"))
    for wrong in ("4 --json", "4 ../x", "4 -c evil"):
        assert "is not a requirement: " in talk.say(wrong)[0]


def test_a_feature_is_explained_and_a_client_shows_what_it_printed(tmp_path: Path) -> None:
    talk = about(saved(tmp_path, scenes.hyphen()))
    talk.first()
    (line,) = talk.say("2 flush_l1d")
    assert line.startswith("flush_l1d: MISSING, ")
    said = talk.whole("3 micromamba")
    assert said[0] == "micromamba 1.5.8"
    assert "Override: ignored" in said
    assert any(line.strip() == '"__archspec=1=x86_64-v4"' for line in said)
    assert talk.say("3 nothing")[0].startswith("No client is called 'nothing'; known are conda, ")


def test_a_search_goes_through_the_last_room(tmp_path: Path) -> None:
    talk = about(saved(tmp_path, scenes.cluster()))
    talk.first()
    assert talk.say("/x") == ["Type 1 to 6, k or m first: the search goes through what that says."]
    talk.whole("5")
    said = talk.say("/GRAPH-TOOL")
    root = f"{scenes.HOME}/miniforge3/envs"
    assert said[:2] == [
        f"Environment: {root}/new, registered in environments.txt",
        f"Needed by: graph-tool-base 2.98 h_400, {LEVEL} >=4",
    ]
    assert talk.say("/nothing at all") == ["Nothing in the last room has 'nothing at all' in it."]
    talk.say("2")
    assert talk.say("/ avx2")[-1].startswith("avx2: have, part of x86_64_v3, ")


def test_machines_are_compared(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = saved(tmp_path / "other", scenes.cluster())
    talk = about(saved(tmp_path, scenes.hyphen()))
    talk.first()
    said = talk.whole(f"m {other}")
    assert "Machines: 2" in said
    assert any(line.startswith("Both machines have level x86_64_v3; ") for line in said)
    gone = talk.say(f"m {tmp_path}/gone.zip")
    assert gone[-1].startswith(f"Not compared: {tmp_path}/gone.zip ")
    assert talk.say("m")[0].startswith("Type m and names of bundles")


def test_a_thousand_environments_are_no_flood(tmp_path: Path) -> None:
    scene = scenes.cluster()
    for number in range(1000):
        path = f"{scenes.HOME}/miniforge3/envs/e{number:04}"
        scene.environment(Installed(path, 9, (scenes.record(LEVEL, "2", "3_nehalem"),)))
    talk = about(saved(tmp_path, scene))
    talk.first()
    said = talk.say("5")
    assert len(said) == conversation.PAGE + 1
    assert said[0] == "1 of 1004 known needs a higher level than this CPU has."
    left = int(said[-1].removesuffix(MORE))
    assert left > 5000
    assert talk.say("")[-1] == f"{left - conversation.PAGE}{MORE}"
    assert talk.say("/ e0777")[0].startswith(f"Environment: {scenes.HOME}/miniforge3/envs/e0777")
    assert not talk.say("")[0].startswith("Environment: ")  # what was left was dropped
    assert "e0999" in "\n".join(talk.say("/ e0999"))


# --- what is shown may come from anywhere ----------------------------------------------------

EVERYTHING = ("1", "report", "2", "3", "3 conda", "4", "5", "6", "f 1", "g", "k", "b",
              "show summary", "show report.json", "?")  # fmt: skip


def test_escape_sequences_in_every_text_of_a_bundle_reach_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    path.write_bytes(hostile_content.escaped())
    talk = about(path)
    talk.first()
    for line in EVERYTHING:
        assert "envdoctor broke" not in "".join(talk.whole(line))
    assert "evil" in talk.text  # the words between them are there
    assert only_plain(talk.raw)


def test_letters_from_right_to_left_stay_and_marks_that_reorder_go(tmp_path: Path) -> None:
    scene = scenes.cluster()
    path = f"{scenes.HOME}/\u05e1\u05d1\u05d9\u05d1\u05d4\u202e\x1b[2Jenv"
    scene.environment(Installed(path, 9, (scenes.record(LEVEL, "4", "3_zen4"),)))
    talk = about(saved(tmp_path, scene))
    talk.first()
    said = "\n".join(talk.whole("5"))
    assert f"Environment: {scenes.HOME}/\u05e1\u05d1\u05d9\u05d1\u05d4env, " in said
    assert only_plain(talk.raw)


def test_secrets_of_a_machine_are_said_in_no_room(tmp_path: Path) -> None:
    path = tmp_path / "machine.json"
    path.write_bytes(encode(planted.machine()))
    talk = about(path)
    talk.first()
    for line in EVERYTHING:
        talk.whole(line)
    secrets = ("s3cr3t", "an-0123-plain-token", planted.CONDA_TOKEN)
    assert [word for word in secrets if word in talk.text] == []


def test_what_is_typed_may_be_anything(tmp_path: Path) -> None:
    talk = about(saved(tmp_path, scenes.hyphen()))
    talk.first()
    for line in ("x", "x 1", "t 1", "g 99", "g no:such", "f \u202e", "show x", "hide", "write",
                 "take", "leave out x", "/", "k nothing at all", "m 'open quote", "4 \u05e1",
                 "\u00e9",
                 "x" * 3000, "2 " + "y" * 3000, "4 " + "z" * 3000):  # fmt: skip
        assert "envdoctor broke" not in "".join(talk.say(line)), line
    talk.send(b"2 \xff\xfe\n")
    talk.until("No feature has ")
    talk.until("> ")
    assert talk.say("dance") == ["'dance' is nothing that can be typed here. ? says what can."]
    talk.send("q\n")
    assert talk.ended() == 0


# --- the pure parts --------------------------------------------------------------------------


def test_help_and_the_first_line_are_made_from_the_table() -> None:
    helped = "\n".join(commands.helped())
    every = [command for group in commands.COMMANDS.values() for command in group]
    for command in every:
        assert f"{' or '.join(command.keys)}" in helped
        assert f"{command.help}." in helped
        assert not command.title or f"{command.keys[0]} {command.title}" in commands.hint()
    keys = [key for command in every for key in command.keys]
    assert {key for key in keys if keys.count(key) > 1} == {"t"}


@pytest.mark.parametrize(
    ("line", "command", "rest"),
    [
        ("1", "1", ""), (" f 2 ", "f", "2"), ("f2", "f", "2"), ("G12", "g", "12"),
        ("/avx", "/", "avx"), ("?", "?", ""), ("leave out  a b", "leave", "out  a b"),
        ("4 x >=1", "4", "x >=1"),
        ("QUIT", "quit", ""), ("m  A.zip", "m", "A.zip"), ("12", "12", ""),
    ],
)  # fmt: skip
def test_a_line_is_a_command_and_what_follows(line: str, command: str, rest: str) -> None:
    assert commands.split(line) == (command, rest)


def test_a_page_ends_where_only_a_few_lines_are_left() -> None:
    lines = tuple(map(str, range(conversation.PAGE + conversation.FEW)))
    assert conversation.paged(lines) == (lines, ())
    now, rest = conversation.paged((*lines, "x"))
    assert len(now) == conversation.PAGE
    assert (*now, *rest) == (*lines, "x")


def test_control_characters_inside_a_secret_do_not_keep_it_from_being_hidden() -> None:
    assert shown("to\x1b[0mken=abc123 x\ny") == "token=*** x\\ny"
    assert shown("https://me:pass\u202e@host/") == "https://***@host/"


def test_a_search_keeps_the_heading_of_what_it_finds() -> None:
    page = ("A:", "one", "two", "", "B two:", "three", "", "C:", "four")
    assert list(rooms.matching(page, "TWO")) == ["A:", "two", "", "B two:", "three"]
    assert list(rooms.matching(page, "five")) == []


def test_the_words_come_with_the_three_spellings_of_each_level(tmp_path: Path) -> None:
    talk = about(saved(tmp_path, scenes.hyphen()))
    talk.first()
    said = talk.say("w")
    assert ("x86_64_v3 in conda and archspec: x86-64-v3 in psABI and glibc, "
            "-march=x86-64-v3 in GCC and Clang.") in said  # fmt: skip
    assert any(line.startswith("virtual package: ") for line in said)
