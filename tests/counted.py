"""A machine of stand-ins that note each time they are started: conda, mamba, micromamba, pixi.

They print what real clients printed. The note of a question is the client's name, that of a dry
run has `create` behind it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from doctor.explain import place
from doctor.host.live import LiveHost
from tests import prefixes, replay
from tests.replayed import SOLVED
from tests.scenes import CONDA_PARTS, MAMBA_PARTS, conda_probe, transcript

PIXI = {"version": "0.77.0", "platform": "linux-64",
        "virtual_packages": ["__unix=0=0", "__linux=6.18=0", "__archspec=1=x86_64_v4"]}  # fmt: skip


class Counted:
    """A folder with a `home`, a `bin` and a `root`, and the notes of who was started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home, self.bin = folder / "home", folder / "bin"
        self.root = self.home / "miniforge3"
        self.notes = folder / "notes"
        self.micromamba("1.5.8")
        replay.printing(folder / "said" / "pixi", json.dumps(PIXI))
        self._noting(self.bin / "pixi", "pixi")
        for part, version in {**CONDA_PARTS, **MAMBA_PARTS}.items():
            self.record(part, version)
        (self.root / "conda-meta" / "history").write_text("")
        replay.replay(folder / "said" / "conda", conda_probe("26.7.1"))
        solved = transcript("conda", "26.7.1", "solve-head/classic/legacy/level/ovr-unset")
        replay.replay(folder / "said" / "conda-create", solved)
        self._noting(self.root / "bin" / "python", "conda")
        replay.script(self.root / "bin" / "conda", "exit 1")
        replay.replay(folder / "said" / "mamba", transcript("mamba", "2.8.1", "A_info_json"))
        solved = transcript("micromamba", "2.8.1", SOLVED)  # of the same libmamba
        replay.replay(folder / "said" / "mamba-create", solved)
        self._noting(self.root / "bin" / "mamba", "mamba")

    def micromamba(self, version: str, folder: Path | None = None) -> Path:
        """A micromamba, by default the one in `bin`, which is replaced."""
        name = f"micromamba-{version}"
        replay.replay(self.folder / "said" / name, transcript("micromamba", version, "A_info_json"))
        said = transcript("micromamba", version, SOLVED)
        replay.replay(self.folder / "said" / f"{name}-create", said)
        program = (folder or self.bin) / "micromamba"
        program.unlink(missing_ok=True)
        self._noting(program, "micromamba", name)
        return program

    def _noting(self, path: Path, name: str, said: str | None = None) -> None:
        answer = replay.quote(self.folder / "said" / (said or name))
        note = f">> {replay.quote(self.notes)}"
        replay.script(
            path,
            'case "$*" in',
            f"  *create*--dry-run*) echo {name} create {note}; exec {answer}-create ;;",
            f"  *) echo {name} {note}; exec {answer} ;;",
            "esac",
        )

    def record(self, name: str, version: str) -> None:
        """A package in the root."""
        path = self.root / "conda-meta" / f"{name}-{version}-0.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(prefixes.record(name, version, "0"))

    def write(self, *names: str, text: str = "x: 1\n") -> Path:
        """A file below the home directory."""
        path = self.home.joinpath(*names)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def started(self) -> list[str]:
        """Who was started since this was asked last, in order of names."""
        found = sorted(self.notes.read_text().splitlines()) if self.notes.exists() else []
        self.notes.unlink(missing_ok=True)
        return found

    def env(self) -> dict[str, str]:
        """The environment in which envdoctor meets them."""
        return replay.surroundings(self.home, (self.bin, self.root / "bin"))

    @contextmanager
    def host(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveHost]:
        """This machine as envdoctor would see it in that environment."""
        for name in ("CONDA_PREFIX", "MAMBA_ROOT_PREFIX", "MAMBA_EXE", "CONDARC", "MAMBARC",
                     "XDG_CONFIG_HOME", "PIXI_HOME", "VIRTUAL_ENV"):  # fmt: skip
            monkeypatch.delenv(name, raising=False)
        for name, value in self.env().items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(self.home)
        host = LiveHost({"@channel@": place})
        yield host
        host.close()
