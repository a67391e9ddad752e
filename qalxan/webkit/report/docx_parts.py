"""The parts of a draft in Word's format, written out: the same bytes each time, no library's template, clock or counter in them."""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_CT = "http://schemas.openxmlformats.org/package/2006/content-types"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MOST_TAG = 64
LANGUAGE = {"az": "az-Latn-AZ", "en": "en-GB", "ru": "ru-RU"}


def digest(tag: str, shown: str) -> str:
    """What a control's bookmark is called by: its tag and the words it was sent out with, spaces evened out."""
    return hashlib.sha256(f"{tag}\n{' '.join(shown.split())}".encode()).hexdigest()[:24]


def short(tag: str, shown: str) -> str:
    """The tag itself, or its kind and digest where Word would not take its length (64)."""
    return tag if len(tag) <= MOST_TAG else f"{tag.partition(':')[0]}:~{digest(tag, shown)}"


def words(text: str, *, style: str = "") -> str:
    """A run of text."""
    own = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{own}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def control(tag: str, alias: str, lock: str, content: str, number: int, shown: str) -> str:
    """An inline content control; `lock` is "contentLocked" (may go with its sentence), "unlocked" or "sdtContentLocked".

    A bookmark with the digest lies around it: LibreOffice before 24 drops a control's tag and keeps the bookmark.
    """
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="qx{number}_{digest(tag, shown)}"/>'
        f'<w:sdt><w:sdtPr><w:alias w:val={quoteattr(alias[:MOST_TAG])}/><w:tag w:val={quoteattr(short(tag, shown))}/><w:id w:val="{number}"/>'
        f'<w:lock w:val="{lock}"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt><w:bookmarkEnd w:id="{number}"/>'
    )


def paragraph(content: str, style: str = "") -> str:
    """A paragraph in a style."""
    own = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{own}{content}</w:p>"


def table(tag: str, shown: str, number: int, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], numbers: frozenset[int]) -> str:
    """A locked table to read beside the text; a bookmark in its first cell tells it from one that an author typed."""
    mark = f'<w:bookmarkStart w:id="{number}" w:name="qx{number}_{digest(tag, shown)}"/><w:bookmarkEnd w:id="{number}"/>'
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="B8C2D0"/>' for side in ("top", "bottom", "insideH"))

    def line(cells: tuple[str, ...], first: str, *, heads: bool) -> str:
        out = ""
        for place, cell in enumerate(cells):
            side = '<w:jc w:val="right"/>' if place in numbers else ""
            run = f'<w:r><w:rPr>{"<w:b/>" if heads else ""}<w:sz w:val="18"/></w:rPr><w:t xml:space="preserve">{escape(cell)}</w:t></w:r>'
            out += f'<w:tc><w:p><w:pPr><w:spacing w:after="20"/>{side}</w:pPr>{first if not place else ""}{run}</w:p></w:tc>'
        return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if heads else ''}{out}</w:tr>"

    grid = "<w:gridCol/>" * len(head)
    made = (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{sides}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        + line(head, mark, heads=True)
        + "".join(line(row, "", heads=False) for row in rows)
        + "</w:tbl>"
    )
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val={quoteattr(short(tag, shown))}/><w:id w:val="{number}"/><w:lock w:val="contentLocked"/></w:sdtPr>'
        f"<w:sdtContent>{made}</w:sdtContent></w:sdt>" + paragraph("")
    )


def drawing(number: int, name: str, alt: str, relation: str, wide: int, high: int) -> str:
    """A picture in the line; sizes in EMU (1/914,400 inch)."""
    named = f'id="{number}" name={quoteattr(name)}'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr {named} descr={quoteattr(alt[:8000])}/><a:graphic><a:graphicData uri="{PIC}"><pic:pic><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        f"</wp:inline></w:drawing></w:r>"
    )


def document(body: str) -> str:
    """word/document.xml: A4 with the report's margins."""
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in (("w", W), ("r", R), ("wp", WP), ("a", A), ("pic", PIC)))
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1304" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
    return f"{_HEAD}<w:document {spaces}><w:body>{body}{page}</w:body></w:document>"


