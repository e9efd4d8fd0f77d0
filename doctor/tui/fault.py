"""What broke in envdoctor itself, in the words in which it should be reported."""

import os
import platform
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

import doctor
from doctor.clean import clean, without_secrets

if TYPE_CHECKING:
    from doctor.tui.leaving import Leaving

Hide = Callable[[str], str]

_FOLDER = os.path.dirname(doctor.__file__)

MAX_MESSAGE = 300
"""Characters of an error's message that are shown; the text to copy has more of it."""

MAX_FRAMES = 4
"""Calls that are shown; the text to copy has all of them."""

MAX_CHAIN = 6
"""Errors that led to one another, at most."""

HEADLINE = "envdoctor broke. This is a fault of envdoctor itself."

UNCHANGED = "The fault changed nothing on this machine."

REPORT = "Please report it to the project's issue tracker, with this:"

NAMELESS = "(its message is left out: names could not be hidden in it)"


class Fault(Struct, frozen=True):
    """One fault: what it may have left on the machine, what to report, every call.

    `facts` are versions and surroundings, `error` its type and message, `calls` the last of ours,
    `trace` the whole of it. Nothing in it names the user, the machine or their folders.
    """

    left: str
    facts: tuple[str, ...]
    error: str
    calls: tuple[str, ...]
    trace: str

    @property
    def shown(self) -> str:
        """What to report, in short."""
        return "\n".join((*self.facts, self.error, *(f"  {call}" for call in self.calls)))

    @property
    def text(self) -> str:
        """All of it, one thing below the other."""
        return "\n".join((HEADLINE, self.left, REPORT, "", *self.facts, "", self.trace))

    @property
    def line(self) -> str:
        """For the terminal, after the screen about it is gone."""
        where = f" at {self.calls[-1]}" if self.calls else ""
        return f"envdoctor: broke: {self.error}{where}; please report this"


def fault_of(app: "Leaving") -> Fault:
    """What broke in an app; whatever cannot be known then is left out."""
    error = app.fault or RuntimeError("nothing is known about it")
    hide = _hiding(app)
    return Fault(
        left=_left(app),
        facts=tuple(_facts(app)),
        error=_named(error, hide, MAX_MESSAGE),
        calls=tuple(_calls(error)),
        trace="\n".join(_trace(error, hide)),
    )


def _left(app: "Leaving") -> str:
    """What may be different on the machine now."""
    if not app.is_doing:
        return UNCHANGED
    from doctor.fix import journal
    from doctor.host import places

    said = "It was asked to stop; what it did before that may be left."
    if app.outcome is not None:
        said = app.outcome.state
    folder = places.state()
    log = str(folder / journal.FILE) if folder else "none, for want of a home"
    log = log.replace(os.path.expanduser("~"), "~", 1)
    what = getattr(getattr(app, "state", None), "doing", None) or "a remedy"
    return clean(f"Meanwhile this was being done: {what} {said} The log of what ran: {log}")


def _facts(app: "Leaving") -> Iterator[str]:
    yield f"envdoctor {doctor.__version__}, Python {platform.python_version()}"
    yield platform.platform()
    size = shutil.get_terminal_size()
    yield clean(f"TERM {os.environ.get('TERM', 'unset')}, {size.columns}x{size.lines}")
    if app.fault_screens:
        yield f"On the screen: {' over '.join(reversed(app.fault_screens))}"


def _hiding(app: "Leaving") -> Hide:
    """What hides names and secrets in messages; without it no message is told."""
    try:
        return app.session.hiding()
    except Exception:  # noqa: BLE001 - it may be what broke
        return lambda text: NAMELESS


def _named(error: BaseException, hide: Hide, most: int) -> str:
    """Type and message of an error."""
    name = type(error).__name__
    try:
        said = without_secrets(hide(str(error)[: 4 * most])).strip()
    except Exception:  # noqa: BLE001 - messages are code of their own
        said = NAMELESS
    if len(said) > most:
        said = f"{said[:most]}..."
    return f"{name}: {said}" if said else name


def _calls(error: BaseException) -> list[str]:
    """The last calls of ours, the innermost last."""
    frames = traceback.StackSummary.extract(
        traceback.walk_tb(error.__traceback__), lookup_lines=False
    )
    ours = [frame for frame in frames if _ours(frame.filename)]
    return [f"{_short(f.filename)}:{f.lineno} in {f.name}" for f in ours[-MAX_FRAMES:]]


def _trace(error: BaseException, hide: Hide) -> Iterator[str]:
    """Every call, and what an error came from before it; without values of variables."""
    for one, why in reversed(list(_chain(error))):
        if one.__traceback__ is not None:
            yield "Traceback (most recent call last):"
        for frame in traceback.extract_tb(one.__traceback__):
            yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
            if frame.line:
                yield f"    {clean(frame.line)}"
        yield _named(one, hide, 10 * MAX_MESSAGE)
        if why:
            yield f"\n{why}\n"


def _chain(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    """The error, what it came from, and so on; with each what it led to."""
    one: BaseException | None = error
    why = ""
    for _ in range(MAX_CHAIN):
        if one is None:
            return
        yield one, why
        if one.__cause__ is not None:
            one, why = one.__cause__, "From that came:"
        else:
            one, why = None if one.__suppress_context__ else one.__context__, "Meanwhile:"


def _ours(path: str) -> bool:
    return path.startswith(f"{_FOLDER}{os.sep}")


def _short(path: str) -> str:
    """A file as it is imported: folders of the user, of Python and of its packages go."""
    for root in sorted({_FOLDER.rpartition(os.sep)[0], *sys.path}, key=len, reverse=True):
        if root and path.startswith(f"{root}{os.sep}"):
            return path[len(root) + 1 :]
    return os.path.basename(path)
