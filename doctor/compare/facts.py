"""A report, as a document -> what is compared of its machine, in one small struct.

Reports that were just made take the same way as stored ones, so that both compare alike.
"""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from doctor import microarch
from doctor.checks import BROKEN
from doctor.clean import without_secrets
from doctor.compare.documents import Client, Cpu, Document, Environment, Machine, System
from doctor.levels import level_name, level_number

LEVELS = {"x86_64": range(1, 5), "ppc64le": range(8, 11)}
"""Families that have level packages, with the numbers of their levels."""

Key = tuple[str, str, str]
"""Section, subject, and which fact of that; `reports` and `installs` are sections of clients."""

_HOME = re.compile(
    r"(?<![^\s:])(?:/home/[^/\s]+|/Users/[^/\s]+|[A-Za-z]:\\Users\\[^\\\s]+)(?=[/\\]|$)"
)


class Profile(Struct, frozen=True):
    """What is compared of a machine; machines that are alike have equal profiles.

    `facts` have a value of `None` where it is unknown. `closed` are the sections that were looked
    into, so that what is not among the facts is absent and not unknown (`reports ID` for what a
    client reports); `broken` are checks that broke, whose findings are unknown. `features` are
    those that archspec knows; `missing` is what each higher level would need.
    """

    doctor: str
    family: str | None
    level: str | None
    features: tuple[str, ...] | None
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    facts: tuple[tuple[Key, str | None], ...]
    closed: tuple[str, ...]
    broken: tuple[str, ...]

    def lacks(self, level: str) -> tuple[str, ...] | None:
        """The features that it lacks for a level, `None` where that is unknown."""
        return dict(self.missing).get(level) or None


def profile(document: Document) -> Profile:
    """What is compared of a report's machine; envdoctor's own solver is no client of it."""
    machine, clients = document.machine, [c for c in document.clients if not c.envdoctors_own]
    environments = document.environments
    facts = dict(
        (
            *_cpu(machine),
            *_system(machine.system),
            (("system", "envdoctor", ""), document.envdoctor),
            *((("setting", n, ""), _shown(n, value)) for n, value in machine.settings.items()),
            *(fact for client in clients for fact in _client(client)),
            *_environments(environments or ()),
            *((("finding", without_home(f.id), ""), f.severity.value) for f in document.findings),
        )
    )
    answered = (f"reports {c.id}" for c in clients if c.reported is not None)
    looked = (
        "client",
        "setting",
        "finding",
        *(["environment"] if environments is not None else []),
    )
    return Profile(
        doctor=document.envdoctor,
        family=machine.cpu.architecture,
        level=_level(machine),
        features=_features(machine.cpu),
        missing=tuple(sorted(machine.microarchitecture.missing.items())),
        facts=tuple(sorted(facts.items(), key=lambda fact: fact[0])),
        closed=tuple(sorted({*looked, *answered})),
        broken=tuple(sorted(f.check for f in document.findings if f.id == f"{f.check}:{BROKEN}")),
    )


def without_home(text: str) -> str:
    """A path or id without the name of whose home it is in, so that it is found elsewhere."""
    return _HOME.sub("~", text)


def _level(machine: Machine) -> str | None:
    """The level that all its processors have, by archspec's generic name."""
    found = machine.microarchitecture
    level = found.shared_level
    if level is None and (machine.cpu.kinds_of_processors or 1) == 1:
        level = found.level
    numbers = LEVELS.get(machine.cpu.architecture or "")
    if level is None or numbers is None:
        return level
    number = level_number(level)
    return level_name(number) if number is not None and number in numbers else None


@cache
def _known_features() -> frozenset[str]:
    """Features that some target of archspec asks for: others cannot matter to packages."""
    return frozenset().union(*(t.features for t in microarch.installed().targets.values()))


def _features(cpu: Cpu) -> tuple[str, ...] | None:
    if cpu.features is None:
        return None
    return tuple(sorted(_known_features().intersection(cpu.features)))


def _cpu(machine: Machine) -> Iterator[tuple[Key, str | None]]:
    yield ("cpu", "CPU", "family"), machine.cpu.architecture
    yield ("cpu", "CPU", "model"), machine.cpu.brand
    yield ("cpu", "CPU", "name by archspec"), machine.microarchitecture.name
    yield ("cpu", "CPU", "level"), _level(machine)


def _shown(name: str, value: str) -> str:
    """A variable's value; a secret is told by the name, so that it is hidden before they part."""
    return without_secrets(f"{name}={value}").partition("=")[2]


def _system(system: System) -> Iterator[tuple[Key, str | None]]:
    libc = " ".join(filter(None, (system.libc, system.libc_version)))
    known = system.os == "linux"  # signs of these two are looked for on Linux alone
    yield ("system", "subdir", ""), system.subdir
    yield ("system", "distribution", ""), system.distribution
    yield ("system", "kernel", ""), system.kernel
    yield ("system", "C library", ""), libc or None
    nothing = "no sign of one" if known else None
    yield ("system", "virtual machine", ""), system.virtualization or nothing
    yield ("system", "container", ""), system.container or nothing


def _client(client: Client) -> Iterator[tuple[Key, str | None]]:
    yield ("client", client.id, "version"), client.version
    yield ("installs", client.id, "CPU packages"), _unless_unknown(client.cpu_packages)
    for package in client.reported or ():
        name, _, value = package.partition("=")
        if name not in ("__unix", "__win", f"__{client.kind}"):
            yield ("reports", client.id, name), value


def _unless_unknown(word: str | None) -> str | None:
    return None if word == "unknown" else word


def _environments(rows: tuple[Environment, ...]) -> Iterator[tuple[Key, str | None]]:
    """One fact per environment; two in the homes of two users keep their whole paths."""
    short = [without_home(row.path) for row in rows]
    for row, name in zip(rows, short, strict=True):
        subject = name if short.count(name) == 1 else row.path
        yield ("environment", subject, ""), None if row.trouble else _said(row)


def _said(row: Environment) -> str:
    needs = "asks for no level" if row.needed_level is None else f"needs level {row.needed_level}"
    made = "" if row.installed_level is None else f", solved for {row.installed_level}"
    return f"{needs}{made}: {row.state}"
