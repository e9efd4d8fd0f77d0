"""Prefixes -> installed level, needed level, and who needs it."""

import re
import time
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType

from msgspec import Struct
from msgspec.structs import replace

from doctor.host import Host
from doctor.host.paths import listed, paths
from doctor.levels import level_number
from doctor.model import Environment, Installed, Need, Record
from doctor.requirements import LEVEL_PACKAGE, parsed

USERS = (
    "graph-tool-base", "awkward-cpp", "libblasfeo", "libfaiss", "liquid-dsp", "raspalib", "pythia8",
    "libsuitesparseconfig",
)  # fmt: skip
"""Packages of conda-forge whose current builds ask for a level: their recipes' run requirements.

`suitesparse` itself asks for none: it only names its parts (suitesparse-feedstock 9aa816e).
"""

WORDS = ("microarch-level", "__archspec", "__cuda", *USERS)
"""What a record's name or dependencies must hold to be read at all, in small letters."""

MAX_ENVIRONMENTS = 10_000


class Place(Struct, frozen=True):
    """A prefix and how it is known; `trouble` says why it cannot be one."""

    path: str
    known_by: str
    trouble: str | None = None


def places(host: Host, roots: Iterable[str]) -> tuple[Place, ...]:
    """Every environment that is known: active, registered, of each root, pixi's; each once.

    One that may not be entered is among them, and so is an active one that is none.
    """
    path = paths(host)
    found: dict[str, Place] = {}
    for place in _candidates(host, path, tuple(roots)):
        if len(found) >= MAX_ENVIRONMENTS:
            break
        if place.trouble:
            found.setdefault(place.path, place)
            continue
        folder = host.look(path.join(place.path, "conda-meta"))
        if folder.kind in ("directory", "not permitted"):
            found.setdefault(folder.real, place)
        elif place.known_by == ACTIVE:
            reason = f"CONDA_PREFIX names it, but it is no environment: conda-meta is {folder.kind}"
            found.setdefault(folder.real, Place(place.path, ACTIVE, reason))
    return tuple(found.values())


ACTIVE = "active"


def _candidates(host: Host, path: ModuleType, roots: tuple[str, ...]) -> Iterator[Place]:
    active = host.env("CONDA_PREFIX")
    if active:
        yield Place(active, ACTIVE)
    home = host.facts().home
    yield from _registered(host, path, path.join(home, ".conda", "environments.txt"))
    for root in roots:
        yield Place(root, "root")
        yield from _below(host, path, path.join(root, "envs"), "environment of a root")
    yield from _below(host, path, path.join(home, ".conda", "envs"), "environment of the user")
    for variable in ("CONDA_ENVS_DIRS", "CONDA_ENVS_PATH"):
        for folder in listed(host, variable):
            yield from _below(host, path, folder, f"found by {variable}")
    yield from _of_pixi(host, path, home)


def _registered(host: Host, path: ModuleType, registry: str) -> Iterator[Place]:
    """The prefixes that conda and mamba noted, or why their list cannot be read."""
    entry = host.look(registry)
    file = host.read(registry)
    if file.text is None and entry.kind not in ("absent", "not in the recording"):
        yield Place(registry, "the list of environments", f"{file.trouble}")
    for line in (file.text or "").removeprefix("\ufeff").splitlines():
        if path.isabs(line.strip()):
            yield Place(line.strip(), "registered in environments.txt")


def _of_pixi(host: Host, path: ModuleType, home: str) -> Iterator[Place]:
    """Environments of pixi's workspace here and above, and pixi's global ones."""
    folder = host.facts().cwd
    while folder:
        yield from _below(host, path, path.join(folder, ".pixi", "envs"), "pixi workspace")
        parent = path.dirname(folder)
        folder = parent if parent != folder else ""
    own = host.env("PIXI_HOME") or path.join(home, ".pixi")
    yield from _below(host, path, path.join(own, "envs"), "pixi global")


def _below(host: Host, path: ModuleType, folder: str, known_by: str) -> Iterator[Place]:
    for name in host.names(folder, "*") or ():
        if not name.startswith("."):
            yield Place(path.join(folder, name), known_by)


def read(
    host: Host, places: Iterable[Place], limit: float | None = None
) -> tuple[Environment, ...]:
    """The environments at these places; those not reached within `limit` seconds say so."""
    deadline = None if limit is None else time.monotonic() + limit
    found = []
    for place in places:
        if place.trouble:
            found.append(Environment(place.path, place.known_by, trouble=place.trouble))
        elif deadline is not None and time.monotonic() > deadline:
            reason = f"was not read within {limit:g} s"
            found.append(Environment(place.path, place.known_by, trouble=reason))
        else:
            found.append(one(host, place.path, place.known_by))
    return tuple(found)


def one(host: Host, prefix: str, known_by: str) -> Environment:
    """The environment in a prefix, with what its own condarc says of the platform."""
    condarc = host.lines(paths(host).join(prefix, ".condarc"), ("subdir",))
    named = (re.match(r"\s*subdir\s*:\s*[\"']?([\w-]{1,40})", row.text) for row in condarc.found)
    subdir = next((match[1] for match in named if match), None)
    found = environment(host.installed(prefix, WORDS), known_by)
    return replace(found, subdir=subdir) if subdir else found


def environment(installed: Installed, known_by: str) -> Environment:
    """What the records of a prefix come to."""
    packages = [r for r in installed.records if LEVEL_PACKAGE.fullmatch(r.name)]
    metapackage = packages[0] if packages else None
    needs = sorted(
        (need for record in installed.records for need in _needs(record)),
        key=lambda need: (-(need.level or 99), need.package),
    )
    family = LEVEL_PACKAGE.fullmatch(metapackage.name) if metapackage else None
    return Environment(
        installed.path,
        known_by,
        count=installed.count,
        family=family[1] if family else needs[0].family if needs else "x86_64",
        metapackage=metapackage,
        needs=tuple(needs),
        flags=tuple(r for r in installed.records if LEVEL_PACKAGE.fullmatch(f"_{r.name}")),
        written_by=installed.programs,
        users=tuple(r for r in installed.records if r.name in USERS),
        gpu=tuple(r for r in installed.records if any("__cuda" in d for d in r.depends)),
        unreadable=installed.unreadable,
        trouble=installed.trouble,
    )


def _needs(record: Record) -> Iterator[Need]:
    """What a package asks of the CPU; the metapackages themselves ask for nothing new."""
    if LEVEL_PACKAGE.fullmatch(record.name) or LEVEL_PACKAGE.fullmatch(f"_{record.name}"):
        return
    for text in record.depends:
        if any(word in text.lower() for word in ("microarch-level", "__archspec")):
            asked = _asked(text)
            if asked is not None:
                yield Need(record.title, text, *asked)


@cache
def _asked(text: str) -> tuple[int | None, str] | None:
    """The lowest level that a dependency is content with, and its family.

    `None` for a dependency on something else; a level of `None` where it is not understood.
    """
    requirement = parsed(text.strip())
    if requirement is None:
        return None, "ppc64le" if "ppc64le" in text else "x86_64"
    if requirement.name == "__archspec":
        if requirement.build is None:
            return None
        names = re.findall(r"[A-Za-z]\w*", requirement.build)
        levels = [level for name in names if (level := level_number(name)) is not None]
        low = min(levels, default=None)
        return low, "ppc64le" if low is not None and low > 4 else "x86_64"
    if requirement.family is None:
        return None
    return requirement.least, requirement.family
