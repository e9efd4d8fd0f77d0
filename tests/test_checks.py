"""Every check on a staged machine: severity, subject, remedies; advice that must not be given."""

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module

import pytest

from doctor import checks, microarch, reach
from doctor.examine import examine
from doctor.model import Client, Finding, Report, Severity, Transcript
from doctor.naming import meant
from doctor.remedies import upgrade_client
from doctor.version import at_least
from tests.scenes import (
    CONDA_PARTS,
    HOME,
    MAMBA_PARTS,
    Scene,
    archspec_sample,
    bare,
    conda_probe,
    cpuinfo_of_recordings,
    healthy,
    hyphen,
    probe,
    recorded,
    transcript,
)

OVERRIDE = "CONDA_OVERRIDE_ARCHSPEC"
ROOT = f"{HOME}/miniforge3"
ASSIGNED = re.compile(r"CONDA_OVERRIDE_ARCHSPEC=([\w-]+)")
HASWELL = archspec_sample("linux-rhel7-haswell")
ALDERLAKE = archspec_sample("linux-ubuntu24.04-alderlake")
ZEN4 = archspec_sample("linux-rocky8.5-zen4")


# --- staging ---------------------------------------------------------------------------------


def packages(build: str, *more: str) -> list[str]:
    return ["__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0", f"__archspec=1={build}", *more]


def info(version: str, rows: Iterable[str]) -> Transcript:
    """What micromamba or mamba 2 prints with `info --json`."""
    said = json.dumps({"libmamba version": version, "virtual packages": list(rows)})
    return Transcript((), {}, 0, said, "", 0.03)


def with_micromamba(scene: Scene, version: str, build: str, folder: str = "/opt/bin") -> Scene:
    return scene.program(f"{folder}/micromamba", info(version, packages(build)))


def with_conda(
    scene: Scene, version: str, build: str, archspec: str | None = "0.2.7", root: str = ROOT
) -> Scene:
    parts = {"conda": version, "python": "3.12.7"} | ({"archspec": archspec} if archspec else {})
    more = [f"__conda={version}=0"] if at_least(version, "23.11.0") else []
    scene.program(f"{root}/bin/conda", None)
    return scene.root(root, parts, probe(packages(build, *more), conda_version=version))


def with_mamba1(scene: Scene, version: str, build: str) -> Scene:
    scene.program(f"{ROOT}/bin/mamba", None)
    parts = {"mamba": version, "libmambapy": version, "conda": "24.7.1", "archspec": "0.2.5"}
    return scene.root(ROOT, parts, probe(packages(build)))


def masked(*features: str) -> str:
    """The recording machine without some features."""
    return re.sub(rf"\b({'|'.join(features)})\b ?", "", cpuinfo_of_recordings())


def only_old() -> Scene:
    said = transcript("micromamba", "1.5.8", "A_info_json")
    return bare().program("/opt/bin/micromamba", said)


def old_mamba() -> Scene:
    return with_mamba1(bare(), "1.5.8", "x86_64-v4")


def new_cpu() -> Scene:
    scene = with_conda(bare(ALDERLAKE, level=3), "26.7.1", "alderlake")
    return with_micromamba(scene, "2.8.1", "x86_64_v3")


def new_cpu_alone() -> Scene:
    return with_conda(bare(ALDERLAKE, level=3), "26.7.1", "alderlake")


def new_cpu_old_conda() -> Scene:
    return with_conda(bare(ALDERLAKE, level=3), "23.1.0", "alderlake")


def override(value: str, cpuinfo: str | None = None) -> Scene:
    scene = bare(cpuinfo, {OVERRIDE: value})
    scene = with_conda(scene, "26.7.1", value)
    return with_micromamba(scene, "2.8.1", value)


def override_empty() -> Scene:
    scene = bare(env={OVERRIDE: ""})
    return with_micromamba(scene, "2.8.1", "0")


def override_ignored() -> Scene:
    scene = with_conda(bare(env={OVERRIDE: "x86_64_v3"}), "26.7.1", "x86_64_v3")
    return with_micromamba(scene, "1.5.12", "x86_64_v4")


