"""Build an image again, for the oldest machine that shall run it."""

from doctor.model import Client, Cost, Environment, Remedy, Report, Run, Type
from doctor.reach import takes_variable
from doctor.remedies.commands import ORDER, VARIABLE

NAME = "rebuild-image"
TITLE = "Build the image again for the oldest machine"
WHY = "Changes one line of the image's recipe; images that are there already stay as they are."


def offer(report: Report, environment: Environment, level: str, names: tuple[str, ...]) -> Remedy:
    """The line of the image's recipe, where a client in it reads the override; else in words.

    `level` is this CPU's own or below.
    """
    able = [c for c in report.clients if c.kind in ORDER and takes_variable(c) and not c.ours]
    text = (
        "Build the image again with the level of the oldest machine that shall run it, named for "
        "the command that creates the environment and not with ENV. micromamba and mamba read it "
        "from 2.0 on, conda from 23.3 on."
    )
    return Remedy(
        text,
        (Type(_line(able[0], environment, level, names)),) if able else (),
        NAME,
        Cost.FILE,
        changes="the recipe of the image",
        network=True,
        undo="use the image's old tag again",
        verify="envdoctor envs, in the new image on the oldest machine",
        by_hand="an image is built from its recipe, not inside of a container",
    )


def _line(client: Client, environment: Environment, level: str, names: tuple[str, ...]) -> str:
    step = Run((client.kind, "create", "-p", environment.path, *names), {VARIABLE: level})
    return f"RUN {step}"