def _style(name: str, shown: str, run: str = "", para: str = "", *, kind: str = "paragraph", based: str = "Normal") -> str:
    default = ' w:default="1"' if name == "Normal" else ""
    base = "" if name == "Normal" or kind == "character" else f'<w:basedOn w:val="{based}"/><w:next w:val="Normal"/>'
    return (
        f'<w:style w:type="{kind}"{default} w:styleId="{name}"><w:name w:val="{shown}"/>{base}<w:qFormat/>'
        + (f"<w:pPr>{para}</w:pPr>" if para else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


def styles(language: str) -> str:
    """word/styles.xml: the report's look, and its language so that the speller fits."""
    bold = "<w:b/>"
    own = (
        _style("Normal", "Normal", "", '<w:spacing w:after="140" w:line="300" w:lineRule="auto"/>'),
        _style("Title", "Title", f'{bold}<w:sz w:val="44"/>', '<w:spacing w:after="120"/>'),
        _style("Quiet", "Subtitle", '<w:color w:val="46536A"/>'),
        _style(
            "Heading1",
            "heading 1",
            f'{bold}<w:sz w:val="30"/>',
            '<w:keepNext/><w:spacing w:before="400" w:after="160"/><w:outlineLvl w:val="0"/>',
        ),
        _style(
            "Heading2",
            "heading 2",
            f'{bold}<w:sz w:val="23"/>',
            '<w:keepNext/><w:spacing w:before="280" w:after="120"/><w:outlineLvl w:val="1"/>',
        ),
        _style("ListBullet", "List Bullet", "", '<w:numPr><w:numId w:val="1"/></w:numPr><w:ind w:left="454" w:hanging="284"/>'),
        _style("QxFact", "Qalxan fact", '<w:shd w:val="clear" w:color="auto" w:fill="E3F1EF"/>', kind="character"),
        _style("QxTyped", "Qalxan typed", '<w:shd w:val="clear" w:color="auto" w:fill="FDF1D8"/>', kind="character"),
    )
    fonts = '<w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans" w:cs="Noto Sans" w:eastAsia="Noto Sans"/>'
    default = f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:color w:val="14233B"/><w:sz w:val="20"/><w:lang w:val="{LANGUAGE[language]}"/></w:rPr></w:rPrDefault></w:docDefaults>'
    return f'{_HEAD}<w:styles xmlns:w="{W}">{default}{"".join(own)}</w:styles>'


_NUMBERING = (
    f'{_HEAD}<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="–"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="454" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def _relations(items: list[tuple[str, str, str]]) -> str:
    return (
        f'{_HEAD}<Relationships xmlns="{_REL}">'
        + "".join(f'<Relationship Id="{i}" Type="{t}" Target="{to}"/>' for i, t, to in items)
        + "</Relationships>"
    )


def _core(title: str, author: str, language: str, day: dt.date) -> str:
    when = f'<dcterms:%s xsi:type="dcterms:W3CDTF">{day.isoformat()}T12:00:00Z</dcterms:%s>'
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator><dc:language>{LANGUAGE[language]}</dc:language>"
        + when % ("created", "created")
        + when % ("modified", "modified")
        + "</cp:coreProperties>"
    )


def _custom(properties: Mapping[str, str]) -> str:
    rows = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{n}" name={quoteattr("qx-" + name)}><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        for n, (name, value) in enumerate(sorted(properties.items()), 2)
    )
    return (
        f'{_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{rows}</Properties>'
    )


def package(
    body: str, pictures: list[bytes], controls: Mapping[str, str], *, title: str, author: str, language: str, day: dt.date
) -> bytes:
    """The file. `pictures` are PNG, related as rId10 and on; `controls` maps the digest of each control to its whole tag."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    own = [("rId1", f"{office}/styles", "styles.xml"), ("rId2", f"{office}/numbering", "numbering.xml")]
    own += [(f"rId{n}", f"{office}/image", f"media/chart{n}.png") for n in range(10, 10 + len(pictures))]
    types = {
        "/word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "/word/styles.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml",
        "/word/numbering.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    }
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_CT}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in types.items())
        + "</Types>",
        "_rels/.rels": _relations(
            [
                ("rId1", f"{office}/officeDocument", "word/document.xml"),
                ("rId2", core, "docProps/core.xml"),
                ("rId3", f"{office}/custom-properties", "docProps/custom.xml"),
            ]
        ),
        "word/document.xml": document(body),
        "word/_rels/document.xml.rels": _relations(own),
        "word/styles.xml": styles(language),
        "word/numbering.xml": _NUMBERING,
        "docProps/core.xml": _core(title, author, language, day),
        "docProps/custom.xml": _custom(controls),
        **{f"word/media/chart{n}.png": picture for n, picture in enumerate(pictures, 10)},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            archive.writestr(entry, content)
    return out.getvalue()
