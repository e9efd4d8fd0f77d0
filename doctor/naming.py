"""What one CPU level or microarchitecture is called by conda, by C libraries and by compilers."""

import re
from collections.abc import Iterator

from msgspec import Struct

from doctor.microarch import X86_LEVELS
from doctor.model import Machine

ONLY_FIRST = "Only what conda and archspec call it is known to conda packages and to overrides."


class Naming(Struct, frozen=True):
    """One thing under all its names, `None` where one has none.

    `march` is the option of GCC that builds for it, from archspec's own table
    (archspec/json/cpu/microarchitectures.json, "compilers").
    """

    conda: str
    psabi: str | None
    march: str | None


def names(machine: Machine | None) -> Iterator[Naming]:
    """The four x86-64 levels, then this machine's own name where it is another."""
    for level in X86_LEVELS:
        yield Naming(level, level.replace("_", "-"), _march(level))
    name = machine.microarchitecture.name if machine else None
    if name is not None and name not in X86_LEVELS:
        yield Naming(name, None, _march(name))


def _march(name: str) -> str | None:
    """The option alone, without the tuning that archspec adds."""
    from archspec.cpu import TARGETS, UnsupportedMicroarchitecture

    if name not in TARGETS:
        return None
    try:
        flags = TARGETS[name].optimization_flags("gcc", "99.0")
    except UnsupportedMicroarchitecture:
        return None
    found = re.search(r"-m(arch|cpu)=\S+", flags)
    return found[0] if found else None


def table(machine: Machine | None) -> list[tuple[str, str, str]]:
    """Rows for a screen: conda and archspec, GCC and glibc, the compiler's option."""
    rows = [("conda, archspec", "psABI, glibc", "GCC, Clang")]
    for row in names(machine):
        rows.append((row.conda, row.psabi or "no such name", row.march or "unknown"))
    return rows


def plain(machine: Machine | None) -> Iterator[str]:
    """The same, a name on each line."""
    for row in names(machine):
        spelt = f"{row.psabi or 'no such name'} in psABI and glibc"
        option = f"{row.march or 'unknown'} in GCC and Clang"
        yield f"{row.conda} in conda and archspec: {spelt}, {option}."
    yield ONLY_FIRST
