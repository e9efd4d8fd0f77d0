"""What of a machine may leave in a bundle at all, and what the user leaves out of it."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from doctor import projects
from doctor.bundle.leaving_out import UnknownName
from doctor.bundle.making import Bundle, Unfaithful, make, replayed, zipped
from doctor.bundle.opening import opened
from doctor.host.recorded import RecordedHost, Recording
from doctor.model import Line, Lines, Omission, Severity, Transcript
from doctor.redact import outputs, startup
from doctor.redact.fields import ENV_NAMES, ENV_PREFIXES, reduced
from tests import DATA, scenes
from tests.test_bundle import STAGED, ZOE, data_of, recording

PRIVATE = "zzprivatezz"
"""A word that stands in every line that nobody needs."""

FOLDERS = sorted(p for kind in ("projects", "recipes") for p in (DATA / kind).iterdir())


ASIDE = "frag, ticket zz-98"
"""What somebody wrote behind a line that is needed."""


def in_project(folder: Path, noisy: bool = False, aside: bool = False) -> Recording:
    """A machine whose working directory holds the files of a folder."""
    scene = scenes.bare()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = path.read_text()
        if noisy and path.suffix in (".yml", ".yaml", ".toml", ".txt", ".def", ".lock"):
            text = re.sub(r"(?m)^([ \t]*)#.*$", rf"\1# {PRIVATE}", text) + f"# {PRIVATE}\n"
        if aside and path.suffix in (".yml", ".yaml", ".toml"):
            text = re.sub(r"(?m)^([^#'\"\n{|>]*[\w*])$", rf"\1  # {ASIDE}", text)
        scene.files[f"{scenes.HOME}/{path.relative_to(folder)}"] = text
    return scenes.recording(scene)


# --- project files ---------------------------------------------------------------------------


@pytest.mark.parametrize("noisy", [False, True], ids=["as-it-is", "with-private-comments"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_a_project_is_cut_down_to_the_lines_that_are_read(folder: Path, noisy: bool) -> None:
    machine = in_project(folder, noisy)
    before = projects.examine(RecordedHost(machine), scenes.HOME)
    small = reduced(machine)
    after = projects.examine(RecordedHost(small.recording), scenes.HOME)
    assert after == before
    pinned = {(row.path, row.line) for row in before.lines}
    for file in before.files:
        path = f"{scenes.HOME}/{file.path}"
        was, now = machine.files[path].text or "", small.recording.files[path].text or ""
        assert len(now.split("\n")) == len(was.split("\n"))
        assert PRIVATE not in now
        kept = [line for line in now.split("\n") if line.strip()]
        needed = sum(path_ == file.path for path_, _ in pinned)
        assert needed <= len(kept) or not kept
        if file.form in ("explicit list", "conda environment", "container recipe", "CI file"):
            assert len(kept) <= 3 * needed + 4, kept
    assert make(machine, replayed(machine), ZOE).report.project is not None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_what_stands_behind_a_pinned_line_has_a_stand_in(folder: Path) -> None:
    """And nothing else is found because of that, or a bundle would not be made."""
    machine = in_project(folder, aside=True)
    lines = projects.examine(RecordedHost(machine), scenes.HOME).lines
    made = make(machine, replayed(machine), ZOE)
    assert b"frag, ticket" not in b"".join(content.data for content in made.contents)
    shown = {line.text.rpartition("#")[2] for line in lines if ASIDE in line.text}
    assert made.manifest.replaced.get("comment", 0) >= len(shown)


def test_what_selects_a_line_of_a_recipe_is_no_comment() -> None:
    scene = scenes.bare()
    scene.files[f"{scenes.HOME}/recipe/meta.yaml"] = (
        f"requirements:\n  run:\n    - {scenes.LEVEL} =3  # [linux and x86_64]\n"
    )
    machine = scenes.recording(scene)
    made = make(machine, replayed(machine), ZOE)
    assert b"# [linux and x86_64]" in b"".join(content.data for content in made.contents)


def test_of_an_environment_only_what_is_tied_to_a_cpu_stays() -> None:
    scene = scenes.cluster()
    scene.files[f"{scenes.HOME}/environment.yml"] = (
        "name: merger\nchannels:\n  - https://t.example/x\ndependencies:\n  - python\n"
        f"  - {scenes.LEVEL}=3=2_zen2 # why\n  - pip:\n    - secret-package\nprefix: /home/user/x\n"
        "variables:\n  TOKEN: abc\n"
    )
    small = reduced(scenes.recording(scene)).recording
    text = small.files[f"{scenes.HOME}/environment.yml"].text
    assert text is not None
    assert text.split("\n")[3] == "dependencies:"
    assert text.split("\n")[5] == f"  - {scenes.LEVEL}=3=2_zen2 # why"
    assert [line for line in text.split("\n") if line.strip()] == [text.split("\n")[n]
                                                                  for n in (3, 5)]  # fmt: skip


def test_files_of_no_form_are_not_even_named() -> None:
    scene = scenes.cluster()
    scene.files[f"{scenes.HOME}/{PRIVATE}.yml"] = "services:\n  db:\n    password: x\n"
    machine = scenes.recording(scene)
    bundle = make(machine, replayed(machine), ZOE)
    left = [o.what for o in bundle.manifest.omissions]
    data = b"".join(c.data for c in bundle.contents)
    assert PRIVATE.encode() not in data
    assert any(re.search(r"hidden-file-\d+\.yml$", what) for what in left)


# --- variables, lines, outputs ---------------------------------------------------------------


@pytest.mark.parametrize("name", STAGED)
def test_no_variable_is_asked_for_that_is_on_no_list(name: str) -> None:
    asked = set(recording(name).env)
    assert asked <= ENV_NAMES | {n for n in asked if n.startswith(ENV_PREFIXES)}


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("export CONDA_OVERRIDE_ARCHSPEC=x86_64_v3", "export CONDA_OVERRIDE_ARCHSPEC=x86_64_v3"),
        (f"export A={PRIVATE}; export CONDA_OVERRIDE_ARCHSPEC=zen4; echo {PRIVATE}",
         "export CONDA_OVERRIDE_ARCHSPEC=zen4"),
        (f"export CONDA_OVERRIDE_ARCHSPEC=zen3 TOK={PRIVATE} # x",
         "export CONDA_OVERRIDE_ARCHSPEC=zen3"),
        (f"export TOK={PRIVATE} CONDA_OVERRIDE_ARCHSPEC=zen3 B=c",
         "CONDA_OVERRIDE_ARCHSPEC=zen3"),
        (f"alias mamba=micromamba # {PRIVATE}", "alias mamba=micromamba"),
        (f"alias deploy='ssh {PRIVATE}'; alias conda=/opt/x/bin/conda",
         "alias conda=/opt/x/bin/conda"),
        (f"module load {PRIVATE}", None),
        (f"# >>> conda initialize >>> {PRIVATE}", None),
        (f"echo {PRIVATE} /bin/conda", None),
        (f"CONDA_OVERRIDE_ARCHSPEC=x conda run {PRIVATE}", None),
        ("__conda_setup=\"$('/opt/m/bin/conda' 'shell.bash' 'hook' 2> /dev/null)\"",
         "__conda_setup=\"$('/opt/m/bin/conda' 'shell.bash' 'hook' 2> /dev/null)\""),
    ],
)  # fmt: skip
def test_of_a_start_up_line_only_what_is_read_stays(line: str, kept: str | None) -> None:
    lines = Lines("/home/user/.bashrc", (Line("/home/user/.bashrc", 7, line),))
    found = startup.cut(lines).found
    assert [row.text for row in found] == ([] if kept is None else [kept])
    assert all(row.number == 7 for row in found)


def test_of_an_answer_only_the_keys_that_are_read_stay() -> None:
    said = scenes.transcript("conda", "26.7.1", "head/info-native")
    document = json.loads(outputs.cut(said).stdout)
    assert {"channels", "user_agent", "env_vars", "netrc_file", "config_files"} <= set(
        json.loads(said.stdout)
    )
    assert set(document) <= outputs.ANSWER_KEYS
    assert document["virtual_pkgs"] == json.loads(said.stdout)["virtual_pkgs"]


def test_of_a_report_of_an_error_the_settings_go_and_the_error_stays() -> None:
    report = (
        "# >>>>>>>>>>>>>>>>>>>>>> ERROR REPORT <<<<<<<<<<<<<<<<<<<<<<\n"
        "    Traceback (most recent call last):\n      File \"/opt/x/conda/y.py\", line 3\n"
        "    ModuleNotFoundError: No module named 'archspec'\n"
        f"`$ conda install {PRIVATE}`\n  environment variables:\n     SECRET_THING={PRIVATE}\n"
        f"  active environment : {PRIVATE}\n       channel URLs : https://{PRIVATE}/x\n"
        f"         user-agent : conda/{PRIVATE}\n"
    )  # fmt: skip
    said = Transcript(
        ("/opt/x/bin/python", "-c", "@probe:conda_virtual_packages@"), {}, 1, "", report
    )
    shown = outputs.cut(said).stderr
    assert "No module named 'archspec'" in shown
    assert shown.count(PRIVATE) == 1  # the command that failed
    assert outputs.lists_settings(said)


# --- what the user leaves out ----------------------------------------------------------------


@cache
def whole() -> Bundle:
    return make(recording("cluster"), replayed(recording("cluster")), ZOE)


NAMES = [content.name for content in whole().contents]


@pytest.mark.parametrize("name", [name for name in NAMES if "cpuinfo" not in name])
def test_any_file_can_be_left_out_but_those_that_opening_needs(name: str) -> None:
    machine, live = recording("cluster"), replayed(recording("cluster"))
    if name in ("manifest.json", "recording.json"):
        with pytest.raises(UnknownName, match=name):
            make(machine, live, ZOE, without=(name,))
        return
    bundle = make(machine, live, ZOE, without=(name,))
    gone = data_of(whole(), name)
    assert all(content.data != gone for content in bundle.contents)
    assert [o for o in bundle.manifest.omissions if o.reason == "was unticked"]
    before = {(f.id, f.severity) for f in whole().report.findings}
    after = {(f.id, f.severity) for f in bundle.report.findings}
    assert all(s in (Severity.UNKNOWN, Severity.NOTE) for _, s in after - before)
    lost = {o.what.removeprefix("finding ") for o in bundle.manifest.omissions
            if o.reason == "rests on what was left out"}  # fmt: skip
    assert lost == {identifier for identifier, _ in before - after}
    assert replayed(opened(zipped(bundle)).recording).findings == bundle.report.findings


def test_a_file_is_named_by_what_it_is_of_too_and_then_not_listed_any_more() -> None:
    machine, live = recording("cluster"), replayed(recording("cluster"))
    (source,) = [c.source for c in whole().contents if c.source.endswith("environment.yml")]
    bundle = make(machine, live, ZOE, without=(source,))
    assert bundle.report.project is not None
    assert bundle.report.project.files == ()
    ids = {f.check for f in live.findings} - {f.check for f in bundle.report.findings}
    assert ids == {"exported-yaml-pins-cpu-build"}


def test_several_are_left_out_at_once_and_a_wrong_name_is_refused() -> None:
    machine, live = recording("cluster"), replayed(recording("cluster"))
    some = tuple(name for name in NAMES if name.startswith("transcripts/"))
    bundle = make(machine, live, ZOE, without=some)
    assert not [c for c in bundle.contents if c.name.startswith("transcripts/")]
    with pytest.raises(Unfaithful, match=r"files/x\.txt is no file"):
        make(machine, live, ZOE, without=("files/x.txt", *some))


def test_what_makes_other_findings_when_it_is_left_out_is_refused() -> None:
    """Without the CPU, clients would seem to report what no rule says."""
    machine, live = recording("cluster"), replayed(recording("cluster"))
    (name,) = [name for name in NAMES if "cpuinfo" in name]
    with pytest.raises(Unfaithful, match="leaving files out changed what is found") as caught:
        make(machine, live, ZOE, without=(name,))
    assert "reported-differs-from-predicted:mamba" in str(caught.value)


def test_what_an_earlier_bundle_left_out_is_told_without_what_it_says_there() -> None:
    machine = recording("cluster")
    url = "https://eve:hunter2pw@h.acme.example/x"
    before = (Omission(f"variable A={url}", f"see {url} \x1b[2J, kim"),)
    made = make(machine, replayed(machine), ZOE, ("kim",), before=before)
    told = made.manifest.omissions[0]
    assert told.reason.startswith("see https://hidden-user-")
    manifest = data_of(made, "manifest.json")
    assert [word for word in (b"hunter2pw", b"acme", b"u001b", b"kim") if word in manifest] == []


def test_words_of_envdoctors_own_are_said_to_be_that() -> None:
    machine = recording("cluster")
    with pytest.raises(Unfaithful, match="take back those that are envdoctor's own"):
        make(machine, replayed(machine), ZOE, ("client",))
