"""`python -m tests.archspec_releases FOLDER` writes doctor/data/archspec_releases.json.

FOLDER holds one folder per archspec release, each an installation of that release from PyPI
(`tests.clients` makes them). The file holds what each release changed against the one before.
"""

import json
import sys
from pathlib import Path
from typing import Any

from doctor.version import key

DATA = Path(__file__).parent.parent / "doctor" / "data" / "archspec_releases.json"
KEPT = ("from", "vendor", "generation", "cpupart")


def difference(release: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What `after` changed against `before`, both in archspec's JSON shape."""
    old, new = before.get("microarchitectures", {}), after["microarchitectures"]
    changed: dict[str, dict[str, Any]] = {}
    for name, entry in new.items():
        was = old.get(name, {})
        change = {k: entry[k] for k in KEPT if k in entry and entry[k] != was.get(k)}
        features = feature_change(was.get("features", []), entry["features"])
        if features:
            change["features"] = features
        if change or name not in old:
            changed[name] = change
    result: dict[str, Any] = {"release": release, "changed": changed}
    if dropped := [name for name in old if name not in new]:
        result["dropped"] = dropped
    for table in ("darwin_flags", "arm_vendors"):
        was = before.get("conversions", {}).get(table, {})
        if news := {k: v for k, v in after["conversions"][table].items() if was.get(k) != v}:
            result[table] = news
    kept = [name for name in old if name in new]
    if [*kept, *(n for n in new if n not in old)] != list(new):
        result["order"] = " ".join(new)
    return result


def feature_change(was: list[str], now: list[str]) -> str:
    """`-removed +added`, in a stable order."""
    removed = [f"-{name}" for name in was if name not in now]
    return " ".join([*removed, *(f"+{name}" for name in now if name not in was)])


def main(folder: Path) -> None:
    """Writes the differences of every release found under `folder`."""
    before: dict[str, Any] = {}
    found = []
    for release in sorted((p.name for p in folder.iterdir()), key=key):
        (path,) = (folder / release).rglob("json/cpu/microarchitectures.json")
        after = json.loads(path.read_text(encoding="utf-8"))
        found.append(difference(release, before, after))
        before = after
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in found)
    DATA.write_text('{"releases":[\n' + lines + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
