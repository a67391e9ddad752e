"""From the data cut and the texts to the finished document: facts placed by code, and everything that must not be sealed named."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _

from qalxan.kernel import prose
from qalxan.kernel.bare import bare_numbers
from qalxan.kernel.dates import find_dates
from qalxan.kernel.errors import BadInput
from qalxan.reports.annual_report.queries.charts import chart, rows_of_table, specs, table_specs
from qalxan.reports.annual_report.queries.cut import Cut, Figure
from qalxan.webkit.charts import Chart

TABLES = frozenset({"bodies", "recommendations"})


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph: plain text, a placed figure (`ref` names it in the cut), or a number typed with its source."""

    kind: str
    words: str
    ref: str = ""
    source: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a section: heading, paragraph, item, chart (with its data) or table (title, headings, rows)."""

    kind: str
    runs: tuple[Run, ...] = ()
    code: str = ""
    chart: Chart | None = None
    title: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its number in print."""

    code: str
    number: int
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that stands in the way of the seal (or, if soft, deserves a look): where it stands and what to do."""

    section: str
    title: str
    what: str
    before: str = ""
    words: str = ""
    after: str = ""
    soft: bool = False


@dataclass
class Built:
    """A report in one language as its parts."""

    language: str
    sections: list[Section] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    placed: dict[str, Figure] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether nothing stands in the way of the seal."""
        return not any(not flaw.soft for flaw in self.flaws)


def build(data: Mapping[str, Any], sections: Sequence[Mapping[str, str]], texts: Mapping[str, str], language: str) -> Built:
    """The report in a language from its cut, its sections and their texts (by code). Nothing else goes in: no clock, no database."""
    with translation.override(language):
        made = Built(language)
        builder = _Builder(Cut(data), language, made)
        for number, section in enumerate(sections, 1):
            text = texts.get(section["code"], "")
            if not text.strip():
                made.flaws.append(Flaw(section["code"], section[language], _("The section has no text.")))
            blocks = builder.blocks(section, text)
            made.sections.append(Section(section["code"], number, section[language], tuple(blocks)))
        return made


class _Builder:
    """Builds one language, section by section."""

    def __init__(self, cut: Cut, language: str, made: Built) -> None:
        self.cut, self.language, self.made = cut, language, made
        self.days = {act["number"]: dt.date.fromisoformat(act["date"]) for act in cut.data["acts"]}

    def blocks(self, section: Mapping[str, str], text: str) -> Iterable[Block]:
        """The blocks of a section; flaws are noted on the way."""
        code, title = section["code"], section[self.language]

        def flaw(what: str, words: str = "", before: str = "", after: str = "", *, soft: bool = False) -> None:
            self.made.flaws.append(Flaw(code, title, what, before, words, after, soft))

        try:
            parsed = prose.parse(text)
        except BadInput as bad:
            flaw(_("A placeholder cannot be read."), str(bad))
            return
        for found in bare_numbers(text, self.language):
            soft = found.kind == "word"
            what = (
                _("A number in words: make sure it is not a figure.")
                if soft
                else _("A bare number: place a figure, or mark it as typed with its source.")
            )
            flaw(what, found.text, found.before, found.after, soft=soft)
        self._compare_days(text, flaw)
        for block in parsed:
            if block.kind == "chart":
                yield from self._picture(block.chart, flaw)
            else:
                yield Block(block.kind, tuple(self._run(run, flaw) for run in block.runs))

    def _run(self, run: prose.Run, flaw: Any) -> Run:
        if isinstance(run, str):
            return Run("text", run)
        if isinstance(run, prose.Typed):
            return Run("typed", run.words, source=run.source)
        mark = str(run)
        figure = self.cut.figure(run.code, run.key, int(run.year) if run.year else None)
        if figure is None:
            flaw(_("There is no such figure in the data."), mark)
            return Run("missing", f"[{mark}]", mark=mark)
        if figure.disputed:
            flaw(_("Sources disagree on this figure and none is chosen."), figure.label(self.language))
            return Run("missing", f"[{mark}]", figure.ref, mark=mark)
        self.made.placed.setdefault(figure.ref, figure)
        return Run("fact", figure.words(self.language, run.case), figure.ref, figure.source(self.language), mark)

    def _picture(self, code: str, flaw: Any) -> Iterable[Block]:
        if code in specs():
            drawn = chart(self.cut, code, self.language)
            if drawn is not None:
                yield Block("chart", code=code, chart=drawn, title=drawn.title)
            else:
                flaw(_("No figure is known for this chart; it is left out."), specs()[code]["title"][self.language], soft=True)
        elif code in table_specs() or code in TABLES:
            table = rows_of_table(self.cut, code, self.language)
            if table is not None:
                title, heads, rows = table
                yield Block("table", code=code, title=title, heads=tuple(heads), rows=tuple(map(tuple, rows)))
        else:
            flaw(_("There is no chart or table of this name."), code)

    def _compare_days(self, text: str, flaw: Any) -> None:
        """A day named beside an act's number must be the act's day."""
        for sentence in text.replace("\n", " ").split(". "):
            for number, day in self.days.items():
                if f"№ {number}" not in sentence and f"№{number}" not in sentence:
                    continue
                for found in find_dates(sentence):
                    if found.date != day:
                        wanted = format_date(day, "d MMMM y", locale=self.language)
                        flaw(
                            _("The act № %(number)s is of %(day)s, not of this day.") % {"number": number, "day": wanted},
                            sentence[found.start : found.end],
                        )
