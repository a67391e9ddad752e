"""PDFs: the pages are copied into a new document with what they show, and nothing that acts, hides or tells of its maker."""

import base64
import io
import re
import zlib
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, PasswordError, Pdf, Stream, StreamDecodeLevel

from qalxan.foundation.files.jpegs import strip_jpeg, strip_jpeg2000
from qalxan.foundation.files.kinds import Clean, Fault, Kind, Unsafe
from qalxan.foundation.files.pictures import MAX_PIXELS
from qalxan.foundation.files.scan import refuse_eicar

MAX_PAGES = 3000
MAX_STREAM = 64 * 1024 * 1024
"""Inflated bytes of one stream that is no picture."""
MAX_PICTURE = 4 * MAX_PIXELS
MAX_INFLATED = 1024 * 1024 * 1024
"""Inflated bytes of all streams; they are counted, not kept."""
_PAGE = frozenset({
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit", "/Resources",
    "/Contents", "/Group",
})  # fmt: skip
_STREAM = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/Ref", "/Alternates", "/StructParent", "/StructParents", "/Measure", "/PtData")  # fmt: skip
_TYPES = frozenset({"/Metadata", "/EmbeddedFile", "/Filespec", "/F", "/Action", "/Annot", "/Sig", "/Page", "/Pages", "/Catalog"})
_ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
    "/URI", "/GoTo3DView", "/RichMediaExecute",
})  # fmt: skip
_LINK = re.compile(r"(https?://|mailto:)[\x21-\x7e]{1,2000}", re.IGNORECASE)
_GENERAL = frozenset({"/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"})
_PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
_SHORT = {"/Fl": "/FlateDecode", "/LZW": "/LZWDecode", "/A85": "/ASCII85Decode", "/AHx": "/ASCIIHexDecode", "/RL": "/RunLengthDecode", "/DCT": "/DCTDecode", "/CCF": "/CCITTFaxDecode"}  # fmt: skip
_DEPTH = 60


def rebuild_pdf(data: bytes) -> Clean:
    """A new PDF of the pages. Comments, stamps and filled fields become part of the page; web links stay; all else of annotations goes.

    Raises Unsafe: ENCRYPTED; FORM for a form that shows its values only in a program that runs it; BOMB for streams or pictures that
    inflate beyond bounds; DAMAGED for anything the library had to guess at, so that no page is lost in silence; INFECTED for the
    scanners' test string in a stream; and pikepdf's errors.
    """
    try:
        source = Pdf.open(io.BytesIO(data), attempt_recovery=False)
    except PasswordError:
        raise Unsafe(Fault.ENCRYPTED) from None
    with source, Pdf.new() as fresh:
        if source.is_encrypted:
            raise Unsafe(Fault.ENCRYPTED)
        if not 0 < len(source.pages) <= MAX_PAGES:
            raise Unsafe(Fault.BOMB if len(source.pages) else Fault.DAMAGED)
        links = _strip_pages(source)
        fresh.pages.extend(source.pages)
        for page, found in zip(fresh.pages, links, strict=True):
            if found:
                page.obj.Annots = Array([_link(fresh, rectangle, address) for rectangle, address in found])
        _Streams().clean(fresh)
        if source.get_warnings() or fresh.get_warnings():
            raise Unsafe(Fault.DAMAGED)
        out = io.BytesIO()
        fresh.save(out, object_stream_mode=ObjectStreamMode.generate, stream_decode_level=StreamDecodeLevel.none, deterministic_id=True)
    return Clean(Kind.PDF, out.getvalue())


def _strip_pages(source: Pdf) -> list[list[tuple[list[float], str]]]:
    """Bring the look of annotations into the pages and take everything but the page's own content away; gives the web links of each."""
    form = source.Root.get("/AcroForm")
    if bool(source.Root.get("/NeedsRendering", False)):
        raise Unsafe(Fault.FORM)
    for page in source.pages:
        for annotation in _annotations(page):
            if annotation.get("/Subtype") == Name.Widget and not annotation.get("/AP") and _has_value(annotation):
                raise Unsafe(Fault.FORM)
    if isinstance(form, Dictionary):
        form.NeedAppearances = False  # the looks that are stored are the ones people saw; new ones would lose letters such as ə
    source.flatten_annotations("all")
    links = []
    for page in source.pages:
        links.append([found for annotation in _annotations(page) if (found := _web_link(annotation))])
        for key in [key for key in set(page.obj.keys()) if key not in _PAGE]:
            del page.obj[key]
    return links