def override_ignored_by_both() -> Scene:
    scene = with_conda(bare(env={OVERRIDE: "x86_64_v3"}), "23.1.0", "x86_64_v4")
    return with_micromamba(scene, "1.5.12", "x86_64_v4")


def override_unreadable() -> Scene:
    scene = Scene(None, {OVERRIDE: "x86_64_v3"})
    return with_micromamba(scene, "2.8.1", "x86_64_v3")


def level_one() -> Scene:
    return with_micromamba(with_conda(bare(), "26.7.1", "x86_64_v4"), "1.5.1", "x86_64")


def level_one_alone() -> Scene:
    return with_micromamba(bare(), "1.5.1", "x86_64")


def no_archspec() -> Scene:
    scene = bare().program(f"{ROOT}/bin/conda", None)
    failed = Transcript((), {}, 1, "", "ModuleNotFoundError: No module named 'archspec'", 0.3)
    return scene.root(ROOT, {"conda": "26.7.1", "python": "3.12.7"}, failed)


def no_archspec_old() -> Scene:
    return with_conda(bare(), "23.3.1", "x86_64", archspec=None)


def conda_22_11() -> Scene:
    scene = bare().program(f"{ROOT}/bin/conda", None)
    rows = ["__linux=6.18.44=0", "__glibc=2.36=0", "__archspec=x86_64_v4=0"]
    parts = {"conda": "22.11.0", "archspec": "0.2.7"}
    return scene.root(ROOT, parts, probe(rows, conda_version="22.11.0"))


def movbe_hidden() -> Scene:
    scene = with_conda(bare(masked("movbe"), level=2), "26.7.1", "x86_64_v2")
    return with_micromamba(scene, "2.8.1", "x86_64_v4")


def movbe_hidden_old() -> Scene:
    return with_micromamba(bare(masked("movbe"), level=2), "1.5.12", "x86_64_v4")


def hygon() -> Scene:
    text = cpuinfo_of_recordings().replace("AuthenticAMD", "HygonGenuine")
    return with_micromamba(bare(text), "2.8.1", "x86_64")


def two_roots() -> Scene:
    scene = with_conda(bare(ZEN4), "26.7.1", "zen4", root="/opt/a")
    return with_conda(scene, "23.3.1", "x86_64", archspec=None, root="/opt/b")


def two_alike() -> Scene:
    scene = with_micromamba(bare(), "2.8.1", "x86_64_v4", "/opt/a/bin")
    return with_micromamba(scene, "2.8.1", "x86_64_v4", "/opt/b/bin")


def different_reach() -> Scene:
    """A client Ice Lake as archspec 0.2.7 names it: builds take cannonlake for level 3 only."""
    return with_micromamba(with_conda(bare(), "26.7.1", "cannonlake"), "2.8.1", "x86_64_v4")


def foreign_target() -> Scene:
    scene = bare(env={"CONDA_SUBDIR": "linux-aarch64"})
    return with_micromamba(scene, "2.8.1", "aarch64")


def changed() -> Scene:
    return with_micromamba(bare(), "2.8.1", "x86_64_v2")


def changed_glibc() -> Scene:
    rows = [row.replace("2.36", "2.17") for row in packages("x86_64_v4")]
    return bare().program("/opt/bin/micromamba", info("2.8.1", rows))


def fixed_mamba1() -> Scene:
    return with_mamba1(bare(), "1.5.12", "x86_64_v4")


def mixed(*hidden: str) -> str:
    """A machine whose second processor lacks features."""
    first = cpuinfo_of_recordings().split("\n\n")[0]
    second = re.sub(rf"\b({'|'.join(hidden)})\b ?", "", first)
    return f"{first}\n\n{second}\n\n{second}\n"


def mixed_levels() -> Scene:
    return with_micromamba(bare(mixed("avx512vl")), "2.8.1", "x86_64_v4")


def mixed_levels_old() -> Scene:
    return with_micromamba(bare(mixed("avx512vl")), "1.5.12", "x86_64_v4")


def mixed_alike() -> Scene:
    return with_micromamba(bare(mixed("sha_ni")), "2.8.1", "x86_64_v4")


