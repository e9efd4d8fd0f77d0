"""A machine in whose every corner something private stands, and a search for what is left of it.

The values are invented; their shapes are those of public threads in which they leaked.
"""

import base64
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from msgspec.structs import replace

from doctor.host.identity import Identity
from doctor.host.recorded import Recording
from doctor.model import (
    Applied,
    ChannelCopy,
    Done,
    Entry,
    Evidence,
    File,
    Finding,
    Guide,
    Installed,
    Line,
    Lines,
    Record,
    Remedy,
    Run,
    Severity,
    Transcript,
)
from tests import scenes

HOME = "/home/alice"
HOSTS = ("login01.cluster.acme.example", "ip-10-1-2-3.eu-west-1.compute.internal")
ALICE = Identity(("alice",), HOSTS, HOME, ("grp-acme",))

CONDA_TOKEN = "aa-11112222-3333-4444-5555-666677778888"
PREFIX_KEY = "pfx_Yw9bQ2r7TkLmN4vX8sJd"
PYPI = "pypi-AgEIcHlwaS5vcmc"
GITHUB = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
SPLIT = "glpat-Zx81LmQpRt5uVwYz"
QUOTED = "q\"uo'te\\d pass"
NETRC = "n3trc-pa55"
CURL = "curl-s3cret-7"
FOLDED = "f0ldedSecretValue"
GCLOUD = "AIza0123456789ABCDEFGHIJabcdefghij_-x"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"

TEXTS = (
    f"https://alice:p%40ss%20w0rd@conda.example.org/t/{CONDA_TOKEN}/private/linux-64",
    "http_proxy=http://DOMAIN\\\\alice:my pass word@proxy.corp.example:8080",
    'proxy_servers: {https: "https://alice:s3cr3t@10.1.2.3:3128"}',
    f"CONDA_TOKEN={CONDA_TOKEN}",
    "ANACONDA_API_TOKEN=an-0123-plain-token",
    f"PREFIX_API_KEY={PREFIX_KEY}",
    "RATTLER_AUTH_FILE=/home/alice/.rattler/credentials.json",
    f"index-url = https://__token__:{PYPI}@pypi.acme.example/simple",
    f"  - git+https://{GITHUB}@github.com/acme/secret.git",
    "/home/alice/x /Users/Alice/x C:\\Users\\ALICE\\x \\\\fileserver\\alice$\\x",
    "/scratch/grp-acme/alice/run",
    f"Connection to {HOSTS[0]} and {HOSTS[1]} and login02.cluster.acme.example refused",
    "[alice@login01 ~]$ conda info",
    "\x1b]52;c;c2VjcmV0\x07 \x1b]8;;https://evil.example\x07 link \x1b[2J cleared",
    f"password: {json.dumps(QUOTED)}",
    f"PASSWORD={QUOTED!r}",
    f'{{"api_key": {json.dumps(QUOTED)}}}',
    f"GITLAB_TOKEN={SPLIT}",
    f"token is {SPLIT[:11]}\\\n  {SPLIT[11:]} there",
    f"again {SPLIT[:9]}\n    {SPLIT[9:]}\n",
    f"  auth_token: >-\n    {FOLDED[:8]}\n    {FOLDED[8:]}\nnext: 1\n",
    f"as URL {quote(QUOTED, safe='')} {quote('/home/alice/', safe='')}",
    f"as base64 {base64.b64encode(QUOTED.encode()).decode()}",
    f"Authorization: Basic {base64.b64encode(b'alice:s3cr3t').decode()}",
    "in " + base64.b64encode(f"x=1 pw={QUOTED} user=alice home".encode()).decode(),
    f"machine conda.example.org login alice password {NETRC}",
    f"curl -u alice:{CURL} https://conda.example.org/x",
    f"bearer {JWT}",
    f"GOOGLE={GCLOUD}",
    "mail alice.smith@acme.example, id 0a:1b:2c:3d:4e:5f at fe80::1ff:fe23:4567:890a",
    "s3://bucket/x?X-Amz-Signature=0f1e2d3c4b5a&token=urltoken99",
)
"""Lines as they stand in files, in what clients print, in variables."""

SECRETS = (
    "p%40ss%20w0rd", "p@ss w0rd", CONDA_TOKEN, "my pass word", "s3cr3t", "an-0123-plain-token",
    PREFIX_KEY, PYPI, GITHUB, SPLIT, QUOTED, NETRC, CURL, FOLDED, JWT, GCLOUD, "0f1e2d3c4b5a",
    "urltoken99",
)  # fmt: skip
NAMES = (
    "alice", "login01", "login02", *HOSTS, "acme.example", "grp-acme", "fileserver",
    "acme-merger-2026", "proxy.corp", "conda.example.org", "10.1.2.3", "alice.smith",
    "0a:1b:2c:3d:4e:5f", "fe80::1ff", "c2VjcmV0", "evil.example", "merger-plan", "tank7",
)  # fmt: skip

