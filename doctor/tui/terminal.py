"""What the terminal can show, as far as the environment says so; nothing is asked of it."""

from collections.abc import Mapping

from msgspec import Struct

from doctor.host.osc52 import multiplexer
from doctor.settings import Settings

ALL = 2**24
"""Number of colours where every one can be shown."""

FEW = 16
"""Up to so many colours are the terminal's own, whose shades nobody knows."""

_NUMBERS = {"standard": 16, "256": 256, "truecolor": ALL, "windows": 16}
"""Values of TEXTUAL_COLOR_SYSTEM (Textualize/rich v15.0.0, rich/console.py, COLOR_SYSTEMS)."""

_COLOURLESS = ("vt50", "vt52", "vt100", "vt102", "vt220", "dumb", "unknown")
_POOR_FONT = (*_COLOURLESS, "linux", "ansi", "cons25")
"""Terminals without colours, and those whose fonts lack most of what Textual draws with."""


class Terminal(Struct, frozen=True):
    """What a terminal can do; by default everything.

    `colours` is 0 where there are none or NO_COLOR asks for none. `light` is whether its background
    is known to be light. `around` is `tmux` or `screen`, or empty. `still` is whether the
    environment asks for no movement, `animations` whether it sets Textual's own.
    """

    unicode: bool = True
    colours: int = ALL
    light: bool = False
    remote: bool = False
    around: str = ""
    still: bool = False
    animations: bool = False


def of(environ: Mapping[str, str], coerced: bool = False, windows: bool = False) -> Terminal:
    """What the environment says.

    `coerced` is whether Python itself put LC_CTYPE there, as PEP 538 says.
    """
    return Terminal(
        unicode=windows or _unicode(environ, coerced),
        colours=_colours(environ, windows),
        light=environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15"),
        remote=any(environ.get(n) for n in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")),
        around=multiplexer({**environ, "TERM": _kind(environ)}),
        still=any(environ.get(name) for name in ("NO_MOTION", "REDUCE_MOTION")),
        animations="TEXTUAL_ANIMATIONS" in environ,
    )


def here() -> Terminal:
    """The terminal that we run in."""
    import os
    import sys

    # Python's UTF-8 mode comes with the C locale, or was asked for, which is no sign of it.
    coerced = sys.flags.utf8_mode == 1 and "PYTHONUTF8" not in os.environ
    return of(os.environ, coerced, sys.platform == "win32")


def _kind(environ: Mapping[str, str]) -> str:
    return environ.get("TERM", "").strip().lower()


def _unicode(environ: Mapping[str, str], coerced: bool) -> bool:
    """By the locale, as POSIX orders its variables; one that is not set means C."""
    if _kind(environ) in _POOR_FONT:
        return False
    names = ("LC_ALL", "LANG") if coerced else ("LC_ALL", "LC_CTYPE", "LANG")
    said = next((environ[name] for name in names if environ.get(name)), "C")
    return "utf8" in said.lower().replace("-", "")


def _colours(environ: Mapping[str, str], windows: bool) -> int:
    """As Rich decides it, besides terminals of old that have none.

    Textualize/rich v15.0.0, rich/console.py, `_detect_color_system`.
    """
    kind = _kind(environ)
    if "NO_COLOR" in environ or kind in _COLOURLESS or kind.endswith(("-m", "-mono")):
        return 0
    forced = environ.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if forced != "auto":
        return _NUMBERS.get(forced, FEW)
    if windows or environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ALL
    return 256 if kind.endswith(("-256color", "-kitty")) else FEW


# --- what suits it ---------------------------------------------------------------------------


def theme(settings: Settings, terminal: Terminal) -> str:
    """The name of the theme, never `auto`: own colours only where their shades can be shown."""
    if not terminal.colours:
        return "terminal"
    if settings.theme != "auto":
        return settings.theme
    if terminal.colours <= FEW:
        return "terminal"
    return "light" if terminal.light else "dark"


def is_ascii(settings: Settings, terminal: Terminal) -> bool:
    """Whether only ASCII may be written."""
    return settings.ascii == "yes" or (settings.ascii == "auto" and not terminal.unicode)


def is_still(settings: Settings, terminal: Terminal) -> bool:
    """Whether nothing moves or blinks; each step of a movement is another frame over a slow line.

    What Textual was told itself wins: see `Terminal.animations`.
    """
    if settings.animations != "auto":
        return settings.animations == "no"
    return terminal.remote or terminal.still


def described(terminal: Terminal) -> str:
    """What is known of it, in a few words."""
    colours = {0: "no colours", ALL: "all colours"}.get(
        terminal.colours, f"{terminal.colours} colours"
    )
    places = ("over ssh" if terminal.remote else "", terminal.around and f"in {terminal.around}")
    return ", ".join(filter(None, ("UTF-8" if terminal.unicode else "not UTF-8", colours, *places)))
