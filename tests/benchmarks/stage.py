"""A folder with several clients to measure on: replayed ones, and py-rattler where installed."""

import os
import subprocess
import sys
from pathlib import Path

from doctor.bundle.making import make, replayed, zipped
from doctor.host.identity import identity
from doctor.model import Installed
from tests import scenes
from tests.clients import CLIENTS
from tests.fleets import KINDS, varied
from tests.prefixes import record
from tests.replay import replay
from tests.scenes import conda_probe, transcript

PROBE = Path(__file__).parent.parent.parent / "doctor" / "probes" / "rattler_virtual_packages.py"


def clients(folder: Path) -> tuple[dict[str, str], list[list[str]]]:
    """Environment variables that lead to the clients, and each client's own question alone."""
    path = folder / "bin"
    path.mkdir()
    questions = []
    for name, client, version in (
        ("micromamba", "micromamba", "1.5.8"),
        ("mamba", "mamba", "2.8.1"),
    ):
        replay(path / name, transcript(client, version, "A_info_json"))
        questions.append([str(path / name), "info", "--json"])
    questions.append(_conda(folder / "miniforge3"))
    folders = [str(path), str(folder / "miniforge3" / "bin")]
    for environment in sorted(CLIENTS.glob("py-rattler-*")):
        folders.append(str(environment / "bin"))
        questions.append([str(environment / "bin" / "python"), "-c", PROBE.read_text()])
    questions.append([sys.executable, "-c", PROBE.read_text()])
    home = folder / "home"
    home.mkdir()
    env = {"PATH": os.pathsep.join([*folders, "/usr/bin", "/bin"]), "HOME": str(home)}
    return env, questions


def bundle(path: Path, environments: int) -> Path:
    """A bundle of the cluster's machine with more environments."""
    scene = scenes.cluster()
    for number in range(environments):
        prefix = f"{scenes.HOME}/miniforge3/envs/more{number}"
        user = scenes.record("graph-tool-base", "2.98", "h_300", f"{scenes.LEVEL} >=3")
        records = (scenes.record(scenes.LEVEL, "3", "3_skylake"), user)
        scene.environment(Installed(prefix, 300, records))
    recorded = scenes.recording(scene)
    path.write_bytes(zipped(make(recorded, replayed(recorded), identity())))
    return path


CONDA_SECONDS = 0.65
"""What `conda info --json` of 26.7.1 takes on a quiet machine, and our probe 0.53 of it."""


def _conda(root: Path) -> list[str]:
    """A root with conda 26.7.1 that takes as long to answer as the real one."""
    replay(root / "bin" / "answer", conda_probe("26.7.1"))
    for name in ("python", "conda"):
        program = root / "bin" / name
        program.write_text(f"#!/bin/sh\nsleep {CONDA_SECONDS}\nexec {root}/bin/answer\n")
        program.chmod(0o755)
    (root / "conda-meta").mkdir()
    text = record("conda", "26.7.1", "py312_0")
    (root / "conda-meta" / "conda-26.7.1-py312_0.json").write_text(text)
    return [str(root / "bin" / "conda"), "info", "--json"]


def fleets(sizes: dict[Path, int]) -> None:
    """Folders of so many bundles, made of the same forty: machines of five kinds with eight
    kernels each."""
    bundles = [bundle for kind in KINDS for bundle in varied(kind, 8)]
    for folder, size in sizes.items():
        folder.mkdir()
        for number in range(size):
            (folder / f"node{number:05}.zip").write_bytes(bundles[number % len(bundles)])


def peak_memory(argv: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Largest resident size in MiB of the process itself, and of it and its children."""
    script = (
        "import resource, sys; from doctor.cli import main; main(sys.argv[1:]);"
        "status = open('/proc/self/status').read();"
        "print(status.split('VmHWM:')[1].split()[0],"  # getrusage keeps the parent's peak
        " resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, *argv[1:]],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    own, children = (int(word) / 1024 for word in said.stderr.split()[-2:])
    return own, max(own, children)
