"""The charts and tables of a report, from the figures of its cut alone."""

import json
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from qalxan.kernel.figures import split_of
from qalxan.kernel.numbers import worded
from qalxan.reports.annual_report.queries.cut import Cut, Figure
from qalxan.webkit.charts import Chart, Series

DATA = Path(__file__).parents[1] / "data"
YEAR_WORD = {"az": "İl", "en": "Year", "ru": "Год"}
COUNTRY_WORD = {"az": "Ölkə", "en": "Country", "ru": "Страна"}
LONG_SERIES_FROM = 2005
_SILENCE = ("answered", "nothing", "refused", "late", "due", "not_due", "no_answer")


@cache
def specs() -> dict[str, dict[str, Any]]:
    """The reviewed list of charts by code."""
    return {row["code"]: row for row in json.loads((DATA / "charts.json").read_text(encoding="utf-8"))}


@cache
def table_specs() -> dict[str, dict[str, Any]]:
    """The reviewed list of tables by code."""
    found: dict[str, dict[str, Any]] = json.loads((DATA / "tables.json").read_text(encoding="utf-8"))
    return found


def chart(cut: Cut, code: str, language: str) -> Chart | None:
    """A chart in a language; None when its figures are unknown altogether. Raises KeyError on an unknown code."""
    spec = specs()[code]
    if spec["by"] == "years":
        return _by_years(cut, spec, language)
    if spec["by"] == "countries":
        return _by_countries(cut, spec, language)
    if spec["by"] == "silence":
        return _by_silence(cut, spec, language)
    return _by_items(cut, spec, language)


def _number(figure: Figure | None) -> int | Decimal | None:
    if figure is None or figure.value is None:
        return None
    return int(figure.value) if figure.value == figure.value.to_integral_value() else figure.value


def _series(name: str, figures: list[Figure | None]) -> Series:
    return Series(
        name, tuple(_number(f) for f in figures), tuple("unknown" if f is None or f.value is None else f.qualifier for f in figures)
    )


def _unit(cut: Cut, spec: dict[str, Any], language: str) -> str:
    codes = {s["figure"] for s in spec["series"]}
    return next((str(r["unit_label"][language]) for r in cut.data["facts"] if r["code"] in codes), "")


def _by_years(cut: Cut, spec: dict[str, Any], language: str) -> Chart | None:
    refs = [(s["figure"], s["key"]) for s in spec["series"]]
    years = cut.years(refs, spec["from"])
    if spec["from"] == LONG_SERIES_FROM and years:  # this one promises its first year, known or not
        years = list(range(LONG_SERIES_FROM, cut.year + 1))
    if not years:
        return None
    series = tuple(_series(s["label"][language], [cut.figure(s["figure"], s["key"], y) for y in years]) for s in spec["series"])
    return Chart(
        spec["code"], spec["form"], spec["title"][language], tuple(map(str, years)), series, language, _unit(cut, spec, language),
        first=YEAR_WORD[language],
    )  # fmt: skip


def _by_countries(cut: Cut, spec: dict[str, Any], language: str) -> Chart | None:
    found: dict[str, Figure] = {}
    for figure in cut.splits(spec["series"][0]["figure"], "country", cut.year):
        split = split_of(figure.key)
        if figure.value is not None and "citizenship" not in split:
            held = found.get(split["country"])
            if held is None or len(split) < len(split_of(held.key)):
                found[split["country"]] = figure
    if not found:
        return None
    order = sorted(found.items(), key=lambda item: (-(item[1].value or 0), item[0]))
    names = tuple(_country(figure, language) for _code, figure in order)
    series = (_series(spec["series"][0]["label"][language], [figure for _code, figure in order]),)
    return Chart(
        spec["code"],
        spec["form"],
        spec["title"][language],
        names,
        series,
        language,
        _unit(cut, spec, language),
        first=COUNTRY_WORD[language],
    )


def _country(figure: Figure, language: str) -> str:
    """The country as the split's words name it, without the dimension's name before it."""
    from babel import Locale

    code = split_of(figure.key)["country"]
    return str(Locale(language).territories.get(code, code))


