"""Prefixes -> installed level, needed level, and who needs it."""

import ntpath
import posixpath
import time
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType

from msgspec import Struct

from doctor.host import Host
from doctor.model import Environment, Installed, Need, Record
from doctor.requirements import LEVEL_PACKAGE, parsed

WORDS = ("microarch-level",)
"""What a record's name or dependencies must hold to be read at all."""

MAX_ENVIRONMENTS = 10_000


class Place(Struct, frozen=True):
    """A prefix and how it is known."""

    path: str
    known_by: str


def places(host: Host, roots: Iterable[str]) -> tuple[Place, ...]:
    """Every environment that is known: active, registered, of each root, pixi's; each once."""
    path = paths(host)
    found: dict[str, Place] = {}
    for place in _candidates(host, path, tuple(roots)):
        if len(found) >= MAX_ENVIRONMENTS:
            break
        folder = host.look(path.join(place.path, "conda-meta"))
        if folder.kind == "directory":
            found.setdefault(folder.real, place)
    return tuple(found.values())


def paths(host: Host) -> ModuleType:
    """The path rules of the host's system, which need not be ours."""
    return ntpath if host.facts().system == "Windows" else posixpath


def _candidates(host: Host, path: ModuleType, roots: tuple[str, ...]) -> Iterator[Place]:
    active = host.env("CONDA_PREFIX")
    if active:
        yield Place(active, "active")
    home = host.facts().home
    registered = host.read(path.join(home, ".conda", "environments.txt")).text or ""
    for line in registered.splitlines():
        if line.strip() and path.isabs(line.strip()):
            yield Place(line.strip(), "registered in environments.txt")
    for root in roots:
        yield Place(root, "root")
        yield from _below(host, path, path.join(root, "envs"), "environment of a root")
    yield from _below(host, path, path.join(home, ".conda", "envs"), "environment of the user")
    for variable in ("CONDA_ENVS_DIRS", "CONDA_ENVS_PATH"):
        separator = ";" if path is ntpath else ":"
        for folder in (host.env(variable) or "").replace(",", separator).split(separator):
            if path.isabs(folder):
                yield from _below(host, path, folder, f"found by {variable}")
    yield from _of_pixi(host, path, home)


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
        if deadline is not None and time.monotonic() > deadline:
            reason = f"was not read within {limit:g} s"
            found.append(Environment(place.path, place.known_by, trouble=reason))
        else:
            found.append(environment(host.installed(place.path, WORDS), place.known_by))
    return tuple(found)


def environment(installed: Installed, known_by: str) -> Environment:
    """What the records of a prefix come to."""
    packages = [r for r in installed.records if LEVEL_PACKAGE.fullmatch(r.name)]
    metapackage = packages[0] if packages else None
    needs = tuple(need for record in installed.records for need in _needs(record))
    family = LEVEL_PACKAGE.fullmatch(metapackage.name) if metapackage else None
    return Environment(
        installed.path,
        known_by,
        count=installed.count,
        family=family[1] if family else "x86_64",
        metapackage=metapackage,
        needs=tuple(sorted(needs, key=lambda need: (-(need.level or 99), need.package))),
        flags=tuple(r for r in installed.records if LEVEL_PACKAGE.fullmatch(f"_{r.name}")),
        written_by=installed.programs,
        unreadable=installed.unreadable,
        trouble=installed.trouble,
    )


def _needs(record: Record) -> Iterator[Need]:
    """What a package asks of the level; the metapackages themselves ask for nothing new."""
    if "microarch-level" in record.name:
        return
    for text in record.depends:
        if LEVEL_PACKAGE.match(text):
            yield Need(record.title, text, lowest(text))


@cache
def lowest(text: str) -> int | None:
    """The lowest level that a dependency is content with, `None` if it is not understood."""
    requirement = parsed(text)
    return requirement.lowest if requirement else None
