"""Environments: needed against installed level, who needs it, on this and on other CPUs."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from doctor import checks, environments, machine
from doctor.cpu import parse
from doctor.host.live import LiveHost
from doctor.host.recorded import RecordedHost, RecordingHost, encode
from doctor.model import Environment, Finding, Machine, Report, Severity
from doctor.report import environments as rows
from tests import replay, scenes
from tests.prefixes import graph_tool, level, package, prefix

ERROR, WARNING, UNKNOWN, NOTE = Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.NOTE
NEEDS = "sigill-env-built-on-newer-node"
IN_AN_IMAGE = "image-or-pack-moved-to-older-cpu"
ASIDE = ("graph-tool-level4-exact", "why-level1-on-avx2")
"""Notes about packages of the very shape that is used here; they are staged elsewhere."""

HASWELL = scenes.archspec_sample("linux-rhel7-haswell")
LEVELS = {
    1: scenes.archspec_sample("linux-scientific7-k10"),
    3: HASWELL,
    4: scenes.cpuinfo_of_recordings(),
}


def on(text: str) -> Machine:
    return machine.of_cpu(parse(text))


def read(folder: Path) -> Environment:
    return environments.environment(LiveHost().installed(str(folder), environments.WORDS), "given")


def judged(folder: Path, cpuinfo: str) -> list[Finding]:
    report = Report("0", "2026-11-22", on(cpuinfo), environments=(read(folder),))
    return [finding for finding in checks.run(report) if finding.check not in ASIDE]


# --- what is read ----------------------------------------------------------------------------


@pytest.mark.parametrize("client", ["conda", "mamba", "rattler"])
@pytest.mark.parametrize("files", [1, 100, 5000])
def test_needs_are_found_in_records_of_every_client_and_size(
    client: str, files: int, tmp_path: Path
) -> None:
    rows = (
        level(4, client=client, files=0),
        graph_tool(3, client=client, files=files),
        package("faiss", "1.9", "h4_300", "_x86_64-microarch-level >=4", client=client),
        package("numpy", "2.1", "py312_0", "python", client=client, files=files),
    )
    found = read(prefix(tmp_path / "env", rows))
    assert (found.count, found.installed, found.needed) == (4, 4, 4)
    assert [(need.package, need.level) for need in found.needs] == [
        ("faiss 1.9 h4_300", 4), ("graph-tool-base 2.98 py312h1_300", 3),
    ]  # fmt: skip
    assert found.metapackage is not None
    assert found.metapackage.channel == "https://conda.anaconda.org/conda-forge/linux-64"
    assert found.unreadable == ()


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        (">=3", 3), ("3", 3), ("3.*", 3), ("==4", 4), (">=2,<4", 2), ("*", 1), ("<=2", 1),
        (">=1|4", 1), (">=9", 9), (">4", 5), ("* 3_zen4", 4), ("[build='*_skylake']", 3),
        ("[version='>=4']", 4), (">=4 # why", 4), ("?!", None),
    ],
)  # fmt: skip
def test_the_lowest_level_that_will_do(
    requirement: str, expected: int | None, tmp_path: Path
) -> None:
    found = read(prefix(tmp_path / "env", [graph_tool(1, requirement)]))
    assert [need.level for need in found.needs] == [expected]


def test_dependencies_far_from_the_front_are_found(tmp_path: Path) -> None:
    many = [f"dependency-number-{n} >=1.0,<2.0a0" for n in range(500)]
    row = package("big", "1.0", "h0_0", *many, "_x86_64-microarch-level >=4")
    assert read(prefix(tmp_path / "env", [row])).needed == 4


def test_a_file_or_description_that_names_the_package_is_no_need(tmp_path: Path) -> None:
    text = json.dumps({
        "build": "0", "depends": ["python"], "name": "docs", "version": "1",
        "files": ["share/_x86_64-microarch-level", 'odd "depends": ["_x86_64-microarch-level 4"]'],
    })  # fmt: skip
    assert read(prefix(tmp_path / "env", [("docs", "1", "0", text)])).needs == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "damaged"), ('{"name": "x", "version": "1", "dep', "damaged"), ("[]", "damaged"),
     ('{"depends": 3, "name": "x", "version": "1"}', "damaged"), ("\0" * 9000, "damaged"),
     ("[" * 100_000, "damaged"), ('{"name": 1, "version": 2}', "damaged")],
)  # fmt: skip
def test_a_damaged_record_is_said_and_never_healthy(text: str, reason: str, tmp_path: Path) -> None:
    folder = prefix(tmp_path / "env", [("x", "1", "0", text), graph_tool(1), level(1)])
    found = read(folder)
    assert [Path(file.path).name for file in found.unreadable] == ["x-1-0.json"]
    assert reason in str(found.unreadable[0].trouble)
    assert [f.severity for f in judged(folder, HASWELL)] == [UNKNOWN]


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    folder = prefix(tmp_path / "env", [level(1)])
    os.mkfifo(folder / "conda-meta" / "pipe-1-0.json")
    (folder / "conda-meta" / "folder-1-0.json").mkdir()
    (folder / "conda-meta" / "gone-1-0.json").symlink_to("nowhere")
    found = read(folder)
    assert len(found.unreadable) == 3
    assert found.count == 4


def test_a_folder_that_is_no_environment_says_so(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.count is None
    assert found.trouble == "conda-meta could not be read: No such file or directory"


def test_clients_are_told_by_history_and_pixi_by_its_file(tmp_path: Path) -> None:
    history = (
        "==> 2025-01-01 10:00:00 <==\n# cmd: /opt/conda/bin/conda create -n x --token secret\n"
        "# conda version: 24.9.2\n==> 2025-02-01 10:00:00 <==\n"
        "# cmd: C:\\m\\micromamba.exe install y\n# cmd: /usr/bin/mamba install z\n"
        "# cmd: conda update --all\n# cmd: /evil/other\n"
    )
    folder = prefix(tmp_path / "env", [level(1)], history)
    assert read(folder).written_by == ("conda", "mamba")
    (folder / "conda-meta" / "pixi").write_text("{}")
    assert read(folder).written_by == ("conda", "mamba", "pixi")


# --- what it means ---------------------------------------------------------------------------

CASES = [
    # solved for, needed, CPU, severity
    (4, 4, 4, None), (4, 3, 4, None), (4, 4, 3, ERROR), (4, 3, 3, NOTE), (4, 1, 1, NOTE),
    (3, 3, 1, ERROR), (1, 1, 1, None), (3, None, 1, NOTE), (None, 4, 3, ERROR),
    (None, None, 1, None),
]  # fmt: skip


@pytest.mark.parametrize(("solved", "needed", "cpu", "severity"), CASES)
def test_needed_above_the_cpu_is_an_error_and_installed_above_a_note(
    solved: int | None, needed: int | None, cpu: int, severity: Severity | None, tmp_path: Path
) -> None:
    rows = [package("python", "3.12.1", "h1_0")]
    rows += [level(solved)] if solved else []
    rows += [graph_tool(needed)] if needed else []
    folder = prefix(tmp_path / "env", rows)
    found = judged(folder, LEVELS[cpu])
    assert [f.severity for f in found] == ([severity] if severity else [])
    if severity is ERROR:
        assert found[0].id == f"{NEEDS}:{folder}"
        assert f"needs level {needed}, this CPU has level {cpu}" in found[0].title
        assert "graph-tool-base" in found[0].consequence
        assert found[0].evidence[0].text.startswith("graph-tool-base 2.98 ")


def test_a_cpu_that_is_unknown_makes_environments_unknown(tmp_path: Path) -> None:
    folder = prefix(tmp_path / "env", [level(4), graph_tool(4)])
    report = Report("0", "x", machine.read(scenes.Scene(None)), environments=(read(folder),))
    found = [f for f in checks.run(report) if f.subject == str(folder) and f.check not in ASIDE]
    assert [f.severity for f in found] == [UNKNOWN]


def test_build_packages_that_leave_flags(tmp_path: Path) -> None:
    folder = prefix(tmp_path / "env", [package("x86_64-microarch-level", "4", "3_x86_64")])
    (above,), (fine,) = judged(folder, HASWELL), judged(folder, LEVELS[4])
    assert (above.check, above.severity) == ("flags-leak-from-build-metapackage", WARNING)
    assert (fine.check, fine.severity) == ("flags-leak-from-build-metapackage", NOTE)


def test_a_level_package_from_defaults(tmp_path: Path) -> None:
    channel = "https://user:secret@repo.anaconda.com/t/to-ken/pkgs/main/noarch"
    folder = prefix(tmp_path / "env", [level(3, channel=channel)])
    (found,) = judged(folder, HASWELL)
    assert (found.check, found.severity) == ("old-metapackage-from-defaults", NOTE)
    assert "https://repo.anaconda.com/pkgs/main/noarch" in found.title
    assert "secret" not in str(found)
    assert "to-ken" not in str(found)


def test_several_clients_that_name_the_cpu_differently(tmp_path: Path) -> None:
    history = "# cmd: /x/conda create\n# cmd: /x/micromamba update\n"
    scene = scenes.healthy()
    folder = prefix(tmp_path / "env", [level(4, "zen4")], history)
    scene.environment(LiveHost().installed(str(folder), environments.WORDS))
    from doctor.examine import examine

    found = [f for f in examine(scene).findings if f.subject == str(folder)]
    assert [(f.check, f.severity) for f in found] == [
        ("mamba2-cross-version-of-shared-prefix", NOTE)
    ]


def test_the_remedy_is_at_the_cpus_own_level_and_beside_the_old_environment(
    tmp_path: Path,
) -> None:
    folder = prefix(tmp_path / "env", [level(4), graph_tool(4)])
    scene = scenes.healthy()
    scene.files["/proc/cpuinfo"] = HASWELL
    scene.environment(LiveHost().installed(str(folder), environments.WORDS))
    from doctor.examine import examine

    found = next(f for f in examine(scene).findings if f.id == f"{NEEDS}:{folder}")
    commands = [remedy.command for remedy in found.remedies if remedy.command]
    assert commands == [
        "CONDA_OVERRIDE_ARCHSPEC=x86_64_v3 /home/user/miniforge3/bin/conda create "
        f"-p {folder}-x86_64_v3 graph-tool-base"
    ]


# --- which are known -------------------------------------------------------------------------


def test_environments_are_found_at_every_place_once(tmp_path: Path) -> None:
    home, work = tmp_path / "home", tmp_path / "work" / "deep"
    root = home / "miniforge3"
    places = {
        "registered": tmp_path / "reg",
        "root": root,
        "root env": root / "envs" / "a",
        "user": home / ".conda" / "envs" / "b",
        "workspace": work.parent / ".pixi" / "envs" / "default",
        "global": home / ".pixi" / "envs" / "tool",
        "envs_dirs": tmp_path / "more" / "c",
    }
    for place in places.values():
        prefix(place, [level(1)])
    (root / "envs" / "no-environment").mkdir()
    registry = f"{places['registered']}\n{root}\n{tmp_path}/gone\nnot a path\n"
    (home / ".conda" / "environments.txt").write_text(registry)
    work.mkdir(parents=True)
    env = replay.surroundings(home, env={"CONDA_ENVS_DIRS": str(tmp_path / "more")})
    found = replay.doctor("envs", "--json", env=env, before=("env", "-C", str(work),
                          f"PYTHONPATH={Path(__file__).parent.parent}"))  # fmt: skip
    rows = {row["path"]: row["known_by"] for row in found.document["environments"]}
    for place in places.values():
        assert str(place) in rows, place
    assert len(rows) == len(places)


# --- the verb --------------------------------------------------------------------------------


def envs(env: dict[str, str], *words: str) -> tuple[int, dict[str, Any]]:
    run = replay.doctor("envs", "--json", *words, env=env)
    assert run.document["schema"] == 1
    return run.status, run.document


def test_a_login_node_is_asked_about_a_compute_node(tmp_path: Path) -> None:
    folder = prefix(tmp_path / "env", [level(4), graph_tool(4)])
    env = replay.surroundings(tmp_path / "home")
    for text, status, state in ((LEVELS[4], 0, "note"), (HASWELL, 1, "error")):
        (tmp_path / "cpuinfo").write_text(text)
        ended, document = envs(env, "--cpuinfo", str(tmp_path / "cpuinfo"), str(folder))
        assert ended == status
        assert [row["state"] for row in document["environments"]] == [state]
        scene = scenes.Scene(text)
        (tmp_path / "recording").write_bytes(encode(scenes.recording(scene)))
        ended, document = envs(env, "--from", str(tmp_path / "recording"), str(folder))
        assert (ended, document["environments"][0]["state"]) == (status, state)


def test_a_recording_answers_as_the_machine_did(tmp_path: Path) -> None:
    folder = prefix(tmp_path / "env", [level(4), graph_tool(4)])
    host = RecordingHost(LiveHost())
    live = host.installed(str(folder), environments.WORDS)
    recorded = RecordedHost(host.recording())
    assert recorded.installed(str(folder), environments.WORDS) == live
    other = recorded.installed("/elsewhere", environments.WORDS)
    assert other.trouble == "is not in the recording"


@pytest.mark.parametrize("name", ["", "/nowhere", "relative", __file__])
def test_what_is_no_environment_ends_with_status_2(name: str, tmp_path: Path) -> None:
    run = replay.doctor("envs", "--json", name, env=replay.surroundings(tmp_path / "home"))
    assert run.status == 2
    assert run.document["schema"] == 1
    assert run.stderr.count("\n") == 1


def test_text_says_the_same_as_json(tmp_path: Path) -> None:
    folder = prefix(tmp_path / "env", [level(4), graph_tool(4)])
    (tmp_path / "cpuinfo").write_text(HASWELL)
    env = replay.surroundings(tmp_path / "home")
    run = replay.doctor("envs", "--cpuinfo", str(tmp_path / "cpuinfo"), str(folder), env=env)
    assert run.status == 1
    lines = run.stdout.splitlines()
    assert lines[0] == "1 of 1 known needs a higher level than this CPU has."
    assert f"Environment: {folder}, given" in lines
    assert "Solved for level: 4" in lines
    assert "Needed by: graph-tool-base 2.98 py312h1_400, _x86_64-microarch-level >=4" in lines


def test_check_finds_environments_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    prefix(home / "miniforge3" / "envs" / "gt", [level(9), graph_tool(3)])
    run = replay.doctor("check", "--json", "environment-unread", NEEDS, IN_AN_IMAGE,
                        env=replay.surroundings(home))  # fmt: skip
    own = run.document["machine"]["microarchitecture"]["shared_level"]
    number = {"x86_64": 1, "x86_64_v2": 2, "x86_64_v3": 3, "x86_64_v4": 4}[own]
    severities = {finding["severity"] for finding in run.document["findings"]}
    assert severities == ({"error"} if number < 3 else {"note"})


# --- spellings that clients accept -----------------------------------------------------------

SPELT = [
    # dependency, needed level
    ("conda-forge::_x86_64-microarch-level >=4", 4), (" _x86_64-microarch-level >=4", 4),
    ("conda-forge/noarch::_x86_64-microarch-level 4", 4),
    ("_X86_64-Microarch-Level >=4", 4), ("_x86_64-microarch-level * 3_zen4", 4),
    ("_x86_64-microarch-level[build='4_level4']", 4), ("__archspec 1.* zen4", 4),
    ("__archspec=1=x86_64_v4", 4), ("__archspec 1.* ^(zen4|zen5)$", 4),
    ("__archspec 1.* ^(zen3|zen4)$", 3), ("_x86_64-microarch-level >=5", 5),
    ("_x86_64-microarch-level-extras >=4", None), ("__archspec 1.*", None),
    ("docs-of-microarch-level >=4", None),
]  # fmt: skip


@pytest.mark.parametrize(("dependency", "needed"), SPELT)
def test_every_spelling_of_a_need_is_understood(
    dependency: str, needed: int | None, tmp_path: Path
) -> None:
    folder = prefix(tmp_path / "env", [package("foo", "1", "h_0", "python", dependency)])
    assert read(folder).needed == needed
    severity = [f.severity for f in judged(folder, HASWELL)]
    assert severity == ([ERROR] if (needed or 0) > 3 else [])


NEED = '"_x86_64-microarch-level >=4"'
LAYOUTS = [
    '{"name": "foo", "version": "1", "\\u0064epends": [NEED]}',
    '{"name": "foo", "version": "1", "depends": ["_x86_64-microarch\\u002dlevel >=4"]}',
    '{"link": {"depends": ["python"]}, "name": "foo", "version": "1", "depends": [NEED]}',
    '{"depends": ["python"], "name": "foo", "version": "1", "depends": [NEED]}',
    '{"files": ["depends", "a"], "name": "foo", "version": "1", "depends": ["a", NEED]}',
    '{"name": "foo", "version": "1", "track_features": null, "constrains": null, '
    '"build_number": "0", "channel": {}, "depends": [NEED]}',
    '{"name": "bench-microarch-level", "version": "1", "depends": [NEED]}',
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_needs_are_found_in_every_legal_layout(layout: str, tmp_path: Path) -> None:
    text = layout.replace("NEED", NEED)
    folder = prefix(tmp_path / "env", [("foo", "1", "0", text)])
    assert read(folder).needed == 4


POWER9 = scenes.archspec_sample("linux-rhel8-power9")


@pytest.mark.parametrize(
    ("requirement", "cpu", "severity"),
    [(">=9", POWER9, None), (">=10", POWER9, ERROR), (">=8", POWER9, None),
     (">=9", HASWELL, UNKNOWN)],
)  # fmt: skip
def test_power_is_compared_with_power_only(
    requirement: str, cpu: str, severity: Severity | None, tmp_path: Path
) -> None:
    need = f"_ppc64le-microarch-level {requirement}"
    folder = prefix(tmp_path / "env", [package("foo", "1", "h_0", need)])
    assert [f.severity for f in judged(folder, cpu)] == ([severity] if severity else [])


def test_one_odd_record_hides_no_error(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(HASWELL)
    nameless = '{"name": "", "version": "", "build": "", "depends": [NEED]}'.replace("NEED", NEED)
    odd = prefix(tmp_path / "odd", [("a", "1", "0", nameless)])
    huge = "9" * 5000
    flags = ("x86_64-microarch-level", "9", "0",
             json.dumps({"name": "x86_64-microarch-level", "version": huge}))  # fmt: skip
    big = prefix(tmp_path / "big", [flags])
    plain = prefix(tmp_path / "plain#1", [graph_tool(4)])
    also = prefix(tmp_path / "plain", [graph_tool(1)])
    words = ("envs", "--cpuinfo", str(tmp_path / "cpuinfo"), *map(str, (odd, big, also, plain)))
    env = replay.surroundings(tmp_path / "home")
    run = replay.doctor(*words, "--json", env=env)
    assert run.status == 1
    states = {row["path"]: row["state"] for row in run.document["environments"]}
    assert states == {str(odd): "unknown", str(big): "note", str(also): "ok", str(plain): "error"}
    said = replay.doctor(*words, env=env).stdout
    assert said.startswith("1 of 4 known needs a higher level than this CPU has.\n")


def test_a_check_that_breaks_keeps_what_it_found_and_is_said_in_words() -> None:
    class Broken:
        ID, GROUP, SYMPTOM, CAUSE, DETECTED = "broken", "envdoctor", "", "", ""
        REMEDIES: tuple[str, ...] = ()
        SOURCES: tuple[str, ...] = ()

        def check(self, report: Report) -> Iterator[Finding]:
            yield Finding("broken", "one", ERROR, "title", "consequence")
            raise ValueError("two")

    report = Report("0", "x", on(HASWELL), environments=(Environment("/env", "given", 1),))
    found = checks.examined(Broken(), report)
    assert [(f.subject, f.severity) for f in found] == [("one", ERROR), ("envdoctor", UNKNOWN)]
    judged_so = replace(report, findings=tuple(found))
    assert rows.verdict(judged_so, Environment("/env", "given", 1))[0] == "UNKNOWN"
    assert "None of 1 known could be judged." in list(rows.plain(judged_so))
    assert any("broke: ValueError: two" in line for line in rows.plain(judged_so))


@pytest.mark.parametrize(
    ("channel", "old"),
    [("https://repo.anaconda.com/pkgs/main/noarch", True), ("defaults", True),
     ("pkgs/main", True), ("https://mirror.org/anaconda/pkgs/main/linux-64", True),
     ("https://conda.anaconda.org/conda-forge/label/main/noarch", False),
     ("https://conda.anaconda.org/maintainers/noarch", False), ("conda-forge", False)],
)  # fmt: skip
def test_which_channels_are_defaults(channel: str, old: bool, tmp_path: Path) -> None:
    folder = prefix(tmp_path / "env", [level(3, channel=channel)])
    found = {f.check for f in judged(folder, HASWELL)}
    assert ("old-metapackage-from-defaults" in found) == old


SECRET_CHANNELS = (
    "https://user:p@ssw0rdSECRET@h.org/c", "https://h.org/t/SECRET/c", "https://SECRET@h.org/c",
    "https://h.org/c?token=SECRET", "user:SECRET@h.org/c", "t/SECRET/pkgs/main",
    "https://h.org/T/SECRET/c", "https://h.org/c#SECRET",
)  # fmt: skip


@pytest.mark.parametrize("channel", SECRET_CHANNELS)
def test_no_secret_of_a_channel_is_shown(channel: str, tmp_path: Path) -> None:
    need = (
        f"{channel}::_x86_64-microarch-level >=4"
        if "://" in channel and "#" not in channel
        else "a"
    )
    content = [level(3, channel=channel), package("foo", "1", "h_0", need)]
    folder = prefix(tmp_path / "env", content)
    env = replay.surroundings(tmp_path / "home")
    for words in (("envs", "--json", str(folder)), ("envs", str(folder))):
        said = replay.doctor(*words, env=env)
        assert "SECRET" not in said.stdout + said.stderr
        assert "h.org" in said.stdout or channel.startswith("t/")


# --- what could not be looked at -------------------------------------------------------------


def known(home: Path, **more: str) -> dict[str, Any]:
    return replay.doctor("envs", "--json", env=replay.surroundings(home, env=more)).document


@pytest.mark.parametrize("content", [b"/gone\n\0\n", b"x" * (9 * 2**20), None])
def test_a_list_of_environments_that_cannot_be_read_is_unknown(
    content: bytes | None, tmp_path: Path
) -> None:
    registry = tmp_path / "home" / ".conda" / "environments.txt"
    registry.parent.mkdir(parents=True)
    registry.write_bytes(content) if content is not None else registry.mkdir()
    rows = {row["path"]: row["state"] for row in known(tmp_path / "home")["environments"]}
    assert rows[str(registry)] == "unknown"


def test_a_mark_at_the_start_of_the_list_is_no_part_of_a_path(tmp_path: Path) -> None:
    folder = prefix(tmp_path / "env", [level(1)])
    registry = tmp_path / "home" / ".conda" / "environments.txt"
    registry.parent.mkdir(parents=True)
    registry.write_text(f"\ufeff{folder}\n", encoding="utf-8")
    assert [row["path"] for row in known(tmp_path / "home")["environments"]] == [str(folder)]


def test_an_active_prefix_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    rows = known(tmp_path / "home", CONDA_PREFIX=str(tmp_path / "file"))["environments"]
    assert [(row["path"], row["state"]) for row in rows] == [(str(tmp_path / "file"), "unknown")]


@pytest.mark.skipif(os.geteuid() == 0, reason="needs a user who may not read everything")
def test_a_registered_prefix_that_may_not_be_entered_is_unknown(tmp_path: Path) -> None:
    folder = prefix(tmp_path / "locked" / "env", [level(1)])
    registry = tmp_path / "home" / ".conda" / "environments.txt"
    registry.parent.mkdir(parents=True)
    registry.write_text(f"{folder}\n")
    folder.parent.chmod(0)
    try:
        rows = known(tmp_path / "home")["environments"]
    finally:
        folder.parent.chmod(0o755)
    assert [(row["path"], row["state"]) for row in rows] == [(str(folder), "unknown")]


def test_a_prefix_that_is_named_twice_is_shown_once(tmp_path: Path) -> None:
    folder = str(prefix(tmp_path / "env", [level(1)]))
    _, document = envs(replay.surroundings(tmp_path / "home"), folder, f"{folder}/", folder)
    assert len(document["environments"]) == 1
