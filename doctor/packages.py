"""Package files -> what they say of themselves, or in one line why they cannot be trusted.

A child process reads the file, within limits of its own; what it prints is not believed either.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import Any

import msgspec
from msgspec import Struct, field

from doctor.clean import one_line
from doctor.host import Host
from doctor.model import Command, PackageFile, Record, Transcript

LIMIT = 10.0
"""Seconds that reading one file may take."""

ENDINGS = (".conda", ".tar.bz2")
MARK = "envdoctor "
AGAIN = "download it again"
ODD = "no real package has that, do not use it"

MAX_WORD, MAX_LINE, MAX_LINES, MAX_KEYS = 200, 2_000, 10_000, 100

STARTS = (
    (rb"BZh[1-9]", ".tar.bz2"),
    (rb"PK\x03\x04", "a zip archive"),
    (rb"PK\x05\x06", "an empty zip archive"),
    (rb"\x28\xb5\x2f\xfd", "a bare zstandard file"),
    (rb"\x1f\x8b", "a gzip file, as of a source archive"),
    (rb"\xfd7zXZ\0", "an xz file"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (rb"Rar!", "a RAR archive"),
    (rb"\x7fELF", "a program or library for Linux"),
    (rb"MZ", "a program or library for Windows"),
    (rb"[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe", "a program or library for macOS"),
    (rb"%PDF", "a PDF document"),
    (rb"version https://git-lfs", "a pointer of Git LFS in place of the file"),
    (rb"(?is)(\xef\xbb\xbf)?\s*<(!doctype|html|head|\?xml|!--)", "a web page"),
    (rb"#!", "a script"),
    (rb"(?s).{257}ustar", "a tar archive that is not compressed"),
    (rb"\0+\Z", "nothing but zero bytes"),
    (rb"\s*[\[{]", "a JSON text"),
    (rb"[\t\r\n -~\x80-\xff]+\Z", "a text"),
)
"""What a file is by its first bytes; the first that fits."""

CONFIGS = ("conda_build_config.yaml", "variant_config.yaml", "variants.yaml",
           "rendered_recipe.yaml")  # fmt: skip
_VARIANT = re.compile(
    r"\d+: ([\w.-]*microarch[\w.-]*)\s*:\s+([^\s#\[{&*|>-][^#]*)(#.*)?", re.IGNORECASE
)


class Unfit(ValueError):
    """A file that is no package, or none to trust; the message says why, in one line."""


class Said(Struct, frozen=True):
    """What the probe prints: `trouble`, or how something else `start`s, or the package's words."""

    trouble: str | None = None
    start: str | None = None
    members: tuple[str, ...] = ()
    stem: str | None = None
    index: dict[str, Any] = field(default_factory=dict)
    variant: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, tuple[str, ...]] = field(default_factory=dict)
    run_exports: tuple[str, str] | None = None


def is_package(word: str) -> bool:
    """Whether a word of a command means a package file rather than a requirement."""
    return re.search(r"[^/\\](\.conda|\.tar\.bz2)\Z", word, re.IGNORECASE) is not None


def read(host: Host, path: str, limit: float = LIMIT) -> PackageFile:
    """What a package file says of itself; never raises for what the file is."""
    try:
        _check_path(path)
        command = Command(("@python@", "-c", "@probe:package_metadata@", path), limit=limit)
        return _package(path, _said(host.run(command)))
    except Unfit as error:
        return PackageFile(path, trouble=_line(str(error), 600))


def _check_path(path: str) -> None:
    """Raises Unfit for what cannot be asked."""
    if "://" in path:
        raise Unfit("is an address, not a file: download it, then name the file")
    if not is_package(path):
        raise Unfit("is named neither .conda nor .tar.bz2: only such files are packages")
    if "\0" in path:
        raise Unfit("has a zero byte in its path, so it cannot be there: check the path")
    for own in ("@channel@", "@scratch@"):
        if own in path:
            raise Unfit(f"has {own} in its path, a word that envdoctor replaces: rename it")


