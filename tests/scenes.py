"""Machines staged from recorded real output: what checks, screens and screenshots are tested on.

A scene answers every question that crosses a host out of recordings: the CPU description of the
recording machine (or one of archspec's samples), conda-meta records, and what real clients
printed (tests/data/transcripts).
"""

import fnmatch
import json
from collections.abc import Iterable
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from doctor.cpu import archspec_folder
from doctor.host.recorded import RecordedHost, Recording, RecordingHost
from doctor.model import (
    ChannelCopy,
    Command,
    Entry,
    Facts,
    Figures,
    File,
    Installed,
    Line,
    Lines,
    Record,
    Transcript,
)
from tests import DATA

HOME = "/home/user"
LOADER = "/lib64/ld-linux-x86-64.so.2"


class Scene:
    """A Linux machine whose files, programs and variables are given."""

    live = True
    stopped = False

    def __init__(self, cpuinfo: str | None, env: dict[str, str] | None = None) -> None:
        """A machine without clients; `cpuinfo` of `None` is an unreadable one."""
        self.files: dict[str, str] = {
            "/etc/os-release": 'NAME="Debian"\nVERSION_ID="12"\nID=debian\n'
        }
        if cpuinfo is not None:
            self.files["/proc/cpuinfo"] = cpuinfo
        self.programs: dict[str, Transcript] = {}
        self.path: list[str] = []
        self.environ = dict(env or {})
        self.shell = "bash"
        self.environments: dict[str, Installed] = {}
        self.copies: dict[str, ChannelCopy] = {}

    # --- staging -----------------------------------------------------------------------------

    def program(self, path: str, said: Transcript | None, on_path: bool = True) -> "Scene":
        """Adds a program that answers everything with one recorded transcript."""
        self.files[path] = ""
        if said is not None:
            self.programs[path] = said
        if on_path and (folder := str(PurePosixPath(path).parent)) not in self.path:
            self.path.append(folder)
        return self

    def root(self, prefix: str, parts: dict[str, str], probe: Transcript | None) -> "Scene":
        """Adds a root with records; `probe` is what its Python answers to our probe."""
        for part, version in parts.items():
            self.files[f"{prefix}/conda-meta/{part}-{version}-0.json"] = "{}"
        self.files[f"{prefix}/bin/python"] = ""
        if "archspec" in parts:
            site = f"{prefix}/lib/python3.12/site-packages/archspec/json/cpu"
            if parts["archspec"] == "0.2.7":
                text = (archspec_folder() / "microarchitectures.json").read_text()
                self.files[f"{site}/microarchitectures.json"] = text
        if probe is not None:
            self.programs[f"{prefix}/bin/python"] = probe
        return self

    def environment(self, installed: Installed, registered: bool = True) -> "Scene":
        """Adds a prefix with these records, by default one that environments.txt names."""
        self.environments[installed.path] = installed
        self.files[f"{installed.path}/conda-meta/history"] = ""
        if registered:
            registry = f"{HOME}/.conda/environments.txt"
            self.files[registry] = self.files.get(registry, "") + f"{installed.path}\n"
        return self

    # --- the host ----------------------------------------------------------------------------

    def facts(self) -> Facts:
        return Facts(
            system="Linux",
            machine="x86_64",
            release="6.18.44-generic",
            libc=("glibc", "2.36"),
            python="/opt/envdoctor/bin/python",
            home=HOME,
            cwd=HOME,
        )

    def figures(self) -> Figures:
        return Figures(processors=8, memory=16 * 2**30, shell=self.shell)

    def env(self, name: str) -> str | None:
        return self.environ.get(name)

    def env_names(self, prefix: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in self.environ if name.startswith(prefix)))

    def read(self, path: str) -> File:
        if path in self.files:
            return File(path, self.files[path])
        return File(path, trouble="could not be read: No such file or directory")

    def lines(self, path: str, words: tuple[str, ...]) -> Lines:
        file = self.read(path)
        rows = enumerate((file.text or "").split("\n"), start=1)
        found = (Line(path, n, text) for n, text in rows if any(word in text for word in words))
        return Lines(path, tuple(found), file.trouble)

    def look(self, path: str) -> Entry:
        if path in self.files:
            kind = "executable" if "/bin/" in path or path == LOADER else "not executable"
            return Entry(path, kind, path)
        folder = any(file.startswith(path.rstrip("/") + "/") for file in self.files)
        return Entry(path, "directory" if folder else "absent", path)

    def names(self, folder: str, *patterns: str) -> tuple[str, ...] | None:
        head = folder.rstrip("/") + "/"
        found = {f[len(head) :].split("/")[0] for f in self.files if f.startswith(head)}
        if not found:
            return None
        return tuple(sorted(n for n in found if any(fnmatch.fnmatchcase(n, p) for p in patterns)))

    def installed(self, prefix: str, words: tuple[str, ...]) -> Installed:
        names = self.names(f"{prefix}/conda-meta", "*.json")
        reason = None if names else "conda-meta could not be read: No such file or directory"
        plain = Installed(prefix, len(names) if names else None, trouble=reason)
        return self.environments.get(prefix, plain)

    def channel_copy(self, path: str) -> ChannelCopy:
        return self.copies.get(path, ChannelCopy(path, trouble="is not staged"))

    def on_path(self, name: str) -> tuple[Entry, ...]:
        entries = (self.look(f"{folder}/{name}") for folder in self.path)
        return tuple(entry for entry in entries if entry.kind != "absent")

    def run(self, command: Command) -> Transcript:
        said = self.programs.get(command.argv[0])
        if said is None:
            reason = "could not be started: not staged"
            return Transcript(command.argv, command.env, trouble=reason, unset=command.unset)
        return Transcript(
            command.argv, command.env, said.exit_status, said.stdout, said.stderr, said.seconds,
            said.trouble, command.unset,
        )  # fmt: skip

    def stamp(self, paths: tuple[str, ...]) -> str | None:
        return None

    def prepare(self, placeholder: str) -> None:
        return None

    def part(self) -> "Scene":
        return self

    def stop(self) -> None:
        return None

    def close(self) -> None:
        return None


