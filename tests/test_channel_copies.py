"""Clients' cached copies of channels: what they offer, how old they are, whatever their shape."""

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from doctor.host.channels import PIECE, REACH, channel_copy
from tests import replay

NAME = "_x86_64-microarch-level"
Records = dict[str, dict[str, Any]]


def level(number: int, build: str) -> tuple[str, dict[str, Any]]:
    content = {
        "build": build, "build_number": int(build.partition("_")[0]), "name": NAME,
        "depends": [f"__archspec 1.* {build.partition('_')[2]}"], "version": str(number),
    }  # fmt: skip
    return f"{NAME}-{number}-{build}.conda", content


def other(name: str, *depends: str, padding: int = 0) -> tuple[str, dict[str, Any]]:
    content = {"build": "h0_0", "build_number": 0, "depends": list(depends), "name": name,
               "version": "1.0", "license": "x" * padding}  # fmt: skip
    return f"{name}-1.0-h0_0.tar.bz2", content


def write(
    path: Path,
    rows: Iterable[tuple[str, dict[str, Any]]],
    indent: int | None = None,
    removed: Iterable[str] = (),
) -> Path:
    found = dict(rows)
    document = {
        "info": {"subdir": "noarch"},
        "packages": {n: r for n, r in found.items() if n.endswith(".bz2")},
        "packages.conda": {n: r for n, r in found.items() if n.endswith(".conda")},
        "removed": list(removed),
        "repodata_version": 1,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=indent))
    return path


ROWS = (
    level(3, "3_skylake"), level(4, "4_zen4"), level(1, "4_level1"),
    other("graph-tool-base", "python", f"{NAME} >=3"), other("numpy", "python"),
    other("says-so", "python", "docs-of-_x86_64-microarch-level"),
)  # fmt: skip


@pytest.mark.parametrize("indent", [None, 0, 1, 4])
@pytest.mark.parametrize("order", [1, -1])
def test_levels_and_who_asks_for_them(indent: int | None, order: int, tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", ROWS[::order], indent, [f"{NAME}-9-9_gone.conda"])
    found = channel_copy(str(path))
    assert found.trouble is None
    assert [(r.version, r.build, r.build_number) for r in found.levels] == [
        ("1", "4_level1", 4), ("3", "3_skylake", 3), ("4", "4_zen4", 4),
    ]  # fmt: skip
    assert found.users == ("graph-tool-base",)


@pytest.mark.parametrize("shift", range(0, 400, 7))
def test_records_that_lie_across_pieces_are_whole(shift: int, tmp_path: Path) -> None:
    """The piece ends somewhere in the records that matter, at every offset in turn."""
    head = len(write(tmp_path / "head.json", [other("a")]).read_bytes())
    padding = other("a", padding=PIECE - head - 300 + shift)
    path = write(
        tmp_path / "a.json", [padding, *ROWS, other("y", padding=PIECE), other("z", f"{NAME} 4")]
    )
    found = channel_copy(str(path))
    assert len(found.levels) == 3
    assert found.users == ("graph-tool-base", "z")


def test_a_record_as_long_as_any_is_read(tmp_path: Path) -> None:
    many = [f"dependency-{n} >=1.0" for n in range(8000)]
    path = write(tmp_path / "a.json", [other("big", *many, f"{NAME} >=2"), *ROWS])
    assert len(json.dumps(many)) < REACH
    assert channel_copy(str(path)).users == ("big", "graph-tool-base")


def test_a_copy_that_was_cut_off_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [*ROWS[3:], *ROWS[:3]])
    whole = path.read_bytes()
    for cut in (whole.index(b"4_zen4") + 3, whole.rindex(b"4_zen4"), len(whole) - 1, 0):
        path.write_bytes(whole[:cut])
        assert "is cut off" in str(channel_copy(str(path)).trouble)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"packages": []}', "\0" * 5000, "-microarch-level" * 9000]
)
def test_what_is_no_copy_offers_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    found = channel_copy(str(tmp_path / "a.json"))
    assert (found.levels, found.users) == ((), ())


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    assert channel_copy(str(tmp_path / "a.json")).trouble == "is not a regular file"
    assert "could not be read" in str(channel_copy(str(tmp_path / "gone.json")).trouble)