def mixed_new_cpu() -> Scene:
    first = ALDERLAKE.split("\n\n")[0]
    second = re.sub(r"\b(avx2|movbe)\b ?", "", first)
    return with_conda(bare(f"{first}\n\n{second}\n", level=2), "26.7.1", "alderlake")


def with_rattler(scene: Scene, build: str) -> Scene:
    """A py-rattler in the virtual environment whose Python is first on PATH."""
    scene.files["/opt/venv/lib/python3.12/site-packages/py_rattler-0.28.0.dist-info/METADATA"] = ""
    said = probe(packages(build), rattler_version="0.28.0")
    return scene.program("/opt/venv/bin/python3", None).program("/opt/venv/bin/python", said)


def misspelt_rattler() -> Scene:
    return with_rattler(bare(env={OVERRIDE: "x86-64-v3"}), "x86_64_v4")


def mixed_rattler() -> Scene:
    return with_rattler(bare(mixed("avx512vl")), "x86_64_v4")


def hanging() -> Scene:
    said = Transcript((), {}, None, "", "", 10.0, "did not answer within 10 s and was stopped")
    return healthy().program("/opt/bin/pixi", said)


def unreadable() -> Scene:
    return Scene(None)


SICK: dict[str, Callable[[], Scene]] = {
    "hyphen": hyphen, "only-old": only_old, "old-mamba": old_mamba, "new-cpu": new_cpu,
    "new-cpu-alone": new_cpu_alone, "new-cpu-old-conda": new_cpu_old_conda,
    "override-lower": lambda: override("x86_64_v2"), "override-own": lambda: override("x86_64_v4"),
    "override-above": lambda: override("x86_64_v4", HASWELL),
    "override-family": lambda: override("m1"), "override-unreadable": override_unreadable,
    "misspelt": lambda: override("x86-64-v3"),
    "misspelt-above": lambda: override("x86-64-v4", HASWELL),
    "misspelt-far": lambda: override("best"), "override-empty": override_empty,
    "override-zero": lambda: override("0"), "ignored": override_ignored,
    "ignored-by-both": override_ignored_by_both, "level-one": level_one,
    "level-one-alone": level_one_alone, "no-archspec": no_archspec,
    "no-archspec-old": no_archspec_old, "conda-22.11": conda_22_11, "movbe": movbe_hidden,
    "movbe-old": movbe_hidden_old, "hygon": hygon, "two-roots": two_roots, "two-alike": two_alike,
    "reach": different_reach, "foreign": foreign_target, "changed": changed,
    "changed-glibc": changed_glibc, "mamba1": fixed_mamba1,
    "mixed": mixed_levels, "mixed-old": mixed_levels_old, "mixed-alike": mixed_alike,
    "mixed-new-cpu": mixed_new_cpu, "mixed-rattler": mixed_rattler,
    "misspelt-rattler": misspelt_rattler,
    "hanging": hanging, "unreadable": unreadable,
}  # fmt: skip


def named_cpu() -> Scene:
    scene = with_conda(bare(ZEN4), "26.7.1", "zen4")
    return with_micromamba(scene, "2.8.1", "x86_64_v4")


def one_micromamba() -> Scene:
    return with_micromamba(bare(), "2.8.1", "x86_64_v4")


def old_cpu() -> Scene:
    text = archspec_sample("linux-scientific7-k10")
    scene = with_conda(bare(text, level=1), "26.7.1", "k10")
    return with_micromamba(scene, "1.5.8", "x86_64")


def conda_and_mamba2() -> Scene:
    scene = bare().program(f"{ROOT}/bin/conda", None)
    scene.root(ROOT, {**CONDA_PARTS, **MAMBA_PARTS}, conda_probe("26.7.1"))
    return scene.program(f"{ROOT}/bin/mamba", transcript("mamba", "2.8.1", "A_info_json"))


WELL: dict[str, Callable[[], Scene]] = {
    "healthy": healthy, "bare": bare, "named-cpu": named_cpu, "one-micromamba": one_micromamba,
    "old-cpu": old_cpu, "conda-and-mamba2": conda_and_mamba2,
}  # fmt: skip


