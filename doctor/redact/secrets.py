"""The secrets of a text: every one in all its forms, and the text with stand-ins in their place."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from msgspec import Struct

from doctor.redact.places import SECRET, USER, Span, spans

_MASKED = re.compile(
    r"<[\w -]{1,30}>|\*{2,}(?:\w{0,10}\*+)?|[xX]{4,}|hidden-[a-z]+(?:-[a-z]+)*-\d+"
)
"""What somebody masked already stays as it is."""

_TEMPLATE = (
    r"\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+|env:\w+)|\$[{(].*|%\w+%|%\(\w+\)s|"
    r"\{\{.*|\{\w*\}.*|<[\w -]{1,40}>"
)
_SURELY_NONE = re.compile(_TEMPLATE)
_NO_SECRET = re.compile(
    rf"{_TEMPLATE}|(?i:\{{(?:[\s\"'%].*)?|\[(?:[\s\"'\[{{].*|[a-z ,._-]*\].*)?|"
    r"\((?:[\s\"'].*|[a-z ,._-]*\).*)?|true|false|null|none|nil|yes|no|on|off|inherit|read|write|"
    r"required|optional|set|unset|unknown|not set|__token__|oauth2|x-access-token|git|"
    r"[>|][+-]?|\d{1,3}|\W{1,3}|"
    r"[<>=~!]{0,2}\d{1,4}(?:\.[\d*]{1,9}){1,4}(?:[a-z]+\d*)?(?:=[\w.*]{1,40})?)"
)
"""What stands behind names of secrets and is none: templates, words of a form, versions."""

_LINE_END = re.compile(r"\\?\r?\n[ \t]*")
_CONTINUED = re.compile(r"\\\r?\n[ \t]*")
ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,4000}={0,2}")


def masked(text: str, stand_in: Callable[[str, str], str]) -> str:
    """The text with every secret replaced where it stands; `stand_in` gets its kind and itself."""
    shown, at = [], 0
    for span in _apart(text):
        value = text[span.start : span.end]
        new = stand_in(span.kind, name_of(value) if span.kind == USER else bare(value))
        shown += [text[at : span.start], over(new, value)]
        at = span.end
    return "".join([*shown, text[at:]])


def over(stand_in: str, text: str) -> str:
    """A stand-in for some text, with as many ends of lines: what is below keeps its number."""
    return stand_in + "\n" * text.count("\n")


def _apart(text: str) -> list[Span]:
    """The spans in order; those that overlap are one."""
    found: list[Span] = []
    for span in sorted(spans(text), key=lambda s: (s.start, -s.end)):
        if span.start == span.end or is_none(text[span.start : span.end], span.sure):
            continue
        if found and span.start < found[-1].end:
            last = found[-1]
            found[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            found.append(span)
    return found


def is_none(value: str, sure: bool = False) -> bool:
    """Whether a value is masked already, or no secret at all; `sure` leaves no word but those."""
    bare = value.strip()
    known = _SURELY_NONE if sure else _NO_SECRET
    return not bare or bool(_MASKED.fullmatch(bare) or known.fullmatch(bare))


def name_of(user: str) -> str:
    """A user without the domain of Windows before it."""
    return unquote(user).rpartition("\\")[2] or user


class Found(Struct, frozen=True):
    """A secret, or a user's name: `value` as it is meant, `forms` as it may be written."""

    kind: str
    value: str
    forms: tuple[str, ...]


def found(text: str) -> Iterator[Found]:
    """Every secret of a text, those encoded in base64 or over two lines among them."""
    yield from _plain(text)
    if "\\\n" in text or "\\\r\n" in text:
        yield from _plain(_CONTINUED.sub("", text))
    if "%" in text:
        yield from _plain(unquote(text))
    for match in ENCODED.finditer(text):
        says = decoded(match[0])
        inside = list(_plain(says)) if says is not None else []
        if inside:
            yield Found(SECRET, inside[0].value, (match[0],))
            yield from inside


def _plain(text: str) -> Iterator[Found]:
    for span in _apart(text):
        yield _found(span.kind, text[span.start : span.end])


def _found(kind: str, value: str) -> Found:
    """A value in all its forms: as it stands, on one line, decoded, without the user before it."""
    if kind == USER:
        return Found(USER, name_of(value), ())
    forms = {value, _LINE_END.sub("", value), unquote(value), _unescaped(value), bare(value)}
    user, colon, password = value.partition(":")
    if colon and user and not re.search(r"\s", value):
        forms.add(password)
    return Found(SECRET, bare(value), tuple(sorted(f for f in forms if not is_none(f))))


def bare(value: str) -> str:
    """A secret as it is meant: on one line, nothing escaped, nothing encoded."""
    return unquote(_unescaped(_LINE_END.sub("", value)))


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"'))
    except ValueError:
        return value


def decoded(text: str) -> str | None:
    """What a stretch of base64 says, if that is plain text; of UTF-16 without its empty bytes."""
    try:
        bare = text.rstrip("=")
        padded = bare + "=" * (-len(bare) % 4)
        whole = base64.b64decode(padded, altchars=b"-_" if "-" in text or "_" in text else None)
        return whole.decode("ascii").replace("\0", "")
    except (binascii.Error, ValueError):
        return None
