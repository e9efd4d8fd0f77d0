"""Columns stay columns in every script, and what cannot be seen is shown or left out."""

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from doctor.clean import clean, one_line
from doctor.columns import padded, shortened, steady, width, wrapped
from doctor.host.recorded import encode
from doctor.model import Run
from doctor.report import text
from doctor.tui.screens.palette import MANY, best
from tests import crowds, reading

SAMPLES = (
    crowds.WIDE, crowds.RIGHT_TO_LEFT, crowds.ARABIC, crowds.COMBINED, "한국어",
    "\u1112\u1161\u11ab", "ไทย", "हिन्दी", "café", "cafe\u0301", "①½…", "plain", "",
)  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_text_takes_the_cells_that_the_terminal_app_counts(sample: str) -> None:
    """Rich's tables are newer than Python's: they agree on all that is written in names."""
    assert width(sample) == cell_len(sample)
    assert width(steady(sample)) == cell_len(steady(sample))


def test_tables_stand_in_line() -> None:
    rows = [(sample, "next", "last") for sample in SAMPLES]
    starts = {cell_len(line.partition("next")[0]) for line in text.table(rows)}
    assert len(starts) == 1
    assert text.last_column(rows) == starts.pop() + len("next") + 2


@given(st.text(alphabet="ab 環é", max_size=60), st.integers(2, 20))
def test_wrapping_loses_nothing_and_keeps_to_the_room(sample: str, cells: int) -> None:
    lines = wrapped(sample, cells)
    assert reading.squeezed("".join(lines)) == reading.squeezed(sample)
    assert all(width(line.rstrip()) <= cells for line in lines)


@given(st.text(alphabet="ab 環é", max_size=60), st.integers(12, 30))
def test_what_is_shortened_keeps_its_beginning_and_its_end(sample: str, cells: int) -> None:
    short = shortened(sample, cells)
    assert width(short) <= cells
    assert short == sample or (sample.startswith(short[0]) and sample.endswith(short[-1]))
    assert width(padded(short, cells)) == cells


@given(st.text(max_size=80))
def test_nothing_that_a_terminal_acts_on_is_left(sample: str) -> None:
    assert reading.unsafe(clean(sample)) <= {"\t"}
    assert reading.unsafe(one_line(sample)) == set()


@pytest.mark.parametrize("mark", sorted(reading.REORDER))
def test_marks_that_reorder_a_line_are_left_out(mark: str) -> None:
    assert clean(f"/envs/{mark}gpj.exe") == "/envs/gpj.exe"


def test_bytes_of_a_name_that_are_no_text_are_shown_as_unknown() -> None:
    name = os.fsdecode(b"/envs/\xff\xfe")
    assert one_line(name) == "/envs/\ufffd\ufffd"


@given(st.lists(st.text(min_size=1, max_size=12).filter(lambda word: "\0" not in word), min_size=1))
def test_what_is_shown_of_a_command_is_what_is_run(words: list[str]) -> None:
    """Letters that cannot be seen are spelt, and a shell reads them back."""
    words = [word.encode("utf-8", "replace").decode() for word in words]
    shown = str(Run(("printf", "%s\\0", *words)))
    assert reading.unsafe(shown) == set()
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", "-c", shown], capture_output=True, env=env, check=True)
    assert done.stdout.decode().split("\0")[:-1] == words


def test_in_a_real_terminal_the_columns_of_all_scripts_stand_in_line(tmp_path: Path) -> None:
    """A terminal counts cells by its own tables: each cell begins where its heading does."""
    path = tmp_path / "scripts.json"
    path.write_bytes(encode(crowds.recording("scripts")))
    screen = pyte.Screen(240, 40)
    stream = pyte.ByteStream(screen)
    child: pexpect.spawn[bytes] = pexpect.spawn(
        sys.executable, ["-m", "doctor", "--from", str(path)],
        env={**os.environ, "TERM": "xterm-256color"}, dimensions=(40, 240), timeout=60,
    )  # fmt: skip

    def until(wanted: str) -> None:
        while not any(wanted in line for line in screen.display):
            stream.feed(child.read_nonblocking(65536, timeout=60))

    until("g Guide")
    child.send("3")
    until("predicted: by the rule")
    lines = [line(screen, number) for number in range(40)]
    (heads,) = [found for found in lines if "".join(found).startswith(" client")]
    rows = [found for found in lines if "".join(found).strip(" >")[:10] in ("micromamba", "pixi")]
    starts = ["".join(heads).index(name) for name in ("client", "version", "predicted")]
    assert len(rows) >= 5
    for row in rows:
        for start in starts:
            assert row[start - 1] in (" ", ">"), row
            assert row[start].strip(), row
    child.close(force=True)


def line(screen: pyte.Screen, number: int) -> list[str]:
    """One line of a terminal cell by cell; the second cell of a wide letter is empty."""
    return [screen.buffer[number][column].data for column in range(screen.columns)]


# --- the palette with thousands ----------------------------------------------------------------


def test_the_palette_finds_words_in_names_first_then_letters() -> None:
    from doctor.tui.commands import Command

    names = [f"Finding sigill:/data/envs/e{n:04}" for n in range(3000)]
    names += ["Room Overview", "Room Environments", "Verb envs", "Words"]
    offered = tuple(Command(name, "needs level 4", lambda: None) for name in names)
    assert len(best(offered, "")) == len(offered) > MANY
    assert [c.title for c in best(offered, "room env")] == ["Room Environments"]
    assert [c.title for c in best(offered, "e0700")] == ["Finding sigill:/data/envs/e0700"]
    assert best(offered, "rmvw")[0].title == "Room Overview"
    assert best(offered, "word")[0].title == "Words"
