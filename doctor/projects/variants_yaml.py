"""variants.yaml and conda_build_config.yaml: the levels that a recipe is built for.

What they lack shows beside the recipe only: see `across_recipe`.
"""

from collections.abc import Iterator

from doctor.model import PinnedLine

FORM = "variants of a recipe"
NAMES = ("variants.yaml", "conda_build_config.yaml")
PLACES: tuple[tuple[str, str], ...] = tuple(
    (folder, name) for folder in ("", "recipe") for name in NAMES
)


def fits(name: str, text: str) -> bool:
    """Whether it is called so: conda-build and rattler-build look for no other names."""
    return name in NAMES


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Nothing: a list of levels is right or wrong beside what the recipe does with it."""
    yield from ()
