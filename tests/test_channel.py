"""The reproduction channel: the shapes that were published, real package files, made once."""

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from conda_package_handling import api

from doctor import channel, levels

NAME = "_x86_64-microarch-level"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return channel.ensure(tmp_path_factory.mktemp("cache"))


def records(made: Path, variant: str) -> dict[str, dict[str, Any]]:
    repodata = json.loads((made / variant / "noarch" / "repodata.json").read_text())
    return {**repodata["packages"], **repodata["packages.conda"]}


def test_every_generation_is_there_in_its_own_spelling(made: Path) -> None:
    found = [r for r in records(made, channel.PUBLISHED).values() if r["name"] == NAME]
    for generation in levels.GENERATIONS:
        names = {n for known in generation.names("x86_64").values() for n in known}
        builds = {r["build"]: r for r in found if r["build_number"] == generation.number}
        legacy = {f"{generation.number}_{name}" for name in names}
        assert legacy <= set(builds)
        assert len(builds) == len(legacy) + (4 if generation.level_builds else 0)
        for name in names:
            wanted = generation.dependency.replace("NAME", name)
            assert builds[f"{generation.number}_{name}"]["depends"] == [wanted]


def test_level_builds_list_every_name_of_their_level_and_higher(made: Path) -> None:
    build = next(r for r in records(made, channel.PUBLISHED).values() if r["build"] == "4_level3")
    (dependency,) = build["depends"]
    assert dependency.startswith("__archspec 1.* ^(x86_64_v3|haswell|")
    assert dependency.endswith("|zen5)$")
    assert "ivybridge" not in dependency


def test_the_legacy_variant_lacks_only_the_level_builds(made: Path) -> None:
    all_of_them = set(records(made, channel.PUBLISHED))
    legacy = set(records(made, channel.LEGACY))
    assert legacy < all_of_them
    assert {name.rsplit("_", 1)[1].split(".")[0] for name in all_of_them - legacy} == {
        f"level{level}" for level in (1, 2, 3, 4, 8, 9, 10)
    }


def test_package_files_are_real_and_match_their_records(made: Path, tmp_path: Path) -> None:
    found = records(made, channel.PUBLISHED)
    for number, (name, record) in enumerate(sorted(found.items())):
        path = made / channel.PUBLISHED / "noarch" / name
        data = path.read_bytes()
        assert record["sha256"] == hashlib.sha256(data).hexdigest()
        assert record["size"] == len(data)
        if number % 20 == 0:
            folder = tmp_path / str(number)
            api.extract(str(path), str(folder))
            index = json.loads((folder / "info" / "index.json").read_text())
            assert index.items() <= record.items()


def test_it_is_made_once_and_whole_also_by_several_at_a_time(tmp_path: Path) -> None:
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(channel.ensure(tmp_path))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == [f"channel-{channel.version()}"]
    stamp = (found[0] / channel.PUBLISHED / "noarch" / "repodata.json").stat().st_mtime_ns
    assert channel.ensure(tmp_path) == found[0]
    assert (found[0] / channel.PUBLISHED / "noarch" / "repodata.json").stat().st_mtime_ns == stamp


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Not a directory"):
        channel.ensure(tmp_path / "file" / "below")
