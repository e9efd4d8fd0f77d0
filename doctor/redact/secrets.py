"""Passwords and tokens in any text: where they stand, and every spelling of them.

Shapes: facts of public threads in which they leaked (conda/conda#10232, #6457, mamba#888,
rattler-build#1636, sos#3462): values with blanks and quotes, encoded and broken over lines.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

_MASKED = re.compile(r"<[A-Z_]{2,20}>|\*{3,}|x{4,}|hidden-[a-z]+-\d+")
"""What somebody masked already stays as it is."""

_KEY = (
    r"[\w.-]{0,40}(?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|access[_-]?key|"
    r"private[_-]?key|auth|credential)[\w-]{0,40}"
)

_PLACES = (
    re.compile(r"://([^/\s\"'@]{1,200}(?::[^\"'\n@]{0,200})?)@"),
    re.compile(r"(?i)(?:^|/)t/([^/\s\"']{3,200})(?=/|$|[\s\"'])"),
    re.compile(r"(?i)[?&](?:[\w-]{0,20}(?:token|key|secret|password|sig|signature|auth))=([^&\s\"']+)"),
    re.compile(r"(?i)\bauthorization[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?:bearer|basic|token)?\s{0,4}([^\s\"',]{6,})"),
    re.compile(rf"(?i)\b{_KEY}[\"']?[ \t]{{0,4}}[=:][ \t]{{0,4}}\"((?:[^\"\\]|\\.)+)\""),
    re.compile(rf"(?i)\b{_KEY}[\"']?[ \t]{{0,4}}[=:][ \t]{{0,4}}'([^']+)'"),
    re.compile(rf"(?i)\b{_KEY}[ \t]{{0,4}}[=:][ \t]{{0,4}}([^\s\"',;}}\]]+)"),
    re.compile(
        r"\b((?:ghp|gho|ghu|ghs|ghr|pfx|hf|npm|xox[abp])[_-][A-Za-z0-9-]{16,}|github_pat_\w{20,}|"
        r"glpat-[\w-]{16,}|pypi-[\w-]{16,}|A[KS]IA[A-Z0-9]{12,}|AIza[\w-]{30,}|"
        r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}|[a-z]{2}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    ),
)  # fmt: skip

_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,400}={0,2}")
_SHORTEST = 4


def found(text: str) -> Iterator[str]:
    """Every secret in a text, those in parts that are encoded in base64 too."""
    yield from _plain(text)
    for match in _ENCODED.finditer(text):
        decoded = _decoded(match[0])
        if decoded is not None and any(True for _ in _plain(decoded)):
            yield match[0]
            yield from _plain(decoded)
    if "%" in text:
        yield from _plain(unquote(text))


def _plain(text: str) -> Iterator[str]:
    for pattern in _PLACES:
        for match in pattern.finditer(text):
            yield from _parts(match[1])


def _parts(value: str) -> Iterator[str]:
    """A value, and for `user:password` each of both."""
    if _MASKED.fullmatch(value) or len(value) < _SHORTEST:
        return
    yield value
    user, colon, password = value.partition(":")
    if colon:
        for part in (password, user, user.rpartition("\\")[2]):
            if len(part) >= _SHORTEST and not _MASKED.fullmatch(part) and part != "__token__":
                yield part


def _decoded(text: str) -> str | None:
    try:
        padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        whole = base64.b64decode(padded, altchars=b"-_" if "-" in text or "_" in text else None)
        return whole.decode("ascii")
    except (binascii.Error, ValueError):
        return None


def spellings(secret: str) -> tuple[str, ...]:
    """All ways in which one secret may be written, longest first."""
    plain = {secret, unquote(secret)}
    known = set(plain)
    for word in plain:
        known |= {quote(word, safe=""), quote(word), json.dumps(word)[1:-1]}
        known |= {json.dumps(word, ensure_ascii=False)[1:-1]}
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            known |= {_inside(encode, word, shift) for shift in range(3)}
            known.add(encode(word.encode()).decode())
    return tuple(sorted((w for w in known if len(w) >= _SHORTEST), key=len, reverse=True))


def _inside(encode: object, word: str, shift: int) -> str:
    """The letters that a secret has in base64 when other text stands before and after it."""
    assert callable(encode)
    data = b"\0" * shift + word.encode()
    whole = encode(data).decode().rstrip("=")
    start = (0, 2, 3)[shift]
    end = len(whole) - (1 if len(data) % 3 else 0)
    inner = whole[start:end]
    return inner if len(inner) >= 10 else ""


def pattern(secret: str) -> re.Pattern[str]:
    """One expression for all its spellings, also where a line is broken inside it."""
    words = [_broken(word) if len(word) >= 8 else re.escape(word) for word in spellings(secret)]
    return re.compile("|".join(words))


def _broken(word: str) -> str:
    return r"(?:\\?\r?\n[ \t]*)?".join(map(re.escape, word))
