"""One-line explanations of CPU features, for screens."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct


class Entry(Struct, frozen=True):
    """What a feature is: title, one sentence, where CPUID shows it, since which CPUs."""

    title: str
    blurb: str
    cpuid: str | None = None
    since: str | None = None


@cache
def _all() -> dict[str, dict[str, Any]]:
    path = Path(__file__).parent / "data" / "feature_glossary.json"
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def _aliases() -> dict[str, str]:
    return {alias: name for name, e in _all().items() for alias in e.get("aliases", ())}


def explain(feature: str, architecture: str | None = "x86_64") -> Entry | None:
    """The glossary's entry for a feature as printed, `None` if it has none."""
    names = [feature, _aliases().get(feature, "")]
    if architecture == "aarch64":
        names.insert(0, f"arm:{feature}")
    found = next(
        (_all()[name] for name in names if name in _all() and "blurb" in _all()[name]), None
    )
    if found is None:
        return None
    cpuid, since = (str(found[k]) if found.get(k) else None for k in ("cpuid", "since"))
    return Entry(str(found["title"]), str(found["blurb"]), cpuid, since)