@cache
def report(name: str) -> Report:
    return examine(recorded({**SICK, **WELL}[name]()))


def finding(name: str, identifier: str) -> Finding:
    found = {f.id: f for f in report(name).findings}
    assert identifier in found, sorted(found)
    return found[identifier]


def commands(given: Finding) -> list[str]:
    return [remedy.command for remedy in given.remedies if remedy.command]


# --- what each check finds -------------------------------------------------------------------

ERROR, WARNING, UNKNOWN, NOTE = Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.NOTE

# scene, finding, severity, and how each command of its remedies begins
EXPECTED: list[tuple[str, str, Severity, list[str]]] = [
    ("reach", "clients-differ-in-level:clients", NOTE, []),
    ("foreign", "conda-subdir-cross-solve:subdir", NOTE, []),
    ("hyphen", "mamba-hyphen-archspec:micromamba", ERROR,
     [f"{ROOT}/bin/conda create ", f"{HOME}/.local/bin/micromamba self-update -c conda-forge"]),
    ("only-old", "mamba-hyphen-archspec:micromamba", ERROR,
     ["/opt/bin/micromamba self-update -c conda-forge"]),
    ("old-mamba", "mamba-hyphen-archspec:mamba", ERROR,
     [f"{ROOT}/bin/conda install -n base -c conda-forge 'mamba>=1.5.10,<2'"]),
    ("new-cpu", "cpu-unknown-to-feedstock:conda", ERROR,
     [f"{OVERRIDE}=x86_64_v3 {ROOT}/bin/conda create ", "/opt/bin/micromamba create ",
      f"{ROOT}/bin/conda install -n base 'archspec<0.2.7'"]),
    ("new-cpu-alone", "cpu-unknown-to-feedstock:conda", ERROR,
     [f"{OVERRIDE}=x86_64_v3 {ROOT}/bin/conda create ",
      f"{ROOT}/bin/conda install -n base 'archspec<0.2.7'"]),
    ("new-cpu-old-conda", "cpu-unknown-to-feedstock:conda", ERROR,
     [f"{ROOT}/bin/conda install -n base 'archspec<0.2.7'"]),
    ("override-lower", f"override-left-set:{OVERRIDE}", WARNING, [f"unset {OVERRIDE}"]),
    ("override-own", f"override-left-set:{OVERRIDE}", NOTE, [f"unset {OVERRIDE}"]),
    ("override-above", f"override-left-set:{OVERRIDE}", ERROR, [f"unset {OVERRIDE}"]),
    ("override-family", f"override-left-set:{OVERRIDE}", ERROR, [f"unset {OVERRIDE}"]),
    ("override-unreadable", f"override-left-set:{OVERRIDE}", UNKNOWN, [f"unset {OVERRIDE}"]),
    ("misspelt", f"override-misspelt:{OVERRIDE}", ERROR,
     [f"unset {OVERRIDE}", f"{OVERRIDE}=x86_64_v3 "]),
    ("misspelt-above", f"override-misspelt:{OVERRIDE}", ERROR, [f"unset {OVERRIDE}"]),
    ("misspelt-far", f"override-misspelt:{OVERRIDE}", ERROR, [f"unset {OVERRIDE}"]),
    ("override-empty", f"empty-override-semantics:{OVERRIDE}", ERROR, [f"unset {OVERRIDE}"]),
    ("override-zero", f"empty-override-semantics:{OVERRIDE}", ERROR, [f"unset {OVERRIDE}"]),
    ("ignored", "override-ignored-by-old-micromamba:micromamba", WARNING,
     [f"{ROOT}/bin/conda create ", "/opt/bin/micromamba self-update -c conda-forge"]),
    ("ignored-by-both", "override-ignored-by-old-micromamba:micromamba", WARNING,
     ["/opt/bin/micromamba self-update -c conda-forge"]),
    ("level-one", "micromamba-pre-153-always-x86_64:micromamba", WARNING,
     [f"{ROOT}/bin/conda create ", "/opt/bin/micromamba self-update -c conda-forge"]),
    ("level-one-alone", "micromamba-pre-153-always-x86_64:micromamba", WARNING,
     ["/opt/bin/micromamba self-update -c conda-forge"]),
    ("no-archspec", "archspec-missing-in-base:conda", ERROR, [""]),
    ("no-archspec", "client-did-not-answer:conda", NOTE, []),
    ("no-archspec-old", "archspec-missing-in-base:conda", WARNING,
     [f"{ROOT}/bin/conda install -n base archspec"]),
    ("conda-22.11", "conda-too-old-or-buggy-window:conda", ERROR,
     [f"{ROOT}/bin/conda update -n base conda"]),
    ("movbe", "libmamba-vs-archspec-level-disagreement:micromamba", WARNING,
     [f"{OVERRIDE}=x86_64_v2 /opt/bin/micromamba create "]),
    ("movbe-old", "libmamba-vs-archspec-level-disagreement:micromamba", WARNING,
     ["/opt/bin/micromamba self-update -c conda-forge"]),
    ("hygon", "libmamba-vs-archspec-level-disagreement:micromamba", WARNING,
     [f"{OVERRIDE}=x86_64_v4 /opt/bin/micromamba create "]),
    ("two-roots", "several-conda-roots:conda", WARNING, ["/opt/a/bin/conda "]),
    ("two-alike", "several-conda-roots:micromamba", NOTE, ["/opt/a/bin/micromamba --version"]),
    ("changed", "reported-differs-from-predicted:micromamba", WARNING, []),
    ("changed-glibc", "reported-differs-from-predicted:micromamba", NOTE, []),
    ("mamba1", "mamba1-info-vs-solver:mamba", NOTE, []),
    ("mixed", "processors-differ:cpu", WARNING, ["CONDA_OVERRIDE_ARCHSPEC=x86_64_v3 "]),
    ("mixed-alike", "processors-differ:cpu", NOTE, []),
    ("healthy", "vm-masks-cpu-features:cpu", NOTE, []),
    ("hanging", "client-did-not-answer:pixi", UNKNOWN, ["/opt/bin/pixi --version"]),
    ("unreadable", "cpu-unreadable:cpu", UNKNOWN, ["head /proc/cpuinfo"]),
]  # fmt: skip


