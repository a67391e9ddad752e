"""DOCX and XLSX: only the parts that the document refers to are kept, each proved, in a new archive.

The archive is walked along its relationships (ECMA-376 part 2). A relationship of a known harmless type is followed; one that would
run code, reach out or hide a file is refused; any other is left out, or the file refused where its part still refers to it.
"""

import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote
from xml.sax.saxutils import quoteattr

from lxml import etree

from qalxan.foundation.files.kinds import Clean, Fault, Kind, Unsafe
from qalxan.foundation.files.pictures import redraw_part
from qalxan.foundation.files.xmlproof import prove_xml
from qalxan.foundation.files.zips import is_archive, read_zip, write_zip

_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": Kind.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": Kind.XLSX,
}
_XML = re.compile(
    r"application/(vnd\.(openxmlformats-officedocument|openxmlformats-package|ms-(office|word|excel))\.)[\w.+-]*\+xml|application/xml"
)
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_FONT = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_KEPT = frozenset({
    "officeDocument", "styles", "stylesWithEffects", "theme", "themeOverride", "settings", "webSettings", "fontTable", "font",
    "numbering", "footnotes", "endnotes", "comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "header",
    "footer", "image", "chart", "chartEx", "chartUserShapes", "chartStyle", "chartColorStyle", "diagramData", "diagramLayout",
    "diagramQuickStyle", "diagramColors", "diagramDrawing", "drawing", "vmlDrawing", "worksheet", "chartsheet", "sharedStrings",
    "calcChain", "table", "tableSingleCells", "pivotTable", "pivotCacheDefinition", "pivotCacheRecords", "slicer", "slicerCache",
    "threadedComment", "person", "sheetMetadata", "glossaryDocument",
})  # fmt: skip
_REFUSED = frozenset({
    "vbaProject", "wordVbaData", "vbaProjectSignature", "oleObject", "package", "control", "activeXControlBinary", "ctrlProp",
    "xlMacrosheet", "xlIntlMacrosheet", "externalLink", "externalLinkPath", "aFChunk", "subDocument", "frame", "mailMergeSource",
    "mailMergeHeaderSource", "attachedToolbars", "keyMapCustomizations", "connections", "queryTable", "xmlMaps", "recipientData",
    "transform", "customXmlMappings", "ui", "extensibility",
})  # fmt: skip
# what refers to a part that is left out: the template's path, the printer's settings, the workbook behind a chart's stored values
_DETACH = {
    "attachedTemplate": re.compile(rb"<(?:\w+:)?attachedTemplate\b[^<>]*/>"),
    "printerSettings": re.compile(rb"(?<=\s)\w+:id=(\"[^\"<>]*\"|'[^'<>]*')(?=[^<>]*>)"),
    "package": re.compile(rb"<(?:\w+:)?externalData\b[^<>]*(?:/>|>.*?</(?:\w+:)?externalData>)", re.DOTALL),
}
_PAGE_SETUP = re.compile(rb"<(?:\w+:)?pageSetup\b[^<>]*>")
_LINK = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
_FIELD = re.compile(
    r"[\s\\\"]*((DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|DATABASE|LINK|EMBED|MACROBUTTON|RD)\b|HYPERLINK\s+\"?\s*(file:|\\\\))",
    re.IGNORECASE,
)
_SAFE = "/%!$&'()*+,;=:@~"
_PARSER_LIMIT = 2 * 1024 * 1024
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass
class _Rel:
    id: str
    type: str
    target: str
    external: bool

    @property
    def last(self) -> str:
        return self.type.rsplit("/", 1)[-1]


@dataclass
class _Book:
    """A document while it is walked: the parts as read, their types, and what is kept of them."""

    parts: dict[str, bytes]
    types: dict[str, str]
    defaults: dict[str, str]
    kept: dict[str, bytes] = field(default_factory=dict)
    kept_types: dict[str, str] = field(default_factory=dict)

    def type_of(self, name: str) -> str:
        return self.types.get(name.lower()) or self.defaults.get(name.rsplit(".", 1)[-1].lower(), "")


def rebuild_office(data: bytes) -> Clean:
    """A DOCX or XLSX in a new archive: no properties, thumbnail, custom data or template path; pictures made anew; one fixed time.

    Raises Unsafe: ACTIVE for macros, embedded files, controls and links to other files; PICTURE for pictures that cannot be made anew;
    NOT_ALLOWED for other archives; and as `read_zip` and `redraw_part`.
    """
    parts = read_zip(data)
    if "[Content_Types].xml" not in parts:
        raise Unsafe(Fault.NOT_ALLOWED)
    types, defaults = _content_types(parts["[Content_Types].xml"])
    book = _Book(parts, types, defaults)
    mains = [rel for rel in _relationships(book, "") if rel.last == "officeDocument"]
    if len(mains) != 1 or mains[0].external:
        raise Unsafe(Fault.NOT_ALLOWED)
    main = _resolve(book, "", mains[0].target)
    kind = _MAIN.get(book.type_of(main))
    if kind is None:
        raise Unsafe(Fault.ACTIVE if "macroenabled" in book.type_of(main).lower() else Fault.NOT_ALLOWED)
    dropped = _walk(book, main)
    for name, content in parts.items():
        if name not in dropped and is_archive(content):
            raise Unsafe(Fault.ACTIVE, posixpath.basename(name))
    root = [_Rel("rId1", mains[0].type, main, False)]
    return Clean(kind, write_zip({"[Content_Types].xml": _types_xml(book), "_rels/.rels": _rels_xml(root), **book.kept}))


