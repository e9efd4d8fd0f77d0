"""Family and model number of an x86 CPU -> archspec's name of the hardware.

Flags say what may be used, the numbers what the hardware is: a difference is what something hides.
Names are archspec's. Numbers: Linux arch/x86/include/asm/intel-family.h, GCC 15
gcc/common/config/i386/cpuinfo.h; ranges where the makers' numbers leave no doubt, else unknown.
"""

import re

from doctor.model import Cpu

_INTEL = {
    "nehalem": (0x1A, 0x1E, 0x1F, 0x2E),
    "westmere": (0x25, 0x2C, 0x2F),
    "sandybridge": (0x2A, 0x2D),
    "ivybridge": (0x3A, 0x3E),
    "haswell": (0x3C, 0x3F, 0x45, 0x46),
    "broadwell": (0x3D, 0x47, 0x4F, 0x56),
    "skylake": (0x4E, 0x5E, 0x8E, 0x9E, 0xA5, 0xA6),
    "skylake_avx512": (0x55,),
    "cannonlake": (0x66,),
    "icelake": (0x6A, 0x6C),
    "sapphirerapids": (0x8F, 0xCF),
    "alderlake": (0x97, 0x9A, 0xB7, 0xBA, 0xBF),
}
"""Models of family 6. 0x55 is also Cascade Lake and Cooper Lake, which can all of this."""

_AMD = {
    0x17: (("zen", 0x00, 0x1F), ("zen2", 0x30, 0xAF)),
    0x19: (("zen3", 0x00, 0x0F), ("zen4", 0x10, 0x1F), ("zen3", 0x20, 0x5F), ("zen4", 0x60, 0xAF)),
    0x1A: (("zen5", 0x00, 0x4F),),
}
"""First and last model of each name, by family."""

_REDUCED = re.compile(r"Pentium|Celeron|Atom")
"""Brands that are sold without AVX although their model number is that of a Core."""


def hardware_name(cpu: Cpu) -> str | None:
    """archspec's name of the hardware, `None` where the numbers do not tell."""
    if cpu.architecture != "x86_64" or cpu.family is None or cpu.model is None:
        return None
    if cpu.vendor == "GenuineIntel" and cpu.family == 6 and not _REDUCED.search(cpu.brand or ""):
        return next((name for name, models in _INTEL.items() if cpu.model in models), None)
    if cpu.vendor == "AuthenticAMD":
        ranges = _AMD.get(cpu.family, ())
        return next((name for name, first, last in ranges if first <= cpu.model <= last), None)
    return None
