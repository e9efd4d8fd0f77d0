"""Where in a text a password or a token stands: by what is around it, and by its shape.

Places and shapes: those of public threads in which they leaked (conda/conda#10232, #6457,
mamba#888, rattler-build#1636, sos#3462): values with blanks and quotes, after names, in addresses.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

USER, SECRET = "user", "secret"

TOKEN = (
    r"(?:(?:ghp|gho|ghu|ghs|ghr|pfx|hf|npm|dapi|xox[abprs])[_-][A-Za-z0-9-]{12,}|"
    r"github_pat_\w{20,}|glpat-[\w-]{12,}|pypi-[\w-]{12,}|A[KS]IA[A-Z0-9]{12,}|AIza[\w-]{30,}|"
    r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}|[a-z]{2}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
"""Tokens that are known by how they begin, or by their form (anaconda.org's `aa-UUID`)."""

_PORT = r"(?!\d{1,5}(?:[/\s\"']|$))"
_USER = r"([^/\s\"'@:]{0,200})"

_AROUND = tuple(
    (needle, re.compile(expression), kinds)
    for needle, expression, kinds in (
        ("://", rf"(?<=://){_USER}:({_PORT}[^\s\"'@]{{1,200}}(?:@[^\s\"'@/]{{0,200}}){{0,5}})@(?=\S)",
         (USER, SECRET)),
        ("://", rf"(?<=://){_USER}:({_PORT}(?:(?!://)[^\n/]){{1,200}})@(?=\S)", (USER, SECRET)),
        ("://", r"(?<=://)(?!git@)([^/\s\"'@:]{1,200})@(?=\S)", (SECRET,)),
        ("/t/", r"(?i)(?<=/t/)([^/\s\"']{3,200})(?=/|$|[\s\"'])", (SECRET,)),
        ("=", r"(?i)[?&][\w-]{0,20}(?:token|key|secret|password|sig|signature|auth)=([^&\s\"']+)",
         (SECRET,)),
        ("authorization", r"(?i)\bauthorization\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"']?"
         r"(?:(?:bearer|basic|token)\s{1,4})?([^\s\"',\\]{6,})", (SECRET,)),
        ("bearer", r"(?i)\bbearer\s{1,4}([\w.~+/=-]{8,})", (SECRET,)),
        ("login", r"(?i)\bmachine\s{1,9}\S{1,200}\s{1,9}login\s{1,9}(\S{1,200})\s{1,9}"
         r"password\s{1,9}(\S{1,200})", (USER, SECRET)),
        ("-u", r"(?i)(?:^|\s)(?:-u|--user)[ =]([^\s:]{1,100}):(\S{1,200})", (USER, SECRET)),
        ("-", r"(?i)(?:^|\s)--?[\w-]{0,30}(?:token|password|secret|api-key)[ =]"
         r"([^\s\"'-]\S{3,200})", (SECRET,)),
        ("private key", r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,8000}?"
         r"(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z))", (SECRET,)),
        ("", rf"(?<![A-Za-z0-9])({TOKEN})", (SECRET,)),
    )
)  # fmt: skip
"""What must be in a text in small letters, what to look for then, and what its groups are."""

_NAMED = re.compile(
    r"(?i)token|secret|passw(?:or)?d|passphrase|passcode|api[_-]?key|access[_-]?key|"
    r"private[_-]?key|signing[_-]?key|credential|cookie|auth(?!or|enti)|"
    r"(?<![a-z])pass(?![a-z])|_pwd"
)
"""What the name of a variable or a key holds whose value is a secret."""

