"""Asks conda for its virtual packages without `conda info`, which rewrites environments.txt."""

import sys

sys.path[:] = [entry for entry in sys.path if entry]


def packages():
    """Records of conda's system packages, by whichever way this release has."""
    import conda.core.index as index

    if hasattr(index, "Index"):
        try:
            return list(index.Index().system_packages.values())
        except (AttributeError, TypeError):
            pass
    found = {}
    index._supplement_index_with_system(found)
    return list(found.values())


def archspec_version():
    """Version of the archspec that this Python imports."""
    try:
        import archspec
    except ImportError:
        return None
    return getattr(archspec, "__version__", None)


def main():
    """Prints one marked line of JSON."""
    import json

    import conda
    from conda.base.context import context, reset_context

    reset_context()
    answer = {
        "conda_version": conda.__version__,
        "platform": context.subdir,
        "solver": str(
            getattr(context, "solver", "") or getattr(context, "experimental_solver", "")
        ),
        "archspec_version": archspec_version(),
        "override_virtual_packages": {
            str(name).lstrip("_"): str(value)
            for name, value in dict(
                getattr(context, "override_virtual_packages", None) or {}
            ).items()
            if value is not None
        },
        "virtual_pkgs": [[p.name, str(p.version), str(p.build)] for p in packages()],
    }
    print("\nenvdoctor " + json.dumps(answer))


if __name__ == "__main__":
    main()
