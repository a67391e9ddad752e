"""Sealing and opening: AES-256-GCM-SIV (RFC 8452), whose random nonces may repeat without giving the key or the text away.

Every sealed thing names in its associated data where it belongs, so a ciphertext moved to another row, column, version, person or
compartment does not open. Layout of a sealed thing: one byte of format (1), 12 bytes nonce, ciphertext with its 16-byte tag.
"""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

KEY_BYTES = 32
FORMAT = b"\x01"
OVERHEAD = 1 + 12 + 16
"""Bytes that sealing adds."""


class Tampered(Exception):
    """A sealed thing does not open: another key, another place than it was sealed for, or changed bytes."""


class Place(NamedTuple):
    """Where a sealed thing belongs: table, row, column, version of the row."""

    table: str
    row: str
    column: str
    version: int


@dataclass(frozen=True, slots=True)
class Binding:
    """What a ciphertext is bound to beside its key."""

    person: UUID
    compartment: str
    place: Place

    def data(self) -> bytes:
        """The associated data: canonical JSON, so that no two bindings share one spelling."""
        return context("item", str(self.person), self.compartment, *self.place)


def context(*parts: str | int) -> bytes:
    """Associated data for any use; a JSON list keeps its parts apart whatever letters they hold."""
    return _ENCODE(["qalxan", 1, *parts]).encode()


_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def new_key() -> bytes:
    """32 bytes from the system's generator."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plaintext: bytes, bound: bytes) -> bytes:
    """Seal a text under a key, bound to its associated data."""
    nonce = os.urandom(12)
    return FORMAT + nonce + AESGCMSIV(key).encrypt(nonce, plaintext, bound)


def unseal(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """The text. Raises Tampered for anything that was not sealed under this key for this place."""
    if len(sealed) < OVERHEAD or sealed[:1] != FORMAT:
        raise Tampered
    try:
        return AESGCMSIV(key).decrypt(sealed[1:13], sealed[13:], bound)
    except (InvalidTag, ValueError, OverflowError):
        raise Tampered from None


def derive(key: bytes, *purpose: str) -> bytes:
    """A key for one purpose from a key (HMAC-SHA-256 as a one-block extract of RFC 5869's expand)."""
    return hmac.digest(key, context("derive", *purpose) + b"\x01", hashlib.sha256)


def mark(key: bytes, *parts: str) -> bytes:
    """A keyed hash of 16 bytes, for exact matches over sealed fields."""
    return hmac.digest(key, context("mark", *parts), hashlib.sha256)[:16]


def token(key: bytes, text: str) -> int:
    """A keyed hash as a signed 64-bit number, for compound matching keys (equality on bigint is leakproof in PostgreSQL)."""
    return int.from_bytes(hmac.digest(key, text.encode(), hashlib.sha256)[:8], "big", signed=True)
