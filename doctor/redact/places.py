"""Where in a text a password or a token stands: by what is around it, and by its shape.

Places and shapes: those of public threads in which they leaked (conda/conda#10232, #6457,
mamba#888, rattler-build#1636, sos#3462): values with blanks and quotes, after names, in addresses.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from doctor import tokens

USER, SECRET = "user", "secret"

_HALF = re.compile(
    r"(?m)(?<![\w.-])((?:(?:ghp|gho|ghu|ghs|ghr|pfx|hf|npm)_|github_pat_|gl(?:pat|rt|dt|ft)-|pypi-|"
    r"eyJ|dckr_pat_)[\w.-]{3,2000}+(?:\\?\r?\n[ \t]{0,200}[\w.+/=-]{3,2000}(?=[\"'\s]*$)){1,3})"
)
"""A token that ends with its line, and lines that hold nothing but more of it."""

_PORT = r"(?!\d{1,5}(?:[/\s\"']|$))"
_USER = r"([^/\s\"'@:]{0,200})"
_OPENS = r"\\?[\"']?\s{0,4}[:=]\s{0,4}b?\\?[\"']?"
"""What stands between the name of a header and its value, in a dictionary's print too."""

_SCHEMES = (
    r"bearer|basic|token|negotiate|kerberos|ntlm|api-?key|key|jwt|pat|sso-key|splunk|gitlab|private"
)

_SURE = tuple(
    (needle, re.compile(expression), kinds)
    for needle, expression, kinds in (
        (
            "://",
            rf"(?<=://){_USER}:({_PORT}[^\s\"'@]{{1,200}}(?:@[^\s\"'@/]{{0,200}}){{0,5}})@(?=\S)",
            (USER, SECRET),
        ),
        (
            "://",
            r"(?<=://)([^/\s\"'@:]{1,100}@[\w.-]{1,100}):([^\s\"'@/]{1,200})@(?=\S)",
            (USER, SECRET),
        ),
        ("://", rf"(?<=://){_USER}:({_PORT}(?:(?!://)[^\n/]){{1,200}})@(?=\S)", (USER, SECRET)),
        (
            "@",
            r"(?<![\w/@.:-])([\w.+\\-]{1,64}):([^\s:@/\"']{3,100})@"
            r"(?=(?!sha\d)[\w.-]{1,100}:\d{2,5}(?!\w))",
            (USER, SECRET),
        ),
    )
)
"""Addresses with a user and a password: whatever stands there is one."""

_AROUND = tuple(
    (needle, re.compile(expression), kinds)
    for needle, expression, kinds in (
        ("://", r"(?<=://)(?!git@)([^/\s\"'@:]{1,200})@(?=\S)", (SECRET,)),
        ("/t/", r"(?i)(?:://(?!/)[^\s\"']{1,300}?|(?<![\w./\\-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,20}"
         r"(?::\d{1,5})?|(?<![^\s\"'`(=:,]))/t/([^/\s\"']{3,200})(?=/|$|[\s\"'])", (SECRET,)),
        ("=", r"(?i)[?&][\w-]{0,20}(?:token|key|secret|password|sig|signature|auth)=([^&\s\"']+)",
         (SECRET,)),
        ("authorization", rf"(?i)\bauthorization{_OPENS}(?:(?:{_SCHEMES})\s{{1,4}})?"
         r"([^\s\"',\\]{6,})", (SECRET,)),
        ("authorization", rf"(?i)\bauthorization{_OPENS}(?:digest|oauth|hawk|signature|aws4-[\w-]+)"
         r"\s{1,4}((?:=\"[^\"\n]*\"|[^\n\\\"]|\\\"){6,2000})", (SECRET,)),
        ("cookie", rf"(?i)\b(?:set-)?cookie2?{_OPENS}([^\n\"'\\]{{4,4000}})", (SECRET,)),
        ("x-", rf"(?i)\bx-[\w-]{{0,40}}(?:api|token|key|auth|secret|session)[\w-]{{0,20}}{_OPENS}"
         r"([^\s\"',\\]{4,})", (SECRET,)),
        ("bearer", r"(?i)\bbearer\s{1,4}([\w.~+/=-]{8,})", (SECRET,)),
        ("login", r"(?i)\blogin\s{1,9}(\S{1,200})\s{1,9}password\s{1,9}(\S{1,200})",
         (USER, SECRET)),
        ("login", r"(?i)\bpassword\s{1,9}(\S{1,200})\s{1,9}login\s{1,9}(\S{1,200})",
         (SECRET, USER)),
        ("password", r"(?im)^[ \t]*password[ \t]{1,9}(\S{1,200})[ \t]*$", (SECRET,)),
        ("-u", r"(?i)(?:^|[\s\"'])(?:-u|--user|--proxy-user)(?:[ =]|\"?'?,?\s?[\"'])"
         r"([^\s:\"']{1,100}):([^\s\"']{1,200})", (USER, SECRET)),
        ("-", r"(?i)(?:^|[\s\"'\[(,])--?[\w-]{0,30}(?:token|passw(?:or)?d|secret|api-?key)"
         r"(?:[ =][\"']?|[\"']\s?,?\s?[\"'])([^\s\"',\])}-][^\s\"',]{3,200})", (SECRET,)),
        ("sshpass", r"\bsshpass\s+-p\s{0,3}[\"']?([^\s\"']{1,200})", (SECRET,)),
        ("anaconda", r"\banaconda\b[^\n]{0,60}?\s-t[ =]([^\s\"'\\]{3,200})", (SECRET,)),
        ("</", r"(?i)<[\w.:-]{0,40}(?:token|secret|passw|passphrase|api_?key|credential)"
         r"[\w.:-]{0,40}>\s{0,9}([^<]{1,300})<", (SECRET,)),
        ("ssh-", r"\bssh-(?:rsa|dss|ed25519)\s{1,4}(AAAA[\w+/=]{10,4000}"
         r"(?:[ \t]+[^\s\"'\\]{1,100})?)", (SECRET,)),
        ("set", r"(?im)^[ \t]*(?:set|setenv|unset)(?:[ \t]+-[\w-]{1,20})*[ \t]+[\w.-]{0,40}"
         r"(?:token|secret|passw|passphrase|api_?key|access_?key|private_?key|credential)"
         r"[\w.-]{0,40}[ \t]+[\"']?([^\s\"'=]{1,400})", (SECRET,)),
        ("(", r"\b\w{0,30}(?:Token|Secret|Password|ApiKey)\(\\?\"([^\"\\]{1,400})", (SECRET,)),
        ("private key", r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,8000}?"
         r"(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z))", (SECRET,)),
        ("", tokens.any_of((*tokens.SURE, *tokens.LIKELY)), (SECRET,)),
    )
)  # fmt: skip
"""What must be in a text in small letters, what to look for then, and what its groups are."""

