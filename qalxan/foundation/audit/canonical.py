"""A row of the log as the bytes that are hashed: the same row gives the same bytes on every machine and in every year."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from typing import Any

from qalxan.kernel.merkle import leaf_hash

COLUMNS = 'e.id, e.at, e."user", e.event, e.subject, e.detail, e.kind, e.intent, e.person, e.compartment, e."grant", e.purpose, e.salt'
"""What is hashed of audit_entry (alias e), in the order `canonical` takes it."""
WIDTH = 13
START = bytes(32)
"""The chain's value before the first row."""
_NAMES = ("id", "at", "user", "event", "subject", "detail", "kind", "intent", "person", "compartment", "grant", "purpose", "salt")
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(row: Sequence[Any]) -> bytes:
    """The bytes of a row read with COLUMNS: JSON with sorted names and no spaces, UTF-8, the time in UTC to the microsecond."""
    told: dict[str, Any] = {"v": 1}
    for name, value in zip(_NAMES, row, strict=True):
        if isinstance(value, dt.datetime):
            value = value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: PLW2901 - the value as it is written
        elif isinstance(value, uuid.UUID):
            value = str(value)  # noqa: PLW2901 - the value as it is written
        told[name] = value
    return _encode(told).encode()


def hash_of(row: Sequence[Any]) -> bytes:
    """The leaf hash of a row read with COLUMNS."""
    return leaf_hash(canonical(row))


def link(before: bytes, leaf: bytes) -> bytes:
    """The chain's value after a leaf: SHA-256 of the value before and the leaf's hash."""
    return hashlib.sha256(before + leaf).digest()
