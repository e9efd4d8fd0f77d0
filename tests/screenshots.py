"""`python -m tests.screenshots [FOLDER]` renders every room from recordings, as SVG."""

import asyncio
import re
import sys
from collections.abc import Callable
from pathlib import Path

from doctor.examine import LIMIT
from doctor.explain import place
from doctor.host.live import LiveHost
from doctor.session import Session
from doctor.tui.app import DoctorApp
from tests import scenes

FOLDER = Path(__file__).parent.parent / "screenshots"

SHOTS: dict[str, tuple[Callable[[], scenes.Scene], tuple[str, ...]]] = {
    "overview": (scenes.hyphen, ()),
    "finding": (scenes.hyphen, ("enter",)),
    "start": (scenes.hyphen, ("g",)),
    "guide": (scenes.hyphen, ("g", "enter")),
    "machine": (scenes.hyphen, ("2",)),
    "clients": (scenes.hyphen, ("3", "down", "down")),
    "packages": (scenes.cluster, ("4", "down", "down", "right")),
    "environments": (scenes.cluster, ("5",)),
    "project": (scenes.cluster, ("6",)),
    "triage": (scenes.hyphen, ("t", *"nothing provides __archspec 1 zen2")),
    "bundle": (scenes.cluster, ("b",)),
    "problems": (scenes.hyphen, ("k",)),
    "help": (scenes.hyphen, ("question_mark",)),
}
"""The machine and the keys that lead to each picture."""


def app_on(scene: scenes.Scene) -> DoctorApp:
    """The app on a recording of a scene; this machine's solver predicts."""
    session = Session(scenes.recorded(scene), LIMIT, LiveHost({"@channel@": place}))
    return DoctorApp(session, LIMIT)


async def render(name: str, size: tuple[int, int] = (80, 24)) -> str:
    """One room as SVG, without fonts from elsewhere."""
    scene, keys = SHOTS[name]
    app = app_on(scene())
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press(*keys)
        while set(app.state.requirements) - set(app.state.tried) or app.state.trying:
            await app.workers.wait_for_complete()
            await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        drawing = app.export_screenshot(title="envdoctor")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawing, flags=re.DOTALL)


def main(folder: Path) -> None:
    """Writes all pictures."""
    folder.mkdir(exist_ok=True)
    for name in SHOTS:
        (folder / f"{name}.svg").write_text(asyncio.run(render(name)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
