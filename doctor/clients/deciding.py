"""What decides a client's answer: its program, its root, the settings that it reads.

Lists of paths for `Host.stamp`, which looks at them without reading; a folder stands for the files
in it. Rather too many than too few: a client is asked again if any of them changed.
"""

from doctor.clients.finding import site_packages
from doctor.host import Host
from doctor.host.paths import paths
from doctor.model import Client

SYSTEM = (
    "/usr/lib/x86_64-linux-gnu/libcuda.so.1", "/usr/lib64/libcuda.so.1",
    "/usr/lib/wsl/lib/libcuda.so.1", "/usr/local/cuda/version.json",
    "$ARCHSPEC_CPU_DIR", "$ARCHSPEC_EXTENSION_CPU_DIR",
)  # fmt: skip
"""Files that virtual packages of every client may come from."""

_NAMES = (".condarc", "condarc", "condarc.d")
_FOLDERS = (
    "/etc/conda", "/var/lib/conda", "C:/ProgramData/conda", "$CONDA_ROOT", "$XDG_CONFIG_HOME/conda",
    "~/.config/conda", "~/.conda", "$CONDA_PREFIX",
)  # fmt: skip
CONDARC = (*(f"{folder}/{name}" for folder in _FOLDERS for name in _NAMES),
           "~/.condarc", "$CONDARC")  # fmt: skip
"""conda's SEARCH_PATH (conda/conda 26.5.3:conda/base/constants.py) without the root's own."""

MAMBARC = (
    *CONDARC,
    *(f"{folder}/.mambarc" for folder in _FOLDERS),
    *(f"{folder}/{name}" for folder in ("$XDG_CONFIG_HOME/mamba", "~/.config/mamba", "~/.mamba")
      for name in (".mambarc", "mambarc", "mambarc.d")),
    *(f"{root}/{name}" for root in ("$MAMBA_ROOT_PREFIX", "~/micromamba", "~/.local/share/mamba")
      for name in (*_NAMES, ".mambarc")),
    "~/.mambarc", "$MAMBARC",
)  # fmt: skip
"""libmamba's (mamba-org/mamba 2.x:libmamba/src/api/configuration.cpp,
compute_default_rc_sources), with the usual root prefixes."""

PIXI = (
    "/etc/pixi/config.toml", "C:/ProgramData/pixi/config.toml", "$XDG_CONFIG_HOME/pixi/config.toml",
    "~/.config/pixi/config.toml", "~/Library/Application Support/pixi/config.toml",
    "$APPDATA/pixi/config.toml", "~/.pixi/config.toml", "$PIXI_HOME/config.toml",
)  # fmt: skip
"""pixi's (pixi.prefix.dev/v0.76.0/reference/pixi_configuration), without the workspace's."""

MANIFESTS = ("pixi.toml", "pyproject.toml", "mojoproject.toml", ".pixi/config.toml")
"""Files of a workspace, here or in a folder above."""

_PACKAGES = (
    "conda", "conda/base", "conda/core", "conda/plugins", "conda/plugins/virtual_packages",
    "archspec", "archspec/cpu", "archspec/json/cpu", "libmambapy", "mamba", "rattler",
    "conda_libmamba_solver", "conda_rattler_solver",
)  # fmt: skip
"""Folders of Python packages whose files are looked at, should somebody edit or copy them."""


def of_root(host: Host, root: str) -> tuple[str, ...]:
    """The records and Python packages of a root, and the settings that lie in it."""
    path = paths(host)
    places = [path.join(root, "conda-meta"), path.join(root, "pyvenv.cfg")]
    places += [path.join(root, name) for name in (*_NAMES, ".mambarc")]
    places.append(path.join(root, "lib", "libmamba.so"))
    for site in site_packages(host, root):
        places.append(site)
        places += [path.join(site, *name.split("/")) for name in _PACKAGES]
    return tuple(str(place) for place in places)


def of_client(host: Host, client: Client, *settings: str) -> tuple[str, ...]:
    """All that decides the answer of a client that reads `settings`."""
    own = [client.path, *filter(None, (client.python, client.archspec_json))]
    root = of_root(host, client.root) if client.root else ()
    return (*own, *root, *settings, *SYSTEM)


def of_workspace(host: Host) -> tuple[str, ...]:
    """The manifests in the working directory and above it."""
    path = paths(host)
    found: list[str] = []
    folder = host.facts().cwd
    while folder:
        found += [path.join(folder, *name.split("/")) for name in MANIFESTS]
        parent = path.dirname(folder)
        folder = parent if parent != folder else ""
    return tuple(found)