def _by_items(cut: Cut, spec: dict[str, Any], language: str) -> Chart | None:
    found = [(s["label"][language], f) for s in spec["series"] if (f := cut.figure(s["figure"], s["key"])) and f.value is not None]
    if not found:
        return None
    series = (_series(spec["title"][language], [f for _label, f in found]),)
    return Chart(
        spec["code"],
        spec["form"],
        spec["title"][language],
        tuple(label for label, _f in found),
        series,
        language,
        _unit(cut, spec, language),
    )


def _by_silence(cut: Cut, spec: dict[str, Any], language: str) -> Chart | None:
    rows = cut.data["words"][language]["silence"]
    if not rows:
        return None
    count, labels = Counter(r["silence"] for r in rows), {r["silence"]: r["label"] for r in rows}
    used = [s for s in _SILENCE if count[s]]
    series = (Series(spec["title"][language], tuple(count[s] for s in used)),)
    return Chart(spec["code"], spec["form"], spec["title"][language], tuple(labels[s] for s in used), series, language)


def rows_of_table(cut: Cut, code: str, language: str) -> tuple[str, list[str], list[list[str]]] | None:
    """A table of the report as (title, headings, rows); None when there is nothing to show, KeyError on an unknown code."""
    if code == "bodies":
        return _bodies(cut, language)
    if code == "recommendations":
        heads = {"az": ["Vəziyyət", "Say"], "en": ["Status", "Number"], "ru": ["Состояние", "Число"]}[language]
        titles = {"az": "Kənar tövsiyələr", "en": "Outside recommendations", "ru": "Внешние рекомендации"}
        rows = [[label, str(count)] for label, count in cut.data["words"][language]["recommendations"]]
        return (titles[language], heads, rows) if rows else None
    spec = table_specs()[code]
    return spec["title"][language], _TIP_HEADS[language], [_tip_row(cut, figure, key, language) for figure, key in spec["figures"]]


_BODY_HEADS = {
    "az": ["Orqan", "Vəziyyət", "Cavablar", "Gecikmə (gün)"],
    "en": ["Body", "Where it stands", "Answers", "Days late"],
    "ru": ["Орган", "Состояние", "Ответы", "Опоздание (дней)"],
}
_BODY_TITLE = {"az": "Orqanların cavabları", "en": "Answers of the bodies", "ru": "Ответы органов"}
_TIP_HEADS = {
    "az": ["Göstərici", "Qiymət", "Əhatə etdiyi dövr", "Mənbə"],
    "en": ["Figure", "Value", "Period covered", "Source"],
    "ru": ["Показатель", "Значение", "Охваченный период", "Источник"],
}
_CALENDAR = {"az": "təqvim ili: {}", "en": "calendar year {}", "ru": "календарный {} год"}
_WHOLE = {"az": "bütün dövr", "en": "the whole period", "ru": "весь период"}
_NOT_KNOWN = {"az": "məlum deyil", "en": "not known", "ru": "неизвестно"}


def _bodies(cut: Cut, language: str) -> tuple[str, list[str], list[list[str]]] | None:
    rows = cut.data["words"][language]["silence"]
    if not rows:
        return None
    told = [[r["body_name"], r["label"], f"{r['answered'] + r['nothing']} / {r['total']}", str(r["days_late"] or "")] for r in rows]
    return _BODY_TITLE[language], _BODY_HEADS[language], told


def _tip_row(cut: Cut, code: str, key: str, language: str) -> list[str]:
    """A figure of the US report's period where one is stated; else that of the calendar year, said to be so; else "not known"."""
    exact = cut.at(f"{code}|{key}|{cut.year}|{cut.year}-04-01/{cut.year + 1}-03-31")
    figure = exact or cut.figure(code, key)
    if figure is None or figure.value is None:
        label = next((r["label"][language] for r in cut.data["facts"] if r["code"] == code), code)
        return [label, _NOT_KNOWN[language], "", ""]
    period = _WHOLE[language] if exact else _CALENDAR[language].format(cut.year)
    return [figure.label(language), worded(figure.value, language, quality=figure.qualifier), period, figure.source(language)]
