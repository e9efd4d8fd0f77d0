"""archspec's targets, and the selection of each release over recorded CPU facts.

`archspec.cpu.host()` looks at the running machine only, so this applies what each release does
(archspec/cpu/detect.py, `host`, at the tags v0.1.0 to v0.2.7) to facts from anywhere.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from msgspec import Struct

from doctor.model import Cpu
from doctor.version import at_least


class Target(Struct, frozen=True):
    """One archspec target: a named microarchitecture or a generic level."""

    name: str
    parents: tuple[str, ...]
    vendor: str
    features: frozenset[str]
    generation: int = 0
    part: str = ""


class Database:
    """The targets that one archspec release knows, with the way that release selects."""

    def __init__(
        self,
        release: str,
        targets: Mapping[str, Target],
        darwin_flags: Mapping[str, str],
        arm_vendors: Mapping[str, str],
    ) -> None:
        """Holds one release's tables."""
        self.release = release
        self.targets = targets
        self.darwin_flags = darwin_flags
        self.arm_vendors = arm_vendors

    @cached_property
    def ancestors(self) -> Mapping[str, tuple[str, ...]]:
        """Ancestors of every target, nearest first, in archspec's order."""
        known: dict[str, tuple[str, ...]] = {}

        def climb(name: str) -> tuple[str, ...]:
            if name not in known:
                order = list(self.targets[name].parents)
                for parent in self.targets[name].parents:
                    order.extend(a for a in climb(parent) if a not in order)
                known[name] = tuple(order)
            return known[name]

        for name in self.targets:
            climb(name)
        return known

    def generic(self, name: str) -> str:
        """Deepest generic target that `name` implies, which is archspec's `.generic`."""
        line = [n for n in (name, *self.ancestors[name]) if self.targets[n].vendor == "generic"]
        return max(line, key=lambda n: len(self.ancestors[n]))

    def level(self, name: str) -> str | None:
        """Level of a target: its generic target; for Power its generation (`power9le`)."""
        if name not in self.targets:
            return None
        line = (name, *self.ancestors[name])
        if "ppc64le" in line or "ppc64" in line:
            return name
        return self.generic(name)

    def required(self, name: str) -> frozenset[str]:
        """Features that a target and all its ancestors ask for."""
        line = (name, *self.ancestors[name])
        return frozenset().union(*(self.targets[n].features for n in line))

    def host(self, cpu: Cpu) -> str | None:
        """The name that this release's `archspec.cpu.host()` gives; `None` if nothing is known."""
        if cpu.architecture is None or (cpu.features is None and cpu.architecture == "x86_64"):
            return None
        if cpu.system == "windows" and not at_least(self.release, "0.2.3"):
            return "AMD64" if cpu.architecture == "x86_64" else cpu.architecture
        compatible = self._compatible(cpu)
        return self._select(cpu, compatible) if compatible else cpu.architecture

    def _select(self, cpu: Cpu, candidates: list[str]) -> str:
        """Step 5 of `host()`: the best descendant of the best generic candidate."""

        def rank(name: str) -> tuple[int, int]:
            size = len(self.targets[name].features) if at_least(self.release, "0.1.2") else 0
            return len(self.ancestors[name]), size

        if not at_least(self.release, "0.1.3"):
            return max(candidates, key=rank)
        best = max((n for n in candidates if self.targets[n].vendor == "generic"), key=rank)
        if cpu.part and at_least(self.release, "0.2.5"):
            same = [n for n in candidates if self.targets[n].part == cpu.part]
            candidates = same or candidates
        better = [n for n in candidates if best in self.ancestors[n]]
        return max(better, key=rank) if better else best

    def _compatible(self, cpu: Cpu) -> list[str]:
        """Targets of the CPU's family that its facts admit."""
        root = cpu.architecture
        if root not in self.targets or root not in _ADMITS:
            return []
        admits = _ADMITS[root]
        family = [n for n in self.targets if n == root or root in self.ancestors[n]]
        facts = _Facts(cpu, self)
        return [n for n in family if admits(self, facts, self.targets[n])]


