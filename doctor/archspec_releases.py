"""Where archspec's tables come from: a root's own JSON, our own archspec, or a release's name.

Each release is carried as its difference to the one before (doctor/data/archspec_releases.json,
written from the real releases by `python -m tests.archspec_releases`).
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from doctor.archspec_database import Database, Target, with_sse3
from doctor.cpu import archspec_folder
from doctor.version import at_least


def from_json(text: str, release: str) -> Database:
    """The database in archspec's own `microarchitectures.json`.

    Raises ValueError if the text is not in that shape.
    """
    try:
        data = json.loads(text)
        targets = _targets(data["microarchitectures"], release)
        conversions = data.get("conversions", {})
        return Database(
            release,
            targets,
            conversions.get("darwin_flags", {}),
            conversions.get("arm_vendors", {}),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"is not archspec's microarchitectures.json: {error!r}") from None


def _targets(raw: Mapping[str, Mapping[str, Any]], release: str) -> dict[str, Target]:
    """All targets, parents first: archspec fills its table so, and ties go to the first."""
    found: dict[str, Target] = {}

    def fill(name: str) -> None:
        target = _target(name, raw[name], release)
        for parent in target.parents:
            if parent not in found:
                fill(parent)
        found[name] = target

    for name in raw:
        if name not in found:
            fill(name)
    return found


def _target(name: str, raw: Mapping[str, Any], release: str) -> Target:
    features = frozenset(with_sse3(raw["features"], release))
    parents = raw.get("from") or ()  # a string or null in releases up to 0.1.2
    return Target(
        name,
        (parents,) if isinstance(parents, str) else tuple(parents),
        raw["vendor"],
        features,
        raw.get("generation", 0),
        raw.get("cpupart", ""),
    )


@cache
def installed() -> Database:
    """The database of the archspec that envdoctor itself depends on."""
    text = (archspec_folder() / "microarchitectures.json").read_text(encoding="utf-8")
    return from_json(text, newest_release())


@cache
def _differences() -> list[dict[str, Any]]:
    path = Path(__file__).parent / "data" / "archspec_releases.json"
    return json.loads(path.read_text(encoding="utf-8"))["releases"]  # type: ignore[no-any-return]


def releases() -> tuple[str, ...]:
    """The archspec releases whose differences we carry, oldest first."""
    return tuple(difference["release"] for difference in _differences())


def newest_release() -> str:
    """The newest release that we carry."""
    return releases()[-1]


@cache
def release(version: str) -> Database:
    """The database of an archspec release, or of the newest one we know that is not newer.

    Raises ValueError for a version older than the first release.
    """
    raw: dict[str, dict[str, Any]] = {}
    darwin: dict[str, str] = {}
    vendors: dict[str, str] = {}
    found = False
    for difference in _differences():
        if not at_least(version, difference["release"]):
            break
        found = True
        _apply(raw, difference)
        darwin.update(difference.get("darwin_flags", {}))
        vendors.update(difference.get("arm_vendors", {}))
        order = difference.get("order")
        if order:
            raw = {name: raw[name] for name in order.split()}
    if not found:
        raise ValueError(f"archspec {version} is older than the first release, {releases()[0]}")
    return Database(version, _targets(raw, version), darwin, vendors)


def _apply(raw: dict[str, dict[str, Any]], difference: Mapping[str, Any]) -> None:
    """Applies one release's changes; feature changes are written `+added -removed`."""
    for name in difference.get("dropped", ()):
        del raw[name]
    for name, change in difference["changed"].items():
        entry = {"features": [], **raw.get(name, {}), **change}
        features = list(raw.get(name, {}).get("features", []))
        for word in change.get("features", "").split():
            if word.startswith("-"):
                features.remove(word[1:])
            else:
                features.append(word.removeprefix("+"))
        raw[name] = {**entry, "features": features}
