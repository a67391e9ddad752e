"""Acts nobody has seen: numbering, columns, damage. Every text here is invented."""

import io

import pytest

from qalxan.kernel.acts.source import from_bytes
from qalxan.kernel.acts.squeeze import Text
from qalxan.kernel.acts.terms import find_terms, read_terms
from qalxan.kernel.errors import BadInput
from tests.acts.made import HEAD, HEADER, REGISTRY, ROWS, bodies, read, table


def test_an_unseen_plan_is_read_whole():
    act = read(HEAD + table())
    assert act["act"]["number"] == "77"
    assert (act["act"]["kind"], act["act"]["date"], act["act"]["in_force_from"], act["act"]["adopted_by"]) == (
        "order",
        "2031-03-03",
        "2031-03-03",
        "PRES",
    )
    assert [(m["number"], m["section"]) for m in act["measures"]] == [("3.1.1", "3.1"), ("3.1.2", "3.1"), ("3.2.1", "3.2")]
    assert bodies(act["measures"][2]) == [("EN", "executor"), ("IXT_QHT", "involved")]
    assert [m["terms"][0]["kind"] for m in act["measures"]] == ["years", "continuous", "years"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Daxili İşlər Nazirliyi Səhiyyə Nazirliyi", ["DIN", "SN"]),
        ("Daxili İşlər NazirliyiSəhiyyə Nazirliyi", ["DIN", "SN"]),
        ("Da­xili İşlər Nazir liyi, Sə-hiyyə Nazirliyi", ["DIN", "SN"]),
        ("Daxli İşlər Nazirliyi, Səhiyə Nazirliyi", ["DIN", "SN"]),
        ("<i>Daxili İşlər</i> Nazirliyi ¹¹, Səhiyyə Nazirliyi [2]", ["DIN", "SN"]),
        ("DAXİLİ İŞLƏR NAZİRLİYİ, SƏHİYYƏ NAZİRLİYİ", ["DIN", "SN"]),
        ("Ailə, Qadın və Uşaq Problemləri üzrə Dövlət Komitəsi", ["AQUPDK"]),
        ("Əmək və Əhalinin Sosial Müdafiəsi Nazirliyi yanında Dövlət Əmək Müfəttişliyi Xidməti", ["DEMX"]),
        ("Daxili İşlər Nazirliyinin İnsan Alverinə Qarşı Mübarizə Baş İdarəsi", ["BAS"]),
        ("TORŞƏNŞ, MDB-nin PAA", ["TORS", "ENS", "PAA"]),
        ("Daxili İşlər, Ədliyyə və Səhiyyə nazirlikləri", ["DIN", "EN", "SN"]),
        ("Kosmos Nazirliyi, Səhiyyə Nazirliyi", [None, "SN"]),
    ],
)
def test_bodies_are_found_however_they_are_printed(written, expected):
    act = read(HEAD + table(((ROWS[0][0], ROWS[0][1], written, ROWS[0][3]), *ROWS[1:])))
    assert [e["body"] for e in act["measures"][0]["executors"]] == expected


def test_a_name_nobody_registered_is_said_and_not_guessed():
    act = read(HEAD + table((("3.1.1.", "İş", "Kosmos Nazirliyi", "2031"), *ROWS[1:])))
    assert [d["code"] for d in act["diagnostics"] if d["severity"] == "warning"] == ["unknown-body"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2031-2033", [{"kind": "years", "from": 2031, "to": 2033}]),
        ("20312033", [{"kind": "years", "from": 2031, "to": 2033}]),
        ("2031 2033-cü illər", [{"kind": "years", "from": 2031, "to": 2033}]),
        ("2031, 2033", [{"kind": "years", "from": 2031, "to": 2031}, {"kind": "years", "from": 2033, "to": 2033}]),
        ("2031-2032, mütəmadi", [{"kind": "years", "from": 2031, "to": 2032}, {"kind": "continuous"}]),
        ("İyun 2031 Mütəmadi", [{"kind": "month", "from": "2031-06"}, {"kind": "continuous"}]),
        ("2031-ci ilin II rübü", [{"kind": "month", "from": "2031-04", "to": "2031-06"}]),
        ("hər il", [{"kind": "yearly"}]),
        ("hər il fevral ayında", [{"kind": "yearly_month", "month": 2}]),
        ("hesabat ilindən sonrakı ilin fevral ayında", [{"kind": "yearly_month", "month": 2, "following": True}]),
        ("qəbul olunduğu vaxtdan 3 ay ərzində", [{"kind": "within", "months": 3}]),
        ("bir il müddətində", [{"kind": "within", "months": 12}]),
        ("mütemadi", [{"kind": "continuous"}]),
        ("", [{"kind": "unset"}]),
        ("—", [{"kind": "unset"}]),
    ],
)
def test_terms_are_read_in_every_form(written, expected):
    terms = read_terms(Text(written, range(len(written)))).terms
    assert [{k: v for k, v in t.items() if k != "as_written"} for t in terms] == expected


