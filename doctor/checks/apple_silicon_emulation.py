"""An x86-64 system that is emulated on another kind of CPU, as amd64 images on Apple silicon."""

import re
from collections.abc import Iterator

from doctor import reach
from doctor.model import (
    EMULATED,
    ROSETTA,
    Evidence,
    Finding,
    Machine,
    Remedy,
    Report,
    Severity,
    Type,
)
from doctor.remedies import override_for_one_command

ID = "docker-apple-silicon-emulation"
GROUP = "system"
SYMPTOM = "linux/amd64 image on a Mac with Apple silicon: Illegal instruction, no AVX"
CAUSE = (
    "Rosetta and QEMU translate x86-64 programs for the Arm CPU and offer few features: neither "
    "AVX nor AVX2 in most set-ups. Environments that were solved on a real x86-64 CPU need more."
)
DETECTED = (
    "The CPU calls itself VirtualApple or QEMU TCG, or an x86-64 system shows the /proc/cpuinfo of "
    "an Arm CPU."
)
REMEDIES = ("advice", "override-for-one-command")
ADVICE = (
    "Use the native image where there is one: its packages are built for the Arm CPU.",
    "Or let the emulator offer more: QEMU's CPU model max, or a newer macOS.",
)
SOURCES = (
    "https://github.com/docker/roadmap/issues/384",
    "https://github.com/docker/for-mac/issues/7137",
    "https://github.com/docker/for-mac/issues/7080",
    "https://github.com/orbstack/orbstack/issues/482",
    "https://github.com/lima-vm/lima/issues/3063",
)


def check(report: Report) -> Iterator[Finding]:
    """A warning where the emulation has no AVX2 (or that is unknown), else a note."""
    machine = report.machine
    what = _emulation(machine)
    if what is None:
        return
    level = reach.own_level(machine) or _seen_level(machine)
    poor = level not in ("x86_64_v3", "x86_64_v4")
    yield Finding(
        ID,
        "cpu",
        Severity.WARNING if poor else Severity.NOTE,
        f"This {machine.system.subdir} system runs under {what}"
        + (f"; level {level} is all it has" if poor and level else ""),
        f"Packages up to level {level} run here; what was solved for more ends with Illegal "
        "instruction. All of it runs slower than on the machine's own kind of system."
        if level
        else "Which level it has could not be read; it is seldom more than x86_64_v2. What was "
        "solved on a real x86-64 CPU may end with Illegal instruction.",
        (),
        tuple(_evidence(machine, what, level)),
        tuple(_remedies(report)),
        SOURCES[0],
    )


def _emulation(machine: Machine) -> str | None:
    """What emulates the processor, `None` where no sign of that was seen."""
    brand = machine.cpu.brand or ""
    if machine.system.os != "linux":
        return None
    if machine.system.virtualization in (ROSETTA, EMULATED):
        return machine.system.virtualization
    if "VirtualApple" in brand:
        return ROSETTA
    return "QEMU TCG" if re.search(r"\bQEMU TCG\b", brand) else None


def _seen_level(machine: Machine) -> str | None:
    """The level that a witness saw where the features could not be read."""
    return next((w.level for w in machine.witnesses if w.level), None)


def _evidence(machine: Machine, what: str, level: str | None) -> Iterator[Evidence]:
    yield Evidence(f"the CPU calls itself {machine.cpu.brand}" if machine.cpu.brand else what,
                   "/proc/cpuinfo")  # fmt: skip
    if machine.system.container:
        yield Evidence(f"in a container: {machine.system.container}", "machine facts")
    if reach.own_level(machine):
        yield Evidence(f"archspec says {level}", "CPU features")
    for witness in machine.witnesses:
        yield Evidence(f"{witness.name}: {witness.level or witness.trouble}", witness.source)


def _remedies(report: Report) -> Iterator[Remedy]:
    yield Remedy(
        ADVICE[0],
        (Type("docker run --platform linux/arm64 IMAGE"),),
    )
    own = reach.own_level(report.machine)
    why = f"Solve inside the image, for {own}: that much is emulated."
    able = [client for client in report.clients if reach.takes_variable(client)]
    for client in able[:1]:
        yield from override_for_one_command.offer(client, own, why)
    yield Remedy(ADVICE[1])
