"""Files of continuous integration: workflows of GitHub, GitLab, Azure, CircleCI and others."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from doctor.model import PinnedLine
from doctor.projects import ci_cache, override_lines
from doctor.projects.commands import WORDS, level_packages
from doctor.projects.images import old_client
from doctor.projects.mentions import code, is_only_child, rows
from doctor.projects.override_lines import Setting

FORM = "CI file"
PLACES: tuple[tuple[str, str], ...] = (
    (".github/workflows", "*.yml"), (".github/workflows", "*.yaml"), ("", ".gitlab-ci.yml"),
    ("", "azure-pipelines*.yml"), (".azure-pipelines", "*.yml"), (".circleci", "config.yml"),
    ("", ".travis.yml"), ("", "appveyor.yml"), ("", ".appveyor.yml"),
)  # fmt: skip

_NAMES = (".gitlab-ci.yml", ".travis.yml", "appveyor.yml", ".appveyor.yml")
_TITLE = re.compile(r"[ \t]*(?:-[ \t]+)?name[ \t]*:")
_NO_SHELL = re.compile(r"[ \t]*(?:-[ \t]+)?create-args[ \t]*:")
"""setup-micromamba splits it at blanks (mamba-org/setup-micromamba, src/options.ts)."""

_LEFT = re.compile(r"(?:^|[\s;&|(])(?:export|set|setx|\$env:)[ \t\"']{0,4}$")
_PER_COMMAND = re.compile(r"(?<!^)[ \t]+[^\s&|;#>]")


def fits(name: str, text: str) -> bool:
    """By its name, or by the jobs of a workflow."""
    if name in _NAMES or name.startswith("azure-pipelines"):
        return True
    if not name.endswith((".yml", ".yaml")) or not re.search(r"(?m)^jobs[ \t]*:", text):
        return False
    return re.search(r"(?m)^(?:[\"']?on[\"']?|workflows|version|steps)[ \t]*:", text) is not None


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Overrides that stay set, level packages in commands, images of old clients, caches."""
    found = [*_pinned(path, text), *ci_cache.read(path, text)]
    yield from sorted(found, key=lambda line: line.line)


def _pinned(path: str, text: str) -> Iterator[PinnedLine]:
    every = text.split("\n")
    for row, plain in _with_inputs(text):
        if not any(word in row[1] for word in WORDS):
            continue
        line = code(row[1])
        if "micromamba" in line and (old := old_client(path, row, line)) is not None:
            yield old
        if override_lines.VARIABLE in line:
            yield from (_kept(found, every) for found in _overrides(path, row, line))
        if "-microarch-level" in line and not _TITLE.match(line):
            found = level_packages(path, row, line)
            yield from map(_unquoted, found) if plain else found


def _with_inputs(text: str) -> Iterator[tuple[tuple[int, str], bool]]:
    """Lines, and whether each belongs to an input that no shell reads."""
    indent: int | None = None
    for row in rows(text):
        own = len(row[1]) - len(row[1].lstrip())
        if indent is not None and row[1].strip() and own <= indent:
            indent = None
        if _NO_SHELL.match(row[1]):
            indent = own
        yield row, indent is not None


def _kept(line: PinnedLine, every: list[str]) -> PinnedLine:
    """Without a correction, where deleting the line would leave its key with nothing."""
    alone = line.corrected == "" and is_only_child(every, line.line)
    return replace(line, corrected=None) if alone else line


def _unquoted(line: PinnedLine) -> PinnedLine:
    """The correction for an input whose words are handed on as they are, quotes and all."""
    if not line.corrected:
        return line
    plain = re.sub(r"[\"'](_\w+-microarch-level[^\"'\s]*)[\"']", r"\1", line.corrected)
    return replace(line, corrected=plain)


def _overrides(path: str, row: tuple[int, str], line: str) -> Iterator[PinnedLine]:
    for setting in override_lines.settings(line):
        if _left_set(line, setting):
            yield override_lines.pinned(path, row, setting, override_lines.without(line, setting))
        elif (misspelt := override_lines.respelt(path, row, setting)) is not None:
            yield misspelt


def _left_set(line: str, setting: Setting) -> bool:
    """Whether it outlives its command: a key of YAML, an export, or no command after it."""
    before, after = line[: setting.start], line[setting.end :]
    if ":" in line[setting.start : setting.value_start] or "GITHUB_ENV" in line:
        return True
    return bool(_LEFT.search(before)) or not re.match(r"[\"']?[ \t]+[^\s&|;>]", after)
