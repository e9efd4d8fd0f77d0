"""Places and spellings of secrets and names beyond the corpus, and folders that stay readable."""

import json
import re
import time
import unicodedata
from typing import Any, Literal
from urllib.parse import quote

import msgspec
import pytest
from msgspec.structs import replace

from doctor.bundle.making import make, replayed, zipped
from doctor.host.identity import Identity
from doctor.host.recorded import Recording, encode
from doctor.model import Entry
from doctor.redact import redact
from doctor.redact.hiding import Hider
from doctor.redact.words import HIDDEN
from tests import leaky, planted, scenes
from tests.planted import found_in
from tests.test_leaks import heard, members, said

BOB = Identity(("bob",), ("gpu-a100-03.hpc.acme.example",), "/home/bob", ("acme-users",))


@pytest.mark.parametrize(("text", "gone"), leaky.EVERY, ids=lambda value: str(value)[:40])
def test_it_is_gone_wherever_a_client_may_print_it(text: str, gone: tuple[str, ...]) -> None:
    shown = heard(said(text), BOB)
    assert HIDDEN.search(shown)
    assert found_in(shown.encode(), gone) == []


def test_in_every_corner_of_a_machine_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planted, "TEXTS", tuple(text for text, _ in leaky.EVERY))
    machine = planted.machine()
    who = Identity(("alice", "bob"), (*planted.HOSTS, *BOB.hosts), planted.HOME, BOB.groups)
    made = zipped(make(machine, replayed(machine), who))
    words = {word for _, gone in leaky.EVERY for word in gone if len(word) > 3}
    words -= {"acme", "Acme"}  # a channel of everybody's host is called so
    found = {name: found_in(data, tuple(words)) for name, data in members(made).items()}
    assert {name: left for name, left in found.items() if left} == {}
    assert len(found) > 10


EVERYWHERE = " https://eve:hunter2pw@h.acme.example/merger /gpfs/acme/merger /home/eve/x"
OURS = ("format", "type", "severity", "basis", "state", "cost")


def with_more(value: Any, add: str = EVERYWHERE) -> Any:  # noqa: ANN401 - some JSON
    """JSON whose texts and keys all say more, but for names of fields and kinds."""
    if isinstance(value, str):
        return value + add
    if isinstance(value, list | tuple):
        return [with_more(inner) for inner in value]
    if isinstance(value, dict):
        return {
            name if name.islower() and name.isidentifier() else name + add: inner
            if name in OURS else with_more(inner) for name, inner in value.items()
        }  # fmt: skip
    return value


def test_no_field_and_no_key_is_left_as_it_is() -> None:
    parts = msgspec.to_builtins(planted.machine())
    for name in sorted(parts):
        evil = msgspec.convert({**parts, name: with_more(parts[name])}, Recording)
        if name not in OURS:
            assert found_in(encode(evil), ("hunter2pw",)), name
        shown = encode(redact(evil, planted.ALICE).recording)
        assert found_in(shown, ("hunter2pw", "/eve/", "h.acme", "gpfs/acme", "merger")) == [], name


def test_a_group_is_hidden_in_any_text_if_it_is_called_like_nothing_else() -> None:
    who = Identity((), (), "", ("grp-acme", "docker", "staff"))
    shown = heard(said("uid=1(x) gid=7(grp-acme) in docker staff, account=grp-acme"), who)
    assert shown == "uid=1(x) gid=7(hidden-group-1) in docker staff, account=hidden-group-1"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_one_however_its_accents_are_written(form: Literal["NFC", "NFD"]) -> None:
    name = unicodedata.normalize(form, "zoë")
    spelled = f"/data/{name}/x {name} {quote(name)} /home/{name}/y {name.encode()!r}"
    shown = heard(said(spelled), Identity(("zoë",), (), "/home/zoë"))
    assert shown.count("hidden-user-1") == 5
    assert len(HIDDEN.findall(shown)) == 5


def test_an_answer_in_json_stays_one_whatever_is_in_it() -> None:
    answer = '{"error": "a\\neve@gpu17:~$ x\\n/gpfs/acme/y C:\\\\Acme\\\\z", "success": false}'
    plain = said("")
    last = plain.transcripts[-1]
    last = replace(last, stdout=answer, argv=("/x/conda", "--json"))
    asked = replace(plain, transcripts=(last,))
    shown = redact(asked, BOB).recording.transcripts[-1].stdout
    said_there = json.loads(shown)
    numbered = r"a\nhidden-user-\d@hidden-host-\d:~\$ x\n/gpfs/hidden-folder-(\d)/y C:\\(.+)\\z"
    found = re.fullmatch(numbered, said_there["error"])
    assert found is not None
    assert found[2] == f"hidden-folder-{found[1]}"
    assert said_there["success"] is False


def test_the_doctors_own_places_in_addresses_stay() -> None:
    words = "file://@channel@/published file://@scratch@/x https://@conda.acme.example/x"
    shown = heard(said(words), BOB)
    assert re.fullmatch(
        r"file://@channel@/published file://@scratch@/x https://@hidden-host-\d/x", shown
    )


