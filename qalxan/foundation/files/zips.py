"""Reading a zip archive that may be hostile: everything is counted while it inflates, nothing is believed."""

import io
import re
import zipfile

from qalxan.foundation.files.kinds import Fault, Unsafe
from qalxan.foundation.files.scan import refuse_eicar

MAX_MEMBERS = 4000
MAX_INFLATED = 150 * 1024 * 1024
"""Bytes of all members together."""
MAX_RATIO = 200
"""How many times its packed size a member over a megabyte may have; tables of a hundred thousand equal rows reach about 100."""
_STEP = 64 * 1024
_FREE = 1024 * 1024
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"MSCF")
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(^|/)\.{1,2}(/|$)|[\x00-\x1f]|//")


def read_zip(data: bytes) -> dict[str, bytes]:
    """The members of an archive by name. Folders are left out.

    Raises Unsafe: BOMB for too many members or too much content, ENCRYPTED, DAMAGED for names that lead out of the archive or
    stand in it twice, and for what zipfile cannot read whole (check sums included), INFECTED for the scanners' test string inside.
    """
    if data.count(b"PK\x01\x02") > MAX_MEMBERS:  # before zipfile makes an object of each
        raise Unsafe(Fault.BOMB)
    parts: dict[str, bytes] = {}
    seen: set[str] = set()
    left = MAX_INFLATED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                _check(info, seen)
                if info.is_dir():
                    continue
                content = _inflate(archive, info, left)
                left -= len(content)
                refuse_eicar(content)
                parts[info.filename] = content
    except (Unsafe, MemoryError):
        raise
    except Exception as error:
        # zipfile answers damage with a dozen unrelated exceptions
        raise Unsafe(Fault.DAMAGED) from error
    return parts


def _check(info: zipfile.ZipInfo, seen: set[str]) -> None:
    if info.flag_bits & 0x41:
        raise Unsafe(Fault.ENCRYPTED)
    # programs differ in which of two equal names they open, so a file with both is two files
    if _OUTSIDE.search(info.orig_filename) or info.filename.casefold() in seen:
        raise Unsafe(Fault.DAMAGED)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unsafe(Fault.DAMAGED)
    seen.add(info.filename.casefold())


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    """A member's content, read in steps that stop as soon as it is more than it may be, whatever its heading claims."""
    allowed = min(left, max(_FREE, MAX_RATIO * info.compress_size))
    out = bytearray()
    with archive.open(info) as member:
        while step := member.read(_STEP):
            out += step
            if len(out) > allowed:
                raise Unsafe(Fault.BOMB)
    return bytes(out)


def is_archive(content: bytes) -> bool:
    """Whether the content is itself an archive."""
    return content.startswith(_ARCHIVES)


def write_zip(parts: dict[str, bytes]) -> bytes:
    """An archive of the parts in their order, with one fixed time and no comments."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()
