"""Comparing: what differs, the level that all share, who holds the others back, what is unknown."""

import io
import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctor import microarch
from doctor.compare import NotComparable, compare, words_of
from doctor.compare.absent import LISTED
from doctor.compare.documents import NotAReport, document
from doctor.compare.facts import profile
from doctor.compare.files import named
from doctor.compare.folding import Fold
from doctor.compare.reading import FEW, Read, read
from doctor.model import Comparison, Difference, Lacking, Reach, Severity, Transcript
from doctor.report import comparison as text
from tests import fleets, scenes
from tests.test_checks import hanging, masked, mixed_levels
from tests.test_scenarios_clients import SCENES

V4 = ("avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl")


def staged(folder: Path, **machines: fleets.Staged) -> Comparison:
    return compare(fleets.saved(folder, **machines))


def of_documents(*documents: dict[str, Any]) -> Comparison:
    """Reports as they stand, called a, b, c."""
    fold = Fold()
    for name, content in zip("abcdefgh", documents, strict=False):
        data = json.dumps(content).encode()
        fold.add(name, Read(content["made"], "then", profile(document(data))))
    return fold.folded()


def row(comparison: Comparison, title: str) -> Difference:
    found = {difference.title: difference for difference in comparison.differences}
    assert title in found, sorted(found)
    return found[title]


def values(comparison: Comparison, title: str) -> dict[str | None, list[str]]:
    """Machines by what they have."""
    difference = row(comparison, title)
    return {g.value: list(comparison.members(g, difference)) for g in difference.groups}


def titles(comparison: Comparison) -> set[str]:
    return {difference.title for difference in comparison.differences}


def said(comparison: Comparison) -> str:
    return " ".join(text.sentences(comparison))


# --- alike -----------------------------------------------------------------------------------


def test_one_machine_as_bundle_recording_and_report_differs_in_nothing(tmp_path: Path) -> None:
    files = [
        fleets.save(tmp_path, "bundle.zip", fleets.bundle(scenes.hyphen)),
        fleets.save(tmp_path, "recording.json", fleets.bare_recording(scenes.hyphen)),
        fleets.save(tmp_path, "report.json", fleets.report(scenes.hyphen)),
    ]
    comparison = compare(files)
    assert comparison.differences == ()
    assert [kind.machines for kind in comparison.kinds] == [("bundle", "recording", "report")]
    assert comparison.shared_level == "x86_64_v4"
    assert said(comparison) == "All 3 machines have level x86_64_v4."
    assert "differ in nothing" in text.counts(comparison)
    assert comparison.same > 20


def test_two_alike_say_both(tmp_path: Path) -> None:
    comparison = staged(tmp_path, a=scenes.healthy, b=scenes.healthy)
    assert said(comparison) == "Both machines have level x86_64_v4."


@pytest.mark.parametrize("name", SCENES)
def test_a_stored_report_compares_as_its_recording_does(name: str, tmp_path: Path) -> None:
    path = fleets.save(tmp_path, "a.zip", fleets.bundle(SCENES[name]))
    stored, again = read(path, stored=True), read(path, stored=False)
    assert (stored.judged, again.judged) == ("then", "now")
    assert stored.profile == again.profile
    assert stored.made == again.made


