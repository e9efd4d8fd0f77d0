"""Host -> Machine: the processor, the system, what stands between them, and second opinions."""

import re

from msgspec.structs import replace

from doctor import microarch, startup
from doctor.cpu_models import hardware_name
from doctor.host import Host
from doctor.model import (
    EMULATED,
    Command,
    Cpu,
    Machine,
    Microarchitecture,
    ProcessorGroup,
    System,
    Witness,
)
from doctor.processors import processors, shared_level
from doctor.virtual import libmamba
from doctor.virtualization import container, hides, virtual_machine

SETTING_PREFIXES = ("CONDA_OVERRIDE_", "ARCHSPEC_", "MAMBA_EXPERIMENTAL_")
SETTINGS = (
    "CONDA_SUBDIR", "CONDA_SOLVER", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "MAMBA_PLATFORM",
    "PIXI_OVERRIDE_PLATFORM", "CONDA_NO_PLUGINS",
)  # fmt: skip

LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")

_CUDA_SIGNS = (
    "/proc/driver/nvidia/version", "/dev/nvidiactl", "/usr/local/cuda/version.json",
    "/usr/lib/x86_64-linux-gnu/libcuda.so.1", "/usr/lib64/libcuda.so.1", "/usr/lib/libcuda.so.1",
    "/usr/lib/wsl/lib/libcuda.so.1",
)  # fmt: skip


def read(host: Host) -> Machine:
    """Everything about the host's machine; what cannot be read stays `None`."""
    groups, trouble = processors(host)
    first = groups[0].cpu if groups else Cpu()
    described = microarch.describe(first)
    system = _system(host, first, described)
    return Machine(
        cpu=first,
        microarchitecture=described,
        system=system,
        groups=groups,
        shared_level=shared_level(groups),
        witnesses=_witnesses(host, first, system),
        settings=settings(host),
        startup=startup.read(host),
        trouble=trouble,
    )


def glance(host: Host) -> Machine:
    """The processor and its level alone: what the app's first frame can show at once."""
    groups, trouble = processors(host)
    first = groups[0].cpu if groups else Cpu()
    return Machine(
        cpu=first,
        microarchitecture=microarch.describe(first),
        system=System(virtualization=virtual_machine(host, first)),
        groups=groups,
        trouble=trouble,
    )


def of_cpu(groups: tuple[ProcessorGroup, ...], known: System | None = None) -> Machine:
    """A machine of which only the processors are known: another one's, described in a file.

    `known` is the system that is assumed where it is of the same subdir, without its hardware.
    """
    first = groups[0].cpu
    native = native_subdir(first)
    os_name = (native or "").partition("-")[0] or None
    system = System(os=os_name, subdir=native, cuda=known.cuda if known else None)
    if known is not None and native == known.subdir:
        system = replace(known, virtualization=None, container=None, hardware=None, hides=(),
                         processors=None, memory=None, shell=None)  # fmt: skip
    return Machine(
        cpu=first,
        microarchitecture=microarch.describe(first),
        system=system,
        groups=groups,
        shared_level=shared_level(groups),
    )


def native_subdir(cpu: Cpu) -> str | None:
    """Subdir of the machine that a CPU description comes from."""
    architecture = cpu.architecture or ""
    if cpu.system == "darwin":
        return subdir("Darwin", "arm64" if architecture == "aarch64" else architecture)
    if cpu.system == "windows":
        return subdir("Windows", "AMD64")
    return subdir("Linux", architecture)


def settings(host: Host) -> dict[str, str]:
    """Environment variables that change what clients report; empty ones included."""
    names = [name for prefix in SETTING_PREFIXES for name in host.env_names(prefix)]
    found = {name: host.env(name) for name in (*names, *SETTINGS)}
    return {name: value for name, value in sorted(found.items()) if value is not None}


# --- the system ------------------------------------------------------------------------------


def _system(host: Host, cpu: Cpu, described: Microarchitecture) -> System:
    facts = host.facts()
    os_release = _os_release(host) if facts.system == "Linux" else {}
    libc, libc_version = facts.libc or (None, None)
    if libc is None and facts.system == "Linux" and host.names("/lib", "ld-musl-*.so.1"):
        libc = "musl"
    virtualization = virtual_machine(host, cpu)
    figures = host.figures()
    known = hardware_name(cpu) if cpu.features is not None else None
    hardware = microarch.hidden(cpu, known) if known else None
    return System(
        os={"Linux": "linux", "Darwin": "osx", "Windows": "win"}.get(facts.system),
        subdir=subdir(facts.system, facts.machine),
        kernel=facts.release or None,
        libc=libc,
        libc_version=libc_version,
        distribution=os_release.get("PRETTY_NAME") or os_release.get("NAME"),
        distribution_version=os_release.get("VERSION_ID") or facts.distribution,
        distribution_best=_best_version(host, os_release) or facts.distribution,
        virtualization=virtualization,
        container=container(host),
        hardware=hardware,
        hides=hides(host, cpu, described, virtualization, hardware),
        processors=figures.processors,
        memory=figures.memory,
        shell=figures.shell,
        cuda=_cuda(host),
        cuda_toolkit=_cuda_toolkit(host) if facts.system == "Linux" else None,
    )


