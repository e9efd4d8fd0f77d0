"""The facts about one computer."""

from msgspec import Struct, field

from doctor.model.crossing import Line

ROSETTA = "Rosetta on Apple silicon"
EMULATED = "emulation on an Arm CPU"
"""Words of `System.virtualization` for x86-64 systems that no x86-64 CPU runs."""


class Cpu(Struct, frozen=True):
    """One processor as its operating system describes it.

    `system` is `linux`, `darwin` or `windows`; `features` are in archspec's (Linux) spelling and
    `None` when they could not be read; `printed` keeps the raw fields that older archspec
    releases read in their own way; `part`, `generation` and `uarch` are Arm's, Power's, RISC-V's.
    """

    architecture: str | None = None
    system: str | None = None
    vendor: str | None = None
    brand: str | None = None
    family: int | None = None
    model: int | None = None
    features: tuple[str, ...] | None = None
    printed: dict[str, str] = field(default_factory=dict)
    part: str = ""
    generation: int | None = None
    uarch: str = ""


class ProcessorGroup(Struct, frozen=True):
    """Processors of one kind among those the machine has."""

    count: int
    cpu: Cpu


class Nearest(Struct, frozen=True):
    """A named microarchitecture that this CPU nearly is, and the features it lacks."""

    name: str
    missing: tuple[str, ...]


class LevelFeatures(Struct, frozen=True):
    """The features that one level adds, split into what the CPU has and what it lacks."""

    level: str
    have: tuple[str, ...]
    lacks: tuple[str, ...]


class Microarchitecture(Struct, frozen=True):
    """archspec's name and level of a CPU; `missing` maps each higher level to what it lacks."""

    name: str | None = None
    level: str | None = None
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    nearest: tuple[Nearest, ...] = ()
    levels: tuple[LevelFeatures, ...] = ()
    release: str | None = None


class Witness(Struct, frozen=True):
    """A second opinion on the level, with where it comes from; `level` is `None` if it has none."""

    name: str
    level: str | None
    source: str
    trouble: str | None = None


class System(Struct, frozen=True):
    """The operating system and what stands between it and the hardware.

    `os` is conda's word (`linux`, `osx`, `win`); `subdir` the native one; `cuda` is `False` where
    no sign of an NVIDIA driver was seen, `None` where that could not be told. `hardware` is what
    the CPU's model number says that it is, with the features of it that cannot be seen;
    `cuda_toolkit` is the version of the CUDA toolkit that is installed beside the driver.
    """

    os: str | None = None
    subdir: str | None = None
    kernel: str | None = None
    libc: str | None = None
    libc_version: str | None = None
    distribution: str | None = None
    distribution_version: str | None = None
    distribution_best: str | None = None
    virtualization: str | None = None
    container: str | None = None
    hardware: Nearest | None = None
    hides: tuple[str, ...] = ()
    processors: int | None = None
    memory: int | None = None
    shell: str | None = None
    cuda: bool | None = None
    cuda_toolkit: str | None = None


class Machine(Struct, frozen=True):
    """The facts about one computer: CPU, level, operating system, settings, witnesses.

    `startup` are the lines of shells' start-up files that concern clients.
    """

    cpu: Cpu
    microarchitecture: Microarchitecture
    system: System
    groups: tuple[ProcessorGroup, ...] = ()
    shared_level: str | None = None
    witnesses: tuple[Witness, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    startup: tuple[Line, ...] = ()
    trouble: str | None = None
