"""Names that are known by where they stand: homes, environments, hosts, shares, mail addresses."""

import re
from collections.abc import Callable, Iterable, Sequence

from doctor.redact.vocabulary import FILE_WORDS, PUBLIC_DOMAINS, TOP_LEVEL, is_common

StandIn = Callable[[str, str], str]

PART_BEGINS = r"(?<=[\\/])"
PART_ENDS = r"(?=$|[\\/\s\"':;,)\]}`<>|&?=]|\.\s|\.$|#|-hidden|-(?:x86_64|ppc64le|power\d|aarch64))"
"""What may stand behind a part of a path: a level too, as solve-for-this-cpu adds it."""

FILE_BEGINS = r"(?<![\w.-])"
FILE_ENDS = r"(?![\w-]|\.\w)"

_END = r"[^\\/\s\"':;,)\]}`<>|&?#]"
_HOME = re.compile(rf"(?i)([\\/](?:home|users)[\\/]+)(?!\.|linuxbrew\b)({_END}+)")
_ENVIRONMENT = re.compile(
    rf"([\\/]envs[\\/]+)({_END}+?)(?=(?:-(?:x86_64\w*|ppc64le|power\w+|aarch64))?(?!{_END}))"
)
_SHARE = re.compile(r"(?<![\w:\\])(\\{2,4})([A-Za-z0-9][\w.-]+)(\\{1,2})([\w.-]{2,}\$?)")
_URL_HOST = re.compile(r"(://(?:[^/\s\"'@]{0,300}@)?)(\[[0-9A-Fa-f:.]{2,60}\]|[A-Za-z0-9][\w.-]*)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,}(?![\w-])")
_PROMPT = re.compile(
    r"(?m)(?<![\w./@-])([a-z_][\w-]{0,31})@([A-Za-z][\w.-]{0,63})(?=:[~/]| [~/][^\n]{0,80}\])"
)
_ADDRESS = re.compile(
    r"(?<![\w.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|"
    r"172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2})(?![\w]|\.\d)"
    r"|(?<![\w:])(?:fe80|f[cd][0-9a-f]{2})(?::{1,2}[0-9a-f]{1,4}){2,7}(?![\w:])"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![\w:])"
)
_DOTTED = re.compile(
    rf"(?i)(?<![\w./\\-])(?:[a-z0-9][\w-]{{0,62}}\.)+(?:{'|'.join(TOP_LEVEL)})(?![\w-]|\.\w)"
)
_PUBLIC_URL = re.compile(r"https?://(?:[^/\s\"'@]{0,300}@)?([A-Za-z0-9.-]+)[^\s\"'<>]*")


def named(text: str, stand_in: StandIn, domains: Sequence[str] = ()) -> str:
    """The text with stand-ins for what stands where such names do; `domains` are all hidden."""
    small = text.lower()
    if "home" in small or "users" in small:
        text = outside_channels(
            text, lambda rest: _HOME.sub(lambda m: m[1] + stand_in("user", m[2]), rest)
        )
    if "envs" in text:
        text = outside_channels(
            text,
            lambda rest: _ENVIRONMENT.sub(
                lambda m: m[1] + _unless_common("env", m[2], stand_in), rest
            ),
        )
    if "\\\\" in text:
        text = _SHARE.sub(lambda m: _share(m, stand_in), text)
    if "@" in text:
        text = _PROMPT.sub(lambda m: f"{stand_in('user', m[1])}@{stand_in('host', m[2])}", text)
        text = _MAIL.sub(lambda m: _mail(m[0], stand_in), text)
    if "://" in text:
        text = _URL_HOST.sub(lambda m: m[1] + _host(m[2], stand_in), text)
    for domain in domains:
        whole = rf"(?i)(?<![\w.-])(?:[\w-]+\.)*{re.escape(domain)}(?![\w-])"
        text = re.sub(whole, lambda m: stand_in("host", m[0]), text)
    text = _ADDRESS.sub(lambda m: stand_in("host", m[0]), text)
    return _DOTTED.sub(lambda m: _host(m[0], stand_in), text)


def _unless_common(kind: str, name: str, stand_in: StandIn) -> str:
    return name if is_common(name) or name.startswith("hidden-") else stand_in(kind, name)


def _share(match: re.Match[str], stand_in: StandIn) -> str:
    """A folder that a machine shares, often somebody's: `alice$`."""
    host, name = stand_in("host", match[2]), match[4].rstrip("$")
    rest = match[4][len(name) :]
    return f"{match[1]}{host}{match[3]}{_unless_common('user', name, stand_in)}{rest}"


def _mail(address: str, stand_in: StandIn) -> str:
    """A mail address; what looks like one in the address of a host is not."""
    name, _, host = address.partition("@")
    if name == "git" or name.startswith("hidden-"):
        return f"{name}@{_host(host, stand_in)}"
    return stand_in("mail", address)


def _host(name: str, stand_in: StandIn) -> str:
    return name if is_public(name) or name.startswith("hidden-") else stand_in("host", name)


def is_public(host: str) -> bool:
    """Whether everybody uses a host, so that its name tells nothing but what it serves."""
    small = host.lower().rstrip(".")
    own = small in ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")
    return own or any(small == d or small.endswith(f".{d}") for d in PUBLIC_DOMAINS)


def domain_of(name: str) -> str | None:
    """The domain of a machine: its last two names, three where they are those of a country."""
    parts = name.lower().strip(".").split(".")
    count = 3 if len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3 else 2
    domain = ".".join(parts[-count:])
    numeric = all(part.isdigit() for part in parts)
    return domain if len(parts) > count and not numeric and not is_public(domain) else None


def outside_channels(text: str, change: Callable[[str], str]) -> str:
    """Changes a text but for addresses on public hosts: which channel it is must stay readable."""
    if "://" not in text:
        return change(text)
    shown, at = [], 0
    for match in _PUBLIC_URL.finditer(text):
        if is_public(match[1]):
            shown += [change(text[at : match.start()]), match[0]]
            at = match.end()
    return "".join([*shown, change(text[at:])])


def any_of(
    words: Iterable[str], begins: str, ends: str, ignore_case: bool = False
) -> re.Pattern[str]:
    """One expression for many words, the longest first."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    expression = f"{begins}(?:{'|'.join(map(re.escape, longest))}){ends}"
    return re.compile(expression, re.IGNORECASE if ignore_case else 0)


def file_name(name: str, is_kept: Callable[[str], bool], stand_in: Callable[[str], str]) -> str:
    """A file's name with one stand-in for each run of words that are no words of a form."""
    pieces = re.split(r"(hidden-[a-z]+(?:-[a-z]+)*-\d+|[._-]+)", name)
    shown: list[str] = []
    run: list[str] = []
    for piece in [*pieces, ""]:
        separator = not piece or re.fullmatch(r"[._-]+", piece) is not None
        known = piece.lower() in FILE_WORDS or is_kept(piece) or piece.startswith("hidden-")
        told = not separator and not known
        if told or (run and separator and piece):
            run.append(piece)
            continue
        shown += _closed(run, stand_in)
        run = []
        shown.append(piece)
    return "".join(shown)


def _closed(run: list[str], stand_in: Callable[[str], str]) -> list[str]:
    """A run as its stand-in, and the separator behind it."""
    after = run.pop() if run and re.fullmatch(r"[._-]+", run[-1]) else ""
    return [stand_in("".join(run)) if run else "", after]
