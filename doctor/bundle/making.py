"""A recording -> the files of a bundle, after it was redacted and replayed."""

import hashlib
import io
import zipfile
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from doctor import __version__, examine
from doctor.bundle.format import FORMAT, MANIFEST, REPORT, SUMMARY, Manifest, Member
from doctor.bundle.members import Content, unpacked
from doctor.bundle.summary import summary
from doctor.host.identity import Identity
from doctor.host.recorded import RecordedHost, Recording
from doctor.model import Report
from doctor.redact import Redacted, redact, unredacted
from doctor.report import document

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every file, so that equal input gives equal bytes."""


class Unfaithful(Exception):
    """Redacting changed what is found: nothing is saved. The message says what differs."""


class Bundle(Struct, frozen=True):
    """Every file that would be written, in order, and the report that it gives when opened."""

    contents: tuple[Content, ...]
    manifest: Manifest
    report: Report

    @property
    def size(self) -> int:
        """Bytes of all files before they are packed."""
        return sum(len(content.data) for content in self.contents)


def make(
    recording: Recording,
    report: Report,
    identity: Identity,
    words: Iterable[str] = (),
    without: tuple[str, ...] = (),
    hidden: bool = True,
) -> Bundle:
    """Puts a bundle together; `report` is what was judged from `recording`.

    `words` are more to hide, `without` files (as they are shown in the preview) to leave out.
    Raises Unfaithful where a replay of what is saved would find something else.
    """
    left: frozenset[str] = frozenset()
    if hidden:
        redacted = redact(recording, identity, words)
        left = _left_out(recording, redacted, without)
        if left:
            redacted = redact(recording, identity, words, left)
    else:
        redacted = unredacted(recording)
    again = replayed(redacted.recording)
    _compare(report, again, redacted, bool(left))
    return _together(redacted, again, hidden)


def _left_out(recording: Recording, redacted: Redacted, without: Iterable[str]) -> frozenset[str]:
    """Paths of files that are named as the preview shows them, by name or by what they are of."""
    shown = {content.name: content.source for content in unpacked(redacted.recording)}
    own = {redacted.hide(path): path for path in recording.files}
    found = (shown.get(name, name) for name in without)
    return frozenset(own[path] for path in found if path in own)


def replayed(recording: Recording) -> Report:
    """What is found in a recording: the same code as on the machine itself."""
    host = RecordedHost(recording)
    return examine.with_caches(host, examine.examine(host))


def _compare(report: Report, again: Report, redacted: Redacted, less: bool) -> None:
    """The same findings and levels; where files were left out, none that is new."""
    before = {(f"{f.check}:{redacted.hide(f.subject)}", f.severity.value) for f in report.findings}
    after = {(f.id, f.severity.value) for f in again.findings}
    differ = sorted(name for name, _ in (after - before if less else after ^ before))
    levels = (report.machine.microarchitecture, report.machine.shared_level)
    if levels != (again.machine.microarchitecture, again.machine.shared_level):
        differ.append("the level of the CPU")
    names = [(c.kind, c.version, c.reported and c.reported.archspec) for c in report.clients]
    if names != [(c.kind, c.version, c.reported and c.reported.archspec) for c in again.clients]:
        differ.append("what clients report")
    if differ:
        raise Unfaithful(f"hiding names changed what is found: {', '.join(differ[:5])}")


def _together(redacted: Redacted, report: Report, hidden: bool) -> Bundle:
    recording = redacted.recording
    words = summary(report, recording, redacted.replaced, hidden)
    whole = document.dumps({**document.of_report(report), "bundle": True}) + "\n"
    contents = [
        Content(SUMMARY, words.encode(), "for people"),
        Content(REPORT, whole.encode(), "for programs"),
        *unpacked(recording),
    ]
    members = tuple(
        Member(c.name, len(c.data), hashlib.sha256(c.data).hexdigest(), c.source) for c in contents
    )
    manifest = Manifest(FORMAT, __version__, recording.made, report.source, hidden, members,
                        redacted.replaced, redacted.omissions)  # fmt: skip
    data = msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1)
    listed = Content(MANIFEST, data + b"\n", "what is in here")
    return Bundle((listed, *contents), manifest, report)


def zipped(bundle: Bundle) -> bytes:
    """The bundle as one .zip: the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for content in bundle.contents:
            entry = zipfile.ZipInfo(content.name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, content.data)
    return buffer.getvalue()
