"""Clients: one row each, the story and the transcript beside or below."""

from doctor.model import Client
from doctor.report import words
from doctor.report.transcripts import transcript
from doctor.tui.screens.table import Row, TableRoom
from doctor.tui.state import State


class ClientsScreen(TableRoom):
    """What every installed client would report, reports, and installs."""

    ROOM = "clients"
    LEGEND = "predicted: by the rule for that version   reported: the client said so"
    EMPTY = "No client was found on PATH or in the usual places."
    SPARE = frozenset(("predicted", "as predicted"))

    def columns(self, state: State) -> tuple[str, ...]:
        """What is said of each client."""
        return ("client", "version", "predicted", "reported", "as predicted", "CPU packages")

    def least(self, name: str) -> int:
        """An answer is no wider."""
        return len({"reported": "asking...", "as predicted": "no: __archspec"}.get(name, ""))

    def rows(self, state: State) -> list[Row] | None:
        """One row per installation."""
        if state.clients is None:
            return None
        since = words.elapsed(state.asking, state.now)
        return [(client.id, row(client, since)) for client in state.clients]

    def story(self, state: State, key: str) -> list[str]:
        """All about one client."""
        client = next(client for client in state.clients or () if client.id == key)
        return story(client, state.asked)


def row(client: Client, since: str = "") -> tuple[str, ...]:
    """The cells of a client's row; what is not known yet says so, and `since` when.

    An answer has the room of what is predicted, so that nothing moves when it comes.
    """
    prediction, answer = client.prediction, client.reported
    predicted = "unknown"
    if prediction is not None and "__archspec" not in prediction.unknown:
        predicted = "fails" if prediction.failure else prediction.archspec or "none"
    reported, fits = "asking...".ljust(len(predicted)), ""
    packages = since  # in a column that narrow terminals have too
    if answer is not None:
        reported = "unknown" if answer.virtual_packages is None else answer.archspec or "none"
        fits, packages = words.as_predicted(client), words.packages_word(client)
    name = "rattler (own)" if client.ours else client.kind
    return (name, client.version or "unknown", predicted, reported, fits, packages)


def story(client: Client, asked: str = "asking...") -> list[str]:
    """All about one client, in the order in which one asks."""
    lines = [client.path, f"  found: {client.found_by}{_hidden(client)}"]
    if client.ours:
        lines.append("  envdoctor's own solver, not one that you installed")
    prediction = client.prediction
    if prediction is not None:
        would = prediction.failure or " ".join(str(p) for p in prediction.packages) or "nothing"
        lines += [f"would report  {would}", f"  {prediction.era.says}"]
        if prediction.decided_by:
            lines.append(f"  decided by {prediction.decided_by}")
        lines += [f"  source: {prediction.era.source}", f"override      {prediction.era.override}"]
    answer = client.reported
    if answer is None:
        lines.append(f"reports       {asked}")
    elif answer.virtual_packages is None:
        lines.append(f"reports       unknown: {answer.trouble}")
    else:
        lines.append(
            f"reports       {' '.join(str(p) for p in answer.virtual_packages) or 'nothing'}"
        )
    if client.parts:
        lines.append(
            "parts         " + ", ".join(f"{n} {v}" for n, v in sorted(client.parts.items()))
        )
    if answer is not None and answer.transcript is not None:
        lines += ["", *transcript(answer.transcript)]
    return lines


def _hidden(client: Client) -> str:
    return f", shadowed by {client.shadowed_by}" if client.shadowed_by else ""
