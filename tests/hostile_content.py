"""Bundles whose archive is whole, and whose content is wrong, evil or enormous."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from tests import hostile, scenes
from tests.hostile import ESCAPES, document, files, manifest_of, packed, with_recording

# --- what is in it ---------------------------------------------------------------------------

WRONG: tuple[Any, ...] = (None, True, -1, 1e308, 10**400, "x", [], {}, [[]], {"a": {"b": []}},
                          "\ud800", ESCAPES)  # fmt: skip


def manifests() -> Iterator[tuple[str, bytes]]:
    """Manifests that say something else than they should."""
    content = files()
    numbers: tuple[object, ...] = (0, -1, 1, True, False, None, 1e9, 2.5, "2", [], 3, 10**9, 10**30)
    for number in numbers:
        yield f"format {number!r}", packed(content, format=number)
    for name in ("doctor", "made", "source", "redacted", "files", "replaced", "omissions"):
        for wrong in WRONG[1:8]:
            yield f"manifest {name} {str(wrong)[:9]}", packed(content, **{name: wrong})
    for text in (b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 200_000, b'{"format": 2}',
                 b'{"a":' * 50_000, b"2", b'{"format": 2, "format": 3}'):  # fmt: skip
        yield f"manifest is {text[:26]!r}", packed({**content, "manifest.json": text}, listed=False)
    rows = json.loads(manifest_of(content))["files"]
    yield "listed twice", packed(content, files=[*rows, rows[0]])
    yield "listed and not there", packed(content, files=[*rows, {**rows[0], "name": "x.txt"}])
    yield "wrong digest", packed(content, files=[{**rows[0], "sha256": "0" * 64}, *rows[1:]])
    yield "wrong size", packed(content, files=[{**rows[0], "bytes": 1}, *rows[1:]])
    for name in [n for n in content if n != "manifest.json"]:
        fewer = {n: d for n, d in content.items() if n != name}
        yield f"lacks {name[:24]}", packed(fewer, files=rows)


def recordings() -> Iterator[tuple[str, bytes]]:
    """Recordings with wrong types, lengths and references, and right digests."""
    index = document("recording.json")
    for part in index["recording"]:
        for wrong in WRONG:
            yield f"{part} {str(wrong)[:8]!r}", with_recording(_put(part, wrong))
    for fact in index["recording"]["facts"]:
        for wrong in WRONG[:4]:
            yield f"fact {fact} {wrong!r}"[:30], with_recording(_put(fact, wrong, "facts"))
    text = next(iter(index["texts"].values()))
    for name, change in {
        "texts twice": lambda i: i["texts"].update(dict.fromkeys(i["texts"], text)),
        "texts of nothing": lambda i: i["texts"].update({"/nowhere": text}),
        "texts of manifest": lambda i: i["texts"].update({next(iter(i["texts"])): "manifest.json"}),
        "texts outside": lambda i: i["texts"].update({next(iter(i["texts"])): "../../etc/passwd"}),
        "outputs fewer": lambda i: i["outputs"].pop(),
        "outputs more": lambda i: i["outputs"].append([text, text]),
        "outputs of wrong shape": lambda i: i.update(outputs=[[1, 2]] * len(i["outputs"])),
        "endless home": lambda i: i["recording"]["facts"].update(home="/a" * 10**5),
        "endless folder": lambda i: i["recording"]["facts"].update(cwd="/a" * 10**5),
        "endless name": lambda i: i["recording"]["env"].update({"A" * 10**5: "x"}),
        "no recording": lambda i: i.pop("recording"),
        "nested": lambda i: i.update(recording=[[[[[[[]]]]]]]),
    }.items():
        yield name, with_recording(change)
    for raw in (b"", b"null", b"[]", b"{}", b"\xff", b"[" * 300_000, b'{"recording":' * 20_000):
        yield f"recording is {raw[:9]!r}", packed({**files(), "recording.json": raw})
        yield f"guides are {raw[:9]!r}", packed({**files(), "guides.json": raw})


def _put(name: str, value: object, table: str | None = None) -> Callable[[dict[str, Any]], object]:
    """Puts a value into a recording, or into one of its tables."""

    def change(index: dict[str, Any]) -> None:
        recording = index["recording"]
        (recording[table] if table else recording)[name] = value

    return change


def heavy() -> Iterator[tuple[str, bytes]]:
    """Recordings that are right in form, and large or long wherever that could take time."""
    home, index = scenes.HOME, document("recording.json")
    chance = random.Random(3)
    noise = {f"CONDA_X{n}": chance.randbytes(8000).hex() for n in range(8)}

    def of(**parts: object) -> bytes:
        return with_recording(lambda i: i["recording"].update({"env": noise, **parts}))

    def text(ending: str, said: str) -> bytes:
        (name,) = [name for path, name in index["texts"].items() if path.endswith(ending)]
        return packed({**files(), name: f"{said}\n# {chance.randbytes(9000).hex()}".encode()})

    level = scenes.LEVEL
    yield "deep folder", with_recording(_put("cwd", "/a" * 8000, "facts"))
    yield "environments", of(folders={f"{home}/miniforge3/envs\n*": [f"e{n * 7919}" for n in
                                                                    range(90_000)]})  # fmt: skip
    yield "registry", text("environments.txt", "".join(f"/e/{n * 7919}\n" for n in range(90_000)))
    yield "processors", text("cpuinfo", "".join(f"processor: {n}\nflags: fpu avx{n}\n\n"
                                                for n in range(20_000)))  # fmt: skip
    yield "flags", text("cpuinfo", "flags: " + " ".join(f"f{n * 7919}" for n in range(90_000)))
    yield "brand", text("cpuinfo", "vendor_id: GenuineIntel\nmodel name: " + "a:" * 900_000)
    yield "names", text("microarchitectures.json", json.dumps({"microarchitectures": {
        f"m{n}": {"from": [f"m{n + 1}", f"m{n + 2}"], "vendor": "x", "features": ["avx2"]}
        for n in range(300)}}))  # fmt: skip
    yield "pins", text("environment.yml", "dependencies:\n" + "".join(
        f"  - {level}={n}=2_zen{n}\n" for n in range(8000)))  # fmt: skip
    yield "brackets", text("environment.yml", "dependencies:\n"
                           + f"  - {level}{'[(=,' * 2000}\n" * 90)  # fmt: skip
    record = {
        "name": "n",
        "version": "1",
        "build": "h",
        "depends": [
            f"{level} {'>=1,<' * 2000}",
            f"__archspec 1 {'(a|' * 3000}",
            f"{level} >={'9' * 5000}",
        ],
    }
    yield "records", of(installed={f"{home}/miniforge3/envs/old": {
        "path": "x", "count": 3, "records": [record] * 60}})  # fmt: skip
    line = {"path": f"{home}/.bashrc", "number": 1,
            "text": "alias conda=" + "'\"(" * 2000 + " /bin/conda shell hook"}  # fmt: skip
    yield "start-up", of(lines={f"{home}/.bashrc": {"path": "x", "found": [line] * 400}})
    rows = [{"path": f"/b{n}/conda", "kind": "executable", "real": f"/{n}/x"} for n in range(1900)]
    yield "programs", of(lookups={"conda": rows})
    said = {n: b'{"virtual packages":' + b"[" * 900 + b"]" * 900 + b"}" for n in files()
            if n.startswith("transcripts/")}  # fmt: skip
    yield "nested answers", packed({**files(), **said})
    yield "numbers", of(figures={"processors": 10**18, "memory": -(10**18), "shell": "x" * 9000})


def escaped() -> bytes:
    """Control characters and escape sequences in every text of a recording that is none else."""

    def evil(value: object) -> object:
        if isinstance(value, str):
            return value + ESCAPES
        if isinstance(value, dict):
            return {key: evil(inner) for key, inner in value.items()}
        return [evil(inner) for inner in value] if isinstance(value, list) else value

    index = document("recording.json")
    changed = {**index, "recording": evil(index["recording"])}
    texts = {name: data + ESCAPES.encode() for name, data in files().items()
             if name.startswith(("files/", "transcripts/"))}  # fmt: skip
    return packed({**files(), **texts, "recording.json": json.dumps(changed).encode()})


def everything() -> Iterator[tuple[str, bytes]]:
    for source in (hostile.archives, hostile.damaged, manifests, recordings, heavy):
        for name, data in source():
            yield f"{source.__name__}: {name}", data
    yield "escaped", escaped()
