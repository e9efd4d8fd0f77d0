"""Prints this CPU's CPUID leaves as archspec records them: `leaf, subleaf, eax, ebx, ecx, edx`."""

import sys

sys.path[:] = [entry for entry in sys.path if entry]

LEAVES = ((1, 0), (7, 0), (7, 1), (13, 1), (0x80000001, 0), (0x80000002, 0), (0x80000003, 0),
          (0x80000004, 0), (0x80000007, 0), (0x80000008, 0))  # fmt: skip


def main():
    """One line per leaf that this CPU has."""
    from archspec.vendor.cpuid.cpuid import CPUID

    cpuid = CPUID()

    def show(leaf, subleaf):
        found = cpuid.registers_for(eax=leaf, ecx=subleaf)
        print(
            ", ".join(str(n) for n in (leaf, subleaf, found.eax, found.ebx, found.ecx, found.edx))
        )
        return found.eax

    highest = show(0, 0), show(0x80000000, 0)
    for leaf, subleaf in LEAVES:
        if leaf <= highest[leaf >= 0x80000000]:
            show(leaf, subleaf)


if __name__ == "__main__":
    main()