ELSEWHERE = (
    "tests.test_scenarios_clients", "tests.test_scenarios_environments",
)  # fmt: skip
"""Modules that stage checks of their own, which they list as SCENARIOS."""

STAGED = [pytest.param(*row, id=f"{row[0]}-{row[1].partition(':')[0]}") for row in EXPECTED]


@pytest.mark.parametrize(("name", "identifier", "severity", "begin"), STAGED)
def test_a_check_finds_what_was_staged(
    name: str, identifier: str, severity: Severity, begin: list[str]
) -> None:
    found = finding(name, identifier)
    assert found.severity is severity
    said = commands(found)
    assert len(said) == len(begin), said
    assert [c for c, b in zip(said, begin, strict=True) if not c.startswith(b)] == []


def test_every_check_was_staged() -> None:
    others = {scenario for name in ELSEWHERE for scenario in import_module(name).SCENARIOS}
    staged = {identifier.partition(":")[0] for _, identifier, _, _ in EXPECTED} | others
    elsewhere = {check.ID for check in (*checks.ENVIRONMENTS, *checks.PROJECTS)} - others
    assert staged == {check.ID for check in checks.CHECKS} - elsewhere
    assert elsewhere == {check.ID for check in checks.CHECKS} - staged


@pytest.mark.parametrize("name", [*SICK, *WELL])
def test_no_check_breaks(name: str) -> None:
    assert [f.title for f in report(name).findings if " broke: " in f.title] == []


@pytest.mark.parametrize("name", WELL)
def test_a_healthy_machine_has_neither_warning_nor_error(name: str) -> None:
    worst = {ERROR, WARNING, UNKNOWN}
    assert [f.id for f in report(name).findings if f.severity in worst] == []


