"""Have a client write its block of a shell's start-up file anew; take an alias out.

Sources: mamba-org/mamba 2.8.1 and micromamba-1.5.8, micromamba/src/shell.cpp (`shell init`, whose
root prefix is another one unless it is said); conda/conda 26.7.1:conda/core/initialize.py.
"""

from doctor.model import Client, Cost, Line, Remedy, Run, Type
from doctor.remedies.commands import take_out
from doctor.version import at_least

NAME = "shell-block"
TITLE = "Write the shell's start-up block anew"
WHY = "Changes a start-up file, which every new shell reads; what is installed stays as it is."

BY_HAND = "envdoctor never edits a start-up file: do it yourself, then open a new shell"


def bypass(name: str) -> Remedy:
    """Past functions and aliases, for one command."""
    return Remedy(
        f"Run the {name} that PATH finds, past functions and aliases, with `command` before it.",
        (Type(f"command {name} --version"),),
        NAME,
        Cost.NOTHING,
        by_hand="a child of ours knows none of your shell's functions: type it there",
    )


def without(line: Line) -> Remedy:
    """The line of an alias, taken out."""
    return take_out(line, "the alias", NAME, BY_HAND)


def anew(client: Client, shell: str, paths: tuple[str, ...]) -> Remedy:
    """The block of this client, which it writes itself in place of an old one of its kind.

    `paths` are the files with the blocks in question; which one it writes to is its own choice.
    """
    said = " and ".join(paths)
    return Remedy(
        f"Let {client.title} write its block anew, take any other out of {said}, then open a new "
        "shell.",
        tuple(Type(str(Run(words))) for words in _init(client, shell)),
        NAME,
        Cost.FILE,
        changes=f"start-up files of {shell}",
        undo=f"put the blocks back as they were: keep a copy of {said}",
        verify=f"type {client.kind}",
        by_hand=BY_HAND,
    )


def _init(client: Client, shell: str) -> tuple[tuple[str, ...], ...]:
    """conda's own `init` shows first what it would change; libmamba's has to be told its root."""
    of_conda = client.kind == "mamba" and not at_least(client.version or "0", "2.0.0alpha0")
    if client.kind == "conda" or of_conda:
        named = "tcsh" if shell == "csh" else shell
        shown = () if of_conda else ((client.path, "init", "--dry-run", "--verbose", named),)
        return (*shown, (client.path, "init", named))
    root = ("--root-prefix", client.root) if client.root else ()
    return ((client.path, "shell", "init", "--shell", shell, *root),)
