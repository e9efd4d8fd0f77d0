"""Package files as `explain` reads them: real ones, and every kind of file that only pretends."""

import bz2
import hashlib
import io
import json
import os
import random
import socket
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conda_package_handling import api
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doctor import channel, packages
from doctor.clean import one_line
from doctor.host.live import LiveHost
from tests.clients import ROOT

zstd: Any = import_module("conda_package_streaming.package_streaming").zstd

STEM = "graph-tool-base-2.98-py312h3_400"
INDEX: dict[str, Any] = {
    "name": "graph-tool-base",
    "version": "2.98",
    "build": "py312h3_400",
    "build_number": 400,
    "subdir": "linux-64",
    "depends": ["_x86_64-microarch-level >=3", "libstdcxx >=13", "python >=3.12,<3.13.0a0"],
    "constrains": ["graph-tool 2.98"],
}
BOTH = (".conda", ".tar.bz2")
MIB = 2**20
GIB = 2**30

META = """\
package:
  name: graph-tool-base
build:
  number: 400
  run_exports:
    # what others build against
    - graph-tool-base >=2.98,<3   # [linux]
    strong: ["boost >=1.86,<2", {{ pin }}]
    noarch:
      - python
  script: echo run_exports
requirements:
  host:
    - x86_64-microarch-level 3
"""
CONFIG = "c_compiler:\n- gcc\nmicroarch_level: '3'\nCFLAGS: -march=x86-64-v3\n"

linux = pytest.mark.skipif(sys.platform != "linux", reason="its files are special ones of Linux")


# --- making files ----------------------------------------------------------------------------


