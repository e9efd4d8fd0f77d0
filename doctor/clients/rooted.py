"""Clients that belong to a root, one row per root: conda and mamba."""

import ntpath

from doctor.clients.finding import (
    Found,
    archspec_json,
    parent_root,
    programs,
    python_of,
    records,
    roots,
)
from doctor.host import Host
from doctor.host.paths import paths
from doctor.model import Client


def find_rooted(host: Host, kind: str, *places: str) -> tuple[Client, ...]:
    """Roots with `kind`: of programs on PATH in order, at `places`, then every other root.

    A program of that name that cannot be run is a row of its own, with its trouble.
    """
    rows: list[Client] = []
    seen: set[str] = set()
    for program in programs(host, kind, *places):
        root = host.look(parent_root(paths(host), program.real))
        if program.trouble:
            rows.append(Client("", kind, program.path, found_by=program.by, on_path=True,
                               trouble=program.trouble))  # fmt: skip
        elif root.real not in seen:
            seen.add(root.real)
            rows.append(root_client(host, kind, root.path, program, program.path))
    for found in roots(host):
        if found.real not in seen:
            client = root_client(host, kind, found.path, found, None)
            if client.version is not None:
                seen.add(found.real)
                rows.append(client)
    return tuple(rows)


def root_client(host: Host, kind: str, root: str, found: Found, program: str | None) -> Client:
    """A client of a root, its version and parts from records; `program` where PATH has one."""
    path = paths(host)
    own = records(host, root)
    windows = {"conda": ("Scripts", "conda.exe"), "mamba": ("Library", "bin", "mamba.exe")}
    place = windows[kind] if path is ntpath else ("bin", kind)
    by = found.by
    if program is None and found.on_path:
        by = "beside another client of its root that is on PATH"
    return Client(
        "",
        kind,
        program or str(path.join(root, *place)),
        version=own.get(kind),
        root=root,
        parts={name: version for name, version in own.items() if name != kind},
        found_by=by,
        on_path=program is not None and found.on_path,
        python=python_of(host, root),
        archspec_json=archspec_json(host, root),
    )