def subdir(system: str, machine: str) -> str | None:
    """conda's subdir for `platform.system()` and `platform.machine()`, `None` if it has none."""
    if system == "Linux":
        known = {"x86_64": "linux-64", "i686": "linux-32", "i386": "linux-32"}
        return known.get(machine, f"linux-{machine}")
    if system == "Darwin":
        return {"x86_64": "osx-64", "arm64": "osx-arm64"}.get(machine)
    if system == "Windows":
        return {"AMD64": "win-64", "ARM64": "win-arm64", "x86": "win-32"}.get(machine)
    return None


def _os_release(host: Host) -> dict[str, str]:
    text = host.read("/etc/os-release").text or host.read("/usr/lib/os-release").text or ""
    return {name: value for name, value in re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.MULTILINE)}


def _best_version(host: Host, os_release: dict[str, str]) -> str | None:
    """The most precise version, as the `distro` library finds it (Debian keeps it elsewhere)."""
    if os_release.get("ID") == "debian":
        precise = (host.read("/etc/debian_version").text or "").strip()
        if re.match(r"\d", precise):
            return precise
    return os_release.get("VERSION_ID")


def _cuda(host: Host) -> bool | None:
    """`False` where no sign of an NVIDIA driver was seen; whether one works is not known."""
    if host.facts().system != "Linux":
        return None
    signs = [path for path in _CUDA_SIGNS if host.look(path).kind != "absent"]
    return None if signs or host.on_path("nvidia-smi") else False


def _cuda_toolkit(host: Host) -> str | None:
    """The version in the file that libmamba 2.0.6 and newer reads before it asks the driver."""
    text = host.read("/usr/local/cuda/version.json").text or ""
    found = re.search(r'"cuda"\s*:\s*\{[^}]*"version"\s*:\s*"([\d.]{1,20})"', text)
    return found[1] if found else None


# --- second opinions -------------------------------------------------------------------------


def _witnesses(host: Host, cpu: Cpu, system: System) -> tuple[Witness, ...]:
    if cpu.architecture != "x86_64":
        return (_loader(host),) if system.virtualization == EMULATED else ()
    found = [
        Witness("psABI table over the same flags", psabi_level(cpu), "x86-64 psABI, 77566eb0"),
        Witness("libmamba's short test", libmamba.level(cpu), "virtual_packages.cpp"),
    ]
    if system.os == "linux" and system.libc != "musl":
        found.insert(0, _loader(host))
    return tuple(found)


def psabi_level(cpu: Cpu) -> str | None:
    """Level by the psABI's table: archspec's without `xsave`, with `sse3` (printed as pni)."""
    if cpu.features is None:
        return None
    database = microarch.installed()
    have = {*cpu.features, "xsave"} | ({"sse3"} if "pni" in cpu.features else set())
    best = "x86_64"
    for name in microarch.X86_LEVELS[1:]:
        wanted = database.required(name) | ({"sse3"} if cpu.system == "linux" else set())
        if not wanted <= have:
            break
        best = name
    return best


def _loader(host: Host) -> Witness:
    """What the dynamic loader says that it supports; glibc lists levels since 2.33."""
    path = next((p for p in LOADERS if host.look(p).kind == "executable"), None)
    name = "dynamic loader"
    if path is None:
        return Witness(name, None, "ld.so --help", "was not found")
    said = host.run(Command((path, "--help"), limit=2.0))
    if said.trouble or said.exit_status:
        reason = said.trouble or f"ended with exit status {said.exit_status}"
        return Witness(name, None, f"{path} --help", reason)
    supported = re.findall(r"^\s*x86-64-v(\d) \(supported", said.stdout, re.MULTILINE)
    if "x86-64-v2" not in said.stdout:
        return Witness(name, None, f"{path} --help", "lists no levels: glibc before 2.33")
    level = f"x86_64_v{max(supported)}" if supported else "x86_64"
    return Witness(name, level, f"{path} --help")
