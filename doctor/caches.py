"""What clients keep of channels: cached copies of their indexes, and packages on disk."""

from collections.abc import Iterable, Iterator
from types import ModuleType

from doctor.host import Host
from doctor.host.paths import listed, paths
from doctor.model import ChannelCopy, PackageCache


def channel_copies(host: Host, roots: Iterable[str]) -> tuple[ChannelCopy, ...]:
    """Every cached copy of a channel that clients have here; sharded ones are not read."""
    path = paths(host)
    found: dict[str, ChannelCopy] = {}
    for folder in _index_folders(host, path, tuple(roots)):
        for name in host.names(folder, "*.json") or ():
            if name.endswith((".info.json", ".state.json")):
                continue
            place = path.join(folder, name)
            real = host.look(place).real
            if real not in found:
                found[real] = host.channel_copy(place)
    return tuple(found.values())


def package_caches(host: Host, roots: Iterable[str]) -> tuple[PackageCache, ...]:
    """Folders of downloaded packages that hold level packages, with their names."""
    path = paths(host)
    found: dict[str, PackageCache] = {}
    for folder in _package_folders(host, path, tuple(roots)):
        names = host.names(folder, "_*-microarch-level-*") or ()
        plain = {n.removesuffix(".conda").removesuffix(".tar.bz2") for n in names}
        if plain:
            entry = host.look(folder)
            found.setdefault(entry.real, PackageCache(folder, tuple(sorted(plain))))
    return tuple(found.values())


def _index_folders(host: Host, path: ModuleType, roots: tuple[str, ...]) -> Iterator[str]:
    for folder in _package_folders(host, path, roots):
        yield path.join(folder, "cache")
    for folder in _rattler_folders(host, path):
        yield path.join(folder, "repodata")


def _package_folders(host: Host, path: ModuleType, roots: tuple[str, ...]) -> Iterator[str]:
    home = host.facts().home
    yield from listed(host, "CONDA_PKGS_DIRS")
    for root in roots:
        yield path.join(root, "pkgs")
    yield path.join(home, ".conda", "pkgs")
    yield path.join(home, ".mamba", "pkgs")
    for folder in _rattler_folders(host, path):
        yield path.join(folder, "pkgs")


def _rattler_folders(host: Host, path: ModuleType) -> Iterator[str]:
    """Caches of rattler and pixi (conda/rattler, crates/rattler_cache/src/lib.rs)."""
    for variable in ("PIXI_CACHE_DIR", "RATTLER_CACHE_DIR"):
        value = host.env(variable)
        if value:
            yield value
    home = host.facts().home
    cache = host.env("XDG_CACHE_HOME") or path.join(home, ".cache")
    yield path.join(cache, "pixi")
    yield path.join(cache, "rattler", "cache")
    yield path.join(home, "Library", "Caches", "rattler", "cache")
    yield path.join(home, "AppData", "Local", "rattler", "cache")
