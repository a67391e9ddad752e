"""What an edition changed since the sealed one before it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from qalxan.kernel.numbers import worded

_FIGURE = {
    "az": "{label}, {year}: {old} əvəzinə {new}",
    "en": "{label}, {year}: {new} instead of {old}",
    "ru": "{label}, {year}: {new} вместо {old}",
}
_TEXT = {"az": "Mətni dəyişən bölmə: {title}", "en": "Section with a changed text: {title}", "ru": "Раздел с изменённым текстом: {title}"}
_NONE = {"az": "yoxdur", "en": "none", "ru": "нет"}


def compared(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures whose value differs between two cuts, as plain data with the labels of three languages."""
    old, new = _values(before), _values(now)
    found = []
    for name in sorted(set(old) | set(new)):
        a, b = old.get(name), new.get(name)
        if (a and a[1]) != (b and b[1]):
            row = (b or a or ({},))[0]
            found.append(
                {
                    "what": "figure",
                    "label": row["label"],
                    "split": row["split"],
                    "year": row["year"],
                    "old": a[1] if a else None,
                    "new": b[1] if b else None,
                }
            )
    return found


def compared_texts(
    sections: Sequence[Mapping[str, str]], before: Mapping[tuple[str, str], str], now: Mapping[tuple[str, str], str]
) -> list[dict[str, Any]]:
    """The sections whose wording differs, with their titles; texts are by (section, language)."""
    changed = {
        section for (section, language) in set(before) | set(now) if before.get((section, language), "") != now.get((section, language), "")
    }
    return [{"what": "text", "title": {x: s[x] for x in ("az", "en", "ru")}} for s in sections if s["code"] in changed]


def _values(cut: Mapping[str, Any]) -> dict[tuple[str, str, int, str], tuple[Mapping[str, Any], list[Any] | None]]:
    found: dict[tuple[str, str, int, str], tuple[Mapping[str, Any], list[Any] | None]] = {}
    for row in cut["facts"]:
        taken = next((s for s in row["stated"] if s["fact"] == row["taken"]), None)
        value = [taken["qualifier"], taken["value"], taken["date"]] if taken else None
        found[row["code"], row["key"], row["year"], row["from"] or ""] = row, value
    return found


def change_lines(cut: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """The changes in sentences of a language; empty for a first edition."""
    lines = []
    for change in cut.get("changes", ()):
        if change["what"] == "text":
            lines.append(_TEXT[language].format(title=change["title"][language]))
            continue
        label = ": ".join(filter(None, (change["label"][language], change["split"][language])))
        lines.append(
            _FIGURE[language].format(
                label=label, year=change["year"], old=_words(change["old"], language), new=_words(change["new"], language)
            )
        )
    return tuple(lines)


def _words(value: list[Any] | None, language: str) -> str:
    if value is None:
        return _NONE[language]
    qualifier, number, day = value
    return str(day) if day else worded(Decimal(number) if number is not None else None, language, quality=qualifier)