def _annotations(page: Page) -> list[Dictionary]:
    found = page.obj.get("/Annots")
    return [a for a in found if isinstance(a, Dictionary)] if isinstance(found, Array) else []


def _has_value(field: Object) -> bool:
    """Whether a field of a form, or one it belongs to, holds a value that somebody filled in."""
    for _ in range(_DEPTH):
        value = field.get("/V")
        if value is not None and str(value) not in ("", "/Off"):
            return True
        parent = field.get("/Parent")
        if not isinstance(parent, Dictionary):
            return False
        field = parent
    return True


def _web_link(annotation: Dictionary) -> tuple[list[float], str] | None:
    action, rectangle = annotation.get("/A"), annotation.get("/Rect")
    if annotation.get("/Subtype") != Name.Link or not isinstance(action, Dictionary) or not isinstance(rectangle, Array):
        return None
    address = str(action.get("/URI", ""))
    if action.get("/S") != Name.URI or not _LINK.fullmatch(address) or len(rectangle) != 4:
        return None
    return [float(side) for side in rectangle], address


def _link(fresh: Pdf, rectangle: list[float], address: str) -> Object:
    action = Dictionary(S=Name.URI, URI=address)
    return fresh.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rectangle, Border=[0, 0, 0], A=action))


class _Streams:
    """One pass over the objects of the new document; counts what its streams inflate to."""

    def __init__(self) -> None:
        self.left = MAX_INFLATED

    def clean(self, fresh: Pdf) -> None:
        """Strip each object of the new document but its catalogue, page tree and links, which were made here."""
        for item in list(fresh.objects):
            if isinstance(item, Stream):
                self._stream(item)
            if isinstance(item, Dictionary) and str(item.get("/Type", "")) in ("/Page", "/Pages", "/Catalog", "/Annot"):
                self._inside(item, frozenset({"/Parent", "/Kids", "/Pages", "/Annots", "/A"}), 0)
            elif isinstance(item, Stream | Dictionary | Array):
                self._inside(item, frozenset(), 0)

    def _inside(self, item: Object, skip: frozenset[str], depth: int) -> None:
        """Take dictionaries that act, embed or describe out of the direct children; those that are indirect come by themselves."""
        if depth > _DEPTH:
            raise Unsafe(Fault.BOMB)
        for key, child in list(_children(item)):
            if key in skip:
                continue
            if isinstance(child, Dictionary | Stream) and _acts(child):
                if isinstance(item, Array):
                    item[key] = None
                else:
                    del item[key]
            elif isinstance(child, Dictionary | Array) and not child.is_indirect:
                self._inside(child, frozenset(), depth + 1)

    def _stream(self, stream: Stream) -> None:
        if "/F" in stream or "/FFilter" in stream:
            raise Unsafe(Fault.ACTIVE, "/F")  # its content lies in another file
        for key in _STREAM:
            if key in stream:
                del stream[key]
        filters = _filters(stream)
        picture = stream.get("/Subtype") == Name.Image
        if picture:
            _refuse_flood(stream, filters)
        if filters and filters[-1] in _PICTURES:
            self._coded(stream, filters)
            return
        if not set(filters) <= _GENERAL:
            raise Unsafe(Fault.DAMAGED)
        limit = MAX_PICTURE if picture else MAX_STREAM
        if filters == ["/FlateDecode"] and self._tidy(stream.read_raw_bytes(), limit, keep=not picture):
            return
        content = stream.read_bytes(StreamDecodeLevel.generalized)
        self._count(len(content), limit)
        refuse_eicar(content)
        # written anew where bytes stand behind the packed ones, or where filters are chained
        stream.write(zlib.compress(content, 6), filter=Name.FlateDecode)

    def _coded(self, stream: Stream, filters: list[str]) -> None:
        """A picture in a code of its own, taken out of the packings around it."""
        content = stream.read_raw_bytes()
        for name in filters[:-1]:
            content = self._unpacked(content, name)
        parameters = stream.get("/DecodeParms")
        if isinstance(parameters, Array):
            parameters = parameters[-1] if len(parameters) == len(filters) else None
        if filters[-1] == "/DCTDecode":
            content = strip_jpeg(content)
        elif filters[-1] == "/JPXDecode":
            content = strip_jpeg2000(content)
        stream.write(content, filter=Name(filters[-1]), decode_parms=parameters if isinstance(parameters, Dictionary) else None)

    def _unpacked(self, content: bytes, name: str) -> bytes:
        if name == "/FlateDecode":
            return b"".join(self._inflated(zlib.decompressobj(), content, MAX_PICTURE))
        content = b"".join(content.split(b"~>" if name == "/ASCII85Decode" else b">", maxsplit=1)[0].split())
        if name == "/ASCII85Decode":
            return base64.a85decode(content.removeprefix(b"<~"))
        if name == "/ASCIIHexDecode":
            return bytes.fromhex((content + b"0" * (len(content) % 2)).decode("ascii"))
        raise Unsafe(Fault.DAMAGED)

    def _tidy(self, raw: bytes, limit: int, *, keep: bool) -> bool:
        """Count what the bytes inflate to; whether they are one whole zlib stream and nothing behind it (but a line end)."""
        inflater = zlib.decompressobj()
        tail = b""
        try:
            for piece in self._inflated(inflater, raw, limit):
                if keep:
                    refuse_eicar(tail + piece)
                    tail = piece[-100:]
        except zlib.error:
            raise Unsafe(Fault.DAMAGED) from None
        return inflater.eof and not inflater.unused_data.strip(b"\r\n")

    def _inflated(self, inflater: "zlib._Decompress", raw: bytes, limit: int) -> Iterator[bytes]:
        done = 0
        while raw and not inflater.eof:
            piece = inflater.decompress(raw, 1024 * 1024)
            raw = inflater.unconsumed_tail
            if not piece and not raw:
                break
            done += len(piece)
            self._count(len(piece), limit - done)
            yield piece

    def _count(self, size: int, limit: int) -> None:
        self.left -= size
        if self.left < 0 or limit < 0:
            raise Unsafe(Fault.BOMB)


