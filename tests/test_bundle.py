"""A bundle: the same report when it is opened, and the same bytes each time."""

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from doctor.bundle.making import Bundle, Unfaithful, make, replayed, zipped
from doctor.bundle.opening import opened
from doctor.host.identity import Identity
from doctor.host.recorded import Recording
from doctor.model import Report, Transcript
from doctor.redact import redact
from doctor.redact.fields import reduced
from doctor.redact.walking import walked
from tests import planted, replay, scenes
from tests.replayed import machine_of_2024
from tests.scenes import Scene
from tests.test_checks import SICK, WELL
from tests.test_scenarios_clients import SCENES

STAGED: dict[str, Callable[[], Scene]] = {
    **{f"sick-{name}": make_ for name, make_ in SICK.items()},
    **{f"well-{name}": make_ for name, make_ in WELL.items()},
    **{f"scenario-{name}": make_ for name, make_ in SCENES.items()},
    "cluster": scenes.cluster,
}
ZOE = Identity(("user", "zoe"), ("login01.cluster.acme.example",), scenes.HOME)


@cache
def recording(name: str) -> Recording:
    return scenes.recording(STAGED[name]())


def bundled(name: str, words: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Bundle:
    return make(recording(name), replayed(recording(name)), ZOE, words, without)


def data_of(bundle: Bundle, name: str) -> bytes:
    return next(content.data for content in bundle.contents if content.name == name)


# --- the same report -------------------------------------------------------------------------


def told(report: Report, hide: Callable[[str], str] = lambda text: text) -> object:
    """What a report says, without outputs, lines of start-up files, and where it comes from."""
    clients = tuple(
        replace(c, answers=tuple(replace(a, transcript=None) for a in c.answers))
        for c in report.clients
    )
    machine = replace(report.machine, startup=())
    return walked(replace(report, machine=machine, clients=clients, source=""), hide)


@pytest.mark.parametrize("name", STAGED)
def test_what_is_opened_is_judged_as_the_machine_was(name: str) -> None:
    live = replayed(recording(name))
    bundle = make(recording(name), live, ZOE)
    redacted = redact(recording(name), ZOE)
    found = opened(zipped(bundle)).recording
    assert found == redacted.recording
    assert told(replayed(found)) == told(bundle.report)
    lines = reduced(recording(name)).recording.lines  # which findings quote
    assert told(bundle.report) == told(
        replayed(replace(recording(name), lines=lines)), redacted.hide
    )
    assert [(f.check, f.severity) for f in bundle.report.findings] == [
        (f.check, f.severity) for f in live.findings
    ]


def test_a_live_machine_of_real_processes_is_judged_the_same_elsewhere(tmp_path: Path) -> None:
    machine = machine_of_2024(tmp_path)
    target = tmp_path / "live.zip"
    checked = replay.doctor("check", "--json", env=machine.env())
    run = replay.doctor("bundle", "-o", str(target), "--yes", env=machine.env())
    assert run.status == 0, run.stderr
    moved = replay.doctor("check", "--json", "--from", str(target),
                          env=replay.surroundings(tmp_path / "elsewhere"))  # fmt: skip
    for document in (checked.document, moved.document):
        first = document["findings"][0]
        assert (first["check"], first["severity"]) == ("mamba-hyphen-archspec", "error")
    assert [(f["check"], f["severity"], f["consequence"]) for f in moved.document["findings"]] == [
        (f["check"], f["severity"], f["consequence"]) for f in checked.document["findings"]
    ]
    for name in ("cpu", "microarchitecture"):
        assert moved.document["machine"][name] == checked.document["machine"][name]
    assert str(tmp_path) not in json.dumps(moved.document)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize(
    "noise", ["\x1b[31mred\x1b[0m", "\x1b]52;c;c2VjcmV0\x07", "\x9b2J\x07", "a\x00b\rc"]
)
def test_control_characters_go_and_the_finding_stays(noise: str, stream: str) -> None:
    text = f"{noise} broken\n"
    streams = (text, "") if stream == "stdout" else ("", text)
    said = Transcript((), {}, 1, *streams)
    plain = scenes.recording(scenes.healthy().program("/opt/bin/pixi", said))
    live = replayed(plain)
    assert "client-did-not-answer:pixi" in [f.id for f in live.findings]
    bundle = make(plain, live, ZOE)
    assert [f.id for f in bundle.report.findings] == [f.id for f in live.findings]
    data = b"".join(content.data for content in bundle.contents)
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]", data)
    assert b"c2VjcmV0" not in data


