"""The catalogue: a complete page per known problem, as text, as JSON, and in the app."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

import pexpect
import pytest
from msgspec.structs import replace
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Input, OptionList

from doctor import catalogue, checks, projects
from doctor.cli import main
from doctor.host.live import LiveHost
from doctor.model import Finding, Page, Project
from doctor.remedies import BY_NAME
from doctor.report import catalogue as words
from doctor.triage.signs import SIGNS
from doctor.tui.app import DoctorApp
from doctor.tui.screens.catalogue import CatalogueScreen, Problems
from doctor.tui.screens.finding import FindingScreen
from doctor.tui.screens.page import PageScreen
from doctor.tui.state import State
from tests import DATA, scenes
from tests.test_app import running, text
from tests.test_checks import FORBIDDEN, SICK, WELL, report
from tests.test_cli import answer, doctor

PAGES = {page.id: page for page in catalogue.pages()}
CHECKS = {check.ID: check for check in checks.CHECKS}
HYPHEN = "mamba-hyphen-archspec"

ADDRESS = re.compile(r"https://[\w.-]+/\S+[^\s.,;)]")
THREAD = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+(?:/(?:issues|pull)/\d+|/blob/\S+)?")
FILE = re.compile(r"[\w.-]+/[\w.-]+ [\w.-]+:[\w./-]+")
"""A repository, a tag or commit, and a path in it."""


# --- pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.ID)
def test_every_check_has_a_complete_page(check: checks.Check) -> None:
    page = PAGES[check.ID]
    assert page.group in checks.GROUPS
    assert (page.symptom, page.cause) == (check.SYMPTOM, check.CAUSE)
    for sentence in (page.cause, page.detected):
        assert sentence[0].strip() and sentence.endswith(".") and "  " not in sentence
    assert page.remedies and all(remedy.endswith((".", ":")) for remedy in page.remedies)
    assert page.sources and len(set(page.sources)) == len(page.sources)


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.ID)
def test_remedies_are_modules_or_advice_each_once(check: checks.Check) -> None:
    assert set(check.REMEDIES) <= {*BY_NAME, catalogue.ADVICE}
    assert len(set(check.REMEDIES)) == len(check.REMEDIES) > 0
    own = [name for name in check.REMEDIES if name != catalogue.ADVICE]
    titles = [r.partition(". ")[0] for r in PAGES[check.ID].remedies]
    assert [t for t in titles if t in {BY_NAME[n].TITLE for n in own}] == [
        BY_NAME[name].TITLE for name in own
    ]


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.id)
def test_sources_are_whole_addresses_or_files_at_a_tag(page: Page) -> None:
    for source in page.sources:
        form = THREAD if source.startswith("https://github.com/") else ADDRESS
        assert form.fullmatch(source) or FILE.fullmatch(source), source


def test_every_problem_has_one_page_and_only_unchecked_ones_are_left_to_logs() -> None:
    scenarios = {sign.scenario for sign in SIGNS}
    assert set(PAGES) == set(CHECKS) | scenarios
    assert len(catalogue.pages()) == len(PAGES)
    logs = {page.id for page in PAGES.values() if page.group == catalogue.LOGS}
    assert logs == scenarios - set(CHECKS)


def test_pages_come_group_by_group_and_every_group_has_a_heading() -> None:
    groups = [group for group, _ in groupby(PAGES.values(), key=lambda page: page.group)]
    known = (*checks.GROUPS, catalogue.LOGS)
    assert groups == [group for group in known if group in groups]
    assert set(words.HEADINGS) == set(known)


def test_a_problem_of_logs_says_what_its_sign_says() -> None:
    page = catalogue._of_sign(next(sign for sign in SIGNS if sign.scenario == "musl-host"))
    assert page.symptom == "this system has no glibc"
    assert "envdoctor triage" in page.detected
    assert page.remedies == ("Use an image that has glibc.",)
    assert page.sources == ("https://github.com/mamba-org/mamba/issues/3514",)


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_page_advises_lasting_harm(pattern: str) -> None:
    told = [remedy for page in PAGES.values() for remedy in page.remedies]
    assert [remedy for remedy in told if re.search(pattern, remedy)] == []


def test_the_override_is_not_among_the_ways_out_for_clients_that_ignore_it() -> None:
    blocked = {r.name for r in _first(HYPHEN).remedies if r.blocked}
    assert blocked == {"override-for-one-command"}
    assert "override-for-one-command" not in CHECKS[HYPHEN].REMEDIES
    assert not [r for r in PAGES[HYPHEN].remedies if "level for one command" in r]


def _first(check: str) -> Finding:
    return next(f for f in report("hyphen").findings if f.check == check)


# --- what checks really offer ----------------------------------------------------------------


def stray(found: tuple[Finding, ...]) -> Iterator[str]:
    """What findings offer or point to beside their check's page, and what comes out of turn."""
    for finding in found:
        check = CHECKS[finding.check]
        offered = [remedy.name for remedy in finding.remedies if not remedy.blocked]
        named = list(dict.fromkeys(name for name in offered if name != catalogue.ADVICE))
        turn = [name for name in check.REMEDIES if name in named]
        if not set(offered) <= set(check.REMEDIES) or named != turn:
            yield f"{finding.id}: {offered}, page: {check.REMEDIES}"
        if finding.link is not None and finding.link not in check.SOURCES:
            yield f"{finding.id}: {finding.link}, page: {check.SOURCES}"


