"""A report as a Word file to edit, and read back: figures are locked controls, so prose changes and numbers do not."""

import io
import zipfile
import zlib
from typing import Any

from qalxan.kernel import prose
from qalxan.kernel.errors import BadInput
from qalxan.webkit.report import document as d

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SECTION, FACT, TYPED, CHART = "qx-section:", "fact:", "typed:", "chart:"
MOST = 25 * 1024 * 1024
_FIXED = (2020, 1, 1, 0, 0, 0)
REMEDY = "Take the file out again, and change words only"


def render(report: d.Document) -> bytes:
    """The document as DOCX; the same bytes for the same document.

    Each section stands under a heading inside a control tagged `qx-section:CODE`; each figure is a locked control tagged with its
    placeholder, each typed number one with its source, each chart or table a locked paragraph that names it.
    """
    import datetime as dt

    import docx
    from docx.shared import Pt

    made = docx.Document()
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Noto Sans", Pt(10.5)
    made.core_properties.title, made.core_properties.author = report.title, report.body
    made.core_properties.language = report.language
    stamp = dt.datetime.combine(report.day, dt.time())
    made.core_properties.created = made.core_properties.modified = stamp
    made.add_heading(report.title, 0)
    made.add_paragraph(f"{report.edition} · {d.day_text(report.day, report.language)}")
    for section in report.sections:
        heading = made.add_heading(level=1)
        heading._p.append(_control(SECTION + section.code, section.title, f"{section.number}. {section.title}"))
        for block in section.blocks:
            _block(made, block)
    out = io.BytesIO()
    made.save(out)
    return _even(out.getvalue())


def _even(data: bytes) -> bytes:
    """The archive with one fixed time, so the clock leaves no trace."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename, _FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(info.filename))
    return out.getvalue()


def _control(tag: str, alias: str, words: str) -> Any:
    """An inline content control whose words Word lets nobody change."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    control, properties, content, run, text = (OxmlElement(n) for n in ("w:sdt", "w:sdtPr", "w:sdtContent", "w:r", "w:t"))
    for name, value in (("w:alias", alias[:60]), ("w:tag", tag), ("w:lock", "sdtContentLocked")):
        element = OxmlElement(name)
        element.set(qn("w:val"), value)
        properties.append(element)
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(text)
    content.append(run)
    control.extend([properties, content])
    return control


def _block(made: Any, block: d.Block) -> None:
    if isinstance(block, d.ChartBlock):
        paragraph = made.add_paragraph()
        paragraph._p.append(_control(CHART + block.chart.code, block.alt, f"[[{block.chart.title}]]"))
        _table(made, block.table)
    elif isinstance(block, d.Table):
        _table(made, block)
    elif isinstance(block, d.List):
        for item in block.items:
            _runs(made.add_paragraph(style="List Bullet"), item)
    elif isinstance(block, d.Heading):
        _runs(made.add_heading(level=2), block.runs)
    else:
        _runs(made.add_paragraph(), block.runs)


def _table(made: Any, table: d.Table) -> None:
    grid = made.add_table(rows=1, cols=len(table.head), style="Table Grid")
    for cell, words in zip(grid.rows[0].cells, table.head, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    for row in table.rows:
        for cell, words in zip(grid.add_row().cells, row, strict=True):
            cell.text = words


def _runs(paragraph: Any, runs: tuple[d.Run, ...]) -> None:
    for run in runs:
        if isinstance(run, d.FactRun):
            paragraph._p.append(_control(FACT + run.ref, run.label, run.words))
        elif isinstance(run, d.TypedRun):
            paragraph._p.append(_control(TYPED + run.source, run.source, run.words))
        else:
            paragraph.add_run(run.words)


def read(data: bytes) -> dict[str, str]:
    """Section code → its prose, from an edited file. Tables under charts are the code's own and passed over.

    Words marked as deleted are dropped, inserted ones taken. Raises BadInput where a section is missing its mark or stands twice, or
    the file is no Word file.
    """
    if len(data) > MOST:
        raise BadInput("the file is larger than 25 MB", "Word file", REMEDY)
    found: dict[str, list[prose.Block]] = {}
    current: list[prose.Block] | None = None
    for paragraph in _paragraphs(data):
        runs, section, chart = _read_runs(paragraph)
        if section:
            if section in found:
                raise BadInput(f"the section {section} stands twice", "Word file", REMEDY)
            current = found.setdefault(section, [])
        elif current is not None and chart:
            current.append(prose.Block("chart", chart=chart))
        elif current is not None and any(not isinstance(r, str) or r.strip() for r in runs):
            current.append(prose.Block(_kind(paragraph), runs))
    if not found:
        raise BadInput("no section of the report is in this file", "Word file", REMEDY)
    return {code: prose.serialise(tuple(blocks)) for code, blocks in found.items()}


def _paragraphs(data: bytes) -> list[Any]:
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo("word/document.xml")
            if info.file_size > MOST:
                raise BadInput("the text of the file is too large", "Word file", REMEDY)
            xml = archive.read(info)
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        etree.XMLSyntaxError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as fault:
        raise BadInput("this is no Word file (.docx), or it is damaged", "Word file", REMEDY) from fault
    if b"<!DOCTYPE" in xml[:4096]:
        raise BadInput("the file declares what no Word file declares", "Word file", REMEDY)
    body = root.find(f"{W}body")
    return [p for p in (body.iter(f"{W}p") if body is not None else ()) if not any(a.tag == f"{W}tbl" for a in p.iterancestors())]


def _kind(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = (style.get(f"{W}val") if style is not None else "").replace(" ", "").lower()
    return "item" if name.startswith("list") else "heading" if name.startswith("heading") else "paragraph"


def _read_runs(paragraph: Any) -> tuple[tuple[prose.Run, ...], str, str]:
    """A paragraph's runs, and the section or chart it stands for."""
    runs: list[prose.Run] = []
    section = chart = ""

    def text(words: str) -> None:
        if words and runs and isinstance(runs[-1], str):
            runs[-1] += words
        elif words:
            runs.append(words)

    def walk(element: Any) -> None:
        nonlocal section, chart
        for child in element:
            if child.tag == f"{W}sdt":
                mark = child.find(f"{W}sdtPr/{W}tag")
                tag = mark.get(f"{W}val", "") if mark is not None else ""
                inside = "".join(t.text or "" for t in child.iter(f"{W}t"))
                if tag.startswith(SECTION):
                    section = tag.removeprefix(SECTION)
                elif tag.startswith(CHART):
                    chart = tag.removeprefix(CHART)
                elif tag.startswith(FACT):
                    placed = prose.placeholder(tag.removeprefix(FACT), "Word file")
                    runs.append(placed)
                elif tag.startswith(TYPED):
                    runs.append(prose.Typed(inside, tag.removeprefix(TYPED)))
                else:
                    content = child.find(f"{W}sdtContent")
                    walk(content if content is not None else ())
            elif child.tag == f"{W}t":
                text(child.text or "")
            elif child.tag in (f"{W}tab", f"{W}br"):
                text(" ")
            elif child.tag != f"{W}del":
                walk(child)

    walk(paragraph)
    return tuple(runs), section, chart
