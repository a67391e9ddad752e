"""Splits and values as people read them."""

from decimal import Decimal
from typing import Any

from babel import Locale
from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from qalxan.foundation.bodies.queries import names
from qalxan.kernel.figures import split_of
from qalxan.modules.reporting.choices import Unit

_CODES = {
    "female": gettext_lazy("female"), "male": gettext_lazy("male"), "adult": gettext_lazy("adults"), "child": gettext_lazy("children"),
    "sexual": gettext_lazy("sexual exploitation"), "labour": gettext_lazy("forced labour"), "criminal": gettext_lazy("criminal activity"),
    "begging_marriage_organs_other": gettext_lazy("begging, forced marriage, organs and other"), "trafficking": gettext_lazy("human trafficking"),
    "forced_labour": gettext_lazy("forced labour"), "documents": gettext_lazy("unlawful acts with documents"), "imprisonment": gettext_lazy("imprisonment"),
    "suspended": gettext_lazy("suspended sentence"), "deferred": gettext_lazy("deferred sentence"), "caught": gettext_lazy("caught"),
    "abroad": gettext_lazy("abroad"), "women": gettext_lazy("women"), "men": gettext_lazy("men"), "children": gettext_lazy("children"),
    "construction": gettext_lazy("construction"), "agriculture": gettext_lazy("agriculture"), "world": gettext_lazy("world"),
    "country": gettext_lazy("in the country"), "unknown": gettext_lazy("unknown"), "internal": gettext_lazy("inside the country"),
    "foreign": gettext_lazy("foreigners"), "private": gettext_lazy("private sector"),
}  # fmt: skip
_DIMENSIONS = {"citizenship": pgettext_lazy("dimension", "citizens of"), "country": pgettext_lazy("dimension", "taken to")}


def local(thing: Any, field: str) -> str:
    """A field kept in three languages, in the reader's, else in Azerbaijani."""
    language = get_language() or "az"
    return str(getattr(thing, f"{field}_{language}", "") or getattr(thing, f"{field}_az"))


def territory(code: str) -> str:
    """A country's name in the reader's language, by its ISO 3166-1 code; the code itself when it is none."""
    return str(Locale.parse(get_language() or "az").territories.get(code, code))


def key_words(key: str) -> str:
    """A split such as "country=TR;form=sexual" in words; "" for the whole."""
    parts = []
    for name, code in split_of(key).items():
        if name in ("citizenship", "country") and len(code) == 2 and code.isupper():
            parts.append(f"{_DIMENSIONS[name]}: {territory(code)}")
        elif name == "provider":
            parts.append(names().get(code, code))
        else:
            parts.append(str(_CODES.get(code, code)))
    return ", ".join(parts)


def number_words(value: Decimal | None, unit: str = "") -> str:
    """A number with its unit in the reader's language."""
    if value is None:
        return _("not known")
    whole = value == value.to_integral_value()
    shown = formats.number_format(value.to_integral_value() if whole else value.normalize(), use_l10n=True, force_grouping=value >= 10000)
    return f"{shown} {Unit(unit).label}" if unit else str(shown)


def value_words(qualifier: str, value: Decimal | None, unit: str = "") -> str:
    """A value as exact as its source: "94 persons", "more than 350 events", "about 40 countries", "not known"."""
    if qualifier == "unknown" or value is None:
        return _("not known")
    shown = number_words(value, unit)
    if qualifier == "more_than":
        return _("more than %(number)s") % {"number": shown}
    if qualifier == "about":
        return _("about %(number)s") % {"number": shown}
    return shown
