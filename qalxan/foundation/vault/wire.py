"""What goes over the broker's socket: four bytes of length (big endian), then one JSON object in UTF-8; bytes travel as base64.

Everything is bounded: the length of a frame, the time until it is whole, the depth and kind of what it holds.
"""

import base64
import json
import re
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from qalxan.foundation.vault.crypto import Place

MAX_FRAME = 4 * 1024 * 1024
"""Bytes of one request or reply."""
FRAME_SECONDS = 5.0
"""How long a frame may take from its first byte awaited to its last."""
MAX_ITEMS = 500
"""Things opened in one call."""

Reply = dict[str, Any]
_CODE = re.compile(r"[a-z0-9][a-z0-9_.:/-]{0,79}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class Malformed(Exception):
    """A frame or a field that breaks the protocol; the message names the field, never its value."""


class Gone(Exception):
    """The other side closed the connection."""


def send(connection: socket.socket, message: Mapping[str, Any], seconds: float = FRAME_SECONDS) -> None:
    """Send one frame. Raises Malformed when it is too long, OSError when the other side is away."""
    body = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()
    if len(body) > MAX_FRAME:
        raise Malformed("length")
    connection.settimeout(seconds)
    connection.sendall(struct.pack(">I", len(body)) + body)


def receive(connection: socket.socket, seconds: float = FRAME_SECONDS) -> dict[str, Any]:
    """One frame. Raises Gone at a closed end, TimeoutError past the time, Malformed for anything that is no JSON object."""
    until = time.monotonic() + seconds
    (length,) = struct.unpack(">I", _exactly(connection, 4, until))
    if length > MAX_FRAME:
        raise Malformed("length")
    try:
        message = json.loads(_exactly(connection, length, until).decode("utf-8", "strict"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Malformed("json") from None
    if not isinstance(message, dict):
        raise Malformed("json")
    return message


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _exactly(connection: socket.socket, length: int, until: float) -> bytes:
    parts = []
    while length:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        part = connection.recv(min(length, 65536))
        if not part:
            raise Gone
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def to_text(data: bytes) -> str:
    """Bytes for the wire."""
    return base64.b64encode(data).decode("ascii")


class Fields:
    """The fields of a request, each taken with its kind and bounds; Malformed names the first that does not fit."""

    def __init__(self, message: Mapping[str, Any]) -> None:
        self._message = message

    def text(self, name: str, most: int = 200) -> str:
        """A text of 1 to `most` letters without NUL."""
        value = self._message.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= most or "\0" in value:
            raise Malformed(name)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Malformed(name) from None
        return value

    def has(self, name: str) -> bool:
        """Whether the field is given and not null."""
        return self._message.get(name) is not None

    def texts(self, name: str, most: int, letters: int) -> list[str]:
        """A list of at most `most` texts; empty when the field is not given."""
        rows = self._rows(name) if self.has(name) else []
        if len(rows) > most:
            raise Malformed(name)
        return [Fields({name: row}).text(name, letters) for row in rows]

    def code(self, name: str) -> str:
        """A code such as a purpose or a reason: it goes to the log, so it can hold no words of people."""
        value = self._message.get(name)
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            raise Malformed(name)
        return value

    def uuid(self, name: str) -> UUID:
        """A person's id."""
        return _uuid(self._message.get(name), name)

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number between two bounds."""
        value = self._message.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Malformed(name)
        return value

    def data(self, name: str) -> bytes:
        """Bytes."""
        return _data(self._message.get(name), name)

    def place(self, name: str) -> Place:
        """A place [table, row, column, version]."""
        return _place(self._message.get(name), name)

    def sealed(self, name: str) -> list[tuple[Place, bytes]]:
        """A list of [table, row, column, version, sealed bytes], at most MAX_ITEMS of them and at least one."""
        rows = self._rows(name)
        if not 0 < len(rows) <= MAX_ITEMS:
            raise Malformed(name)
        return [(_place(row[:4] if isinstance(row, list) and len(row) == 5 else None, name), _data(row[4], name)) for row in rows]

    def of_persons(self, name: str, most: int = 5000) -> list[tuple[UUID, Place, bytes]]:
        """A list of [person, table, row, column, version, sealed bytes]."""
        rows = self._rows(name)
        if len(rows) > most:
            raise Malformed(name)
        return [
            (_uuid(row[0], name), _place(row[1:5], name), _data(row[5], name))
            for row in (row if isinstance(row, list) and len(row) == 6 else [None] * 6 for row in rows)
        ]

    def map(self, name: str) -> dict[str, Any]:
        """An object, to be read by its own rules."""
        value = self._message.get(name)
        if not isinstance(value, dict):
            raise Malformed(name)
        return value

    def _rows(self, name: str) -> list[Any]:
        rows = self._message.get(name)
        if not isinstance(rows, list):
            raise Malformed(name)
        return rows


def _uuid(value: object, name: str) -> UUID:
    if not isinstance(value, str) or len(value) != 36:
        raise Malformed(name)
    try:
        return UUID(value)
    except ValueError:
        raise Malformed(name) from None


def _data(value: object, name: str) -> bytes:
    if not isinstance(value, str):
        raise Malformed(name)
    try:
        return base64.b64decode(value.encode("ascii"), validate=True)
    except ValueError:
        raise Malformed(name) from None


def _place(value: object, name: str) -> Place:
    if not isinstance(value, list) or len(value) != 4:
        raise Malformed(name)
    table, row, column, version = value
    if not (isinstance(table, str) and _NAME.fullmatch(table) and isinstance(column, str) and _NAME.fullmatch(column)):
        raise Malformed(name)
    if not isinstance(row, str) or not 0 < len(row) <= 64 or not row.isascii() or not row.isprintable():
        raise Malformed(name)
    if not isinstance(version, int) or isinstance(version, bool) or not 0 <= version < 2**31:
        raise Malformed(name)
    return Place(table, row, column, version)
