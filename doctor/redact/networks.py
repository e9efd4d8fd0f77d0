"""Machines, addresses, people at machines and jobs, known by where in a text they stand.

What is around them: addresses of channels, prompts, what curl, requests, ssh and Slurm print.
"""

import re
from collections.abc import Callable, Sequence

from doctor.redact.domains import TOP_LEVEL, domain_of, is_public
from doctor.redact.folders import SOFTWARE
from doctor.redact.vocabulary import is_common

StandIn = Callable[[str, str], str]

_NAME = r"[A-Za-z0-9](?:[\w.-]{0,200}[A-Za-z0-9])?"
_USER = r"[a-z_][\w.-]{0,31}"
_V4 = r"\d{1,3}(?:\.\d{1,3}){3}"

_URL_HOST = re.compile(
    r"(://(?!@(?:channel|scratch)@)(?:[^/\s\"'@]{0,300}@)?)"
    r"(\[[0-9A-Fa-f:.]{2,60}\]|[A-Za-z0-9][\w.-]*)"
)
"""What is left out is envdoctor's own: a place by which a recorded command is found again."""

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,}(?![\w-])")
_PROMPT = re.compile(
    rf"(?m)(?<![\w./@-])({_USER})@([A-Za-z][\w.-]{{0,63}})"
    r"(?=:[~/]|\x20[^\]\n]{1,80}\]|\x20[~\w./-]{1,60}\x20?[%$#](?:\s|$)|'s password|: Permission)"
)
_FOLDER_OF_PROMPT = re.compile(
    r"(?m)(?<=@)(hidden-host-\d+ )([\w.-]+)(?=\]\x20?[#$%]|\x20?[%$#](?:\s|$))"
)
_ENVIRONMENT_OF_PROMPT = re.compile(
    rf"(?m)^\(([^()\n]{{1,60}})\)(?=\x20?(?:\[?{_USER}@|[\w~/.-]{{0,60}}\x20?[$#%>]\x20))"
)
_SHELLS = re.compile(
    rf"(\b(?:ssh|scp|rsync|sftp|mosh|sshfs)\b[^\n@]{{0,80}}?[\s'\"])({_USER})@({_NAME})"
)

_ADDRESS = re.compile(
    r"(?<![\w.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2}|"
    r"172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|"
    r"100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])(?:\.\d{1,3}){2})(?![\w]|\.\d)"
    rf"|(?<![\w.]){_V4}(?=:\d{{2,5}}(?!\w)|\x20port\x20\d)"
    r"|(?<![\w:])(?:fe80|f[cd][0-9a-f]{2}|[23][0-9a-f]{3})(?::{1,2}[0-9a-f]{1,4}){2,7}(?![\w:])"
    r"|(?<![\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:-])"
    r"|(?<![\w.])(?=[\d.]{0,13}[a-f])(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?![\w.])"
    r"|\bS-1-5-21(?:-\d{1,10}){3,4}\b"
)
_DOTTED = re.compile(
    rf"(?i)(?<![\w./\\-])(?:[a-z0-9][\w-]{{0,62}}\.)+(?:{'|'.join(TOP_LEVEL)})(?![\w-]|\.\w)"
)

_OF_DIRECTORY = r"(?:CN|OU|O|DC|L|ST|C|UID|emailAddress)[ ]?=[ ]?[^,;=/\n\"']{1,100}"
_DIRECTORY = re.compile(rf"\b(?<!-){_OF_DIRECTORY}(?:[,;/][ ]?{_OF_DIRECTORY})+")
"""A name of LDAP and of certificates: `CN=Eve Miller,OU=Merger,DC=acme,DC=example`."""
_ACCOUNT = re.compile(r"((?:\b[ug]id=|\bgroups=|,)\d{1,10}\()([A-Za-z_][^()\n]{0,60})(?=\))")
"""A user or a group, as `id` prints it."""

_NAMED = tuple(
    (needle, re.compile(expression))
    for needle, expression in (
        ("node", rf"(?i)(?<![A-Za-z-])node(?:list|name)[=:][ \t]{{0,2}}"
         rf"({_NAME}(?:\[[\d,-]{{1,99}}\])?)"),
        ("linux ", rf"\bLinux (?!version|kernel)({_NAME}) \d+\.\d+\.\d"),
        ("host", rf"(?i)(?<![\w-])host(?:name)?\\?[\"']?[ \t]{{0,2}}[=:]"
         rf"[ \t]{{0,2}}\\?[\"']?({_NAME})"),
        ("resolve", rf"(?i)\bresolve (?:host(?: ?name)?|proxy|name):? [\"']?(?!name\b)({_NAME})"),
        ("resolve", rf"(?i)\bresolve [\"']({_NAME})[\"'] \(\[Errno"),
        ("connect", rf"(?i)\bconnect(?:ed|ing|ion)?(?: refused)? (?:to|from|with) "
         rf"[\"'(]{{0,2}}({_NAME})"
         r"(?=[\"']?(?::|,? \(?port:? )\d{2,5}\b)"),
        ("host", rf"(?i)\b(?:host|ip|address|server|proxy|peer)[ :=]{{1,3}}({_V4})(?![\w.])"),
        (":", r"(?<![\w./@-])((?:[A-Za-z0-9][\w-]{0,62}\.){1,6}[A-Za-z]{2,20})"
         r"(?=:(?:22|80|443|3128|5000|80\d\d|8443|9000)(?!\d))"),
        ("task", rf"\berror: ({_NAME}): task\b"),
        ("step", r"(?i)\bstep \d[\d.]{0,20} on (\S{1,100}) "),
        ("job", rf"(?i)\bjob \S{{1,40}} on ({_NAME})"),
    )
)  # fmt: skip
"""What must be in a text in small letters, and where behind that a machine is named."""

