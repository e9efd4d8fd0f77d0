"""Names that are known by where they stand: homes, environments, shares, names of files."""

import re
from collections.abc import Callable, Iterable

from doctor.redact.domains import is_public
from doctor.redact.folders import is_common_part
from doctor.redact.vocabulary import FILE_WORDS

StandIn = Callable[[str, str], str]

PART_BEGINS = r"(?<=[\\/])"
PART_ENDS = r"(?=$|[\\/\s\"':;,)\]}`<>|&?=]|\.\s|\.$|#|-hidden|-(?:x86_64|ppc64le|power\d|aarch64))"
"""What may stand behind a part of a path: a level too, as solve-for-this-cpu adds it."""

FILE_BEGINS = r"(?<![\w.-])"
FILE_ENDS = r"(?![\w-]|\.\w)"

_END = r"[^\\/\s\"':;,)\]}`<>|&?#]"
_BLANKS = rf"{_END}+(?:\x20{_END}+){{1,2}}(?=[\\/])"
"""A name with blanks, where a separator behind it shows that it is one."""

_OF_PREFIXES = (
    r"(?:conda-meta|condabin|bin|lib|lib64|etc|envs|pkgs|share|include|library|scripts|"
    r"python[\d.]*)"
)
"""What is in an environment that somebody calls `home` or `users`."""

_HOME = re.compile(
    rf"(?i)(?<!envs)([\\/](?:home|users)[\\/]+)(?!\.|linuxbrew\b|{_OF_PREFIXES}(?!{_END}))("
    rf"(?<=\busers[\\/]){_BLANKS}|"
    rf"(?<=\busers\\\\){_BLANKS}|{_END}+)"
)
_ENVIRONMENT = re.compile(
    rf"((?<![\w.-])envs[\\/]+)({_END}+?)(?=(?:-(?:x86_64\w*|ppc64le|power\w+|aarch64))?(?!{_END}))"
)
_ENVIRONMENT_LISTED = re.compile(
    r"(?m)^([\w][\w.+-]{0,80})(?=[ \t]{1,80}\*?[ \t]{0,80}\S{0,400}[\\/]envs[\\/]\1[ \t]*$)"
)
_ENVIRONMENT_NAMED = re.compile(
    r"((?:\b(?:conda|mamba|micromamba)\b[^\n;&|]{0,120}?\s(?:-n|--name)[ =]|"
    r"\b(?:(?:conda|mamba|micromamba|source)[ \t]{1,4}activate|conda environment:)[ \t]{1,4})"
    r"[\"']?)([\w][\w.+-]{0,80})(?![\w./\\-])"
)
_SHARE = re.compile(r"(?<![\w:\\])(\\{2,4})([A-Za-z0-9][\w.-]+)(\\{1,2})([\w.-]{2,}\$?)")
_PUBLIC_URL = re.compile(r"https?://(?:[^/\s\"'@]{0,300}@)?([A-Za-z0-9.-]+)[^\s\"'<>]*")


def named(text: str, stand_in: StandIn, part: Callable[[str], str]) -> str:
    """The text with stand-ins for what stands where such names do; `part` shows one of a path."""
    small = text.lower()
    if "home" in small or "users" in small:
        text = outside_channels(
            text, lambda rest: _HOME.sub(lambda m: m[1] + _below_home(m[2], stand_in, part), rest)
        )
    if "envs" in text:
        text = _ENVIRONMENT_LISTED.sub(lambda m: _unless_common("env", m[1], stand_in), text)
        text = outside_channels(
            text,
            lambda rest: _ENVIRONMENT.sub(lambda m: m[1] + _below_envs(m[2], stand_in, part), rest),
        )
    if "amba" in text or "conda" in text or "activate" in text:
        text = _ENVIRONMENT_NAMED.sub(lambda m: m[1] + _unless_common("env", m[2], stand_in), text)
    if "\\\\" in text:
        text = _SHARE.sub(lambda m: _share(m, stand_in), text)
    return text


def _below_home(name: str, stand_in: StandIn, part: Callable[[str], str]) -> str:
    """A user; or a file in a folder that is called like one of homes."""
    return part(name) if is_file(name) else stand_in("user", name)


