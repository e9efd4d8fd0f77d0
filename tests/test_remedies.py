"""Each remedy as it is offered for what is installed; where it does not apply it says why."""

from collections.abc import Mapping

import pytest

from doctor.clients import BY_KIND
from doctor.examine import examine
from doctor.explain import place
from doctor.fix.trial import tried
from doctor.host.live import LiveHost
from doctor.model import Client, Cost, Edit, Finding, Remedy, Report, Run, Severity, Transcript
from doctor.remedies import (
    BY_NAME,
    REMEDIES,
    archspec_in_base,
    correct_line,
    matched_set,
    override_for_one_command,
    pixi_platform,
    upgrade_client,
    use_another_client,
    use_another_solver,
)
from doctor.report.remedies import details
from doctor.virtual import Situation
from tests import scenes
from tests.replayed import LEVEL
from tests.scenes import bare
from tests.test_checks import HASWELL, ROOT, info, packages, with_conda, with_micromamba


def client(kind: str, version: str, path: str, **fields: str | None) -> Client:
    """A client of this version with its rule, wherever it stands."""
    machine = examine(scenes.recorded(bare())).machine
    situation = Situation(machine.cpu, machine.system, {})
    parts: Mapping[str, str] = {}
    prediction = BY_KIND[kind].predict(version, parts, situation, None, 4)
    return Client(kind, kind, path, version=version, prediction=prediction, **fields)  # type: ignore[arg-type]


def test_every_remedy_has_a_name_a_title_and_a_reason_of_its_own() -> None:
    assert len(BY_NAME) == len(REMEDIES)
    assert len({kind.TITLE for kind in REMEDIES}) == len(REMEDIES)
    for kind in REMEDIES:
        assert kind.__name__.rpartition(".")[2].replace("_", "-") == kind.NAME  # type: ignore[attr-defined]
        assert len(kind.TITLE) <= 44  # as many as a row of the guide has
        assert kind.WHY.endswith(".")


# --- upgrade, by the way it was installed ----------------------------------------------------

UPGRADES = [
    ("micromamba", "1.5.8", "/home/u/.local/bin/micromamba", {},
     "/home/u/.local/bin/micromamba self-update -c conda-forge", Cost.PROGRAM, True),
    ("micromamba", "0.27.0", "/home/u/bin/micromamba", {}, None, Cost.PROGRAM, False),
    ("micromamba", "1.5.8", "/opt/homebrew/bin/micromamba", {},
     "brew upgrade micromamba", Cost.PROGRAM, True),
    ("micromamba", "1.5.8", "/usr/local/bin/micromamba",
     {"real": "/usr/local/Cellar/micromamba/1.5.8/bin/micromamba"},
     "brew upgrade micromamba", Cost.PROGRAM, True),
    ("micromamba", "1.5.8", "/home/u/.pixi/bin/micromamba",
     {"real": "/home/u/.pixi/envs/micromamba/bin/micromamba"},
     "pixi global update micromamba", Cost.PROGRAM, True),
    ("micromamba", "1.5.8", "/usr/bin/micromamba", {},
     "/usr/bin/micromamba self-update -c conda-forge", Cost.PROGRAM, True),
    ("micromamba", "1.5.8", "/opt/conda/bin/micromamba", {"installed_in": "/opt/conda"},
     "conda update -p /opt/conda micromamba", Cost.BASE, False),
    ("mamba", "1.5.8", "/opt/conda/bin/mamba", {"root": "/opt/conda"},
     "/opt/conda/bin/conda install -n base -c conda-forge 'mamba>=2' "
     "'conda-libmamba-solver>=24.11'", Cost.BASE, False),
    ("mamba", "2.0.0", "/opt/conda/bin/mamba", {"root": "/opt/conda"},
     "/opt/conda/bin/mamba update -n base mamba libmamba", Cost.BASE, False),
    ("conda", "22.11.0", "/opt/conda/bin/conda", {"root": "/opt/conda"},
     "/opt/conda/bin/conda update -n base conda", Cost.BASE, False),
    ("conda", "4.12.0", "/usr/bin/conda", {"root": "/usr"},
     "command -v conda", Cost.PROGRAM, False),
    ("pixi", "0.42.0", "/home/u/.pixi/bin/pixi", {}, "/home/u/.pixi/bin/pixi self-update",
     Cost.PROGRAM, True),
    ("pixi", "0.42.0", "/usr/bin/pixi", {}, "command -v pixi", Cost.PROGRAM, False),
    ("rattler", "0.3.0", "/v/bin/python", {"python": "/v/bin/python", "root": "/v"},
     "/v/bin/python -m pip install --upgrade py-rattler", Cost.PROGRAM, False),
    ("micromamba", "1.5.8", "C:\\My Tools\\micromamba.exe", {},
     '& "C:\\My Tools\\micromamba.exe" self-update -c conda-forge', Cost.PROGRAM, True),
]  # fmt: skip


