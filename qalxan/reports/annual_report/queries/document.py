"""A built report as the document that the writers of PDF and DOCX take."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from qalxan.reports.annual_report.queries.build import Block, Built, Run
from qalxan.reports.annual_report.queries.changes import change_lines
from qalxan.reports.annual_report.queries.cut import Figure
from qalxan.webkit.report import document as d

TITLES = {
    "annual": {
        "az": "İnsan alverinə qarşı mübarizə haqqında illik məlumat",
        "en": "Yearly report on the fight against trafficking in persons",
        "ru": "Ежегодный доклад о борьбе с торговлей людьми",
    },
    "cabinet": {
        "az": "Milli Fəaliyyət Planının icrası haqqında məlumat",
        "en": "Information on the progress of the National Action Plan",
        "ru": "Информация о ходе выполнения Национального плана действий",
    },
    "cis": {
        "az": "MDB əməkdaşlıq proqramının icrası haqqında məlumat",
        "en": "Information under the CIS cooperation programme",
        "ru": "Информация о выполнении программы сотрудничества СНГ",
    },
    "us-tip": {
        "az": "ABŞ-ın insan alveri hesabatı üçün cavablar",
        "en": "Answers for the US report on trafficking in persons",
        "ru": "Ответы для доклада США о торговле людьми",
    },
}
BODY = {"az": "Milli Koordinator", "en": "National Coordinator", "ru": "Национальный координатор"}
EDITION = {"az": "{}, buraxılış {}", "en": "{}, edition {}", "ru": "{}, издание {}"}
COLOPHON = {
    "az": ("Məlumat kəsiyi {day} tarixində dondurulmuşdur.", "Kəsiyin SHA-256 izi: {cut}.", "Mətndəki hər rəqəm saxlanılan göstəricidir və elektron nüsxədə açılır."),
    "en": ("The data were frozen on {day}.", "SHA-256 of the data cut: {cut}.", "Every number in the text is a stored figure and opens in the electronic copy."),
    "ru": ("Срез данных зафиксирован {day}.", "SHA-256 среза данных: {cut}.", "Каждое число в тексте является хранимым показателем и открывается в электронной версии."),
}  # fmt: skip
DRAFT = {"az": "Layihə", "en": "Draft", "ru": "Проект"}


def period_of(cut: Mapping[str, Any]) -> str:
    """The year a report is for; the US report's runs from April to March."""
    year = int(cut["year"])
    return f"{year}–{year + 1}" if cut["kind"] == "us-tip" else str(year)


def document(cut: Mapping[str, Any], cut_sha256: str, built: Built, *, sealed: bool) -> d.Document:
    """The document of an edition in the language it was built in; a draft says that it is one."""
    language = built.language
    day = dt.datetime.fromisoformat(cut["frozen_at"]).date()
    edition = EDITION[language].format(period_of(cut), cut["number"]) + ("" if sealed else f" · {DRAFT[language]}")
    colophon = tuple(line.format(day=d.day_text(day, language), cut=cut_sha256) for line in COLOPHON[language])
    sections = tuple(d.Section(s.code, str(s.number), s.title, tuple(_blocks(s.blocks))) for s in built.sections)
    facts = tuple(_annex(f, built) for _ref, f in sorted(built.placed.items(), key=lambda item: item[1].label(language)))
    title = TITLES[str(cut["kind"])][language]
    return d.Document(title, period_of(cut), language, BODY[language], edition, day, sections, facts, colophon, change_lines(cut, language))


def _annex(figure: Figure, built: Built) -> d.PlacedFact:
    language = built.language
    words = next((r.words for s in built.sections for b in s.blocks for r in b.runs if r.ref == figure.ref), "")
    value = figure.words(language)
    if figure.value is not None and figure.row["unit"] != "date":
        value = f"{value} {figure.row['unit_label'][language]}"
    return d.PlacedFact(figure.label(language), words, value, figure.source(language))


def _blocks(blocks: Sequence[Block]) -> list[d.Block]:
    found: list[d.Block] = []
    items: list[tuple[d.Run, ...]] = []
    for block in [*blocks, Block("end")]:
        if block.kind == "item":
            items.append(_runs(block.runs))
            continue
        if items:
            found.append(d.List(tuple(items)))
            items = []
        if block.kind == "heading":
            found.append(d.Heading(_runs(block.runs)))
        elif block.kind == "paragraph":
            found.append(d.Paragraph(_runs(block.runs)))
        elif block.kind == "chart" and block.chart is not None:
            found.append(d.chart_block(block.chart))
        elif block.kind == "table":
            found.append(d.Table(block.heads, block.rows, code=block.code, title=block.title))
    return found


def _runs(runs: Sequence[Run]) -> tuple[d.Run, ...]:
    return tuple(_run(run) for run in runs)


def _run(run: Run) -> d.Run:
    if run.kind in ("fact", "missing"):  # one that cannot be filled keeps its mark through Word
        return d.FactRun(run.words, run.mark, run.source)
    if run.kind == "typed":
        return d.TypedRun(run.words, run.source)
    return d.Text(run.words)