def _below_envs(name: str, stand_in: StandIn, part: Callable[[str], str]) -> str:
    """An environment; or a file of a project that keeps those of its environments there."""
    return part(name) if is_file(name) else _unless_common("env", name, stand_in)


def _unless_common(kind: str, name: str, stand_in: StandIn) -> str:
    return name if is_common_part(name) or name.startswith("hidden-") else stand_in(kind, name)


def _share(match: re.Match[str], stand_in: StandIn) -> str:
    """A folder that a machine shares, often somebody's: `alice$`."""
    host, name = stand_in("host", match[2]), match[4].rstrip("$")
    rest = match[4][len(name) :]
    return f"{match[1]}{host}{match[3]}{_unless_common('user', name, stand_in)}{rest}"


def outside_channels(text: str, change: Callable[[str], str]) -> str:
    """Changes a text but for addresses on public hosts: which channel it is must stay readable."""
    if "://" not in text:
        return change(text)
    shown, at = [], 0
    for match in _PUBLIC_URL.finditer(text):
        if is_public(match[1]):
            shown += [change(text[at : match.start()]), match[0]]
            at = match.end()
    return "".join([*shown, change(text[at:])])


def any_of(
    words: Iterable[str], begins: str, ends: str, ignore_case: bool = False
) -> re.Pattern[str]:
    """One expression for many words, the longest first."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    expression = f"{begins}(?:{'|'.join(map(re.escape, longest))}){ends}"
    return re.compile(expression, re.IGNORECASE if ignore_case else 0)


_FILE = re.compile(
    r"(?i).+\.(?:ya?ml|toml|jsonc?|lock|txt|md|cfg|ini|conf|def|(?:ba|z|c|tc|xon)?sh|fish|bat|cmd|ps1|"
    r"py[co]?|exe|dll|log|gz|bz2|zst|zip|tar|lua|tcl|sif|img|db|pem|crt|rc|ipynb|html?|csv|xml|"
    r"[chroms]|rs|cc|cpp|hpp|f90|go|[jt]s|jl|pl|"
    r"dockerfile)|(?:docker|container)file.+|(?:singularity|apptainer)[._-].+"
)
_GLUED = re.compile(
    r"(?i)(?:dockerfile|containerfile|singularity|apptainer|azure-pipelines)(?=[^\W_])"
)
"""What the form is known by, with nothing between it and somebody's own words."""

_SHIPPED = re.compile(r"lib[\w.+-]+\.(?:so|dylib|a)(?:\.[\d.]+)?|[\w.+-]+\.(?:conda|tar\.bz2|whl)")
"""Files that are of packages wherever they are: libraries, and packages themselves."""


def is_file(name: str) -> bool:
    """Whether a name ends as those of files do, whose words may say which form they have."""
    return _FILE.fullmatch(name) is not None


def is_all_words(name: str, is_kept: Callable[[str], bool]) -> bool:
    """Whether a name has nothing in it but words of files' forms."""
    return file_name(name, is_kept, lambda _: "") == name


def is_shipped(name: str) -> bool:
    """Whether a file is known by its name to be out of a package."""
    return _SHIPPED.fullmatch(name) is not None


def file_name(name: str, is_kept: Callable[[str], bool], stand_in: Callable[[str], str]) -> str:
    """A file's name with one stand-in for each run of words that are no words of a form."""
    glued = _GLUED.match(name)
    if glued is not None:
        return glued[0] + file_name(name[glued.end() :], is_kept, stand_in)
    pieces = re.split(r"(hidden-[a-z]+(?:-[a-z]+)*-\d+|[._-]+)", name)
    shown: list[str] = []
    run: list[str] = []
    for piece in [*pieces, ""]:
        separator = not piece or re.fullmatch(r"[._-]+", piece) is not None
        known = piece.lower() in FILE_WORDS or is_kept(piece) or piece.startswith("hidden-")
        told = not separator and not known
        if told or (run and separator and piece):
            run.append(piece)
            continue
        shown += _closed(run, stand_in)
        run = []
        shown.append(piece)
    return "".join(shown)


def _closed(run: list[str], stand_in: Callable[[str], str]) -> list[str]:
    """A run as its stand-in, and the separator behind it."""
    after = run.pop() if run and re.fullmatch(r"[._-]+", run[-1]) else ""
    return [stand_in("".join(run)) if run else "", after]
