"""What a file may be, and why one is refused. Pure: no Django, no file is read here."""

from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 25 * 1024 * 1024
"""The largest upload, in bytes; it is also the largest stream that clamd takes by default (StreamMaxLength)."""


class Kind(StrEnum):
    """The kinds that are stored; the value is the ending a stored name gets."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"
    TEXT = "txt"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """The media type told to the browser."""
        return _MEDIA[self]


_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.DOCX: f"{_OFFICE}wordprocessingml.document",
    Kind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    Kind.TEXT: "text/plain; charset=utf-8",
    Kind.CSV: "text/csv; charset=utf-8",
}


class Fault(StrEnum):
    """Why a file is refused; the codes go to the log."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_ALLOWED = "not_allowed"
    OLD_OFFICE = "old_office"
    NOT_UTF8 = "not_utf8"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    PICTURE = "picture"
    FORM = "form"
    BOMB = "bomb"
    INFECTED = "infected"
    SCANNER_DOWN = "scanner_down"
    BUSY = "busy"


@dataclass(eq=False)
class Unsafe(Exception):
    """The file is refused. `fault` says why; `what` names the thing found (a format, a part) where that helps the person."""

    fault: Fault
    what: str = ""

    def __str__(self) -> str:
        return f"{self.fault.value} {self.what}".strip()


@dataclass(frozen=True, slots=True)
class Clean:
    """A rebuilt file: its true kind and the bytes to be stored."""

    kind: Kind
    data: bytes
