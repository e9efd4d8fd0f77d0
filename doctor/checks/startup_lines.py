"""Lines of shells' start-up files as commands: what they set, and what they make a name run.

Shared by the checks about overrides and about shell functions. The forms are those that clients
write themselves: conda/conda 26.7.1:conda/core/initialize.py, mamba-org/mamba
2.8.1:libmamba/src/core/shell_init.cpp, and micromamba-1.5.8 of the same file.
"""

import re
import shlex

from msgspec import Struct

from doctor.model import Evidence, Line

_KEYWORDS = {"if", "then", "else", "elif", "do", "while", "and", "or", "begin", "{", "!"}
_EXPORTS = {"declare", "typeset", "local"}
_ASSIGNMENT = re.compile(r"\w+=.*", re.DOTALL)

SHELLS = ("zsh", "fish", "xonsh", "csh", "bash")
"""Families of shells that read the same files, each named by what its files' names hold."""


def family(name: str | None) -> str | None:
    """The family of shells that a program or a start-up file belongs to, `None` if of none."""
    return next((shell for shell in SHELLS if shell in (name or "")), None)


def family_of_file(path: str) -> str:
    """The family that reads a file; what none of the others claims is bash's (`/etc/profile`)."""
    folder, _, name = path.rpartition("/")
    return family(name) or family(folder.rpartition("/")[2]) or "bash"


def quoted(line: Line) -> Evidence:
    """A line as evidence, with the place where it stands."""
    return Evidence(line.text.strip(), f"{line.path}:{line.number}")


def commands(text: str) -> list[list[str]]:
    """The commands of a line as words, without comments; none where a quote stays open."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|()")
    lexer.whitespace_split = True
    lexer.commenters = "#"
    found: list[list[str]] = [[]]
    try:
        for word in lexer:
            if word.strip(";&|()") == "" and word:
                found.append([])
            else:
                found[-1].append(word)
    except ValueError:
        return []
    return [words for words in map(_without_keywords, found) if words]


def value_set(text: str, name: str) -> str | None:
    """What a line sets a variable to for later commands; `None` where it leaves it as it is.

    A prefix that holds for one command, `unset`, and other variables set nothing. A value that
    the shell works out is returned as it stands.
    """
    if name not in text:  # most lines: to take one apart costs more
        return None
    found = [_value(words, name) for words in commands(text)]
    return next((value for value in reversed(found) if value is not None), None)


def is_literal(value: str) -> bool:
    """Whether a value is what it says, with nothing for a shell to work out."""
    return not re.search(r"[$`]", value)


def aliases(text: str) -> dict[str, str]:
    """Names that a line makes aliases, each with the program that it then runs."""
    found: dict[str, str] = {}
    for first, *rest in commands(text) if "alias" in text else ():
        if first != "alias":
            continue
        rest = [word for word in rest if not word.startswith("-")]
        if len(rest) > 1 and "=" not in rest[0]:  # csh and fish: alias NAME WORDS
            rest = [f"{rest[0]}={' '.join(rest[1:])}"]
        for name, separator, value in (word.partition("=") for word in rest):
            program = _program(value) if separator else None
            if program:
                found[name] = program
    return found


class Setup(Struct, frozen=True):
    """A line that decides what a name runs in a new shell: an alias, or a client's block.

    `program` is a path, or the name of a program; `shell` the family that reads the file.
    """

    name: str
    program: str
    alias: bool
    shell: str
    line: Line


def setups(lines: tuple[Line, ...]) -> list[Setup]:
    """Those of some lines, in their order; a program that the shell has to work out is left out."""
    found = []
    for line in lines:
        shell = family_of_file(line.path)
        named = [(name, program, True) for name, program in aliases(line.text).items()]
        named += [(_name(program), program, False) for program in _blocks(line.text)]
        found += [Setup(name, program, alias, shell, line) for name, program, alias in named
                  if name in CLIENTS and name != program and _is_client(program)]  # fmt: skip
    return found


def _is_client(program: str) -> bool:
    """Whether a program is called as clients are, and its path is what it says."""
    return _name(program) in CLIENTS and is_literal(_HOME.sub("", program))


CLIENTS = ("conda", "mamba", "micromamba")

_HOOK = re.compile(
    r"""(?:'([^']+)'|"([^"]+)"|([^\s'"(]+))\s+['"]?shell(?:\.\w+)?['"]?\s+['"]?hook\b"""
)
_HOME = re.compile(r"^(?:~|\$HOME|\$\{HOME\})(?=/)")


def _blocks(text: str) -> list[str]:
    """The programs that a line of a block names: conda's hook, MAMBA_EXE, another's hook."""
    if text.lstrip().startswith("#"):
        return []
    exe = value_set(text, "MAMBA_EXE")
    matches = _HOOK.finditer(text) if "hook" in text else ()
    hooks = [next(filter(None, match.groups())) for match in matches]
    return [program for program in (*([exe] if exe else []), *hooks) if "/" in program]


def _name(program: str) -> str:
    """The name under which a program's hook defines its function."""
    return re.sub(r"\.exe$", "", program.rpartition("/")[2])


def same_place(one: str, other: str, count: int = 2) -> bool:
    """Whether two paths can be one: alike in their last parts, all of them after `~` or `$HOME`.

    So one place that is reached through links (`/home`, `/data/home`) is not taken for two.
    """
    tails = [_HOME.sub("", path).strip("/").split("/")[-count:] for path in (one, other)]
    least = min(map(len, tails)) if any(map(_HOME.match, (one, other))) else count
    return tails[0][-least:] == tails[1][-least:]


def _without_keywords(words: list[str]) -> list[str]:
    while words and words[0] in _KEYWORDS:
        words = words[1:]
    return words


def _value(words: list[str], name: str) -> str | None:
    first, rest = words[0], words[1:]
    flags = [word for word in rest if word.startswith("-")]
    others = [word for word in rest if not word.startswith("-")]
    if first == "export" or first in _EXPORTS:
        exported = any("x" in flag for flag in flags) or first == "export"
        return _last(others, name) if exported and not any("n" in flag for flag in flags) else None
    if first == "set":  # fish; csh's and bash's own `set` change no variable of the environment
        return _fish(flags, others, name)
    if first == "setenv":
        return " ".join(rest[1:]) if rest[:1] == [name] else None
    if first == f"${name}" and rest[:1] == ["="]:  # xonsh
        return " ".join(rest[1:])
    return _last(words, name) if all(map(_ASSIGNMENT.fullmatch, words)) else None


def _fish(flags: list[str], others: list[str], name: str) -> str | None:
    short = "".join(flag for flag in flags if not flag.startswith("--"))
    if "x" not in short and "--export" not in flags:
        return None
    erases = "e" in short or "q" in short or {"--erase", "--query"} & {*flags}
    return " ".join(others[1:]) if others[:1] == [name] and not erases else None


def _last(words: list[str], name: str) -> str | None:
    values = [value for head, equals, value in (w.partition("=") for w in words)
              if head == name and equals]  # fmt: skip
    return values[-1] if values else None


def _program(value: str) -> str | None:
    """The program of an alias: its first word that is neither an assignment nor a wrapper."""
    try:
        words = shlex.split(value)
    except ValueError:
        return None
    skipped = {"command", "nice", "time", "noglob", "env", "exec"}
    return next((w for w in words if w not in skipped and not _ASSIGNMENT.fullmatch(w)), None)
