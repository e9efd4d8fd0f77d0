"""CPU descriptions in every format, and what archspec calls them: name, level, what is missing."""

import json
from collections.abc import Iterator
from typing import Any

import archspec.cpu
import pytest
from msgspec.structs import replace

from doctor import cpu, machine, microarch, processors
from doctor.cpu import archspec_folder
from doctor.host.recorded import RecordedHost
from doctor.model import Cpu, LevelFeatures, Nearest, ProcessorGroup
from doctor.virtual import libmamba
from tests import DATA, scenes
from tests.scenes import archspec_sample, cpuinfo_of_recordings

SAMPLES = sorted(entry.name for entry in (archspec_folder().parent / "tests" / "targets").iterdir())

FIELD: dict[str, dict[str, Any]] = json.loads((DATA / "cpu_samples.json").read_text())
MASKS: list[dict[str, Any]] = json.loads((DATA / "cpu_masks.json").read_text())
RELEASES = ("0.2.5", "0.2.6", "0.2.7")


def expected(sample: str) -> str:
    """The target that a sample's name ends in: `linux-rhel7-haswell` is `haswell`."""
    return sample.split("-")[-1]


def described(sample: str) -> Cpu:
    big_endian = archspec.cpu.TARGETS[expected(sample)].family.name == "ppc64"
    groups = cpu.parse(archspec_sample(sample), "ppc64" if big_endian else None)
    return groups[0].cpu


def number(level: str) -> int:
    return microarch.X86_LEVELS.index(level) + 1


def x86(flags: set[str] | frozenset[str], vendor: str) -> Cpu:
    features = tuple(sorted(flags))
    printed = {"flags": " ".join(features)}
    return Cpu("x86_64", "linux", vendor, features=features, printed=printed)


# --- archspec's own samples ------------------------------------------------------------------


def test_the_installed_wheel_has_its_samples() -> None:
    assert len(SAMPLES) >= 49
    assert {name.partition("-")[0] for name in SAMPLES} >= {"linux", "darwin", "windows"}


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_sample_has_the_name_that_archspec_gives_it(sample: str) -> None:
    assert microarch.describe(described(sample)).name == expected(sample)


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_sample_has_the_level_that_archspec_gives_it(sample: str) -> None:
    target = archspec.cpu.TARGETS[expected(sample)]
    power = target.family.name in ("ppc64", "ppc64le")
    level = target.name if power else target.generic.name
    assert microarch.describe(described(sample)).level == level


@pytest.mark.parametrize("name", sorted(microarch.installed().targets))
def test_the_installed_database_is_archspecs_own(name: str) -> None:
    target, database = archspec.cpu.TARGETS[name], microarch.installed()
    assert list(database.ancestors[name]) == [ancestor.name for ancestor in target.ancestors]
    assert database.targets[name].features == target.features
    assert database.generic(name) == target.generic.name


def test_big_endian_power_has_no_le_name() -> None:
    text = archspec_sample("linux-rhel8-power9")
    big, little = (cpu.parse(text, word)[0].cpu for word in ("ppc64", "ppc64le"))
    assert microarch.describe(big).name == "power9"
    assert microarch.describe(little).name == microarch.describe(little).level == "power9le"


# --- CPUs from the field ---------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(FIELD))
def test_cpus_from_the_field_have_the_recorded_name_and_levels(name: str) -> None:
    row = FIELD[name]
    seen = x86(set(row["flags"]), row["vendor"])
    found = microarch.describe(seen)
    assert found.name == row["archspec_0_2_7"]
    assert found.level is not None
    assert number(found.level) == row["level_archspec"]
    assert number(libmamba.level(seen) or "") == row["level_libmamba_from_flags"]
    assert number(machine.psabi_level(seen) or "") == row["level_psabi_from_flags"]


@pytest.mark.parametrize("name", sorted(FIELD))
def test_cpus_from_the_field_have_the_name_of_each_release(name: str) -> None:
    row = FIELD[name]
    seen = x86(set(row["flags"]), row["vendor"])
    names = {v: microarch.release(v).host(seen) for v in row["archspec_by_release"]}
    assert names == row["archspec_by_release"]


BASES = {
    "haswell": "linux-rhel7-haswell",
    "zen3": "linux-ubuntu20.04-zen3",
    "zen4": "linux-rocky8.5-zen4",
    "sapphirerapids": "linux-unknown-sapphirerapids",
}
"""The samples that one feature at a time was taken out of."""


def masked(row: dict[str, Any]) -> Cpu:
    base = described(BASES[row["base"]])
    return x86(set(base.features or ()) - {row["removed"]}, base.vendor or "")