def _said(transcript: Transcript) -> Said:
    """What the probe printed; raises Unfit if that cannot be read."""
    status = transcript.exit_status
    reason = transcript.trouble
    if reason is None and status is not None and status < 0:
        raise Unfit("takes more time or memory than any real package: do not use it")
    if reason is None and status:
        reason = f"ended with exit status {status}: {_last_line(transcript.stderr)}"
    if reason is not None:
        recorded = "recording" in reason
        raise Unfit(reason if recorded else f"could not be read: the reader of packages {reason}")
    marked = [line for line in transcript.stdout.split("\n") if line.startswith(MARK)]
    try:
        return msgspec.convert(json.loads(marked[-1].removeprefix(MARK)), Said)
    except (IndexError, RecursionError, ValueError):
        raise Unfit("could not be read: the reader of packages gave no clear answer") from None


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1][:160] if lines else "it printed nothing"


def _package(path: str, said: Said) -> PackageFile:
    """The package, if all that it says is what a real one would say."""
    if said.trouble is not None:
        raise Unfit(said.trouble)
    if said.start is not None:
        raise Unfit(_other(path, said.start, said.members))
    record = _record(re.split(r"[/\\]", path)[-1], said.index)
    stem = f"{record.name}-{record.version}-{record.build}"
    _check_name(record.file, stem)
    if said.stem not in (None, stem):
        raise Unfit(f"has parts named for {said.stem}, but is {stem}: {AGAIN}")
    return PackageFile(
        path,
        record,
        run_exports=_run_exports(said.run_exports) if said.run_exports else {},
        recipe={
            _line(name): tuple(_line(row, MAX_WORD + 20) for row in rows[:40])
            for name, rows in islice(said.recipe.items(), MAX_KEYS)
        },
        variant=dict(islice(_variant(said), MAX_KEYS)),
    )


def _other(path: str, start: str, members: Sequence[str]) -> str:
    """What a file is that is not what its name says."""
    try:
        head = bytes.fromhex(start)
    except ValueError:
        head = b""
    ending = next(e for e in ENDINGS if path.lower().endswith(e))
    found = next((what for mark, what in STARTS if re.match(mark, head)), "no archive")
    if not head:
        return f"is empty: {AGAIN}"
    if any(re.fullmatch(r"info-.*\.tar\.zst", name) for name in members):
        found = ".conda"
    elif any(name.endswith(".dist-info/WHEEL") for name in members):
        found = "a Python wheel"
    elif "metadata.json" in members:
        return f"is a .conda package without its info-*.tar.zst: {AGAIN}"
    if found in ENDINGS:
        return f"is a {found} package by its content, not a {ending}: give it that ending"
    return f"is {found}, not a {ending} package: {AGAIN}"


def _check_name(file: str, stem: str) -> None:
    """Raises Unfit where the file's name says something else than its content."""
    ending = next((e for e in ENDINGS if file.lower().endswith(e)), "")
    if file[: len(file) - len(ending)].casefold() != stem.casefold():
        raise Unfit(f"is {stem} by its content, not what its name says: name it {stem}{ending}")


# --- the index -------------------------------------------------------------------------------


def _record(file: str, index: dict[str, Any]) -> Record:
    """`info/index.json` as a record."""
    number, subdir = index.get("build_number", 0), index.get("subdir")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**31:
        raise Unfit(f"has a build_number in its index.json that is no number: {ODD}")
    if subdir is not None and not (isinstance(subdir, str) and re.fullmatch(r"[\w-]+", subdir)):
        raise Unfit(f"has a subdir in its index.json that is none: {ODD}")
    features = index.get("track_features")
    if isinstance(features, str):
        features = [features]
    return Record(
        name=_word(index, "name"),
        version=_word(index, "version"),
        build=_word(index, "build"),
        build_number=number,
        subdir=subdir and subdir[:MAX_WORD],
        depends=_texts(index.get("depends"), "depends"),
        constrains=_texts(index.get("constrains"), "constrains"),
        track_features=" ".join(_texts(features, "track_features")),
        file=file,
    )


