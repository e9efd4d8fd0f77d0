"""One stand-in for each thing that is hidden, the same in every text, keys included."""

import re
from collections import Counter
from collections.abc import Iterable

from doctor.clean import clean
from doctor.redact import secrets
from doctor.redact.vocabulary import PUBLIC_HOSTS, is_common

_HOME = re.compile(r"(?i)([\\/](?:home|users)[\\/]+)([^\\/\s\"':;,]+)")
_ENVIRONMENT = re.compile(r"([\\/]envs[\\/]+)([^\\/\s\"':;,]+)")
_URL_HOST = re.compile(r"(://(?:[^/\s\"'@]*@)?)([A-Za-z0-9][\w.-]*)")
_PRIVATE_IP = re.compile(
    r"(?<![\w.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?![\w.])"
)  # fmt: skip
_INTERNAL = re.compile(r"\b(?:[\w-]+\.)+(?:internal|local|lan|corp|intranet|cluster|localdomain)\b")
_PART_ENDS = r"(?=$|[\\/\s\"':;,)\]}]|\.\s|\.$|-x86|#|-hidden)"
"""What may stand behind a part of a path: `-x86` as solve-for-this-cpu names what it adds."""

_UNC = re.compile(r"(\\\\)([\w.$-]+)(\\+)([\w.$-]+)")


class Hider:
    """Learns what is to be hidden, then replaces it; counts what it replaced, by kind."""

    def __init__(self, keep: Iterable[str] = ()) -> None:
        """`keep` are words that stay readable whoever is called so: names of packages."""
        self._keep = {word.lower() for word in keep}
        self._stand_ins: dict[tuple[str, str], str] = {}
        self._secrets: list[tuple[re.Pattern[str], str]] = []
        self._known_secrets: set[str] = set()
        self._words: list[tuple[re.Pattern[str], str, str]] = []
        self.replaced: Counter[str] = Counter()

    # --- learning ----------------------------------------------------------------------------

    def learn(self, text: str) -> None:
        """Remembers the secrets of a text, so that they are hidden in every other text too."""
        for secret in secrets.found(text):
            if secret not in self._known_secrets and not self._is_kept(secret):
                self._known_secrets.add(secret)
                stand_in = self._stand_in("secret", secret)
                self._secrets.append((secrets.pattern(secret), stand_in))
        self._secrets.sort(key=lambda row: -len(row[0].pattern))

    def hide_word(self, kind: str, word: str) -> None:
        """Hides a word in any text, unless it is one that stays readable."""
        if len(word) > 1 and not self._is_kept(word):
            self._add(kind, word, rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])")

    def hide_given(self, word: str) -> None:
        """Hides what the user named, wherever and however it stands."""
        if word.strip():
            self._add("given word", word.lower(), re.escape(word))

    def hide_path(self, kind: str, path: str) -> None:
        """Hides the parts of a path that tell something, wherever they are parts of a path."""
        for part in re.split(r"[\\/]+", path):
            if part and not self._is_kept(part) and not re.fullmatch(r"[A-Za-z]:", part):
                self._add(kind, part, rf"(?<=[\\/]){re.escape(part)}{_PART_ENDS}")

    def _add(self, kind: str, word: str, expression: str) -> None:
        stand_in = self._stand_in(kind, word)
        if not any(row[0].pattern == expression for row in self._words):
            self._words.append((re.compile(expression, re.IGNORECASE), stand_in, kind))
            self._words.sort(key=lambda row: -len(row[0].pattern))

    def _is_kept(self, word: str) -> bool:
        return is_common(word) or word.lower() in self._keep

    def _stand_in(self, kind: str, word: str) -> str:
        key = (kind, word.lower())
        if key not in self._stand_ins:
            number = sum(known == kind for known, _ in self._stand_ins) + 1
            self._stand_ins[key] = f"hidden-{kind.replace(' ', '-')}-{number}"
        return self._stand_ins[key]

    # --- hiding ------------------------------------------------------------------------------

    def hide(self, text: str) -> str:
        """The text with stand-ins, without control characters."""
        shown = clean(text)
        for pattern, stand_in in self._secrets:
            shown = self._replace(pattern, stand_in, "secret", shown)
        shown = _HOME.sub(self._after("user"), shown)
        shown = _ENVIRONMENT.sub(self._after("env"), shown)
        shown = _UNC.sub(self._share, shown)
        shown = _URL_HOST.sub(self._url_host, shown)
        for pattern in (_PRIVATE_IP, _INTERNAL):
            shown = pattern.sub(lambda match: self._named("host", match[0]), shown)
        for pattern, stand_in, kind in self._words:
            shown = self._replace(pattern, stand_in, kind, shown)
        return shown

    def _replace(self, pattern: re.Pattern[str], stand_in: str, kind: str, text: str) -> str:
        shown, count = pattern.subn(stand_in, text)
        if count:
            self.replaced[kind] += count
        return shown

    def _after(self, kind: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - for re.sub
        def replaced(match: re.Match[str]) -> str:
            name = match[2]
            if name.startswith("hidden-") or (kind == "env" and is_common(name)):
                return match[0]
            return match[1] + self._named(kind, name)

        return replaced

    def _named(self, kind: str, word: str) -> str:
        self.replaced[kind] += 1
        return self._stand_in(kind, word)

    def _url_host(self, match: re.Match[str]) -> str:
        host = match[2].lower().rstrip(".")
        if host in PUBLIC_HOSTS or host.startswith("hidden-") or host in ("localhost", "127.0.0.1"):
            return match[0]
        return match[1] + self._named("host", match[2])

    def _share(self, match: re.Match[str]) -> str:
        host = self._named("host", match[2])
        return f"{match[1]}{host}{match[3]}{self._named('user', match[4])}"
