"""CPU features: have or missing, what asks for each, and what it is."""

from collections.abc import Iterator

from doctor import glossary
from doctor.microarch import LEVEL_ONE
from doctor.model import Machine


def rows(machine: Machine) -> list[tuple[str, str, str, str]]:
    """Name, state, level and title of each feature: those of levels first, then all others."""
    found = []
    seen: set[str] = set()
    for row in machine.microarchitecture.levels:
        for name in sorted((*row.have, *row.lacks)):
            state = "have" if name in row.have else "MISSING"
            found.append((name, state, row.level, _title(machine, name)))
            seen.add(name)
    near = {name for n in machine.microarchitecture.nearest for name in n.missing} - seen
    found.extend((name, "MISSING", "", _title(machine, name)) for name in sorted(near))
    others = sorted(set(machine.cpu.features or ()) - seen)
    found.extend((name, "have", "", _title(machine, name)) for name in others)
    return found


def _title(machine: Machine, name: str) -> str:
    entry = glossary.explain(name, machine.cpu.architecture)
    return entry.title if entry else ""


def explanation(feature: str, architecture: str | None) -> str:
    """The glossary's words about a feature, in at most three lines at 80 columns."""
    return f"{feature}  {_about(feature, architecture)}"


def _about(feature: str, architecture: str | None) -> str:
    entry = glossary.explain(feature, architecture)
    if entry is None and feature in LEVEL_ONE:
        return "Part of level 1: every 64-bit x86 CPU has it."
    if entry is None:
        return "No level and no name asks for it."
    where = "; ".join(filter(None, (entry.cpuid, entry.since)))
    return f"{entry.blurb} {where}".rstrip()


def plain(machine: Machine) -> Iterator[str]:
    """Each feature with its explanation, one per line."""
    if machine.cpu.features is None:
        yield "Features: unknown"
    for name, state, level, title in rows(machine):
        said = ", ".join(filter(None, (state, level and f"part of {level}", title)))
        yield f"{name}: {said}. {_about(name, machine.cpu.architecture)}"
