"""`envdoctor completion SHELL`: what may be typed where, read from the parser of all verbs.

A script for a shell is static text: nothing is started when Tab is pressed. So it offers what is
the same on every machine, and no findings, which only an examination could tell.
"""

import argparse
import sys
from collections.abc import Iterator
from typing import NamedTuple

SHELLS = ("bash", "zsh", "fish")

WHERE = """\
Put it where the shell looks for it, in a folder that is there:
  envdoctor completion bash > ~/.local/share/bash-completion/completions/envdoctor
  envdoctor completion zsh > ~/.zfunc/_envdoctor
  envdoctor completion fish > ~/.config/fish/completions/envdoctor.fish
Then open a new shell. bash looks there if its package bash-completion is installed; without it,
add this line to ~/.bashrc: source ~/.local/share/bash-completion/completions/envdoctor
zsh looks there if ~/.zshrc has this line before compinit: fpath+=~/.zfunc"""

FILES = ("FILE", "PATH", "PREFIX", "SPEC|FILE")
"""Names that help gives to values which are paths."""


class Place(NamedTuple):
    """What may stand at one place: one of some words, a path, or what cannot be foretold."""

    name: str
    words: tuple[str, ...] = ()
    files: bool = False


class Option(NamedTuple):
    """An option with its spellings; `value` is what has to follow, `None` for nothing.

    `many` says that it may be given more than once.
    """

    flags: tuple[str, ...]
    text: str
    value: Place | None = None
    many: bool = False


class Verb(NamedTuple):
    """A verb with what may follow; `many` says that its last place takes any number of words."""

    name: str
    text: str
    options: tuple[Option, ...]
    places: tuple[Place, ...] = ()
    many: bool = False


class Commands(NamedTuple):
    """What may follow the program: the options without a verb, and the verbs."""

    program: str
    options: tuple[Option, ...]
    verbs: tuple[Verb, ...]


def completion(arguments: argparse.Namespace) -> int:
    """Prints the script for one shell."""
    from doctor.cli.arguments import parser
    from doctor.cli.output import Exit
    from doctor.cli.shells import SCRIPTS

    sys.stdout.write(SCRIPTS[arguments.shell](commands(parser(), known())))
    return Exit.OK


def known() -> dict[str, tuple[str, ...]]:
    """Words that the parser leaves to its verbs to judge, by the name of the argument."""
    from doctor.catalogue import ADVICE
    from doctor.checks import CHECKS
    from doctor.remedies import BY_NAME

    return {"checks": tuple(check.ID for check in CHECKS), "remedy": (*BY_NAME, ADVICE)}


def commands(parser: argparse.ArgumentParser, words: dict[str, tuple[str, ...]]) -> Commands:
    """Everything that the parser takes; `words` are those of arguments that it lets pass."""
    verbs: list[Verb] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            said = {choice.dest: choice.help or "" for choice in action._choices_actions}
            verbs += [_verb(name, said.get(name, ""), under, words)
                      for name, under in action.choices.items()]  # fmt: skip
    return Commands(parser.prog, tuple(_options(parser, words)), tuple(verbs))


def _verb(
    name: str, text: str, parser: argparse.ArgumentParser, words: dict[str, tuple[str, ...]]
) -> Verb:
    places = [action for action in parser._actions if not action.option_strings]
    return Verb(
        name,
        text,
        tuple(_options(parser, words)),
        tuple(_place(action, words) for action in places),
        any(action.nargs in ("*", "+") for action in places),
    )


def _options(
    parser: argparse.ArgumentParser, words: dict[str, tuple[str, ...]]
) -> Iterator[Option]:
    for action in parser._actions:
        if action.option_strings:
            value = _place(action, words) if action.nargs is None else None
            many = isinstance(action, argparse._AppendAction)
            yield Option(tuple(action.option_strings), action.help or "", value, many)


def _place(action: argparse.Action, words: dict[str, tuple[str, ...]]) -> Place:
    name = str(action.metavar or action.dest)
    if action.choices is not None:
        return Place(name, tuple(str(choice) for choice in action.choices))
    return Place(name, words.get(action.dest, ()), name in FILES)
