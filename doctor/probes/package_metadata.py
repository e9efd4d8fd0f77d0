"""Reads what a package file says of itself, as conda-package-handling streams it; unpacks nothing.

Argument: the path of a `.conda` or `.tar.bz2`. Whatever is wrong with it is one line, `trouble`.
"""

import sys

sys.path[:] = [entry for entry in sys.path if entry]

import io  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import posixpath  # noqa: E402
import re  # noqa: E402
import stat  # noqa: E402

MIB = 2**20
MAX_TOTAL, MAX_INDEX, MAX_TEXT = 256 * MIB, 4 * MIB, MIB
MAX_MEMBERS, MAX_NAME, MAX_LINES = 100000, 4096, 40
MAX_RATIO, FREE = 1000, 16 * MIB  # zeros alone may be packed as tightly up to there
HEADERS = MIB  # before a member or after the last: names of any length are shorter
AFTER = 32 * MIB  # of a .tar.bz2 beyond its info/: enough for most, a second for the largest
RECORD = 10240  # what tarfile reads at once

INDEX, HASH_INPUT = "info/index.json", "info/hash_input.json"
EXPORTS = ("info/run_exports.json", "info/run_exports.yaml", "info/recipe/meta.yaml")
FIELDS = ("name", "version", "build", "build_number", "subdir", "depends", "constrains",
          "track_features")  # fmt: skip
RECIPE = re.compile(
    r"info/recipe/((recipe/)?(meta\.yaml(\.template)?|"
    r"((rendered_)?recipe|conda_build_config|variant_config|variants)\.yaml))"
)
CPU = re.compile(r"microarch|archspec|-march|x86[-_]64[-_]v[234]", re.IGNORECASE)
INFO_PART = re.compile(r"info-(.*)\.tar\.zst", re.DOTALL)

AGAIN = "download it again"
DISTRUST = "do not use it"
CUT = "is cut off, or has something after its end: " + AGAIN
OUT = "has a member that leads out of it (%s): " + DISTRUST
BOMB = "grows beyond any real package when it is unpacked: " + DISTRUST


class Bad(Exception):
    """What is wrong with the file, in one line."""


class Packed(io.FileIO):
    """A file of which nobody reads much at once: a zip's list of members is read whole."""

    def read(self, size=-1):
        """As a file, within bounds."""
        length = os.fstat(self.fileno()).st_size
        if (length - self.tell() if size is None or size < 0 else size) > MIB:
            raise Bad("lists more members than any real package: " + DISTRUST)
        return super().read(size)


class Meter:
    """What comes out of a decompressor, counted; its last bytes are kept."""

    def __init__(self, stream, packed):
        self.stream, self.packed = stream, packed
        self.count, self.allowed, self.tail = 0, HEADERS, b""

    def expect(self, end):
        """The next member ends there; bytes beyond it and its headers are a bomb."""
        if end > MAX_TOTAL or end > max(FREE, MAX_RATIO * self.packed):
            raise Bad(BOMB)
        self.allowed = end + HEADERS

    def read(self, size):
        """The next bytes."""
        data = self.stream.read(size)
        self.count += len(data)
        self.tail = (self.tail + data)[-2 * RECORD :]
        if self.count > self.allowed + RECORD:
            raise Bad(BOMB)
        return data

    def ends_at(self, offset):
        """Whether an archive ends at this offset by its own mark."""
        start = offset - (self.count - len(self.tail))
        return start >= 0 and self.tail[start : start + 512] == bytes(512)


class Names:
    """The members seen so far, each checked."""

    def __init__(self):
        self.count, self.files = 0, set()

    def check(self, member):
        """The member's plain name; raises Bad for one that no real package has."""
        self.count += 1
        name = posixpath.normpath(member.name)
        if self.count > MAX_MEMBERS:
            raise Bad("has more than %d members: %s" % (MAX_MEMBERS, DISTRUST))
        device = member.ischr() or member.isblk() or member.isfifo()
        if device or member.size < 0 or len(member.name) > MAX_NAME:
            raise Bad("has a member of an impossible kind, name or size: " + DISTRUST)
        if escapes(member.name) or leads_out(member, name):
            raise Bad(OUT % member.name[:200])
        if name in self.files:
            raise Bad("has two members called %s: %s" % (name[:200], DISTRUST))
        if name.startswith("info/") and not member.isdir():
            self.files.add(name)
        return name


