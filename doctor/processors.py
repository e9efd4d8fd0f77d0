"""Host -> all processors of the machine, and the level that they share."""

from doctor import cpu as cpu_text
from doctor import microarch
from doctor.host import Host
from doctor.model import Command, Cpu, ProcessorGroup

_ARCHITECTURES = {"AMD64": "x86_64", "ARM64": "aarch64", "arm64": "aarch64"}


def processors(host: Host) -> tuple[tuple[ProcessorGroup, ...], str | None]:
    """All processors, alike ones grouped, and why there are none if there are none."""
    facts = host.facts()
    if facts.system == "Linux":
        source = host.read("/proc/cpuinfo")
        text, trouble = source.text, f"/proc/cpuinfo {source.trouble}"
    elif facts.system == "Darwin":
        said = host.run(Command(("/usr/sbin/sysctl", "-i", "machdep.cpu", "hw.memsize")))
        text, trouble = said.stdout, f"sysctl {said.trouble or 'printed no CPU'}"
    else:
        said = host.run(Command(("@python@", "-c", "@probe:cpuid_table@")))
        text, trouble = said.stdout, f"CPUID {said.trouble or 'could not be read'}"
    if not text:
        return (), trouble
    architecture = facts.machine if facts.system == "Linux" else None
    try:
        return cpu_text.parse(text, _ARCHITECTURES.get(architecture or "", architecture)), None
    except cpu_text.UnreadableCpu as error:
        return (), f"/proc/cpuinfo {error}"


def shows_arm(host: Host) -> bool:
    """Whether an x86-64 Linux shows the processor of the Arm machine that emulates it.

    Docker on Apple silicon does, with QEMU and with Rosetta (docker/for-mac #7080, moby #43782).
    """
    facts = host.facts()
    if (facts.system, facts.machine) != ("Linux", "x86_64"):
        return False
    return "\nCPU implementer" in (host.read("/proc/cpuinfo").text or "")


def shared_level(groups: tuple[ProcessorGroup, ...]) -> str | None:
    """The level that every processor of the machine has, `None` if unknown."""
    if not groups:
        return None
    first = groups[0].cpu
    if first.architecture != "x86_64" or len(groups) == 1:
        return microarch.describe(first).level
    sets = [group.cpu.features for group in groups]
    if any(features is None for features in sets):
        return None
    common = set.intersection(*(set(features or ()) for features in sets))
    features = tuple(sorted(common))
    shared = Cpu("x86_64", first.system, first.vendor, features=features)
    return microarch.describe(shared).level