def _walk(book: _Book, main: str) -> set[str]:
    """Keep the main part and all it leads to; gives the workbooks behind charts, which are left out."""
    todo, dropped = [main], set[str]()
    while todo:
        name = todo.pop()
        if name in book.kept:
            continue
        if name not in book.parts:
            raise Unsafe(Fault.DAMAGED, posixpath.basename(name)[:40])
        content, media_type = _proved(book, name)
        keep: list[_Rel] = []
        for rel in _relationships(book, name):
            if not rel.external and rel.last in _KEPT:
                rel.target = _resolve(book, name, rel.target)
                todo.append(rel.target)
            elif rel.last == "hyperlink":
                if not _LINK.match(rel.target):
                    rel.target, rel.external = (
                        "about:blank",
                        True,
                    )  # a path of a share gives away the reader's password hash when it is followed
            else:
                content = _detached(content, rel, name)
                if rel.last == "package":
                    dropped.add(_resolve(book, name, rel.target))
                continue
            keep.append(rel)
        book.kept[name], book.kept_types[name] = content, media_type
        if keep:
            book.kept[_rels_name(name)] = _rels_xml(keep)
    return dropped


def _detached(content: bytes, rel: _Rel, name: str) -> bytes:
    """The part without its reference to what is left out. Raises Unsafe where that may not be left out, or is still referred to."""
    detach = _DETACH.get(rel.last)
    if detach and (rel.last != "package" or "/charts/" in f"/{name}"):
        if rel.last == "printerSettings":
            content = _PAGE_SETUP.sub(lambda tag: detach.sub(b"", tag[0]), content)
        else:
            content = detach.sub(b"", content)
    elif rel.external or rel.last in _REFUSED:
        raise Unsafe(Fault.ACTIVE, rel.last[:40])
    quoted = rel.id.encode()
    if b'"' + quoted + b'"' in content or b"'" + quoted + b"'" in content:
        raise Unsafe(Fault.ACTIVE, rel.last[:40])
    return content


def _proved(book: _Book, name: str) -> tuple[bytes, str]:
    """A part's content, parsed whole, and its media type: XML, a picture made anew, or an embedded font."""
    content, media_type = book.parts[name], book.type_of(name)
    if media_type == _VML or _XML.fullmatch(media_type):
        if "macroenabled" in media_type.lower() or "activex" in media_type.lower():
            raise Unsafe(Fault.ACTIVE)
        for instruction in prove_xml(content):
            if _FIELD.match(instruction):
                raise Unsafe(Fault.ACTIVE, instruction.split()[0][:40])
        return content, media_type
    if media_type.startswith("image/"):
        try:
            return redraw_part(content)
        except Unsafe as unsafe:
            raise Unsafe(unsafe.fault, posixpath.basename(name)[:40]) from unsafe
    if media_type == _FONT and not is_archive(content):
        return content, media_type
    raise Unsafe(Fault.ACTIVE, posixpath.basename(name)[:40])


def _resolve(book: _Book, source: str, target: str) -> str:
    """The name of the part a target leads to. Raises Unsafe for one that leads out of the archive."""
    path = target.split("#", maxsplit=1)[0]
    joined = posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(source), path))
    if joined.startswith("..") or joined in (".", "[Content_Types].xml") or joined.endswith(".rels"):
        raise Unsafe(Fault.DAMAGED)
    return joined if joined in book.parts else unquote(joined)


def _rels_name(name: str) -> str:
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _tree(content: bytes) -> etree._Element:
    if len(content) > _PARSER_LIMIT:
        raise Unsafe(Fault.BOMB)
    prove_xml(content)
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _relationships(book: _Book, name: str) -> list[_Rel]:
    content = book.parts.get(_rels_name(name))
    if content is None:
        return []
    found = [
        _Rel(e.get("Id", ""), e.get("Type", ""), e.get("Target", ""), e.get("TargetMode", "").lower() == "external")
        for e in _tree(content).iter(f"{{{_RELATIONSHIPS}}}Relationship")
    ]
    if any(not re.fullmatch(r"[\w.-]+", rel.id) for rel in found) or len({rel.id for rel in found}) < len(found):
        raise Unsafe(Fault.DAMAGED)
    return found


def _content_types(content: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Media types by part name and by ending, both in small letters."""
    tree = _tree(content)
    types = {e.get("PartName", "").lstrip("/").lower(): e.get("ContentType", "") for e in tree.iter("{*}Override")}
    return types, {e.get("Extension", "").lower(): e.get("ContentType", "") for e in tree.iter("{*}Default")}


def _types_xml(book: _Book) -> bytes:
    names = [
        f"<Override PartName={quoteattr(quote('/' + name, safe=_SAFE))} ContentType={quoteattr(media_type)}/>"
        for name, media_type in book.kept_types.items()
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(names)}</Types>'
    ).encode()


def _rels_xml(rels: list[_Rel]) -> bytes:
    rows = []
    for rel in rels:
        outside = rel.external or rel.last == "hyperlink"
        target = rel.target if outside else quote(f"/{rel.target}", safe=_SAFE)
        mode = ' TargetMode="External"' if rel.external else ""
        rows.append(f"<Relationship Id={quoteattr(rel.id)} Type={quoteattr(rel.type)} Target={quoteattr(target)}{mode}/>")
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_RELATIONSHIPS}">{"".join(rows)}</Relationships>'
    ).encode()