def leads_out(member, name):
    """Whether a link leaves the package; a payload's may be absolute, as in real sysroots."""
    target = member.linkname
    if member.issym() and not target.startswith("/"):
        return escapes(posixpath.normpath(posixpath.join(posixpath.dirname(name), target)))
    return escapes(target) and (member.islnk() or name.startswith("info/"))


def escapes(name):
    """Whether a name means something outside of the folder that it is unpacked in."""
    return bool(re.match(r"/|[A-Za-z]:|.*\\|(.*/)?\.\.(/|\Z)", name, re.DOTALL))


def limit_self():
    """Bounds this process, so that no file can take the machine down; Windows has no way."""
    wanted = (("AS", 512 * MIB), ("CPU", 10), ("FSIZE", 0), ("CORE", 0), ("NOFILE", 64))
    for name, value in wanted:
        try:  # one more as the hard limit: at that of CPU seconds the kernel gives no reason
            import resource

            resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value + 1))
        except (ImportError, AttributeError, OSError, ValueError):
            continue


def opened(path):
    """The file, opened only if it is a regular one, and never waited for."""
    kind = stat.S_IFMT(os.stat(path).st_mode)
    if kind != stat.S_IFREG:
        words = {stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
        raise Bad("is a %s: name the package file itself" % words.get(kind, "device"))
    names = ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
    return Packed(os.open(path, os.O_RDONLY | sum(getattr(os, name, 0) for name in names)))


def describe(package_streaming, path):
    """What the package says of itself; for what is none, how it begins and its members."""
    with opened(path) as file:
        head = file.read(512)
        file.seek(0)
        names = []
        if head.startswith(b"PK\3\4"):
            with package_streaming.zipfile.ZipFile(file) as archive:
                names = archive.namelist()
                if path.lower().endswith(".conda") and any(map(INFO_PART.fullmatch, names)):
                    return from_zip(package_streaming, archive, names)
        elif head.startswith(b"BZh") and path.lower().endswith(".tar.bz2"):
            size = check_end(file)
            return answer_of(gather(package_streaming, package_streaming.bz2.open(file), size))
    return {"start": head.hex(), "members": [name[-200:] for name in names[-100:]]}


def check_end(file):
    """The size; raises Bad without the mark that ends a bzip2 stream, which begins at any bit."""
    size = os.fstat(file.fileno()).st_size
    file.seek(max(0, size - 11))
    end = int.from_bytes(file.read(11), "big")
    file.seek(0)
    if not any(end >> (32 + shift) & 0xFFFFFFFFFFFF == 0x177245385090 for shift in range(8)):
        raise Bad(CUT)
    return size


def from_zip(package_streaming, archive, names):
    """What a `.conda` says of itself."""
    outside = next(filter(escapes, names), None)
    if outside is not None:
        raise Bad(OUT % outside[:200])
    parts = list(filter(INFO_PART.fullmatch, names))
    if len(parts) > 1 or len(set(names)) < len(names):
        raise Bad("has two members of the same kind: " + DISTRUST)
    part = archive.getinfo(parts[0])
    check_format(archive, part)
    with archive.open(part) as packed:
        # Whichever it is built on: both refuse windows larger than 128 MiB.
        old = getattr(package_streaming, "zstandard", None)
        zstd = old.ZstdDecompressor().stream_reader if old else package_streaming.zstd.open
        texts = gather(package_streaming, zstd(packed), part.file_size)
        while packed.read(MIB // 2):  # to its end, where zipfile checks the sum
            pass
    return dict(answer_of(texts), stem=INFO_PART.fullmatch(part.filename).group(1))


def check_format(archive, part):
    """Raises Bad unless it is packed as every client reads it."""
    if "metadata.json" not in archive.namelist():
        raise Bad("has no metadata.json, which every .conda has: " + AGAIN)
    about = archive.getinfo("metadata.json")
    if (about.flag_bits | part.flag_bits) & 1:
        raise Bad("is encrypted, which no client reads: get it from its channel")
    if part.compress_type or part.file_size > MAX_TOTAL or about.file_size > MAX_TEXT:
        raise Bad("is packed in a way that no real package is: " + DISTRUST)
    version = load(archive.read(about), "metadata.json").get("conda_pkg_format_version")
    if version != 2:
        said = (json.dumps(version)[:40], "look for a newer envdoctor")
        raise Bad("is of version %s of the .conda format, which envdoctor cannot read: %s" % said)


def gather(package_streaming, reader, size):
    """Texts of the members that are read, by name."""
    meter, names, texts, info, tar = Meter(reader, size), Names(), {}, 0, None
    for tar, member in package_streaming.tar_generator(meter):
        name = names.check(member)
        end = member.offset_data + member.size
        if name.startswith("info/") or INDEX not in texts:
            info = end
        elif info + AFTER < end <= MAX_RATIO * size:
            return texts
        meter.expect(end)
        if name in (INDEX, HASH_INPUT) or name in EXPORTS or RECIPE.fullmatch(name):
            texts[name] = text_of(tar, member, name)
    if tar is not None and not meter.ends_at(tar.offset):
        raise Bad(CUT)
    while meter.read(RECORD):  # to its end, where bzip2 and zstandard check their sums
        pass
    return texts


def text_of(tar, member, name):
    """A member's bytes; a recipe's only as far as lines are looked for."""
    if not member.isreg() or member.issparse():
        raise Bad("has something other than a file as its %s: %s" % (name, DISTRUST))
    most = MAX_INDEX if name == INDEX else MAX_TEXT
    if member.size > most and not RECIPE.fullmatch(name):
        raise Bad("has a larger %s than any real package: %s" % (name, DISTRUST))
    return tar.extractfile(member).read(most)


def load(data, name):
    """The JSON object in a member."""
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=int)  # which knows no NaN
    except (RecursionError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise Bad("has a broken %s (no valid JSON object): %s" % (name, AGAIN))
    return found


def answer_of(texts):
    """What the texts say: fields, run exports, the recipe's lines, and what chose the variant."""
    if INDEX not in texts:
        raise Bad("has no info/index.json, so it is no conda package: check where it is from")
    index = load(texts[INDEX], INDEX)
    chosen = load(texts.get(HASH_INPUT, b"{}"), HASH_INPUT)
    exports = next((name for name in EXPORTS if name in texts), None)
    recipe = {name: lines(texts[name]) for name in sorted(texts) if RECIPE.fullmatch(name)}
    return {
        "index": {key: index[key] for key in FIELDS if key in index},
        "variant": {key: chosen[key] for key in chosen if "microarch" in key.lower()},
        "recipe": {RECIPE.fullmatch(name).group(1): said for name, said in recipe.items() if said},
        "run_exports": exports and [exports, texts[exports].decode("utf-8", "replace")],
    }


def lines(data):
    """The first lines of a recipe that name a CPU or a level, as `NUMBER: text`."""
    rows = enumerate(data.decode("utf-8", "replace").split("\n"), 1)
    return ["%d: %s" % (n, row.strip()[:200]) for n, row in rows if CPU.search(row)][:MAX_LINES]


def reason(error):
    """What an error of the libraries says of the file."""
    kind, said = type(error).__name__, str(error)
    if kind == "FileNotFoundError":
        return "is not there: check the path"
    if isinstance(error, OSError) and error.errno:
        return "cannot be read (%s): check its path and permissions" % error.strerror
    if kind == "MemoryError" or (kind == "ZstdError" and "memory" in said):
        return BOMB
    if kind == "EOFError" or said == "File is not a zip file":
        return CUT
    return "is damaged (%s): %s" % (said[:160] or kind, AGAIN)


def main():
    """Prints one marked line of JSON."""
    limit_self()
    from conda_package_streaming import package_streaming

    try:
        answer = json.dumps(describe(package_streaming, sys.argv[1]))
    except Bad as error:
        answer = json.dumps({"trouble": str(error)})
    except Exception as error:
        answer = json.dumps({"trouble": reason(error)})
    print("\nenvdoctor " + answer)


if __name__ == "__main__":
    main()
