"""Remove the build package that leaves compiler flags in a work environment."""

from doctor.model import Client, Cost, Environment, Record, Remedy, Report, Run
from doctor.remedies.commands import spoken

NAME = "remove-build-package"
TITLE = "Remove the package that sets compiler flags"
WHY = "Changes one environment by one package that is empty but for its activation script."


def offer(report: Report, environment: Environment, record: Record) -> list[Remedy]:
    """By the client that wrote the environment; in words where none is here."""
    kinds = [kind for kind in environment.written_by if kind != "pixi"] or ["conda"]
    able = [c for c in report.clients if c.kind in kinds and not c.trouble and not c.ours]
    if not able:
        text = f"Remove {record.name} from it, then open a new shell."
        return [Remedy(text, name=NAME, cost=Cost.ENVIRONMENT)]
    return [_by(able[0], environment, record)]


def _by(client: Client, environment: Environment, record: Record) -> Remedy:
    prefix = environment.path
    again = f"{record.name}={record.version}"
    return Remedy(
        "Remove it, open a new shell, and build again what was compiled meanwhile.",
        (Run((client.path, "remove", "-p", prefix, record.name)),),
        NAME,
        Cost.ENVIRONMENT,
        changes=f"the environment {prefix}",
        undo=f"{spoken(client)} install -p {Run((prefix,))} {again}",
        verify="envdoctor envs",
    )
