"""A report as data: everything both writers need and nothing else. The same document gives the same bytes."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from qalxan.kernel import prose
from qalxan.kernel.bare import MONTHS_EN, MONTHS_RU
from qalxan.kernel.dates import MONTHS
from qalxan.kernel.errors import BadInput
from qalxan.webkit.charts import Chart, alt_text, svg, table

WORDS = {
    "az": {
        "contents": "Mündəricat", "figure": "Şəkil", "page": "Səhifə", "facts": "Mətndəki göstəricilər", "changes": "Əvvəlki buraxılışdan fərqlər",
        "colophon": "Buraxılış haqqında", "ref": "Göstərici", "words": "Mətndə", "value": "Qiymət", "source": "Mənbə", "typed": "Mənbə",
        "lead": "Mətndə yerləşdirilmiş hər rəqəm, onun qiyməti və mənbəyi.", "mark": "Qalxan nişanı",
    },
    "en": {
        "contents": "Contents", "figure": "Figure", "page": "Page", "facts": "The figures in the text", "changes": "What changed since the last edition",
        "colophon": "About this edition", "ref": "Indicator", "words": "In the text", "value": "Value", "source": "Source", "typed": "Source",
        "lead": "Every figure placed in the text, with its value and its source.", "mark": "The mark of Qalxan",
    },
    "ru": {
        "contents": "Содержание", "figure": "Рис.", "page": "Страница", "facts": "Показатели в тексте", "changes": "Отличия от прошлого издания",
        "colophon": "Об этом издании", "ref": "Показатель", "words": "В тексте", "value": "Значение", "source": "Источник", "typed": "Источник",
        "lead": "Каждое число, стоящее в тексте, его значение и источник.", "mark": "Знак «Галхан»",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the author's own."""

    words: str


@dataclass(frozen=True, slots=True)
class FactRun:
    """A placed fact: the words shown, the placeholder it stands for (kernel.prose.Fact as text), its label for the author."""

    words: str
    ref: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class TypedRun:
    """A number typed by hand, and its source."""

    words: str
    source: str


Run = Text | FactRun | TypedRun


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class List:
    """Items under each other."""

    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one heading row; `numbers` are the columns set to the right. One placed in the text has a code and a title."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    code: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A chart as it stands in the report: picture, table, description."""

    chart: Chart
    svg: str
    table: Table
    alt: str


Block = Heading | Paragraph | List | Table | ChartBlock


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section; `code` is its name in DOCX and in the database, `number` may be empty ("Yekun")."""

    code: str
    number: str
    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedFact:
    """A row of the annex."""

    ref: str
    words: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Document:
    """An edition of the report in one language; `day` is the only date in it, no clock is read."""

    title: str
    subtitle: str
    language: str
    body: str
    edition: str
    day: dt.date
    sections: tuple[Section, ...]
    facts: tuple[PlacedFact, ...] = ()
    colophon: tuple[str, ...] = ()
    changes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a language there are no words for and two sections of one code."""
        codes = [section.code for section in self.sections]
        if self.language not in WORDS or len(set(codes)) < len(codes):
            raise BadInput("a report has one of three languages and sections of different codes", self.title)


def day_text(day: dt.date, language: str) -> str:
    """A date as the language writes it: "21 noyabr 2026", "21 November 2026", "21 ноября 2026 г."."""
    months = {"az": MONTHS, "en": tuple(month.capitalize() for month in MONTHS_EN), "ru": MONTHS_RU}[language]
    return f"{day.day} {months[day.month - 1]} {day.year}" + (" г." if language == "ru" else "")


def chart_block(chart: Chart) -> ChartBlock:
    """A chart drawn, with its table and description."""
    head, rows = table(chart)
    return ChartBlock(chart, svg(chart), Table(head, rows, frozenset(range(1, len(head)))), alt_text(chart))


def section_of(
    code: str, number: str, title: str, text: str, place: Callable[[prose.Fact], tuple[str, str]], charts: Mapping[str, Chart]
) -> Section:
    """A section from its prose. `place` gives a fact's words and label (it may raise BadInput); `charts` by code. Raises BadInput on an unknown chart."""
    blocks: list[Block] = []
    items: list[tuple[Run, ...]] = []

    def runs(block: prose.Block) -> tuple[Run, ...]:
        return tuple(_run(run, place) for run in block.runs)

    for block in prose.parse(text):
        if block.kind == "item":
            items.append(runs(block))
            continue
        if items:
            blocks.append(List(tuple(items)))
            items.clear()
        if block.kind == "chart":
            if block.chart not in charts:
                raise BadInput(f"there is no chart {block.chart}", title, "Choose one of: " + ", ".join(sorted(charts)))
            blocks.append(chart_block(charts[block.chart]))
        else:
            blocks.append((Heading if block.kind == "heading" else Paragraph)(runs(block)))
    if items:
        blocks.append(List(tuple(items)))
    return Section(code, number, title, tuple(blocks))


def _run(run: prose.Run, place: Callable[[prose.Fact], tuple[str, str]]) -> Run:
    if isinstance(run, str):
        return Text(run)
    if isinstance(run, prose.Typed):
        return TypedRun(run.words, run.source)
    words, label = place(run)
    return FactRun(words, str(run), label)
