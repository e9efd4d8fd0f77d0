"""Whatever people call themselves, their folders and their files: a bundle can be made, without."""

import json

import pytest

from doctor import projects
from doctor.bundle.making import make, replayed
from doctor.host.identity import Identity
from doctor.host.recorded import Recording, decode, encode
from tests import scenes
from tests.planted import found_in
from tests.test_bundle import ZOE

TELLING = ("acme", "zoë", "1234567", "kiste", "bob", "merger")
"""Words that stand in names below and in nothing else."""


def renamed(home: str, root: str, first: str, second: str) -> Recording:
    """The cluster of the scenes with other names of its home, its root and two environments."""
    text = encode(scenes.recording(scenes.cluster())).decode()
    for old, new in (("old", first), ("new", second)):
        new = json.dumps(new, ensure_ascii=False)[1:-1]
        text = text.replace(f"/envs/{old}", f"/envs/{new}").replace(f'"{old}"', f'"{new}"')
    for old, new in (("miniforge3", root), (scenes.HOME, home)):
        text = text.replace(old, json.dumps(new, ensure_ascii=False)[1:-1])
    return decode(text.encode())


@pytest.mark.parametrize(
    ("home", "root", "first", "second", "host"),
    [
        ("/home/bob", "miniforge3", "t", "home", "bob01"),
        ("/home/home", "conda", "envs", "users", "conda"),
        ("/gpfs/acme/Users/zoë", "Users", "environment.yml", "acme.yml", "kiste.acme.example"),
        ("/mnt/c/Users/a b", "my conda", "job 1234567", "merger plan", "zen4"),
        ("/data/graph", "tool", "level", "__archspec", "micro"),
        ("/u/conda", "t", "conda-meta", "pkgs", "login1.hpc.uni.de"),
        ("/scratch/user.name/1234567", "x86_64", "avx2", "zen4", "node01"),
        ("/data/bob;1", "a&b", "q'uote", "(x)", "bob"),
        ("/data/百/bob", "%41", "100%25", "😀", "mamba-01"),
        ("/net/acme-x/bob", "..x", "-", "v3-x86_64_v3", "bob"),
        ("/home/linux-64", "noarch", "linux-64", "python3.12", "base"),
        ("/lib.so/t/bob", "x.tar.bz2", "lib.so", "hidden-user-1", "bob-2"),
    ],
)
def test_whatever_things_are_called_the_findings_stay_and_the_names_go(
    home: str, root: str, first: str, second: str, host: str
) -> None:
    machine = renamed(home, root, first, second)
    report = replayed(machine)
    assert len(report.findings) > 4
    places = {environment.path for environment in report.environments or ()}
    assert places >= {f"{home}/{root}/envs/{name}" for name in (first, second)}
    who = Identity((home.rpartition("/")[2],), (host,), home, ("acme-group", "1234567"))
    bundle = make(machine, report, who)
    assert [f.check for f in bundle.report.findings] == [f.check for f in report.findings]
    data = b"".join(content.data for content in bundle.contents)
    assert found_in(data, TELLING) == []


PLACES = sorted({(below, pattern) for form in projects.FORMS for below, pattern in form.PLACES})


@pytest.mark.parametrize("glue", ["-{}-", "{}"])
@pytest.mark.parametrize(("below", "pattern"), PLACES)
def test_a_project_file_is_found_again_wherever_it_is_and_whatever_it_is_called(
    glue: str, below: str, pattern: str
) -> None:
    glued = glue if not pattern.startswith("*") else "{}-"
    name = pattern.replace("*", glued.format("acme")).strip("-")
    path = f"{below}/{name}" if below else name
    pinned = f"dependencies:\n  - python\n  - {scenes.LEVEL}=3=2_zen2\n"
    texts = (pinned, f"FROM x\nRUN micromamba install '{scenes.LEVEL}=3=2_zen2'\n")
    for text in texts:
        scene = scenes.bare()
        scene.files[f"{scenes.HOME}/{path}"] = text
        machine = scenes.recording(scene)
        report = replayed(machine)
        bundle = make(machine, report, ZOE)
        before, after = report.project, bundle.report.project
        assert before is not None
        assert after is not None
        assert [row.line for row in after.lines] == [row.line for row in before.lines]
        assert len(after.files) == len(before.files)
        assert found_in(b"".join(c.data for c in bundle.contents), ("acme",)) == []
