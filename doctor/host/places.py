"""Where the platform keeps the files of programs; a user without a home has no such places.

Containers run under numbers that no user has: then there is neither `HOME` nor an entry to read.
"""

from collections.abc import Callable
from pathlib import Path


def config() -> Path | None:
    """The folder for what the user chose."""
    from platformdirs import user_config_path

    return _absolute(user_config_path)


def state() -> Path | None:
    """The folder for what was done."""
    from platformdirs import user_state_path

    return _absolute(user_state_path)


def cache() -> Path | None:
    """The folder for what can be made again."""
    from platformdirs import user_cache_path

    return _absolute(user_cache_path)


def runtime() -> Path | None:
    """The folder for what goes at logout."""
    from platformdirs import user_runtime_path

    return _absolute(user_runtime_path)


def _absolute(asked: Callable[[str], Path]) -> Path | None:
    try:
        path = asked("envdoctor")
    except RuntimeError:  # no home was found
        return None
    return path if path.is_absolute() else None  # an older one gives ~/ as it stands
