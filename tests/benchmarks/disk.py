"""Prefixes and a channel copy of real size, to measure reading on."""

import json
import math
import random
from pathlib import Path

from tests.prefixes import record

MEAN = 40_000
"""Bytes of a record on average; half are below 9 kB, and python's has over a megabyte."""

PER_FILE = 330
"""Bytes that one listed file takes in a record, twice named and with its digest."""


def prefixes(folder: Path, environments: int, packages: int = 300) -> list[Path]:
    """Prefixes with records as long as real ones; two of each speak of levels."""
    pool = _records(packages)
    made = []
    for number in range(environments):
        meta = folder / f"env{number}" / "conda-meta"
        meta.mkdir(parents=True)
        (meta / "history").write_text("# cmd: /opt/conda/bin/conda create\n")
        for name, text in pool.items():
            (meta / name).write_text(text)
        made.append(meta.parent)
    return made


def _records(packages: int) -> dict[str, str]:
    random.seed(1)
    spread = 1.8
    middle = math.log(MEAN) - spread * spread / 2
    pool = {}
    for number in range(packages - 2):
        files = min(int(random.lognormvariate(middle, spread)), 3_000_000) // PER_FILE
        depends = ("python >=3.12,<3.13.0a0", "libgcc >=13", "__glibc >=2.17,<3.0.a0")
        text = record(f"package-{number}", depends=depends, files=files)
        pool[f"package-{number}-1.0-h0_0.json"] = text
    level = record("_x86_64-microarch-level", "1", "3_x86_64", ["__archspec 1.* x86_64"])
    user = record("graph-tool-base", "2.98", "h1_100", ["_x86_64-microarch-level >=1"], 900)
    return pool | {
        "_x86_64-microarch-level-1-3_x86_64.json": level,
        "graph-tool-base-2.98-h1_100.json": user,
    }


def channel_copy(path: Path, records: int) -> Path:
    """A cached repodata.json; one in a thousand records asks for a level."""
    rows = {}
    for number in range(records):
        name, version = f"package-{number % 8000}", f"1.{number // 8000}.0"
        depends = ["python >=3.12,<3.13.0a0", "libgcc >=13", f"dependency-{number % 300} >=1"]
        if number % 1000 == 0:
            depends.append("_x86_64-microarch-level >=3")
        rows[f"{name}-{version}-h0_0.conda"] = {
            "build": "h0_0", "build_number": 0, "depends": depends, "license": "MIT",
            "md5": "0" * 32, "name": name, "sha256": "0" * 64, "size": 12345,
            "subdir": "linux-64", "timestamp": 1_700_000_000_000, "version": version,
        }  # fmt: skip
    document = {"info": {"subdir": "linux-64"}, "packages": {}, "packages.conda": rows,
                "removed": [], "repodata_version": 1}  # fmt: skip
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document))
    return path
