"""The page for contributors: its code is put into a copy of the package and has to work there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.clients import ROOT

PAGE = ROOT / ".github" / "CONTRIBUTING.md"
LIMIT = 120
"""Seconds that one command of the page may take."""

_PART = re.compile(r"^`([\w./-]+)`$|^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of code: the file that it belongs to, how it is marked, and its text."""

    path: str
    kind: str
    text: str


def blocks() -> list[Block]:
    """All blocks, each with the path that was named last before it."""
    found, path = [], ""
    for part in _PART.finditer(PAGE.read_text()):
        if part[1]:
            path = part[1]
        else:
            found.append(Block(path, part[2], part[3]))
    return found


BLOCKS = blocks()
SESSIONS = [block.text for block in BLOCKS if block.kind == "console"]


def put(folder: Path, block: Block) -> None:
    """A new file, or lines between those that the block shows, which stand once in the file."""
    path = folder / block.path
    if block.kind != "diff":
        assert not path.exists(), f"{block.path} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)
        return
    lines = block.text.splitlines()
    old, new = ("".join(f"{line[1:]}\n" for line in lines if line[:1] != sign) for sign in "+-")
    text = path.read_text()
    assert text.count(old) == 1, f"{block.path} has these lines {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with everything that the page adds."""
    folder = tmp_path_factory.mktemp("contributed") / "envdoctor"
    for name in ("doctor", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for block in BLOCKS:
        if block.kind not in ("shell", "console"):
            put(folder, block)
    program = folder / "bin" / "envdoctor"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nexec python -m doctor "$@"\n')
    program.chmod(0o755)
    return folder


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """A command line of the page, in the copy, with nothing of the person's who runs the tests."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    path = (folder / "bin", Path(sys.executable).parent, "/usr/bin", "/bin")
    env = {"HOME": str(home), "PATH": os.pathsep.join(map(str, path)), "PYTHONPATH": str(folder)}
    return subprocess.run(command, shell=True, cwd=folder, env=env, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=LIMIT)  # fmt: skip


def steps(session: str) -> list[tuple[str, list[str]]]:
    """Commands with the lines that they print."""
    found: list[tuple[str, list[str]]] = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def pattern(lines: list[str]) -> str:
    """What a command shall print, where `[...]` stands for anything."""
    return "\n".join(re.escape(line).replace(re.escape("[...]"), ".*") for line in lines)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda text: steps(text)[-1][0])
def test_every_command_prints_what_the_page_says(made: Path, session: str) -> None:
    for command, lines in steps(session):
        done = run(made, command)
        fine = (0, 1) if command.startswith("envdoctor ") else (0,)  # 1: there are findings
        assert done.returncode in fine, f"{command}\n{done.stdout}{done.stderr}"
        assert re.fullmatch(pattern(lines), done.stdout.rstrip("\n"), re.DOTALL), done.stdout


@pytest.mark.parametrize(
    "command",
    ["mypy", "lint-imports", "ruff check doctor tests", "ruff format --check doctor tests"],
)
def test_what_the_page_adds_is_clean(made: Path, command: str) -> None:
    done = run(made, command)
    assert done.returncode == 0, done.stdout + done.stderr


# --- what has no code ------------------------------------------------------------------------


def test_names_that_the_page_only_mentions_are_there() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([\w./]+)` \|", PAGE.read_text(), re.MULTILINE)
    assert len(rows) > 5
    for name, path in rows:
        assert re.search(rf"^{name}\b.* = ", (ROOT / path).read_text(), re.MULTILINE), (name, path)


def test_every_file_that_the_page_mentions_is_there() -> None:
    added = {block.path for block in BLOCKS}
    named = set(re.findall(r"`((?:doctor|tests)/[\w./-]+)`", PAGE.read_text()))
    assert [path for path in named - added if not (ROOT / path).exists()] == []


def test_links_lead_to_headings_and_the_readme_leads_here() -> None:
    text = PAGE.read_text()
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= anchors
    assert "(.github/CONTRIBUTING.md)" in (ROOT / "README.md").read_text()


def test_the_form_for_issues_asks_for_the_bundle_and_says_that_nothing_is_sent() -> None:
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/problem.yml").read_text())
    assert {"name", "description", "body"} <= set(form)
    kinds = {"markdown", "textarea", "input", "dropdown", "checkboxes"}
    assert {part["type"] for part in form["body"]} <= kinds
    fields = [part for part in form["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in fields}) == len(fields) <= 4
    assert all(part["attributes"]["label"] for part in fields)
    words = " ".join(str(part["attributes"].get("value", "")) for part in form["body"])
    assert "envdoctor bundle" in words and "Nothing is sent" in words
