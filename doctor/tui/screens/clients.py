"""Clients: one row each, the story and the transcript beside or below."""

from doctor.clean import in_words
from doctor.model import Client, Transcript
from doctor.report import words
from doctor.tui.screens.table import Row, TableRoom
from doctor.tui.state import State


class ClientsScreen(TableRoom):
    """What every installed client would report, reports, and installs."""

    ROOM = "clients"
    LEGEND = "predicted: by the rule for that version   reported: the client said so"
    EMPTY = "No client was found on PATH or in the usual places."
    SPARE = frozenset(("predicted", "agrees"))

    def columns(self, state: State) -> tuple[str, ...]:
        """What is said of each client."""
        return ("client", "version", "predicted", "reported", "agrees", "CPU packages")

    def rows(self, state: State) -> list[Row] | None:
        """One row per installation."""
        if state.clients is None:
            return None
        return [(client.id, row(client)) for client in state.clients]

    def story(self, state: State, key: str) -> list[str]:
        """All about one client."""
        return story(next(client for client in state.clients or () if client.id == key))


def row(client: Client) -> tuple[str, ...]:
    """The cells of a client's row; what is not known yet says so."""
    prediction, answer = client.prediction, client.reported
    predicted = "unknown"
    if prediction is not None and "__archspec" not in prediction.unknown:
        predicted = "fails" if prediction.failure else prediction.archspec or "none"
    reported = "asking..."
    if answer is not None:
        reported = "unknown" if answer.virtual_packages is None else answer.archspec or "none"
    name = "rattler (own)" if client.ours else client.kind
    packages = words.packages_word(client)
    return (name, client.version or "unknown", predicted, reported, words.agrees(client), packages)


def story(client: Client) -> list[str]:
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
        lines.append("reports       asking...")
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


def transcript(said: Transcript, limit: int = 200) -> list[str]:
    """A command with everything that it printed, at most `limit` lines of each stream."""
    status = "none" if said.exit_status is None else str(said.exit_status)
    argv = " ".join(in_words(word) for word in said.argv if word != "-c")
    lines = [f"$ {argv}", f"  exit status {status}, {said.seconds:.2f} s"]
    if said.trouble:
        lines.append(f"  {said.trouble}")
    for name, stream in (("", said.stdout), ("standard error: ", said.stderr)):
        printed = stream.strip("\n").splitlines()
        lines += [f"  {name}{line}" for line in printed[:limit]]
        if len(printed) > limit:
            lines.append(f"  ... {len(printed) - limit} more lines")
    return lines
