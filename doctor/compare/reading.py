"""One file -> when it was made, whose rules judged it, and the profile of its machine."""

import hashlib

from msgspec import Struct

from doctor import __version__
from doctor.bundle.format import REPORT, Manifest
from doctor.bundle.opening import UnreadableBundle, UnreadableRecording, is_zip, member, opened
from doctor.compare.documents import NotAReport, document, is_report
from doctor.compare.facts import Profile, profile
from doctor.compare.files import NotComparable
from doctor.examine import examine
from doctor.host.files import read_bytes
from doctor.host.recorded import MAX_RECORDING, RecordedHost, Recording
from doctor.model import Report
from doctor.report.document import dumps, of_report

FEW = 16
"""Up to so many recordings are judged again; of more the stored report is taken where it is by
this very version, which comes to the same: it was written by judging that recording."""


class Read(Struct, frozen=True):
    """A file that was understood; `judged` is `now` or `then`."""

    made: str
    judged: str
    profile: Profile


def read(path: str, stored: bool) -> Read:
    """Reads a bundle, a bare recording or a report; `stored` prefers the report in a bundle.

    Raises NotComparable with words that follow the file's name.
    """
    data, trouble = read_bytes(path, MAX_RECORDING)
    if data is None:
        raise NotComparable(trouble)
    try:
        if is_zip(data):
            return (_stored(data) if stored else None) or _again(opened(data).recording)
        if is_report(data):
            return _of(data, "then")
        return _again(opened(data).recording)
    except (UnreadableBundle, UnreadableRecording, NotAReport) as error:
        raise NotComparable(str(error)) from None


def own(report: Report) -> Read:
    """The machine of a report that was just made."""
    return _of(dumps(of_report(report)).encode(), "now")


def _again(recording: Recording) -> Read:
    return own(examine(RecordedHost(recording)))


def _stored(data: bytes) -> Read | None:
    """The report in a bundle, if this version wrote it and it is what the manifest says.

    `None` where the recording has to be judged, which also says what is wrong with the bundle.
    """
    manifest, report = member(data, REPORT)
    if manifest.doctor != __version__ or report is None or not _is_listed(manifest, report):
        return None
    return _of(report, "then")


def _is_listed(manifest: Manifest, report: bytes) -> bool:
    digest = hashlib.sha256(report).hexdigest()
    return any(m.name == REPORT and m.sha256 == digest for m in manifest.files)


def _of(data: bytes, judged: str) -> Read:
    found = document(data)
    return Read(found.made, judged, profile(found))
