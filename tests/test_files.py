"""Files are safe to open: known by content, scanned, rebuilt; what cannot be made safe is refused with a sentence."""

import csv
import datetime as dt
import hashlib
import io
import socket
import struct
import threading
import uuid
import zipfile
import zlib

import docx
import openpyxl
import pikepdf
import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from qalxan.foundation.access.actor import SYSTEM
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.files import zips
from qalxan.foundation.files.bounded import rebuild_bounded
from qalxan.foundation.files.clean import rebuild
from qalxan.foundation.files.kinds import MAX_BYTES, Fault, Kind, Unsafe
from qalxan.foundation.files.models import StoredContent, StoredFile
from qalxan.foundation.files.names import MAX_NAME, clean_name
from qalxan.foundation.files.operations import FileRefused, store
from qalxan.foundation.files.queries import content, described
from qalxan.foundation.files.scan import scan
from qalxan.kernel.errors import RuleBroken
from qalxan.webkit.downloads import attachment

NOW = dt.datetime(2022, 7, 1, 9, 0, tzinfo=dt.UTC)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECRET = b"40.4093N-49.8671E"


# ---- files as people have them ----


def photo(format_: str = "JPEG", *, size: tuple[int, int] = (60, 40), place: bool = True, **options: object) -> bytes:
    """A picture, left half red and right half blue, whose EXIF tells where it was taken."""
    image = Image.new("RGB", size, (200, 0, 0))
    image.paste((0, 0, 200), (size[0] // 2, 0, *size))
    exif = Image.Exif()
    if place:
        exif[0x0112] = 6
        exif[0x010E] = SECRET.decode()
        exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 24.0, 33.5), 3: "E", 4: (49.0, 52.0, 1.5)})
    out = io.BytesIO()
    image.save(out, format_, exif=exif, **options)
    return out.getvalue()


def pdf(picture: bytes | None = None, change=None) -> bytes:
    """Two pages, the first with a picture; `change` may do harm to it before it is written."""
    out = io.BytesIO()
    with pikepdf.Pdf.new() as made:
        for number in (1, 2):
            page = made.add_blank_page(page_size=(300, 300))
            page.Contents = made.make_stream(f"BT /F1 12 Tf 20 200 Td (Page {number}) Tj ET".encode())
            page.Resources = pikepdf.Dictionary(
                Font={"/F1": pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)}
            )
        if picture:
            image = made.make_stream(
                picture, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=60, Height=40, BitsPerComponent=8
            )
            image.ColorSpace, image.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
            made.pages[0].Resources.XObject = pikepdf.Dictionary(Im=image)
        made.docinfo["/Author"] = SECRET.decode()
        if change:
            change(made)
        made.save(out, **({"encryption": change.lock} if hasattr(change, "lock") else {}))
    return out.getvalue()


