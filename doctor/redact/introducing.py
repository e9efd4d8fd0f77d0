"""Who and what is in a recording: users, machines, environments, folders, names of files."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from doctor import checks, environments, microarch
from doctor.clients import finding
from doctor.host.identity import Identity
from doctor.host.recorded import Recording
from doctor.model import Entry
from doctor.redact import project
from doctor.redact.hiding import Hider
from doctor.redact.walking import texts

SHELLS = frozenset((
    "sh", "bash", "zsh", "fish", "tcsh", "csh", "ksh", "dash", "xonsh", "nu", "pwsh", "powershell",
    "cmd", "cmd.exe", "powershell.exe", "pwsh.exe", "tmux", "screen", "sshd", "login", "su", "sudo",
))  # fmt: skip

CHANNELS = (
    "conda-forge", "defaults", "main", "free", "msys2", "bioconda", "nvidia", "pytorch",
    "robostack", "intel", "numba", "dask", "r", "pkgs",
)  # fmt: skip

_ENVIRONMENT = re.compile(r"[\\/]envs[\\/]+([^\\/\s\"':;,]+)")
_TELLING = re.compile(r"(?=.*[-_\d])[^_].{4,}")
"""Groups that are called like nothing else: `docker` and `users` may be any word."""


def hider_for(recording: Recording, identity: Identity, words: Iterable[str]) -> Hider:
    """A hider that knows everything there is to hide in a recording."""
    every = tuple(dict.fromkeys(texts(msgspec.to_builtins(recording))))
    insensitive = recording.facts.system in ("Windows", "Darwin")
    hider = Hider(readable(recording), every, insensitive, known())
    for word in words:
        hider.hide_given(word)
    _introduce(hider, recording, identity)
    for text in every:
        hider.learn(text)
    return hider


def _introduce(hider: Hider, recording: Recording, identity: Identity) -> None:
    """From what is most telling to what is least: the first kind gives the stand-in its name."""
    _introduce_people(hider, recording, identity)
    facts = recording.facts
    paths = [*filter(None, paths_of(recording)), *_named_environments(hider, recording)]
    for path in paths:
        for name in _ENVIRONMENT.findall(path):
            hider.hide_path("env", name)
    files, comments = project.told(recording)
    for path in files:
        hider.hide_file(re.split(r"[\\/]", path)[-1])
    for comment in comments:
        hider.hide_comment(comment)
    for path in (identity.home, facts.home, *paths, facts.cwd):
        hider.hide_path("folder", path)
    if recording.figures.shell and recording.figures.shell not in SHELLS:
        hider.hide_word("program", recording.figures.shell)


def _introduce_people(hider: Hider, recording: Recording, identity: Identity) -> None:
    """Users, machines and groups."""
    homes = (identity.home, recording.facts.home)
    for user in (*identity.users, *(re.split(r"[\\/]+", h.rstrip("\\/"))[-1] for h in homes)):
        hider.hide_part("user", user)
    usual = re.fullmatch(r"(?i)(?:[a-z]:)?[\\/](?:home|users)[\\/]([^\\/]+)", recording.facts.home)
    for user in (*identity.users, *((usual[1],) if usual else ())):
        hider.hide_word("user", user)
    for host in identity.hosts:
        hider.hide_host(host)
    for group in identity.groups:
        hider.hide_path("group", group)
        if _TELLING.fullmatch(group):
            hider.hide_word("group", group)


def _named_environments(hider: Hider, recording: Recording) -> Iterator[str]:
    """Environments that variables name: the paths among them, while names are hidden at once."""
    for name in ("CONDA_DEFAULT_ENV", "APPTAINER_NAME", "SINGULARITY_NAME"):
        value = recording.env.get(name) or ""
        if re.search(r"[\\/]", value):
            yield value
        else:
            hider.hide_word("env", value)


def paths_of(recording: Recording) -> Iterator[str]:
    """Folders that are named where paths are: of programs, prefixes, caches, listings."""
    yield _folder(recording.facts.python)
    yield from recording.installed
    for entry in (*recording.entries.values(), *_found(recording)):
        yield from (_folder(entry.path), _folder(entry.real))
        if entry.kind in ("directory", "not permitted"):
            yield from (entry.path, entry.real)
    for key in recording.folders:
        yield key.partition("\n")[0]
    for path in (*recording.files, *recording.lines, *recording.channel_copies):
        yield _folder(path)
    for name, value in recording.env.items():
        if value and not name.startswith("CONDA_OVERRIDE_"):
            yield from _listed(value)
    yield from _written(recording)


def _written(recording: Recording) -> Iterator[str]:
    """Paths of environments, in the list of them and in what was done about them."""
    for path, file in recording.files.items():
        if path.endswith("environments.txt"):
            lines = (file.text or "").splitlines()
            yield from (line.strip() for line in lines if re.match(r"\s*([/\\]|[A-Za-z]:)", line))
    for guide in recording.guides:
        yield from (word for word in guide.finding.subject.split("#") if word.startswith("/"))


def _found(recording: Recording) -> Iterator[Entry]:
    for entries in recording.lookups.values():
        yield from entries


def _listed(value: str) -> Iterator[str]:
    """The paths in a variable's value."""
    if "://" in value:
        return
    if re.match(r"[A-Za-z]:[\\/]", value):
        yield from value.split(";")
    else:
        yield from (part for part in re.split(r"[:,;]", value) if "/" in part)


def _folder(path: str) -> str:
    return re.sub(r"[\\/]+[^\\/]*$", "", path)


def known() -> Iterator[str]:
    """Names that envdoctor's own rules are about: nobody's, even where somebody is called so."""
    yield from (*environments.USERS, *finding.PARTS)
    yield from (f"_{family}-microarch-level" for family in ("x86_64", "ppc64le"))
    yield from ("__archspec", "__glibc", "__linux", "__unix", "__osx", "__win", "__cuda", "__conda")
    yield from (check.ID for check in checks.CHECKS)


def readable(recording: Recording) -> Iterator[str]:
    """Names that must stay readable, also where somebody is called so."""
    for installed in recording.installed.values():
        yield from (record.name for record in installed.records)
    for copy in recording.channel_copies.values():
        yield from copy.users
    yield from (*CHANNELS, "numpy", "scipy", "pytorch", "zlib")
    yield from known()
    yield from (recording.facts.system, recording.facts.machine)
    yield from microarch.installed().targets
    for check in checks.CHECKS:
        yield from check.ID.split("-")
    cpu = recording.files.get("/proc/cpuinfo")
    yield from re.findall(r"[\w-]{2,}", (cpu.text or "")[:20_000] if cpu else "")
