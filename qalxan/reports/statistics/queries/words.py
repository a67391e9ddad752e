"""Figures, splits and sources in the reader's language."""

import datetime as dt
from decimal import Decimal

from babel import Locale
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qalxan.foundation.bodies.queries import names
from qalxan.kernel.figures import split_of
from qalxan.kernel.figures.checks import Writing
from qalxan.modules.reporting.choices import Qualifier
from qalxan.reports.statistics.choices import CODE_WORDS, DIMENSION_WORDS, UNKNOWN_CODE


def number_words(value: Decimal, decimals: int | None = None) -> str:
    """A number with its thousands parted, and as many decimals as its source prints (as many as it has when not told)."""
    if decimals is None:
        exponent = value.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return str(formats.number_format(value, decimals, force_grouping=True))


def day_words(day: dt.date) -> str:
    """A date such as "22 iyul 2020"."""
    return str(formats.date_format(day, "DATE_FORMAT"))


def value_words(value: Decimal | None, date: dt.date | None, qualifier: str, decimals: int | None = None) -> str:
    """A figure as its source states it: "94", "more than 350", "about 370", "22 July 2020", "unknown"."""
    if date is not None:
        return day_words(date)
    if value is None:
        return str(_("unknown"))
    number = number_words(value, decimals)
    if qualifier == Qualifier.MORE_THAN:
        return _("more than %(number)s") % {"number": f"{number}-{_from(number)}" if get_language() == "az" else number}
    if qualifier == Qualifier.ABOUT:
        return _("about %(number)s") % {"number": number}
    return number


_HUNDREDS_UP = {2: "dən", 3: "dən", 4: "dən", 5: "dən", 6: "dan", 7: "dan", 8: "dan", 9: "dan", 10: "dan", 11: "dan"}
"""Zeros at the end → the suffix of yüz, min, milyon, milyard."""


def _from(number: str) -> str:
    """The Azerbaijani ending "from" as a written number is spoken: 350-dən (əlli), 40-dan (qırx), 9-dan (doqquz)."""
    digits = "".join(filter(str.isdigit, number))
    zeros = len(digits) - len(digits.rstrip("0"))
    if zeros == len(digits):
        return "dan"
    if zeros >= 2:
        return _HUNDREDS_UP.get(zeros, "dan")
    last = digits.rstrip("0")[-1]
    return "dan" if last in ("13469" if zeros else "69") else "dən"


def writing() -> Writing:
    """How the arithmetic of checks writes numbers and dates for this reader."""
    return Writing(number_words, day_words)


class KeyWords:
    """Splits in words; the registry of bodies is read once, and only when a split names a body."""

    def __init__(self) -> None:
        self._bodies: dict[str, str] | None = None
        language = get_language() or "az"
        self._countries = Locale(language if language in ("az", "en", "ru") else "az").territories

    def code(self, name: str, code: str) -> str:
        """One code of a dimension."""
        if code == "unknown":
            return str(UNKNOWN_CODE)
        if name in ("country", "citizenship"):  # a bare country would not say whether the person is from there or was exploited there
            return f"{dimension_words(name)}: {self._countries.get(code, code)}"
        if name == "provider":
            self._bodies = names() if self._bodies is None else self._bodies
            return self._bodies.get(code, code)
        return str(CODE_WORDS.get((name, code), code))

    def key(self, key: str) -> str:
        """A whole split: "women", "Türkiye, sexual exploitation"; "" for the whole."""
        return ", ".join(self.code(name, code) for name, code in split_of(key).items())


def dimension_words(name: str) -> str:
    """The name of a dimension."""
    return str(DIMENSION_WORDS.get(name, name))


def period_words(start: dt.date | None, end: dt.date | None) -> str:
    """A part of a year or several years; "" for the whole year."""
    if start is None or end is None:
        return ""
    if (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31):
        return f"{start.year}–{end.year}"
    return f"{day_words(start)} – {day_words(end)}"
