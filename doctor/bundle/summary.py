"""summary.md: a report that stands alone, the privacy note first, one block for each form's box."""

from collections.abc import Iterable, Iterator, Mapping

from doctor.bundle.forms import blocks, flags
from doctor.host.recorded import Recording
from doctor.model import Report
from doctor.report import markdown
from doctor.report.escaping import escape, fenced

LIMIT = 58_000
"""Characters: an issue takes 65,536, and somebody will write above it."""

MOST_OF_A_BLOCK = 3_500
MOST_OF_A_LINE = 2_000
CUT = "(The rest was cut here, so that it fits into an issue; the attached bundle has it.)"


def summary(report: Report, recording: Recording, replaced: Mapping[str, int], hidden: bool) -> str:
    """The whole text, never longer than LIMIT; what is cut ends with its fences closed."""
    head = "\n".join(_head(report, replaced, hidden))
    first = _folded(*flags(recording))
    rest = [_folded(title, lines) for title, lines in blocks(report, recording)]
    left = LIMIT - sum(len(part) + 2 for part in (head, first, *rest))
    whole = "\n".join(_shortened(markdown.markdown(report), left))
    return "\n\n".join((head, first, whole, *rest)) + "\n"


def _head(report: Report, replaced: Mapping[str, int], hidden: bool) -> Iterator[str]:
    if hidden:
        count = ", ".join(f"{kind} {number}" for kind, number in sorted(replaced.items()))
        yield (
            "> Privacy: names, paths, hosts and secrets were replaced by stand-ins such as "
            f"`hidden-user-1` ({count or 'there were none'}). Nothing was sent anywhere. Patterns "
            "can miss something: read it before you post it."
        )
    else:
        yield "> UNREDACTED: this holds names, paths, hosts and whatever clients printed."
    yield ""
    yield f"Made by envdoctor {report.doctor} of a {escape(report.source)}."


def _shortened(lines: Iterable[str], room: int) -> Iterator[str]:
    """Lines as far as there is room, with no fence left open and nothing that folds."""
    fence = ""
    room -= 2 * len(CUT)
    for line in (part for text in lines for part in text.split("\n")):
        shown = line[:MOST_OF_A_LINE]
        room -= len(shown) + 1
        if room < 0:
            yield from ([fence, "", CUT] if fence else ["", CUT])
            return
        yield shown
        fence = _after(fence, shown)
    if fence:
        yield fence


def _after(fence: str, line: str) -> str:
    """The fence that is open after a line, with what it is indented by; empty if none is."""
    bare = line.strip()
    ticks = len(bare) - len(bare.lstrip("`"))
    if fence:
        closes = ticks == len(bare) and ticks >= len(fence.strip())
        return "" if closes else fence
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}{'`' * ticks}" if ticks >= 3 else ""


def _folded(title: str, lines: list[str]) -> str:
    """A block that is folded away, in a fence that nothing in it can close."""
    body = "\n".join(line[:MOST_OF_A_LINE] for line in lines)
    if len(body) > MOST_OF_A_BLOCK:
        body = f"{body[:MOST_OF_A_BLOCK]}\n{CUT}"
    block = "\n".join(fenced(body))
    return f"<details><summary>{escape(title)}</summary>\n\n{block}\n\n</details>"
