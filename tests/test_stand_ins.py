"""Stand-ins: the same for the same thing everywhere; what diagnosis needs has none."""

import json
import re

import pytest
from msgspec.structs import replace

from doctor.bundle.making import make, replayed
from doctor.clean import clean
from doctor.host.identity import Identity
from doctor.host.recorded import Recording, encode
from doctor.model import Entry, Facts, Installed, Record, Transcript
from doctor.redact import redact
from doctor.redact.hiding import Hider
from doctor.redact.words import HIDDEN
from tests import DATA, scenes
from tests.planted import ALICE, MASKED
from tests.test_leaks import bundle, heard, machine, said


def hidden(recording: Recording, who: Identity = ALICE, words: tuple[str, ...] = ()) -> str:
    return encode(redact(recording, who, words).recording).decode()


def texts() -> dict[str, str]:
    return {content.name: content.data.decode() for content in bundle().contents}


# --- relations -------------------------------------------------------------------------------


def test_a_prefix_is_called_the_same_in_keys_findings_lists_and_listings() -> None:
    recording = redact(machine(), ALICE).recording
    (path,) = [p for p, i in recording.installed.items() if i.programs == ("conda",)]
    assert recording.installed[path].path == path
    assert recording.env["CONDA_PREFIX"] == path
    name = path.rpartition("/")[2]
    assert re.fullmatch(r"hidden-env-\d+", name)
    assert recording.env["CONDA_DEFAULT_ENV"] == name
    (listing,) = [names for key, names in recording.folders.items() if key.endswith("/envs\n*")
                  and "miniforge3" in key]  # fmt: skip
    assert listing is not None
    assert name in listing
    assert f"{path}/conda-meta" in recording.entries
    registry = next(f for p, f in recording.files.items() if p.endswith("environments.txt"))
    assert path in (registry.text or "").splitlines()
    findings = [f.subject for f in bundle().report.findings]
    assert path in findings
    assert recording.guides[0].finding.subject == path
    assert path in texts()["summary.md"]


def test_different_things_have_different_stand_ins() -> None:
    shown = heard(said("login01.cluster.acme.example login02.cluster.acme.example a.b.corp"
                       " /home/bob /home/carol alice login01.cluster.acme.example"))  # fmt: skip
    found = shown.split()
    assert found[0] == found[-1]
    assert len(set(found)) == len(found) - 1
    assert all(HIDDEN.search(word) for word in found)


def test_one_person_is_one_stand_in_on_every_system() -> None:
    shown = heard(said("/home/alice /Users/Alice C:\\Users\\ALICE \\\\fileserver\\alice$ alice"))
    assert len({match[0] for match in HIDDEN.finditer(shown) if match[1] == "user"}) == 1
    assert shown.count("hidden-user-1") == 5


def test_a_home_that_is_called_otherwise_than_its_user() -> None:
    who = Identity(("alice",), (), "/data/h1")
    plain = scenes.recording(scenes.bare())
    facts = replace(plain.facts, home="/data/h1", cwd="/data/h1/p7")
    heard_ = Transcript(("/data/h1/bin/pixi",), {}, 0, "", "alice at /data/h1/p7 and /data/h12")
    shown = hidden(replace(plain, facts=facts, transcripts=(heard_,)), who)
    assert "alice" not in shown
    assert "/h1/" not in shown
    assert "p7" not in shown
    known, unknown = (HIDDEN.search(text) for text in re.findall(r"/data/(\S+?)[/\" ]", shown)[-2:])
    assert known and unknown and known[0] != unknown[0]  # another folder: it only begins alike


def test_two_spellings_of_one_folder_are_one_where_the_system_takes_them_for_one() -> None:
    facts = Facts("Windows", "AMD64", "10", home="C:\\Users\\Alice", cwd="C:\\Acme\\Plan")
    heard_ = Transcript(("C:\\Acme\\x.exe",), {}, 0, "", "c:\\acme\\PLAN\\x and C:\\Acme\\plan")
    recording = Recording(1, "0", "2026-11-22", facts, transcripts=(heard_,))
    shown = redact(recording, ALICE).recording
    first, second = re.findall(r"\\([\w-]+)\\([\w-]+)", shown.transcripts[0].stderr)
    assert first == second == tuple(shown.facts.cwd.split("\\")[1:])


def test_hiding_again_changes_nothing_and_calls_nothing_new_by_an_old_stand_in() -> None:
    once = redact(machine(), ALICE)
    again = redact(once.recording, ALICE)
    assert again.recording == once.recording
    more = replace(once.recording, env={"CONDA_PREFIX": "/home/zoe/other"})
    (value,) = [v for v in redact(more, Identity()).recording.env.values() if v]
    assert value.split("/")[2] not in encode(once.recording).decode()


