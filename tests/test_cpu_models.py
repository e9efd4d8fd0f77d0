"""What the hardware is by its numbers, and which of its features something hides."""

import re

import archspec.cpu
import pytest
from msgspec.structs import replace

from doctor import cpu, machine, microarch
from doctor.checks import vm_masks_features
from doctor.cpu_models import hardware_name
from doctor.model import Cpu, Report
from tests import scenes
from tests.test_microarch import SAMPLES, described, expected

NUMBERED = [
    sample
    for sample in SAMPLES
    if sample.startswith("linux") and hardware_name(described(sample)) is not None
]


def test_most_x86_samples_are_known_by_number() -> None:
    assert len(NUMBERED) >= 12


@pytest.mark.parametrize("sample", NUMBERED)
def test_the_name_by_number_is_the_samples_or_an_ancestor(sample: str) -> None:
    """Numbers never promise more than the flags of the real CPU showed, but for one sample."""
    found = described(sample)
    name = hardware_name(found)
    assert name is not None
    hidden = microarch.hidden(found, name).missing
    if sample == "linux-rhel7-x86_64_v3":  # a Haswell whose firmware switches aes off
        assert (name, hidden) == ("haswell", ("aes",))
        return
    target = archspec.cpu.TARGETS[expected(sample)]
    assert name in {target.name, *(each.name for each in target.ancestors)}
    assert hidden == ()


@pytest.mark.parametrize(
    "unclear",
    [
        Cpu(),
        Cpu("x86_64", "linux", "GenuineIntel", "Intel(R) Pentium(R) G4400", family=6, model=0x5E),
        Cpu("x86_64", "linux", "GenuineIntel", family=6, model=0xC6),
        Cpu("x86_64", "linux", "GenuineIntel", family=15, model=0x3A),
        Cpu("x86_64", "linux", "AuthenticAMD", family=0x1A, model=0x51),
        Cpu("x86_64", "linux", "HygonGenuine", family=0x18, model=1),
        Cpu("aarch64", "linux", "ARM", family=6, model=0x5E),
    ],
)
def test_numbers_that_do_not_tell_are_unknown(unclear: Cpu) -> None:
    assert hardware_name(unclear) is None


def seen(text: str) -> tuple[str, str]:
    """The finding's headline and first evidence for a machine with this `/proc/cpuinfo`."""
    read = machine.read(scenes.bare(text))
    [finding] = vm_masks_features.check(Report("test", "now", read))
    return finding.title, finding.evidence[0].text


def test_a_virtual_machine_that_hides_avx512_is_told() -> None:
    text = scenes.cpuinfo_of_recordings()
    masked = re.sub(r" (avx512\w*|gfni)", "", text)
    title, evidence = seen(masked)
    name = microarch.describe(cpu.parse(masked)[0].cpu).name
    assert title.startswith(f"named {name}, not zen4: avx512bw avx512cd avx512dq and ")
    assert "by family 25, model 17 the hardware is zen4" in evidence
    assert "hides avx512_bf16 avx512_bitalg" in evidence


def test_a_virtual_machine_that_hides_two_features_names_both() -> None:
    title, evidence = seen(scenes.cpuinfo_of_recordings())
    assert title == "named x86_64_v4, not zen4: flush_l1d pku hidden"
    assert evidence.endswith("hides flush_l1d pku")


def test_hardware_whose_features_all_show_hides_nothing() -> None:
    whole = described("linux-rocky8.5-zen4")
    assert microarch.hidden(whole, "zen4").missing == ()
    assert microarch.hidden(replace(whole, features=("lm",)), "zen4").missing
