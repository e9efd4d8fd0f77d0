"""Something between the hardware and us hides features."""

from collections.abc import Iterator

from doctor.model import Evidence, Finding, Remedy, Report, Severity

ID = "vm-masks-cpu-features"
SYMPTOM = "my CPU is new, conda says x86_64, x86_64_v2, or a generic name"
CAUSE = (
    "archspec gives a CPU its name only if every feature of that name is there. A hypervisor, a "
    "container on an emulator, or a kernel option that hides one makes the name fall back."
)


def check(report: Report) -> Iterator[Finding]:
    """One note with everything that was seen to hide features."""
    machine = report.machine
    if not machine.system.hides:
        return
    name, level = machine.microarchitecture.name, machine.microarchitecture.level
    nearest = machine.microarchitecture.nearest
    near = f", not {nearest[0].name}: {' '.join(nearest[0].missing)} missing" if nearest else ""
    yield Finding(
        ID,
        "cpu",
        Severity.NOTE,
        f"named {name}{near}",
        f"This CPU runs packages up to level {level}. A generic name is no fault.",
        (),
        (
            *(Evidence(sentence, "machine facts") for sentence in machine.system.hides),
            *(
                Evidence(f"{w.name}: {w.level or w.trouble or 'unknown'}", w.source)
                for w in machine.witnesses
            ),
        ),
        (Remedy("If you own the hypervisor, show guests the host's CPU (QEMU: -cpu host)."),
         Remedy("Do not override upwards: what is hidden may also be switched off.")),
        "https://github.com/archspec/archspec/issues/63",
    )  # fmt: skip
