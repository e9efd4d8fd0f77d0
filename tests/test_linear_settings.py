"""Muting and settings in the conversation: as in the app, said line by line; real terminals."""

import json
from pathlib import Path

import pytest

from tests import replay, scenes
from tests.conversing import Conversation, only_plain
from tests.replayed import Replayed, machine_of_2024
from tests.test_linear import about, saved

HYPHEN = "mamba-hyphen-archspec:micromamba"


def on(machine: Replayed, *words: str) -> Conversation:
    return Conversation(["--plain", *words], machine.env(), machine.home)


def file_of(machine: Replayed) -> Path:
    return machine.home / ".config" / "envdoctor" / "settings.json"


def test_what_is_muted_is_listed_last_counts_for_nothing_and_is_kept_after_a_yes(
    tmp_path: Path,
) -> None:
    machine = machine_of_2024(tmp_path)
    talk = on(machine)
    talk.first()
    assert any(line.startswith("1. ERROR: ") for line in talk.say("1"))
    said = talk.say("u 1")
    assert said[0].startswith(f"{HYPHEN}: Muted until you leave: listed last")
    assert not said[1].startswith("micromamba 1.5.8 cannot install")
    overview = talk.say("1")
    assert "1 muted" in next(line for line in overview if line.startswith("Findings: "))
    listed = [line for line in overview if line[:1].isdecimal()]
    assert [line.split()[1] for line in listed][-1] == "MUTED:"
    assert talk.say(f"f {len(listed)}")[0] == f"MUTED {HYPHEN}"
    assert f"muted: {HYPHEN}" in talk.say("settings")
    asked = talk.say("keep")
    assert asked[0] == "This file will be written, readable by you alone: " + str(file_of(machine))
    assert f'+    "{HYPHEN}"' in asked
    assert not file_of(machine).exists()
    assert talk.say("") == ["Nothing was written."]
    assert not file_of(machine).exists()
    talk.say("keep")
    assert talk.say("yes") == ["Kept now."]
    assert json.loads(file_of(machine).read_bytes()) == {"muted": [HYPHEN]}
    assert talk.say("keep")[0].startswith("There is nothing to keep: ")
    talk.send("q\n")
    assert talk.ended() == 0
    assert only_plain(talk.raw)

    later = on(machine)
    assert not any(line.startswith("micromamba 1.5.8 cannot") for line in later.first())
    assert "1 muted" in "".join(later.say("1"))
    later.say(f"f {HYPHEN}")
    assert later.say("u")[0].startswith(f"{HYPHEN}: It counts again")
    assert "1. ERROR: " in "".join(later.say("1"))
    assert replay.doctor("check", env=machine.env()).status != 1  # until then it is muted


def test_it_stays_muted_when_everything_is_examined_again(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    talk = on(machine)
    talk.first()
    talk.say("u 1")
    talk.say("r")
    assert "1 muted" in "".join(talk.say("1"))
    assert not file_of(machine).exists()


def test_what_is_kept_is_said_as_it_is(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    path = file_of(machine)
    talk = on(machine)
    talk.first()
    assert f"Nothing is kept in {path}." in talk.say("settings")
    talk.say("u 1")
    assert f"Not kept yet in {path}: keep does that." in talk.say("settings")
    talk.say("keep")
    talk.say("yes")
    assert f"The same stands in {path}." in talk.say("settings")


def test_the_time_that_clients_have_holds_from_the_next_examination_on(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    talk = on(machine, "--limit", "20")
    talk.first()
    assert talk.say("settings")[0].startswith("limit: 20 seconds")
    said = talk.say("settings limit 2.5")
    assert said[0].startswith("Clients have 2.5 seconds from the next examination on")
    for wrong in ("limit soon", "limit -1", "limit", "theme dark", "colour"):
        assert "limit" in talk.say(f"settings {wrong}")[0], wrong
    assert talk.say("settings")[0].startswith("limit: 2.5 seconds")
    replay.hangs(machine.bin / "micromamba")
    assert any("2.5" in line for line in talk.say("r"))


@pytest.mark.parametrize("typed", ["u", "u 1", f"u {HYPHEN}"])
def test_what_was_found_elsewhere_cannot_be_muted(typed: str, tmp_path: Path) -> None:
    talk = about(saved(tmp_path, scenes.hyphen()))
    talk.first()
    assert talk.say(typed) == ["Only findings of this machine can be muted: this is not one."]


def test_what_is_wrong_with_the_file_of_settings_is_said(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    path = file_of(machine)
    path.parent.mkdir(parents=True)
    path.write_text('{"limit": "soon"}')
    talk = on(machine)
    assert f"{path}: what it says of limit makes no sense, so the default holds." in talk.first()
    assert talk.say("u") == ["Type u and the number or the id of a finding."]
    assert talk.say("u 99")[0].startswith("There is no finding 99")
