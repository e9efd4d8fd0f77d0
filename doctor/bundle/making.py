"""A recording -> the files of a bundle, after it was redacted and replayed."""

import hashlib
import io
import zipfile
from collections.abc import Iterable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doctor import __version__, examine
from doctor.bundle.faithful import Unfaithful, compared
from doctor.bundle.format import (
    FORMAT,
    GUIDES,
    MANIFEST,
    MAX_BUNDLE,
    REPORT,
    SUMMARY,
    Manifest,
    Member,
)
from doctor.bundle.leaving_out import without_files
from doctor.bundle.members import Content, unpacked
from doctor.bundle.opening import UnreadableBundle, opened
from doctor.bundle.summary import summary
from doctor.host.identity import Identity
from doctor.host.recorded import RecordedHost, Recording
from doctor.model import Omission, Report
from doctor.redact import Redacted, counted, redact, unredacted
from doctor.report import document

__all__ = ["Bundle", "Unfaithful", "make", "replayed", "zipped"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every file, so that equal input gives equal bytes."""

COURTESY = (SUMMARY, REPORT, GUIDES)
"""Files that opening does without."""


class Bundle(Struct, frozen=True):
    """Every file that would be written, in order, and the report that it gives when opened.

    `packed` is the .zip of them: what was proven to open is what is written.
    """

    contents: tuple[Content, ...]
    manifest: Manifest
    report: Report
    packed: bytes

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
    before: tuple[Omission, ...] = (),
) -> Bundle:
    """Puts a bundle together; `report` is what was judged from `recording`.

    `words` are more to hide, `without` files to leave out, by the name or the source that the
    preview shows; `before` was left out already when the recording was saved. Raises Unfaithful
    where a replay of what is saved would find something else.
    """
    redacted = redact(recording, identity, words) if hidden else unredacted(recording)
    redacted = _with_earlier(redacted, before)
    if without:
        redacted = without_files(redacted, without, COURTESY)
    again = replayed(redacted.recording)
    lost = compared(report, again, redacted.hide, less=bool(without))
    redacted = replace(redacted, omissions=(*redacted.omissions, *lost))
    contents, manifest = _together(redacted, again, hidden, without)
    return Bundle(contents, manifest, again, _checked(contents, redacted))


def _with_earlier(redacted: Redacted, before: Iterable[Omission]) -> Redacted:
    """What an earlier bundle of the same machine left out is not in this one either."""
    hide = redacted.hide  # a manifest from anywhere can say anything, in its reasons too
    shown = (replace(one, what=hide(one.what), reason=hide(one.reason)) for one in before)
    every = dict.fromkeys((*shown, *redacted.omissions))
    return replace(redacted, omissions=tuple(every))


def replayed(recording: Recording) -> Report:
    """What is found in a recording: the same code as on the machine itself."""
    host = RecordedHost(recording)
    return examine.with_caches(host, examine.examine(host))


def _together(
    redacted: Redacted, report: Report, hidden: bool, without: tuple[str, ...]
) -> tuple[tuple[Content, ...], Manifest]:
    recording = redacted.recording
    words = summary(report, recording, redacted.replaced, hidden)
    whole = document.dumps({**document.of_report(report), "bundle": True}) + "\n"
    every = [
        Content(SUMMARY, words.encode("utf-8", "replace"), "for people"),
        Content(REPORT, whole.encode("utf-8", "replace"), "for programs"),
        *unpacked(recording),
    ]
    contents = [content for content in every if content.name not in without]
    manifest = Manifest(
        FORMAT, __version__, recording.made, report.source, hidden,
        tuple(_member(content) for content in contents), redacted.replaced, redacted.omissions,
    )  # fmt: skip
    data = msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1)
    listed = Content(MANIFEST, data + b"\n", "what is in here")
    return (listed, *contents), manifest


def _member(content: Content) -> Member:
    digest = hashlib.sha256(content.data).hexdigest()
    replaced = counted([content.data.decode("utf-8", "replace")])
    return Member(content.name, len(content.data), digest, content.source, replaced)


def _checked(contents: tuple[Content, ...], redacted: Redacted) -> bytes:
    """The last net: no file holds what was to be hidden, and the whole, packed, can be opened.

    Raises Unfaithful.
    """
    for content in contents:
        if redacted.leaks(content.data.decode("utf-8", "replace")):
            raise Unfaithful(
                f"{content.name} would still hold a secret or a word that was to be hidden; if you "
                "gave words to hide, take back those that are envdoctor's own, such as client"
            )
    data = _packed(contents)
    if len(data) > MAX_BUNDLE:
        raise Unfaithful(f"it would have {len(data) // 2**20} MiB, more than a forum takes")
    try:
        same = opened(data).recording == redacted.recording
    except UnreadableBundle as error:
        raise Unfaithful(f"it could not be opened again: it {error}") from None
    if not same:
        raise Unfaithful("it would not be the same when it is opened")
    return data


def zipped(bundle: Bundle) -> bytes:
    """The bundle as one .zip: the same bytes for the same files."""
    return bundle.packed


def _packed(contents: tuple[Content, ...]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for content in contents:
            entry = zipfile.ZipInfo(content.name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, content.data)
    return buffer.getvalue()
