"""Asks libmambapy for what mamba 1's solver uses; `mamba info` shows conda's view instead."""

import sys

sys.path[:] = [entry for entry in sys.path if entry]


def main():
    """Prints one marked line of JSON."""
    import json
    import os

    import libmambapy

    context = libmambapy.Context()
    subdir = os.environ.get("CONDA_SUBDIR") or os.environ.get("MAMBA_PLATFORM")
    if subdir:
        context.platform = subdir
    try:
        found = libmambapy.get_virtual_packages()
    except TypeError:
        found = libmambapy.get_virtual_packages(context)
    answer = {
        "libmambapy_version": libmambapy.__version__,
        "platform": str(context.platform),
        "virtual_pkgs": [[p.name, p.version, p.build_string] for p in found],
    }
    print("\nenvdoctor " + json.dumps(answer))


if __name__ == "__main__":
    main()
