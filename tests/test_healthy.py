"""Healthy machines of every client, version by version: no warning, no error, nothing unknown."""

import json

import pytest

from doctor.examine import examine
from doctor.model import Severity, Transcript
from tests import scenes
from tests.scenes import HOME, Scene, archspec_sample, bare, recorded
from tests.test_checks import (
    HASWELL,
    ROOT,
    ZEN4,
    packages,
    with_conda,
    with_mamba1,
    with_micromamba,
    with_rattler,
)

LOUD = (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN)

CPUS = {
    "epyc": (None, 4, "x86_64_v4", "x86_64_v4"),
    "zen4": (ZEN4, 4, "zen4", "x86_64_v4"),
    "haswell": (HASWELL, 3, "haswell", "x86_64_v3"),
    "k10": (archspec_sample("linux-scientific7-k10"), 1, "k10", "x86_64"),
}
"""A CPU: its description, level, archspec's name and libmamba's."""

CONDAS = ("4.9.0", "4.12.0", "22.9.0", "23.3.1", "23.11.0", "24.3.0", "24.11.3", "25.11.0",
          "26.7.1")  # fmt: skip
MICROMAMBAS = ("1.5.10", "1.5.12", "2.0.0", "2.0.5", "2.3.0", "2.8.1")
PIXIS = ("0.19.0", "0.41.4", "0.42.1", "0.69.0", "0.71.0", "0.77.0")
RATTLERS = ("0.9.1", "0.23.2", "0.24.0", "0.28.0")


def loud(scene: Scene) -> list[str]:
    found = examine(recorded(scene)).findings
    return [f"{f.severity} {f.id}: {f.title}" for f in found if f.severity in LOUD]


def machine(cpu: str) -> Scene:
    text, level, _, _ = CPUS[cpu]
    return bare(text, level=level)


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("version", CONDAS)
def test_conda(version: str, cpu: str) -> None:
    assert loud(with_conda(machine(cpu), version, CPUS[cpu][2])) == []


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("version", MICROMAMBAS)
def test_micromamba(version: str, cpu: str) -> None:
    assert loud(with_micromamba(machine(cpu), version, CPUS[cpu][3])) == []


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("version", ["1.5.10", "1.5.12"])
def test_mamba_1(version: str, cpu: str) -> None:
    """The staged root answers conda's question as libmamba does: that row is not looked at."""
    found = loud(with_mamba1(machine(cpu), version, CPUS[cpu][3]))
    assert [row for row in found if ":conda:" not in row] == []


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("version", ["2.0.0", "2.3.0", "2.8.1"])
def test_mamba_2(version: str, cpu: str) -> None:
    scene = machine(cpu)
    said = json.dumps({"libmamba version": version, "virtual packages": packages(CPUS[cpu][3])})
    scene.program(f"{ROOT}/bin/mamba", Transcript((), {}, 0, said, "", 0.03))
    scene.root(ROOT, {"mamba": version, "libmamba": version}, None)
    assert loud(scene) == []


def with_pixi(scene: Scene, version: str, name: str) -> Scene:
    said = json.dumps(
        {"platform": "linux-64", "virtual_packages": packages(name), "version": version}
    )
    return scene.program(f"{HOME}/.pixi/bin/pixi", Transcript((), {}, 0, said, "", 0.1))


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("version", PIXIS)
def test_pixi(version: str, cpu: str) -> None:
    """archspec 0.2.3's table, which old pixis have, knows all these names but those of masked."""
    assert loud(with_pixi(machine(cpu), version, CPUS[cpu][2])) == []


@pytest.mark.parametrize("cpu", CPUS)
@pytest.mark.parametrize("version", RATTLERS)
def test_rattler(version: str, cpu: str) -> None:
    scene = with_rattler(machine(cpu), CPUS[cpu][2])
    place = "/opt/venv/lib/python3.12/site-packages"
    del scene.files[f"{place}/py_rattler-0.28.0.dist-info/METADATA"]
    scene.files[f"{place}/py_rattler-{version}.dist-info/METADATA"] = ""
    assert loud(scene) == []


@pytest.mark.parametrize("cpu", CPUS)
def test_all_of_them_together(cpu: str) -> None:
    scene = with_conda(machine(cpu), "26.7.1", CPUS[cpu][2])
    scene = with_micromamba(scene, "2.8.1", CPUS[cpu][3])
    assert loud(with_rattler(with_pixi(scene, "0.77.0", CPUS[cpu][2]), CPUS[cpu][2])) == []


def test_the_scenes_of_the_screens_are_as_they_say() -> None:
    assert loud(scenes.healthy()) == []
    assert loud(scenes.hyphen()) != []
