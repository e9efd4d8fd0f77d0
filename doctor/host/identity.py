"""Who uses this machine and what it is called: what has to be hidden before a recording leaves."""

import getpass
import os
import platform
from collections.abc import Iterator
from contextlib import suppress

from msgspec import Struct

_USERS = ("USER", "LOGNAME", "USERNAME", "SUDO_USER", "PBS_O_LOGNAME", "SLURM_JOB_USER")
_HOSTS = (
    "HOSTNAME", "HOST", "COMPUTERNAME", "USERDOMAIN", "SLURM_SUBMIT_HOST", "SLURMD_NODENAME",
    "SLURM_CLUSTER_NAME", "PBS_O_HOST", "SGE_O_HOST", "LSB_SUB_HOST", "CLUSTER_NAME",
)  # fmt: skip


class Identity(Struct, frozen=True):
    """Names of the user, of the machine and of groups, and the home directory.

    It is never recorded.
    """

    users: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    home: str = ""
    groups: tuple[str, ...] = ()


def identity() -> Identity:
    """As the system knows them; nothing is looked up on the network."""
    users = [os.environ.get(name, "") for name in _USERS]
    with suppress(OSError, KeyError, ImportError):
        users.append(getpass.getuser())
    users += _of_account()
    home = os.path.expanduser("~")
    hosts = [platform.node(), *(os.environ.get(name, "") for name in _HOSTS)]
    return Identity(
        _once((*users, os.path.basename(home))), _once(hosts), home, _once(tuple(_groups()))
    )


def _of_account() -> Iterator[str]:
    """The name of this account, and the person that its entry names."""
    with suppress(ImportError, KeyError, OSError):
        import pwd

        entry = pwd.getpwuid(os.getuid())
        yield entry.pw_name
        person = entry.pw_gecos.partition(",")[0].strip()
        if " " in person:  # one word may be any word
            yield person


def _groups() -> Iterator[str]:
    """Names of the groups that this account is in, which clusters call projects."""
    with suppress(ImportError, OSError):
        import grp

        for number in sorted(os.getgroups())[:100]:
            with suppress(KeyError):
                yield grp.getgrgid(number).gr_name


def _once(names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))
