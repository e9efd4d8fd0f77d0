"""Text that describes processors -> `Cpu`: `/proc/cpuinfo`, `sysctl`, and CPUID tables.

The formats are those of archspec's own samples (archspec/json/tests/targets in its wheel);
which CPUID bit is which feature comes from archspec's `cpuid.json`, never retyped.
"""

import json
import re
import struct
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from doctor.model import Cpu, ProcessorGroup

_ARM_VENDOR_KEY = "CPU implementer"
_CPUID_LINE = re.compile(r"\d{1,10}(, ?\d{1,10}){5},?")


class UnreadableCpu(ValueError):
    """Text that describes no processor; the message says what was expected."""


def parse(text: str, architecture: str | None = None) -> tuple[ProcessorGroup, ...]:
    """Processors described by `text`, alike ones grouped, in order of first appearance.

    `architecture` overrides what the text suggests (Power says not whether it is little-endian).
    Raises `UnreadableCpu` if the text is in none of the three formats.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any(_CPUID_LINE.fullmatch(line) for line in lines[:20]):
        return (ProcessorGroup(1, _from_cpuid(lines)),)
    if any(line.startswith(("machdep.cpu.", "hw.")) for line in lines[:20]):
        return (ProcessorGroup(1, _from_sysctl(lines)),)
    groups = _from_cpuinfo(text, architecture)
    if not groups:
        raise UnreadableCpu(
            "does not describe a processor: expected /proc/cpuinfo text, "
            "`sysctl machdep.cpu` output, or a CPUID table"
        )
    return groups


# --- /proc/cpuinfo ---------------------------------------------------------------------------


def _from_cpuinfo(text: str, architecture: str | None) -> tuple[ProcessorGroup, ...]:
    groups: dict[bytes, tuple[int, Cpu]] = {}
    for block in _blocks(text):
        cpu = _cpu(block, architecture or _architecture(block))
        if cpu is None:
            continue
        key = json.dumps([cpu.features, cpu.part, cpu.printed], sort_keys=True).encode()
        count, first = groups.get(key, (0, cpu))
        groups[key] = (count + 1, first)
    return tuple(ProcessorGroup(count, cpu) for count, cpu in groups.values())


def _blocks(text: str) -> Iterable[dict[str, str]]:
    """The key-value blocks that blank lines separate; archspec reads the first one only."""
    block: dict[str, str] = {}
    for line in text.splitlines():
        name, separator, value = line.partition(":")
        if separator:
            block[name.strip()] = value.strip()
        elif block:
            yield block
            block = {}
    if block:
        yield block


def _architecture(block: Mapping[str, str]) -> str | None:
    """Machine word that a block suggests, as `uname -m` prints it; `None` if it suggests none."""
    if "flags" in block or re.fullmatch(r"\w+Intel|Auth\w+|Hygon\w+", block.get("vendor_id", "")):
        return "x86_64"
    if _ARM_VENDOR_KEY in block or "Features" in block:
        return "aarch64"
    if "POWER" in block.get("cpu", ""):
        return "ppc64le"
    if block.get("isa", "").startswith("rv64") or "uarch" in block:
        return "riscv64"
    return "s390x" if "S390" in block.get("vendor_id", "") else None


def _cpu(block: Mapping[str, str], architecture: str | None) -> Cpu | None:
    """A block as a CPU, `None` if it says nothing about one (Power's closing block)."""
    if architecture in ("x86_64", "i686", "i386"):
        return _x86(block, architecture)
    if architecture == "aarch64":
        return Cpu(
            architecture,
            "linux",
            vendor=block.get(_ARM_VENDOR_KEY),
            brand=block.get("model name"),
            features=_words(block.get("Features")),
            part=block.get("CPU part", ""),
        )
    if architecture in ("ppc64le", "ppc64") and "cpu" in block:
        match = re.search(r"POWER(\d{1,4})", block["cpu"])
        generation = int(match[1]) if match else 0
        return Cpu(architecture, "linux", "IBM", block["cpu"], features=(), generation=generation)
    if architecture == "riscv64":
        return _riscv(block)
    if architecture is None or architecture in ("ppc64le", "ppc64"):
        return None
    brand = block.get("model name")
    return Cpu(architecture, "linux", block.get("vendor_id"), brand, features=())


def _x86(block: Mapping[str, str], architecture: str) -> Cpu | None:
    if not {"flags", "vendor_id"} & block.keys():
        return None
    return Cpu(
        architecture,
        "linux",
        vendor=block.get("vendor_id"),
        brand=block.get("model name"),
        family=_number(block.get("cpu family")),
        model=_number(block.get("model")),
        features=_words(block.get("flags")),
        printed={"flags": block["flags"]} if "flags" in block else {},
    )


def _riscv(block: Mapping[str, str]) -> Cpu | None:
    uarch = block.get("uarch", "")
    if uarch == "sifive,u74-mc":
        uarch = "u74mc"
    elif uarch == "spacemit,x60" or block.get("model name") == "Spacemit(R) X60":
        uarch = "x60"
    if not uarch and "isa" not in block:
        return None
    return Cpu(
        "riscv64",
        "linux",
        brand=block.get("model name"),
        features=(),
        uarch=uarch,
        printed={"uarch": block.get("uarch", "")},
    )


# --- sysctl (macOS) --------------------------------------------------------------------------

_SYSCTL_FEATURES = ("features", "leaf7_features", "extfeatures")


def _from_sysctl(lines: Iterable[str]) -> Cpu:
    pairs = (line.partition(":") for line in lines if line.startswith("machdep.cpu."))
    data = {name.removeprefix("machdep.cpu."): value.strip() for name, _, value in pairs}
    brand = data.get("brand_string")
    if "Apple" in (brand or ""):
        return Cpu("aarch64", "darwin", "Apple", brand, features=(), uarch=(brand or "").lower())
    printed = {name: data[name] for name in _SYSCTL_FEATURES if name in data}
    features = to_linux(" ".join(printed.values()).lower().split()) if printed else None
    return Cpu(
        "x86_64",
        "darwin",
        vendor=data.get("vendor"),
        brand=brand,
        family=_number(data.get("family")),
        model=_number(data.get("model")),
        features=features,
        printed=printed,
    )


def to_linux(features: Iterable[str]) -> tuple[str, ...]:
    """Darwin's feature names with the Linux names that archspec's conversions add."""
    found = set(features)
    for darwin, linux in _archspec_json("microarchitectures")["conversions"][
        "darwin_flags"
    ].items():
        if found.issuperset(darwin.split()):
            found.update(linux.split())
    return tuple(sorted(found))


# --- CPUID table (Windows) -------------------------------------------------------------------


def _from_cpuid(lines: Iterable[str]) -> Cpu:
    """Lines of `leaf, subleaf, eax, ebx, ecx, edx` in decimal, as archspec records Windows."""
    registers = {}
    for line in lines:
        if _CPUID_LINE.fullmatch(line):
            words = [word for word in line.replace(" ", "").split(",") if word]
            leaf, subleaf, *values = (int(word) & 0xFFFFFFFF for word in words)
            registers[leaf, subleaf] = dict(zip(("eax", "ebx", "ecx", "edx"), values, strict=True))
    if (0, 0) not in registers:
        raise UnreadableCpu("is a CPUID table without leaf 0, which names the vendor")
    vendor = struct.pack("<III", *(registers[0, 0][name] for name in ("ebx", "edx", "ecx")))
    return Cpu(
        "x86_64",
        "windows",
        vendor=vendor.decode("ascii", errors="replace"),
        brand=_brand(registers),
        features=cpuid_features(registers),
    )


def cpuid_features(registers: Mapping[tuple[int, int], Mapping[str, int]]) -> tuple[str, ...]:
    """Features whose bit is set, by archspec's `cpuid.json`; leaves that are absent have none."""
    found: set[str] = set()
    tables = _archspec_json("cpuid")
    for call in (*tables["flags"], *tables["extension-flags"]):
        values = registers.get((call["input"]["eax"], call["input"]["ecx"]), {})
        found.update(
            b["name"] for b in call["bits"] if values.get(b["register"], 0) >> b["bit"] & 1
        )
    return tuple(sorted(found))


def _brand(registers: Mapping[tuple[int, int], Mapping[str, int]]) -> str | None:
    leaves = [registers.get((leaf, 0)) for leaf in (0x80000002, 0x80000003, 0x80000004)]
    words = [value for leaf in leaves if leaf for value in leaf.values()]
    if len(words) != 12:
        return None
    return struct.pack("<12I", *words).decode("ascii", errors="replace").strip("\0 ")


# --- shared ----------------------------------------------------------------------------------


def archspec_folder() -> Path:
    """Where the archspec that envdoctor depends on keeps its JSON; it need not be imported."""
    spec = find_spec("archspec")
    if spec is None or spec.origin is None:
        raise UnreadableCpu("archspec is not installed next to envdoctor: pip install archspec")
    return Path(spec.origin).parent / "json" / "cpu"


@cache
def _archspec_json(name: str) -> dict:  # type: ignore[type-arg]
    return json.loads((archspec_folder() / f"{name}.json").read_text())  # type: ignore[no-any-return]


def _words(value: str | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value.split())


def _number(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"[0-9]{1,9}", value.strip()) else None
