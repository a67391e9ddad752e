"""An edited draft comes back: section by section as prose, placed facts read from their controls and never from the words shown.

Tolerant of what Word and LibreOffice do when saving: split runs, moved bookmarks, lost control properties (a bookmark with a digest lies around each
control, its tag among the file's properties), tracked changes (read as accepted), comments.
What prose cannot hold is refused with its place, so nothing the author wrote is dropped in silence.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from qalxan.kernel import prose
from qalxan.kernel.errors import BadInput
from qalxan.webkit.report.docx_parts import WP, A, W, digest

MOST_BYTES, MOST_PART, MOST_ENTRIES, DEEPEST = 20_000_000, 30_000_000, 1000, 60
_W = f"{{{W}}}"
_THROUGH = {f"{_W}{name}" for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo", "sdtContent")}
_DROPPED = {f"{_W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "rPr", "pPr", "sdtPr", "sdtEndPr", "tblPr")}
_SIGNS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-", f"{_W}softHyphen": ""}
_PICTURES = {f"{_W}drawing", f"{_W}pict", f"{_W}object"}
_REFUSED = {
    f"{_W}footnoteReference": ("a footnote was added", "Write it into the text, or mark the number as typed with its source"),
    f"{_W}endnoteReference": ("an endnote was added", "Write it into the text, or mark the number as typed with its source"),
    f"{_W}sym": ("a symbol of a special font was added", "Type an ordinary letter"),
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath": ("a formula was added", "Write it in words"),
}
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_NAME = re.compile(r"qx\d+_([0-9a-f]{24})")
Token = prose.Run | tuple[str, str]


def read(data: bytes, titles: Mapping[str, str]) -> dict[str, str]:
    """The prose of each section of an edited draft, by section code.

    `titles` are the sections the draft was made with: code → heading as printed. Raises BadInput (what, where, remedy) for a file that is no safe DOCX,
    a section lost, doubled or unknown, an unknown control, a table, a picture, a footnote, a text box or a formula.
    """
    package = _open(data)
    reader = _Reader(titles, _properties(package), _style_names(package))
    body = _tree(package, "word/document.xml").find(f"{_W}body")
    if body is None:
        raise BadInput("the document has no text", "the file", "Send the draft as Word saved it")
    for child in body:
        reader.take(child, 0)
    return reader.finish()


def _open(data: bytes) -> zipfile.ZipFile:
    fault = "this is not a Word document (.docx)"
    if len(data) > MOST_BYTES:
        raise BadInput(f"the file is larger than {MOST_BYTES // 1_000_000} MB", "the file", "Take out pictures that were added")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        names = package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, UnicodeDecodeError) as error:
        raise BadInput(fault, "the file", "Save the draft as .docx") from error
    if len(names) > MOST_ENTRIES or len(set(names)) < len(names) or sum(info.file_size for info in package.infolist()) > 3 * MOST_PART:
        raise BadInput("the file is packed in a way Word does not pack", "the file", "Save the draft anew as .docx")
    if any(re.search(r"vba|macro|activex|oleobject|\.bin$", name, re.I) for name in names):
        raise BadInput("the file carries a macro or an embedded program", "the file", "Save the draft as .docx without macros")
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise BadInput(fault, "the file", "Save the draft as .docx")
    if b"macroEnabled" in _part(package, "[Content_Types].xml"):
        raise BadInput("the file carries a macro", "the file", "Save the draft as .docx without macros")
    return package


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """A part, never more of it than MOST_PART whatever its header says."""
    try:
        with package.open(name) as stream:
            content = stream.read(MOST_PART + 1)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise BadInput("the file is damaged", name, "Save the draft anew as .docx") from error
    except Exception as error:  # zlib.error has no common base with the above
        raise BadInput("the file is damaged", name, "Save the draft anew as .docx") from error
    if len(content) > MOST_PART:
        raise BadInput("a part of the file is too large when unpacked", name, "Save the draft anew as .docx")
    return content


def _tree(package: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.fromstring(_part(package, name), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadInput("the file is damaged", name, "Save the draft anew as .docx") from error
    about: Any = tree.getroottree().docinfo
    if about.doctype or about.internalDTD is not None:
        raise BadInput("the file declares entities of its own", name, "Save the draft anew as .docx")
    return tree


def _properties(package: zipfile.ZipFile) -> dict[str, str]:
    """The tag of each control by its digest, from the custom properties."""
    if "docProps/custom.xml" not in package.namelist():
        return {}
    found = {node.get("name", ""): "".join(node.itertext()).strip() for node in _tree(package, "docProps/custom.xml")}
    return {name.removeprefix("qx-"): tag for name, tag in found.items() if name.startswith("qx-")}


def _style_names(package: zipfile.ZipFile) -> dict[str, str]:
    """Style id → its name in lower case; programs rename ids."""
    if "word/styles.xml" not in package.namelist():
        return {}
    styles = _tree(package, "word/styles.xml").iter(f"{_W}style")
    return {
        style.get(f"{_W}styleId", ""): (node.get(f"{_W}val", "") if (node := style.find(f"{_W}name")) is not None else "").lower()
        for style in styles
    }


class _Reader:
    """Walks the body and collects blocks under the section they stand in."""

    def __init__(self, titles: Mapping[str, str], tags: Mapping[str, str], styles: Mapping[str, str]) -> None:
        self.titles, self.tags, self.styles = titles, tags, styles
        self.found: dict[str, list[prose.Block]] = {}
        self.section = ""
        self.waiting: list[Token] = []

    def where(self) -> str:
        return f"section {self.titles[self.section]}" if self.section else "before the first section"

    def refuse(self, what: str, remedy: str) -> NoReturn:
        raise BadInput(what, self.where(), remedy)

    def take(self, node: Any, depth: int) -> None:
        """A block of the body; wrappers are gone through."""
        if depth > DEEPEST:
            self.refuse("the text is nested too deeply", "Paste it without its format")
        if node.tag == f"{_W}p":
            self.paragraph(node)
        elif node.tag == f"{_W}tbl":
            self.table(node)
        elif node.tag == f"{_W}bookmarkStart":
            self.waiting.extend(self.opened(node))
        elif node.tag == f"{_W}altChunk":
            self.refuse("another file was put into the text", "Paste it as text")
        elif node.tag not in _DROPPED and node.tag != f"{_W}sectPr":
            for child in node:
                self.take(child, depth + 1)

    def table(self, node: Any) -> None:
        """One of our own tables under a chart is passed over while its words are as they were; any other is refused."""
        marks = [match[1] for at in node.iter(f"{_W}bookmarkStart") if (match := _NAME.fullmatch(at.get(f"{_W}name", "")))]
        tag = next((self.tags[mark] for mark in marks if self.tags.get(mark, "").startswith("table:")), None)
        if tag is None:
            self.refuse("a table was typed into the text", "Place its numbers as facts or as a chart")
        shown = " ".join("".join(t.text or "" for t in cell.iter(f"{_W}t")) for cell in node.iter(f"{_W}tc"))
        if self.tags.get(digest(tag, shown)) != tag:
            self.refuse("the words of a table under a chart were changed", "Write beside it, not in it")

    def paragraph(self, node: Any) -> None:
        tokens = [*self.waiting, *self.inline(node, 0)]
        self.waiting = []
        properties = node.find(f"{_W}pPr")
        if properties is not None and properties.find(f"{_W}rPr/{_W}del") is not None:
            self.waiting = tokens
            return
        tokens = self.resolved(tokens)
        codes = [token[1] for token in tokens if isinstance(token, tuple) and token[0] == "section"]
        if len(codes) > 1:
            self.refuse("two headings of sections ran together", "Put each heading on a line of its own")
        for code in codes:
            self.open(code)
        rest = [token for token in tokens if not (isinstance(token, tuple) and token[0] == "section")]
        self.add("paragraph" if codes else self.kind(properties), rest)

    def resolved(self, tokens: list[Token]) -> list[Token]:
        """The tokens with each bookmarked stretch turned into what its bookmark stands for; a stretch with no end runs to the paragraph's end."""
        stack: list[tuple[str, str, list[Token]]] = [("", "", [])]

        def close() -> None:
            _, name, inside = stack.pop()
            stack[-1][2].extend(self.stretch(name, inside))

        for token in tokens:
            if isinstance(token, tuple) and token[0].startswith("open:"):
                stack.append((token[0].removeprefix("open:"), token[1], []))
            elif isinstance(token, tuple) and token[0] == "close":
                while any(number == token[1] for number, _, _ in stack[1:]):
                    close()
            else:
                stack[-1][2].append(token)
        while len(stack) > 1:
            close()
        return stack[0][2]

    def stretch(self, name: str, inside: list[Token]) -> list[Token]:
        """What stands inside one of our bookmarks, with or without the control that was there."""
        if any(
            isinstance(token, prose.Fact | prose.Typed) or (isinstance(token, tuple) and token[0] in ("section", "front", "chart"))
            for token in inside
        ):
            return inside
        if not any(isinstance(token, tuple) or token.strip() for token in inside if not isinstance(token, prose.Fact | prose.Typed)):
            return inside
        if name not in self.tags:
            self.refuse("a placed number lost its mark", "Draft from a fresh download, or paste the text without its format")
        return list(self.made(self.tags[name], inside))

    def opened(self, node: Any) -> Iterator[Token]:
        if match := _NAME.fullmatch(node.get(f"{_W}name", "")):
            yield f"open:{node.get(f'{_W}id', '')}", match[1]

    def open(self, code: str) -> None:
        if code in self.found:
            raise BadInput("a section stands twice", f"section {self.titles[code]}", "Remove the copy of its heading")
        self.section = code
        self.found[code] = []

    def kind(self, properties: Any) -> str:
        """What a paragraph is, by its style's name, its outline level or its numbering."""
        if properties is None:
            return "paragraph"
        style = properties.find(f"{_W}pStyle")
        name = self.styles.get(style.get(f"{_W}val", ""), style.get(f"{_W}val", "").lower()) if style is not None else ""
        if name.startswith(("heading", "title")) or properties.find(f"{_W}outlineLvl") is not None:
            return "heading"
        numbered = properties.find(f"{_W}numPr/{_W}numId")
        listed = numbered.get(f"{_W}val") != "0" if numbered is not None else name.startswith("list")
        return "item" if listed else "paragraph"

    def add(self, kind: str, tokens: list[Token]) -> None:
        """A paragraph's tokens as blocks; a chart in the middle of a paragraph parts it."""
        runs: list[prose.Run] = []
        for token in [*tokens, ("end", "")]:
            if not isinstance(token, tuple):
                runs.append(token)
                continue
            if made := _joined(runs):
                if not self.section:
                    self.refuse("text stands before the first section", "Move it under a section's heading")
                self.found[self.section].append(prose.Block(kind, made))
            runs = []
            if token[0] == "front" and not self.section and not made:
                continue
            if token[0] in ("chart", "picture"):
                if not self.section:
                    self.refuse("a chart stands before the first section", "Move it under a section's heading")
                self.found[self.section].append(prose.Block("chart", chart=token[1]))

    def inline(self, node: Any, depth: int) -> Iterator[Token]:
        """Text, facts, typed numbers and marks inside a paragraph, tracked changes taken as accepted."""
        if depth > DEEPEST:
            self.refuse("the text is nested too deeply", "Paste it without its format")
        for child in node:
            if child.tag == f"{_W}t":
                yield (child.text or "").replace("\u2011", "-")
            elif child.tag in _SIGNS:
                yield _SIGNS[child.tag]
            elif child.tag == f"{_W}sdt":
                yield from self.control(child, depth)
            elif child.tag == f"{_W}bookmarkStart":
                yield from self.opened(child)
            elif child.tag == f"{_W}bookmarkEnd":
                yield "close", child.get(f"{_W}id", "")
            elif child.tag in _PICTURES:
                yield self.picture(child)
            elif child.tag in _REFUSED:
                self.refuse(*_REFUSED[child.tag])
            elif child.tag == f"{_CHOICE}AlternateContent":
                yield from self.inline(next(iter(child), child), depth + 1)
            elif child.tag in _THROUGH or child.tag == f"{_W}r":
                yield from self.inline(child, depth + 1)

    def picture(self, node: Any) -> Token:
        """One of our charts by its name; any other picture is refused, and so is a text box."""
        names = [named.get("name", "") for named in node.iter(f"{{{WP}}}docPr")]
        if (
            len(names) == 1
            and names[0].startswith("qx-chart-")
            and node.find(f".//{_W}p") is None
            and len(list(node.iter(f"{{{A}}}blip"))) == 1
        ):
            return "picture", self.code(names[0].removeprefix("qx-chart-"))
        return self.refuse("a picture or a text box was put in", "Remove it; charts are placed by the system")

    def code(self, code: str) -> str:
        if not re.fullmatch(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", code):
            self.refuse("a control carries a mark the system did not make", "Remove it or write the words anew")
        return code

    def control(self, node: Any, depth: int) -> Iterator[Token]:
        found = node.find(f"{_W}sdtPr/{_W}tag")
        short = found.get(f"{_W}val", "") if found is not None else ""
        tag = self.tags.get(short.partition(":~")[2], short) if ":~" in short else short
        content = node.find(f"{_W}sdtContent")
        inside = list(self.inline(content, depth + 1)) if content is not None else []
        if not tag:
            yield from inside
            return
        yield from self.made(tag, [token for token in inside if not (isinstance(token, tuple) and token[0].startswith(("open:", "close")))])

    def made(self, tag: str, inside: list[Token]) -> Iterator[Token]:
        """What a control stands for. The words shown must be those it was sent out with, or what the author wrote into it would be lost."""
        shown = "".join(token for token in inside if isinstance(token, str)).strip()
        kind, _, rest = tag.partition(":")
        if tag.startswith("qx-section-"):
            kind, rest = "section", tag.removeprefix("qx-section-")
        if kind not in ("section", "front", "chart", "fact", "typed") or rest.startswith("~"):
            self.refuse(f"a control is unknown here: {tag[:60]}", "Remove it or write the words anew")
        if kind != "chart" and any(not isinstance(token, str) for token in inside):
            self.refuse("something was put inside a placed number or a heading", "Put it before or after")
        if not inside or (kind != "chart" and not shown):
            return
        if kind != "typed" and self.tags and self.tags.get(digest(tag, shown)) != tag:
            self.refuse(
                f"the words of a placed {'heading' if kind in ('section', 'front') else kind} were changed: {shown[:60]}",
                "Write beside it, not in it",
            )
        yield from self.token(kind, rest, shown)

    def token(self, kind: str, rest: str, shown: str) -> Iterator[Token]:
        if kind == "section":
            if rest not in self.titles:
                self.refuse("a section is not of this report", "Draft from a fresh download")
            yield "section", rest
        elif kind == "front":
            yield "front", ""
        elif kind == "chart":
            yield "chart", self.code(rest)
        elif kind == "fact":
            placed = prose.placeholder(rest, self.where())
            if not isinstance(placed, prose.Fact):
                self.refuse("a control carries a mark the system did not make", "Remove it or write the words anew")
            yield placed
        elif rest.strip():
            yield prose.Typed(shown, rest.strip())
        else:
            yield shown

    def finish(self) -> dict[str, str]:
        if self.waiting:
            self.add("paragraph", self.waiting)
        for code, title in self.titles.items():
            if code not in self.found:
                raise BadInput("a section was lost", f"section {title}", "Put its heading back from a fresh download")
        made = {code: prose.serialise(tuple(self.found[code])) for code in self.titles}
        for code, text in made.items():
            if prose.tidy(text) != text:
                raise BadInput(
                    "the text cannot be read back as it was written", f"section {self.titles[code]}", "Paste it without its format"
                )
        return made


def _joined(runs: list[prose.Run]) -> tuple[prose.Run, ...]:
    """Runs of text side by side made one, spaces evened out and taken off the ends; () when nothing is left."""
    made: list[prose.Run] = []
    for run in runs:
        if isinstance(run, str) and made and isinstance(made[-1], str):
            made[-1] += run
        else:
            made.append(run)
    made = [re.sub(r"[ \t\n\r]+", " ", run) if isinstance(run, str) else run for run in made]
    if made and isinstance(made[0], str):
        made[0] = made[0].lstrip()
    if made and isinstance(made[-1], str):
        made[-1] = made[-1].rstrip()
    return tuple(run for run in made if run)
