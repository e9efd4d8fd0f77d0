"""Where overrides are set, and who follows them: shared by the checks about overrides."""

from collections.abc import Iterator

from msgspec import Struct

from doctor import reach
from doctor.checks.startup_lines import is_literal, quoted, value_set
from doctor.model import Client, Evidence, Line, Remedy, Report
from doctor.remedies import commands, remove_override

VARIABLE = commands.VARIABLE
CONDARC = remove_override.CONDARC


class Override(Struct, frozen=True):
    """An override of `__archspec`: what it is called, its value, and the clients that follow it.

    envdoctor's own py-rattler does not count, nor does pixi, whose workspaces ignore it. `lines`
    are those of start-up files that set it to this value.
    """

    subject: str
    name: str
    value: str
    source: str
    followers: tuple[Client, ...]
    removal: Remedy
    lines: tuple[Line, ...] = ()

    @property
    def written(self) -> tuple[Evidence, ...]:
        """The lines of start-up files that set it."""
        return tuple(map(quoted, self.lines))

    @property
    def removals(self) -> tuple[Remedy, ...]:
        """How to take it away: here and now first, then for good."""
        return (self.removal, *remove_override.from_files(self.lines))

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the clients that follow it."""
        return tuple(client.id for client in self.followers)


def overrides(report: Report) -> Iterator[Override]:
    """The variable, if it is set; else what each conda's condarc says."""
    value = report.machine.settings.get(VARIABLE)
    if value is not None:
        followers = tuple(c for c in report.clients if follows(c))
        removal = remove_override.from_shell(report, followers)
        yield Override(VARIABLE, VARIABLE, value, "environment", followers, removal,
                       tuple(setting_lines(report, value)))  # fmt: skip
        return
    for client in report.clients:
        named = client.configured.get("archspec")
        if named is not None:
            removal = remove_override.from_condarc(client)
            yield Override(
                client.id, f"{CONDARC}: archspec", named, "condarc, as conda reads it", (client,),
                removal,
            )  # fmt: skip


def setting_lines(report: Report, value: str) -> Iterator[Line]:
    """Lines of start-up files that set the variable to this value, as far as that can be read."""
    for line in report.machine.startup:
        named = value_set(line.text, VARIABLE)
        if named is not None and (named == value or not is_literal(named)):
            yield line


def follows(client: Client) -> bool:
    """Whether an installed client's solver uses the variable."""
    return reach.honours_override(client) and not client.ours and client.kind != "pixi"


def overridden(report: Report, client: Client) -> bool:
    """Whether this client's `__archspec` is set by somebody rather than detected."""
    named = VARIABLE in report.machine.settings and reach.honours_override(client)
    return named or "archspec" in client.configured
