"""Figures, splits and dates in the reader's language; the same words on screens, in files and in checks."""

import datetime as dt
from decimal import Decimal

from babel import Locale
from django.utils import formats
from django.utils.translation import get_language, pgettext_lazy

from qalxan.foundation.bodies.queries import names
from qalxan.kernel.figures import split_of
from qalxan.kernel.numbers import LANGUAGES, worded

_DIMENSIONS = {
    "sex": pgettext_lazy("split", "sex"),
    "age": pgettext_lazy("split", "age"),
    "form": pgettext_lazy("split", "form of exploitation"),
    "kind": pgettext_lazy("split", "kind of crime"),
    "citizenship": pgettext_lazy("split", "citizenship"),
    "country": pgettext_lazy("split", "country of exploitation"),
    "penalty": pgettext_lazy("split", "penalty"),
    "whereabouts": pgettext_lazy("split", "whereabouts"),
    "group": pgettext_lazy("split", "group"),
    "sector": pgettext_lazy("split", "sector"),
    "provider": pgettext_lazy("split", "body"),
    "area": pgettext_lazy("split", "area"),
}
_CODES = {
    ("sex", "female"): pgettext_lazy("split", "female"),
    ("sex", "male"): pgettext_lazy("split", "male"),
    ("age", "adult"): pgettext_lazy("split", "adults"),
    ("age", "child"): pgettext_lazy("split", "under 18"),
    ("form", "sexual"): pgettext_lazy("split", "sexual exploitation"),
    ("form", "labour"): pgettext_lazy("split", "forced labour"),
    ("form", "criminal"): pgettext_lazy("split", "criminal activity"),
    ("form", "begging_marriage_organs_other"): pgettext_lazy("split", "begging, forced marriage, organs, other"),
    ("kind", "trafficking"): pgettext_lazy("split", "trafficking in persons"),
    ("kind", "forced_labour"): pgettext_lazy("split", "forced labour"),
    ("kind", "documents"): pgettext_lazy("split", "acts with documents"),
    ("penalty", "imprisonment"): pgettext_lazy("split", "imprisonment"),
    ("penalty", "suspended"): pgettext_lazy("split", "suspended sentence"),
    ("penalty", "deferred"): pgettext_lazy("split", "deferred sentence"),
    ("whereabouts", "caught"): pgettext_lazy("split", "caught"),
    ("whereabouts", "abroad"): pgettext_lazy("split", "abroad"),
    ("group", "women"): pgettext_lazy("split", "women"),
    ("group", "men"): pgettext_lazy("split", "men"),
    ("group", "children"): pgettext_lazy("split", "children"),
    ("sector", "construction"): pgettext_lazy("split", "construction"),
    ("sector", "agriculture"): pgettext_lazy("split", "agriculture"),
    ("area", "world"): pgettext_lazy("split", "world"),
    ("area", "country"): pgettext_lazy("split", "the country"),
}
_UNKNOWN = pgettext_lazy("split", "not known")


def reader() -> str:
    """The reader's language: az, en or ru."""
    language = get_language() or "az"
    return language if language in LANGUAGES else "az"


def _printed(value: Decimal, decimals: int | None) -> Decimal:
    if decimals is None:
        exponent = value.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return value.quantize(Decimal(1).scaleb(-decimals))


def number_words(value: Decimal, decimals: int | None = None) -> str:
    """A number with its thousands parted, and as many decimals as its source prints (as many as it has when not told)."""
    return worded(_printed(value, decimals), reader())


def day_words(day: dt.date) -> str:
    """A date such as "22 iyul 2020"."""
    return str(formats.date_format(day, "DATE_FORMAT"))


def value_words(qualifier: str, value: Decimal | None, unit: str = "", decimals: int | None = None) -> str:
    """A value as exact as its source: "94 persons", "350-dən çox tədbir", "about 40", "not known". `unit` is the unit's own word."""
    if value is None or qualifier == "unknown":
        return worded(None, reader())
    said = worded(_printed(value, decimals), reader(), quality=qualifier)
    return f"{said} {unit}" if unit else said


class KeyWords:
    """Splits in words; the registry of bodies is read once, and only when a split names a body."""

    def __init__(self) -> None:
        self._bodies: dict[str, str] | None = None
        self._countries = Locale(reader()).territories

    def code(self, name: str, code: str) -> str:
        """One code of a dimension."""
        if code == "unknown":
            return str(_UNKNOWN)
        if name in ("country", "citizenship"):  # a bare country would not say whether the person is from there or was exploited there
            return f"{dimension_words(name)}: {self._countries.get(code, code)}"
        if name == "provider":
            self._bodies = names() if self._bodies is None else self._bodies
            return self._bodies.get(code, code)
        return str(_CODES.get((name, code), code))

    def key(self, key: str) -> str:
        """A whole split: "women", "Türkiye, sexual exploitation"; "" for the whole."""
        return ", ".join(self.code(name, code) for name, code in split_of(key).items())


def dimension_words(name: str) -> str:
    """The name of a dimension."""
    return str(_DIMENSIONS.get(name, name))
