"""Pictures: the pixels are decoded and written anew, so that nothing but pixels survives."""

import io
from typing import Any

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from qalxan.foundation.files.kinds import Clean, Fault, Kind, Unsafe

MAX_PIXELS = 50_000_000
"""Pixels of one picture; decoded they take 150 MB (four channels: 200 MB)."""
MAX_SCANS = 30
"""Passes of a progressive JPEG. Encoders write about ten; each more costs the reader the time of a whole picture."""
SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_OFFICE_SIGNATURES = {**SIGNATURES, b"GIF87a": "GIF", b"GIF89a": "GIF", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF"}
_SAVE: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90}, "PNG": {}, "GIF": {}, "BMP": {}, "TIFF": {"compression": "tiff_deflate"}}
_MODES = {"JPEG": ("L", "RGB"), "PNG": ("1", "L", "LA", "RGB", "RGBA"), "BMP": ("1", "L", "RGB"), "TIFF": ("1", "L", "RGB", "RGBA")}
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def rebuild_picture(data: bytes) -> Clean:
    """A JPEG or PNG made anew from its pixels, turned as its EXIF said. Raises Unsafe."""
    format_ = next(name for mark, name in SIGNATURES.items() if data.startswith(mark))
    return Clean(Kind.JPEG if format_ == "JPEG" else Kind.PNG, _redraw(data, format_))


def redraw_part(data: bytes) -> tuple[bytes, str]:
    """A picture of an office file made anew, with its media type: JPEG, PNG, GIF (first frame), BMP or TIFF.

    Raises Unsafe(PICTURE) for formats that cannot be made anew from pixels (EMF, WMF, SVG and others), and as `rebuild_picture`.
    """
    format_ = next((name for mark, name in _OFFICE_SIGNATURES.items() if data.startswith(mark)), None)
    if format_ is None:
        raise Unsafe(Fault.PICTURE)
    return _redraw(data, format_), f"image/{format_.lower()}"


def _redraw(data: bytes, format_: str) -> bytes:
    if format_ == "JPEG" and data.count(b"\xff\xda") > MAX_SCANS:
        raise Unsafe(Fault.BOMB)
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=[format_]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unsafe(Fault.BOMB)
            turn = _turn(image)
            image.load()
            options = _options(image, format_)
            clean = image.convert(_mode(image, format_))
        clean.info = {}
        if turn is not None:
            clean = clean.transpose(turn)
        clean.save(out, format_, **options)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unsafe(Fault.BOMB) from None
    return out.getvalue()


def _options(image: Image.Image, format_: str) -> dict[str, Any]:
    """How to write: a JPEG with the tables it came with, so that it neither grows nor loses more than it had lost."""
    if isinstance(image, JpegImageFile) and image.mode in _MODES["JPEG"] and image.quantization:
        return {"qtables": image.quantization, "subsampling": max(0, get_sampling(image))}
    return _SAVE[format_]


def _mode(image: Image.Image, format_: str) -> str:
    """The mode to write: what the format keeps, without palette and profile."""
    mode, transparent = image.mode, "transparency" in image.info
    if format_ == "GIF":
        return "RGBA" if transparent else "RGB"
    if mode in _MODES[format_] and not transparent:
        return mode
    if mode.startswith("I;16") and format_ == "PNG":
        return "I;16"
    if mode in ("LA", "PA", "RGBA", "RGBa") or transparent:
        return "RGBA" if "RGBA" in _MODES[format_] else "RGB"
    return "L" if mode in ("1", "L", "F", "I") and "L" in _MODES[format_] else "RGB"


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        return None  # an unreadable EXIF says nothing about the pixels