def word(*pictures: bytes) -> bytes:
    document = docx.Document()
    document.core_properties.author = SECRET.decode()
    document.add_paragraph("Görülmüş işlər haqqında hesabat: Şəki, İsmayıllı.")
    for picture in pictures:
        document.add_picture(io.BytesIO(picture))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet() -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = SECRET.decode()
    book.active.append(["Bakı", 12, "=SUM(B1:B1)"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezip(data: bytes, change: dict[str, bytes | tuple[bytes, bytes]], **options: object) -> bytes:
    """An archive with members replaced or added, or one string of a member by another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for name, what in change.items():
            if isinstance(what, tuple):
                assert what[0] in parts[name], f"the test changes nothing in {name}"
                parts[name] = parts[name].replace(*what)
            else:
                parts[name] = what
        for name, member in parts.items():
            new.writestr(name, member)
    return out.getvalue()


def related(data: bytes, source: str, type_: str, target: str, external: bool = False) -> bytes:
    """An office file with one relationship more, with the id rId99."""
    mode = b' TargetMode="External"' if external else b""
    row = b'<Relationship Id="rId99" Type="http://x/relationships/%s" Target="%s"%s/></Relationships>' % (
        type_.encode(),
        target.encode(),
        mode,
    )
    return rezip(data, {source: (b"</Relationships>", row)})


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def fault(data: bytes, **options: bool) -> Fault:
    with pytest.raises(Unsafe) as caught:
        rebuild(data, **options)
    return caught.value.fault


WORD_RELS = "word/_rels/document.xml.rels"
VALID = {
    Kind.PDF: pdf(photo()),
    Kind.JPEG: photo(),
    Kind.PNG: photo("PNG"),
    Kind.DOCX: word(photo()),
    Kind.XLSX: sheet(),
    Kind.TEXT: "Tədbir 3: təlim keçirildi.\r\nİştirakçı: 25\n".encode(),
    Kind.CSV: "şəhər;say\r\nBakı;12\r\nŞəki;-3,5\r\n".encode(),
}


# ---- what is taken ----


@pytest.mark.parametrize("kind", Kind)
def test_a_file_of_each_kind_is_taken_and_its_rebuilt_bytes_are_taken_again(kind):
    first = rebuild(VALID[kind], as_table=kind is Kind.CSV)
    again = rebuild(first.data, as_table=kind is Kind.CSV)
    assert (first.kind, again.kind) == (kind, kind)
    assert SECRET not in first.data
    assert all(SECRET not in part for part in (unzip(first.data).values() if kind in (Kind.DOCX, Kind.XLSX) else ()))


def test_what_the_reader_reads_survives():
    document = docx.Document(io.BytesIO(rebuild(VALID[Kind.DOCX]).data))
    assert document.paragraphs[0].text == "Görülmüş işlər haqqında hesabat: Şəki, İsmayıllı."
    assert len(document.inline_shapes) == 1
    row = next(openpyxl.load_workbook(io.BytesIO(rebuild(VALID[Kind.XLSX]).data)).active.values)
    assert row == ("Bakı", 12, "=SUM(B1:B1)")
    with pikepdf.open(io.BytesIO(rebuild(VALID[Kind.PDF]).data)) as made:
        assert [b"Page 1" in made.pages[0].Contents.read_bytes(), b"Page 2" in made.pages[1].Contents.read_bytes()] == [True, True]
        assert len(made.pages[0].get_images()) == 1
    assert rebuild(VALID[Kind.TEXT]).data == VALID[Kind.TEXT]
    assert rebuild(VALID[Kind.CSV], as_table=True).data == VALID[Kind.CSV]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Fault.EMPTY),
        (b" \r\n", Fault.EMPTY),
        (b"MZ\x90\x00\x03\x00\x00\x00program", Fault.NOT_ALLOWED),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", Fault.NOT_ALLOWED),
        (b"\x00\x01", Fault.NOT_ALLOWED),
        (b"a\x1b[31mb", Fault.NOT_ALLOWED),
        (b"\x7fELF\x02\x01\x01", Fault.NOT_ALLOWED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Fault.OLD_OFFICE),
        ("Şəki".encode("cp1251", "replace") + "Москва".encode("cp1251"), Fault.NOT_UTF8),
        ("Şəki".encode("utf-16"), Fault.NOT_UTF8),
        (b"%PDF-1.7\nno more", Fault.DAMAGED),
        (photo()[:300], Fault.DAMAGED),
        (photo("PNG")[:120], Fault.DAMAGED),
        (word()[:-200], Fault.DAMAGED),
        (rezip(word(), {})[:40], Fault.DAMAGED),
    ],
    ids=[
        "empty", "blank", "program", "gif", "binary", "escape", "elf", "old-office", "cp1251", "utf-16", "half-pdf", "half-jpeg", "half-png", "half-word", "head-of-word",
    ],
)  # fmt: skip
def test_what_is_not_one_of_the_kinds_or_not_whole_is_refused(data, why):
    assert fault(data) is why


def test_another_archive_is_no_office_file():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.html", "<script>")
    assert fault(out.getvalue()) is Fault.NOT_ALLOWED


# ---- pictures ----


def test_a_photo_loses_its_place_and_stands_upright():
    clean = rebuild(photo())
    with Image.open(io.BytesIO(clean.data)) as image:
        assert (image.size, dict(image.getexif())) == ((40, 60), {})
        top, bottom = image.getpixel((20, 5)), image.getpixel((20, 55))
    assert top[0] > 150 > top[2]
    assert bottom[2] > 150 > bottom[0]
    assert b"Exif" not in clean.data


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_profiles_comments_and_text_chunks_do_not_survive(format_):
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "<?php system($_GET[0]); ?>")
    options = {"comment": SECRET} if format_ == "JPEG" else {"pnginfo": info}
    dirty = photo(format_, icc_profile=b"profile" + SECRET, xmp=b"<x>" + SECRET, **options)
    assert SECRET in dirty or b"<?php" in dirty
    clean = rebuild(dirty).data
    assert all(word not in clean for word in (SECRET, b"<?php", b"profile", b"iCCP", b"tEXt"))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded():
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    flood = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack("!IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0))
    assert fault(flood + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")) is Fault.BOMB
    head = photo(place=False)
    place = head.index(b"\xff\xc0") + 5
    assert fault(head[:place] + struct.pack("!HH", 60_000, 60_000) + head[place + 4 :]) is Fault.BOMB


def test_a_jpeg_of_endless_passes_is_refused():
    slow = photo(progressive=True, place=False)
    scan_ = slow[slow.rindex(b"\xff\xda") : -2]
    assert rebuild(slow).kind is Kind.JPEG
    assert fault(slow[:-2] + scan_ * 40 + b"\xff\xd9") is Fault.BOMB


# ---- two files in one ----


def test_nothing_behind_or_before_a_file_survives():
    archive, page = word(), b"<html><script>alert(1)</script>" + SECRET
    for kind in (Kind.JPEG, Kind.PNG):
        for tail in (archive, page):
            clean = rebuild(VALID[kind] + tail)
            assert clean.kind is kind
            assert b"PK\x03\x04" not in clean.data
            assert SECRET not in clean.data
    # what stands before a picture or an archive makes it another thing; what stands behind a PDF makes it a damaged one
    assert all(fault(page + whole) in (Fault.NOT_UTF8, Fault.NOT_ALLOWED) for whole in (VALID[Kind.JPEG], archive))
    for tail in (archive, page * 60):
        try:
            clean = rebuild(VALID[Kind.PDF] + tail)
        except Unsafe as unsafe:
            assert unsafe.fault is Fault.DAMAGED
        else:
            assert b"PK\x03\x04" not in clean.data
            assert SECRET not in clean.data


def test_an_archive_inside_a_pdfs_streams_does_not_survive():
    def hide(made: pikepdf.Pdf) -> None:
        made.pages[0].Contents = made.make_stream(b"")
        made.pages[0].Contents.write(zlib.compress(b"BT ET") + b"PK\x03\x04" + SECRET, filter=pikepdf.Name.FlateDecode)

    dirty = pdf(change=hide)
    assert SECRET in dirty
    assert SECRET not in rebuild(dirty).data


def test_an_office_file_loses_what_stands_around_its_members():
    dirty = word()
    with zipfile.ZipFile(tail := io.BytesIO(dirty), "a") as archive:
        archive.comment = SECRET
    clean = rebuild(tail.getvalue()).data
    assert SECRET not in clean
    with zipfile.ZipFile(io.BytesIO(clean)) as archive:
        assert (archive.comment, {info.date_time for info in archive.infolist()}) == (b"", {(1980, 1, 1, 0, 0, 0)})
    assert SECRET not in rebuild(rezip(dirty, {"word/hidden.html": b"<script>" + SECRET})).data


# ---- PDF ----


def _page_action(made):
    made.pages[0].obj.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))


def _open_action(made):
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["a", made.Root.OpenAction]))


def _attachment(made):
    made.attachments["virus.exe"] = pikepdf.AttachedFileSpec(made, b"MZ" + SECRET, filename="virus.exe")


def _annotation(**keys):
    def change(made):
        keys.setdefault("Subtype", pikepdf.Name.Link)
        made.pages[0].obj.Annots = pikepdf.Array(
            [made.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[0, 0, 9, 9], **keys))]
        )
        if keys["Subtype"] == pikepdf.Name.Widget:
            made.Root.AcroForm = pikepdf.Dictionary(Fields=list(made.pages[0].obj.Annots))

    return change


def _xfa(made):
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=made.make_stream(b"<xdp>" + SECRET))


def _piece_info(made):
    drawing = made.make_stream(b"0 0 m", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 1, 1])
    drawing.Metadata = made.make_stream(b"<x>" + SECRET, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    drawing.PieceInfo = pikepdf.Dictionary(Maker=pikepdf.Dictionary(Private=pikepdf.String(SECRET.decode())))
    made.pages[0].Resources.XObject = pikepdf.Dictionary(
        X=drawing, Y=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"), Metadata=made.make_stream(b"0 0 m", Subtype=pikepdf.Name.Form)
    )


def _action(name, **keys):
    return _annotation(A=pikepdf.Dictionary(S=pikepdf.Name(name), **keys))


@pytest.mark.parametrize(
    "change",
    [
        _page_action,
        _open_action,
        _attachment,
        _xfa,
        _piece_info,
        _action("/Launch", F="cmd.exe"),
        _action("/SubmitForm", F="https://x.example"),
        _action("/GoToR", F="other.pdf"),
        _action("/URI", URI="file://share/x"),
        _action("/URI", URI="javascript:alert(1)"),
        _annotation(Subtype=pikepdf.Name.RichMedia),
        _annotation(Subtype=pikepdf.Name.FileAttachment),
    ],
)
def test_a_pdf_loses_what_acts_embeds_or_tells_of_its_maker(change):
    clean = rebuild(pdf(photo(), change)).data
    with pikepdf.open(io.BytesIO(clean)) as made:
        assert set(made.Root.keys()) == {"/Type", "/Pages"}
        assert "/Annots" not in made.pages[0]
        written = b"".join(item.unparse(resolved=True) for item in made.objects if not isinstance(item, pikepdf.Stream))
        streams = [item for item in made.objects if isinstance(item, pikepdf.Stream)]
        written += b"".join(item.stream_dict.unparse() if hasattr(item, "stream_dict") else b"" for item in streams)
        read = b"".join(item.read_raw_bytes() for item in streams) + written
        if change is _piece_info:
            assert "/Metadata" in made.pages[0].Resources.XObject, "a drawing may have any name"
    for word_ in (
        b"JavaScript",
        b"/JS",
        b"/AA",
        b"Launch",
        b"SubmitForm",
        b"GoToR",
        b"EmbeddedFile",
        b"XFA",
        b"PieceInfo",
        b"RichMedia",
        b"javascript:",
        b"file:",
        SECRET,
        b"Exif",
    ):
        assert word_ not in read, word_


def test_a_web_link_stays_and_what_was_filled_in_becomes_part_of_the_page():
    link = pdf(change=_action("/URI", URI="https://mia.example/xeber"))
    with pikepdf.open(io.BytesIO(rebuild(link).data)) as made:
        assert str(made.pages[0].Annots[0].A.URI) == "https://mia.example/xeber"

    def filled(made):
        look = made.make_stream(b"BT (Twelve) Tj ET", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="n", V="Twelve", Rect=[0, 0, 9, 9], F=4
        )
        field.AP = pikepdf.Dictionary(N=look)
        made.pages[0].obj.Annots = pikepdf.Array([made.make_indirect(field)])
        made.Root.AcroForm = pikepdf.Dictionary(Fields=list(made.pages[0].obj.Annots), NeedAppearances=True)

    with pikepdf.open(io.BytesIO(rebuild(pdf(change=filled)).data)) as made:
        assert any(b"Twelve" in item.read_bytes() for item in made.objects if isinstance(item, pikepdf.Stream))
        assert "/Annots" not in made.pages[0]


def test_a_form_whose_answers_would_be_lost_is_refused():
    value = _annotation(Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="n", V="Twelve")
    empty = _annotation(Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="n", V="")
    assert fault(pdf(change=value)) is Fault.FORM
    assert rebuild(pdf(change=empty)).kind is Kind.PDF


@pytest.mark.parametrize("password", ["", "parol"])
def test_a_locked_pdf_is_refused_even_if_it_opens_without_a_password(password):
    def lock(made):
        return None

    lock.lock = pikepdf.Encryption(owner="owner", user=password)
    assert fault(pdf(change=lock)) is Fault.ENCRYPTED


def test_a_pdf_that_inflates_beyond_bounds_is_refused():
    def bomb(made):
        packer = zlib.compressobj(9)
        packed = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(80)) + packer.flush()
        made.pages[0].Contents.write(packed, filter=pikepdf.Name.FlateDecode)

    def flood(made):
        image = made.make_stream(
            b"\x00", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=90_000, Height=90_000, BitsPerComponent=8
        )
        made.pages[0].Resources.XObject = pikepdf.Dictionary(I=image)

    assert fault(pdf(change=bomb)) is Fault.BOMB
    assert fault(pdf(change=flood)) is Fault.BOMB


def test_a_pdf_whose_content_lies_in_another_file_is_refused():
    def outside(made):
        made.pages[0].Contents["/F"] = pikepdf.String("//share/x")

    assert fault(pdf(change=outside)) is Fault.ACTIVE


def test_a_photo_inside_a_document_loses_its_place_too():
    for kind in (Kind.PDF, Kind.DOCX):
        assert SECRET in VALID[kind] or any(SECRET in part for name, part in unzip(VALID[kind]).items() if "media" in name)
        clean = rebuild(VALID[kind]).data
        assert SECRET not in clean
        assert kind is Kind.PDF or all(b"Exif" not in part for part in unzip(clean).values())
    with pikepdf.open(io.BytesIO(rebuild(VALID[Kind.PDF]).data)) as made:
        raw = made.pages[0].Resources.XObject["/Im"].read_raw_bytes()
    with Image.open(io.BytesIO(raw)) as image, Image.open(io.BytesIO(photo())) as before:
        assert image.tobytes() == before.tobytes(), "the pixels of a scan are not coded anew"


# ---- office files ----


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (related(word(), WORD_RELS, "vbaProject", "vbaProject.bin"), Fault.ACTIVE),
        (related(word(), WORD_RELS, "oleObject", "embeddings/oleObject1.bin"), Fault.ACTIVE),
        (related(word(), WORD_RELS, "oleObject", "file:///x", external=True), Fault.ACTIVE),
        (related(word(), WORD_RELS, "image", "https://x.example/beacon.png", external=True), Fault.ACTIVE),
        (related(word(), WORD_RELS, "aFChunk", "chunk.html"), Fault.ACTIVE),
        (related(sheet(), "xl/_rels/workbook.xml.rels", "externalLink", "externalLinks/externalLink1.xml"), Fault.ACTIVE),
        (rezip(word(), {"word/embeddings/x.docx": word()}), Fault.ACTIVE),
        (rezip(word(), {"word/document.xml": (b"<w:body>", b"<w:body><w:p><w:fldSimple w:instr=' DDEAUTO c:\\x'/></w:p>")}), Fault.ACTIVE),
        (
            rezip(
                word(),
                {
                    "word/document.xml": (
                        b"<w:body>",
                        b"<w:body><w:p><w:r><w:instrText> DDE</w:instrText></w:r><w:r><w:instrText>AUTO c</w:instrText></w:r></w:p>",
                    )
                },
            ),
            Fault.ACTIVE,
        ),
        (
            rezip(
                word(), {"word/document.xml": (b"<w:body>", b"<w:body><w:p><w:fldSimple w:instr=' HYPERLINK \"file://share/x\" '/></w:p>")}
            ),
            Fault.ACTIVE,
        ),
        (
            rezip(word(), {"word/document.xml": (b"<w:body>", b"<w:body><v:imagedata xmlns:v='v' src='http://x.example/a.png'/>")}),
            Fault.ACTIVE,
        ),
        (rezip(word(), {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'}), Fault.ACTIVE),
        (rezip(word(), {"word/document.xml": b"<a>"}), Fault.DAMAGED),
        (rezip(word(), {"../../etc/passwd": b"x"}), Fault.DAMAGED),
        (rezip(word(), {"/etc/passwd": b"x"}), Fault.DAMAGED),
        (rezip(word(), {"WORD/document.xml": b"<a/>"}), Fault.DAMAGED),
        (rezip(word(), {"[Content_Types].xml": (b"wordprocessingml.document.main", b"wordprocessingml.template.main")}), Fault.NOT_ALLOWED),
        (
            rezip(
                word(),
                {
                    "[Content_Types].xml": (
                        b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                        b"vnd.ms-word.document.macroEnabled.main",
                    )
                },
            ),
            Fault.ACTIVE,
        ),
        (rezip(word(photo("PNG")), {"word/media/image1.png": b"\x01\x00\x00\x00 EMF" + bytes(90)}), Fault.PICTURE),
        (rezip(word(photo("PNG")), {"word/media/image1.png": b"<svg onload='x'/>"}), Fault.PICTURE),
        (rezip(word(), {"word/x.txt": EICAR}), Fault.INFECTED),
    ],
)
def test_an_office_file_that_acts_reaches_out_or_hides_is_refused(data, why):
    assert fault(data) is why


def test_a_locked_member_is_refused():
    data = bytearray(word())
    at = data.rindex(b"PK\x01\x02") + 8
    data[at] |= 1
    assert fault(bytes(data)) is Fault.ENCRYPTED


def test_a_template_path_a_share_and_custom_data_are_left_out_and_web_links_stay():
    settings_ = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://x/attachedTemplate" Target="file:///C:/Users/Elvin/x.dotm" TargetMode="External"/></Relationships>'
    dirty = rezip(word(), {"word/_rels/settings.xml.rels": settings_, "customXml/item1.xml": b"<a>" + SECRET + b"</a>"})
    dirty = rezip(dirty, {"word/settings.xml": (b"<w:zoom", b'<w:attachedTemplate r:id="rId1"/><w:zoom')})
    dirty = related(dirty, WORD_RELS, "customXml", "../customXml/item1.xml")
    clean = unzip(rebuild(dirty).data)
    assert all(word_ not in b"".join(clean.values()) for word_ in (b"Elvin", b"attachedTemplate", SECRET))
    assert not any(name.startswith(("docProps", "customXml")) for name in clean)
    share = unzip(rebuild(related(word(), WORD_RELS, "hyperlink", "file://share/x", external=True)).data)
    web = unzip(rebuild(related(word(), WORD_RELS, "hyperlink", "https://mia.example/", external=True)).data)
    assert b"share" not in share[WORD_RELS]
    assert b'Target="https://mia.example/"' in web[WORD_RELS]


def test_a_part_that_is_not_known_is_left_out_unless_the_text_refers_to_it():
    odd = related(word(), WORD_RELS, "intelligence", "odd.xml")
    assert b"rId99" not in unzip(rebuild(odd).data)[WORD_RELS]
    used = rezip(odd, {"word/document.xml": (b"<w:body>", b'<w:body><w:p r:id="rId99"/>')})
    assert fault(used) is Fault.ACTIVE


def test_the_printers_name_and_the_workbook_behind_a_chart_are_left_out():
    rels = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId7" Type="http://x/%s" Target="%s"/></Relationships>'
    data = rezip(sheet(), {"xl/worksheets/_rels/sheet1.xml.rels": rels % (b"printerSettings", b"../p.bin"), "xl/p.bin": SECRET})
    data = rezip(
        data, {"xl/worksheets/sheet1.xml": (b"</worksheet>", b'<pageSetup xmlns:r="r" orientation="portrait" r:id="rId7"/></worksheet>')}
    )
    clean = unzip(rebuild(data).data)
    assert b'orientation="portrait"' in clean["xl/worksheets/sheet1.xml"]
    assert b"rId7" not in clean["xl/worksheets/sheet1.xml"]
    assert "xl/p.bin" not in clean
    chart = b'<c:chartSpace xmlns:c="c" xmlns:r="r"><c:chart/><c:externalData r:id="rId7"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    data = related(word(), WORD_RELS, "chart", "charts/chart1.xml")
    override = b'<Override PartName="/word/charts/chart1.xml" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/></Types>'
    data = rezip(
        data,
        {
            "word/charts/chart1.xml": chart,
            "word/charts/_rels/chart1.xml.rels": rels % (b"package", b"../embeddings/b.xlsx"),
            "word/embeddings/b.xlsx": sheet(),
            "[Content_Types].xml": (b"</Types>", override),
        },
    )
    clean = unzip(rebuild(data).data)
    assert b"externalData" not in clean["word/charts/chart1.xml"]
    assert not any("embeddings" in name for name in clean)


# ---- bombs ----


def test_a_zip_bomb_is_refused_while_it_inflates(monkeypatch):
    bomb = rezip(word(), {"word/document.xml": b"<a>" + b" " * 40_000_000 + b"</a>"})
    assert len(bomb) < 100_000
    assert fault(bomb) is Fault.BOMB
    small = rezip(word(), {f"word/{n}.xml": b"<a/>" for n in range(5000)})
    assert fault(small) is Fault.BOMB
    monkeypatch.setattr(zips, "MAX_INFLATED", 20_000)
    assert fault(word()) is Fault.BOMB


def test_a_member_that_lies_about_its_size_is_refused():
    bomb = rezip(word(), {"word/document.xml": b"<a>" + b" " * 40_000_000 + b"</a>"})
    lying = bomb.replace(struct.pack("<I", 40_000_007), struct.pack("<I", 500))
    assert lying != bomb
    assert fault(lying) in (Fault.BOMB, Fault.DAMAGED)


def test_many_members_over_the_same_bytes_are_bounded_too():
    member = zlib.compressobj(9, wbits=-15)
    packed = member.compress(bytes(1_000_000)) + member.flush()
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, zlib.crc32(bytes(1_000_000)), len(packed), 1_000_000, 1, 0) + b"a"
    entry = [
        struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            33,
            zlib.crc32(bytes(1_000_000)),
            len(packed),
            1_000_000,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + b"a"
        for _ in range(3000)
    ]
    directory = b"".join(entry)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 3000, 3000, len(directory), len(local + packed), 0)
    assert fault(local + packed + directory + end) in (Fault.BOMB, Fault.DAMAGED)


def test_a_child_that_runs_out_of_memory_or_time_harms_nobody(monkeypatch):
    from qalxan.foundation.files import bounded

    assert rebuild_bounded(VALID[Kind.PDF]).kind is Kind.PDF
    monkeypatch.setattr(bounded, "MEMORY", 60 * 1024 * 1024)
    with pytest.raises(Unsafe) as caught:
        rebuild_bounded(photo(size=(6000, 6000), place=False))
    assert caught.value.fault is Fault.BOMB
    monkeypatch.setattr(bounded, "MEMORY", 1024 * 1024 * 1024)
    monkeypatch.setattr(bounded, "WALL_SECONDS", 0.01)
    with pytest.raises(Unsafe) as caught:
        rebuild_bounded(VALID[Kind.PDF])
    assert caught.value.fault is Fault.BOMB


def test_where_two_files_are_being_checked_a_third_waits_and_is_sent_away_in_time(monkeypatch):
    from qalxan.foundation.files import bounded

    monkeypatch.setattr(bounded, "WALL_SECONDS", 0.05)
    with bounded._AT_ONCE, bounded._AT_ONCE, pytest.raises(Unsafe) as caught:
        rebuild_bounded(b"abc")
    assert caught.value.fault is Fault.BUSY
    monkeypatch.undo()
    assert rebuild_bounded(b"abc").kind is Kind.TEXT


# ---- text ----


def test_csv_is_told_from_text_by_name_only_where_the_content_is_a_table():
    table = VALID[Kind.CSV]
    assert rebuild(table, as_table=False).kind is Kind.TEXT
    assert rebuild(b"one; two\nthree\n", as_table=True).kind is Kind.TEXT


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1+cmd|'x'!A0", "-2+3", "@SUM(A1)", " =1+1", "|x", "%x"])
def test_a_cell_that_a_spreadsheet_would_run_becomes_text(cell):
    data = f'ad,dəyər\nBakı,"{cell}"\nŞəki,-12.5\n'.encode()
    rows = list(csv.reader(io.StringIO(rebuild(data, as_table=True).data.decode())))
    assert rows == [["ad", "dəyər"], ["Bakı", f"'{cell}"], ["Şəki", "-12.5"]]


# ---- names ----


@pytest.mark.parametrize(
    ("name", "kind", "cleaned"),
    [
        ("Hesabat İyul – Şəki, Ağdam.PDF", Kind.PDF, "Hesabat İyul – Şəki, Ağdam.pdf"),
        ("../../etc/passwd", Kind.TEXT, "passwd.txt"),
        ("C:\\Users\\Elvin\\şəkil.jpeg", Kind.JPEG, "şəkil.jpg"),
        ("report.pdf.exe", Kind.PDF, "report.pdf"),
        ("exe\u202efdp.scr", Kind.PDF, "exefdp.pdf"),
        ("a\x00b\r\nc\u200b.png", Kind.PNG, "ab c.png"),
        ("I\u0307smayıllı.docx", Kind.DOCX, "İsmayıllı.docx"),
        ('a<b>:"c|d?*.csv', Kind.CSV, "a-b---c-d--.csv"),
        ("CON.pdf", Kind.PDF, "_CON.pdf"),
        ("plan v1.2", Kind.PDF, "plan v1.2.pdf"),
        ("...", Kind.PDF, "sənəd.pdf"),
        ("", Kind.PDF, "sənəd.pdf"),
        ("ə" * 500 + ".pdf", Kind.XLSX, "ə" * (MAX_NAME - 5) + ".xlsx"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_what_misleads(name, kind, cleaned):
    assert clean_name(name, kind) == cleaned


@given(st.text(max_size=300), st.sampled_from(Kind))
def test_every_name_becomes_a_short_name_of_its_kind_and_stays_as_it_is(name, kind):
    cleaned = clean_name(name, kind)
    assert len(cleaned) <= MAX_NAME
    assert cleaned.endswith(f".{kind.value}")
    assert not set(cleaned) & set('/\\<>:"|?*\x00\n\u202e')
    assert clean_name(cleaned, kind) == cleaned


# ---- the scanner ----


class FakeScanner:
    """A clamd on a unix socket that says what it is told to, after it has read the whole stream."""

    def __init__(self, path: str, answer: bytes | None, *, early: bool = False) -> None:
        self.path, self.answer, self.early, self.received = path, answer, early, b""
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(1)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "FakeScanner":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()
        self.listener.close()

    def _serve(self) -> None:
        peer, _ = self.listener.accept()
        with peer, peer.makefile("rb") as stream:
            if self.early:
                return
            assert stream.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!L", stream.read(4))[0]:
                self.received += stream.read(size)
            if self.answer is None:
                self.over.wait(20)
            else:
                peer.sendall(self.answer)


@pytest.fixture
def address(tmp_path):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:  # paths of unix sockets must stay short
        yield f"{folder}/clamd"


def test_the_scanner_gets_the_bytes_as_they_were_sent_and_its_ok_counts(address):
    data = bytes(range(256)) * 4000
    with FakeScanner(address, b"stream: OK\0") as scanner:
        scan(data, address)
    assert scanner.received == data


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Fault.INFECTED),
        (b"INSTREAM size limit exceeded. ERROR\0", Fault.SCANNER_DOWN),
        (b"stream: OK", Fault.SCANNER_DOWN),
        (b"stream: OK\0stream: x FOUND\0", Fault.SCANNER_DOWN),
        (b"OK\0", Fault.SCANNER_DOWN),
        (b"\xff\xfe garbage\0", Fault.SCANNER_DOWN),
        (b"x" * 20_000, Fault.SCANNER_DOWN),
        (b"", Fault.SCANNER_DOWN),
        (None, Fault.SCANNER_DOWN),
    ],
)
def test_only_a_plain_ok_means_clean(address, answer, why):
    with FakeScanner(address, answer), pytest.raises(Unsafe) as caught:
        scan(b"abc", address, timeout=0.3)
    assert caught.value.fault is why


def test_a_scanner_that_is_absent_or_hangs_up_or_is_misnamed_refuses(address):
    for where in (address, "127.0.0.1:1", "nonsense", "127.0.0.1:x"):
        with pytest.raises(Unsafe) as caught:
            scan(b"abc", where, timeout=0.5)
        assert caught.value.fault is Fault.SCANNER_DOWN
    with FakeScanner(address, b"", early=True), pytest.raises(Unsafe) as caught:
        scan(bytes(5_000_000), address, timeout=0.5)
    assert caught.value.fault is Fault.SCANNER_DOWN


def test_a_scanner_that_drips_its_answer_is_left(address, monkeypatch):
    def drip(self):
        peer, _ = self.listener.accept()
        with peer:
            try:
                while not self.over.wait(0.05):
                    peer.sendall(b"s")
            except OSError:
                return

    monkeypatch.setattr(FakeScanner, "_serve", drip)
    with FakeScanner(address, b""), pytest.raises(Unsafe) as caught:
        scan(b"abc", address, timeout=0.4)
    assert caught.value.fault is Fault.SCANNER_DOWN


# ---- storing ----


@pytest.fixture
def unscanned(settings):
    settings.CLAMD_SOCKET = ""
    return settings


@pytest.mark.django_db
def test_a_file_is_stored_as_rebuilt_and_read_back(unscanned, act_as):
    actor = act_as("koordinator")
    stored = store(actor=actor, now=NOW, name="../foto\u202e.exe", data=VALID[Kind.JPEG])
    got = content(stored.id)
    assert (got.name, got.media_type) == ("foto.jpg", "image/jpeg")
    assert SECRET not in got.data
    assert (stored.size, stored.sha256) == (len(got.data), hashlib.sha256(got.data).hexdigest())
    assert (stored.stored_at, stored.stored_by_id) == (NOW, actor.user_id)


@pytest.mark.django_db
def test_many_files_are_described_in_one_query_without_their_bytes(unscanned, django_assert_num_queries):
    ids = [store(actor=SYSTEM, now=NOW, name="a.txt", data=b"abc").id for _ in range(2)]
    with django_assert_num_queries(1) as queries:
        found = described([*ids, uuid.uuid4()])
    assert {(d.name, d.size) for d in found.values()} == {("a.txt", 3)}
    assert set(found) == set(ids)
    assert "storedcontent" not in queries.captured_queries[0]["sql"]
    with pytest.raises(Absent):
        content(uuid.uuid4())


@pytest.mark.django_db
@pytest.mark.parametrize("table", [StoredFile, StoredContent])
def test_the_site_can_neither_change_nor_delete_a_stored_file(unscanned, table):
    stored = store(actor=SYSTEM, now=NOW, name="a.txt", data=b"abc")
    column = table._meta.pk.column
    for statement in (
        f"UPDATE {table._meta.db_table} SET {column} = {column}",
        f"DELETE FROM {table._meta.db_table}",
        f"TRUNCATE {table._meta.db_table} CASCADE",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert content(stored.id).data == b"abc"


def refused(name: str, data: bytes) -> FileRefused:
    with pytest.raises(RuleBroken) as caught:
        store(actor=SYSTEM, now=NOW, name=name, data=data)
    assert isinstance(caught.value, FileRefused)
    assert len(str(caught.value)) > 30, "a refusal is a sentence"
    assert not StoredFile.objects.exists()
    return caught.value


@pytest.mark.django_db
def test_the_scanners_test_file_is_refused_where_no_scanner_runs(unscanned):
    refusal = refused("eicar.txt", EICAR)
    assert (refusal.fault, "Eicar" in str(refusal)) == (Fault.INFECTED, True)
    assert refused("foto.jpg", VALID[Kind.JPEG] + EICAR).fault is Fault.INFECTED


@pytest.mark.django_db
def test_with_the_scanner_down_every_file_is_refused_and_with_it_up_the_same_file_is_taken(settings, address):
    settings.CLAMD_SOCKET = address
    for kind in Kind:
        assert refused(f"a.{kind}", VALID[kind]).fault is Fault.SCANNER_DOWN
    with FakeScanner(f"{address}2", b"stream: OK\0") as scanner:
        settings.CLAMD_SOCKET = scanner.path
        assert store(actor=SYSTEM, now=NOW, name="a.jpg", data=VALID[Kind.JPEG]).kind == "jpg"
    assert scanner.received == VALID[Kind.JPEG], "the scanner sees what was sent, not what was rebuilt"


@pytest.mark.django_db
def test_a_file_over_25_mb_is_refused_and_one_of_25_mb_is_taken(unscanned):
    line = b"a line of text\n"
    full = (line * (MAX_BYTES // len(line) + 1))[:MAX_BYTES]
    assert refused("a.txt", full + b"x").fault is Fault.TOO_LARGE
    assert store(actor=SYSTEM, now=NOW, name="a.txt", data=full).size == MAX_BYTES


@pytest.mark.django_db
@pytest.mark.parametrize("fault_", Fault)
def test_every_refusal_has_its_sentence(fault_):
    from qalxan.foundation.files.operations import _sentence

    assert all(len(_sentence(Unsafe(fault_, what))) > 30 for what in ("", "oleObject"))


# ---- handing out ----


def test_a_download_is_saved_and_not_shown():
    response = attachment("Hesabat Şəki.pdf", "application/pdf", b"%PDF")
    assert response["Content-Disposition"] == "attachment; filename=\"Hesabat __ki.pdf\"; filename*=UTF-8''Hesabat%20%C5%9E%C9%99ki.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (response["Content-Type"], response.content) == ("application/pdf", b"%PDF")
    assert '"a__.txt"' in attachment('a"\n.txt', "text/plain", b"")["Content-Disposition"]


def test_a_downloads_own_policy_is_not_replaced_by_the_sites(client):
    from csp.middleware import CSPMiddleware
    from django.test import RequestFactory

    served = CSPMiddleware(lambda request: attachment("a.txt", "text/plain", b"x"))(RequestFactory().get("/x"))
    assert served["Content-Security-Policy"] == "default-src 'none'; sandbox"


# ---- hostile bytes ----

HEADS = [b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\xef\xbb\xbf"]
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _holds(data: bytes, as_table: bool) -> None:
    try:
        clean = rebuild(data, as_table=as_table)
    except Unsafe:
        return
    assert rebuild(clean.data, as_table=clean.kind is Kind.CSV).kind is clean.kind


@given(st.sampled_from(HEADS), st.binary(max_size=600), st.booleans())
@FUZZ
def test_random_bytes_are_refused_or_become_a_file_that_is_taken_again(head, tail, as_table):
    _holds(head + tail, as_table)


@pytest.mark.parametrize("kind", Kind)
@given(data=st.data())
@FUZZ
def test_a_damaged_file_is_refused_or_becomes_one_that_is_taken_again(kind, data):
    damaged = bytearray(VALID[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        how = data.draw(st.sampled_from(["byte", "cut", "insert", "copy"]))
        piece = data.draw(st.binary(min_size=1, max_size=8))
        if how == "byte":
            damaged[place : place + len(piece)] = piece
        elif how == "cut":
            del damaged[place : place + data.draw(st.integers(1, 400))]
        elif how == "insert":
            damaged[place:place] = piece
        else:
            damaged[place:place] = damaged[place : place + 300]
        if not damaged:
            break
    _holds(bytes(damaged), kind is Kind.CSV)


@given(
    st.dictionaries(
        st.sampled_from(["word/document.xml", WORD_RELS, "[Content_Types].xml", "word/settings.xml", "_rels/.rels"]),
        st.binary(max_size=200) | st.text(max_size=200).map(str.encode),
        min_size=1,
    )
)
@example(
    {WORD_RELS: b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship/></Relationships>'}
)
@FUZZ
def test_an_office_file_with_odd_parts_is_refused_or_becomes_one_that_is_taken_again(parts):
    _holds(rezip(VALID[Kind.DOCX], parts), False)


@given(st.text(max_size=300), st.booleans())
@FUZZ
def test_any_text_is_refused_or_taken(text, as_table):
    _holds(text.encode("utf-8", "surrogatepass"), as_table)
