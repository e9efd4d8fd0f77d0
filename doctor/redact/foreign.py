"""Paths and channels of which nothing is known but that a text names them.

What a client says may name folders that envdoctor never looked at. So the parts of every path are
hidden that are no common ones, but for what comes with an operating system or in packages, and
the parts of every address of a channel that is not on a public host.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from doctor.redact.domains import is_public
from doctor.redact.folders import is_common_part

Part = Callable[[str], str]
"""How one part of a path is shown."""

_SIGN = r"[^\s/\"'`:;,()\[\]{}<>|&?*=#\\$]"
_POSIX = re.compile(
    r"(?:(?<![\w.~/\\%$})\]@>*#^+!?-])|(?<=\\n)|(?<=\\t)|(?<=\bfile://)|(?<=\bfile://localhost)|"
    r"(?<!\S-[A-Za-z])(?<=-[A-Za-z])|(?<![A-Za-z_]>)(?<=>)|(?<!\w@)(?<=@))"
    r"(~[\w.-]{0,32}|\$\{?\w{1,40}\}?|\.{1,2})?"
    rf"((?:/(?:{_SIGN}|\\\x20){{1,255}}){{1,99}})"
)
_QUOTED = re.compile(r"(?<=([\"'`]))((?:/[^\"'`\n\\/:]{1,255}){2,99})(?=\1)")
_IN_WINDOWS = r"[^\\/:*?\"'<>|,;\n]"
_WINDOWS = re.compile(
    r"((?<![A-Za-z0-9%])[A-Za-z]:|%\w{1,40}%|\\{2,4}hidden-host-\d+(?=\\))"
    rf"((?P<between>\\{{1,4}}|/)(?!/)(?:{_IN_WINDOWS}{{1,80}}(?:(?P=between)|/)){{0,99}}"
    rf"(?:(?![\s)\]}}`]){_IN_WINDOWS}){{0,80}})"
)
"""The same separator throughout: in JSON two, so that one is the beginning of an escape."""

_PIECES = re.compile(r"([\\/]+)")
_ENDS = re.compile(r"(.*?)(-(?:x86_64\w*|ppc64le|power\w+|aarch64))?([.…]*)", re.DOTALL)

_SYSTEM = frozenset(("proc", "sys", "lib", "lib32", "lib64", "bin", "sbin", "boot", "rustc"))
_OF_USR = frozenset(("lib", "lib32", "lib64", "bin", "sbin", "include", "libexec"))
_OF_PYTHON = re.compile(r"python\d\.\d+t?|python3|lib", re.IGNORECASE)
_UNPACKED = re.compile(r"[a-z0-9_][\w.]*(?:-[\w.]+)*-\d[\w.!+]*-\w+|cache")

_CHANNEL = re.compile(
    r"(://(?:[^/\s\"'@]{0,300}@)?)(\[[0-9A-Fa-f:.]{2,60}\]|[A-Za-z0-9][\w.-]*)((?::\d{1,5})?)"
    r"((?:/[^/\s\"'<>?#,;()\[\]{}|`\\]{0,300}){1,99})"
)
_REPOSITORY = re.compile(
    r"(?<=@)([A-Za-z0-9][\w.-]{0,200}):(?!\d+/)([\w.~-]{1,99}(?:/[\w.~-]{1,99}){1,9})"
)
_IMAGE = re.compile(
    r"((?i:\bfrom|\bimage:|\bpull)[ \t]{1,4}[\"']?|"
    r"(?<![\w./@:-])(?=[\w.-]{1,200}:\d{2,5}/[A-Za-z]))"
    r"((?:[\w-]{1,63}\.){1,9}[a-z]{2,20})((?::\d{2,5})?)((?:/[\w.-]{1,99}){1,9})"
)
"""What a registry is asked for: words say that it is one, or a port between it and the image."""
_OF_CHANNELS = frozenset((
    "api", "artifactory", "nexus", "repository", "repositories", "repo", "channels", "channel",
    "label", "labels", "simple", "get", "static", "download", "downloads", "mirror", "mirrors",
    "proxy", "remote", "virtual", "local", "rest", "t", "cloud", "conda-forge", "bioconda",
    "conda-remote", "conda-local", "main", "free", "msys2", "r", "pkgs", "pro", "nvidia", "pytorch",
    "anaconda", "repodata", "defaults", "robostack", "intel", "rapidsai", "files", "raw", "blob",
))  # fmt: skip
_PACKAGE = re.compile(
    r"[\w.+-]+\.(?:conda|tar\.bz2|whl)|"
    r"(?:current_|patched_)?repodata(?:_from_packages|_shards)?\.(?:json|msgpack)(?:\.(?:zst|bz2|gz))?|"
    r"(?:channeldata|run_exports)\.json"
)
_SUBDIR = re.compile(r"noarch|(?:linux|osx|win|emscripten|wasi|zos|freebsd)-\w{1,10}")


def hidden(text: str, part: Part) -> str:
    """The text with every part of a path shown as `part` shows it, which no system ships."""
    if ":" in text or "%" in text or "\\\\" in text:
        text = _WINDOWS.sub(lambda m: m[1] + _shown(m[2], part), text)
    if "/" in text:
        text = _QUOTED.sub(lambda m: _shown(m[2], part) if _is_path(m[2]) else m[0], text)
        text = _POSIX.sub(lambda m: _posix(m, part), text)
    return text


def told(path: str) -> Iterator[str]:
    """The parts of a path that no system ships and no package, each as it stands."""
    names = [name for name in re.split(r"[\\/]+", path) if name]
    for place, name in enumerate(names):
        if not _is_shipped(names, place):
            yield name


def _is_path(quoted: str) -> bool:
    """Whether what is in quotes is a path with blanks, and no command with its arguments."""
    before, _, last = quoted.rpartition("/")
    return " -" not in last and not (" " in last and before.endswith(("/bin", "/condabin")))


def _posix(match: re.Match[str], part: Part) -> str:
    """A path of one part may be anything, unless it is below something."""
    before = match[1] or ""
    if before in ("", ".", "..") and match[2].count("/") < 2:
        return match[0]
    if before.startswith("~") and len(before) > 1:
        before = f"~{part(before[1:])}"
    return before + _shown(match[2], part)


def _shown(path: str, part: Part) -> str:
    pieces = _PIECES.split(path)
    names = [name for name in pieces[::2] if name]
    place, shown = 0, []
    for piece in pieces:
        if not piece or _PIECES.fullmatch(piece):
            shown.append(piece)
            continue
        shown.append(piece if _is_shipped(names, place) else _one(piece, part))
        place += 1
    return "".join(shown)


def _one(name: str, part: Part) -> str:
    """One part, without the level that solve-for-this-cpu adds, and without the sentence's end."""
    ends = _ENDS.fullmatch(name)
    if ends is None or not ends[1] or is_common_part(name):
        return name
    return f"{part(ends[1])}{ends[2] or ''}{ends[3]}"