@pytest.mark.parametrize("row", UPGRADES, ids=lambda row: f"{row[0]}-{row[2]}")
def test_a_client_is_upgraded_by_the_way_it_was_installed(
    row: tuple[str, str, str, dict[str, str | None], str | None, Cost, bool],
) -> None:
    kind, version, path, fields, command, cost, applicable = row
    (remedy,) = upgrade_client.offer(client(kind, version, path, **fields))
    assert remedy.command == command
    assert remedy.cost is cost
    assert remedy.applicable is applicable
    assert remedy.network
    assert "mamba self-update" not in (remedy.command or "").replace("micromamba", "m")


def test_a_client_that_no_rule_upgrades_is_advised_to_be_upgraded() -> None:
    """A new kind of client must not break the checks that advise an upgrade."""
    (remedy,) = upgrade_client.offer(Client("snek", "snek", "/opt/bin/snek", version="1.0.0"))
    assert remedy.text == "Upgrade snek in the way in which it was installed."
    assert (remedy.command, remedy.applicable) == (None, False)


def test_the_smallest_step_of_mamba_1_is_offered_where_it_helps() -> None:
    old = client("mamba", "1.5.8", "/opt/conda/bin/mamba", root="/opt/conda")
    (remedy,) = upgrade_client.offer(old, within_one=True)
    assert remedy.command == (
        "/opt/conda/bin/conda install -n base -c conda-forge 'mamba>=1.5.10,<2'"
    )


@pytest.mark.parametrize(
    ("version", "undo"),
    [("23.3.1", "/c remove -n base archspec"), ("24.9.2", "/p -m pip uninstall archspec"),
     ("25.1.0", "none: this conda depends on archspec")],
)  # fmt: skip
def test_what_was_installed_by_one_program_is_not_removed_by_another(
    version: str, undo: str
) -> None:
    machine = examine(scenes.recorded(bare()))
    remedy = archspec_in_base.install(machine, client("conda", version, "/c", python="/p"))
    assert remedy.undo == undo


def test_an_old_micromamba_has_no_command_that_removes_an_environment() -> None:
    old, new = (client("micromamba", version, "/m") for version in ("0.27.0", "1.0.0"))
    assert use_another_client.instead(new, old).undo.startswith("delete the folder")
    assert use_another_client.instead(old, new).undo == "/m env remove -n test"


# --- the others ------------------------------------------------------------------------------


def test_the_override_is_for_clients_that_read_it_and_levels_that_are_known() -> None:
    new = client("micromamba", "2.8.1", "/m")
    (remedy,) = override_for_one_command.offer(new, "x86_64_v2", "why")
    assert remedy.command == f"CONDA_OVERRIDE_ARCHSPEC=x86_64_v2 /m create -n test {LEVEL}"
    assert override_for_one_command.offer(new, None, "why") == []
    for kind, version in (("micromamba", "1.5.12"), ("conda", "22.11.0"), ("pixi", "0.77.0"),
                          ("rattler", "0.28.0")):  # fmt: skip
        other = client(kind, version, "/x")
        assert override_for_one_command.offer(other, "x86_64_v2", "why") == []
        (blocked,) = override_for_one_command.not_for(other)
        assert blocked.blocked and not blocked.applicable
        assert blocked.steps == ()
        assert list(details(blocked)) == [f"Not for you: {blocked.blocked}."]


def with_pixi(version: str, cpuinfo: str | None = None) -> Report:
    scene = bare(cpuinfo).program("/opt/bin/pixi", info(version, packages("x86_64_v4")))
    scene.programs["/opt/bin/pixi"] = Transcript(
        (), {}, 0, f'{{"version": "{version}", "virtual_packages": ["__archspec=1=x86_64_v4"]}}',
        "", 0.1,
    )  # fmt: skip
    return examine(scenes.recorded(scene))


@pytest.mark.parametrize("version", ["0.18.0", "0.41.0", "0.70.1"])
def test_an_old_pixi_has_no_such_platforms(version: str) -> None:
    (remedy,) = pixi_platform.offer(with_pixi(version))
    assert remedy.blocked == f"pixi {version} has no such platforms: upgrade it first"
    assert remedy.steps == ()


@pytest.mark.parametrize("version", ["0.71.0", "0.77.0"])
def test_a_newer_pixi_is_told_with_its_own_command_and_the_trial_flips(version: str) -> None:
    report = with_pixi(version)
    (remedy,) = pixi_platform.offer(report)
    assert remedy.command == (
        "/opt/bin/pixi workspace platform add linux-64-v3=linux-64 --archspec x86_64_v3"
    )
    assert not remedy.applicable and "manifest" in remedy.by_hand
    reference = LiveHost({"@channel@": place})
    found = tried(reference, reference, report, remedy)
    reference.close()
    assert found is not None
    assert [answered.attempt.installs for answered in found.before] == [False]
    assert [answered.attempt.installs for answered in found.after] == [True]


def test_no_level_is_declared_that_the_cpu_does_not_have() -> None:
    assert (
        pixi_platform.offer(with_pixi("0.77.0", scenes.archspec_sample("linux-scientific7-k10")))
        == []
    )
    (remedy,) = pixi_platform.offer(with_pixi("0.77.0", HASWELL))
    assert "x86_64_v4" not in f"{remedy.text} {remedy.command}"


