"""Where clients are looked for: PATH, variables that hooks set, usual roots; versions by record."""

import ntpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType

from doctor.host import Host
from doctor.host.paths import paths
from doctor.model import Entry

PARTS = (
    "conda", "mamba", "micromamba", "libmamba", "libmambapy", "conda-libmamba-solver",
    "conda-rattler-solver", "py-rattler", "archspec", "python", "pixi",
)  # fmt: skip
"""Packages whose version says how a root behaves."""

ROOT_VARIABLES = ("CONDA_EXE", "_CONDA_EXE", "CONDA_PYTHON_EXE", "MAMBA_EXE")
PREFIX_VARIABLES = ("_CONDA_ROOT", "MAMBA_ROOT_PREFIX", "CONDA_PREFIX", "CX_PREFIX")
USUAL_HOME_ROOTS = (
    "miniconda3", "anaconda3", "miniforge3", "mambaforge", "conda", "micromamba", ".conda/express",
    ".local/share/mamba", "opt/miniconda3", "opt/anaconda3",
)  # fmt: skip
USUAL_ROOTS = (
    "/opt/conda", "/opt/miniconda3", "/opt/anaconda3", "/opt/miniforge3", "/opt/mambaforge",
    "/usr/local/miniconda3", "/usr/local/miniforge3", "/opt/homebrew/Caskroom/miniforge/base",
    "C:\\ProgramData\\miniconda3", "C:\\ProgramData\\miniforge3", "C:\\ProgramData\\Anaconda3",
)  # fmt: skip

_STATES = {
    "directory": "is a directory, not a program",
    "not executable": "is not executable: chmod +x it, or reinstall it",
    "broken link": "is a broken link: what it points to is gone",
    "special file": "is not a regular file",
    "not permitted": "may not be read by this user",
}


@dataclass(frozen=True)
class Found:
    """A place where a client was found, and how."""

    path: str
    real: str
    by: str
    on_path: bool = False
    trouble: str | None = None


def state(entry: Entry) -> str | None:
    """Why an entry cannot be run, `None` if it can."""
    return _STATES.get(entry.kind)


def programs(host: Host, name: str, *places: str) -> tuple[Found, ...]:
    """Every program called `name`: along PATH in order, then at `places`; each file once."""
    found = [Found(e.path, e.real, "on PATH", True, state(e)) for e in host.on_path(name)]
    for place in places:
        entry = host.look(place)
        if entry.kind == "executable":
            found.append(Found(place, entry.real, "in a usual place"))
    first: dict[str, Found] = {}
    for item in found:
        first.setdefault(item.real, item)
    return tuple(first.values())


def home(host: Host, *names: str) -> str:
    """A path under the home directory."""
    return str(paths(host).join(host.facts().home, *names))


def roots(host: Host) -> Iterator[Found]:
    """Possible roots in order: from programs on PATH, from variables, usual places."""
    path = paths(host)
    seen: set[str] = set()
    for candidate in _root_candidates(host, path):
        entry = host.look(candidate.path)
        if entry.kind == "directory" and entry.real not in seen:
            seen.add(entry.real)
            yield Found(candidate.path, entry.real, candidate.by, candidate.on_path)


def _root_candidates(host: Host, path: ModuleType) -> Iterable[Found]:
    yield from _named_roots(host, path)
    for name in USUAL_HOME_ROOTS:
        yield Found(home(host, *name.split("/")), "", "in a usual place")
    windows = host.facts().system == "Windows"
    for place in USUAL_ROOTS:
        if windows == ("\\" in place):
            yield Found(place, "", "in a usual place")


def _named_roots(host: Host, path: ModuleType) -> Iterable[Found]:
    """Roots of programs on PATH, then those that variables name."""
    for name in ("conda", "mamba"):
        for entry in host.on_path(name):
            if entry.kind == "executable":
                yield Found(parent_root(path, entry.real), "", "on PATH", True)
    for variable in ROOT_VARIABLES:
        value = host.env(variable)
        if value:
            yield Found(parent_root(path, host.look(value).real or value), "", variable)
    for variable in PREFIX_VARIABLES:
        value = host.env(variable)
        if value:
            yield Found(value, "", variable)


def parent_root(path: ModuleType, program: str) -> str:
    """The prefix that a program in `bin`, `condabin`, `Scripts` or `Library\\bin` belongs to."""
    folder = path.dirname(program)
    if path.basename(folder).lower() in ("bin", "condabin", "scripts"):
        folder = path.dirname(folder)
        if path.basename(folder).lower() == "library":
            folder = path.dirname(folder)
    return str(folder)


def records(host: Host, root: str) -> dict[str, str]:
    """Versions of the parts of a root, from `conda-meta/` and else from `*.dist-info`."""
    path = paths(host)
    found: dict[str, str] = {}
    patterns = [f"{part}-[0-9]*.json" for part in PARTS]
    for name in host.names(path.join(root, "conda-meta"), *patterns) or ():
        part, *rest = name.removesuffix(".json").rsplit("-", 2)
        if rest:  # a recording may list anything
            found[part] = rest[0]
    for site in site_packages(host, root):
        for part, version in dist_infos(host, site).items():
            found.setdefault(part, version)
    return found


def dist_infos(host: Host, site: str) -> dict[str, str]:
    """Versions of our parts among the `*.dist-info` folders of a site-packages folder."""
    wanted = {part.replace("-", "_"): part for part in PARTS if part != "python"}
    patterns = [f"{name}-[0-9]*.dist-info" for name in wanted]
    found = {}
    for name in host.names(site, *patterns) or ():
        stem, _, version = name.removesuffix(".dist-info").partition("-")
        if stem in wanted:
            found[wanted[stem]] = version
    return found


def site_packages(host: Host, root: str) -> tuple[str, ...]:
    """The site-packages folders of a prefix."""
    path = paths(host)
    if path is ntpath:
        return (path.join(root, "Lib", "site-packages"),)
    names = host.names(path.join(root, "lib"), "python[23].*") or ()
    return tuple(path.join(root, "lib", name, "site-packages") for name in names)


def python_of(host: Host, root: str) -> str | None:
    """The Python interpreter of a prefix."""
    path = paths(host)
    places = (("python.exe",), ("Scripts", "python.exe"), ("bin", "python"), ("bin", "python3"))
    for place in places[:2] if path is ntpath else places[2:]:
        candidate = path.join(root, *place)
        if host.look(candidate).kind == "executable":
            return str(candidate)
    return None


def archspec_json(host: Host, root: str) -> str | None:
    """Where the archspec in a prefix keeps the names that it can say."""
    path = paths(host)
    for site in site_packages(host, root):
        candidate = path.join(site, "archspec", "json", "cpu", "microarchitectures.json")
        if host.look(candidate).kind in ("executable", "not executable"):
            return str(candidate)
    return None
