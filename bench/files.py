"""The numbers of files: the largest honest uploads and the worst hostile ones, each in its child process: seconds, peak MiB, outcome."""

import io
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from bench.tools import line, times

ROOT = Path(__file__).resolve().parents[1]
MIB = 1024 * 1024


def main() -> None:
    """Measure and print. Each file is made in a process of its own: a child's peak counts from its parent's."""
    from qalxan.foundation.files.bounded import CPU_SECONDS, MEMORY

    print(f"Files as uploads (bounds of a child: {CPU_SECONDS} s of processor, {MEMORY // MIB} MiB of address space)")
    for name in (*honest(), *hostile()):
        with tempfile.NamedTemporaryFile() as file:
            made = [sys.executable, "-c", f"from bench.files import make; make({name!r}, {file.name!r})"]
            subprocess.run(made, cwd=ROOT, check=True)
            seconds, memory, outcome = _child(Path(file.name))
            print(f"  {name:48} {os.path.getsize(file.name) / MIB:6.2f} MiB   {seconds:6.2f} s {memory:5} MiB   {outcome}", flush=True)
    line("  a small photo, start of the child included", times(_small(), 10))


def make(name: str, path: str) -> None:
    """Write the file of that name."""
    Path(path).write_bytes({**honest(), **hostile()}[name]())


def _small() -> Callable[[], object]:
    from qalxan.foundation.files.bounded import rebuild_bounded

    small = picture((40, 30))
    return lambda: rebuild_bounded(small)


