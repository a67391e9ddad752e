"""Splits and values as people read them."""

from decimal import Decimal
from typing import Any

from qalxan.modules.reporting.choices import Unit
from qalxan.webkit.words import KeyWords, reader
from qalxan.webkit.words import value_words as words_of


def local(thing: Any, field: str) -> str:
    """A field kept in three languages, in the reader's, else in Azerbaijani."""
    return str(getattr(thing, f"{field}_{reader()}", "") or getattr(thing, f"{field}_az"))


def key_words(key: str) -> str:
    """A split such as "country=TR;form=sexual" in words; "" for the whole."""
    return KeyWords().key(key) if key else ""


def value_words(qualifier: str, value: Decimal | None, unit: str = "") -> str:
    """A value as exact as its source: "94 persons", "more than 350 events", "about 40 countries", "not known"."""
    return words_of(qualifier, value, str(Unit(unit).label) if unit else "")