def recording(scene: Scene) -> Recording:
    """What crosses when a scene is examined, with a fixed time so that it is the same each time."""
    from msgspec.structs import replace

    from doctor.examine import examine, with_caches

    host = RecordingHost(scene)
    with_caches(host, examine(host))
    return replace(host.recording(), made="2026-11-22T12:00:00+00:00")


def recorded(scene: Scene) -> RecordedHost:
    """A scene as a bundle would carry it."""
    return RecordedHost(recording(scene))


# --- recorded output -------------------------------------------------------------------------


@cache
def _lines(name: str) -> tuple[dict[str, Any], ...]:
    text = (DATA / "transcripts" / f"{name}.jsonl").read_text()
    return tuple(json.loads(line) for line in text.splitlines())


def transcript(client: str, version: str, case: str) -> Transcript:
    """One recorded transcript of a real client."""
    name = "conda" if client == "conda" else "mamba"
    record = next(
        r for r in _lines(name) if (r["client"], r["version"], r["case"]) == (client, version, case)
    )
    return Transcript(
        tuple(record["argv"]), {}, record["exit_code"], record["stdout"], record["stderr"],
        record["seconds"],
    )  # fmt: skip


def conda_probe(version: str, case: str = "native") -> Transcript:
    """What our probe prints in a root where `conda info --json` printed this recording."""
    tag = "head/info-native" if version == "26.7.1" else f"sweep-info/{version}/{case}"
    said = transcript("conda", version, tag)
    packages = json.loads(said.stdout)["virtual_pkgs"]
    for package in packages:
        if package[0] == "__conda":
            package[1] = version
    line = json.dumps({"conda_version": version, "virtual_pkgs": packages})
    return Transcript((), {}, 0, f"\nenvdoctor {line}\n", "", 0.52)


def probe(packages: Iterable[str], **fields: str) -> Transcript:
    """What one of our probes prints for these virtual packages."""
    rows = [package.split("=", 2) for package in packages]
    line = json.dumps({**fields, "virtual_pkgs": rows})
    return Transcript((), {}, 0, f"\nenvdoctor {line}\n", "", 0.3)


def cpuinfo_of_recordings() -> str:
    """`/proc/cpuinfo` of the machine that all recordings were made on."""
    return (DATA / "recording_machine_cpuinfo.txt").read_text()


def archspec_sample(name: str) -> str:
    """A CPU sample that archspec's wheel ships."""
    return (archspec_folder().parent / "tests" / "targets" / name).read_text()


def loader(level: int) -> Transcript:
    """What glibc's loader prints on a CPU of that level (recorded on Debian 12)."""
    lines = ["Subdirectories of glibc-hwcaps directories, in priority order:"]
    for number in (4, 3, 2):
        said = " (supported, searched)" if number <= level else ""
        lines.append(f"  x86-64-v{number}{said}")
    return Transcript((), {}, 0, "\n".join(lines) + "\n", "", 0.002)


