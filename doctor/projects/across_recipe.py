"""The second pass over the files of recipes: what no file shows alone."""

from collections.abc import Iterator, Mapping

from doctor.model import PinnedLine
from doctor.projects import (
    build_script,
    meta_yaml,
    recipe_levels,
    recipe_priority,
    recipe_windows,
    recipe_yaml,
    variants_yaml,
)
from doctor.projects.recipe_files import Part, Recipe, built, listed
from doctor.projects.recipe_reader import LONGEST, MOST, rows
from doctor.projects.recipe_requirements import required
from doctor.projects.recipes import Row

FORMS = frozenset(form.FORM for form in (recipe_yaml, meta_yaml, variants_yaml, build_script))
"""The forms whose texts are wanted here."""


def across(files: Mapping[str, str]) -> Iterator[PinnedLine]:
    """What the files of each folder say together; a recipe is the files of one folder."""
    folders: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        folder = path.replace("\\", "/").rpartition("/")[0]
        folders.setdefault(folder, {})[path] = text
    for own in folders.values():
        yield from _judged(_recipe(own))


def _judged(recipe: Recipe) -> Iterator[PinnedLine]:
    values = tuple(one for part in recipe.variants for one in listed(part))
    levels = built(recipe, values)
    for part in recipe.recipes:
        yield from recipe_priority.judged(part.path, part.rows, levels)
    yield from recipe_levels.judged(recipe, values, levels)
    yield from recipe_windows.judged(recipe, values)


def _recipe(files: Mapping[str, str]) -> Recipe:
    recipes, variants, scripts = [], [], []
    for path, text in files.items():
        name = path.replace("\\", "/").rpartition("/")[2]
        if name in ("meta.yaml", "recipe.yaml"):
            recipes.append(_part(path, rows(text, selectors=name == "meta.yaml")))
        elif name in variants_yaml.NAMES:
            selectors = name == "conda_build_config.yaml"
            variants.append(Part(path, tuple(rows(text, selectors))))
        else:
            scripts.append(Part(path, tuple(_commands(text)), script=True))
    return Recipe(tuple(recipes), tuple(variants), tuple(scripts))


def _part(path: str, recipe: list[Row]) -> Part:
    asked = ((row, required(row)) for row in recipe)
    return Part(path, tuple(recipe), tuple((row, one) for row, one in asked if one is not None))


def _commands(text: str) -> Iterator[Row]:
    """The lines of a script that are no remarks."""
    for number, line in enumerate(text.split("\n", MOST)[:MOST], 1):
        bare = line.strip()
        if bare and len(line) <= LONGEST and not bare.lower().startswith(("rem ", "::", "@rem ")):
            shown = line.rstrip("\r")
            yield Row(number, shown, (), 0, len(shown))