MASKED = "https://conda.anaconda.org/t/<TOKEN>/acme/noarch"

ENV = "acme-merger-2026"
PREFIX = f"{HOME}/miniforge3/envs/{ENV}"
PROJECT = "/tank7/merger-plan"


def machine() -> Recording:
    """The cluster of the scenes, whose user is alice, with private things in every field."""
    scene = scenes.cluster()
    plain = scenes.recording(scene)
    text = scenes_text(plain).replace(scenes.HOME, HOME)
    return planted(decoded(text))


def scenes_text(recording: Recording) -> str:
    from doctor.host.recorded import encode

    return encode(recording).decode()


def decoded(text: str) -> Recording:
    from doctor.host.recorded import decode

    return decode(text.encode())


def planted(recording: Recording) -> Recording:
    """The recording with all TEXTS in every field that can hold them."""
    every = "\n".join(TEXTS)
    facts = replace(recording.facts, cwd=PROJECT)
    env: dict[str, str | None] = {f"UNLISTED_{number}": text for number, text in enumerate(TEXTS)}
    env |= {"CONDA_TOKEN": CONDA_TOKEN, "HTTPS_PROXY": TEXTS[0], "CONDA_DEFAULT_ENV": ENV,
            "CONDA_PREFIX": PREFIX, "CONDA_PKGS_DIRS": f"{PROJECT}/pkgs:/scratch/grp-acme/alice/p",
            "CONDA_OVERRIDE_GLIBC": "2.17", "CONDA_OVERRIDE_CUDA": TEXTS[0]}  # fmt: skip
    return replace(
        recording,
        facts=facts,
        env=recording.env | env,
        files=recording.files | dict(_files(every)),
        folders=recording.folders | _folders(),
        lines=recording.lines | dict(_lines()),
        entries=recording.entries | _entries(),
        lookups=recording.lookups | {"pixi": (Entry(f"{PROJECT}/bin/pixi", "not executable",
                                                   f"{PROJECT}/bin/pixi"),)},
        installed=recording.installed | {PREFIX: _installed()},
        channel_copies=recording.channel_copies | {f"{HOME}/cache.json": ChannelCopy(
            f"{HOME}/cache.json", 1.0, TEXTS[0], (), ("numpy",))},
        transcripts=(*recording.transcripts, *_transcripts(every)),
        guides=(_guide(every),),
    )  # fmt: skip


def _files(every: str) -> Iterator[tuple[str, File]]:
    level = "_x86_64-microarch-level"
    pinned = f"dependencies:\n  - python\n  - {level}=3=2_zen2\n"
    texts = {
        f"{PROJECT}/merger-plan.yml": f"name: {ENV}\nchannels:\n  - {MASKED}\n{pinned}  - pip:\n"
        + "".join(f"    - {line}\n" for line in every.split("\n"))
        + f"prefix: {PREFIX}\nproxy_servers:\n  https: {TEXTS[0]}\n",
        f"{PROJECT}/docker-compose.yml": every,
        f"{PROJECT}/Dockerfile": "".join(f"ENV A{n} {line}\n" for n, line in enumerate(TEXTS))
        + f"RUN micromamba install {level}=3 && echo {GITHUB}\n",
        f"{PROJECT}/pixi.toml": f'[project]\nname = "{ENV}"\n[tool.x]\ntoken = "{SPLIT}"\n'
        f'[dependencies]\n{level} = "==3"\nmore = "{CONDA_TOKEN}"\n',
        f"{HOME}/.netrc": f"machine conda.example.org login alice password {NETRC}\n",
        f"{HOME}/.condarc": every,
        f"{HOME}/.conda/environments.txt": f"{PREFIX}\n{every}\n/scratch/grp-acme/alice/e\n",
        "/proc/cmdline": f"root=/dev/x token={GITHUB} clearcpuid=512 {every}",
        "/proc/1/cgroup": f"0::/docker/{CONDA_TOKEN}/alice",
        "/etc/os-release": f'NAME="Debian"\nVERSION_ID="12"\nID=debian\nBUG="{TEXTS[0]}"\n',
    }
    yield from ((path, File(path, text)) for path, text in texts.items())
    yield f"{PROJECT}/secret.yml", File(f"{PROJECT}/secret.yml", trouble=f"failed: {TEXTS[0]}")


def _folders() -> dict[str, tuple[str, ...] | None]:
    names = ("docker-compose.yml", "merger-plan.yml", "secret.yml")
    return {
        f"{PROJECT}\n*.yml": names,
        f"{PROJECT}\nDockerfile*": ("Dockerfile",),
        f"{PROJECT}\npixi.toml": ("pixi.toml",),
        f"{HOME}/miniforge3/envs\n*": (ENV, "alice-old", "new", "old", "solved"),
        "/etc/profile.d\n*.sh": ("acme-merger-2026.sh", "conda.sh"),
    }


