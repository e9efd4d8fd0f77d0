"""Remedies as data: their steps, their cost, and how each is tried, applied and undone."""

import shlex
from enum import StrEnum

from msgspec import Struct, field

from doctor.model.clients import Attempt, Basis


class Cost(StrEnum):
    """What a remedy changes, from the safest on; its value is said beside it."""

    NOTHING = "nothing changes"
    SHELL = "changes this shell"
    ONE_COMMAND = "holds for one command, and adds an environment"
    FILE = "changes one file"
    ENVIRONMENT = "changes one environment"
    PROGRAM = "replaces a program"
    BASE = "changes a base environment"


class Run(Struct, frozen=True, tag="run"):
    """A command as an argument list, with variables set or taken away for it alone."""

    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()

    @property
    def windows(self) -> bool:
        """Whether its program is one of Windows, so that PowerShell has to spell it."""
        return "\\" in self.argv[0]

    def __str__(self) -> str:
        """As the shell of the program's system takes it."""
        return _powershell(self) if self.windows else _posix(self)


class Edit(Struct, frozen=True, tag="edit"):
    """A line of a file, from 1, and the line to put instead; `new` of `None` deletes it."""

    path: str
    line: int
    old: str
    new: str | None = None

    def __str__(self) -> str:
        """As a diff shows it."""
        added = "" if self.new is None else f"\n+{self.new}"
        path = self.path.replace("\n", "\\n")  # a folder's name must not look like another line
        return f"--- {path}\n@@ -{self.line} @@\n-{self.old}{added}"


class Type(Struct, frozen=True, tag="type"):
    """Words for the user's own shell: no child of ours could do it."""

    text: str

    def __str__(self) -> str:
        """As it is typed."""
        return self.text


Step = Run | Edit | Type


class Probe(Struct, frozen=True):
    """One question of a trial: a requirement to a client as it is, or changed.

    `override` is as in an attempt; `version` and `parts` are those that the client would have,
    which can be predicted only; `way` is the solver that is asked, by default the client's own.
    """

    client: str
    requirement: str
    override: str | None = None
    version: str | None = None
    parts: dict[str, str] = field(default_factory=dict)
    way: str | None = None


class Trial(Struct, frozen=True):
    """How a remedy is tried without changing anything: what is asked before and after."""

    before: tuple[Probe, ...]
    after: tuple[Probe, ...]


class Remedy(Struct, frozen=True):
    """What to do about a finding: a sentence, and the literal steps where there are any.

    `name` is that of its module in `doctor.remedies`; `changes` says what is different afterwards,
    `undo` and `verify` are commands or sentences; `by_hand` is the reason why envdoctor shows it
    and never does it, `blocked` why it does not apply here.
    """

    text: str
    steps: tuple[Step, ...] = ()
    name: str = "advice"
    cost: Cost = Cost.NOTHING
    changes: str = ""
    network: bool = False
    undo: str = ""
    verify: str = ""
    by_hand: str = ""
    blocked: str = ""
    trial: Trial | None = None

    @property
    def command(self) -> str | None:
        """What to type, `None` where nothing is to be typed."""
        typed = [str(step) for step in self.steps if not isinstance(step, Edit)]
        return "; ".join(typed) or None

    @property
    def applicable(self) -> bool:
        """Whether envdoctor can do it, once it was asked to."""
        doable = bool(self.steps) and not any(isinstance(step, Type) for step in self.steps)
        return doable and not self.by_hand and not self.blocked


class Answered(Struct, frozen=True):
    """What a client did with one question of a trial; `title` is the client in words."""

    probe: Probe
    title: str
    attempt: Attempt


class Tried(Struct, frozen=True):
    """What a trial came to: the same questions before and after the remedy.

    `unsafe` says what the solver would then install that this CPU cannot run.
    """

    remedy: str
    before: tuple[Answered, ...]
    after: tuple[Answered, ...]
    unsafe: str = ""

    @property
    def works(self) -> bool | None:
        """Whether everything installs afterwards; `None` where something stayed unknown."""
        if self.unsafe:
            return False
        outcomes = [answered.attempt.installs for answered in self.after]
        if False in outcomes:
            return False
        return None if None in outcomes or not outcomes else True

    @property
    def basis(self) -> Basis:
        """How far that can be trusted: proven only if every answer is."""
        proven = all(answered.attempt.basis is Basis.PROVEN for answered in self.after)
        return Basis.PROVEN if proven else Basis.PREDICTED


class Done(Struct, frozen=True):
    """One step that was carried out, or was not: how it ended, and the last of what it said.

    `kept` is the copy that was kept of an edited file.
    """

    step: Step
    ended: str
    ok: bool
    output: str = ""
    seconds: float = 0.0
    kept: str | None = None


class Applied(Struct, frozen=True):
    """A remedy that was applied to a finding: its steps in order, and the state they left."""

    finding: str
    remedy: str
    made: str
    ok: bool
    state: str
    done: tuple[Done, ...] = ()
    undone: bool = False


def _posix(step: Run) -> str:
    words = " ".join(map(_word, step.argv))
    if step.unset:
        words = f"env {' '.join(f'-u {name}' for name in step.unset)} {words}"
    return " ".join([*(f"{n}={_word(v)}" for n, v in step.env.items()), words])


def _word(word: str) -> str:
    """A word for a shell; what cannot be seen is spelt, so that what is shown is what is run."""
    if word.isprintable():
        return shlex.quote(word)
    return f"$'{''.join(map(_spelt, word))}'"  # as bash, zsh and ksh read it


def _spelt(letter: str) -> str:
    number = ord(letter)
    if letter in "\\'":
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    if 0xDC80 <= number <= 0xDCFF:  # a byte that is no text, as Python keeps it
        number -= 0xDC00
        return f"\\x{number:02x}"
    return f"\\x{number:02x}" if number < 0x80 else f"\\U{number:08x}"


def _powershell(step: Run) -> str:
    """PowerShell has no prefix form: set, run, take away."""
    first, *rest = step.argv
    program = f'& "{first}"' if " " in first else first
    words = " ".join([program, *map(_quoted, rest)])
    before = [f'$env:{name}="{value}"; ' for name, value in step.env.items()]
    after = [f"; Remove-Item Env:{name}" for name in step.env]
    return "".join([*before, words, *after])


def _quoted(word: str) -> str:
    return word if shlex.quote(word) == word or ("\\" in word and " " not in word) else f"'{word}'"