def pack(folder: Path, texts: Mapping[str, str], stem: str = STEM, ending: str = ".conda") -> Path:
    """A real package file, made with conda-package-handling."""
    root = folder / "root"
    for name, text in {**texts, "lib/libgraph.so": "code"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    out = folder / f"{stem}{ending}"
    api.create(str(root), [*texts, "lib/libgraph.so"], str(out))
    return out


def tar(*members: tuple[str, bytes | tuple[bytes, str]], end: bool = True) -> bytes:
    """A tar archive of files, and of other things given as their type and where they lead."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            data = b""
            if isinstance(content, bytes):
                data, entry.size = content, len(content)
            else:
                entry.type, entry.linkname = content
            archive.addfile(entry, io.BytesIO(data))
        length = archive.offset
    return out.getvalue() if end else out.getvalue()[:length]


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """The first block of a member that is as large as it says."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.type = size, kind
    return entry.tobuf(tarfile.GNU_FORMAT)


def conda(
    info: bytes, about: bytes = b'{"conda_pkg_format_version": 2}', stem: str = STEM
) -> bytes:
    """A `.conda` around an `info` component that is packed already."""
    return zipped({"metadata.json": about, f"info-{stem}.tar.zst": info})


def zipped(members: Mapping[str, bytes] | Sequence[tuple[str, bytes]], method: int = 0) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    rows = list(members.items()) if isinstance(members, Mapping) else members
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in rows:
            archive.writestr(name, data)
    return out.getvalue()


def packed(data: bytes, block: bytes = b"", times: int = 0) -> dict[str, bytes]:
    """Both formats of an archive, with a block many times after it, compressed only once."""
    zst = bytes(zstd.compress(data)) + bytes(zstd.compress(block)) * times
    return {".conda": conda(zst), ".tar.bz2": bz2.compress(data) + bz2.compress(block) * times}


class Case(NamedTuple):
    """A file that is not as it should be, and what is said of it; `None` if it is fine in truth."""

    id: str
    data: bytes
    trouble: str | None
    name: str = f"{STEM}.conda"


def indexed(value: object) -> bytes:
    return tar(("info/index.json", json.dumps(value).encode()))


NOISE = ("noise", random.Random(1).randbytes(MIB // 4))
GOOD = ("info/index.json", json.dumps(INDEX).encode())
LEADS = "leads out of it"
NO_JSON = "no valid JSON object"
GROWS = "grows beyond any real package"
CUT = "is cut off"

ARCHIVES: dict[str, tuple[bytes, str | None]] = {
    "dots": (tar(GOOD, ("../../etc/passwd", b"x")), LEADS),
    "dots-inside": (tar(GOOD, ("info/../../x", b"x")), LEADS),
    "absolute": (tar(GOOD, ("/etc/passwd", b"x")), LEADS),
    "drive": (tar(GOOD, ("C:/x", b"x")), LEADS),
    "backslashes": (tar(GOOD, ("lib\\..\\..\\x", b"x")), LEADS),
    "symlink-absolute": (tar(GOOD, ("info/x", (tarfile.SYMTYPE, "/etc/passwd"))), LEADS),
    "symlink-up": (tar(GOOD, ("lib/x", (tarfile.SYMTYPE, "../../x"))), LEADS),
    "symlink-inside": (tar(GOOD, ("lib/a", (tarfile.SYMTYPE, "../bin/a"))), None),
    "symlink-beside": (tar(GOOD, ("a.so", (tarfile.SYMTYPE, "a.so.1"))), None),
    "symlink-of-a-sysroot": (tar(GOOD, ("lib/a", (tarfile.SYMTYPE, "/lib/a"))), None),
    "hardlink": (tar(GOOD, ("lib/x", (tarfile.LNKTYPE, "/etc/passwd"))), LEADS),
    "hardlink-up": (tar(GOOD, ("lib/x", (tarfile.LNKTYPE, "../x"))), LEADS),
    "device": (tar(GOOD, ("dev/sda", (tarfile.BLKTYPE, ""))), "impossible kind"),
    "two-indexes": (tar(GOOD, GOOD), "two members called info/index.json"),
    "two-indexes-spelt": (tar(GOOD, ("./info//index.json", b"{}")), "two members called info/ind"),
    "long-name": (tar(GOOD, ("x" * 5000, b"")), "impossible kind, name or size"),
    "negative": (header("x", -512) + tar(GOOD), "has a member of an impossible"),
    "deep": (tar(GOOD, ("a/" * 1000 + "x", b"")), None),
    "dot-slash": (tar(("./info/index.json", GOOD[1])), None),
    "no-index": (tar(("info/files", b"")), "has no info/index.json"),
    "empty": (tar(), "has no info/index.json"),
    "no-tar": (b"hello" * 5000, "is damaged"),
    "no-end": (tar(GOOD, ("info/files", b"x"), end=False), CUT),
    "index-link": (tar(("info/index.json", (tarfile.SYMTYPE, "files"))), "other than a file"),
    "index-folder": (tar(("info/index.json", (tarfile.DIRTYPE, ""))), "other than a file"),
    "index-large": (tar(("info/index.json", b" " * 5 * MIB + GOOD[1])), "has a larger info/"),
    "index-empty": (tar(("info/index.json", b"")), NO_JSON),
    "index-text": (tar(("info/index.json", b"name: graph-tool")), NO_JSON),
    "index-bytes": (tar(("info/index.json", GOOD[1].replace(b"gcc", b"\xff") + b"\xff")), NO_JSON),
    "index-nested": (tar(("info/index.json", b"[" * 100_000 + b"]" * 100_000)), NO_JSON),
    "index-nested-field": (
        tar(("info/index.json", b'{"depends": ' + b"[" * 900 + b"]" * 900 + b"}")),
        "that a package can have",
    ),
    "index-number": (tar(("info/index.json", b'{"build_number": ' + b"9" * 9999 + b"}")), NO_JSON),
    "index-nan": (indexed({**INDEX, "timestamp": float("nan")}), NO_JSON),
    "index-list": (indexed([INDEX]), NO_JSON),
    "index-null": (indexed(None), NO_JSON),
    "no-version": (indexed({**INDEX, "version": None}), "has no version"),
    "name-number": (indexed({**INDEX, "name": 7}), "has no name"),
    "name-control": (indexed({**INDEX, "name": "graph\x1b[31m-tool\n"}), "has no name"),
    "name-long": (indexed({**INDEX, "name": "x" * MIB}), "has no name"),
    "build-list": (indexed({**INDEX, "build": []}), "has no build"),
    "number-true": (indexed({**INDEX, "build_number": True}), "is no number"),
    "number-huge": (indexed({**INDEX, "build_number": 10**4000}), "is no number"),
    "number-float": (indexed({**INDEX, "build_number": 1e999}), NO_JSON),
    "subdir-control": (indexed({**INDEX, "subdir": "linux\x07"}), "has a subdir"),
    "depends-text": (indexed({**INDEX, "depends": "python"}), "depends that are no list"),
    "depends-numbers": (indexed({**INDEX, "depends": [1]}), "depends that are no list"),
    "depends-many": (indexed({**INDEX, "depends": ["a"] * 20_000}), "more depends than any"),
    "depends-much": (
        tar(("info/index.json", b'{"depends": "' + "\u2028".encode() * MIB + b'"}')),
        "printed more than 4 MiB",
    ),
    "constrains-object": (indexed({**INDEX, "constrains": {}}), "constrains that are no list"),
    "features-number": (indexed({**INDEX, "track_features": 1}), "track_features that are no"),
    "other-name": (indexed({**INDEX, "name": "graph-tool"}), "not what its name says: name it"),
    "exports-text": (tar(GOOD, ("info/run_exports.json", b"{")), "(no valid JSON)"),
    "exports-number": (tar(GOOD, ("info/run_exports.json", b"7")), "it lists no run exports"),
    "exports-numbers": (tar(GOOD, ("info/run_exports.json", b"[7]")), "no list of texts"),
    "hash-input-list": (tar(GOOD, ("info/hash_input.json", b"[]")), NO_JSON),
    "hash-input-large": (tar(GOOD, ("info/hash_input.json", b" " * 2 * MIB)), "has a larger info/"),
}


ZEROS = (bytes(16 * MIB), 64)
MEMBERS = (header("x", 0) * 10_000, 20)


def bombs() -> Iterator[Case]:
    """Small files that would fill the memory or the disk, or would never end."""
    archives = {
        "member-in-info": packed(header("info/x", GIB), *ZEROS),
        "member-in-payload": packed(tar(GOOD, end=False) + header("lib/x", GIB), *ZEROS),
        "long-name": packed(header("././@LongLink", GIB, tarfile.GNUTYPE_LONGNAME), *ZEROS),
        "pax-header": packed(header("x", GIB, tarfile.XHDTYPE), *ZEROS),
        "after-the-end": packed(tar(GOOD), *ZEROS),
        "many-zeros": packed(tar(GOOD, end=False), *MEMBERS),
        "many-members": packed(tar(NOISE, end=False), *MEMBERS),
    }
    for name, formats in archives.items():
        trouble = "has more than 100000 members" if name == "many-members" else GROWS
        for ending, data in formats.items():
            yield Case(f"bomb-{name}{ending}", data, trouble, f"{STEM}{ending}")
    window = b"\x28\xb5\x2f\xfd\x00\xa8" + (100 << 3 | 1).to_bytes(3, "little") + bytes(100)
    yield Case("bomb-window", conda(window), GROWS)
    deflated = zipped({"metadata.json": b"{}", f"info-{STEM}.tar.zst": bytes(64 * MIB)}, 8)
    yield Case("bomb-deflated", deflated, "packed in a way")
    yield Case("bomb-members-of-zip", many_members(60_000), "lists more members")


def many_members(count: int) -> bytes:
    """A zip archive whose list of members is long."""
    one = zipped({"x": b""})
    start = one.index(b"PK\1\2")
    entry, end = one[start : one.index(b"PK\5\6")], one[one.index(b"PK\5\6") :]
    size = (len(entry) * count).to_bytes(4, "little")
    return one[:start] + entry * count + end[:12] + size + end[16:]


def containers() -> Iterator[Case]:
    """Zip archives that are no good `.conda`."""
    info = bytes(zstd.compress(tar(GOOD)))
    name, about = f"info-{STEM}.tar.zst", b'{"conda_pkg_format_version": 2}'
    encrypted = bytearray(conda(info))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        encrypted[encrypted.rindex(mark) + flags] |= 1
    yield Case("zip-encrypted", bytes(encrypted), "is encrypted")
    yield Case("zip-no-metadata", zipped({name: info}), "has no metadata.json")
    yield Case("zip-no-info", zipped({"metadata.json": about}), "without its info-*.tar.zst")
    yield Case("zip-newer", conda(info, b'{"conda_pkg_format_version": 3}'), "version 3 of the")
    yield Case("zip-true", conda(info, b'{"conda_pkg_format_version": true}'), "version true of")
    yield Case("zip-metadata", conda(info, b"[2]"), "broken metadata.json (no valid")
    yield Case("zip-two-infos", zipped({name: info, "info-x.tar.zst": info}), "two members of")
    yield Case("zip-dots", zipped({name: info, "../x": b"", "metadata.json": about}), LEADS)
    yield Case("zip-other-parts", conda(info, stem="x-1-0"), "has parts named for x-1-0")
    yield Case("zip-nested", conda(conda(info)), "is damaged")
    yield Case("zip-empty", zipped({}), "is an empty zip archive, not a .conda")
    yield Case("zip-any", zipped({"a.txt": b"a"}), "is a zip archive, not a .conda package")
    yield Case("zip-wheel", zipped({"a-1.dist-info/WHEEL": b""}), "is a Python wheel")
    yield Case("zip-cut-inside", conda(info[:-9]), CUT)
    yield Case("named-bz2", conda(info), "is a .conda package by its content", f"{STEM}.tar.bz2")
    yield Case("named-conda", bz2.compress(tar(GOOD)), "is a .tar.bz2 package by its content")
    yield Case("renamed", conda(info), f"is {STEM} by its content", "graph-tool-2.98-0.conda")
    yield Case("upper-case", conda(info), None, f"{STEM}.CONDA")


def starts() -> Iterator[Case]:
    """Files that are something else altogether."""
    yield Case("nothing", b"", "is empty: download it again")
    page = b"\r\n<!DOCTYPE html><html><title>404 Not Found</title></html>"
    for ending in BOTH:
        yield Case(f"page{ending}", page, "is a web page, not a", f"{STEM}{ending}")
    program = Path(sys.executable).read_bytes()[:100_000]
    yield Case("program", program, "is a program or library for")
    yield Case("zeros", bytes(9999), "nothing but zero bytes")
    yield Case("words", b"Not found.\n", "is a text, not a .conda package")
    yield Case("json", b'{"error": "not found"}', "is a JSON text")
    yield Case("noise", bytes(range(255, 0, -1)) * 9, "is no archive")
    yield Case("plain-tar", tar(GOOD), "is a tar archive that is not compressed")
    yield Case("lfs", b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS")
    yield Case("bare-zstandard", bytes(zstd.compress(tar(GOOD))), "is a bare zstandard file")


def broken(good: Mapping[str, bytes]) -> Iterator[Case]:
    """Good packages that were cut off anywhere, or that have something after their end."""
    for ending, data in good.items():
        for part in range(1, 12):
            cut = data[: len(data) * part // 12]
            yield Case(f"cut-{part}{ending}", cut, CUT, f"{STEM}{ending}")
        for less in (1, 4, 10):
            yield Case(f"cut-end-{less}{ending}", data[:-less], CUT, f"{STEM}{ending}")
    payload = tar(GOOD, NOISE, end=False) + header("lib/x", 128 * MIB)
    large = packed(payload, bytes(16 * MIB), 8)[".tar.bz2"]
    yield Case("large-payload.tar.bz2", large, None, f"{STEM}.tar.bz2")
    yield Case("more", good[".tar.bz2"] + b"more", CUT, f"{STEM}.tar.bz2")


# --- reading them ----------------------------------------------------------------------------

READ_ALL = """
import json, resource, sys, time
import msgspec
from doctor import packages
from doctor.host.live import LiveHost

host, rows = LiveHost(), []
for path in json.load(open(sys.argv[1])):
    started = time.monotonic()
    found = packages.read(host, path)
    rows.append([msgspec.to_builtins(found), time.monotonic() - started])
host.close()
print(json.dumps([rows, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""


def read_all(paths: Sequence[Path], listed: Path, env: Mapping[str, str]) -> tuple[list[Any], int]:
    """Reads files in a process of its own: the answers, and its children's peak of memory."""
    listed.write_text(json.dumps(list(map(str, paths))))
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(listed)],
        env={**os.environ, **env}, cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    rows, peak = json.loads(done.stdout)
    return rows, int(peak)


def tree(folder: Path) -> dict[str, str]:
    """Everything in a folder, with what it holds."""
    found = {}
    for path in sorted(folder.rglob("*")):
        regular = path.is_file() and not path.is_symlink()
        content = path.read_bytes() if regular else b""
        found[str(path)] = f"{path.lstat().st_mode} {hashlib.sha256(content).hexdigest()}"
    return found


def all_cases(folder: Path) -> list[Case]:
    good = {ending: pack(folder, texts(), ending=ending).read_bytes() for ending in BOTH}
    archives = [
        Case(f"{name}{ending}", data, trouble, f"{STEM}{ending}")
        for name, (content, trouble) in ARCHIVES.items()
        for ending, data in packed(content).items()
    ]
    return [*archives, *bombs(), *containers(), *starts(), *broken(good)]


def texts(**changes: str) -> dict[str, str]:
    """The texts of a package in the shape of graph-tool's."""
    return {
        "info/index.json": json.dumps(INDEX),
        "info/recipe/meta.yaml": META,
        "info/recipe/conda_build_config.yaml": CONFIG,
        "info/hash_input.json": json.dumps({"microarch_level": "3", "c_compiler": "gcc"}),
        **changes,
    }


@pytest.fixture(scope="module")
def host() -> Iterator[LiveHost]:
    live = LiveHost()
    yield live
    live.close()


def test_every_bad_file_has_one_line_and_leaves_nothing(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cases = all_cases(tmp_path_factory.mktemp("good"))
    paths = [tmp_path / case.id / case.name for case in cases]
    for path, case in zip(paths, cases, strict=True):
        path.parent.mkdir()
        path.write_bytes(case.data)
    temporary = tmp_path_factory.mktemp("temporary")
    before = tree(tmp_path)
    listed = tmp_path_factory.mktemp("listed") / "paths.json"
    rows, peak = read_all(paths, listed, {"TMPDIR": str(temporary)})
    assert (tree(tmp_path), tree(temporary)) == (before, {})
    assert peak < 400 * MIB
    assert len({case.data for case in cases}) > 150
    assert len(rows) == len(cases)
    wrong = [(c.id, row) for c, row in zip(cases, rows, strict=True) if not as_expected(c, *row)]
    assert wrong == []


def as_expected(case: Case, package: Mapping[str, Any], seconds: float) -> bool:
    """Whether a file was refused for its reason in one line, or read if it is fine in truth."""
    said = package["trouble"]
    if seconds > packages.LIMIT:
        return False
    if case.trouble is None:
        return said is None and package["record"]["depends"] == INDEX["depends"]
    return package["record"] is None and case.trouble in said and is_one_line(said)


def is_one_line(said: str) -> bool:
    return said == one_line(said) and len(said.splitlines()) == 1


# --- real packages ---------------------------------------------------------------------------


@pytest.mark.parametrize("ending", BOTH)
def test_a_real_package_says_all_that_it_asks_for(
    host: LiveHost, tmp_path: Path, ending: str
) -> None:
    found = packages.read(host, str(pack(tmp_path, texts(), ending=ending)))
    assert found.trouble is None and found.record is not None
    assert found.record.title == "graph-tool-base 2.98 py312h3_400"
    assert (found.record.build_number, found.record.subdir) == (400, "linux-64")
    assert found.record.depends == tuple(INDEX["depends"])
    assert found.record.constrains == ("graph-tool 2.98",)
    assert found.record.file == f"{STEM}{ending}"
    assert found.asks == ("_x86_64-microarch-level >=3",)
    assert found.run_exports == {
        "weak": ("graph-tool-base >=2.98,<3",),
        "strong": ("boost >=1.86,<2",),
        "noarch": ("python",),
    }
    assert found.recipe == {
        "conda_build_config.yaml": ("3: microarch_level: '3'", "4: CFLAGS: -march=x86-64-v3"),
        "meta.yaml": ("14: - x86_64-microarch-level 3",),
    }
    assert found.variant == {"microarch_level": "3"}


EXPORTS: dict[str, tuple[str, str, dict[str, tuple[str, ...]]]] = {
    "kinds": (
        "info/run_exports.json",
        '{"strong": ["a >=1"], "weak": ["b"], "noarch": [], "strong_constrains": "c <2"}',
        {"strong": ("a >=1",), "weak": ("b",), "strong_constrains": ("c <2",)},
    ),
    "list": ("info/run_exports.json", '["a >=1,<2"]', {"weak": ("a >=1,<2",)}),
    "none": ("info/run_exports.json", "{}", {}),
    "null": ("info/run_exports.json", "null", {}),
    "yaml": ("info/run_exports.yaml", "weak:\n- a >=1\n- 'b'\n", {"weak": ("a >=1", "b")}),
    "inline": (
        "info/recipe/meta.yaml",
        "build:\n  run_exports: ['a >=1,<2', b]\nrequirements:\n  run:\n    - c\n",
        {"weak": ("a >=1,<2", "b")},
    ),
    "same-indent": (
        "info/recipe/meta.yaml",
        "build:\n  run_exports:\n  - a\n\n  - b\n  script: c\n",
        {"weak": ("a", "b")},
    ),
    "elsewhere": ("info/recipe/meta.yaml", "about:\n  run_exports:\n    - a\n", {}),
}


@pytest.mark.parametrize("case", EXPORTS)
def test_run_exports_of_every_form(host: LiveHost, tmp_path: Path, case: str) -> None:
    name, text, wanted = EXPORTS[case]
    path = pack(tmp_path, {"info/index.json": json.dumps(INDEX), name: text})
    found = packages.read(host, str(path))
    assert (found.trouble, found.run_exports) == (None, wanted)


def test_a_recipe_of_rattler_build_names_its_variant(host: LiveHost, tmp_path: Path) -> None:
    rendered = "build_configuration:\n  variant:\n    microarch_level: 3  # chosen\n"
    extra = {
        "info/hash_input.json": "{}",
        "info/recipe/recipe.yaml": f"a: -march=native\x1b[31m{'x' * 999}\n" * 99,
        "info/recipe/rendered_recipe.yaml": rendered,
    }
    found = packages.read(host, str(pack(tmp_path, {"info/index.json": GOOD[1].decode(), **extra})))
    assert found.variant == {"microarch_level": "3"}
    assert len(found.recipe["recipe.yaml"]) == 40
    assert all(row == one_line(row) and len(row) < 220 for row in found.recipe["recipe.yaml"])


@pytest.mark.parametrize("ending", BOTH)
def test_a_level_package_asks_for_a_cpu(host: LiveHost, tmp_path: Path, ending: str) -> None:
    level = {
        "name": "_x86_64-microarch-level", "version": "3", "build": "3_zen2", "build_number": 3,
        "subdir": "noarch", "depends": ["__archspec 1.* zen2"], "track_features": "a b",
    }  # fmt: skip
    stem = "_x86_64-microarch-level-3-3_zen2"
    path = pack(tmp_path, {"info/index.json": json.dumps(level)}, stem, ending)
    found = packages.read(host, str(path))
    assert (found.trouble, found.asks) == (None, ("__archspec 1.* zen2",))
    assert found.record is not None and found.record.track_features == "a b"


def test_the_reproduction_channel_reads_back_as_its_index(
    host: LiveHost, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = channel.ensure(tmp_path_factory.mktemp("cache")) / channel.PUBLISHED / "noarch"
    chosen = [*channel.packages()[::7], *channel.packages()[-6:]]
    assert {package.extension for package in chosen} == set(BOTH)
    for package in chosen:
        record = packages.read(host, str(made / package.file)).record
        assert record is not None and record.file == package.file
        for key in ("name", "version", "build", "build_number", "subdir"):
            assert getattr(record, key) == package.index[key]
        assert record.depends == package.depends
        assert record.track_features == package.track_features


# --- what is no file, or no package's name -----------------------------------------------------


@linux
def test_what_is_no_file_is_named_and_never_waited_for(host: LiveHost, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.conda")
    (tmp_path / "folder.conda").mkdir()
    links = {"zero.conda": "/dev/zero", "loop.tar.bz2": "loop.tar.bz2", "gone.conda": "nothing",
             "memory.conda": "/proc/self/mem"}  # fmt: skip
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    before = tree(tmp_path)
    wanted = {
        "pipe.conda": "is a pipe", "folder.conda": "is a folder", "zero.conda": "is a device",
        "loop.tar.bz2": "cannot be read (Too many levels", "gone.conda": "is not there",
        "memory.conda": "cannot be read (", "none/x.conda": "is not there",
        f"{'x' * 300}.conda": "cannot be read (File name too long)",
    }  # fmt: skip
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.conda"))
        wanted["socket.conda"] = "is a socket"
        started = time.monotonic()
        found = {name: packages.read(host, str(tmp_path / name)).trouble for name in wanted}
        assert time.monotonic() - started < len(wanted)
        (tmp_path / "socket.conda").unlink()
    for name, trouble in wanted.items():
        assert (found[name] or "").startswith(trouble)
    assert tree(tmp_path) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads it all")
def test_an_unreadable_file_is_said_to_be_one(host: LiveHost, tmp_path: Path) -> None:
    path = pack(tmp_path, texts())
    path.chmod(0)
    assert "Permission denied" in (packages.read(host, str(path)).trouble or "")


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("https://example.org/x-1-0.conda", "is an address"),
        ("graph-tool", "is named neither"),
        ("a\0b.conda", "has a zero byte"),
        ("@channel@/x-1-0.conda", "has @channel@ in its path"),
        ("a\n\x1b[31m/x-1-0.conda", "is not there"),
    ],
)
def test_paths_that_cannot_be_read(host: LiveHost, path: str, trouble: str) -> None:
    found = packages.read(host, path)
    assert (found.path, found.record) == (path, None)
    assert (found.trouble or "").startswith(trouble)


def test_a_reader_that_is_stopped_is_a_trouble(host: LiveHost, tmp_path: Path) -> None:
    found = packages.read(host, str(pack(tmp_path, texts())), limit=0.0)
    assert found.trouble is not None
    assert found.trouble.startswith("could not be read: the reader of packages did not answer")


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("x-1-0.conda", True), ("./x-1-0.TAR.BZ2", True), ("C:\\a\\x.Conda", True),
        ("/a b/x.tar.bz2", True), ("graph-tool", False), ("graph-tool=2.98", False),
        (".conda", False), ("/home/me/.conda", False), ("x.conda/", False), ("x.tar.gz", False),
        ("x.conda >=1", False), ("", False),
    ],
)  # fmt: skip
def test_words_that_mean_a_file(word: str, wanted: bool) -> None:
    assert packages.is_package(word) is wanted


# --- fuzz --------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", BOTH)
def test_a_package_with_changed_bytes_is_refused_or_says_the_same(
    host: LiveHost, tmp_path: Path, ending: str
) -> None:
    path = pack(tmp_path, texts(), ending=ending)
    good, meant = path.read_bytes(), packages.read(host, str(path))
    assert meant.record is not None
    places = st.integers(0, len(good) - 1)
    changes = st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=4)

    @settings(max_examples=40, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(changes)
    def change(places_and_bytes: list[tuple[int, int]]) -> None:
        data = bytearray(good)
        for place, byte in places_and_bytes:
            data[place] = byte
        path.write_bytes(data)
        found = packages.read(host, str(path))
        if found.trouble is None:
            assert found == meant
        else:
            assert found.record is None and is_one_line(found.trouble)

    change()
