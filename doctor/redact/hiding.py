"""One stand-in for each thing that is hidden, the same in every text, keys included.

The map from a thing to its stand-in lives in a Hider and nowhere else.
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote

from msgspec import Struct

from doctor.clean import clean
from doctor.redact import places, secrets, shapes
from doctor.redact.spelling import encoded, run_around, written
from doctor.redact.vocabulary import is_common

HIDDEN = re.compile(r"hidden-([a-z]+(?:-[a-z]+)*)-(\d+)")
"""A stand-in: its kind and its number."""

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d\u2060]")
_BEFORE = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt])|(?<=\\u[0-9A-Fa-f]{4}))"
"""A word may begin behind a letter that belongs to an escaped sign."""

_PERCENT = re.compile(r"[\w.~+-]*(?:%[0-9A-Fa-f]{2}[\w.~+-]*)+")
_EVERYWHERE, _BOUNDED = 6, 3
"""Least length of a secret that is looked for within words, and of one that is as a word."""

_WITHIN = 8
"""Least length of a name that is looked for within words."""


class _Known(Struct, frozen=True):
    """Something to look for in every text, and what to put for it."""

    word: str
    plain: re.Pattern[str]
    encoded: re.Pattern[str] | None
    stand_in: str


Change = Callable[[str, Callable[[str], str]], str]


class Hider:
    """Learns what is to be hidden, then replaces it."""

    def __init__(
        self, keep: Iterable[str] = (), taken: Iterable[str] = (), ignore_case: bool = False
    ) -> None:
        """`keep` are words that stay readable whoever is called so, `taken` texts with stand-ins.

        What was hidden before keeps its stand-in, and no new one is called alike. `ignore_case`
        is how the system compares paths.
        """
        self._ignore_case = ignore_case
        self._exact = frozenset(keep)
        self._keep = {word.lower() for word in self._exact}
        self._stand_ins: dict[str, str] = {}
        self._last: dict[str, int] = {}
        for text in taken:
            for kind, number in HIDDEN.findall(text):
                self._last[kind] = max(self._last.get(kind, 0), int(number))
        self._known: dict[str, _Known] = {}
        self._parts: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._hosts: list[str] = []
        self._passes: list[Callable[[str], str]] | None = None
        self._cache: dict[str, str] = {}

    # --- learning ----------------------------------------------------------------------------

    def learn(self, text: str) -> None:
        """Remembers the secrets of a text, so that they are hidden in every other text too."""
        for found in secrets.found(_plain(text)):
            if found.kind == places.USER:
                self.hide_word("user", found.value)
                continue
            for form in found.forms:
                common = form in self._exact or (form.islower() and is_common(form))
                if len(form) >= _BOUNDED and not common:
                    within = len(form) >= _EVERYWHERE
                    self._look_for("secret", form, within, within, meant=found.value)

    def hide_word(self, kind: str, word: str) -> None:
        """Hides a name in any text, unless it is one that stays readable."""
        if len(word) > 1 and not self._is_kept(word):
            self._look_for(kind, word, len(word) >= _WITHIN, len(word) > 4, ignore_case=True)

    def hide_given(self, word: str) -> None:
        """Hides what the user named, wherever and however it stands."""
        if word.strip():
            self._look_for("given-word", word, True, True, ignore_case=True)

    def hide_host(self, name: str) -> None:
        """Hides a machine, and every other one of its domain."""
        self.hide_word("host", name)
        self.hide_word("host", name.partition(".")[0])
        domain = shapes.domain_of(name)
        if domain is not None:
            self._hosts.append(domain)
            self._changed()

    def hide_path(self, kind: str, path: str) -> None:
        """Hides the parts of a path that tell something, wherever they are parts of a path."""
        for part in re.split(r"[\\/]+", path):
            if part and not self._is_kept(part) and not HIDDEN.search(part):
                self._add_part(kind, part)

    def hide_part(self, kind: str, part: str) -> None:
        """Hides one part of paths, even one that is a package's name elsewhere."""
        if len(part) > 1 and not is_common(part):
            self._add_part(kind, part)

    def _add_part(self, kind: str, part: str) -> None:
        key = self._of_path(part)
        if key not in self._parts:
            self._parts[key] = self.stand_in(kind, part)
            self._changed()

    def _of_path(self, word: str) -> str:
        return word.lower() if self._ignore_case else word

    def hide_file(self, name: str) -> None:
        """Hides what a file's name tells; what says which form it has stays."""
        shown = shapes.file_name(name, self._is_kept, lambda part: self.stand_in("file", part))
        if shown != name:
            self._files[self._of_path(name)] = shown
            self._changed()

    def _look_for(
        self,
        kind: str,
        word: str,
        within: bool,
        encodings: bool,
        ignore_case: bool = False,
        meant: str = "",
    ) -> None:
        key = word.lower() if ignore_case else word
        if key in self._known or HIDDEN.fullmatch(word):
            return
        expression = written(word, broken=within)
        if not within:
            expression = rf"{_BEFORE}{expression}(?![A-Za-z0-9])"
        also = "|".join(encoded(word)) if encodings else ""
        self._known[key] = _Known(
            word,
            re.compile(f"({HIDDEN.pattern})|{expression}", re.IGNORECASE if ignore_case else 0),
            re.compile(also) if also else None,
            self.stand_in(kind, meant or word),
        )
        self._changed()

    def _is_kept(self, word: str) -> bool:
        return is_common(word) or word.lower() in self._keep

    def stand_in(self, kind: str, word: str) -> str:
        """The one for a word, whatever it was taken for first."""
        if HIDDEN.fullmatch(word):
            return word
        key = f"={word}" if kind == "secret" else word.lower()
        if key not in self._stand_ins:
            self._last[kind] = self._last.get(kind, 0) + 1
            self._stand_ins[key] = f"hidden-{kind}-{self._last[kind]}"
        return self._stand_ins[key]

    # --- hiding ------------------------------------------------------------------------------

    def hide(self, text: str) -> str:
        """The text with stand-ins, without control characters."""
        known = self._cache.get(text)
        if known is None:
            known = _plain(text)
            if "%" in known:
                known = _PERCENT.sub(self._decoded, known)
            for step in self._steps():
                known = step(known)
            self._cache[text] = known
        return known

    def _decoded(self, match: re.Match[str]) -> str:
        """A percent-encoded stretch, hidden as what it says."""
        says = unquote(match[0])
        shown = self.hide(says) if says != match[0] else says
        return match[0] if shown == says else quote(shown, safe="")

    def leaks(self, text: str) -> bool:
        """Whether a text still holds a given word or a secret that is no word of a language.

        Such words stand in envdoctor's own sentences, whoever uses one as a password.
        """
        return any(
            any(not match[1] for match in known.plain.finditer(text))
            or (known.encoded is not None and known.encoded.search(text))
            for known in self._known.values()
            if known.stand_in.startswith("hidden-given-")
            or (known.stand_in.startswith("hidden-secret-") and not known.word.isalpha())
        )

    def _changed(self) -> None:
        self._passes = None
        self._cache.clear()

    def _steps(self) -> list[Callable[[str], str]]:
        """What is done to each text, in order: secrets, then names by their shape, then words."""
        if self._passes is None:
            longest = sorted(self._known.values(), key=lambda known: (-len(known.word), known.word))
            first = [k for k in longest if k.stand_in.startswith(("hidden-secret", "hidden-given"))]
            names = [k for k in longest if k not in first]
            self._passes = [
                *(_replacing(known) for known in first),
                lambda text: secrets.masked(text, self.stand_in),
                lambda text: shapes.named(text, self.stand_in, self._hosts),
                *(_replacing(known) for known in names),
                *self._of_paths(),
            ]
        return self._passes

    def _of_paths(self) -> list[Callable[[str], str]]:
        steps: list[Callable[[str], str]] = []
        for known, begins, ends, change in (
            (self._files, shapes.FILE_BEGINS, shapes.FILE_ENDS, _everywhere),
            (self._parts, shapes.PART_BEGINS, shapes.PART_ENDS, shapes.outside_channels),
        ):
            if known:
                pattern = shapes.any_of(known, begins, ends, self._ignore_case)
                steps.append(self._by_table(pattern, known, change))
        return steps

    def _by_table(
        self, pattern: re.Pattern[str], known: dict[str, str], change: Change
    ) -> Callable[[str], str]:
        def replaced(text: str) -> str:
            return pattern.sub(lambda match: known[self._of_path(match[0])], text)

        return lambda text: change(text, replaced)


def _everywhere(text: str, change: Callable[[str], str]) -> str:
    return change(text)


def _plain(text: str) -> str:
    """Text without what cannot be seen, and without what UTF-8 cannot hold."""
    whole = text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
    return _INVISIBLE.sub("", clean(whole))


def _replacing(known: _Known) -> Callable[[str], str]:
    def replaced(text: str) -> str:
        if known.encoded is not None:
            text = _without_encoded(text, known.encoded, known.stand_in)
        return known.plain.sub(
            lambda match: match[1] or secrets.over(known.stand_in, match[0]), text
        )

    return replaced


def _without_encoded(text: str, expression: re.Pattern[str], stand_in: str) -> str:
    """A stretch of base64 goes as a whole: what is left of it could be decoded."""
    at = 0
    while (match := expression.search(text, at)) is not None:
        start, end = run_around(text, *match.span())
        new = secrets.over(stand_in, text[start:end])
        text = f"{text[:start]}{new}{text[end:]}"
        at = start + len(new)
    return text