def test_another_solver_needs_its_plugin() -> None:
    conda = examine(scenes.recorded(with_conda(bare(), "26.7.1", "x86_64_v4"))).clients[0]
    (blocked,) = use_another_solver.offer(conda, "rattler", "why")
    assert blocked.blocked == "conda-rattler-solver is not in its base"
    (classic,) = use_another_solver.offer(conda, "classic", "why")
    assert classic.command == f"{ROOT}/bin/conda create -n test --solver classic {LEVEL}"
    old = client("conda", "4.12.0", "/c")
    assert use_another_solver.offer(old, "classic", "why") == []


def test_the_rattler_solver_takes_a_lower_level_on_a_newer_cpu() -> None:
    """As measured with conda 26.7.1: `<=2` is refused by classic, rattler takes the level build."""
    scene = with_conda(bare(), "26.7.1", "x86_64_v4")
    scene.files[f"{ROOT}/conda-meta/conda-rattler-solver-0.2.0-0.json"] = "{}"
    scene.files[f"{scenes.HOME}/environment.yml"] = f"dependencies:\n  - {LEVEL}=2\n"
    host = scenes.recorded(scene)
    report = examine(host)
    (found,) = [f for f in report.findings if f.severity is Severity.ERROR]
    assert found.check == "level-lower-than-host-not-installable"
    reference = LiveHost({"@channel@": place})
    outcomes = {
        name: tried(host, reference, report, remedy)
        for name, remedy in found.options.items()
        if remedy.trial
    }
    reference.close()
    assert set(outcomes) == {"correct-line", "override-for-one-command", "use-another-solver"}
    for outcome in outcomes.values():
        assert outcome is not None and outcome.works
    solver = outcomes["use-another-solver"]
    assert solver is not None
    assert [a.attempt.installs for a in (*solver.before, *solver.after)] == [False, True]


def test_parts_of_a_base_are_updated_together_and_by_hand() -> None:
    conda = client("conda", "24.1.0", "/opt/conda/bin/conda", root="/opt/conda")
    remedy = matched_set.offer(conda)
    assert remedy.command == (
        "CONDA_NO_PLUGINS=true /opt/conda/bin/conda install --solver classic -n base "
        "conda-libmamba-solver libmambapy"
    )
    assert not remedy.applicable


# --- lines of files --------------------------------------------------------------------------


def in_project(name: str, text: str) -> list[Finding]:
    scene = with_micromamba(bare(HASWELL, level=3), "2.8.1", "x86_64_v3")
    scene.files[f"{scenes.HOME}/{name}"] = text
    return [f for f in examine(scenes.recorded(scene)).findings if name in f.subject]


def edits(found: list[Finding]) -> list[tuple[Remedy, Edit]]:
    return [(r, s) for f in found for r in f.remedies for s in r.steps if isinstance(s, Edit)]


def test_a_line_is_shown_as_a_diff_of_the_whole_path() -> None:
    ((remedy, edit),) = edits(
        in_project("environment.yml", f"dependencies:\n  - {LEVEL}=3=2_zen2\n")
    )
    assert str(edit) == (f"--- {scenes.HOME}/environment.yml\n@@ -2 @@\n-  - {LEVEL}=3=2_zen2")
    assert remedy.applicable
    assert remedy.undo


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pixi.toml", '[workspace]\nname = "x"\nchannels = []\nplatforms = ["linux-64"]\n'
                      '[system-requirements]\narchspec = "x86_64_v3"\n'),
        ("pyproject.toml", '[tool.pixi.workspace]\nname = "x"\nchannels = []\n'
                           'platforms = ["linux-64"]\n'
                           '[tool.pixi.system-requirements]\narchspec = "x86_64_v3"\n'),
    ],
)  # fmt: skip
def test_manifests_are_shown_and_never_edited(name: str, text: str) -> None:
    found = edits(in_project(name, text))
    assert found
    for remedy, _ in found:
        assert not remedy.applicable
        assert "never edits a manifest" in remedy.by_hand


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (f"  - {LEVEL}=3=2_zen2  # mine", f"{LEVEL}=3=2_zen2"),
        (f'  - "{LEVEL} >=3"', f"{LEVEL} >=3"),
        (f"RUN mamba install -y {LEVEL}=1 && true", f"{LEVEL}=1"),
        (f"https://example.org/noarch/{LEVEL}-3-2_zen2.conda", None),
        ("  - numpy", None),
    ],
)
def test_the_requirement_of_a_line(line: str, asked: str | None) -> None:
    assert correct_line.asked(line) == asked


def test_commands_are_spelt_for_the_shell_they_are_for() -> None:
    assert str(Run(("/a b/conda", "x>=1"), {"A": "1 2"}, ("B",))) == (
        "A='1 2' env -u B '/a b/conda' 'x>=1'"
    )
    assert str(Run(("C:\\conda.exe", "create", "x>=1"), {"A": "1"})) == (
        "$env:A=\"1\"; C:\\conda.exe create 'x>=1'; Remove-Item Env:A"
    )