def test_an_answer_that_is_none_because_of_control_characters_stays_none() -> None:
    good = json.dumps({"libmamba version": "2.8.1", "virtual packages": ["__archspec=1=zen4"]})
    said = Transcript((), {}, 0, f"\x1b[2J{good}", "", 0.1)
    plain = scenes.recording(scenes.bare().program("/opt/bin/micromamba", said))
    bundle = make(plain, replayed(plain), ZOE)
    (trouble,) = [a.trouble for c in bundle.report.clients for a in c.answers if not c.ours]
    assert trouble == "printed terminal control codes instead of plain JSON"


@pytest.mark.parametrize(
    ("word", "differs"),
    [("avx2", "the level of the CPU"), ("1.5.8", "what clients report"),
     ("micromamba", "client"), ("zen2", "exported-yaml-pins-cpu-build")],
)  # fmt: skip
def test_where_hiding_would_change_what_is_found_nothing_is_made(word: str, differs: str) -> None:
    with pytest.raises(Unfaithful, match="hiding names changed what is found") as caught:
        bundled("cluster", (word,))
    assert differs in str(caught.value)


# --- the same bytes --------------------------------------------------------------------------


def shuffled(value: Recording, seed: int) -> Recording:
    """The same recording, noted in another order."""
    chance = random.Random(seed)
    changes = {}
    for name in value.__struct_fields__:
        table = getattr(value, name)
        if isinstance(table, dict):
            rows = list(table.items())
            chance.shuffle(rows)
            changes[name] = dict(rows)
    return replace(value, **changes)


@pytest.mark.parametrize("name", ["cluster", "sick-hyphen", "scenario-two-blocks"])
def test_equal_recordings_give_equal_bytes_in_whichever_order_they_were_noted(name: str) -> None:
    first = zipped(bundled(name))
    for seed in range(3):
        other = shuffled(recording(name), seed)
        assert other == recording(name)
        assert zipped(make(other, replayed(other), ZOE)) == first


def test_a_planted_machine_gives_equal_bytes_too() -> None:
    machine = planted.machine()
    made = [zipped(make(m, replayed(m), planted.ALICE)) for m in (machine, shuffled(machine, 1))]
    assert made[0] == made[1]


def test_every_file_is_one_that_forums_take_and_is_listed_with_its_digest() -> None:
    bundle = bundled("cluster")
    with zipfile.ZipFile(io.BytesIO(zipped(bundle))) as archive:
        assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in archive.infolist())
        names = archive.namelist()
    assert names[0] == "manifest.json"
    assert {name.rpartition(".")[2] for name in names} <= {"md", "json", "txt"}
    assert len(zipped(bundle)) < 2**20
    listed = json.loads(data_of(bundle, "manifest.json"))
    assert [file["name"] for file in listed["files"]] == names[1:]
    assert all(len(file["sha256"]) == 64 and file["source"] for file in listed["files"])
    assert listed["redacted"] is True
    assert listed["replaced"]["user"] > 10
    assert sum(f["replaced"].get("user", 0) for f in listed["files"]) > 10


def test_names_that_no_text_can_hold_are_written_all_the_same() -> None:
    path = f"{scenes.HOME}/miniforge3/envs/caf\udce9"
    plain = recording("cluster")
    odd = replace(plain, installed=plain.installed | {path: plain.installed[
        f"{scenes.HOME}/miniforge3/envs/old"]})  # fmt: skip
    for hidden in (True, False):
        bundle = make(odd, replayed(odd), ZOE, hidden=hidden)
        assert len(opened(zipped(bundle)).recording.installed) == len(odd.installed)