# --- what stays ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        ".pyenv/versions/miniforge3-24.3.0/bin/conda", ".pyenv/shims/conda",
        ".asdf/installs/python/miniforge3-24.3.0-0/bin/conda", ".pixi/envs/conda/bin/conda",
        ".local/share/mise/installs/conda/24.1/bin/conda", ".local/share/mamba/pkgs/cache",
        "/opt/spack/opt/spack/linux-rocky8-zen3/gcc-12.2.0/bin/conda",
        "/apps/easybuild/software/Miniforge3/24.1.2-0/bin/conda",
        "/sw/eb/modules/all/Anaconda3/2023.09-0", "/usr/local/cuda-12.4/lib64/stubs",
        "/cvmfs/software.eessi.io/versions/2023.06/software/linux/x86_64/amd/zen2/software/Mamba",
        "/cvmfs/soft.computecanada.ca/easybuild/software/2020/avx2/Core/python/3.11.5/bin/python",
        "/opt/modules/modulefiles/conda/24.1", "/usr/share/lmod/lmod/init/bash",
        "/opt/homebrew/Caskroom/miniforge/base/bin/conda", "/opt/ohpc/pub/apps/miniconda3/bin",
        "/opt/intel/oneapi/intelpython/latest/bin/conda", "/opt/conda/envs/rapids/bin/python",
        "/nix/store/abcdefghijklmnopqrstuvwxyz123456-micromamba-2.0.5/bin/micromamba",
        "/opt/hostedtoolcache/Python/3.12.1/x64/bin/python", "/app/.venv/bin/python",
        "/software/anaconda3-2024.02/bin/conda", "/usr/lib/python3/dist-packages/apt/x.py",
        "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/slice/index.rs",
        "/opt/conda/lib/python3.12/site-packages/conda/gateways/connection/session.py",
        "/proc/self/maps", "/sys/devices/system/cpu/cpu0/topology", "/etc/ld.so.cache",
    ],
)  # fmt: skip
def test_harmless_folders_stay_readable(path: str) -> None:
    """In what a client says of them, and where they were looked at."""
    home = "/home/bob/"
    whole = path if path.startswith("/") else home + path
    wanted = whole.replace(home, "/home/hidden-user-1/")
    assert heard(said(f"in '{whole}': x"), BOB) == f"in '{wanted}': x"
    plain = scenes.recording(scenes.bare())
    known = replace(plain, entries={whole: Entry(whole, "directory", whole)})
    assert list(redact(known, BOB).recording.entries) == [wanted]


@pytest.mark.parametrize("word", ["spack", "stage", "lmod", "jenkins", "tools"])
def test_a_word_of_folders_is_hidden_where_somebody_is_called_so(word: str) -> None:
    who = Identity((word,), (f"{word}.acme.example",), f"/home/{word}")
    shown = heard(said(f"/home/{word}/x {word}@{word} said {word}"), who)
    assert word not in shown


@pytest.mark.parametrize(
    "text",
    [
        "Solving environment: failed with initial frozen solve.", "# To activate this environment",
        "host: linux-64", "Requested host: x86_64-conda-linux-gnu", "Linux version 5.14.0 (gcc)",
        "error: could not resolve 'graph-tool' in time", "updated from 1.2.3.4 to 2.0.0.1",
        "numpy@1.26 and python@3.12 and actions/checkout@v4", "and/or, n/a, 1/2", "</details>",
        "warning: unused /W4 option", "token: ${{ secrets.X }}", "password: $PASSWORD",
        "job 3 of 7",
        "__conda_setup=\"$('/opt/conda/bin/conda' 'shell.bash' 'hook' 2> /dev/null)\"",
        "conda-forge/linux-64::numpy-1.26.4-py312_0", "<TOKEN>/acme/noarch", "@channel@/linux-64",
        "-march=x86-64-v3 -mtune=generic", "sk-video and sk-learn", "glib-networking", "hf-xet",
        "RUN /opt/conda/bin/conda install -y -n base numpy", "gpu0 and cpu12 and py312 and zen4",
    ],
)  # fmt: skip
def test_what_only_looks_like_something_stays(text: str) -> None:
    assert heard(said(text), BOB) == text


# --- time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit",
    ["token=", "key=a1", "cookie: ", "\\", "\\\\", "eyJa.", "://", "http://a:b@", "/a", "/users/a ",
     "C:\\a ", "-----BEGIN PRIVATE KEY-----", "a@b ", "[a@b c", "conda -n", "x-api-", "'/a",
     "A" * 17],
)  # fmt: skip
def test_no_text_takes_long(unit: str) -> None:
    """Twice as much takes about twice as long: a recording from anywhere may be redacted again."""
    short, double = (unit * (size // len(unit)) for size in (30_000, 60_000))
    first, second = (min(_seconds(text) for _ in "123") for text in (short, double))
    assert second < 0.3 or second < 3 * first


def _seconds(text: str) -> float:
    hider = Hider()
    hider.hide_host("login01.cluster.acme.example")
    hider.hide_path("folder", "/data/acme")
    hider.hide_word("user", "alice")
    started = time.process_time()
    hider.learn(text)
    hider.hide(text)
    return time.process_time() - started
