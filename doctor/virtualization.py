"""What stands between a system and its hardware, and what that hides of the CPU."""

import re

from doctor.host import Host
from doctor.model import EMULATED, ROSETTA, Cpu, Microarchitecture, Nearest
from doctor.processors import shows_arm

_VENDORS = (
    ("KVM", "KVM"), ("QEMU", "QEMU"), ("VMware", "VMware"), ("VirtualBox", "VirtualBox"),
    ("innotek", "VirtualBox"), ("Xen", "Xen"), ("Microsoft Corporation", "Hyper-V"),
    ("Amazon EC2", "Amazon EC2"), ("Google", "Google Compute Engine"), ("Parallels", "Parallels"),
)  # fmt: skip


def virtual_machine(host: Host, cpu: Cpu) -> str | None:
    """The kind of virtual machine, `None` if no sign of one was seen."""
    if host.facts().system != "Linux":
        return None
    release = host.facts().release
    if "microsoft" in release.lower():
        return "WSL 2" if "WSL2" in release else "WSL 1"
    brand = cpu.brand or ""
    if "VirtualApple" in brand:
        return ROSETTA
    if cpu.architecture is None and shows_arm(host):
        return EMULATED
    texts = [brand]
    for name in ("sys_vendor", "product_name"):
        texts.append(host.read(f"/sys/class/dmi/id/{name}").text or "")
    for sign, name in _VENDORS:
        if any(sign in text for text in texts) and "hypervisor" in (cpu.features or ()):
            return name
    return "virtual machine" if "hypervisor" in (cpu.features or ()) else None


def container(host: Host) -> str | None:
    """The kind of container that we are in, `None` if no sign of one was seen."""
    if host.facts().system != "Linux":
        return None
    if host.look("/.dockerenv").kind != "absent":
        return "Docker"
    if host.look("/run/.containerenv").kind != "absent":
        return "Podman"
    named = host.env("APPTAINER_NAME") or host.env("SINGULARITY_NAME")
    if named is not None:
        return "Apptainer"
    cgroup = host.read("/proc/1/cgroup").text or ""
    match = re.search(r"(docker|kubepods|lxc|containerd)", cgroup)
    return match[1] if match else None


def hides(
    host: Host,
    cpu: Cpu,
    described: Microarchitecture,
    virtualization: str | None,
    hardware: Nearest | None,
) -> tuple[str, ...]:
    """What can hide features that the hardware has, one sentence each."""
    found = []
    lacking = described.nearest[0] if described.nearest else None
    if virtualization == "WSL 1":
        found.append("WSL 1 shows only the flags of CPUID leaf 1")
    elif virtualization == ROSETTA:
        found.append("this is an amd64 system on Apple silicon, whose emulation has few features")
    elif hardware and hardware.missing:
        who = f"the {virtualization}" if virtualization else "the firmware or the kernel"
        found.append(
            f"by family {cpu.family}, model {cpu.model} the hardware is {hardware.name}: "
            f"{who} hides {' '.join(hardware.missing)}"
        )
    elif virtualization and lacking and described.name == described.level:
        missing = " ".join(lacking.missing)
        found.append(
            f"the {virtualization} may hide {missing}, without which it is no {lacking.name}"
        )
    cmdline = host.read("/proc/cmdline").text or "" if host.facts().system == "Linux" else ""
    for option in re.findall(r"\b(clearcpuid=\S+|noxsave\S*|nosmap|nosmep|noavx\S*)", cmdline):
        found.append(f"the kernel was started with {option}")
    for name in host.env_names("ARCHSPEC_"):
        found.append(f"{name} replaces archspec's own tables for everything that imports archspec")
    if cpu.brand and re.search(r"QEMU Virtual CPU|Common KVM processor", cpu.brand):
        found.append(f"the CPU model is {cpu.brand}, a minimal one")
    return tuple(found)
