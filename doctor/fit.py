"""A package file and a client -> whether the client would take it on this machine, and why not."""

from collections.abc import Iterator

from msgspec import Struct

from doctor import channel
from doctor.model import Basis, Client, PackageFile, Record, VirtualPackage
from doctor.requirements import LEVEL_PACKAGE, parse, parsed
from doctor.why import outcome


class Fit(Struct, frozen=True):
    """Whether a client takes a package: `None` is unknown; `because` says it in sentences."""

    takes: bool | None
    basis: Basis | None
    because: tuple[str, ...]


def requirements(package: PackageFile) -> tuple[str, ...]:
    """What is solved for in place of a package: its level requirements, or itself if it is one."""
    record = package.record
    if record is None:
        return ()
    asked = (parsed(text) for text in record.depends)
    found = [wanted.plain for wanted in asked if wanted is not None and wanted.family]
    if _is_published(record):
        found.append(f"{record.name}={record.version}={record.build}")
    return tuple(dict.fromkeys(found))


def fit(client: Client, package: PackageFile) -> Fit:
    """Puts together what its solver did with the level requirements and what it offers."""
    record = package.record
    if record is None:
        return Fit(None, None, (package.trouble or "cannot be read",))
    parts = [*_solved(client, package), *_offered(client, record)]
    parts += _subdir(client, record)
    if not parts:
        return Fit(True, Basis.PREDICTED, ("asks nothing of the CPU or of the system",))
    takes = [part.takes for part in parts]
    verdict = False if False in takes else None if None in takes else True
    deciding = [part for part in parts if part.takes is verdict]
    proven = all(part.basis is Basis.PROVEN for part in deciding)
    basis = None if verdict is None else Basis.PROVEN if proven else Basis.PREDICTED
    return Fit(verdict, basis, tuple(sentence for part in deciding for sentence in part.because))


def _is_published(record: Record) -> bool:
    """Whether it is a level package that the reproduction channel holds."""
    spelt = (record.name, record.version, record.build)
    published = ((p.name, p.version, p.build) for p in channel.packages())
    return LEVEL_PACKAGE.fullmatch(record.name) is not None and spelt in published


def _solved(client: Client, package: PackageFile) -> Iterator[Fit]:
    for text in requirements(package):
        installs, said, basis = outcome(client, text)
        yield Fit(installs, basis, (f"{text}: {said}",))


def _offered(client: Client, record: Record) -> Iterator[Fit]:
    """Its other requirements on virtual packages, matched against what the client offers."""
    solved = _is_published(record)
    for text in record.depends:
        requirement = parsed(text)
        if requirement is None:
            if text.strip().startswith("__"):
                yield Fit(None, None, (f"{text}: is no requirement that can be read",))
        elif requirement.name.startswith("__") and not (
            solved and requirement.name == "__archspec"
        ):
            yield _matched(client, requirement.name, text)


def _matched(client: Client, name: str, text: str) -> Fit:
    answer = client.reported
    packages = answer.virtual_packages if answer is not None else None
    prediction = client.prediction
    basis = Basis.REPORTED
    if packages is None:
        packages = prediction.packages if prediction and not prediction.failure else None
        basis = Basis.PREDICTED
        if prediction is not None and name in prediction.unknown:
            packages = None
    if packages is None:
        return Fit(None, None, (f"{text}: what it offers is unknown",))
    own = next((package for package in packages if package.name == name), None)
    if own is None:
        return Fit(False, basis, (f"{text}: it offers no {name}",))
    regex = prediction is not None and prediction.matches_regex_builds
    return Fit(_matches(text, own, regex), basis, (f"{text}: it offers {own}",))


def _matches(text: str, package: VirtualPackage, regex: bool) -> bool:
    from rattler import MatchSpec, PackageRecord

    build = parse(text).build or ""
    if build.startswith("^") and not regex:
        return False
    record = PackageRecord(
        name=package.name, version=package.version, build=_build(package.build), build_number=0,
        subdir="noarch", arch=None, platform=None,
    )  # fmt: skip
    return bool(MatchSpec(text).matches(record))


def _build(text: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a type since 0.28 only
    import rattler.package

    build_string = getattr(rattler.package, "BuildString", None)
    return build_string.new_unchecked(text) if build_string is not None else text


def _subdir(client: Client, record: Record) -> Iterator[Fit]:
    """A package of another platform is taken by nobody who solves for this one."""
    target = client.target
    if target and record.subdir and record.subdir not in ("noarch", target):
        because = f"is for {record.subdir}, and it solves for {target}"
        yield Fit(False, Basis.PREDICTED, (because,))
