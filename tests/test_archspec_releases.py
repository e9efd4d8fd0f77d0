"""Our selection over each archspec release's data gives the name that the real release gives."""

import json
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

from doctor import cpu, microarch
from doctor import machine as machines
from doctor.clients import conda
from doctor.host.live import LiveHost
from doctor.model import Cpu
from doctor.virtual import Situation, libmamba
from tests import DATA
from tests.clients import ARCHSPECS, installed, python

SAMPLES = cpu.archspec_folder().parent / "tests" / "targets"
FIELD = json.loads((DATA / "cpu_samples.json").read_text())
MASKS = json.loads((DATA / "cpu_masks.json").read_text())

BASES = {
    "haswell": "linux-rhel7-haswell",
    "zen3": "linux-ubuntu20.04-zen3",
    "zen4": "linux-rocky8.5-zen4",
    "sapphirerapids": "linux-unknown-sapphirerapids",
}
"""archspec's sample of each CPU in cpu_masks.json."""

VERSIONS = pytest.mark.parametrize("version", ARCHSPECS)

ASK = """
import io, json, sys
from archspec.cpu import detect
for machine, text in json.load(sys.stdin):
    detect.open = lambda *args, **kwargs: io.StringIO(text)
    detect.platform.machine = lambda: machine
    detect.platform.system = lambda: "Linux"
    for function in vars(detect).values():
        getattr(function, "cache_clear", lambda: None)()
    print(json.dumps(str(detect.host())))
"""
"""archspec's own recipe for its samples (tests/test_cpu.py): its file and platform are replaced."""


def run_real(version: str, code: str, said: str = "") -> list[str]:
    """Runs code in the Python of a real release; the JSON values that it printed."""
    command = [str(python(installed("archspec", version))), "-B", "-c", code]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ARCHSPEC_", "PYTHON"))}
    done = subprocess.run(command, input=said, env=env, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@cache
def shipped(version: str) -> microarch.Database:
    """The data that a real release ships, read by us."""
    folder = installed("archspec", version)
    (path,) = folder.rglob("json/cpu/microarchitectures.json")
    return microarch.from_json(path.read_text(encoding="utf-8"), version)


def field_text(sample: dict[str, Any]) -> str:
    """A CPU seen in the field, as `/proc/cpuinfo` prints it."""
    flags = " ".join(sample["flags"])
    return (
        f"processor\t: 0\nvendor_id\t: {sample['vendor']}\n"
        f"model name\t: {sample['model']}\nflags\t\t: {flags}\n"
    )


def texts() -> Iterator[tuple[str, str]]:
    for path in sorted(SAMPLES.glob("linux-*")):
        yield path.name, path.read_text()
    for name, sample in FIELD.items():
        yield name, field_text(sample)


def parsed(text: str) -> Cpu:
    return cpu.parse(text)[0].cpu


def level(number: int) -> str:
    return "x86_64" if number == 1 else f"x86_64_v{number}"


# --- against the real releases ---------------------------------------------------------------


@VERSIONS
def test_our_differences_add_up_to_what_the_release_ships(version: str) -> None:
    ours, theirs = microarch.release(version), shipped(version)
    assert list(ours.targets.items()) == list(theirs.targets.items())
    assert ours.darwin_flags == theirs.darwin_flags
    assert ours.arm_vendors == theirs.arm_vendors


@VERSIONS
def test_the_real_release_gives_the_same_name_to_every_sample(version: str) -> None:
    samples = dict(texts())
    x86 = [name for name, text in samples.items() if "vendor_id" in text]
    assert len(x86) >= 25
    questions = [(parsed(text).architecture, text) for text in samples.values()]
    names = dict(zip(samples, run_real(version, ASK, json.dumps(questions)), strict=True))
    ours = {name: microarch.release(version).host(parsed(text)) for name, text in samples.items()}
    assert ours == names


@VERSIONS
def test_conda_with_that_archspec_would_report_what_it_says_here(version: str) -> None:
    (name,) = run_real(version, "import json, archspec.cpu as a; print(json.dumps(str(a.host())))")
    machine = machines.read(LiveHost())
    situation = Situation(machine.cpu, machine.system)
    predicted = conda.predict("26.7.1", {"archspec": version}, situation, shipped(version))
    assert predicted.failure is None
    assert predicted.archspec == name
    assert predicted.decided_by == f"archspec {version} in base"


# --- against the recorded tables -------------------------------------------------------------


@pytest.mark.parametrize("name", FIELD)
def test_cpus_seen_in_the_field_have_their_recorded_names(name: str) -> None:
    seen = parsed(field_text(FIELD[name]))
    recorded = FIELD[name]["archspec_by_release"]
    assert tuple(recorded) == microarch.releases()
    assert {v: microarch.release(v).host(seen) for v in microarch.releases()} == recorded
    assert recorded[microarch.newest_release()] == FIELD[name]["archspec_0_2_7"]


@pytest.mark.parametrize("name", FIELD)
def test_cpus_seen_in_the_field_have_their_recorded_levels(name: str) -> None:
    seen, sample = parsed(field_text(FIELD[name])), FIELD[name]
    assert microarch.describe(seen).level == level(sample["level_archspec"])
    assert libmamba.level(seen) == level(sample["level_libmamba_from_flags"])
    assert machines.psabi_level(seen) == level(sample["level_psabi_from_flags"])


def masked(mask: dict[str, Any]) -> Cpu:
    """archspec's sample of a CPU with one feature taken away."""
    whole = parsed((SAMPLES / BASES[mask["base"]]).read_text())
    assert whole.features is not None and mask["removed"] in whole.features
    features = tuple(feature for feature in whole.features if feature != mask["removed"])
    return replace(whole, features=features, printed={"flags": " ".join(features)})


@pytest.mark.parametrize("mask", MASKS, ids=lambda mask: f"{mask['base']}-{mask['removed']}")
def test_a_masked_feature_has_the_recorded_effect(mask: dict[str, Any]) -> None:
    seen = masked(mask)
    for version in ("0.2.5", "0.2.6", "0.2.7"):
        database = microarch.release(version)
        name = database.host(seen) or "unknown"
        assert name == mask[f"archspec_{version}"], version
        assert database.level(name) == level(mask[f"level_{version}"]), version
    assert libmamba.level(seen) == level(mask["libmamba"])
    assert machines.psabi_level(seen) == level(mask["psabi"])


def test_every_sample_of_archspec_bears_the_name_in_its_file_name() -> None:
    named = {p.name: p.name.rsplit("-", 1)[1] for p in SAMPLES.glob("linux-*")}
    named["linux-rhel8-power9"] = "power9le"
    named["linux-unknown-power10"] = "power10le"
    database = microarch.installed()
    assert {name: database.host(parsed((SAMPLES / name).read_text())) for name in named} == named