_JOB = re.compile(rf"(?i)(\bjob(?:[ _-]?id)?[ :=#-]{{1,2}})(\d{{4,12}}(?:\.{_NAME})?)")
_NO_MACHINE = re.compile(r"(?i).*(?:linux|darwin|windows|x86_64|aarch64|ppc64|\bwin-|\bosx-).*|\d+")
_NUMBER_LAST = re.compile(r"(.*[a-z-])(\d{2,5})")
_NO_STEMS = frozenset((
    "py", "cpu", "gpu", "zen", "avx", "sse", "power", "level", "rc", "beta", "alpha", "version",
    "x86_", "skylake", "armv", "sm_", "compute_", "cp", "ubuntu", "debian", "rhel", "rocky",
))  # fmt: skip


def named(text: str, stand_in: StandIn, alike: Sequence[re.Pattern[str]] = ()) -> str:
    """The text with stand-ins for what stands where such names do; all of `alike` are hidden."""
    small = text.lower()
    if "@" in text:
        text = _people(text, stand_in)
    if "://" in text:
        text = _URL_HOST.sub(lambda m: m[1] + _host(m[2], stand_in), text)
    for needle, expression in _NAMED:
        if needle in small:
            text = expression.sub(lambda m: _within(m, _machine(m[1], stand_in)), text)
    for pattern in alike:
        text = pattern.sub(lambda m: stand_in("host", m[0]), text)
    text = _ADDRESS.sub(lambda m: stand_in("host", m[0]), text)
    if "=" in text:
        text = _listed(text, stand_in)
    if "job" in small:
        text = _JOB.sub(lambda m: m[1] + stand_in("job", m[2]), text)
    return _DOTTED.sub(lambda m: _host(m[0], stand_in), text)


def _listed(text: str, stand_in: StandIn) -> str:
    """Who and what is listed in a directory."""
    text = _DIRECTORY.sub(lambda m: stand_in("host", m[0]), text)
    if "id=" not in text:
        return text
    return _ACCOUNT.sub(lambda m: m[1] + _account(m[2], stand_in), text)


def _account(name: str, stand_in: StandIn) -> str:
    return name if name.startswith("hidden-") or is_common(name) else stand_in("user", name)


def _people(text: str, stand_in: StandIn) -> str:
    """Who is at which machine: prompts, what ssh is given and says, mail addresses."""
    text = _ENVIRONMENT_OF_PROMPT.sub(
        lambda m: f"({m[1] if is_common(m[1]) else stand_in('env', m[1])})", text
    )
    text = _PROMPT.sub(lambda m: _at(m[1], m[2], stand_in), text)
    text = _FOLDER_OF_PROMPT.sub(
        lambda m: m[1] + (m[2] if is_common(m[2]) else stand_in("folder", m[2])), text
    )
    text = _SHELLS.sub(lambda m: m[1] + _at(m[2], m[3], stand_in), text)
    return _MAIL.sub(lambda m: _mail(m[0], stand_in), text)


def _at(user: str, host: str, stand_in: StandIn) -> str:
    if is_public(host):
        return f"{user}@{host}"
    who = user if user == "git" or user.startswith("hidden-") else stand_in("user", user)
    return f"{who}@{_host(host, stand_in)}"


def _within(match: re.Match[str], new: str) -> str:
    """A match with another text in the place of its group."""
    start, end = match.start(1) - match.start(), match.end(1) - match.start()
    return f"{match[0][:start]}{new}{match[0][end:]}"


def _mail(address: str, stand_in: StandIn) -> str:
    """A mail address; what looks like one in the address of a host is not."""
    name, _, host = address.partition("@")
    if name == "git" or name.startswith("hidden-"):
        return f"{name}@{_host(host, stand_in)}"
    return stand_in("mail", address)


def _host(name: str, stand_in: StandIn) -> str:
    return name if is_public(name) or name.startswith("hidden-") else stand_in("host", name)


def _machine(name: str, stand_in: StandIn) -> str:
    """A name that stands where machines are named: often it is a platform or a word."""
    if is_common(name) or _NO_MACHINE.fullmatch(name):
        return name
    return _host(name, stand_in)


def alike(name: str) -> list[re.Pattern[str]]:
    """Expressions for every machine of the same domain, and for those with another number."""
    found = []
    domain = domain_of(name)
    if domain is not None:
        found.append(re.compile(rf"(?i)(?<![\w.-])(?:[\w-]+\.)*{re.escape(domain)}(?![\w-])"))
    numbered = _NUMBER_LAST.fullmatch(name.partition(".")[0].lower())
    if numbered is not None and numbered[1] not in {*_NO_STEMS, *SOFTWARE}:
        digits = rf"\d{{{len(numbered[2])}}}"
        found.append(
            re.compile(rf"(?i)(?<![\w.-]){re.escape(numbered[1])}{digits}(?![A-Za-z0-9_])")
        )
    return found
