"""Reports as Markdown, read back by a Markdown parser: hostile text in them stays text."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from doctor.bundle.making import replayed
from doctor.bundle.summary import summary
from doctor.compare.folding import Fold
from doctor.compare.reading import own
from doctor.model import Evidence, Finding, Remedy, Report, Severity, Type
from doctor.report.comparison import markdown as compared
from doctor.report.markdown import markdown
from tests.test_bundle import recording

HOSTILE = (
    "```\n@evil #1", "x\n```\n@evil", "   spaces", "`` ` `` @evil/team", "~~~ x", "`" * 40,
    "<details><summary>x", "a|b|c\n|---|", "# head", "> quote", "- item", "1. one", "=====",
    "---", "    indented @evil", "[x](javascript:alert)", "![x](https://evil.example/x.png)",
    "org/repo#7 and #12 and GH",
    "@evil", "(@evil)", "x `y @evil", "<!-- @evil", "&#64;evil", "\\`@evil\\`",
)  # fmt: skip

PARSER = MarkdownIt("commonmark").enable("table")


def hostile(text: str) -> Report:
    """The cluster's report, in which one finding and one client say that text everywhere."""
    report = replayed(recording("cluster"))
    remedy = Remedy(text, (Type(text),))
    finding = Finding("check", text, Severity.ERROR, text, text, (), (Evidence(text, text),),
                      (remedy,))  # fmt: skip
    first = replace(report.clients[0], path=text, version=text)
    return replace(report, findings=(finding,), clients=(first, *report.clients[1:]), source=text)


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def written(text: str) -> dict[str, str]:
    """Everything that we write as Markdown about it."""
    report = hostile(text)
    fold = Fold()
    fold.add(text, own(report))
    fold.add("other", own(replayed(recording("sick-hyphen"))))
    return {
        "check": "\n".join(markdown(report)),
        "summary": summary(report, recording("cluster"), {}, True),
        "compare": "\n".join(compared(fold.folded())),
    }


@cache
def written_of_nobody() -> dict[str, str]:
    return written("word")


def html_in(page: str) -> list[str]:
    return [t.content for t in tokens(page) if t.type in ("html_block", "html_inline")]


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_nothing_in_it_becomes_markup_or_calls_anybody(text: str) -> None:
    for name, page in written(text).items():
        found = list(tokens(page))
        assert html_in(page) == html_in(written_of_nobody()[name])
        assert [t for t in found if t.type in ("image", "hr", "blockquote_open", "code_block")
                and not (name == "summary" and t.type == "blockquote_open")] == []  # fmt: skip
        assert len([t for t in found if t.type == "heading_open"]) == 1
        links = [t.attrs["href"] for t in found if t.type == "link_open"]
        assert links == []
        fences = [t for t in found if t.type == "fence" and t.info == "shell"]
        assert len(fences) == (name != "compare")
        shown = " ".join(t.content for t in found if t.type == "text")
        assert re.search(r"(?<!\w)@\w|#\d", shown) is None, shown


def test_a_command_is_in_its_fence_letter_by_letter() -> None:
    for text in HOSTILE[:4]:
        (block,) = [t for t in tokens("\n".join(markdown(hostile(text)))) if t.type == "fence"]
        assert block.content == f"{Remedy('', (Type(text),)).command}\n"


def test_an_id_is_code_whatever_ticks_it_has() -> None:
    for text in ("a`b", "`a", "a``b`"):
        page = "\n".join(markdown(hostile(text)))
        assert f"check:{text}" in [t.content for t in tokens(page) if t.type == "code_inline"]
