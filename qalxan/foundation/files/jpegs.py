"""Pictures inside a PDF: what stands around the coded pixels is taken away without decoding them, so scans lose no quality."""

import re
import struct

from qalxan.foundation.files.kinds import Fault, Unsafe
from qalxan.foundation.files.pictures import MAX_PIXELS, MAX_SCANS

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD})
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"
_BOXES = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})


def strip_jpeg(data: bytes) -> bytes:
    """The JPEG without EXIF, XMP, profiles, comments, thumbnails and bytes after its end; tables, frames and scans stay as they are.

    Raises Unsafe: DAMAGED for what is not a chain of JPEG segments, BOMB for too many pixels or scans.
    """
    if not data.startswith(b"\xff\xd8"):
        raise Unsafe(Fault.DAMAGED)
    out, place, scans = bytearray(b"\xff\xd8"), 2, 0
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            raise Unsafe(Fault.DAMAGED)
        code = data[place + 1]
        if code == 0xFF:  # a filler
            place += 1
            continue
        if code == 0xD9:
            break
        end = place + 2 + int(struct.unpack_from("!H", data, place + 2)[0])
        if code == 0xDA:
            scans += 1
            follows = _NEXT.search(data, end)
            end = follows.start() if follows else len(data)
        if scans > MAX_SCANS or (code in _FRAMES and _pixels(data, place) > MAX_PIXELS):
            raise Unsafe(Fault.BOMB)
        out += _kept(code, data[place:end])
        place = end
    if not scans:
        raise Unsafe(Fault.DAMAGED)
    return bytes(out + b"\xff\xd9")


def _kept(code: int, segment: bytes) -> bytes:
    """The segment where the decoder needs it; a JFIF heading without its thumbnail; nothing of the rest."""
    if code in _FRAMES or code in _TABLES or code == 0xDA:
        return segment
    if code == 0xE0 and segment[4:9] == b"JFIF\0":
        return _JFIF
    return segment[:16] if code == 0xEE and segment[4:9] == b"Adobe" and segment[2:4] == b"\x00\x0e" else b""


def _pixels(data: bytes, place: int) -> int:
    if place + 9 > len(data):
        raise Unsafe(Fault.DAMAGED)
    height, width = struct.unpack_from("!HH", data, place + 5)
    return int(height) * int(width)


def strip_jpeg2000(data: bytes) -> bytes:
    """The JPEG 2000 picture without its boxes for XML, identifiers and rights (ISO/IEC 15444-1 annex I); a bare code stream stays.

    Raises Unsafe(DAMAGED) for what is not a chain of boxes.
    """
    if data.startswith(b"\xff\x4f\xff\x51"):
        return data
    out, place = bytearray(), 0
    while place + 8 <= len(data):
        length, name = struct.unpack_from("!I4s", data, place)
        if length == 1 and place + 16 <= len(data):
            length = struct.unpack_from("!Q", data, place + 8)[0]
        elif length == 0:
            length = len(data) - place
        if length < 8 or place + length > len(data) or (place == 0 and name != b"jP  "):
            raise Unsafe(Fault.DAMAGED)
        if name in _BOXES:
            out += data[place : place + length]
        place += length
    if b"jp2c" not in out:
        raise Unsafe(Fault.DAMAGED)
    return bytes(out)
