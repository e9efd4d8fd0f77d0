"""summary.md: a report that stands alone, and one block for each box of the issue forms.

Field names: conda/conda .github/ISSUE_TEMPLATE/0_bug.yml, mamba-org/mamba
.github/ISSUE_TEMPLATE/bug.yml, prefix-dev/pixi .github/ISSUE_TEMPLATE/bug_report.yml.
"""

from collections.abc import Iterator, Mapping

from doctor.host.recorded import Recording
from doctor.model import Client, Report
from doctor.report import markdown, text, words

LIMIT = 58_000
"""Characters: an issue takes 65,536, and somebody will write above it."""

CUT = "\n\n(The rest was cut here, so that it fits into an issue; the attached bundle has it.)\n"


def summary(report: Report, recording: Recording, replaced: Mapping[str, int], hidden: bool) -> str:
    """The whole text, the privacy note first; never longer than LIMIT, its fences closed."""
    sections = ["\n".join(_head(report, replaced, hidden)), "\n".join(markdown.markdown(report))]
    sections += [_folded(title, lines) for title, lines in _blocks(report, recording)]
    whole = ""
    for section in sections:
        left = LIMIT - len(whole) - len(CUT)
        if len(section) + 2 > left:
            return f"{whole}{_cut(section, left)}{CUT}"
        whole += f"{section}\n\n"
    return whole


def _head(report: Report, replaced: Mapping[str, int], hidden: bool) -> Iterator[str]:
    if hidden:
        count = ", ".join(f"{kind} {number}" for kind, number in sorted(replaced.items()))
        yield (
            "> Privacy: names, paths, hosts and secrets were replaced by stand-ins such as "
            f"`hidden-user-1` ({count or 'there were none'}). Nothing was sent anywhere. Patterns "
            "can miss something: read it before you post it."
        )
    else:
        yield "> UNREDACTED: this holds names, paths, hosts and whatever clients printed."
    yield ""
    yield f"envdoctor {report.doctor}, {report.made}"


def _blocks(report: Report, recording: Recording) -> Iterator[tuple[str, list[str]]]:
    """Title and lines of each box, under the names that the forms have for them."""
    yield "CPU flags (all projects)", _flags(recording)
    kinds = (
        ("conda", "Conda Info (conda bug form)"),
        ("mamba", "Output of mamba info (mamba bug form)"),
        ("micromamba", "Output of micromamba info (mamba bug form)"),
        ("pixi", "pixi info (pixi bug form: Reproducible example)"),
        ("rattler", "py-rattler"),
    )
    for kind, title in kinds:
        rows = [client for client in report.clients if client.kind == kind and not client.ours]
        if rows:
            yield title, [line for client in rows for line in (*_info(client), "")]
    yield "Tried in conda? (mamba bug form)", _tried(report)
    yield "Machine (feedstock issues)", list(text.plain_machine(report.machine))


def _flags(recording: Recording) -> list[str]:
    file = recording.files.get("/proc/cpuinfo")
    lines = (file.text or "").splitlines() if file else []
    wanted = ("vendor_id", "cpu family", "model", "model name", "flags", "Features")
    first: dict[str, str] = {}
    for line in lines:
        first.setdefault(line.partition(":")[0].strip(), line)
    return [first[name] for name in wanted if name in first] or ["unknown"]


def _info(client: Client) -> Iterator[str]:
    yield f"{client.title} at {client.path}"
    for name, version in sorted(client.parts.items()):
        yield f"  {name} {version}"
    answer = client.reported
    packages = answer.virtual_packages if answer else None
    if packages is None:
        yield f"  virtual packages: unknown, {answer.trouble if answer else 'not asked'}"
        return
    yield "  virtual packages:"
    yield from (f"    {package}" for package in packages)


def _tried(report: Report) -> list[str]:
    rows = [c for c in report.clients if c.kind == "conda"]
    if not rows:
        return ["conda is not installed here"]
    return [f"{c.title}: level packages {words.packages_word(c)}" for c in rows]


def _folded(title: str, lines: list[str]) -> str:
    """A block that is folded away, in a fence that nothing in it can close."""
    body = "\n".join(lines)
    fence = "```"
    while fence in body:
        fence += "`"
    head = f"<details><summary>{markdown.escape(title)}</summary>"
    return f"{head}\n\n{fence}\n{body}\n{fence}\n\n</details>"


def _cut(section: str, left: int) -> str:
    """As much of a section as fits, with its fence and its fold closed."""
    closing = "\n````````\n\n</details>" if section.startswith("<details>") else ""
    room = left - len(closing) - 40
    if room < 200:
        return ""
    shown = section[:room].rpartition("\n")[0]
    if not closing:
        fences = [line.strip() for line in shown.splitlines() if line.strip().startswith("```")]
        return shown + (
            f"\n{fences[-1].rstrip('abcdefghijklmnopqrstuvwxyz')}" if len(fences) % 2 else ""
        )
    fence = next((line for line in shown.splitlines() if set(line) == {"`"}), "```")
    return f"{shown}\n{fence}\n\n</details>"
