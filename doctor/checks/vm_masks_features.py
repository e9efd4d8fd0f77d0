"""Something between the hardware and us hides features."""

from collections.abc import Iterator

from doctor.model import Evidence, Finding, Machine, Nearest, Remedy, Report, Severity

ID = "vm-masks-cpu-features"
GROUP = "cpu"
SYMPTOM = "my CPU is new, conda says x86_64, x86_64_v2, or a generic name"
CAUSE = (
    "archspec gives a CPU its name only if every feature of that name is there. A hypervisor, a "
    "container on an emulator, firmware or a kernel option that hides one makes the name fall back."
)
DETECTED = (
    "Signs of a hypervisor, a container or an emulator are read from the system, and the visible "
    "features compared with those of the CPU's model number, or of the nearest name."
)
REMEDIES = ("advice",)
ADVICE = (
    "If you own the hypervisor, show guests the host's CPU (QEMU: -cpu host).",
    "Do not override upwards: what is hidden may also be switched off.",
)
SOURCES = (
    "https://github.com/archspec/archspec/issues/63",
    "https://github.com/archspec/archspec/issues/40",
    "https://github.com/archspec/archspec/issues/72",
    "https://github.com/spack/spack/issues/25786",
)


def check(report: Report) -> Iterator[Finding]:
    """One note with everything that was seen to hide features."""
    machine = report.machine
    if not machine.system.hides:
        return
    name, level = machine.microarchitecture.name, machine.microarchitecture.level
    hardware = machine.system.hardware
    if hardware is None or not hardware.missing:
        hardware = next(iter(machine.microarchitecture.nearest), None)
    yield Finding(
        ID,
        "cpu",
        Severity.NOTE,
        f"named {name}{_not(machine, hardware)}",
        f"Packages up to level {level} run here. A lower name is no fault of any client.",
        (),
        (
            *(Evidence(sentence, "machine facts") for sentence in machine.system.hides),
            *(
                Evidence(f"{w.name}: {w.level or w.trouble or 'unknown'}", w.source)
                for w in machine.witnesses
            ),
        ),
        tuple(Remedy(words) for words in ADVICE),
        SOURCES[0],
    )


def _not(machine: Machine, hardware: Nearest | None, most: int = 3) -> str:
    """What it is not named, and why: features of levels first, all of them in the evidence."""
    if hardware is None:
        return ""
    levels = {name for missing in machine.microarchitecture.missing.values() for name in missing}
    missing = sorted(hardware.missing, key=lambda name: (name not in levels, name))
    rest = f" and {len(missing) - most} more" if len(missing) > most else ""
    return f", not {hardware.name}: {' '.join(missing[:most])}{rest} hidden"