def _child(path: Path) -> tuple[float, int, str]:
    """Seconds, peak resident MiB and the outcome of the worker as `rebuild_bounded` starts it."""
    from qalxan.foundation.files.bounded import CPU_SECONDS, MEMORY

    started = time.perf_counter()
    command = [sys.executable, "-m", "qalxan.foundation.files.worker", str(CPU_SECONDS), str(MEMORY), "0"]
    with path.open("rb") as data:
        process = subprocess.Popen(command, cwd=ROOT, stdin=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout
    with process.stdout:
        head, size = process.stdout.readline().decode().strip(), 0
        while piece := process.stdout.read(MIB):
            size += len(piece)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1024 if sys.platform != "darwin" else MIB
    outcome = f"{head} {size / MIB:.1f} MiB out" if head else f"killed ({process.returncode})"
    return time.perf_counter() - started, usage.ru_maxrss // scale, outcome


def picture(size: tuple[int, int], format_: str = "JPEG", noise: int = 60, **options: object) -> bytes:
    """A grainy picture of so many pixels."""
    from PIL import Image

    image = Image.effect_noise(size, noise).convert("RGB")
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def honest() -> dict[str, Callable[[], bytes]]:
    """The largest files an honest person attaches."""
    return {
        "JPEG, 48 megapixels": lambda: picture((8000, 6000), quality=80),
        "JPEG, 48 megapixels, progressive, turned": lambda: picture((8000, 6000), quality=80, progressive=True, exif=_turned()),
        "PNG, 12 megapixels of grain": lambda: picture((4000, 3000), "PNG", noise=20),
        "PDF, 12 scanned pages": lambda: scanned(12),
        "PDF, 2,000 pages of text": lambda: paged(2000),
        "XLSX, 300,000 rows": lambda: workbook(300_000),
        "DOCX, 5 photos of 12 megapixels": lambda: document([picture((4000 + n, 3000), quality=50) for n in range(5)]),
    }


def hostile() -> dict[str, Callable[[], bytes]]:
    """Files made to exhaust whoever opens them."""
    return {
        "zip bomb in a DOCX (1 GiB of spaces)": lambda: bomb({"word/document.xml": 1024}),
        "zip bomb in 100 members of 10 MiB": lambda: bomb({f"word/{n}.xml": 10 for n in range(100)}),
        "zip of 60,000 empty members": crowd,
        "PNG of 60,000 × 60,000 pixels": lambda: flood(60_000),
        "PNG of 7,000 × 7,000 pixels of zeros": lambda: flood(7000),
        "DOCX, 40 pictures of 49 megapixels of zeros": lambda: document([flood(7000 - n) for n in range(40)]),
        "JPEG of 30 passes over 48 megapixels": lambda: passes(30),
        "JPEG of 1,000 passes": lambda: passes(1000),
        "PDF, a stream of 10 GiB packed twice": lambda: packed(2),
        "PDF, a stream of 1 GiB": lambda: packed(1),
        "PDF, 350 streams of 60 MiB": many,
        "PDF, dictionaries nested 100,000 deep": lambda: b"%PDF-1.7\n1 0 obj\n" + b"<</A" * 100_000,
        "PDF of random bytes, 25 MiB": lambda: b"%PDF-1.7\n" + random.Random(1).randbytes(25 * MIB - 9),
        "XML nested a million deep": lambda: bomb({}, {"word/document.xml": b"<a>" * 1_000_000}),
        "text of 25 MiB": lambda: "Görülmüş işlər; 12\n".encode() * (25 * MIB // 28),
    }


def _turned() -> object:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def scanned(pages: int) -> bytes:
    """A PDF of scans at 150 dpi or so, one JPEG a page."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.Pdf.new() as made:
        for number in range(pages):
            size = (1700 + number, 2300)
            page = made.add_blank_page(page_size=(595, 842))
            image = made.make_stream(picture(size, quality=80), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
            image.Width, image.Height, image.BitsPerComponent = *size, 8
            image.ColorSpace, image.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
            page.Contents = made.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
        made.save(out)
    return out.getvalue()


def paged(pages: int) -> bytes:
    """A PDF of text."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for page in range(pages):
        for row in range(50):
            canvas.drawString(50, 800 - 15 * row, f"Page {page}, line {row}: training of border guards was held in Baku.")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def workbook(rows: int) -> bytes:
    """A workbook of so many rows of five cells."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    page = book.add_worksheet()
    for row in range(rows):
        page.write_row(row, 0, [row, f"Bölgə {row % 66}", row * 7 % 1000, "görüldü", f"qeyd {row}"])
    book.close()
    return out.getvalue()


def document(pictures: list[bytes]) -> bytes:
    """A Word document full of pictures."""
    import docx

    made = docx.Document()
    for item in pictures:
        made.add_picture(io.BytesIO(item))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def bomb(sizes: dict[str, int], parts: dict[str, bytes] | None = None) -> bytes:
    """A zip whose members inflate to so many MiB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in sizes.items():
            with archive.open(name, "w", force_zip64=True) as member:
                for _ in range(size):
                    member.write(b" " * MIB)
        types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="%s"/></Types>'
        main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        root = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>'
        for name, part in {"[Content_Types].xml": types % main, "_rels/.rels": root, **(parts or {})}.items():
            archive.writestr(name, part)
    return out.getvalue()


def crowd() -> bytes:
    """A zip of very many empty members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.xml", b"")
    return out.getvalue()


def flood(side: int) -> bytes:
    """A PNG of zeros, `side` × `side` pixels of three bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(bytes(3 * side + 1)) for _ in range(min(side, 7000))) + packer.flush()
    head = chunk(b"IHDR", struct.pack("!IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def passes(count: int) -> bytes:
    """A progressive JPEG whose last pass is repeated."""
    whole = picture((8000, 6000), noise=0, progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * (count - whole.count(b"\xff\xda")) + b"\xff\xd9"


def _zeros(size: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(size)) + packer.flush()


def packed(layers: int) -> bytes:
    """A PDF whose page inflates to 10 GiB through two packings, or to 1 GiB through one."""
    import pikepdf

    content = zlib.compress(_zeros(10 * 1024), 9) if layers == 2 else _zeros(1024)
    return _with_streams([(content, [pikepdf.Name.FlateDecode] * layers)])


def many() -> bytes:
    """A PDF of very many streams that inflate to 60 MiB each."""
    import pikepdf

    content = _zeros(60)
    return _with_streams([(content, [pikepdf.Name.FlateDecode])] * 350)


def _with_streams(streams: list[tuple[bytes, list[object]]]) -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.Pdf.new() as made:
        for content, filters in streams:
            page = made.add_blank_page(page_size=(300, 300))
            page.Contents = made.make_stream(content)
            page.Contents.write(content, filter=pikepdf.Array(filters) if len(filters) > 1 else filters[0])
        made.save(out)
    return out.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
