"""summary.md: stands alone, fits into an issue, and breaks nothing that is written around it."""

import re
from functools import cache

import pytest
from msgspec.structs import replace

from doctor.bundle.making import make, replayed
from doctor.bundle.summary import CUT, LIMIT, summary
from doctor.model import Evidence, Finding, Remedy, Report, Severity, Transcript, Type
from tests import planted
from tests.test_bundle import STAGED, ZOE, data_of, recording

FORMS = (
    "CPU flags", "Conda Info", "Conda Config", "Conda list", "mamba info / micromamba info",
    "Logs", "Tried in Conda?", "environment.yml", "~/.condarc", "Machine",
)  # fmt: skip
"""Labels of boxes in the issue forms of conda, mamba and pixi."""


@cache
def report() -> Report:
    return replayed(recording("cluster"))


def written(of: Report) -> str:
    return summary(of, recording("cluster"), {"user": 3}, True)


def unfolded(text: str) -> list[str]:
    """The lines outside of fences. Fails where a fence or a fold is left open."""
    fence, folds, outside = "", 0, []
    for line in text.split("\n"):
        bare = line.strip()
        ticks = len(bare) - len(bare.lstrip("`"))
        if fence:
            fence = "" if ticks == len(bare) and ticks >= len(fence) else fence
        elif ticks >= 3:
            fence = "`" * ticks
        else:
            outside.append(line)
            folds += line.count("<details>") - line.count("</details>")
            assert folds in (0, 1), line
    assert (fence, folds) == ("", 0)
    return outside


def large(kind: str, size: int) -> Report:
    """A report in which one thing is there without measure."""
    text = {"lines": "word\n" * size, "one line": "x" * (size * 5), "ticks": "`" * size,
            "folds": "<details><summary>x</summary>\n```\n" * size,
            "tables": "| a |\n|---|\n" * size}[kind]  # fmt: skip
    evidence = tuple(Evidence(text[:900], "source") for _ in range(size // 20 + 1))
    remedy = Remedy(text[:2000], (Type(text),))
    finding = Finding("check", f"`{text[:50]}`", Severity.ERROR, text[:3000], text, (), evidence,
                      (remedy,))  # fmt: skip
    return replace(report(), findings=(*report().findings, *[finding] * (size // 100 + 1)))


@pytest.mark.parametrize("name", ["cluster", "sick-hyphen", "well-bare", "scenario-two-blocks"])
def test_it_begins_with_the_privacy_note_and_holds_a_block_for_each_box(name: str) -> None:
    assert name in STAGED
    text = data_of(make(recording(name), replayed(recording(name)), ZOE), "summary.md").decode()
    assert text.startswith("> Privacy: names, paths, hosts and secrets were replaced")
    assert "Nothing was sent anywhere." in text.split("\n")[0]
    unfolded(text)
    titles = re.findall(r"<details><summary>(.*)</summary>", text)
    assert titles[0].startswith("CPU flags")
    assert titles[-1].startswith("Machine")
    if name == "cluster":
        assert [next(t for t in titles if t.startswith(form)) for form in FORMS]
        first = text.split("</details>")[0]
        assert "vendor_id" in first
        assert " avx2 " in first


@pytest.mark.parametrize("size", [10, 300, 5000, 60_000])
@pytest.mark.parametrize("kind", ["lines", "one line", "ticks", "folds", "tables"])
def test_however_large_the_report_it_fits_and_everything_in_it_is_closed(
    kind: str, size: int
) -> None:
    text = written(large(kind, size))
    assert len(text) <= LIMIT < 60_000
    outside = unfolded(text)
    folded = [line for line in outside if "<details>" in line]
    assert len(folded) == text.count("<details><summary>") - text.count("x</summary>")
    assert text.rstrip().endswith("</details>")
    assert size < 5000 or CUT in text


def test_many_clients_and_settings_do_not_push_the_report_out() -> None:
    many = replace(report(), clients=report().clients * 300)
    settings = {f"CONDA_OVERRIDE_{n}": "x" * 300 for n in range(500)}
    many = replace(many, machine=replace(many.machine, settings=settings))
    text = written(many)
    assert len(text) <= LIMIT
    unfolded(text)
    assert "mamba-hyphen-archspec:micromamba" not in text or CUT in text
    assert "### envdoctor" in text


def test_what_clients_were_asked_to_install_is_in_the_box_for_logs() -> None:
    tried = Transcript((micromamba(), "create", "--dry-run", "x"), {}, 1, "a\n" * 90, "no x", 0.2)
    known = recording("cluster")
    text = summary(report(), replace(known, transcripts=(*known.transcripts, tried)), {}, True)
    logs = text.split("<summary>Logs (mamba)</summary>")[1].split("</details>")[0]
    assert "create --dry-run x\n  exit status 1, 0.20 s" in logs
    assert "standard error: no x" in logs
    assert "more lines" in logs
    assert " info " not in logs
    assert "run the command that fails again, with -v" in written(report())


def micromamba() -> str:
    return next(client.path for client in report().clients if client.kind == "micromamba")


def test_of_a_planted_machine_nothing_private_is_in_it() -> None:
    made = make(planted.machine(), replayed(planted.machine()), planted.ALICE)
    text = data_of(made, "summary.md")
    unfolded(text.decode())
    assert planted.found_in(text) == []


def test_unredacted_it_says_so_first() -> None:
    bundle = make(recording("cluster"), report(), ZOE, hidden=False)
    assert data_of(bundle, "summary.md").startswith(b"> UNREDACTED: this holds names")
