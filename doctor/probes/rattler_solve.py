"""Solves requirements with py-rattler against a local channel.

Arguments: the channel's folder, virtual packages as a JSON list of [name, version, build] (`null`
for those of this machine), then the requirements, each of which is solved alone.
"""

import sys

sys.path[:] = [entry for entry in sys.path if entry]


def detect(package, overrides):
    """Virtual packages by whichever way this release has."""
    if not hasattr(package, "detect"):
        return package.current()
    if overrides is None:
        return package.detect()
    return package.detect(overrides.from_env())


def given(rattler, rows):
    """Virtual packages by name; their builds are not checked, as other clients' are not either."""
    build_string = getattr(__import__("rattler.package", fromlist=["x"]), "BuildString", None)
    spell = build_string.new_unchecked if build_string is not None else str
    return [
        rattler.GenericVirtualPackage(rattler.PackageName(n), rattler.Version(v), spell(b))
        for n, v, b in rows
    ]


async def solve(rattler, folder, rows, wanted):
    """The records that this release's solver chooses."""
    channel = rattler.Channel("file://" + folder)
    data = [rattler.SparseRepoData(channel, "noarch", folder + "/noarch/repodata.json")]
    if rows is None:
        found = detect(rattler.VirtualPackage, getattr(rattler, "VirtualPackageOverrides", None))
        packages = [package.into_generic() for package in found]
    else:
        packages = given(rattler, rows)
    specs = [rattler.MatchSpec(text) for text in wanted]  # as text they are parsed strictly
    return await rattler.solve_with_sparse_repodata(specs, data, virtual_packages=packages)


def text(part):
    """A name, version or build string of any release as text."""
    return str(getattr(part, "normalized", part))


def outcome(rattler, folder, rows, wanted):
    """What one solve came to: `chosen`, `refusal` or `error`."""
    import asyncio

    try:
        records = asyncio.run(solve(rattler, folder, rows, [wanted]))
    except Exception as error:
        if type(error).__name__ in ("SolverError", "SolverException"):
            return {"refusal": str(error)}
        return {"error": "%s: %s" % (type(error).__name__, error)}
    return {"chosen": [[text(r.name), text(r.version), text(r.build)] for r in records]}


def main():
    """Prints one marked line of JSON; leaves at once, before rattler's threads can crash."""
    import json
    import os

    import rattler

    rows = json.loads(sys.argv[2])
    found = [outcome(rattler, sys.argv[1], rows, wanted) for wanted in sys.argv[3:]]
    print("\nenvdoctor " + json.dumps(found[0] if len(found) == 1 else {"outcomes": found}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
