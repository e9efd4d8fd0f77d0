"""`python -m tests.screenshots [FOLDER]` renders every room and one session, as SVG.

Rooms come from recordings. The session runs on a machine of replayed clients, from the failure of
2024 to the applied fix, in a process of its own with that machine's environment.
"""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from textual.pilot import Pilot
from textual.widgets import Input

from doctor.examine import LIMIT
from doctor.host.recorded import encode
from doctor.session import Session
from doctor.tui.app import DoctorApp
from tests import scenes
from tests.replayed import machine_of_2024
from tests.test_guide import app_on, settle

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
    "compare": (scenes.cluster, ("m",)),
    "problems": (scenes.hyphen, ("k",)),
    "page": (scenes.hyphen, ("enter", "p")),
    "words": (scenes.hyphen, ("w",)),
    "palette": (scenes.hyphen, ("ctrl+p", *"micro")),
    "help": (scenes.hyphen, ("question_mark",)),
}
"""The machine and the keys that lead to each picture."""


WIDE = ("overview", "problems")
"""Rooms that are drawn wide too, with the details beside the list."""

SESSION = (
    ("1-what-is-wrong", ()),
    ("2-where-to-start", ("g",)),
    ("3-ways-out", ("enter",)),
    ("4-one-that-works", ("down",)),
    ("5-asked-first", ("x",)),
    ("6-fixed", ("y",)),
)
"""Pictures of the session, and the keys that lead from each to the next."""


async def render(name: str, size: tuple[int, int] = (80, 24)) -> str:
    """One room as SVG, without fonts from elsewhere."""
    scene, keys = SHOTS[name]
    app = app_on(scene())
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press(*keys)
        if name == "compare":
            await _compare(app, pilot)
        await settled(app, pilot)
        return drawing(app)


async def _compare(app: DoctorApp, pilot: Pilot[int]) -> None:
    """Beside other machines, which are files for that long."""
    with TemporaryDirectory() as folder, chdir(folder):
        machines = Path("colleagues")
        machines.mkdir()
        for other in (scenes.hyphen, scenes.healthy):
            recorded = scenes.recorded(other()).recording
            (machines / f"{other.__name__}.json").write_bytes(encode(recorded))
        app.screen.query_one("#ask", Input).value = machines.name
        await pilot.press("enter")
        await settled(app, pilot)


async def settled(app: DoctorApp, pilot: Pilot[int]) -> None:
    """Until nothing is under way any more, and that is painted."""
    await settle(app, pilot)
    while not is_painted(app):
        await pilot.pause()


def is_painted(app: DoctorApp) -> bool:
    """Whether the title stands on the screen, which a loaded machine may paint late."""
    titles = app.screen.query("#title")
    first = app.screen._compositor.render_strips()[0].text
    return not titles or "envdoctor" in first


def drawing(app: DoctorApp) -> str:
    """The screen as SVG, without fonts from elsewhere."""
    drawn = app.export_screenshot(title="envdoctor")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


async def session(folder: Path) -> None:
    """Runs on the machine of this process: draws each step, and does the fix."""
    from doctor.cli.sources import live_host

    app = DoctorApp(Session(live_host(), LIMIT), LIMIT)
    async with app.run_test(size=(80, 24)) as pilot:
        for name, keys in SESSION:
            await pilot.press(*keys)
            await settled(app, pilot)
            (folder / f"session-{name}.svg").write_text(drawing(app), encoding="utf-8")


def on_machine_of_2024(folder: Path, place: Path) -> None:
    """Draws the session on a machine of replayed clients that stands in `place` for that long."""
    shutil.rmtree(place, ignore_errors=True)
    try:
        machine = machine_of_2024(place)
        source = str(Path(__file__).parent.parent)
        subprocess.run(
            [sys.executable, "-m", "tests.screenshots", "--session", str(folder.absolute())],
            env={**machine.env(), "PYTHONPATH": source}, cwd=source, check=True,
        )  # fmt: skip
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main(folder: Path) -> None:
    """Writes all pictures."""
    folder.mkdir(exist_ok=True)
    for name in SHOTS:
        (folder / f"{name}.svg").write_text(asyncio.run(render(name)), encoding="utf-8")
    for name in WIDE:
        drawn = asyncio.run(render(name, (160, 40)))
        (folder / f"{name}-wide.svg").write_text(drawn, encoding="utf-8")
    on_machine_of_2024(folder, Path(gettempdir()) / "demo")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--session"]:
        asyncio.run(session(Path(sys.argv[2])))
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