def _word(index: dict[str, Any], key: str) -> str:
    """A name, version or build."""
    value = index.get(key)
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_.+!~-]{1,200}", value):
        raise Unfit(f"has no {key} in its index.json that a package can have: {ODD}")
    return value


def _texts(value: object, what: str) -> tuple[str, ...]:
    """Requirements, verbatim but for control characters; none where there is no list."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise Unfit(f"has {what} that are no list of texts: {ODD}")
    if len(value) > MAX_LINES or any(len(text) > MAX_LINE for text in value):
        raise Unfit(f"has more {what} than any real package, or longer ones: do not use it")
    return tuple(_line(text) for text in value)


def _line(text: str, most: int = MAX_LINE) -> str:
    """Text that is safe to show on one line."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\t\u2028\u2029]", " ", one_line(whole[: most * 2]))[:most]


# --- the recipe ------------------------------------------------------------------------------


def _variant(said: Said) -> Iterator[tuple[str, str]]:
    """Keys that chose the level: as hashed into the build, else as the recipe's files say."""
    seen = set()
    for key, value in said.variant.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            seen.add(key)
            yield _line(key, MAX_WORD), _line(str(value), MAX_WORD)
    rows = (row for name in CONFIGS for row in said.recipe.get(name, ()))
    for matched in filter(None, map(_VARIANT.fullmatch, rows)):
        if matched[1] not in seen:
            seen.add(matched[1])
            yield _line(matched[1], MAX_WORD), _line(matched[2].strip().strip("'\""), MAX_WORD)


def _run_exports(found: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    """Run exports by kind, from JSON or from the YAML of old packages."""
    name, text = found
    if not name.endswith(".json"):
        lines = text.splitlines()
        listed = _listed(lines if name.endswith("run_exports.yaml") else _block(lines))
    else:
        try:
            listed = json.loads(text) or {}
        except (RecursionError, ValueError):
            raise Unfit(f"has a broken {name} (no valid JSON): {AGAIN}") from None
    kinds = {"weak": listed} if isinstance(listed, list) else listed
    if not isinstance(kinds, dict) or len(kinds) > MAX_KEYS:
        raise Unfit(f"has an odd {name} (it lists no run exports): {ODD}")
    texts = {kind: [said] if isinstance(said, str) else said for kind, said in kinds.items()}
    exports = {_line(kind, 40): _texts(said, "run exports") for kind, said in texts.items()}
    return {kind: said for kind, said in exports.items() if said}


def _block(lines: Sequence[str]) -> list[str]:
    """The lines of `build: run_exports:` in a rendered `meta.yaml`."""
    section = ""
    for number, line in enumerate(lines):
        section = line if re.match(r"\w", line) else section
        key = re.fullmatch(r"( +)run_exports\s*:(.*)", line)
        if key and section.startswith("build:"):
            below = re.compile(rf"\s*\Z|{key[1]}( |- )|\s*#")
            return [key[2], *takewhile(below.match, lines[number + 1 :])]
    return []


def _listed(lines: Iterable[str]) -> dict[str, list[str]]:
    """Lists by kind in a block of YAML; what is still a template is left out as unknown."""
    kind, found = "weak", dict[str, list[str]]()
    for line in lines:
        words = re.sub(r"(^|\s)#.*", "", line).strip()
        heading = re.fullmatch(r"([a-z_]+)\s*:(.*)", words)
        if heading:
            kind, words = heading[1], heading[2].strip()
        flow = re.findall(r"'[^']*'|\"[^\"]*\"|[^,\[\]]+", words) if words[:1] == "[" else [words]
        for item in flow:
            text = re.sub(r"^-\s+", "", item.strip()).strip("'\"")
            if text and "{" not in text:
                found.setdefault(kind, []).append(text)
    return found