# --- scenes ----------------------------------------------------------------------------------

CONDA_PARTS = {"conda": "26.7.1", "archspec": "0.2.7", "conda-libmamba-solver": "26.6.0",
               "libmambapy": "2.8.1", "python": "3.12.7"}  # fmt: skip
MAMBA_PARTS = {"mamba": "2.8.1", "libmamba": "2.8.1"}


def bare(cpuinfo: str | None = None, env: dict[str, str] | None = None, level: int = 4) -> Scene:
    """A machine with no clients."""
    scene = Scene(cpuinfo or cpuinfo_of_recordings(), env)
    return scene.program(LOADER, loader(level), on_path=False)


def hyphen(env: dict[str, str] | None = None) -> Scene:
    """The 2024 bug: micromamba 1.5.8 beside conda 26.7.1 and mamba 2.8.1."""
    scene = bare(env=env)
    scene.program(f"{HOME}/.local/bin/micromamba", transcript("micromamba", "1.5.8", "A_info_json"))
    scene.program(f"{HOME}/miniforge3/bin/conda", None)
    scene.root(f"{HOME}/miniforge3", {**CONDA_PARTS, **MAMBA_PARTS}, conda_probe("26.7.1"))
    scene.program(f"{HOME}/miniforge3/bin/mamba", transcript("mamba", "2.8.1", "A_info_json"))
    return scene


def healthy() -> Scene:
    """conda 26.7.1, mamba 2.8.1 and micromamba 2.8.1 agree."""
    scene = bare()
    scene.program(f"{HOME}/miniforge3/bin/conda", None)
    scene.root(f"{HOME}/miniforge3", {**CONDA_PARTS, **MAMBA_PARTS}, conda_probe("26.7.1"))
    scene.program(f"{HOME}/miniforge3/bin/mamba", transcript("mamba", "2.8.1", "A_info_json"))
    scene.program(f"{HOME}/.local/bin/micromamba", transcript("micromamba", "2.8.1", "A_info_json"))
    return scene


# --- a machine with environments, a project and a cached channel ------------------------------

LEVEL = "_x86_64-microarch-level"


def record(name: str, version: str, build: str, *depends: str) -> Record:
    """An installed package, or one of a channel."""
    return Record(name, version, build, depends=depends, channel="conda-forge")


ENVIRONMENTS = {
    "old": (record(LEVEL, "1", "3_x86_64"),),
    "new": (
        record(LEVEL, "4", "3_zen4"),
        record("graph-tool-base", "2.98", "h_400", f"{LEVEL} >=4"),
    ),
    "solved": (record(LEVEL, "4", "3_zen4"), record("faiss", "1", "h_0", f"{LEVEL} >=3")),
}


def cluster() -> Scene:
    """The clients of the 2024 bug on a Haswell, with what was made on a newer machine."""
    scene = bare(archspec_sample("linux-rhel7-haswell"), level=3)
    root = f"{HOME}/miniforge3"
    system = ("__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0")
    conda = probe([*system, "__archspec=1=haswell", "__conda=26.7.1=0"], conda_version="26.7.1")
    scene.program(f"{root}/bin/conda", None).root(root, {**CONDA_PARTS, **MAMBA_PARTS}, conda)
    for path, version, name in (
        (f"{root}/bin/mamba", "2.8.1", "x86_64_v3"),
        (f"{HOME}/.local/bin/micromamba", "1.5.8", "x86_64-v3"),
    ):
        packages = [*system, f"__archspec=1={name}"]
        info = json.dumps({"libmamba version": version, "virtual packages": packages})
        scene.program(path, Transcript((), {}, 0, info, "", 0.03))
    for name, records in ENVIRONMENTS.items():
        path = f"{HOME}/miniforge3/envs/{name}"
        scene.environment(Installed(path, len(records) + 200, records))
    cache = f"{HOME}/miniforge3/pkgs/cache/09cdf8bf.json"
    scene.files[cache] = ""
    levels = (record(LEVEL, "3", "3_skylake"), record(LEVEL, "4", "4_zen4"))
    scene.copies[cache] = ChannelCopy(
        cache, 1.79e9, "https://conda.anaconda.org/conda-forge/noarch", levels, ("graph-tool-base",)
    )
    scene.files[f"{HOME}/environment.yml"] = (
        f"name: x\ndependencies:\n  - python\n  - {LEVEL}=3=2_zen2\n"
    )
    return scene