def _children(item: Object) -> Iterator[tuple[str | int, Object]]:
    if isinstance(item, Array):
        yield from enumerate(item)
    else:
        source = item.stream_dict if isinstance(item, Stream) else item
        yield from source.items()


def _acts(child: Object) -> bool:
    """Whether a dictionary is an action, a file, a description or a page reached from a page's resources."""
    return (
        str(child.get("/Type", "")) in _TYPES or str(child.get("/S", "")) in _ACTIONS or any(key in child for key in ("/EF", "/JS", "/XFA"))
    )


def _filters(stream: Stream) -> list[str]:
    found = stream.get("/Filter")
    names = [] if found is None else [str(name) for name in found] if isinstance(found, Array) else [str(found)]
    return [_SHORT.get(name, name) for name in names]


def _refuse_flood(stream: Stream, filters: list[str]) -> None:
    """Raise Unsafe(BOMB) for a picture whose declared pixels take more memory than `MAX_PICTURE`."""
    pixels = int(stream.get("/Width", 0)) * int(stream.get("/Height", 0))
    one_bit = bool(stream.get("/ImageMask", False)) or (filters and filters[-1] in ("/CCITTFaxDecode", "/JBIG2Decode"))
    bits = 1 if one_bit else int(stream.get("/BitsPerComponent", 8)) * 3
    if pixels * bits > 8 * MAX_PICTURE or pixels < 0:
        raise Unsafe(Fault.BOMB)
