"""What leaves in a bundle: nothing private in any spelling, and everything that diagnosis needs."""

import base64
import html
import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from doctor.bundle.making import Bundle, make, replayed, zipped
from doctor.cli import main
from doctor.host.identity import Identity, identity
from doctor.host.recorded import Recording, encode
from doctor.model import Transcript
from doctor.redact import redact
from doctor.redact.introducing import readable
from doctor.redact.secrets import is_none
from doctor.redact.vocabulary import is_common
from tests import planted, replay, scenes
from tests.planted import ALICE, NAMES, SECRETS, found_in
from tests.replayed import machine_of_2024


@cache
def machine() -> Recording:
    return planted.machine()


@cache
def bundle() -> Bundle:
    return make(machine(), replayed(machine()), ALICE)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def said(text: str) -> Recording:
    """A machine on which a client said something on standard error."""
    plain = scenes.recording(scenes.bare())
    heard = Transcript(("/opt/bin/pixi", "--version"), {}, 0, "", text)
    return replace(plain, transcripts=(*plain.transcripts, heard))


def heard(recording: Recording, who: Identity = ALICE, words: tuple[str, ...] = ()) -> str:
    return redact(recording, who, words).recording.transcripts[-1].stderr


# --- the corpus ------------------------------------------------------------------------------


def test_the_corpus_is_in_every_corner_of_the_machine() -> None:
    parts = json.loads(encode(machine()))
    assert found_in(encode(machine())) == [*SECRETS, *NAMES]
    for name in ("env", "files", "lines", "transcripts", "guides", "installed", "channel_copies"):
        assert found_in(json.dumps(parts[name]).encode()), name


def test_nothing_of_it_is_in_the_zip_or_in_any_of_its_files() -> None:
    data = zipped(bundle())
    assert found_in(data) == []
    names = members(data)
    assert len(names) > 10
    assert {name: found for name, text in names.items() if (found := found_in(text))} == {}
    assert {name for name in names if found_in(name.encode())} == set()


@pytest.mark.parametrize("arguments", [("--show",), ("--show", "--json"), ("--yes", "--json"),
                                       ("--yes",)], ids=" ".join)  # fmt: skip
