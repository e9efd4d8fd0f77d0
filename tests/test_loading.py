"""Modules are loaded when they are needed, by several threads: none may wait for another's."""

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests import loading


def test_a_package_that_loads_its_modules_is_entered_by_itself() -> None:
    """Else one thread holds the module and waits for the package, another the other way round."""
    files = {loading.named(file): file for file in loading.PACKAGE.rglob("*.py")}
    texts = {name: file.read_text() for name, file in files.items()}
    whole = [name for name, text in texts.items() if loading.loads_its_own(name, text)]
    assert {"doctor.checks", "doctor.clients", "doctor.model"} <= set(whole)
    entered = [
        f"{name}, line {line}: {target}"
        for name, text in texts.items()
        for line, target in _imports(text)
        for own in whole
        if target.startswith(f"{own}.") and name != own and not name.startswith(f"{own}.")
    ]
    assert entered == []


def _imports(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""


@pytest.mark.parametrize("seed", range(12))
def test_three_threads_may_load_everything_at_once(seed: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.loading", str(seed)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