_NAMED = re.compile(
    r"(?i)token|secret|passw(?:or)?d|passphrase|passcode|api[ _-]?key|"
    r"(?:access|account|private|signing)[_-]?key|credential|cookie|auth(?!or|enti)|"
    r"(?<![a-z])(?:pass|pw)(?![a-z])|_pwd"
)
"""What the name of a variable or a key holds whose value is a secret."""

_REST = re.compile(r"[\w.-]{0,40}")
_OWN_LINE = re.compile(r"[ \t]*(?:-[ \t]+|export[ \t]+)?[\w.-]{0,40}")
_OF_ADDRESS = re.compile(r"://[\w.-]*$")
_BEHIND = tuple(
    re.compile(
        rf"\\*[\"'`]?[ \t]{{0,4}}(?:[=:]>?|\b(?:is|was)\b)[ \t]{{0,4}}(?:\[[ \t]{{0,4}})?{value}"
    )
    for value in (
        r"\"((?:[^\"\\]|\\[\s\S]){1,2000})\"",
        r"'((?:'\\''|[^'\\]|\\[\s\S]){1,2000})'",
        r"(?P<quote>\\+[\"'])([\s\S]{1,2000}?)(?<!\\)(?P=quote)",
        r"(?P<three>\"\"\"|''')([\s\S]{1,2000}?)(?P=three)",
        r"`([^`\n]{1,400})`",
    )
)
"""A value in quotes, with what a shell or a program escapes in it, also within a quotation."""

_TO_THE_END = re.compile(
    r"(?:[ \t]{0,4}:[ \t]{1,4}|[ \t]{1,4}=[ \t]{1,4})([^\"'\s#][^\n#]{0,200}?)[ \t\r]*"
    r"(?=\n|\Z|[ \t]#)|=(?![^\n]*\b(?:conda|mamba|micromamba|pixi)\b)"
    r"([^\"'\s=;&|][^\n=;&|]{0,200})(?=\n|\Z)"
)
"""The value of a line of its own, blanks and all; not of a variable that is set for one command."""

_ONE_WORD = re.compile(r"\\*[\"']?[ \t]{0,4}[=:][ \t]{0,4}([^\s\"',;}\]\\]{1,2000})")
_LONG = re.compile(
    r"(?i)\bkey[\w-]{0,30}[\"']?[ \t]{0,4}[=:][ \t]{0,4}[\"']?(?=[^\s\"']{0,200}\d)"
    r"(?=[^\s\"']{0,200}[a-z])([\w+/=.-]{24,})"
)

_FOLDED = re.compile(
    r"[ \t]{0,4}:[ \t]{0,4}[>|][+-]?[ \t]*\r?\n(?:[ \t]*\r?\n){0,4}[ \t]+"
    r"([^\s#:]+(?:[ \t]*\r?\n[ \t]+[^\s#:]+(?=[ \t]*(?:\r?\n|\Z))){0,20})"
)

_BELOW = re.compile(
    r"[ \t]{0,4}:[ \t]*\r?\n[ \t]+(?:-[ \t]+)?([^\s#:\"']{4,200})[ \t]*(?=\r?\n|\Z)"
)
"""A value on the line below its name, as YAML has it."""


class Span(Struct, frozen=True):
    """A stretch of a text that is a secret, or the name of its user.

    `sure` is one that is a secret whatever it looks like.
    """

    start: int
    end: int
    kind: str = SECRET
    sure: bool = False


def spans(text: str) -> Iterator[Span]:
    """All of them, in no order; they may overlap."""
    small = text.lower()
    for sure, places in ((True, _SURE), (False, _AROUND)):
        for needle, expression, kinds in places:
            for match in expression.finditer(text) if needle in small else ():
                for group, kind in enumerate(kinds, start=1):
                    yield Span(*match.span(group), kind, sure and kind == SECRET)
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
        match = _TO_THE_END.match(text, at) or _BELOW.match(text, at)
        if match is not None:
            yield Span(*match.span(match.lastindex or 1))
            return
    match = _ONE_WORD.match(text, at)
    if match is not None:
        yield Span(*match.span(1))