class _Facts:
    """A CPU as one release's detection code sees it."""

    def __init__(self, cpu: Cpu, database: Database) -> None:
        self.cpu = cpu
        self.features = frozenset(with_sse3(_features(cpu, database), database.release))
        self.vendor = database.arm_vendors.get(cpu.vendor or "", cpu.vendor or "generic")
        self.model = _apple_model(cpu, database)


def with_sse3(features: Iterable[str], release: str) -> set[str]:
    """ssse3 implies sse3 for CPUs and targets alike since 0.2.6 (Microarchitecture.__init__)."""
    found = set(features)
    return found | {"sse3"} if "ssse3" in found and at_least(release, "0.2.6") else found


def _features(cpu: Cpu, database: Database) -> Iterable[str]:
    """Features after this release's conversions (detect.py, `adjust_raw_flags` up to 0.2.2)."""
    if cpu.architecture != "x86_64" or not cpu.printed or cpu.system == "windows":
        return cpu.features or ()
    if cpu.system == "linux":
        if at_least(database.release, "0.2.3"):
            return cpu.features or ()
        return _by_substring(cpu.printed.get("flags", ""), database.darwin_flags).split()
    fields = ["features", "leaf7_features"]
    if at_least(database.release, "0.2.6"):
        fields.append("extfeatures")
    text = " ".join(cpu.printed.get(field, "") for field in fields).lower()
    if not at_least(database.release, "0.2.3"):
        return _by_substring(text, database.darwin_flags).split()
    found = set(text.split())
    for darwin, linux in database.darwin_flags.items():
        words = darwin.split() if at_least(database.release, "0.2.6") else [darwin]
        if found.issuperset(words):
            found.update(linux.split())
    return found


def _by_substring(text: str, conversions: Mapping[str, str]) -> str:
    """Releases up to 0.2.2 converted on every system, by substring of the whole line."""
    for darwin, linux in conversions.items():
        if darwin in text:
            text += f" {linux}"
    return text


def _apple_model(cpu: Cpu, database: Database) -> str:
    """The Apple model that this release reads out of the brand string."""
    brand = cpu.uarch
    if not at_least(database.release, "0.2.6"):
        known = "m2" if "m2" in brand and at_least(database.release, "0.2.0") else "m1"
        return known if "apple" in brand else "unknown"
    match = re.search(r"apple\s+m(\d{1,3})(?!\d)", brand)
    for number in range(int(match[1]) if match else 0, 0, -1):
        if f"m{number}" in database.targets:
            return f"m{number}"
    return "m1" if brand == "apple processor" else "aarch64"


def _admits_x86(database: Database, facts: _Facts, target: Target) -> bool:
    return target.vendor in (facts.vendor, "generic") and target.features <= facts.features


def _admits_power(database: Database, facts: _Facts, target: Target) -> bool:
    return target.generation <= (facts.cpu.generation or 0)


def _admits_aarch64(database: Database, facts: _Facts, target: Target) -> bool:
    if (
        target.vendor == "generic"
        and target.name != "aarch64"
        and at_least(database.release, "0.2.0")
    ):
        return False
    if target.vendor not in (facts.vendor, "generic"):
        return False
    if facts.cpu.system != "darwin":
        return target.features <= facts.features
    if not at_least(database.release, "0.2.0"):
        return True
    return target.name in (facts.model, *database.ancestors.get(facts.model, ()))


def _admits_riscv64(database: Database, facts: _Facts, target: Target) -> bool:
    name = (
        facts.cpu.uarch if facts.cpu.uarch in database.targets else facts.cpu.printed.get("uarch")
    )
    return target.vendor == "generic" or target.name == (name or "riscv64")


_ADMITS: dict[str, Callable[[Database, _Facts, Target], bool]] = {
    "x86_64": _admits_x86,
    "ppc64le": _admits_power,
    "ppc64": _admits_power,
    "aarch64": _admits_aarch64,
    "riscv64": _admits_riscv64,
}
