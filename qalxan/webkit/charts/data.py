"""A chart as data: what is shown, in words of the edition's language; its table and its description."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from qalxan.kernel.errors import BadInput
from qalxan.kernel.numbers import LANGUAGES, percent, worded, written

KINDS = ("columns", "stacked", "line", "rows", "parts")
WORDS = {
    "az": {
        "none": "məlumat yoxdur",
        "about": "təxminən",
        "more_than": "göstəriləndən çox",
        "total": "Cəmi",
        "item": "Göstərici",
        "share": "Pay",
    },
    "en": {
        "none": "no data",
        "about": "about",
        "more_than": "more than shown",
        "total": "Total",
        "item": "Item",
        "share": "Share",
    },
    "ru": {
        "none": "нет данных",
        "about": "около",
        "more_than": "больше указанного",
        "total": "Всего",
        "item": "Показатель",
        "share": "Доля",
    },
}
SIGNS = {"exact": "", "about": "~", "more_than": ">", "unknown": ""}
MOST_CATEGORIES, MOST_SERIES = 60, 6


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values, in the order of the chart's categories; None is unknown. `quality` is empty or one of kernel.numbers.QUALITIES each."""

    name: str
    values: tuple[int | Decimal | None, ...]
    quality: tuple[str, ...] = ()

    def quality_at(self, place: int) -> str:
        """How sure the value at a place is."""
        return "unknown" if self.values[place] is None else self.quality[place] if self.quality else "exact"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: kind is one of KINDS, categories are years or labels, `first` heads the table's first column.

    "columns" bars by year, grouped where there are several series; "stacked" bars by kind and year; "line" years with gaps; "rows" horizontal bars,
    grouped; "parts" one bar of 100 %, its categories the parts. Raises BadInput where the data do not fit.
    """

    code: str
    kind: str
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    language: str
    unit: str = ""
    note: str = ""
    first: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        where = f"chart {self.code}"
        if self.kind not in KINDS or self.language not in LANGUAGES:
            raise BadInput(f"{self.kind} in {self.language} is no kind of chart", where)
        if not 0 < len(self.categories) <= MOST_CATEGORIES or not 0 < len(self.series) <= MOST_SERIES:
            raise BadInput(f"a chart has 1 to {MOST_CATEGORIES} categories and 1 to {MOST_SERIES} series", where, "Divide it in two")
        if self.kind == "parts" and (len(self.series) > 1 or len(self.categories) > MOST_SERIES):
            raise BadInput(f"a whole has one series and at most {MOST_SERIES} parts", where, "Put the smallest parts together")
        for series in self.series:
            if len(series.values) != len(self.categories) or len(series.quality) not in (0, len(self.categories)):
                raise BadInput(f"{series.name} has {len(series.values)} values for {len(self.categories)} categories", where)
            if any(value is not None and (not value.is_finite() if isinstance(value, Decimal) else False) for value in series.values):
                raise BadInput("a value is no number", where)
            if any(value is not None and (value < 0 or value >= 10**15) for value in series.values):
                raise BadInput("a count below zero or over 10¹⁵ cannot be drawn", where)


def shown(chart: Chart, series: Series, place: int) -> str:
    """A value as the chart and its table write it: "94", "~370", ">350", "–" where nothing is known."""
    value = series.values[place]
    return "–" if value is None else SIGNS[series.quality_at(place)] + written(value, chart.language)


def shares(chart: Chart) -> list[Decimal] | None:
    """Parts of the whole in percent with one decimal; None while a part is unknown or the whole is nothing."""
    values = chart.series[0].values
    known = [Decimal(value) for value in values if value is not None]
    if len(known) < len(values) or not sum(known):
        return None
    return [(100 * value / sum(known)).quantize(Decimal("0.1"), ROUND_HALF_EVEN) for value in known]


def total(chart: Chart, place: int) -> str:
    """The sum over series at a category; "–" while one is unknown, marked where one is not exact."""
    values = [series.values[place] for series in chart.series]
    if any(value is None for value in values):
        return "–"
    sign = next((SIGNS[series.quality_at(place)] for series in chart.series if SIGNS[series.quality_at(place)]), "")
    return sign + written(sum((value for value in values if value is not None), 0), chart.language)


def table(chart: Chart) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Heading and rows of the table that stands beside the chart; the first column holds the categories."""
    words = WORDS[chart.language]
    head = [chart.first or words["item"], *(series.name or chart.unit or chart.title for series in chart.series)]
    rows = [[category, *(shown(chart, series, place) for series in chart.series)] for place, category in enumerate(chart.categories)]
    if chart.kind == "stacked" and len(chart.series) > 1:
        head.append(words["total"])
        for place, row in enumerate(rows):
            row.append(total(chart, place))
    if chart.kind == "parts" and (parts := shares(chart)):
        head.append(words["share"])
        for row, part in zip(rows, parts, strict=True):
            row.append(percent(part, chart.language))
    return tuple(head), tuple(tuple(row) for row in rows)


def signs_used(chart: Chart) -> str:
    """What the marks in this chart mean, "" where it has none: "~ about; – no data"."""
    words = WORDS[chart.language]
    qualities = {series.quality_at(place) for series in chart.series for place in range(len(chart.categories))}
    marks = [("about", "~"), ("more_than", ">"), ("unknown", "–")]
    return "; ".join(f"{sign} {words['none' if quality == 'unknown' else quality]}" for quality, sign in marks if quality in qualities)


def alt_text(chart: Chart) -> str:
    """The data in a sentence, for a reader who does not see the picture."""
    words = WORDS[chart.language]

    def value(series: Series, place: int) -> str:
        given = series.values[place]
        return words["none"] if given is None else worded(given, chart.language, quality=series.quality_at(place))

    said = []
    for series in chart.series:
        values = ", ".join(f"{category} – {value(series, place)}" for place, category in enumerate(chart.categories))
        said.append(f"{series.name}: {values}" if series.name and len(chart.series) > 1 else values)
    unit = f" ({chart.unit})" if chart.unit else ""
    return f"{chart.title}{unit}. {'; '.join(said)}."