@pytest.mark.parametrize("row", MASKS, ids=lambda row: f"{row['base']}-{row['removed']}")
@pytest.mark.parametrize("release", RELEASES)
def test_a_masked_feature_changes_name_and_level_as_recorded(
    row: dict[str, Any], release: str
) -> None:
    database = microarch.release(release)
    name = database.host(masked(row))
    assert name == row[f"archspec_{release}"]
    assert number(database.level(name or "") or "") == row[f"level_{release}"]


@pytest.mark.parametrize("row", MASKS, ids=lambda row: f"{row['base']}-{row['removed']}")
def test_a_masked_feature_changes_the_second_opinions_as_recorded(row: dict[str, Any]) -> None:
    assert number(libmamba.level(masked(row)) or "") == row["libmamba"]
    assert number(machine.psabi_level(masked(row)) or "") == row["psabi"]


# --- what is missing -------------------------------------------------------------------------


def recording_machine() -> Cpu:
    return cpu.parse(cpuinfo_of_recordings())[0].cpu


def without(*features: str) -> Cpu:
    seen = recording_machine()
    return x86(set(seen.features or ()) - set(features), seen.vendor or "")


def test_the_recording_machine_lacks_two_features_for_its_name() -> None:
    found = microarch.describe(recording_machine())
    assert (found.name, found.level) == ("x86_64_v4", "x86_64_v4")
    assert found.missing == {}
    assert Nearest("zen4", ("flush_l1d", "pku")) in found.nearest


def test_nearest_names_are_of_the_same_vendor_and_level() -> None:
    database = microarch.installed()
    for near in microarch.describe(recording_machine()).nearest:
        assert database.targets[near.name].vendor == "AuthenticAMD"
        assert database.generic(near.name) == "x86_64_v4"
        assert near.missing


def test_a_named_cpu_is_near_its_descendants_only() -> None:
    found = microarch.describe(described("linux-rhel7-haswell"))
    assert found.name == "haswell"
    database = microarch.installed()
    assert found.nearest
    assert all("haswell" in database.ancestors[near.name] for near in found.nearest)


def test_the_next_level_says_exactly_what_is_missing() -> None:
    found = microarch.describe(without("avx512vl", "avx512cd"))
    assert found.level == "x86_64_v3"
    assert found.missing == {"x86_64_v4": ("avx512cd", "avx512vl")}


def test_a_feature_of_a_lower_level_is_missing_for_all_levels_above() -> None:
    found = microarch.describe(without("movbe"))
    assert found.level == "x86_64_v2"
    assert found.missing == {"x86_64_v3": ("movbe",), "x86_64_v4": ("movbe",)}


def test_features_by_level_are_split_into_have_and_lacks() -> None:
    rows = {row.level: row for row in microarch.describe(without("avx512f", "cx16")).levels}
    assert list(rows) == ["x86_64", "x86_64_v2", "x86_64_v3", "x86_64_v4"]
    assert rows["x86_64_v2"].lacks == ("cx16",)
    assert rows["x86_64_v3"] == LevelFeatures(
        "x86_64_v3", ("abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave"), ()
    )
    assert rows["x86_64_v4"].lacks == ("avx512f",)
    assert set(rows["x86_64"].have) == microarch.LEVEL_ONE


def test_unknown_features_have_neither_name_nor_level() -> None:
    found = microarch.describe(Cpu("x86_64", "linux", "GenuineIntel"))
    assert (found.name, found.level, found.levels) == (None, None, ())


def test_a_vendor_that_archspec_does_not_know_has_level_names_only() -> None:
    flags = set(recording_machine().features or ())
    found = microarch.describe(x86(flags, "HygonGenuine"))
    assert (found.name, found.level, found.nearest) == ("x86_64_v4", "x86_64_v4", ())


@pytest.mark.parametrize("word", ["loongarch64", "s390x", "armv7l"])
def test_a_family_without_targets_is_called_by_its_machine_word(word: str) -> None:
    found = microarch.describe(Cpu(word, "linux", features=()))
    assert (found.name, found.level) == (word, word)


@pytest.mark.parametrize(
    ("brand", "name"),
    [
        ("apple m9 ultra", "m4"),
        ("apple m3 pro", "m3"),
        ("apple a18 pro", "aarch64"),
        ("virtualapple @ 2.50ghz processor", "aarch64"),
    ],
)
def test_apple_brands_have_the_newest_known_name(brand: str, name: str) -> None:
    seen = Cpu("aarch64", "darwin", "Apple", brand, features=(), uarch=brand)
    assert microarch.describe(seen).name == name


# --- several processors ----------------------------------------------------------------------


def blocks(*flags_of_each: str, vendor: str = "GenuineIntel") -> str:
    text = "processor : {}\nvendor_id : {}\nmodel name : Test CPU\nflags : {}\n\n"
    return "".join(text.format(n, vendor, flags) for n, flags in enumerate(flags_of_each))