@pytest.mark.parametrize("name", [*SICK, *WELL])
def test_findings_offer_what_their_page_says_in_its_order(name: str) -> None:
    assert list(stray(report(name).findings)) == []


@cache
def staged_project(folder: Path) -> Project:
    return projects.examine(LiveHost(), str(folder))


PROJECTS = sorted(path for kind in ("projects", "recipes") for path in (DATA / kind).iterdir())


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: path.name)
def test_findings_of_projects_and_recipes_do_too(folder: Path) -> None:
    for name in ("hyphen", "old-cpu", "unreadable", "bare"):
        with_project = replace(report(name), project=staged_project(folder))
        assert list(stray(checks.run(with_project))) == []


# --- on the command line ---------------------------------------------------------------------


def test_list_has_every_problem_with_its_symptom_one_per_line() -> None:
    done = doctor("check", "--list")
    assert (done.returncode, done.stderr) == (0, "")
    expected: list[str] = []
    for group, members in groupby(PAGES.values(), key=lambda page: page.group):
        expected += ["", f"{words.heading(group)}:"]
        expected += [f"{page.id}: {page.symptom}" for page in members]
    assert done.stdout.splitlines() == expected[1:]


def test_in_a_terminal_the_list_has_columns_under_headings() -> None:
    command = f"{sys.executable} -m doctor check --list"
    shown = str(pexpect.run(command, dimensions=(100, 200), encoding="utf-8"))
    rows = [row for row in shown.splitlines() if row]
    headings = [row for row in rows if not row.startswith(" ")]
    groups = [group for group, _ in groupby(PAGES.values(), key=lambda page: page.group)]
    assert headings == [words.heading(group) for group in groups]
    assert len(rows) == len(headings) + len(PAGES)
    column = 4 + max(map(len, PAGES))
    for row, page in zip((r for r in rows if r.startswith(" ")), PAGES.values(), strict=True):
        assert row[:column].strip() == page.id
        assert row[column:] == page.symptom


def test_list_as_json_keeps_checks_apart_from_logs() -> None:
    found = answer(doctor("check", "--list", "--json"))
    assert {row["id"] for row in found["checks"]} == set(CHECKS)
    assert {row["id"] for row in found["logs"]} == set(PAGES) - set(CHECKS)
    for row in (*found["checks"], *found["logs"]):
        page = PAGES[row["id"]]
        assert list(row) == list(Page.__struct_fields__)
        assert (row["symptom"], row["cause"]) == (page.symptom, page.cause)
        assert (row["group"], row["detected"]) == (page.group, page.detected)
        assert (row["remedies"], row["sources"]) == (list(page.remedies), list(page.sources))


def test_a_named_problem_is_shown_whole() -> None:
    done = doctor("check", "--list", "several-conda-roots", HYPHEN)
    assert done.returncode == 0
    first, second = done.stdout.split("\n\n")
    assert first.splitlines()[0] == "several-conda-roots:"
    lines = second.splitlines()
    page = PAGES[HYPHEN]
    assert lines[:2] == [f"{HYPHEN}:", "Group: Clients"]
    assert lines[2:5] == [
        f"Symptom: {page.symptom}", f"Cause: {page.cause}", f"Detected: {page.detected}",
    ]  # fmt: skip
    remedies = [f"Remedy: {remedy}" for remedy in page.remedies]
    assert lines[5:] == [*remedies, *(f"Source: {source}" for source in page.sources)]
    alone = answer(doctor("check", "--list", HYPHEN, "--json"))
    assert [row["id"] for row in alone["checks"]] == [HYPHEN]
    assert alone["logs"] == []


def test_an_unknown_problem_is_refused_with_the_nearest_one() -> None:
    done = doctor("check", "--list", "mamba-hyphen")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"did you mean {HYPHEN!r}?" in done.stderr