NOTE = "https://user:pass@example.org/t/secret-token/conda-forge/noarch"


@pytest.mark.parametrize("ending", [".info.json", ".state.json"])
def test_the_clients_note_gives_address_and_time_without_credentials(
    ending: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.json", ROWS)
    refreshed = time.time() - 3 * 86400
    note = {"url": NOTE, "refresh_ns": int(refreshed * 1e9), "etag": "x"}
    (tmp_path / f"a{ending}").write_text(json.dumps(note))
    found = channel_copy(str(path))
    assert found.url == "https://example.org/conda-forge/noarch"
    assert found.modified == pytest.approx(refreshed)


def test_envs_says_what_each_clients_copy_offers_and_how_old_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    root = home / "miniforge3"
    conda = write(root / "pkgs" / "cache" / "09cdf8bf.json", ROWS)
    rattler = write(home / ".cache" / "rattler" / "cache" / "repodata" / "b.json", ROWS[:1])
    write(root / "pkgs" / "cache" / "empty.json", [other("a")])
    (root / "pkgs" / f"{NAME}-3-3_skylake.conda").write_text("")
    (root / "pkgs" / f"{NAME}-3-3_skylake").mkdir()
    (root / "conda-meta").mkdir()
    two_days = time.time() - 2.5 * 86400
    os.utime(conda, (two_days, two_days))
    run = replay.doctor("envs", "--json", env=replay.surroundings(home))
    copies = {row["path"]: row for row in run.document["channels"]}
    assert copies[str(conda)]["names"] == ["skylake", "zen4"]
    assert copies[str(conda)]["build_numbers"] == [3, 4]
    assert copies[str(conda)]["users"] == ["graph-tool-base"]
    assert copies[str(conda)]["age"] == "2 days"
    assert copies[str(rattler)]["names"] == ["skylake"]
    (cache,) = run.document["packages"]
    assert cache == {"path": str(root / "pkgs"), "packages": [f"{NAME}-3-3_skylake"]}
    plain = replay.doctor("envs", env=replay.surroundings(home)).stdout
    assert "Level packages: 3 builds, numbers 3, 4" in plain
    assert "empty.json" not in plain


MANY = [f"{NAME}-{number}-3_skylake.conda" for number in range(20_000)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"packages": {}, "removed": MANY}),
        json.dumps({"packages": {}, "removed": ["a-1-0.conda"] * 20_000 + MANY[:2000]}),
        "-microarch-level" * 200_000 + "}",
        '"-microarch-level.conda" ' * 100_000 + "}",
        json.dumps({"packages": {"a-1-0.conda": {"depends": [f"{NAME} >=1"] * 40_000}}}),
    ],
    ids=["removed", "removed-after-many", "words", "keys", "one-record"],
)  # fmt: skip
def test_the_time_grows_with_the_size_only(text: str, tmp_path: Path) -> None:
    """Four times as much takes less than twelve times as long, whatever it holds."""

    def seconds(times: int) -> float:
        (tmp_path / "a.json").write_text(text * times)
        started = time.perf_counter()
        assert channel_copy(str(tmp_path / "a.json")).levels == ()
        return time.perf_counter() - started

    once = min(seconds(1) for _ in range(3))
    assert any(seconds(4) < 12 * once + 0.5 for _ in range(3))


@pytest.mark.parametrize("refreshed", [10**400, -1, 2**63, "soon", None, 1.5, True])
def test_a_time_that_is_none_is_not_believed(refreshed: object, tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", ROWS)
    (tmp_path / "a.info.json").write_text(json.dumps({"url": "x", "refresh_ns": refreshed}))
    found = channel_copy(str(path))
    assert found.trouble is None
    assert found.modified == pytest.approx(path.stat().st_mtime) or refreshed is True


@pytest.mark.parametrize("prefix", ["conda-forge::", "https://h.org/c/noarch::", ""])
def test_users_are_found_with_a_channel_before_the_name(prefix: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [other("faiss", f"{prefix}{NAME} >=3")])
    assert channel_copy(str(path)).users == ("faiss",)