@pytest.mark.parametrize("name", [*SICK, *WELL])
def test_findings_are_sorted_and_have_all_their_parts(name: str) -> None:
    found = report(name).findings
    assert [f.severity for f in found] == sorted(
        (f.severity for f in found), key=checks.ORDER.index
    )
    clients = {client.id for client in report(name).clients}
    for each in found:
        assert each.title and each.consequence and each.evidence
        assert each.remedies or each.severity is NOTE
        assert all(evidence.text and evidence.source for evidence in each.evidence)
        assert set(each.clients) <= clients
        assert len({f.id for f in found}) == len(found)


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.ID)
def test_a_check_can_be_run_alone(check: checks.Check) -> None:
    names = [name for name, identifier, _, _ in EXPECTED if identifier.startswith(f"{check.ID}:")]
    for name in names:
        found = checks.run(report(name), [check.ID])
        assert {f.check for f in found} == {check.ID}
    assert check.SYMPTOM and check.CAUSE


# --- what single findings say ----------------------------------------------------------------


def test_the_hyphen_says_both_spellings_and_that_the_override_does_not_help() -> None:
    found = finding("hyphen", "mamba-hyphen-archspec:micromamba")
    assert "x86_64-v4" in found.title
    assert "x86_64_v4" in found.title
    assert any("Do not set CONDA_OVERRIDE_ARCHSPEC" in remedy.text for remedy in found.remedies)


def test_a_hyphen_that_the_override_brought_is_a_misspelling_not_the_bug() -> None:
    assert "mamba-hyphen-archspec" not in {f.check for f in report("misspelt").findings}


def test_a_level_disagreement_names_the_deciding_feature() -> None:
    found = finding("movbe", "libmamba-vs-archspec-level-disagreement:micromamba")
    assert "movbe" in found.title
    assert "Illegal instruction" in found.consequence


def test_a_vendor_that_libmamba_does_not_know_is_no_missing_feature() -> None:
    found = finding("hygon", "libmamba-vs-archspec-level-disagreement:micromamba")
    assert "vendor" in found.title
    assert "slower" in found.consequence
    texts = [*(r.text for r in found.remedies), *(e.text for e in found.evidence)]
    assert not [text for text in texts if "lacks" in text or "lower" in text]


def test_an_override_above_the_cpu_ends_with_illegal_instruction() -> None:
    found = finding("override-above", f"override-left-set:{OVERRIDE}")
    assert "Illegal instruction" in found.consequence
    assert set(found.clients) == {"conda", "micromamba"}


@pytest.mark.parametrize("name", ["override-above", "override-family"])
def test_an_override_that_cannot_be_right_is_not_advised_for_one_command_either(name: str) -> None:
    found = finding(name, f"override-left-set:{OVERRIDE}")
    assert [r.text for r in found.remedies if re.search(r"\bset it for\b", r.text)] == []


def test_a_vendor_that_libmamba_knows_is_not_blamed() -> None:
    found = {f.check: f for f in report("changed").findings}
    said = found.get("libmamba-vs-archspec-level-disagreement")
    assert said is None or "vendor" not in said.title
    assert found["reported-differs-from-predicted"].severity is WARNING


def test_a_conda_that_cannot_install_is_not_told_to_install_with_itself() -> None:
    found = finding("no-archspec", "archspec-missing-in-base:conda")
    assert "install fail" in found.consequence
    assert [c for c in commands(found) if c.startswith(f"{ROOT}/bin/conda install")] == []


def test_differing_processors_name_the_shared_level() -> None:
    found = finding("mixed", "processors-differ:cpu")
    assert "x86_64_v3" in found.consequence
    assert "avx512vl" in found.title


def test_several_roots_say_which_is_first() -> None:
    found = finding("two-roots", "several-conda-roots:conda")
    assert "/opt/a/bin/conda" in found.consequence
    assert any("shadowed by /opt/a/bin/conda" in evidence.text for evidence in found.evidence)


# --- advice that must not be given ----------------------------

ALL = [*SICK, *WELL]


def advised(name: str) -> list[tuple[Finding, str]]:
    """Everything that a report tells its reader to do or to type."""
    return [
        (found, f"{remedy.text}\n{remedy.command or ''}")
        for found in report(name).findings
        for remedy in found.remedies
    ]


def allowed(name: str) -> set[str]:
    """Levels that all processors of that machine have."""
    machine, database = report(name).machine, microarch.installed()
    level = machine.shared_level
    return {level, *database.ancestors[level]} if level in database.targets and level else set()