def _is_shipped(names: list[str], place: int) -> bool:
    """Whether a part of a path is out of an operating system or out of a package."""
    if names[0] in _SYSTEM or (names[0] == "dev" and "shm" not in names[:2]):
        return True
    if names[0] == "usr" and len(names) > 1 and names[1] in _OF_USR:
        return True
    if any(pair == (".cargo", "registry") for pair in pairwise(names[:place])):
        return True
    return any(_is_of_packages(names, n) for n in range(1, place))


def _is_of_packages(names: list[str], place: int) -> bool:
    """Whether everything below a part of a path is out of packages, whose names stay."""
    name, before = names[place], names[place - 1]
    if name in ("site-packages", "dist-packages"):
        return _OF_PYTHON.fullmatch(before) is not None
    if before == "pkgs":
        return _UNPACKED.fullmatch(name) is not None
    return name == "conda-meta" or (before == "lib" and _OF_PYTHON.fullmatch(name) is not None)


# --- channels --------------------------------------------------------------------------------


def without_channels(text: str, stand_in: Callable[[str, str], str]) -> str:
    """The text without the names of channels and repositories on hosts that are not public."""
    if "://" in text:
        text = _CHANNEL.sub(lambda m: _channel(m, stand_in), text)
    if "/" in text:
        text = _IMAGE.sub(lambda m: _channel(m, stand_in), text)
    if "@" in text:
        text = _REPOSITORY.sub(
            lambda m: m[0] if is_public(m[1]) else f"{m[1]}:{_named(m[2], stand_in)}", text
        )
    return text


def _channel(match: re.Match[str], stand_in: Callable[[str, str], str]) -> str:
    if is_public(match[2]):
        return match[0]
    return f"{match[1]}{match[2]}{match[3]}{_named(match[4], stand_in)}"


def _named(path: str, stand_in: Callable[[str, str], str]) -> str:
    return "/".join(
        name if is_of_channels(name) else _without_git(name, stand_in) for name in path.split("/")
    )


def _without_git(name: str, stand_in: Callable[[str, str], str]) -> str:
    bare = name.removesuffix(".git").rstrip(".")
    return stand_in("channel", bare) + name[len(bare) :] if bare else name


def is_of_channels(name: str) -> bool:
    """Whether one part of a channel's address says nothing about anybody."""
    small = name.lower()
    return (
        small in _OF_CHANNELS
        or is_common_part(name)
        or "hidden-" in name
        or "<" in name
        or _SUBDIR.fullmatch(small) is not None
        or _PACKAGE.fullmatch(name) is not None
    )


def channels(text: str) -> Iterator[str]:
    """Names of channels on hosts that are not public, which stand alone before packages too."""
    if "://" in text:
        for match in _CHANNEL.finditer(text):
            if not is_public(match[2]):
                yield from (name for name in match[4].split("/") if not is_of_channels(name))


def before_packages(names: list[str]) -> re.Pattern[str]:
    """An expression for the names of channels as specs and clients write them."""
    longest = sorted(names, key=lambda name: (-len(name), name))
    alternatives = "|".join(map(re.escape, longest))
    return re.compile(
        rf"(?<![\w./-])(?:{alternatives})(?=::|/(?:noarch|(?:linux|osx|win)-\w{{1,10}})\b)"
    )
