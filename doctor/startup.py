"""Start-up files of shells: the lines that set up clients, or change what they report."""

from collections.abc import Iterator

from doctor.host import Host
from doctor.host.paths import paths
from doctor.model import Line

WORDS = (
    "CONDA_OVERRIDE_", "CONDA_SUBDIR", "CONDA_SOLVER", "conda initialize", "mamba initialize",
    "MAMBA_EXE", "shell hook", "/bin/conda", "alias mamba", "alias conda", "alias micromamba",
    "module load",
)  # fmt: skip
"""What a line must hold to be read at all: the rest of such files is nobody's business."""

_HOME = (
    ".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshrc", ".zprofile", ".zshenv",
    ".config/fish/config.fish", ".tcshrc", ".cshrc", ".xonshrc",
)  # fmt: skip
_SYSTEM = ("/etc/environment", "/etc/profile", "/etc/bash.bashrc", "/etc/bashrc", "/etc/zsh/zshrc")
_FOLDERS = ("/etc/profile.d",)

MAX_FILES = 200


def read(host: Host) -> tuple[Line, ...]:
    """Those lines, file by file in the order in which shells read them."""
    found: list[Line] = []
    for place in list(_files(host))[:MAX_FILES]:
        found.extend(host.lines(place, WORDS).found)
    return tuple(found)


def _files(host: Host) -> Iterator[str]:
    if host.facts().system == "Windows":
        return
    yield from _SYSTEM
    for folder in _FOLDERS:
        yield from (f"{folder}/{name}" for name in host.names(folder, "*.sh") or ())
    path = paths(host)
    for name in _HOME:
        yield path.join(host.facts().home, *name.split("/"))
    active = host.env("CONDA_PREFIX")
    if active:
        scripts = path.join(active, "etc", "conda", "activate.d")
        yield from (path.join(scripts, name) for name in host.names(scripts, "*.sh") or ())
