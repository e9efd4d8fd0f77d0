"""Declare the CPU of a pixi platform, in the form that the installed pixi understands."""

from doctor.model import Client, Cost, Probe, Remedy, Report, Run, Trial
from doctor.reach import own_number
from doctor.version import at_least

NAME = "pixi-platform"
TITLE = "Declare the CPU with a pixi platform"
WHY = "Changes the workspace's manifest and lock file; pixi does not check what is declared."

RICH = "0.71.0"
"""First pixi whose platforms carry `archspec` (prefix-dev/pixi #6178)."""


def offer(report: Report) -> list[Remedy]:
    """The platform entry for level 3 beside the plain one, where this CPU has that level."""
    subdir = report.machine.system.subdir or "linux-64"
    own = own_number(report.machine)
    if own not in (3, 4):
        return []
    known = [c for c in report.clients if c.kind == "pixi" and c.version]
    too_old = [c for c in known if not at_least(c.version or "0", RICH)]
    if known and len(too_old) == len(known):
        return [_blocked(too_old[0], subdir)]
    able = [c for c in known if c not in too_old]
    return [_declared(able[0] if able else None, subdir)]


def entry(subdir: str) -> str:
    """The TOML of the platform."""
    return f'{{ name = "{subdir}-v3", platform = "{subdir}", archspec = "x86_64_v3" }}'


def _declared(pixi: Client | None, subdir: str) -> Remedy:
    requirement = "_x86_64-microarch-level>=3"
    argv = ("workspace", "platform", "add", f"{subdir}-v3={subdir}", "--archspec", "x86_64_v3")
    text = (
        f"With pixi {RICH} or newer, and if every machine that uses the workspace has level 3 "
        f"(pixi does not check), put this line in the manifest: "
        f'platforms = [{entry(subdir)}, "{subdir}"]'
    )
    trial = None
    if pixi is not None:
        declared = Probe(
            pixi.id, requirement, version=pixi.version, parts={"archspec": "x86_64_v3"}
        )
        trial = Trial((Probe(pixi.id, requirement),), (declared,))
    return Remedy(
        text,
        (Run((pixi.path, *argv)),) if pixi else (),
        NAME,
        Cost.FILE,
        changes="the workspace's manifest and lock file",
        network=True,
        undo=f"pixi workspace platform remove {subdir}-v3",
        verify="pixi list _x86_64-microarch-level",
        by_hand="envdoctor never edits a manifest: run it, or change the line, yourself",
        trial=trial,
    )


def _blocked(pixi: Client, subdir: str) -> Remedy:
    return Remedy(
        f"With pixi {RICH} or newer, put this line in the manifest: "
        f'platforms = [{entry(subdir)}, "{subdir}"]',
        name=NAME,
        cost=Cost.FILE,
        blocked=f"pixi {pixi.version} has no such platforms: upgrade it first",
    )