def test_many_files_give_the_same_comparison_as_few(tmp_path: Path) -> None:
    kinds = (scenes.cluster, scenes.hyphen, scenes.healthy, fleets.unreadable)
    few = compare([fleets.fleet(tmp_path / "few", len(kinds), kinds)])
    many = compare([fleets.fleet(tmp_path / "many", 5 * len(kinds), kinds)])
    assert 5 * len(kinds) > FEW
    assert {m.judged for m in few.machines} == {"now"}
    assert {m.judged for m in many.machines} == {"then"}
    assert few.same == many.same

    def shape(comparison: Comparison, times: int) -> list[Any]:
        return [
            (d.title, d.severity, sorted((str(g.value), g.machines // times) for g in d.groups))
            for d in comparison.differences
        ]

    assert shape(few, 1) == shape(many, 5)


# --- levels ----------------------------------------------------------------------------------


def test_the_first_sentence_says_the_shared_level_and_who_holds_whom_back(tmp_path: Path) -> None:
    for number, staging in zip(range(40), cycle([fleets.v4]), strict=False):
        kind = fleets.v3 if number in (7, 20, 33) else staging
        fleets.save(tmp_path, f"node{number:02}.zip", fleets.bundle(kind))
    comparison = compare([str(tmp_path)])
    assert next(text.sentences(comparison)) == (
        "All 40 machines have level x86_64_v3; node07 and 2 more hold back 37 that have x86_64_v4: "
        f"they lack {' '.join(V4)}."
    )
    assert comparison.shared_level == "x86_64_v3"
    assert comparison.families[0].holding == (Lacking(("node07", "node20", "node33"), V4),)
    assert comparison.families[0].held_back == 37


def test_of_two_the_slower_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    comparison = staged(tmp_path, old=fleets.v3, new=fleets.v4)
    assert said(comparison) == (
        "Both machines have level x86_64_v3; old holds back new, which has x86_64_v4: "
        f"it lacks {' '.join(V4)}."
    )


def one_masked() -> scenes.Scene:
    return scenes.bare(masked("avx512vl"), level=3)


def test_a_virtual_machine_that_hides_one_feature_holds_back_by_that_one(tmp_path: Path) -> None:
    comparison = staged(tmp_path, masked=one_masked, whole=scenes.bare)
    assert comparison.families[0].holding == (Lacking(("masked",), ("avx512vl",)),)
    assert "avx512vl" in values(comparison, "CPU features")
    assert values(comparison, "CPU level") == {"x86_64_v3": ["masked"], "x86_64_v4": ["whole"]}


def test_those_below_by_two_levels_are_held_against_the_next_one(tmp_path: Path) -> None:
    machines = {"a": fleets.v2, "b": fleets.piledriver, "c": fleets.v3, "d": fleets.v4}
    comparison = staged(tmp_path, **machines)
    family = comparison.families[0]
    assert (family.shared, family.next, family.held_back) == ("x86_64_v2", "x86_64_v3", 2)
    assert family.levels == (
        Reach("x86_64_v2", ("a", "b")), Reach("x86_64_v3", ("c",)), Reach("x86_64_v4", ("d",)),
    )  # fmt: skip
    needed = microarch.installed().required("x86_64_v3")
    lacks = {label: set(r.features or ()) for r in family.holding for label in r.machines}
    assert "avx2" in lacks["a"] & lacks["b"]
    assert lacks["a"] != lacks["b"]
    assert lacks["a"] | lacks["b"] <= needed
    assert "hold back 2 that have x86_64_v3 or more: each lacks some of" in said(comparison)


def test_processors_that_differ_count_with_the_level_that_all_of_them_have(tmp_path: Path) -> None:
    comparison = staged(tmp_path, mixed=mixed_levels, whole=fleets.v4)
    assert comparison.shared_level == "x86_64_v3"
    assert comparison.families[0].holding == (Lacking(("mixed",), None),)
    assert said(comparison).endswith("what it lacks is unknown.")


def test_of_one_that_holds_back_it_may_be_unknown_what_it_lacks() -> None:
    dark = fleets.report(fleets.v3)
    dark["machine"]["microarchitecture"]["missing"] = {}
    found = said(of_documents(fleets.report(fleets.v3), dark, fleets.report(fleets.v4)))
    lacks = f"a lacks {' '.join(V4)}, of b it is unknown."
    assert found.endswith(f"a and 1 more hold back c, which has x86_64_v4: {lacks}")


def test_an_unknown_cpu_counts_neither_as_having_the_level_nor_as_a_lower_one(
    tmp_path: Path,
) -> None:
    comparison = staged(tmp_path, dark=fleets.unreadable, a=fleets.v3, b=fleets.v4)
    assert comparison.shared_level is None
    assert said(comparison).startswith(
        "2 of 3 machines have level x86_64_v3, of dark it is unknown; a holds back b, which has"
    )
    held = [label for f in comparison.families for r in f.holding for label in r.machines]
    assert held == ["a"]
    assert values(comparison, "CPU level")[None] == ["dark"]


def test_a_known_family_whose_level_is_not_said_is_unknown() -> None:
    content = fleets.report(fleets.v4)
    content["machine"]["microarchitecture"].update(level=None, shared_level=None)
    odd = fleets.report(fleets.v4)
    odd["machine"]["microarchitecture"].update(level="x86_64_v9", shared_level="x86_64_v9")
    power = fleets.report(fleets.v4)
    power["machine"]["microarchitecture"].update(level="power9le", shared_level="power9le")
    comparison = of_documents(fleets.report(fleets.v3), content, odd, power)
    assert comparison.families[0].unknown == ("b", "c", "d")
    assert comparison.shared_level is None
    assert said(comparison) == "1 of 4 machines has level x86_64_v3, of b, c, d it is unknown."


def test_where_no_cpu_is_known_nothing_is_said_of_levels(tmp_path: Path) -> None:
    comparison = staged(tmp_path, a=fleets.unreadable, b=fleets.unreadable)
    assert said(comparison) == "Nothing is known about the CPUs of these 2 machines."
    assert comparison.unknown > 0
    assert comparison.shared_level is None


def test_other_families_are_said_apart(tmp_path: Path) -> None:
    comparison = staged(
        tmp_path, a=fleets.v3, b=fleets.v4, p8=fleets.power8, p9=fleets.power9, m=fleets.arm
    )
    assert comparison.shared_level is None
    sentences = list(text.sentences(comparison))
    assert sentences[0] == (
        "There is no level that all 5 machines share: 2 are x86_64, 2 are ppc64le, 1 is aarch64."
    )
    assert sentences[1].startswith("Both x86_64 machines have level x86_64_v3; a holds back b")
    assert sentences[2] == (
        "Both ppc64le machines have level power8le; p8 holds back p9, which has power9le."
    )
    assert sentences[3] == "No level packages exist for aarch64."
    families = {family.name: family for family in comparison.families}
    assert families["ppc64le"].shared == "power8le"
    assert families["aarch64"].levels == ()


def test_machines_without_level_packages_alone_say_so(tmp_path: Path) -> None:
    comparison = staged(tmp_path, a=fleets.arm, b=fleets.arm)
    assert said(comparison) == "Both machines are aarch64, for which no level packages exist."
    assert comparison.shared_level is None


def test_an_unknown_cpu_beside_one_without_level_packages_stays_unknown(tmp_path: Path) -> None:
    comparison = staged(tmp_path, a=fleets.arm, dark=fleets.unreadable)
    assert said(comparison) == (
        "1 of 2 machines is aarch64, for which no level packages exist, of dark it is unknown."
    )


# --- what differs ----------------------------------------------------------------------------


def test_one_machine_at_two_times_shows_what_became_of_it(tmp_path: Path) -> None:
    before = fleets.bundle(scenes.hyphen, "2026-11-20T08:00:00+00:00")
    after = fleets.bundle(scenes.healthy, "2026-11-21T09:30:00+00:00")
    files = [fleets.save(tmp_path, "before.zip", before), fleets.save(tmp_path, "after.zip", after)]
    comparison = compare(files)
    assert titles(comparison) == {
        "micromamba version", "micromamba __archspec", "micromamba CPU packages",
        "mamba-hyphen-archspec:micromamba",
    }  # fmt: skip
    assert values(comparison, "micromamba version") == {"1.5.8": ["before"], "2.8.1": ["after"]}
    assert row(comparison, "mamba-hyphen-archspec:micromamba").severity is Severity.ERROR
    lines = list(text.columns(comparison))
    times = ["2026-11-20", "08:00", "2026-11-21", "09:30"]
    assert [line.split()[1:] for line in lines if line.startswith("recorded")] == [times]


def test_a_client_that_is_not_there_differs_once_and_in_nothing_that_it_would_report(
    tmp_path: Path,
) -> None:
    comparison = staged(tmp_path, with_it=scenes.healthy, without=scenes.bare)
    assert values(comparison, "conda version") == {"26.7.1": ["with_it"],
                                                   "not installed": ["without"]}  # fmt: skip
    assert not {t for t in titles(comparison) if t.endswith(("__archspec", "CPU packages"))}


def test_what_a_silent_client_reports_is_unknown_not_none(tmp_path: Path) -> None:
    def pixi() -> scenes.Scene:
        rows = ["__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0", "__archspec=1=x86_64_v4"]
        info = json.dumps({"platform": "linux-64", "virtual_packages": rows, "version": "0.77.0"})
        said = Transcript((), {}, 0, info, "", 0.1)
        return scenes.healthy().program("/opt/bin/pixi", said)

    comparison = staged(tmp_path, silent=hanging, speaks=pixi)
    found = values(comparison, "pixi __archspec")
    assert found == {None: ["silent"], "1=x86_64_v4": ["speaks"]}
    assert values(comparison, "pixi version")[None] == ["silent"]


def test_virtual_packages_of_clients_that_report_alike_are_one_row(tmp_path: Path) -> None:
    a, b = fleets.report(scenes.healthy), fleets.report(scenes.healthy)
    for client in b["clients"]:
        for answer in client["answers"]:
            answer["virtual_packages"].append("__cuda=12.4=0")
    comparison = of_documents(a, b)
    assert values(comparison, "conda, mamba, micromamba __cuda") == {"none": ["a"],
                                                                     "12.4=0": ["b"]}  # fmt: skip
    assert len(comparison.differences) == 1


def test_environments_are_found_again_in_another_home(tmp_path: Path) -> None:
    a, b = fleets.report(scenes.cluster), fleets.report(scenes.cluster)
    moved = json.loads(json.dumps(b).replace("/home/user/", "/Users/kim/"))
    assert of_documents(a, moved).differences == ()


def test_environments_of_two_homes_on_one_machine_stay_two() -> None:
    content = fleets.report(scenes.cluster)
    other = dict(content["environments"][0], path="/home/kim/miniforge3/envs/old")
    content["environments"] = [*content["environments"], other]
    comparison = of_documents(content, fleets.report(scenes.cluster))
    assert "/home/kim/miniforge3/envs/old" in titles(comparison)


def test_an_environment_says_what_it_needs_and_whether_that_runs(tmp_path: Path) -> None:
    comparison = staged(tmp_path, cluster=scenes.cluster, other=scenes.healthy)
    values_of = [values(comparison, title) for title in titles(comparison) if "/envs/" in title]
    assert {"needs level 4, solved for 4: error": ["cluster"], "not there": ["other"]} in values_of
    assert comparison.stand_ins
    assert text.STAND_INS in list(text.plain(comparison))


def test_what_a_stand_in_may_stand_for_is_unknown_and_not_absent(tmp_path: Path) -> None:
    hidden = fleets.save(tmp_path, "hidden.zip", fleets.bundle(scenes.cluster))
    plain = fleets.save(tmp_path, "plain.json", fleets.bare_recording(scenes.cluster))
    found = compare([hidden, plain])  # one machine, with its names and without
    for title, file, other in (
        ("~/miniforge3/envs/hidden-env-1", "hidden", "plain"),
        ("~/miniforge3/envs/new", "plain", "hidden"),
    ):
        assert values(found, title) == {
            "needs level 4, solved for 4: error": [file], None: [other]
        }  # fmt: skip
        finding = f"sigill-env-built-on-newer-node:{title}"
        assert values(found, finding) == {"error": [file], None: [other]}


def test_what_no_name_of_a_machine_can_be_is_not_there(tmp_path: Path) -> None:
    found = staged(tmp_path, cluster=scenes.cluster, v3=fleets.v3, healthy=scenes.healthy)
    title = "~/miniforge3/envs/hidden-env-1"
    assert values(found, title)["not there"] == ["v3", "healthy"]
    assert values(found, "~/miniforge3")["not there"] == ["v3"]
    finding = f"sigill-env-built-on-newer-node:{title}"
    assert values(found, finding) == {"error": ["cluster"], "not found": ["v3", "healthy"]}


def test_environments_that_were_not_examined_are_unknown() -> None:
    content = fleets.report(scenes.cluster)
    content["environments"] = None
    comparison = of_documents(fleets.report(scenes.cluster), content)
    found = values(comparison, "~/miniforge3/envs/new")
    assert found == {"needs level 4, solved for 4: error": ["a"], None: ["b"]}


def test_an_environment_that_could_not_be_read_is_unknown() -> None:
    content = fleets.report(scenes.cluster)
    content["environments"][0]["trouble"] = "could not be read"
    comparison = of_documents(fleets.report(scenes.cluster), content)
    assert None in values(comparison, text.title(comparison.differences[0]))


def test_a_setting_that_is_empty_is_not_one_that_is_not_set(tmp_path: Path) -> None:
    def empty() -> scenes.Scene:
        return scenes.bare(env={"CONDA_OVERRIDE_ARCHSPEC": ""})

    comparison = staged(tmp_path, empty=empty, unset=scenes.bare)
    assert values(comparison, "CONDA_OVERRIDE_ARCHSPEC") == {"": ["empty"], "not set": ["unset"]}
    assert "set, but empty: empty" in list(text.plain(comparison))


def test_a_finding_of_another_envdoctor_is_unknown_where_it_is_missing() -> None:
    old = dict(fleets.report(scenes.healthy), envdoctor="0.0.1")
    title = "mamba-hyphen-archspec:micromamba"
    found = values(of_documents(fleets.report(scenes.hyphen), old), title)
    assert found == {"error": ["a"], None: ["b"]}
    same = dict(fleets.report(scenes.hyphen), envdoctor="0.0.1")
    both = values(of_documents(fleets.report(scenes.hyphen), old, same), title)
    assert both == {"error": ["a", "c"], "not found": ["b"]}


def test_what_a_broken_check_looks_for_is_unknown() -> None:
    broken = fleets.report(scenes.healthy)
    check = "mamba-hyphen-archspec"
    broken["findings"].append({**broken["findings"][0], "id": f"{check}:envdoctor",
                               "check": check, "severity": "unknown"})  # fmt: skip
    comparison = of_documents(fleets.report(scenes.hyphen), broken, fleets.report(scenes.healthy))
    found = values(comparison, f"{check}:micromamba")
    assert found == {"error": ["a"], None: ["b"], "not found": ["c"]}


# --- many ------------------------------------------------------------------------------------


def test_300_machines_of_5_kinds_fold_into_5(tmp_path: Path) -> None:
    comparison = compare([fleets.fleet(tmp_path / "fleet", 300, fleets.KINDS)])
    assert [len(kind.machines) for kind in comparison.kinds] == [60] * 5
    of_all = [d for d in comparison.differences if d.section != "client" or d.field == "version"]
    for difference in of_all:
        assert sum(group.machines for group in difference.groups) == 300
    lines = list(text.columns(comparison))
    assert len(lines) < 150
    assert max(map(len, lines[1:])) < 160
    assert lines[0].startswith("240 of 300 machines have level x86_64_v2, of node00004, node00009")
    assert "5 kinds of machines, those of a kind alike in everything:" in lines


def test_of_many_kinds_those_that_lack_what_one_has_are_counted() -> None:
    documents = []
    for number in range(LISTED + 10):
        content = fleets.report(scenes.healthy)
        content["machine"]["system"]["kernel"] = f"6.{number}"
        documents.append(content)
    documents[3]["findings"].append(
        {"id": "sigill:/envs/x", "check": "sigill", "severity": "error"}
    )
    fold = Fold()
    for number, content in enumerate(documents):
        data = json.dumps(content).encode()
        fold.add(f"n{number}", Read("", "then", profile(document(data))))
    comparison = fold.folded()
    difference = row(comparison, "sigill:/envs/x")
    rest, one = difference.groups
    assert (rest.value, rest.machines, rest.kinds) == ("not found", LISTED + 9, None)
    assert list(comparison.members(one, difference)) == ["n3"]
    others = list(comparison.members(rest, difference))
    assert others == [f"n{n}" for n in range(LISTED + 10) if n != 3]
    assert text.cells(comparison, difference)[2:5] == ("not found", "error", "not found")
    assert f"{LISTED + 9} machines: n0, n1, n2 and {LISTED + 6} more" in "\n".join(
        text.columns(comparison)
    )


# --- bundles that are not what they say ------------------------------------------------------


def rewritten(data: bytes, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> bytes:
    """A bundle whose manifest and files were changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    change(manifest, files)
    files["manifest.json"] = json.dumps(manifest).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def other_report(files: dict[str, bytes]) -> None:
    files["report.json"] = json.dumps(fleets.report(fleets.v2)).encode()


def signed(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    for member in manifest["files"]:
        member["bytes"] = len(files[member["name"]])
        member["sha256"] = sha256(files[member["name"]]).hexdigest()


def test_a_report_that_another_version_stored_is_judged_again(tmp_path: Path) -> None:
    def change(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        other_report(files)
        signed(manifest, files)
        manifest["doctor"] = "0.0.1"

    path = fleets.save(tmp_path, "a.zip", rewritten(fleets.bundle(fleets.v4), change))
    found = read(path, stored=True)
    assert (found.judged, found.profile.level) == ("now", "x86_64_v4")


def test_a_report_that_is_not_what_the_manifest_says_is_not_taken(tmp_path: Path) -> None:
    def change(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        other_report(files)

    path = fleets.save(tmp_path, "a.zip", rewritten(fleets.bundle(fleets.v4), change))
    with pytest.raises(NotComparable, match=r"report\.json is not what its manifest\.json says"):
        read(path, stored=True)


def test_a_bundle_without_its_report_is_judged_again(tmp_path: Path) -> None:
    def change(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        del files["report.json"]
        manifest["files"] = [m for m in manifest["files"] if m["name"] != "report.json"]

    path = fleets.save(tmp_path, "a.zip", rewritten(fleets.bundle(fleets.v4), change))
    assert read(path, stored=True).judged == "now"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_report_with_anything_in_a_place_is_compared_or_refused_in_words(
    data: st.DataObject,
) -> None:
    content = fleets.report(scenes.cluster)
    place: Any = content
    while isinstance(place, dict) and place:
        key = data.draw(st.sampled_from(sorted(place)))
        inner = place[key]
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            inner = inner[0]
        if not isinstance(inner, dict) or data.draw(st.booleans()):
            place[key] = data.draw(json_values)
            break
        place = inner
    try:
        found = profile(document(msgspec.json.encode(content)))
    except NotAReport:
        return
    fold = Fold()
    fold.add("a", Read("", "then", found))
    fold.add(
        "b", Read("", "then", profile(document(json.dumps(fleets.report(fleets.v4)).encode())))
    )
    assert list(text.columns(fold.folded()))


# --- names -----------------------------------------------------------------------------------


def test_labels_are_file_names_and_folders_where_those_are_not_unique(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").touch()
    paths = [f"{tmp_path}/x/report.json", f"{tmp_path}/y/report.json", "/z/node07.zip"]
    assert list(named(paths)) == ["x/report", "y/report", "node07"]
    twice = named(["/z/node07.zip", "/z/node07.zip", "/z/node07 (2).zip"])
    assert len(twice) == 3
    assert list(named(["/z/shown.zip"], ["shown"])) == ["z/shown"]


def test_labels_hold_no_control_characters_secrets_or_broken_text() -> None:
    paths = [
        "/a/\x1b[31mred\u202e.zip",
        "/a/token=s3cr3tvalue.zip",
        "/a/\udcff.json",
        "/a/n\nl.zip",
    ]
    labels = list(named(paths))
    assert labels[0] == "red"
    assert "s3cr3t" not in labels[1]
    assert all(label.encode() and label.isprintable() for label in labels)
    assert len(set(labels)) == 4


def test_a_folder_stands_for_what_can_be_compared_in_it(tmp_path: Path) -> None:
    for name in ("b.zip", "a.json", ".hidden.zip", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.zip").mkdir()
    assert list(named([str(tmp_path)])) == ["a", "b"]
    with pytest.raises(NotComparable, match=r"without a \.zip or \.json"):
        named([str(tmp_path / "folder.zip")])


def test_names_on_one_line_may_be_quoted() -> None:
    assert words_of("a.zip 'b c.zip'") == ("a.zip", "b c.zip")
    assert words_of("it's.zip b") == ("it's.zip", "b")
    assert words_of("C:\\x\\a.zip b") == ("C:\\x\\a.zip", "b")


@pytest.mark.parametrize("width", [60, 80, 96])
@pytest.mark.parametrize("others", [1, 2, 4])
def test_side_by_side_no_line_is_wider_than_the_terminal(
    width: int, others: int, tmp_path: Path
) -> None:
    names = ("hyphen", "healthy", "bare", "unreadable")[:others]
    machines = {n: getattr(scenes, n, None) or getattr(fleets, n) for n in names}
    comparison = staged(tmp_path, cluster=scenes.cluster, **machines)
    lines = list(text.columns(comparison, width))
    whole = {text.title(difference) for difference in comparison.differences}
    wide = [line for line in lines if len(line) > width and line not in whole]
    assert [line for line in wide if " " in line.strip()] == []
    said = " ".join(lines)
    for difference in comparison.differences:
        assert text.title(difference) in said
        assert all(word in said for group in difference.groups
                   for word in text.value(group).split())  # fmt: skip