def test_a_term_that_is_none_stays_unset_and_is_said():
    act = read(HEAD + table((("3.1.1.", "İş", "Səhiyyə Nazirliyi", "nə vaxtsa"), *ROWS[1:])))
    assert act["measures"][0]["terms"] == [{"kind": "unset", "as_written": "nə vaxtsa"}]
    assert "unread-term" in {d["code"] for d in act["diagnostics"]}
    assert not find_terms("nə vaxtsa")


def test_columns_may_stand_in_any_order_with_results():
    header = "№\tGözlənilən nəticələr\tİcra müddəti\tTədbirin adı\tMəsul orqan\n"
    act = read(
        HEAD
        + header
        + "1.\tBirinci nəticə; ikinci nəticə\t2031\tBir iş\tSəhiyyə Nazirliyi\n2.\tNəticə\tmütəmadi\tİki iş\tNazirlər Kabineti\n"
    )
    assert [m["text"] for m in act["measures"]] == ["Bir iş", "İki iş"]
    assert len(act["measures"][0]["results"]) == 2
    assert bodies(act["measures"][1]) == [("NK", "executor")]


def test_a_lost_header_is_made_good_by_what_stands_in_the_columns():
    act = read(HEAD + table(header=""))
    assert [bodies(m)[0][0] for m in act["measures"]] == ["DIN", "NK", "EN"]
    assert "no-header" in {d["code"] for d in act["diagnostics"]}


def test_a_repeated_number_survives_and_a_jump_is_said():
    act = read(HEAD + table((ROWS[0], (*ROWS[0][:1], "Başqa iş", *ROWS[0][2:]), ("3.1.4.", "İş", "Nazirlər Kabineti", "2031"))))
    assert [(m["number"], m["occurrence"]) for m in act["measures"]] == [("3.1.1", 1), ("3.1.1", 2), ("3.1.4", 1)]
    assert {"repeated-number", "number-gap"} <= {d["code"] for d in act["diagnostics"]}


def test_recommendations_and_amendments_of_any_act_are_read():
    notes = (
        "\nQeyd:\n\n1. Azərbaycan Respublikasının Ali Məhkəməsinə tövsiyə edilsin ki, bu Planın 3.1.1-ci və 3.2.1-ci yarımbəndlərində iştirak etsin.\n\n"
        "[1] 5 may 2032-ci il tarixli 91 nömrəli Sərəncam (“Qəzet”, 9 may 2032-ci il) ilə 3.1.1-ci yarımbəndinin “İcraçı orqanlar” sütununda "
        "“Səhiyyə” sözü “Ədliyyə” sözü ilə əvəz edilmişdir.\n"
    )
    act = read(HEAD + table() + notes)
    assert [(r["body"], r["measures"]) for r in act["recommended"]] == [("AM", ["3.1.1", "3.2.1"])]
    (amendment,) = act["amended_by"]
    assert (amendment["number"], amendment["date"], amendment["in_force_from"]) == ("91", "2032-05-05", "2032-05-09")
    assert amendment["cells"] == [{"measure": "3.1.1", "column": "executors", "old": "Səhiyyə", "new": "Ədliyyə", "change": "replace"}]


