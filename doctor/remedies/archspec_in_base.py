"""The archspec in a base environment, up or down."""

from doctor.model import Client, Cost, Probe, Remedy, Report, Run, Trial
from doctor.reach import own_level
from doctor.remedies.commands import BASE_BY_HAND, EXAMPLE, spoken
from doctor.version import at_least

NAME = "archspec-in-base"
TITLE = "Install another archspec into base"
WHY = "Changes the base environment, on which every use of this conda depends."


def install(report: Report, client: Client) -> Remedy:
    """A way that works without archspec: conda 23.11.0 to 24.11.3 fails whatever is set."""
    version = client.version or "0"
    step = Run((client.path, "install", "-n", "base", "archspec"))
    text = "Install archspec into base, from the channel that base uses."
    if at_least(version, "23.11.0"):
        level = own_level(report.machine)
        if at_least(version, "25.1.0") and level is not None:
            text = "Install archspec into base; the override keeps this one command from failing."
            step = Run(step.argv, {"CONDA_OVERRIDE_ARCHSPEC": level})
        else:
            text = "Install archspec with base's own Python: this conda can install nothing now."
            python = client.python or "python"
            step = Run((python, "-m", "pip", "install", "archspec"))
            return _in_base(client, text, step, f"{Run((python,))} -m pip uninstall archspec", {})
        return _in_base(client, text, step, "none: this conda depends on archspec", {})
    return _in_base(client, text, step, f"{spoken(client)} remove -n base archspec", {})


def go_back(client: Client, before: str) -> Remedy:
    """The newest archspec before a release; offered where that release's names are unknown."""
    text = "Go back to an archspec without this name in base."
    step = Run((client.path, "install", "-n", "base", f"archspec<{before}"))
    return _in_base(client, text, step, f"{spoken(client)} update -n base archspec",
                    {"archspec": "0.2.6"})  # fmt: skip


def _in_base(client: Client, text: str, step: Run, undo: str, parts: dict[str, str]) -> Remedy:
    after = Probe(client.id, EXAMPLE, version=client.version, parts=parts or {"archspec": "0.2.6"})
    return Remedy(
        text,
        (step,),
        NAME,
        Cost.BASE,
        changes=f"the base environment {client.root or ''}".rstrip(),
        network=True,
        undo=undo,
        verify="envdoctor clients",
        by_hand=BASE_BY_HAND,
        trial=Trial((Probe(client.id, EXAMPLE),), (after,)),
    )
