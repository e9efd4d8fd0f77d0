"""Bundle: every file before it is written, what is left out of it, and writing it."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from doctor.bundle.preview import preview
from doctor.linear.state import Reply, State, reply, room
from doctor.linear.talking import Talk

if TYPE_CHECKING:
    from doctor.bundle.members import Content

FIRST = "Type b first: that puts a bundle together and says what would be in it."
TODO = (
    "show NAME reads one of them. leave out NAME leaves one out. hide WORD hides one more word "
    "wherever it stands. take back NAME or WORD undoes that. write PATH writes it, after asking."
)


def bundle(talk: Talk, state: State, typed: str) -> Reply:
    """Puts one together as it was wanted last, and says every file of it."""
    made = _together(talk, state, state.hidden, state.without)
    if isinstance(made, str):
        return reply(state, made)
    return room(made, (*_previewed(made), TODO))


def _changed(talk: Talk, state: State, hidden: tuple[str, ...], without: tuple[str, ...]) -> Reply:
    """Puts it together anew, and says what is different about the whole."""
    made = _together(talk, state, hidden, without)
    if isinstance(made, str):
        return reply(state, made)
    files = len(made.bundle.contents) if made.bundle is not None else 0
    return reply(made, *_previewed(made)[1 + files :], f"It has {files} files; b says them all.")


def _previewed(state: State) -> list[str]:
    """A heading, a line for each file, then what holds for all of them."""
    return [] if state.bundle is None else [line.strip() for line in preview(state.bundle)]


def _together(
    talk: Talk, state: State, hidden: tuple[str, ...], without: tuple[str, ...]
) -> State | str:
    """The state with the bundle; where there can be none, what was wanted before stays."""
    talk.say("Putting it together.")
    guides = tuple(state.guides.values())
    made = talk.session.bundle(state.report, guides, hidden, without)
    if isinstance(made, str):
        return f"Not possible: {made}."
    return replace(state, bundle=made, hidden=hidden, without=without)


def show(talk: Talk, state: State, typed: str) -> Reply:
    """The text of one file, letter by letter but for control characters."""
    content = _named(state, typed)
    if isinstance(content, str):
        return reply(state, content)
    lines = content.data.decode("utf-8", "replace").split("\n")
    return Reply(state, (f"{content.name}:", *lines[: -1 if not lines[-1] else None]), exact=True)


def _named(state: State, typed: str) -> "Content | str":
    """The file that a name or a part of it means, or why it is none."""
    if state.bundle is None:
        return FIRST
    contents = state.bundle.contents
    found = [content for content in contents if typed in (content.name, content.source)]
    found = found or [content for content in contents if typed and typed in content.name]
    if len(found) == 1:
        return found[0]
    if found:
        return f"Several have that in their names: {', '.join(c.name for c in found)}."
    return f"{typed!r} is no file of this bundle." if typed else "Name one of its files."


def hide(talk: Talk, state: State, typed: str) -> Reply:
    """One more word is hidden everywhere."""
    if state.bundle is None or not typed:
        return reply(state, FIRST if state.bundle is None else "Which word?")
    return _changed(talk, state, (*state.hidden, typed), state.without)


def leave_out(talk: Talk, state: State, typed: str) -> Reply:
    """One file is left out."""
    content = _named(state, typed.removeprefix("out").strip())
    if isinstance(content, str):
        return reply(state, content)
    return _changed(talk, state, state.hidden, (*state.without, content.place))


def take_back(talk: Talk, state: State, typed: str) -> Reply:
    """A file that was left out is taken in again, or a hidden word stands again."""
    name = typed.removeprefix("back").strip()
    if name in state.hidden:
        words = tuple(word for word in state.hidden if word != name)
        return _changed(talk, state, words, state.without)
    kept = tuple(one for one in state.without if name not in one)
    if state.bundle is None or not name or kept == state.without:
        return reply(state, FIRST if state.bundle is None else _taken_out(state))
    return _changed(talk, state, state.hidden, kept)


def _taken_out(state: State) -> str:
    hidden = f" Hidden is {', '.join(state.hidden)}." if state.hidden else ""
    return f"Left out is {', '.join(state.without) or 'nothing'}.{hidden}"


def write(talk: Talk, state: State, typed: str) -> Reply:
    """Writes it after a yes, and over another file after one more."""
    if state.bundle is None:
        return reply(state, FIRST)
    path = typed or f"envdoctor-{datetime.now():%Y%m%d-%H%M%S}.zip"
    talk.say(f"{len(state.bundle.contents)} files, {state.bundle.size} bytes before packing.")
    if not talk.agreed(f"Write {path}?"):
        return reply(state, "Nothing was written.")
    said, done = talk.session.write(state.bundle, path, over=False)
    if not done and "is there already" in said and talk.agreed(f"{path} is there. Replace it?"):
        said, done = talk.session.write(state.bundle, path, over=True)
    return reply(state, said)
