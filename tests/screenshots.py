"""`python -m tests.screenshots [FOLDER]` renders every room from recordings, as SVG."""

import asyncio
import re
import sys
from pathlib import Path

from doctor.examine import LIMIT
from doctor.tui.app import DoctorApp
from doctor.tui.session import Session
from tests import scenes

FOLDER = Path(__file__).parent.parent / "screenshots"

SHOTS: dict[str, tuple[str, ...]] = {
    "overview": (),
    "finding": ("enter",),
    "machine": ("2",),
    "clients": ("3", "down", "down"),
    "help": ("question_mark",),
}
"""Keys that lead to each picture."""


def app_on(scene: scenes.Scene) -> DoctorApp:
    """The app on a recording of a scene."""
    return DoctorApp(Session(scenes.recorded(scene), LIMIT), LIMIT)


async def render(name: str, size: tuple[int, int] = (80, 24)) -> str:
    """One room as SVG, without fonts from elsewhere."""
    app = app_on(scenes.hyphen())
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press(*SHOTS[name])
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
