"""`python -m tests.clients` installs real clients from PyPI, each in its own environment.

They stand under `.clients/` (git ignores it); those already there are kept. Tests that need one
skip without it, or fail where ENVDOCTOR_REQUIRE_CLIENTS=1 asks for a complete run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CLIENTS = ROOT / ".clients"

RATTLERS = ("0.9.0", "0.23.2", "0.28.0")
ARCHSPECS = ("0.2.2", "0.2.3", "0.2.4", "0.2.5", "0.2.6", "0.2.7")
WANTED = (
    *(("py-rattler", version) for version in RATTLERS),
    *(("archspec", version) for version in ARCHSPECS),
)

TRIES = 2
"""Times that an installation is tried: the network may be slow."""


def installed(name: str, version: str) -> Path:
    """The environment of a real client; without it the test is skipped, or fails if required."""
    folder = place(name, version)
    if not is_complete(folder):
        reason = f"needs {name} {version} from PyPI: python -m tests.clients"
        if os.environ.get("ENVDOCTOR_REQUIRE_CLIENTS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def place(name: str, version: str) -> Path:
    """Where a client's environment stands, whether or not it is there."""
    return CLIENTS / f"{name}-{version}"


def is_complete(folder: Path) -> bool:
    """Whether an installation ended well."""
    return (folder / "installed").is_file()


def python(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / "bin" / "python"


def install(name: str, version: str) -> None:
    """Makes one environment from scratch; raises CalledProcessError if the last try fails.

    No byte code is written, so that a test can see whether we write any.
    """
    folder = place(name, version)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(python(folder)), "install", "-q"]
    command = [*pip, "--no-compile", "--timeout", "60", "--no-deps", f"{name}=={version}"]
    for number in range(1, TRIES + 1):
        done = subprocess.run(command, check=number == TRIES)
        if done.returncode == 0:
            break
    module = {"py-rattler": "rattler"}.get(name, name)
    subprocess.run([str(python(folder)), "-B", "-c", f"import {module}"], check=True)
    (folder / "installed").touch()


def main() -> None:
    """Installs what is missing."""
    for name, version in WANTED:
        if is_complete(place(name, version)):
            print(f"{name} {version} is there")
            continue
        print(f"{name} {version} ...", flush=True)
        install(name, version)


if __name__ == "__main__":
    main()
