"""What one command printed, as lines of text."""

from doctor.clean import in_words
from doctor.model import Transcript


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
