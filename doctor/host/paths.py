"""The path rules of a host's system, and the folders that its variables list."""

import ntpath
import posixpath
from collections.abc import Iterator
from types import ModuleType

from doctor.host import Host


def paths(host: Host) -> ModuleType:
    """The path rules of the host's system, which need not be ours."""
    return ntpath if host.facts().system == "Windows" else posixpath


def listed(host: Host, variable: str) -> Iterator[str]:
    """The absolute folders in a variable, which commas or the system's own sign separate."""
    path = paths(host)
    separator = ";" if path is ntpath else ":"
    for folder in (host.env(variable) or "").replace(",", separator).split(separator):
        if path.isabs(folder):
            yield folder