def _lines() -> Iterator[tuple[str, Lines]]:
    path = f"{HOME}/.bashrc"
    texts = (
        "export CONDA_OVERRIDE_ARCHSPEC=x86_64_v3; export GH_TOKEN=" + GITHUB,
        f"alias conda={HOME}/gone/bin/conda # see {TEXTS[0]}",
        f"module load {ENV}",
        f"# >>> conda initialize >>> {every_word()}",
        f'export MAMBA_EXE="{HOME}/.local/bin/micromamba" && curl -u alice:{CURL} https://x.org',
        *TEXTS,
    )
    yield path, Lines(path, tuple(Line(path, n, text) for n, text in enumerate(texts, start=1)))
    condarc = f"{PREFIX}/.condarc"
    yield condarc, Lines(condarc, (Line(condarc, 3, f"subdir: linux-64 # {TEXTS[0]}"),
                                   Line(condarc, 4, f"my_subdir_token: {GITHUB}")))  # fmt: skip


def every_word() -> str:
    return " ".join(SECRETS[:4])


def _entries() -> dict[str, Entry]:
    found = [
        Entry(f"{PREFIX}/conda-meta", "directory", f"/tank7/alice/{ENV}/conda-meta"),
        Entry(f"{HOME}/miniforge3/envs/alice-old/conda-meta", "not permitted", "/tank7/x"),
        Entry(PROJECT, "directory", PROJECT),
        Entry("/scratch/grp-acme/alice/e/conda-meta", "directory", "/scratch/grp-acme/alice/e"),
    ]
    return {entry.path: entry for entry in found}


def _installed() -> Installed:
    level = Record(scenes.LEVEL, "4", "3_zen4", channel=TEXTS[0])
    user = Record("graph-tool-base", "2.98", "h_400", channel="https://conda.anaconda.org/acme",
                  depends=(f"{scenes.LEVEL} >=4", "numpy"))  # fmt: skip
    bad = File(f"{PREFIX}/conda-meta/x.json", trouble=f"could not be read: {TEXTS[0]}")
    return Installed(PREFIX, 3, (level, user), (bad,), ("conda",))


def _transcripts(every: str) -> Iterator[Transcript]:
    answer = {"libmamba version": "2.8.1", "channels": list(TEXTS), "user_agent": every,
              "env location": PREFIX, "virtual packages": ["__archspec=1=x86_64_v3"],
              "base environment": f"{HOME}/miniforge3"}  # fmt: skip
    failure = {"error": every, "exception_name": "CondaHTTPError", "message": every,
               "conda_info": {"x": every}, "environment_variables": {"CIO": every}}  # fmt: skip
    yield Transcript((f"{PROJECT}/bin/mamba", "info", "--json"), {}, 0, json.dumps(answer), every)
    yield Transcript(
        (f"{PROJECT}/bin/conda", "create", "--json"), {}, 1, json.dumps(failure), every
    )
    yield Transcript((f"{PROJECT}/bin/pixi", "--version"), {"X": every}, 1, every, every,
                     trouble=f"could not be started: {every}")  # fmt: skip


def _guide(every: str) -> Guide:
    step = Run((f"{PREFIX}/bin/conda", "install", every), {"A": every})
    remedy = Remedy(every, (step,), undo=every, changes=PREFIX)
    finding = Finding("sigill-env-built-on-newer-node", PREFIX, Severity.ERROR, every, every,
                      evidence=(Evidence(every, PREFIX),), remedies=(remedy,))  # fmt: skip
    done = Done(step, "ended", True, output=f"$ env\n{every}")
    applied = Applied(finding.id, "advice", "2026", True, every, (done,))
    return Guide(finding, (), (applied,))


# --- searching -------------------------------------------------------------------------------


def found_in(data: bytes, words: tuple[str, ...] = SECRETS + NAMES) -> list[str]:
    """Those of some words that stand in some bytes, in any of their spellings."""
    text = data.decode("utf-8", "replace")
    plain = text.replace("hidden-", "")
    joined = re.sub(r"\\*\r?\n[ \t]*|\\+n[ \t]*", "", plain)
    return [word for word in words if any(_stands(form, plain, joined) for form in _forms(word))]


def _stands(form: str, *texts: str) -> bool:
    return any(form.lower() in text.lower() for text in texts)


def _forms(word: str) -> Iterator[str]:
    escaped = json.dumps(word)[1:-1]
    yield from (word, quote(word), quote(word, safe=""), escaped, json.dumps(escaped)[1:-1])
    data = word.encode()
    for shift in range(3):
        letters = base64.b64encode(b"\0" * shift + data).decode().rstrip("=")
        inside = letters[(0, 2, 3)[shift] : len(letters) - 1]
        if len(inside) >= 6:
            yield inside
