"""Prefixes with records as clients write them: conda and libmamba sort keys, rattler does not."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

CHANNEL = "https://conda.anaconda.org/conda-forge"


Row = tuple[str, str, str, str]
"""Name, version and build of a record, and its text."""


class Options(TypedDict, total=False):
    """How a record is written."""

    files: int
    client: str
    channel: str


def record(
    name: str,
    version: str = "1.0",
    build: str = "h0_0",
    depends: Sequence[str] = (),
    files: int = 10,
    client: str = "conda",
    channel: str = f"{CHANNEL}/linux-64",
) -> str:
    """The text of `conda-meta/NAME-VERSION-BUILD.json`; `files` is how many it lists."""
    number = build.rpartition("_")[2]
    paths = [f"lib/python3.12/site-packages/{name}/module_{n}.py" for n in range(files)]
    content: dict[str, Any] = {
        "build": build,
        "build_number": int(f"0{number}")
        if (number := build.rpartition("_")[2]).isdecimal()
        else 0,
        "constrains": [],
        "depends": list(depends),
        "license": "BSD-3-Clause",
        "md5": "0" * 32,
        "name": name,
        "sha256": "0" * 64,
        "size": 12345,
        "subdir": "linux-64",
        "timestamp": 1_700_000_000_000,
        "version": version,
        "fn": f"{name}-{version}-{build}.conda",
        "url": f"{channel}/{name}-{version}-{build}.conda",
        "channel": channel,
        "files": paths,
        "paths_data": {
            "paths_version": 1,
            "paths": [
                {"_path": p, "path_type": "hardlink", "sha256": "ab" * 32, "size_in_bytes": 99}
                for p in paths
            ],
        },
        "requested_spec": name,
    }
    if client == "rattler":
        return json.dumps(content, indent=2)
    return json.dumps(content, indent=2 if client == "conda" else 4, sort_keys=True)


def prefix(folder: Path, records: Iterable[Row], history: str = "") -> Path:
    """A prefix with these records: name, version, build, and text of each."""
    meta = folder / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").write_text(history)
    for name, version, build, text in records:
        (meta / f"{name}-{version}-{build}.json").write_text(text)
    return folder


def package(
    name: str, version: str = "1.0", build: str = "h0_0", *depends: str, **options: Unpack[Options]
) -> Row:
    """One row for `prefix`."""
    return name, version, build, record(name, version, build, depends, **options)


def level(number: int, name: str = "skylake", **options: Unpack[Options]) -> Row:
    """A level package of build number 3."""
    return package(
        "_x86_64-microarch-level", str(number), f"3_{name}", f"__archspec 1.* {name}", **options
    )


def graph_tool(number: int, requirement: str = "", **options: Unpack[Options]) -> Row:
    """A package built for a level, in the shape of graph-tool-base."""
    text = f"_x86_64-microarch-level {requirement or f'>={number}'}"
    return package(
        "graph-tool-base", "2.98", f"py312h1_{number}00", "python >=3.12", text, **options
    )
