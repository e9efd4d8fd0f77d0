"""What one CPU level or microarchitecture is called by conda, by C libraries and by compilers."""

import difflib
import re
from collections.abc import Iterator
from functools import cache, lru_cache

from msgspec import Struct

from doctor.microarch import X86_LEVELS, installed
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


@lru_cache(maxsize=1024)
def meant(value: str) -> str | None:
    """The archspec name that a misspelling comes closest to, `None` if nothing is close."""
    known = installed().targets
    plain = value.strip().lower()[:60]
    for name in (value, plain, plain.replace("-", "_"), _by_compilers_name().get(plain, "")):
        if name in known:
            return name
    near = difflib.get_close_matches(plain.replace("-", "_"), list(known), n=1, cutoff=0.75)
    return near[0] if near else None


@cache
def _by_compilers_name() -> dict[str, str]:
    """What compilers call by another name, such as znver2: the most general one that they mean."""
    from archspec.cpu import TARGETS

    found = {"icelake-server": "icelake"}  # GCC knows two, archspec's table icelake-client alone
    for target in sorted(TARGETS.values(), key=lambda target: len(target.ancestors)):
        for entries in target.compilers.values():
            for entry in entries:
                found.setdefault(str(entry.get("name", target.name)), target.name)
    return found


def table(machine: Machine | None) -> list[tuple[str, str, str]]:
    """Rows for a screen: conda and archspec, GCC and glibc, the compiler's option."""
    return [("conda, archspec", "psABI, glibc", "GCC, Clang"), *_said(machine)]


def _said(machine: Machine | None) -> Iterator[tuple[str, str, str]]:
    for row in names(machine):
        yield row.conda, row.psabi or "no such name", row.march or "unknown"


def plain(machine: Machine | None) -> Iterator[str]:
    """The same, a name on each line."""
    for conda, psabi, march in _said(machine):
        spelt = f"{psabi} in psABI and glibc, {march} in GCC and Clang"
        yield f"{conda} in conda and archspec: {spelt}."
    yield ONLY_FIRST
