"""Machines that crowd a screen: nobody, one, 40 clients, 1,000 environments, texts of all kinds.

Each is staged from recorded output (tests/scenes.py), so that rooms and pages meet what checks
say of it and not made-up findings.
"""

import json
from functools import cache

from doctor.host.recorded import RecordedHost, Recording
from doctor.model import Installed, Transcript
from tests import scenes
from tests.scenes import HOME, LEVEL, record

HASWELL = "linux-rhel7-haswell"
MICROMAMBAS = {"1.5.8": "x86_64-v3", "2.8.1": "x86_64_v3", "1.4.9": "x86_64", "2.0.5": "x86_64_v3"}
"""Versions, and the name that each reports on a Haswell."""
NEEDY = (
    record(LEVEL, "4", "3_zen4"),
    record("graph-tool-base", "2.98", "h_400", f"{LEVEL} >=4"),
    record("x86_64-microarch-level", "4", "3_zen4"),
)
"""What a Haswell does not run; the last sets compiler flags, which is a finding of its own."""


def nobody() -> scenes.Scene:
    """No client at all."""
    return scenes.bare()


def one() -> scenes.Scene:
    """micromamba 1.5.8 alone."""
    scene = scenes.bare()
    return scene.program(
        f"{HOME}/.local/bin/micromamba", scenes.transcript("micromamba", "1.5.8", "A_info_json")
    )


def forty() -> scenes.Scene:
    """Forty clients, each in a folder of its own on PATH."""
    return _with_clients(scenes.bare(scenes.archspec_sample(HASWELL), level=3), 40)


def _with_clients(scene: scenes.Scene, number: int) -> scenes.Scene:
    for place in range(number):
        version = list(MICROMAMBAS)[place % len(MICROMAMBAS)]
        folder = f"/opt/tools/t{place:02}/bin"
        scene.program(f"{folder}/micromamba", info(version, MICROMAMBAS[version]))
    return scene


def info(version: str, name: str) -> Transcript:
    """What a micromamba of that version says that reports this name."""
    packages = ["__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0", f"__archspec=1={name}"]
    info = {"libmamba version": version, "virtual packages": packages, "platform": "linux-64"}
    return Transcript((), {}, 0, json.dumps(info), "", 0.03)


def thousand() -> scenes.Scene:
    """A thousand environments of a healthy machine; one needs more than the CPU has."""
    scene = scenes.healthy()
    scene.files["/proc/cpuinfo"] = scenes.archspec_sample(HASWELL)
    for place in range(1000):
        records = NEEDY if place == 700 else ()
        scene.environment(Installed(f"/data/envs/e{place:04}", 300, records))
    return scene


def crowd() -> scenes.Scene:
    """Forty clients and a thousand environments, every one of which has findings; a project."""
    scene = _with_clients(scenes.cluster(), 38)
    for place in range(1000):
        scene.environment(Installed(f"/data/envs/e{place:04}", 300, NEEDY))
    return scene


# --- texts -----------------------------------------------------------------------------------

LONG = "/".join(f"a-folder-with-a-long-name-{number:03}" for number in range(40))
WIDE = "環境の名前がとても長い場合"
RIGHT_TO_LEFT = "סביבה-עם-שם-ארוך"
ARABIC = "بيئة-طويلة"
COMBINED = "e\u0301\u0302nv-👩‍🔬-🇩🇪-🏳️‍🌈"
ESCAPES = "\x1b]0;pwned\x07\x1b[2J\x1b[31m\x9b2J\r\x08\x00"
REORDER = "\u202egpj.exe\u2066x\u2069\u200f\u200ey\u202a\u202b\u202c\u202d\u061cz"
"""Marks that turn the order of letters on a screen that honours them."""
LINES = "first\nsecond\u2028third\u2029fourth\u0085fifth\x0bsixth\ttab"


def _named(*names: str) -> scenes.Scene:
    """The machine of the 2024 bug on a Haswell, with these texts wherever a machine has words."""
    scene = scenes.cluster()
    for place, name in enumerate(names):
        scene.environment(Installed(f"/data/{name}/envs/{name}", 300, NEEDY))
        folder = f"/opt/{name}/bin"
        junk = Transcript((), {}, 1, name * 3, f"{name}\n" * 5, 0.1, f"said {name}")
        scene.program(f"{folder}/micromamba", info(f"1.5.8-{name}", f"x86_64-{name}"))
        scene.program(f"{folder}/pixi", junk)
        scene.environ[f"CONDA_OVERRIDE_T{place}"] = name
    every = " ".join(names)
    scene.environ["CONDA_OVERRIDE_ARCHSPEC"] = every
    scene.files[f"{HOME}/environment.yml"] = "name: x\ndependencies:\n" + "".join(
        f"  - {LEVEL}=3=2_zen2  # {name}\n" for name in (every, *names)
    )
    brand = next(r for r in scene.files["/proc/cpuinfo"].splitlines() if "model name" in r)
    scene.files["/proc/cpuinfo"] = scene.files["/proc/cpuinfo"].replace(
        brand, f"model name\t: {_flat(every)}"
    )
    return scene


def _flat(text: str) -> str:
    """On one line, as files of lines have it."""
    return " ".join(text.splitlines())


def long() -> scenes.Scene:
    """Paths of a thousand characters and words without a blank."""
    return _named(LONG, "x" * 700, f"{HOME} and {LONG}")


def scripts() -> scenes.Scene:
    """Wide, right-to-left and combined characters in every name."""
    return _named(WIDE, RIGHT_TO_LEFT, ARABIC, COMBINED)


def controls() -> scenes.Scene:
    """Control characters, marks that reorder, and more than one line where one is expected."""
    return _named(ESCAPES, REORDER, LINES, "[bold]no[/bold]")


KINDS = {
    kind.__name__: kind for kind in (nobody, one, forty, thousand, crowd, long, scripts, controls)
}


@cache
def recording(name: str) -> Recording:
    """What crosses on a machine of that kind."""
    return scenes.recording(KINDS[name]())


def host(name: str) -> RecordedHost:
    """A machine of that kind, as its recording."""
    return RecordedHost(recording(name))
