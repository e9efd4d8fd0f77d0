"""One stand-in for each thing that is hidden, the same in every text, keys included.

The map from a thing to its stand-in lives in a Hider and nowhere else.
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote

from doctor.redact import foreign, networks, places, secrets, shapes
from doctor.redact.folders import is_common_part
from doctor.redact.spelling import composed
from doctor.redact.vocabulary import is_common
from doctor.redact.words import HIDDEN, Word, plain, replacing, spelled

_PERCENT = re.compile(r"[\w.~+-]*(?:%[0-9A-Fa-f]{2}[\w.~+-]*)+")
_EVERYWHERE, _BOUNDED = 6, 3
"""Least length of a secret that is looked for within words, and of one that is as a word."""

_WITHIN = 8
"""Least length of a name that is looked for within words."""

_FIRST = ("hidden-secret", "hidden-given", "hidden-comment")
"""What is hidden before anything within it is."""

Change = Callable[[str, Callable[[str], str]], str]


class Hider:
    """Learns what is to be hidden, then replaces it."""

    def __init__(
        self,
        keep: Iterable[str] = (),
        taken: Iterable[str] = (),
        ignore_case: bool = False,
        whole: Iterable[str] = (),
    ) -> None:
        """`keep` are words that stay readable whoever is called so, `taken` texts with stand-ins.

        What was hidden before keeps its stand-in, and no new one is called alike. `ignore_case`
        is how the system compares paths. Names in `whole` stay so, whoever is called as a part.
        """
        self._ignore_case = ignore_case
        self._exact = frozenset(keep)
        self._whole = tuple(whole)
        self._keep = {word.lower() for word in self._exact}
        self._stand_ins: dict[str, str] = {}
        self._last: dict[str, int] = {}
        for text in taken:
            for kind, number in HIDDEN.findall(text):
                self._last[kind] = max(self._last.get(kind, 0), int(number))
        self._known: dict[str, Word] = {}
        self._parts: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._channels: list[str] = []
        self._hosts: list[re.Pattern[str]] = []
        self._passes: list[Callable[[str], str]] | None = None
        self._cache: dict[str, str] = {}

    # --- learning ----------------------------------------------------------------------------

    def learn(self, text: str) -> None:
        """Remembers the secrets of a text, so that they are hidden in every other text too."""
        text = plain(text)
        self._channels += (n for n in foreign.channels(text) if n not in self._channels)
        for found in secrets.found(text):
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
        word = composed(word)
        if len(word) > 1 and not self._is_kept(word):
            self._look_for(kind, word, len(word) >= _WITHIN, len(word) > 4, ignore_case=True)

    def hide_given(self, word: str) -> None:
        """Hides what the user named, wherever and however it stands."""
        if word.strip():
            self._look_for("given-word", composed(word), True, True, ignore_case=True)

    def hide_comment(self, text: str) -> None:
        """Hides what somebody wrote beside a line, unless it is made of words of files' forms."""
        text = composed(text)
        if len(text) >= _BOUNDED and not shapes.is_all_words(text, self._is_kept):
            self._look_for("comment", text, len(text) >= _WITHIN, False)

    def hide_host(self, name: str) -> None:
        """Hides a machine, every other one of its domain, and those with another number."""
        self.hide_word("host", name)
        self.hide_word("host", name.partition(".")[0])
        self._hosts += networks.alike(name)

    def hide_path(self, kind: str, path: str) -> None:
        """Hides the parts of a path that tell something, wherever they are parts of a path."""
        for part in foreign.told(composed(path)):
            if not self._stays(part):
                self._add_part(kind, part)

    def hide_part(self, kind: str, part: str) -> None:
        """Hides one part of paths, even one that is a package's name elsewhere."""
        if len(part) > 1 and not is_common(part):
            self._add_part(kind, composed(part))

    def _add_part(self, kind: str, part: str) -> None:
        key = self._of_path(part)
        if key not in self._parts:
            self._parts[key] = self.stand_in(kind, part)
            self._changed()

    def _of_path(self, word: str) -> str:
        return word.lower() if self._ignore_case else word

    def hide_file(self, name: str) -> None:
        """Hides what a file's name tells; what says which form it has stays."""
        name = composed(name)
        shown = self._file_name(name)
        if shown != name:
            self._files[self._of_path(name)] = shown
            self._changed()

    def _file_name(self, name: str) -> str:
        return shapes.file_name(name, self._is_kept, lambda part: self.stand_in("file", part))

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
        shown = self.stand_in(kind, meant or word)
        own = kind not in ("secret", "given-word")
        kept = [name for name in self._whole if own and key in name.lower()]
        self._known[key] = spelled(word, shown, within, encodings, ignore_case, kept)
        self._changed()

    def _stays(self, part: str) -> bool:
        """Whether one part of a path stays as it is."""
        kept = part.lower() in self._keep or is_common_part(part) or shapes.is_shipped(part)
        hidden = HIDDEN.search(part) is not None
        return kept or hidden or shapes.is_all_words(part, self._is_kept)

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
            known = plain(text)
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
            first = [k for k in longest if k.stand_in.startswith(_FIRST)]
            names = [k for k in longest if k not in first]
            self._passes = [
                *(replacing(known) for known in first),
                lambda text: secrets.masked(text, self.stand_in),
                lambda text: secrets.ENCODED.sub(self._unpacked, text),
                *self._of_paths(),
                *self._of_channels(),
                lambda text: shapes.named(text, self.stand_in, self._part),
                lambda text: networks.named(text, self.stand_in, self._hosts),
                lambda text: foreign.hidden(text, self._part),
                *(replacing(known) for known in names),
            ]
        return self._passes

    def _unpacked(self, match: re.Match[str]) -> str:
        """A stretch of base64 that would tell something, as a whole; else as it is."""
        says = secrets.decoded(match[0])
        if says is None or self.hide(says) == plain(says):
            return match[0]
        return self.stand_in("secret", match[0])

    def _part(self, name: str) -> str:
        """One part of a path that nobody looked at, as it is shown."""
        key = self._of_path(name)
        known = self._files.get(key) or self._parts.get(key)
        if known is not None:
            return known
        if self._stays(name):
            return name
        return self._file_name(name) if shapes.is_file(name) else self.stand_in("folder", name)

    def _of_channels(self) -> list[Callable[[str], str]]:
        """Channels that are nobody's but the user's, in their addresses and before packages."""
        steps: list[Callable[[str], str]] = [
            lambda text: foreign.without_channels(text, self.stand_in)
        ]
        if self._channels:
            names = foreign.before_packages(self._channels)
            steps.append(
                lambda text: names.sub(lambda match: self.stand_in("channel", match[0]), text)
            )
        return steps

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
