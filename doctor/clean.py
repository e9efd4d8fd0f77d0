"""Text of other programs, made safe to show."""

import re
from functools import cache

from doctor import tokens

_ESCAPE = re.compile(
    r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|[P^_X][^\x1b]*\x1b\\|\[[0-?]*[ -/]*[@-~]|[ -/]*[0-~])"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_HALF = re.compile(r"[\ud800-\udfff]")
"""What Python makes of a byte that is no text, such as in a file's name: no terminal takes it."""


def clean(text: str) -> str:
    """Text without escape sequences, control characters and marks that reorder a line."""
    if text.isprintable():  # none of these is
        return text
    return _HALF.sub("\ufffd", _CONTROL.sub("", _ESCAPE.sub("", text)))


def pasteable(text: str) -> str:
    """Text that is safe to paste: nothing that a shell or terminal would act on, no secrets.

    Newlines and tabs stay, but none at its ends: a last newline would run a command at once.
    U+FFFD stands for what is no character (bytes of a path that are no UTF-8).
    """
    return without_secrets(clean(text)).strip("\n")


def in_words(word: str) -> str:
    """A word of a command, with `@probe:NAME@` as what it stands for: a script of envdoctor's."""
    if not word.startswith("@probe:"):
        return word
    return f"(envdoctor's probe {word.removeprefix('@probe:').removesuffix('@')})"


def one_line(text: str) -> str:
    """Text that must stay on its line: a path with a newline in it shows as `\\n`, so do tabs."""
    return clean(text.replace("\n", "\\n").replace("\t", "\\t"))


_SECRETS = (
    (re.compile(r"(://)[^\s/:@\"']+:(?!\d+(?:/|\s|$))[^\s\"']*@"), r"\1***@"),
    (re.compile(r"(://)[^\s/\"']*@"), r"\1***@"),
    (re.compile(r"(://[^\s\"']{0,300}?/t/)[^/\s\"']+", re.IGNORECASE), r"\1***"),
    (
        re.compile(
            r"([?&](?:access_)?(?:token|key|api_key|secret|password|sig|signature|auth)=)[^&\s\"']+",
            re.IGNORECASE,
        ),
        r"\1***",
    ),
    (
        re.compile(
            r"\b(\w{0,60}(?:token|secret|passw(?:or)?d|api_?key|access_?key|private_?key)\w{0,60}"
            r"[\"']?\s{0,4}[=:]\s{0,4})(\"[^\"]*\"|'[^']*'|[^\s\"',;]+)",
            re.IGNORECASE,
        ),
        r"\1***",
    ),
)


_LONG = re.compile(r"[\w.-]{14}")
"""No token is shorter, and few words are longer."""


def without_secrets(text: str) -> str:
    """Text without tokens, and without passwords in addresses and in variables named so."""
    if _LONG.search(text):
        text = _token().sub("***", text)
    if ":" not in text and "=" not in text:  # which each of them has
        return text
    for pattern, shown in _SECRETS:
        text = pattern.sub(shown, text)
    return text


@cache
def _token() -> re.Pattern[str]:
    """Made when it is needed, which takes a while."""
    return re.compile(tokens.any_of(tokens.SURE))


def shown(text: str) -> str:
    """A line as any front end may print it: whatever it came from, on one line and no secret.

    Control characters go first, so that none inside a secret can keep it from being known.
    """
    return without_secrets(one_line(text))


def without_credentials(url: str) -> str:
    """A channel's address without user, password, token, query and fragment."""
    plain = re.sub(r"[?#].*", "", url)
    plain = re.sub(r"(?i)(^|/)t/[^/]+", "", plain)
    head, slashes, rest = plain.partition("://")
    if not slashes:
        head, rest = "", plain
    host = rest.rpartition("@")[2]
    return f"{head}{slashes}{host}"
