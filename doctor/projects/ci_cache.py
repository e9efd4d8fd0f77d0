"""Caches of CI steps that hold conda environments, under a key that names no CPU level.

setup-micromamba's own key holds the platform, the arguments and the environment file, and nothing
of the CPU (mamba-org/setup-micromamba, src/cache.ts and src/options.ts, where a
`cache-environment-key` switches the cache on as `cache-environment: true` does).
"""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.projects.mentions import code, rows

RULE = "ci-runner-heterogeneity"
MOST = 80
"""Lines of a step that are looked at, before and after the one that names its action."""

Row = tuple[int, str]

_ACTION = re.compile(
    r"[ \t]*(?:-[ \t]+)?(?:uses|task)[ \t]*:[ \t]*[\"']?(mamba-org/setup-micromamba|actions/cache|"
    r"Cache)(?:/save|/restore)?@"
)
_INSTALLS = re.compile(
    r"setup-(?:micromamba|miniconda|pixi)\b|\bpixi[ \t]+(?:install|add|run)\b|"
    r"\b(?:conda|mamba|micromamba)[ \t]+(?:create|install|update|env[ \t]+(?:create|update))\b"
)
_KNOWS = re.compile(
    r"envdoctor[ \t]+level|archspec[ \t]+cpu|lscpu|/proc/cpuinfo|ld-linux|CONDA_OVERRIDE_ARCHSPEC"
)
"""What tells the CPU, or fixes the level: such a file has thought of it."""

_RUNNERS = re.compile(r"(?m)^[ \t]*runs-on[ \t]*:[ \t]*([^\s#]+)")
_ARM = re.compile(r"(?:-arm|^[\"']?macos-(?:latest|1[4-9]|2\d))[\"']?$")
"""Runners of the other family, which has no levels."""

_LEVEL = re.compile(r"(?i)level|cpu|archspec|march|avx|x86[_-]64[_-]v")
_LOCKED = re.compile(r"(?i)lock|explicit|\.txt\b")
"""Environments from lists are the same on every machine: nothing is solved."""

_ON = re.compile(r"(?<![\w-])cache-environment[\"']?[ \t]*:[ \t]*[\"']?true\b")
_ON_KEY = re.compile(r"(?<![\w-])cache-environment-key[\"']?[ \t]*:")
_FILE = re.compile(r"(?<![\w-])environment-file[\"']?[ \t]*:[ \t]*([^,}\n]*)")
_ENVIRONMENT = re.compile(r"(?:^|[\s/\"'])(?:envs(?![\w.-])|\.pixi(?![\w.-]))")
_PACKAGES = re.compile(r"(?:^|[\s/\"'])(?:pkgs(?![\w.-])|conda_pkgs_dir)")


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """The line of each such step that says what is cached."""
    runners = _RUNNERS.findall(text)
    if not _INSTALLS.search(text) or (runners and all(map(_ARM.search, runners))):
        return
    every = [(number, code(line)) for number, line in rows(text)]
    if any(_KNOWS.search(line) for _, line in every):
        return
    whole = dict(rows(text))
    for at, (_, line) in enumerate(every):
        action = _ACTION.match(line)
        if action is None:
            continue
        step = _step(every, at)
        found = _micromamba(step) if "micromamba" in action[1] else _folders(step)
        if found is not None:
            yield PinnedLine(path, found, whole[found], RULE)


def _step(every: list[Row], at: int) -> list[Row]:
    """The rows of the list item that a row belongs to."""
    start = at
    while not every[start][1].lstrip().startswith("-") and start > max(0, at - MOST):
        start -= 1
    own = _indent(every[start][1])
    found = [every[start]]
    for row in every[start + 1 : at + MOST]:
        if row[1].strip() and _indent(row[1]) <= own:
            break
        found.append(row)
    return found


def _micromamba(step: list[Row]) -> int | None:
    """The line that switches on the cache of an environment, whose key names no level."""
    keys = [row for row in step if _ON_KEY.search(row[1])]
    on = [row for row in step if _ON.search(row[1])]
    files = [named[1] for _, line in step for named in [_FILE.search(line)] if named]
    if any(_LOCKED.search(name) for name in files) or any(_LEVEL.search(k[1]) for k in keys):
        return None
    return next((number for number, _ in (*keys, *on)), None)


def _folders(step: list[Row]) -> int | None:
    """The line that names a folder of environments, else of packages, under such a key."""
    keys = [*_values(step, "key"), *_values(step, "restore-keys")]
    if not keys or any(_LOCKED.search(line) for _, line in keys):
        return None
    if all(_LEVEL.search(line) for _, line in keys):
        return None
    paths = _values(step, "path")
    cached = [n for pattern in (_ENVIRONMENT, _PACKAGES) for n, s in paths if pattern.search(s)]
    return next(iter(cached), None)


def _values(step: list[Row], name: str) -> list[Row]:
    """The value of an input, on its own line or on the lines below it, without the name."""
    found: list[Row] = []
    inside: int | None = None
    for number, line in step:
        if inside is not None and line.strip() and _indent(line) <= inside:
            inside = None
        named = re.match(rf"[ \t]*{name}[ \t]*:[ \t]*(.*)", line)
        if named:
            inside = _indent(line)
            found += [(number, named[1])] if named[1].strip(" |>-") else []
        elif inside is not None and line.strip():
            found.append((number, line))
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
