"""Who uses this machine and what it is called: what has to be hidden before a recording leaves."""

import getpass
import os
import platform
from contextlib import suppress

from msgspec import Struct


class Identity(Struct, frozen=True):
    """Names of the user and of the machine, and the home directory. It is never recorded."""

    users: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    home: str = ""


def identity() -> Identity:
    """As the system knows them; nothing is looked up on the network."""
    names = [os.environ.get(name, "") for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER")]
    with suppress(OSError, KeyError, ImportError):
        names.append(getpass.getuser())
    home = os.path.expanduser("~")
    node = platform.node()
    hosts = [node, node.partition(".")[0], os.environ.get("HOSTNAME", "")]
    return Identity(
        tuple(dict.fromkeys(filter(None, (*names, os.path.basename(home))))),
        tuple(dict.fromkeys(filter(None, hosts))),
        home,
    )
