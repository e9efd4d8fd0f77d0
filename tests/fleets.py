"""Files of several machines to compare: bundles, recordings, and reports, made from scenes."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from doctor.bundle.making import make, replayed, zipped
from doctor.host.identity import Identity
from doctor.host.recorded import Recording, encode
from doctor.report.document import dumps, of_report
from tests import scenes

Staged = Callable[[], scenes.Scene]

WHO = Identity(("kim",), ("node07",), "/home/kim")


@cache
def recording(staged: Staged) -> Recording:
    """What crosses on a staged machine."""
    return scenes.recording(staged())


@cache
def bundle(staged: Staged, made: str = "") -> bytes:
    """A bundle of a staged machine, redacted as ours are."""
    crossed = recording(staged)
    if made:
        crossed = replace(crossed, made=made)
    return zipped(make(crossed, replayed(crossed), WHO))


@cache
def _report(staged: Staged) -> str:
    return dumps(of_report(replayed(recording(staged))))


def report(staged: Staged) -> dict[str, Any]:
    """What `check --json` prints on a staged machine, to be changed at will."""
    found: dict[str, Any] = json.loads(_report(staged))
    return found


def save(folder: Path, name: str, content: bytes | dict[str, Any]) -> str:
    """A file of that name."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(path)


def saved(folder: Path, **machines: Staged) -> list[str]:
    """A bundle per machine, by name."""
    return [save(folder, f"{name}.zip", bundle(staged)) for name, staged in machines.items()]


def fleet(folder: Path, number: int, kinds: tuple[Staged, ...]) -> str:
    """A folder of bundles, the kinds in turn."""
    folder.mkdir()
    for place in range(number):
        save(folder, f"node{place:05}.zip", bundle(kinds[place % len(kinds)]))
    return str(folder)


def bare_recording(staged: Staged) -> bytes:
    """A recording of format 1."""
    return encode(recording(staged))


def varied(staged: Staged, number: int) -> list[bytes]:
    """Bundles of machines that differ in their kernel alone."""
    found = []
    for release in range(number):
        whole = recording(staged)
        crossed = replace(whole, facts=replace(whole.facts, release=f"6.{release}"))
        found.append(zipped(make(crossed, replayed(crossed), WHO)))
    return found


# --- machines --------------------------------------------------------------------------------


class Power(scenes.Scene):
    """A ppc64le Linux."""

    architecture = "ppc64le"

    def facts(self) -> Any:  # noqa: ANN401 - as the scene's
        return replace(super().facts(), machine=self.architecture)


class Arm(Power):
    """An aarch64 Linux."""

    architecture = "aarch64"


def v4() -> scenes.Scene:
    """The machine of all recordings, which has level x86_64_v4."""
    return scenes.bare()


def v3() -> scenes.Scene:
    """A Haswell: level x86_64_v3."""
    return scenes.bare(scenes.archspec_sample("linux-rhel7-haswell"), level=3)


def v2() -> scenes.Scene:
    """An Ivy Bridge: level x86_64_v2."""
    return scenes.bare(scenes.archspec_sample("linux-rhel7-ivybridge"), level=2)


def piledriver() -> scenes.Scene:
    """Another x86_64_v2, which lacks other features for x86_64_v3."""
    return scenes.bare(scenes.archspec_sample("linux-rhel6-piledriver"), level=2)


def unreadable() -> scenes.Scene:
    """A machine whose CPU is unknown."""
    return scenes.Scene(None)


def power9() -> scenes.Scene:
    return Power(scenes.archspec_sample("linux-rhel8-power9"))


def power8() -> scenes.Scene:
    return Power(scenes.archspec_sample("linux-centos7-power8le"))


def arm() -> scenes.Scene:
    return Arm(scenes.archspec_sample("linux-rhel8-neoverse_v1"))


KINDS: tuple[Staged, ...] = (scenes.cluster, scenes.healthy, scenes.hyphen, v2, unreadable)
"""Machines of five kinds."""