# --- what stays ------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["numpy", "conda", "zen4", "graph-tool-base", "avx2", "level"])
def test_a_user_who_is_called_like_a_package_hides_no_package(user: str) -> None:
    plain = scenes.recording(scenes.cluster())
    home = f"/home/{user}"
    records = (Record(user, "1.0", "h0_0", depends=(f"{scenes.LEVEL} >=3", f"{user} >=1")),)
    prefix = f"{home}/miniforge3/envs/x9"
    recording = replace(
        plain,
        installed=plain.installed | {prefix: Installed(prefix, 1, records)},
        entries=plain.entries | {f"{home}/y": Entry(f"{home}/y", "absent", f"/tank/{user}/y")},
    )
    shown = redact(recording, Identity((user,), ("gpu",), home)).recording
    (kept,) = [i for i in shown.installed.values() if i.records and i.records[0].name == user]
    assert kept.records == records
    assert user not in kept.path
    assert home not in encode(shown).decode()
    assert user == "conda" or f"/tank/{user}" not in encode(shown).decode()
    assert shown.files["/proc/cpuinfo"] == plain.files["/proc/cpuinfo"]
    report = replayed(plain)
    assert make(plain, report, Identity((user,), ("node",), home)).report.findings


def test_an_address_that_is_masked_already_stays_as_it_is() -> None:
    line = f"  - '{MASKED}::_x86_64-microarch-level=3=2_zen2'"
    for text in (MASKED, f"Solving in {MASKED} failed", line, f'"channel": "{MASKED}"'):
        assert heard(said(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "https://conda.anaconda.org/conda-forge/linux-64", "https://prefix.dev/acme/noarch",
        "https://conda.anaconda.org/acme/label/dev", "acme::_x86_64-microarch-level=3=2_zen2",
        "__archspec=1=x86_64_v3", "__glibc=2.36=0", "graph-tool-base 2.98 py312h1_400",
        "flags\t: fpu vme avx2 avx512bw movbe", "micromamba 2.8.1", "conda 26.7.1, archspec 0.2.7",
        "nothing provides __archspec 1 zen4 needed by _x86_64-microarch-level-4-3_zen4",
        "ModuleNotFoundError: No module named 'conda.core.index'", "libmamba 2.0.6.rc1",
        "tokenizers=0.15=py312_0", "google-auth 2.29.0", "auth: false", "token: ${{ secrets.X }}",
        "secrets: inherit", "author: somebody", "10.0.19045.4291", "uses: actions/checkout@v4.1.1",
        "mamba-org/setup-micromamba@main", "/lib64/ld-linux-x86-64.so.2 --help",
        "Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz", "Linux 6.18.44-generic x86_64",
        "a 0.5 b 1.2.3.4", "git@github.com:conda/conda.git", "conda_build_config.yaml",
    ],
)  # fmt: skip
def test_what_diagnosis_needs_stays_readable(text: str) -> None:
    assert heard(said(text)) == text


PATHS = re.compile(r"(?:/[^\s/\"'\\:,]*)+")


def test_what_real_clients_print_loses_parts_of_paths_and_nothing_else() -> None:
    """Megabytes that clients of every kind printed, of which no line is a secret."""
    hider = Hider()
    files = sorted((DATA / "transcripts").glob("*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    every = [line[stream] for line in lines for stream in ("stdout", "stderr")]
    for text in every:
        hider.learn(text)
    assert len(every) > 2000
    kinds, changed = set[str](), set[str]()
    for text in every:
        shown = hider.hide(text)
        kinds |= {kind for kind, _ in HIDDEN.findall(shown)}
        for before, after in zip(clean(text).split("\n"), shown.split("\n"), strict=True):
            if PATHS.sub("/", before) != PATHS.sub("/", after):
                changed.add(re.sub(r"\s+", " ", before).strip())
    assert kinds == {"user", "env", "folder", "file"}
    named = re.compile(
        r"(?:# \$ )?(?:conda|micromamba) (?:activate|run -n) \w+(?: mycommand)?|\w+ /\S+/envs/\w+"
    )
    assert [line for line in changed if not named.fullmatch(line)] == []


# --- words of one's own ----------------------------------------------------------------------


@pytest.mark.parametrize("word", ["merger", "PLAN", "skylake-x", "a b"])
def test_a_given_word_is_hidden_wherever_and_however_it_stands(word: str) -> None:
    text = f"{word} x{word}y {word.upper()} {word.lower()}9 {word.replace(' ', '%20')}"
    shown = heard(said(text), words=(word,))
    assert word.lower() not in shown.lower()
    assert shown.count("hidden-given-word-1") == 5