def test_nothing_of_it_is_in_what_the_command_prints(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for name, value in (("USER", "alice"), ("HOSTNAME", planted.HOSTS[0]), ("HOME", planted.HOME),
                        ("SLURM_SUBMIT_HOST", planted.HOSTS[1])):  # fmt: skip
        monkeypatch.setenv(name, value)
    Path("machine.json").write_bytes(encode(machine()))
    assert main(["bundle", "--from", "machine.json", "-o", "out.zip", *arguments]) == 0
    printed = capsys.readouterr()
    assert found_in(printed.out.encode()) == []
    assert found_in(printed.err.encode()) == []
    assert printed.out
    if "--json" in arguments:
        assert json.loads(printed.out)["schema"] == 1
    assert Path("out.zip").exists() == ("--show" not in arguments)


def test_what_is_shown_is_what_is_written_letter_by_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("machine.json").write_bytes(encode(machine()))
    arguments = ["bundle", "--from", "machine.json", "-o", "out.zip"]
    main([*arguments, "--yes"])
    capsys.readouterr()
    written = members(Path("out.zip").read_bytes())
    main([*arguments, "--show"])
    shown = capsys.readouterr().out
    texts = [(name, text, b"" if text.endswith(b"\n") else b"\n") for name, text in written.items()]
    whole = b"".join(b"==> %b <==\n%b%b" % (name.encode(), text, end) for name, text, end in texts)
    assert shown.encode() == whole
    name, text, end = texts[-1]
    main([*arguments, "--show", name])
    assert capsys.readouterr().out.encode() == b"==> %b <==\n%b%b" % (name.encode(), text, end)
    main([*arguments, "--show", "--json"])
    files = json.loads(capsys.readouterr().out)["files"]
    assert {file["name"]: file["text"].encode() for file in files} == written


def test_nobody_of_the_machine_that_makes_it_is_in_it(tmp_path: Path) -> None:
    made = machine_of_2024(tmp_path / "acme-merger")
    env = made.env(USER="zebulon", HOSTNAME="tower9.lab.example")
    run = replay.doctor("bundle", "-o", str(tmp_path / "x.zip"), "--yes", env=env)
    assert run.status == 0, run.stderr
    here = identity()
    words = [*here.users, *here.hosts, here.home.rpartition("/")[2], "zebulon", "tower9",
             "acme-merger", tmp_path.name]  # fmt: skip
    telling = {word for word in words if len(word) > 3 and not is_common(word.strip("/"))}
    data = b"".join(members((tmp_path / "x.zip").read_bytes()).values())
    assert b"micromamba 1.5.8" in data
    assert found_in(data, tuple(telling)) == []


# --- spellings -------------------------------------------------------------------------------

KNOWN = "https://alice:{}@conda.example.org/x"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda word: word,
    "url": lambda word: quote(word, safe=""),
    "url twice": lambda word: quote(quote(word, safe=""), safe=""),
    "form": quote_plus,
    "every letter": lambda word: "".join(f"%{byte:02x}" for byte in word.encode()),
    "json": lambda word: json.dumps(word),
    "json twice": lambda word: json.dumps(json.dumps({"a": word})),
    "unicode escapes": lambda word: "".join(f"\\u{ord(char):04X}" for char in word),
    "html": html.escape,
    "shell": lambda word: "".join(f"\\{char}" if not char.isalnum() else char for char in word),
    "hex": lambda word: word.encode().hex(),
    "base64": lambda word: base64.b64encode(word.encode()).decode(),
    "in longer base64": lambda word: base64.b64encode(f"a-{word}-b".encode()).decode(),
    "in url-safe base64": lambda word: base64.urlsafe_b64encode(f"ab{word}??".encode()).decode(),
    "base64 over lines": lambda word: base64.encodebytes(f"{'x' * 50}{word}{'y' * 50}".encode())
    .decode(),
    "over two lines": lambda word: f"{word[:3]}\n    {word[3:]}",
    "over continued lines": lambda word: f"{word[:4]}\\\n  {word[4:]}",
    "over escaped lines": lambda word: f"{word[:3]}\\n{word[3:]}",
    "escape in it": lambda word: f"{word[:3]}\x1b[31m{word[3:]}",
    "invisible in it": lambda word: f"{word[:3]}\u200b{word[3:]}",
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("word", ["p@ss w0rd/x", "s3cr3t-Long_one", "q\"uo'te\\d", "Zürich#9!"])
def test_a_secret_is_hidden_however_it_is_written(word: str, spelling: str) -> None:
    written = SPELLINGS[spelling](word)
    shown = heard(said(f"{KNOWN.format(quote(word, safe=''))}\nbefore {written} after"))
    assert found_in(shown.encode(), (word,)) == []
    assert written not in shown
    assert "before" in shown
    assert shown.rstrip().endswith("after")


KEPT = frozenset(readable(scenes.recording(scenes.bare())))
PRINTABLE = st.characters(min_codepoint=33, max_codepoint=126) | st.sampled_from("äé ß€")


@settings(max_examples=300, deadline=None)
@given(st.text(PRINTABLE, min_size=7, max_size=30), st.sampled_from(sorted(SPELLINGS)))
def test_any_secret_in_an_address_is_hidden_everywhere(word: str, name: str) -> None:
    assume(word.strip() == word and "hidden" not in word and not is_none(word))
    assume(word not in KEPT and not is_common(word))  # only where it stands as a secret
    url = KNOWN.format(quote(word, safe=""))
    shown = heard(said(f"{url}\nbefore {SPELLINGS[name](word)} after"))
    assert found_in(shown.encode(), (word,)) == []
    assert SPELLINGS[name](word) not in shown
