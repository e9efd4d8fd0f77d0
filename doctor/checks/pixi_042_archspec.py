"""pixi 0.42.0 compares the lock's `__archspec` with the CPU's own name, and refuses."""

from collections.abc import Iterator

from doctor import reach
from doctor.levels import family_of
from doctor.model import Evidence, Finding, Report, Severity
from doctor.remedies import upgrade_client
from doctor.version import between

ID = "pixi-042-archspec-regression"
GROUP = "clients"
SYMPTOM = "Virtual package '__archspec ==1 x86_64' does not match any of the available ones"
CAUSE = (
    "pixi 0.42.0 began to check every virtual package that a lock asks for. Its locks ask for the "
    "CPU name x86_64, which stands for the lowest level, and CPUs report their own names."
)
DETECTED = "The version of pixi is 0.42.0, and it reports another name than x86_64 for this CPU."
REMEDIES = ("upgrade-client",)
SOURCES = (
    "https://github.com/prefix-dev/pixi/issues/3280",
    "https://github.com/prefix-dev/pixi/pull/3281",
    "prefix-dev/pixi v0.42.0:src/lock_file/virtual_packages.rs",
)


def check(report: Report) -> Iterator[Finding]:
    """One error per pixi 0.42.0 on a CPU that it does not call x86_64."""
    for client in report.clients:
        package = reach.shown(client)
        if client.kind != "pixi" or not between(client.version or "0", "0.42.0", "0.42.1"):
            continue
        has_levels = family_of(report.machine.system.subdir) is not None
        if has_levels and package is not None and package.build != "x86_64":
            yield Finding(
                ID,
                client.id,
                Severity.ERROR,
                f"{client.title} refuses locked environments that ask for __archspec",
                "pixi install and pixi run stop where the lock holds a level package, although "
                "the packages would run here.",
                (client.id,),
                (
                    Evidence(f"it reports {package}", reach.source(client)),
                    Evidence("0.42.0 compares all that the lock's packages depend on", SOURCES[2]),
                    Evidence("0.42.1 leaves __archspec out", SOURCES[1]),
                ),
                tuple(upgrade_client.offer(client)),
                SOURCES[0],
            )
