"""Loads every module of the program in three threads at once, in an order that a seed gives.

As the app does: screens are loaded by keys, checks by the examination, bundles by a worker. Only
the thread of the app loads screens: Textual's own modules import one another in circles. What
examines is there before any thread is.
"""

import importlib
import random
import sys
import threading
from pathlib import Path

import doctor.examine

PACKAGE = Path(doctor.__file__).parent
SCREENS = "doctor.tui"


def modules() -> list[str]:
    """What may be imported from outside: a package alone, where it loads its modules itself."""
    files = sorted(PACKAGE.rglob("*.py"))
    names = {named(file): file for file in files if "probes" not in file.parts}
    whole = {name for name, file in names.items() if loads_its_own(name, file.read_text())}
    return [name for name in names if not any(name.startswith(f"{own}.") for own in whole)]


def named(file: Path) -> str:
    """The dotted name of a file of the package."""
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loads_its_own(name: str, text: str) -> bool:
    """Whether a package's own file imports modules of the package."""
    lines = text.splitlines()
    return any(line.startswith((f"from {name} import", f"from {name}.")) for line in lines)


def main(seed: str) -> int:
    """0, or 1 and on standard output what could not be loaded."""
    random.seed(seed)
    every = [name for name in modules() if not name.endswith("__main__")]
    rest = [name for name in every if not name.startswith(SCREENS)]
    start = threading.Barrier(3)
    failed: list[str] = []

    def load(names: list[str]) -> None:
        start.wait()
        for name in random.sample(names, len(names)):
            try:
                importlib.import_module(name)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told
                failed.append(f"{name}: {error!r}")

    sys.setswitchinterval(1e-6)  # threads take turns as often as they can
    threads = [threading.Thread(target=load, args=(names,)) for names in (every, rest, rest)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write("\n".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
