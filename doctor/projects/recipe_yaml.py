"""recipe.yaml of rattler-build (v1): `if`, `then`, and jinja in `${{ }}`."""

from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.projects import recipe_requirements
from doctor.projects.recipe_reader import rows

FORM = "recipe (v1)"
PLACES: tuple[tuple[str, str], ...] = (("", "recipe.yaml"), ("recipe", "recipe.yaml"))


def fits(name: str, text: str) -> bool:
    """Whether it is called so: every recipe of this form is."""
    return name == "recipe.yaml"


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Requirements that are wrong whatever the variants are."""
    yield from recipe_requirements.judged(path, rows(text, selectors=False))