@pytest.mark.parametrize("problem", sorted(set(PAGES) - set(CHECKS)))
def test_what_only_logs_show_has_a_page_and_is_no_check_to_run(
    problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--list", problem]) == 0
    assert capsys.readouterr().out.startswith(f"{problem}:\nGroup: Seen in logs only\n")
    assert main(["check", problem]) == 2
    assert f"there is no check {problem!r}" in capsys.readouterr().err


# --- in the app ------------------------------------------------------------------------------


def chosen(app: DoctorApp) -> str | None:
    """The id of the problem under the cursor."""
    problems = app.screen.query_one("#problems", OptionList)
    assert problems.highlighted is not None
    return problems.get_option_at_index(problems.highlighted).id


async def test_k_lists_all_known_problems_and_enter_opens_the_page() -> None:
    async with running(scenes.healthy()) as (app, pilot):
        await pilot.press("k")
        await pilot.pause()
        problems = app.screen.query_one("#problems", OptionList)
        assert [o.id for o in problems.options if not o.disabled] == list(PAGES)
        assert "Clients" in text(app)
        await pilot.press("down", "down")
        await pilot.pause()
        page = PAGES[chosen(app) or ""]
        assert page == list(PAGES.values())[2]
        assert page.cause[:50] in " ".join(text(app).split())
        await pilot.press("enter")
        await pilot.pause()
        shown = [str(line.render()) for line in app.screen.query("Line")]
        assert page.symptom in shown and page.cause in shown and page.detected in shown
        assert "\n".join(page.sources) in shown
        assert [line.partition(". ")[2] for line in shown if re.match(r"\d\. ", line)] == list(
            page.remedies
        )
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, CatalogueScreen)
        assert chosen(app) == page.id
        await pilot.press("escape")
        await pilot.pause()
        assert "[1 Overview]" in text(app)


@pytest.mark.parametrize("room", ["1", "2", "3", "4", "5", "6"])
async def test_known_problems_are_a_key_away_in_every_room(room: str) -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press(room)
        await pilot.pause()
        assert app.screen.active_bindings["k"].binding.description == "Problems"
        await pilot.press("k")
        await pilot.pause()
        assert isinstance(app.screen, CatalogueScreen)
        assert "k" not in app.screen.active_bindings
        await pilot.press("escape")
        await pilot.pause()
        assert f"[{room} " in text(app)


async def test_known_problems_are_there_before_the_report_is() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        app.state = State()
        await pilot.press("k")
        await pilot.pause()
        assert isinstance(app.screen, CatalogueScreen)


async def test_p_on_a_finding_opens_the_page_of_its_check() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, FindingScreen)
        finding = app.screen.finding
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(app.screen, PageScreen)
        assert app.screen.page == PAGES[finding.check]
        assert "How it is told" in text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, FindingScreen)


async def test_a_finding_of_a_log_has_its_page_too() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("t", *"glibc version not found (virtual package skipped)")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("tab", "enter", "p")
        await pilot.pause()
        assert isinstance(app.screen, PageScreen)
        assert app.screen.page == PAGES["musl-host"]


async def test_the_last_source_can_be_scrolled_to_at_60_by_20() -> None:
    async with running(scenes.hyphen(), (60, 20)) as (app, pilot):
        await pilot.press("enter", "p", "end")
        await pilot.pause()
        last = PAGES[HYPHEN].sources[-1]
        assert last in text(app).replace("\n ", "")


async def test_problems_are_found_by_any_word_of_their_page() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("k", "slash", *"mamba/issues/3222")
        await pilot.pause()
        problems = app.screen.query_one("#problems", OptionList)
        wanted = [
            page.id
            for page in PAGES.values()
            if any("mamba/issues/3222" in s for s in page.sources)
        ]
        assert [o.id for o in problems.options if not o.disabled] == wanted
        assert 0 < len(wanted) < len(PAGES)
        await pilot.press(*"x")
        await pilot.pause()
        assert problems.option_count == 0
        assert "No known problem has 'mamba/issues/3222x' in it." in text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert [o.id for o in problems.options if not o.disabled] == list(PAGES)


async def test_enter_goes_from_the_search_to_what_it_found() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("k", "slash", *"musl", "enter", "enter")
        await pilot.pause()
        found = [page for page in PAGES.values() if "musl" in "".join(words.whole((page,)))]
        assert isinstance(app.screen, PageScreen)
        assert app.screen.page == found[0] != next(iter(PAGES.values()))


async def test_while_a_search_is_typed_other_keys_help_and_quit() -> None:
    async with running(scenes.hyphen(), (60, 20)) as (app, pilot):
        await pilot.press("k", "slash", *"q?")
        await pilot.pause()
        assert app.screen.query_one("#find", Input).value == "q?"
        assert "^q Quit  F1 Help" in text(app)
        await pilot.press("f1")
        await pilot.pause()
        assert "Look for words in this room" in text(app)
        await pilot.press("escape", "ctrl+q")
        await pilot.pause()
    assert app.return_code == 0


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
@pytest.mark.parametrize("keys", [("k",), ("k", "enter"), ("enter", "p"), ("k", "slash"), ("t",)])
async def test_help_and_quit_stay_visible_at_every_size(
    size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async with running(scenes.hyphen(), size) as (app, pilot):
        await pilot.press(*keys)
        await pilot.pause()
        shown = text(app).splitlines()[-1]
    assert "Help" in shown
    assert "Quit" in shown


@pytest.mark.parametrize("place", [CatalogueScreen, Problems, PageScreen, FindingScreen])
def test_every_key_has_an_id_and_says_what_it_does(
    place: type[Screen[None]] | type[OptionList],
) -> None:
    bindings = [binding for binding in place.BINDINGS if isinstance(binding, Binding)]
    assert bindings
    assert [b.key for b in bindings if not (b.id and b.tooltip and b.description)] == []
    assert len({binding.id for binding in bindings}) == len(bindings)