_REST = re.compile(r"[\w.-]{0,40}")
_OWN_LINE = re.compile(r"[ \t]*(?:-[ \t]+|export[ \t]+)?[\w.-]{0,40}")
_OF_ADDRESS = re.compile(r"://[\w.-]*$")
_BEHIND = tuple(
    re.compile(rf"\\*[\"']?[ \t]{{0,4}}[=:][ \t]{{0,4}}{value}")
    for value in (
        r"\"((?:[^\"\\]|\\[\s\S]){1,2000})\"",
        r"'((?:'\\''|[^'\\]|\\[\s\S]){1,2000})'",
        r"(?P<quote>\\+[\"'])([\s\S]{1,2000}?)(?<!\\)(?P=quote)",
    )
)
"""A value in quotes, with what a shell or a program escapes in it, also within a quotation."""

_TO_THE_END = re.compile(
    r"(?:[ \t]{0,4}:[ \t]{1,4}|[ \t]{1,4}=[ \t]{1,4})([^\"'\s{\[#$][^\n#]{0,200}?)[ \t\r]*"
    r"(?=\n|\Z|[ \t]#)|=(?![^\n]*\b(?:conda|mamba|micromamba|pixi)\b)"
    r"([^\"'\s=;&|{\[$][^\n=;&|]{0,200})(?=\n|\Z)"
)
"""The value of a line of its own, blanks and all; not of a variable that is set for one command."""

_ONE_WORD = re.compile(r"\\*[\"']?[ \t]{0,4}[=:][ \t]{0,4}([^\s\"',;}\]\\]{1,2000})")
_LONG = re.compile(
    r"(?i)\bkey[\w-]{0,30}[\"']?[ \t]{0,4}[=:][ \t]{0,4}[\"']?(?=[^\s\"']{0,200}\d)"
    r"(?=[^\s\"']{0,200}[a-z])([\w+/=.-]{24,})"
)

_FOLDED = re.compile(
    r"[ \t]{0,4}:[ \t]{0,4}[>|][+-]?[ \t]*\r?\n[ \t]+"
    r"([^\s#:]+(?:[ \t]*\r?\n[ \t]+[^\s#:]+(?=[ \t]*(?:\r?\n|\Z))){0,20})"
)
_HALF = re.compile(
    r"(?m)(?<![A-Za-z0-9])((?:(?:ghp|gho|ghu|ghs|ghr|pfx|hf|npm)_|github_pat_|glpat-|pypi-|eyJ)"
    r"[\w.-]{3,}(?:\\?\r?\n[ \t]*[\w.+/=-]{3,}(?=[\"'\s]*$)){1,3})"
)
"""A token that ends with its line, and lines that hold nothing but more of it."""


class Span(Struct, frozen=True):
    """A stretch of a text that is a secret, or the name of its user."""

    start: int
    end: int
    kind: str = SECRET


def spans(text: str) -> Iterator[Span]:
    """All of them, in no order; they may overlap."""
    small = text.lower()
    for needle, expression, kinds in _AROUND:
        for match in expression.finditer(text) if needle in small else ():
            for group, kind in enumerate(kinds, start=1):
                yield Span(*match.span(group), kind)
    for match in _HALF.finditer(text):
        yield Span(*match.span(1))
    for match in _LONG.finditer(text):
        yield Span(*match.span(1))
    for match in _NAMED.finditer(text):
        yield from _behind(text, match)


def _behind(text: str, named: re.Match[str]) -> Iterator[Span]:
    """The value behind a name that holds such a word."""
    rest = _REST.match(text, named.end())
    at = rest.end() if rest else named.end()
    for expression in (*_BEHIND, _FOLDED):
        if (match := expression.match(text, at)) is not None:
            yield Span(*match.span(match.lastindex or 1))
            return
    line = text[text.rfind("\n", 0, named.start()) + 1 : named.start()]
    if _OF_ADDRESS.search(line[-60:]):
        return
    if len(line) < 100 and _OWN_LINE.fullmatch(line):
        match = _TO_THE_END.match(text, at)
        if match is not None:
            yield Span(*match.span(1 if match[1] is not None else 2))
            return
    match = _ONE_WORD.match(text, at)
    if match is not None:
        yield Span(*match.span(1))