def test_an_amending_act_is_read_from_its_own_text():
    text = (
        "AZƏRBAYCAN RESPUBLİKASI PREZİDENTİNİN SƏRƏNCAMI\n\n3 mart 2031-ci il tarixli 77 nömrəli Sərəncamla təsdiq edilmiş Planın 3.1.1-ci yarımbəndinin "
        "“İcraçı orqanlar” sütununda “Səhiyyə” sözü “Ədliyyə” sözü ilə əvəz edilsin.\n\nBakı şəhəri, 5 may 2032-ci il\n№ 91\n"
    )
    act = read(text)
    assert act["measures"] == []
    assert act["amends"][0]["cells"][0]["new"] == "Ədliyyə"


def _html(rows):
    cells = "".join("<tr>" + "".join(f"<td><p>{c}</p></td>" for c in row) + "</tr>" for row in rows)
    head = "<tr><th>Sıra</th><th>Tədbirin adı</th><th>İcraçı orqanlar</th><th>İcra müddəti</th></tr>"
    return f"<html><body>{''.join(f'<p>{p}</p>' for p in HEAD.split(chr(10)) if p)}<table>{head}{cells}</table></body></html>"


def _docx():
    import docx

    document = docx.Document()
    for line in HEAD.split("\n"):
        document.add_paragraph(line)
    grid = document.add_table(rows=0, cols=4)
    for row in (HEADER.strip().split("\t"), *ROWS):
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pdf(rows, *, rules):
    from pathlib import Path

    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    font = next(
        (
            p
            for p in map(Path, ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"))
            if p.exists()
        ),
        None,
    )
    if font is None:
        pytest.skip("no font with Azerbaijani letters on this machine")
    pdfmetrics.registerFont(TTFont("Own", str(font)))
    style = ParagraphStyle("own", fontName="Own", fontSize=9)
    body = [[Paragraph(c, style) for c in row] for row in rows]
    grid = Table(body, colWidths=[50, 190, 190, 80], style=[("GRID", (0, 0), (-1, -1), 0.5, "black")] if rules else [])
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build([*(Paragraph(line, style) for line in HEAD.split("\n") if line), grid])
    return out.getvalue()


def _read_bytes(data, name):
    from qalxan.kernel.acts import read_act

    return read_act(from_bytes(data, name), REGISTRY)


def test_the_same_plan_is_read_from_html_word_and_pdf():
    for act in (
        read(_html(ROWS), "a.html"),
        _read_bytes(_docx(), "a.docx"),
        _read_bytes(_pdf([HEADER.strip().split("\t"), *ROWS], rules=True), "a.pdf"),
    ):
        assert [m["number"] for m in act["measures"]] == ["3.1.1", "3.1.2", "3.2.1"]
        assert [bodies(m)[-1] for m in act["measures"]] == [("SN", "executor"), ("NK", "executor"), ("IXT_QHT", "involved")]
        assert act["act"]["number"] == "77"


def test_spans_in_html_count_in_the_page_as_given():
    page = _html(ROWS)
    for measure in read(page, "a.html")["measures"]:
        for executor in measure["executors"]:
            assert page[slice(*executor["span"])] == executor["as_written"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (bytes(range(256)) * 40, "binary"),
        ("Министерство внутренних дел".encode("cp1251") * 20, "UTF-8"),
        (b"%PDF-1.4 broken", "PDF"),
        (b"PK\x03\x04broken", "damaged"),
        ("Bu sadəcə bir məktubdur.".encode(), "not an act"),
        ((HEAD + table())[:-60].encode(), "breaks off"),
        ("Sıra\tTədbirin adı\tİcraçı orqanlar\tMüddət\n".encode(), "measures"),
        (b"a\n" * 300_000, "lines"),
    ],
)
def test_bad_input_says_what_where_and_what_to_do(data, words):
    with pytest.raises(BadInput) as refusal:
        _read_bytes(data, "file.txt")
    line = str(refusal.value)
    assert words in line
    assert "\n" not in line
    assert "file.txt" in line
    assert refusal.value.remedy


def test_a_scanned_pdf_is_refused():
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out)
    page.rect(10, 10, 200, 200, fill=1)
    page.save()
    with pytest.raises(BadInput, match="no text layer"):
        _read_bytes(out.getvalue(), "scan.pdf")