@pytest.mark.parametrize("name", ALL)
def test_no_advice_overrides_upwards(name: str) -> None:
    database = microarch.installed()
    for _, text in advised(name):
        for value in ASSIGNED.findall(text):
            assert database.level(value) in allowed(name), text


def addressed(name: str, command: str) -> list[Client]:
    """The clients that a command runs, all of them if it names none."""
    clients = report(name).clients
    return [c for c in clients if f"{c.path} " in command] or list(clients)


@pytest.mark.parametrize("name", ALL)
def test_no_advice_offers_the_override_to_a_client_that_ignores_it(name: str) -> None:
    for _, text in advised(name):
        if ASSIGNED.search(text):
            assert any(reach.honours_override(c) for c in addressed(name, text)), text


@pytest.mark.parametrize("name", ALL)
def test_where_the_override_is_ignored_only_a_client_that_reads_it_is_offered(name: str) -> None:
    for found, text in advised(name):
        if found.check == "override-ignored-by-old-micromamba" and " create " in text:
            assert all(reach.honours_override(c) for c in addressed(name, text)), text


FORBIDDEN = (r"\bconda info\b", r"mamba self-update", r"system-requirements", r"\bexport\b",
             r"\brm -", r">> *~", r"--override-frozen", r"doctor .*--fix", r"\bsudo\b")  # fmt: skip
"""`conda info` rewrites the user's environments file; `mamba self-update` once replaced mamba."""


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_advice_does_lasting_harm(pattern: str) -> None:
    told = [text.replace("micromamba self-update", "") for name in ALL for _, text in advised(name)]
    assert told
    assert [text for text in told if re.search(pattern, text)] == []


def test_micromamba_is_told_to_update_itself_mamba_never() -> None:
    told = {(f.subject, text) for name in ALL for f, text in advised(name) if "self-update" in text}
    assert {subject for subject, _ in told} == {"micromamba"}


def test_a_newer_archspec_is_never_advised() -> None:
    told = [text for name in ALL for _, text in advised(name) if re.search(r"archspec *>=?", text)]
    assert told == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("x86-64-v3", "x86_64_v3"), ("X86_64-v3", "x86_64_v3"), (" zen2 ", "zen2"),
        ("znver2", "zen2"), ("znver3", "zen3"), ("skylake-avx512", "skylake_avx512"),
        ("icelake-server", "icelake"), ("icelake-client", "icelake"), ("amdfam10", "k10"),
        ("core-avx2", "x86_64_v3"), ("haswel", "haswell"), ("pwr9", "power9le"),
        ("native", None), ("best", None), ("", None),
    ],
)  # fmt: skip
def test_names_of_compilers_are_read_as_the_most_general_cpu(
    written: str, name: str | None
) -> None:
    assert meant(written) == name


@pytest.mark.parametrize("name", ["mixed-rattler", "misspelt-rattler"])
def test_a_library_is_not_told_to_create_environments(name: str) -> None:
    assert any(c.kind == "rattler" and not c.ours for c in report(name).clients)
    told = [text for _, text in advised(name)]
    assert told
    assert [text for text in told if "python" in text] == []


def test_on_windows_the_conda_beside_mamba_is_where_windows_keeps_it() -> None:
    path = "C:\\m f\\Library\\bin\\mamba.exe"
    mamba = Client("mamba", "mamba", path, version="1.5.8", root="C:\\m f")
    (remedy,) = upgrade_client.offer(mamba, within_one=True)
    assert remedy.command == (
        "& \"C:\\m f\\Scripts\\conda.exe\" install -n base -c conda-forge 'mamba>=1.5.10,<2'"
    )


@pytest.mark.parametrize("name", ALL)
def test_every_advised_client_is_installed(name: str) -> None:
    known = {client.path for client in report(name).clients} | {f"{ROOT}/bin/conda"}
    for found in report(name).findings:
        for command in commands(found):
            programs = [word for word in command.split() if word.startswith("/")]
            assert set(programs) - {"/proc/cpuinfo"} <= known
