"""A draft for Word: sections, placed facts and charts are content controls, so the edited text can come back (docx_read)."""

from collections.abc import Iterator

from qalxan.kernel.errors import BadInput
from qalxan.webkit.charts import png
from qalxan.webkit.report import document as d
from qalxan.webkit.report import docx_parts as parts
from qalxan.webkit.report.fonts import folder

DPI = 150
_WIDE = 6_096_000  # 640 pixels of 1/96 inch, in EMU
NOTES = {
    "az": "Fonu yaşıl olan rəqəmlər sistemdən gəlir və burada dəyişdirilmir; cümlə ilə birgə silinə və köçürülə bilər. Fonu sarı olanlar əllə yazılıb.",
    "en": "Figures on a green ground come from the system and are not changed here; they may be removed or moved with their sentence. "
    "Those on a yellow ground are typed by hand.",
    "ru": "Числа на зелёном фоне приходят из системы и здесь не меняются; их можно удалить или перенести вместе с предложением. Числа на жёлтом фоне вписаны вручную.",
}


def render(document: d.Document, *, draft: bool = True) -> bytes:
    """The document as DOCX, the same bytes for the same document; a draft says how to edit it and shows which numbers are placed.

    Facts and charts may be moved or removed, not edited; section headings stay. Under each chart stands its table, for reading. Raises BadInput on a
    table without a code, which could not come back.
    """
    writer = _Writer(draft=draft)
    body = [writer.front(document)]
    for section in document.sections:
        body.append(writer.heading(section))
        for block in section.blocks:
            body.extend(writer.block(block, section))
    return parts.package(
        "".join(body), writer.pictures, writer.controls,
        title=document.title, author=document.body, language=document.language, day=document.day,
    )  # fmt: skip


def full_title(section: d.Section) -> str:
    """A section's heading as printed: "1. Giriş"."""
    return f"{section.number} {section.title}".strip()


class _Writer:
    """Counts controls and pictures, and keeps every control's tag by its digest."""

    def __init__(self, *, draft: bool) -> None:
        self.number = 1000
        self.draft = draft
        self.pictures: list[bytes] = []
        self.controls: dict[str, str] = {}

    def control(self, tag: str, alias: str, lock: str, shown: str, content: str) -> str:
        self.number += 1
        self.controls[parts.digest(tag, shown)] = tag
        return parts.control(tag, alias, lock, content, self.number, shown)

    def front(self, document: d.Document) -> str:
        lines = (
            (document.title, "Title"),
            (document.subtitle, "Quiet"),
            (f"{document.body}. {document.edition}", "Quiet"),
            *([(NOTES[document.language], "Quiet")] if self.draft else []),
        )
        return "".join(
            parts.paragraph(self.control("front:", "Qalxan", "sdtContentLocked", text, parts.words(text)), style) for text, style in lines
        )

    def heading(self, section: d.Section) -> str:
        title = full_title(section)
        return parts.paragraph(self.control(f"qx-section-{section.code}", title, "sdtContentLocked", title, parts.words(title)), "Heading1")

    def block(self, block: d.Block, section: d.Section) -> Iterator[str]:
        match block:
            case d.Heading():
                yield parts.paragraph(self.runs(block.runs), "Heading2")
            case d.Paragraph():
                yield parts.paragraph(self.runs(block.runs))
            case d.List():
                for item in block.items:
                    yield parts.paragraph(self.runs(item), "ListBullet")
            case d.ChartBlock():
                yield parts.paragraph(self.chart(block))
                yield self.table(block.chart.code, block.table)
            case d.Table():
                if not block.code:
                    raise BadInput(
                        "a draft holds no tables without a name", full_title(section), "Place the figures as facts or as a chart"
                    )
                title = block.title
                yield parts.paragraph(self.control(f"chart:{block.code}", title, "contentLocked", title, parts.words(title)), "Heading2")
                yield self.table(block.code, block)

    def runs(self, runs: tuple[d.Run, ...]) -> str:
        out = ""
        for run in runs:
            match run:
                case d.Text():
                    out += parts.words(run.words)
                case d.FactRun():
                    out += self.control(
                        f"fact:{run.ref}",
                        run.label or run.ref,
                        "contentLocked",
                        run.words,
                        parts.words(run.words, style="QxFact" if self.draft else ""),
                    )
                case d.TypedRun():
                    out += self.control(
                        f"typed:{run.source}",
                        run.source,
                        "unlocked",
                        run.words,
                        parts.words(run.words, style="QxTyped" if self.draft else ""),
                    )
        return out

    def table(self, code: str, table: d.Table) -> str:
        tag, shown = f"table:{code}", " ".join(cell for row in (table.head, *table.rows) for cell in row)
        self.number += 1
        self.controls[parts.digest(tag, shown)] = tag
        return parts.table(tag, shown, self.number, table.head, table.rows, table.numbers)

    def chart(self, block: d.ChartBlock) -> str:
        picture = png(block.svg, folder(), DPI)
        self.pictures.append(picture)
        wide, high = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
        name = f"qx-chart-{block.chart.code}"
        drawn = parts.drawing(self.number, name, block.alt, f"rId{9 + len(self.pictures)}", _WIDE, round(_WIDE * high / wide))
        title = block.chart.title
        return self.control(f"chart:{block.chart.code}", title, "contentLocked", title, parts.words(title) + "<w:r><w:br/></w:r>" + drawn)
