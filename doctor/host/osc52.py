"""A text as the escape sequence by which terminals take it into their clipboard.

The sequence is xterm's (ctlseqs, "Operating System Commands", Ps = 52). Its frames and its limit
are those of libapps/libapps-mirror 598e801d, hterm/etc/osc52.sh.
"""

import base64
from collections.abc import Mapping

MAX_SENT = 74_994
"""Most bytes that are sent to a terminal: they make 100,000 with their frame."""

MAX_PIECE = 252
"""Most bytes of a sequence that screen takes at once: 256 with a frame, until its 4.0.3."""


def multiplexer(environ: Mapping[str, str]) -> str:
    """`screen`, `tmux` or nothing: what stands between us and the terminal, as far as one can know.

    Inside both it is screen: tmux drops what is framed for screen, but screen would print what is
    framed for tmux. TERM alone tells of one that runs at the near end of ssh.
    """
    term = environ.get("TERM", "")
    if environ.get("STY"):
        return "screen"
    if environ.get("TMUX") or term.startswith("tmux"):
        return "tmux"
    return "screen" if term.startswith("screen") else ""


def sequence(text: str, environ: Mapping[str, str]) -> str | None:
    """OSC 52 as it has to be written for the terminal to get it; `None` if that is too long.

    tmux gets it twice. It takes the plain one with `set-clipboard on` (tmux/tmux 3.7c, input.c,
    input_osc_52_parse), not with its default `external`; it passes the framed one on with
    `allow-passthrough on`, and always before 3.3. What it does not want it drops.
    """
    data = text.encode()
    if not data or len(data) > MAX_SENT:
        return None
    plain = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    around = multiplexer(environ)
    if around == "screen":
        return _in_pieces(plain) + (plain if _may_be_tmux(plain, environ) else "")
    if around == "tmux":
        return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    return plain


def _in_pieces(plain: str) -> str:
    """As GNU screen passes it on: piece by piece, each in a frame of its own."""
    pieces = (plain[start : start + MAX_PIECE] for start in range(0, len(plain), MAX_PIECE))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def _may_be_tmux(plain: str, environ: Mapping[str, str]) -> bool:
    """A TERM of `screen` may be one of tmux at the near end of ssh; screen prints a long string."""
    return not environ.get("STY") and len(plain) <= MAX_PIECE
