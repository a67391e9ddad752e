"""Figures and periods in the reader's language."""

import datetime as dt
from decimal import Decimal

from qalxan.kernel.figures.checks import Writing
from qalxan.webkit.words import day_words, number_words
from qalxan.webkit.words import value_words as words_of


def value_words(value: Decimal | None, date: dt.date | None, qualifier: str, decimals: int | None = None) -> str:
    """A figure as its source states it: "94", "more than 350", "about 370", "22 July 2020", "not known"."""
    return day_words(date) if date is not None else words_of(qualifier, value, decimals=decimals)


def writing() -> Writing:
    """How the arithmetic of checks writes numbers and dates for this reader."""
    return Writing(number_words, day_words)


def period_words(start: dt.date | None, end: dt.date | None) -> str:
    """A part of a year or several years; "" for the whole year."""
    if start is None or end is None:
        return ""
    if (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31):
        return f"{start.year}–{end.year}"
    return f"{day_words(start)} – {day_words(end)}"
