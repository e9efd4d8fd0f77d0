"""The reproduction channel: a small conda channel that proofs are solved against, offline.

Level packages of every generation in the shapes that conda-forge published, and consumers in the
shapes that real packages have. repodata is written as it is meant (indexers rewrite it); the
package files are real ones, made with conda-package-handling.
"""

import hashlib
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from doctor.levels import GENERATIONS, Generation

TIMESTAMP = 1_700_000_000_000
PUBLISHED = "published"
"""Folder of the channel as it is published."""

LEGACY = "legacy"
"""Folder of the same channel without level builds: all that a solver without regular expressions
can match, which is how the reference solver predicts what such a client would choose."""

SUBDIRS = (
    "noarch", "linux-64", "linux-aarch64", "linux-ppc64le", "osx-64", "osx-arm64", "win-64",
)  # fmt: skip
TRACKED = "_x86_64-microarch-level-p-0"
"""Feature that legacy builds of number 4 track, so that level builds win where they match."""


class Package(Struct, frozen=True):
    """One package of the channel; all are noarch, so every subdir sees them."""

    name: str
    version: str
    build: str
    build_number: int
    depends: tuple[str, ...] = ()
    track_features: str = ""
    extension: str = ".conda"

    @property
    def file(self) -> str:
        """File name in the channel."""
        return f"{self.name}-{self.version}-{self.build}{self.extension}"

    @property
    def index(self) -> dict[str, Any]:
        """`info/index.json`, which repodata repeats."""
        found: dict[str, Any] = {
            "arch": None,
            "build": self.build,
            "build_number": self.build_number,
            "depends": list(self.depends),
            "license": "BSD-3-Clause",
            "name": self.name,
            "noarch": "generic",
            "platform": None,
            "subdir": "noarch",
            "timestamp": TIMESTAMP,
            "version": self.version,
        }
        return found | ({"track_features": self.track_features} if self.track_features else {})


def packages() -> tuple[Package, ...]:
    """Everything in the channel, in a stable order."""
    found: list[Package] = []
    for generation in GENERATIONS:
        for family in ("x86_64", "ppc64le"):
            found += _legacy(generation, family)
            if generation.level_builds:
                found += _level_builds(generation, family)
    return (*found, *_consumers())


def _legacy(generation: Generation, family: str) -> Iterator[Package]:
    """One build per CPU name, each for exactly that name."""
    number = generation.number
    for level, names in generation.names(family).items():
        for name in names:
            yield Package(
                f"_{family}-microarch-level",
                str(level),
                f"{number}_{name}",
                number,
                (generation.dependency.replace("NAME", name),),
                TRACKED.replace("x86_64", family) if generation.level_builds else "",
                ".conda" if number > 2 else ".tar.bz2",
            )


def _level_builds(generation: Generation, family: str) -> Iterator[Package]:
    """One build per level, for every name of that level or higher, as rattler-build writes it."""
    table = generation.names(family)
    for level in table:
        names = "|".join(name for have, known in table.items() if have >= level for name in known)
        yield Package(
            f"_{family}-microarch-level",
            str(level),
            f"{generation.number}_level{level}",
            generation.number,
            (f"__archspec 1.* ^({names})$",),
        )


def _needs(text: str) -> tuple[str, ...]:
    return (f"_x86_64-microarch-level {text}",)


def _consumers() -> Iterator[Package]:
    """Shapes of real packages (graph-tool, faiss, suitesparse, awkward-cpp at their feedstocks)."""
    for level in (1, 2, 3, 4):
        number = 100 * level
        yield Package("demo-fast", "1.0", f"h{level}_{number}", number, _needs(f">={level}"))
        yield Package("demo-opt", "1.0", f"h{level}_{number}", number, _needs(f">={level}"))
    yield Package("demo-opt", "0.9", "h0_0", 0)
    yield Package("demo-needs3", "1.0", "h3_0", 0, _needs(">=3"))
    yield Package("demo-needs4", "1.0", "h4_0", 0, _needs("4"))
    yield Package("demo-downprio", "1.0", "l1_0", 0, _needs(">=1"), "demo-downprio-p-0")
    yield Package("demo-downprio", "1.0", "l3_0", 0, _needs(">=3"))
    yield Package("demo-plain", "1.0", "h0_0", 0)


# --- on disk ---------------------------------------------------------------------------------


def version() -> str:
    """Name of this very channel: a change of any package gives another."""
    described = json.dumps([(p.file, p.index) for p in packages()], sort_keys=True)
    return hashlib.sha256(described.encode()).hexdigest()[:12]


_ONE_AT_A_TIME = threading.Lock()
"""conda-package-handling changes the working directory of the whole process while it packs."""


def ensure(folder: Path) -> Path:
    """The channel under `folder`, made if it is not there yet.

    Complete or not at all, also with several of us at once. Call it while no other thread depends
    on the working directory. Raises OSError where `folder` cannot be written.
    """
    with _ONE_AT_A_TIME:
        return _ensure(folder)


def _ensure(folder: Path) -> Path:
    wanted = folder / f"channel-{version()}"
    if (wanted / PUBLISHED / "noarch" / "repodata.json").is_file():
        return wanted
    folder.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".channel-", dir=folder))
    try:
        write(made)
        made.chmod(0o755)
        try:
            made.rename(wanted)
        except OSError:
            if not wanted.is_dir():
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return wanted


def write(folder: Path) -> None:
    """Writes package files and both variants' repodata into an empty folder."""
    noarch = folder / PUBLISHED / "noarch"
    noarch.mkdir(parents=True)
    records = {}
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        for package in packages():
            _archive(package, Path(scratch), noarch / package.file)
            records[package] = package.index | _digests(noarch / package.file)
    plain = {p: r for p, r in records.items() if "^" not in "".join(p.depends)}
    for variant, chosen in ((LEGACY, plain), (PUBLISHED, records)):
        for subdir in SUBDIRS:
            (folder / variant / subdir).mkdir(parents=True, exist_ok=True)
            text = _repodata(subdir, chosen if subdir == "noarch" else {})
            (folder / variant / subdir / "repodata.json").write_text(text)


def _repodata(subdir: str, records: Mapping[Package, dict[str, Any]]) -> str:
    """repodata.json, dependencies verbatim."""
    by_extension: dict[str, dict[str, Any]] = {".tar.bz2": {}, ".conda": {}}
    for package, record in records.items():
        by_extension[package.extension][package.file] = record
    return json.dumps(
        {
            "info": {"subdir": subdir},
            "packages": by_extension[".tar.bz2"],
            "packages.conda": by_extension[".conda"],
            "removed": [],
            "repodata_version": 1,
        },
        indent=1,
    )


def _archive(package: Package, scratch: Path, path: Path) -> None:
    """A real package file, with nothing in it but its metadata."""
    from conda_package_handling import api

    info = scratch / "info"
    info.mkdir(exist_ok=True)
    (info / "index.json").write_text(json.dumps(package.index))
    (info / "files").write_text("")
    (info / "paths.json").write_text(json.dumps({"paths": [], "paths_version": 1}))
    files = ["info/index.json", "info/files", "info/paths.json"]
    fast = {"compression_tuple": (".tar.zst", "zstd", "zstd:compression-level=1")}
    api.create(str(scratch), files, str(path), **(fast if path.suffix == ".conda" else {}))


def _digests(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {
        "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
    }