def flags_of(level: str) -> str:
    return " ".join(sorted(microarch.installed().required(level) | microarch.LEVEL_ONE | {"lm"}))


def test_alike_processors_are_one_group() -> None:
    groups = cpu.parse(blocks(*[flags_of("x86_64_v3")] * 8))
    assert [group.count for group in groups] == [8]
    assert processors.shared_level(groups) == "x86_64_v3"


def test_different_processors_share_the_lower_level() -> None:
    groups = cpu.parse(blocks(*[flags_of("x86_64_v4")] * 2, *[flags_of("x86_64_v3")] * 6))
    assert [group.count for group in groups] == [2, 6]
    assert microarch.describe(groups[0].cpu).level == "x86_64_v4"
    assert processors.shared_level(groups) == "x86_64_v3"


def test_the_shared_level_is_of_the_common_features_not_the_lowest_of_each() -> None:
    one = flags_of("x86_64_v3").replace(" movbe", "")
    other = flags_of("x86_64_v3").replace(" popcnt", "")
    assert processors.shared_level(cpu.parse(blocks(one))) == "x86_64_v2"
    assert processors.shared_level(cpu.parse(blocks(one, other))) == "x86_64"


def test_one_processor_without_features_makes_the_shared_level_unknown() -> None:
    text = blocks(flags_of("x86_64_v4")) + "processor : 1\nvendor_id : GenuineIntel\n"
    groups = cpu.parse(text)
    assert len(groups) == 2
    assert processors.shared_level(groups) is None


def test_no_processor_has_no_shared_level() -> None:
    assert processors.shared_level(()) is None


def test_a_32_bit_linux_is_called_i686_as_archspec_does() -> None:
    made = scenes.recording(scenes.bare())
    host = RecordedHost(replace(made, facts=replace(made.facts, machine="i686")))
    (group,), trouble = processors.processors(host)
    assert trouble is None
    assert microarch.describe(group.cpu).name == "i686"


# --- formats ---------------------------------------------------------------------------------


def test_cpuinfo_of_an_x86_cpu() -> None:
    (group,) = cpu.parse(cpuinfo_of_recordings())
    seen = group.cpu
    assert (seen.architecture, seen.system, seen.vendor) == ("x86_64", "linux", "AuthenticAMD")
    assert (seen.brand, seen.family, seen.model) == ("AMD EPYC", 25, 17)
    assert seen.features is not None
    assert {"avx512f", "pni"} <= set(seen.features)


def test_cpuinfo_of_other_families() -> None:
    arm = described("linux-rhel9-neoverse_v2")
    assert (arm.architecture, arm.vendor, arm.part) == ("aarch64", "0x41", "0xd4f")
    power = described("linux-centos7-power8le")
    assert (power.architecture, power.generation) == ("ppc64le", 8)
    assert described("linux-sifive-u74mc").uarch == "u74mc"
    assert described("linux-spacemit-x60").uarch == "x60"


def test_sysctl_of_a_mac() -> None:
    intel = described("darwin-mojave-haswell")
    assert (intel.system, intel.vendor) == ("darwin", "GenuineIntel")
    assert {"avx2", "sse4_2", "abm"} <= set(intel.features or ())
    apple = described("darwin-sequoia-m4")
    assert (apple.architecture, apple.vendor, apple.uarch) == ("aarch64", "Apple", "apple m4 max")


def test_cpuid_table_of_windows() -> None:
    seen = described("windows-cpuid-icelake")
    assert (seen.system, seen.vendor) == ("windows", "GenuineIntel")
    assert {"avx512f", "avx512vl"} <= set(seen.features or ())


def test_line_endings_of_windows_do_not_matter() -> None:
    text = cpuinfo_of_recordings()
    assert cpu.parse(text.replace("\n", "\r\n")) == cpu.parse(text)


def unreadable() -> Iterator[str]:
    yield ""
    yield "\n \n"
    yield "this is no CPU\n"
    yield "processor : 0\nbogomips : 1\n"
    yield "7, 0, 1, 2, 3, 4\n"


@pytest.mark.parametrize("text", list(unreadable()))
def test_other_text_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(cpu.UnreadableCpu, match=r"expected /proc/cpuinfo text|leaf 0"):
        cpu.parse(text)


def test_a_block_without_flags_is_a_cpu_with_unknown_features() -> None:
    (group,) = cpu.parse("vendor_id : GenuineIntel\nmodel name : Bare\n")
    assert group == ProcessorGroup(1, group.cpu)
    assert group.cpu.features is None
    assert microarch.describe(group.cpu).level is None
