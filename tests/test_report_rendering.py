"""The report on paper: the same bytes each time, archival and readable aloud; a draft goes to Word and comes back with its facts."""

import dataclasses
import hashlib
import io
import itertools
import os
import re
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from qalxan.kernel import prose
from qalxan.kernel.bare import bare_numbers
from qalxan.kernel.errors import BadInput
from qalxan.webkit.charts import Chart, Series, alt_text, png, svg, table
from qalxan.webkit.report import docx, pdf
from qalxan.webkit.report.document import Document, Section, Table, chart_block, section_of
from qalxan.webkit.report.docx_read import read
from qalxan.webkit.report.fonts import folder
from tests.report_sample import charts, place, sample, text

ROOT = Path(__file__).resolve().parents[1]
DIGEST = """
import hashlib
from tests.report_sample import sample
from qalxan.webkit.report import docx, pdf
made = sample("az")
print(hashlib.sha256(pdf.render(made)).hexdigest(), hashlib.sha256(docx.render(made)).hexdigest())
"""


@pytest.fixture(scope="module")
def papers():
    """PDF and DOCX of the sample in Azerbaijani."""
    made = sample("az")
    return made, pdf.render(made), docx.render(made)


def titles(made):
    return {section.code: docx.full_title(section) for section in made.sections}


# --- sealed PDF


def test_another_process_on_another_day_and_clock_makes_the_same_bytes(papers):
    _, sealed, draft = papers
    out = subprocess.run(
        [sys.executable, "-c", DIGEST], cwd=ROOT, check=True, capture_output=True, text=True,
        env={**os.environ, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"},
    ).stdout.split()  # fmt: skip
    assert out == [hashlib.sha256(sealed).hexdigest(), hashlib.sha256(draft).hexdigest()]


def test_the_pdf_claims_both_standards_and_carries_what_they_ask_for(papers):
    made, sealed, _ = papers
    with pikepdf.open(io.BytesIO(sealed)) as file:
        assert file.check_pdf_syntax() == []
        meta, root = file.open_metadata(), file.Root
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("2", "A", "1")
        assert meta["dc:title"] == made.title
        assert meta["xmp:CreateDate"].startswith("2021-02-15")
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "az"
        assert root.ViewerPreferences.DisplayDocTitle
        assert not file.is_encrypted
        assert root.OutputIntents[0].DestOutputProfile.read_bytes()
        assert not {"/OpenAction", "/AA"} & set(root.keys())
        assert "/JavaScript" not in root.get("/Names", {})
        assert len(file.pages) >= 15
        for item in file.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                assert any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def elements(file):
    """Every structure element, with the element over it."""
    todo = [(file.Root.StructTreeRoot.K, None)]
    while todo:
        node, over = todo.pop()
        if isinstance(node, pikepdf.Array):
            todo.extend((child, over) for child in node)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node, over
            if "/K" in node:
                todo.append((node.K, node))


def test_every_figure_says_its_data_and_every_table_names_its_heads(papers):
    made, sealed, _ = papers
    with pikepdf.open(io.BytesIO(sealed)) as file:
        found = list(elements(file))
        figures = [str(node.Alt) for node, _ in found if node.S == "/Figure"]
        assert all(figures)
        assert {alt_text(chart) for chart in charts("az").values()} <= set(figures)
        heads = [node for node, _ in found if node.S == "/TH"]
        assert len([node for node, _ in found if node.S == "/Table"]) >= 10
        scopes = [attribute.get("/Scope") for head in heads for attribute in (head.A if isinstance(head.A, pikepdf.Array) else [head.A])]
        assert heads
        assert scopes.count("/Column") == len(heads)
        levels = [str(node.S) for node, _ in found if re.fullmatch(r"/H\d", str(node.S))]
        assert levels.count("/H1") >= len(made.sections)
        assert {"/Link", "/Note"} <= {str(node.S) for node, _ in found}


def test_words_reach_the_pdf_as_words_never_as_markup():
    import pdfplumber

    nasty = '#panic("x") *b* $a$ <l> @ref \\ "] // [x] `c` & 1.'
    made = dataclasses.replace(sample("en"), title=nasty, body=nasty, facts=(), changes=(nasty,), sections=(Section("a", "1.", nasty, ()),))
    with pdfplumber.open(io.BytesIO(pdf.render(made))) as file:
        words = re.sub(r"\s", "", "".join(page.extract_text() or "" for page in file.pages))
    assert words.count("#panic") >= 4
    assert re.sub(r"\s", "", nasty) in words


def test_a_letter_no_font_has_is_refused_in_words_not_left_blank():
    made = dataclasses.replace(sample("en"), title="汉字", facts=(), sections=())
    with pytest.raises(BadInput) as refused:
        pdf.render(made)
    assert "PDF" in refused.value.what


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_language_has_its_own_edition(language):
    with pikepdf.open(io.BytesIO(pdf.render(sample(language)))) as file:
        assert str(file.Root.Lang) == language


def test_an_unknown_chart_and_a_doubled_section_are_refused():
    with pytest.raises(BadInput, match="no chart"):
        section_of("a", "1.", "A", "[[chart:none]]", place("az"), charts("az"))
    with pytest.raises(BadInput):
        dataclasses.replace(sample("az"), sections=(Section("a", "", "A"), Section("a", "", "B")))


def test_the_sample_itself_has_no_bare_number():
    for language in ("az", "en", "ru"):
        assert [f.text for f in bare_numbers(text(language, 2), language) if f.kind == "bare"] == []


# --- charts

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=30)
VALUES = st.none() | st.integers(0, 10**14) | st.decimals(0, 10**6, places=1)


@st.composite
def any_chart(draw):
    kind = draw(st.sampled_from(["columns", "stacked", "line", "rows", "parts"]))
    count = draw(st.integers(1, 6 if kind == "parts" else 20))
    rows = 1 if kind == "parts" else draw(st.integers(1, 6))
    series = tuple(
        Series(
            draw(NAMES),
            tuple(draw(VALUES) for _ in range(count)),
            tuple(draw(st.sampled_from(["exact", "about", "more_than"])) for _ in range(count)),
        )
        for _ in range(rows)
    )
    return Chart("c", kind, draw(NAMES), tuple(draw(NAMES) for _ in range(count)), series, draw(st.sampled_from(["az", "en", "ru"])))


@settings(max_examples=60, deadline=None)
@given(any_chart())
def test_any_data_gives_one_well_formed_picture_fit_for_a_strict_page(chart):
    picture = svg(chart)
    assert picture == svg(chart)
    root = etree.fromstring(picture.encode())
    assert not re.search(r"\b(nan|inf)\b", re.sub(r"<(text|title|desc)\b.*?</\1>", "", picture))
    for node in root.iter():
        assert etree.QName(node).localname in {"svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "line", "text"}
        for name, value in node.attrib.items():
            assert not name.startswith("on")
            assert name not in ("style", "href")
            assert "url(" not in value or re.fullmatch(r"url\(#qx-c-\d\)", value)
    head, rows = table(chart)
    assert all(len(row) == len(head) for row in rows)
    assert alt_text(chart)


def bars(picture):
    return len([node for node in etree.fromstring(picture.encode()).iter("{*}rect") if node.get("stroke")])


@pytest.mark.parametrize("kind", ["columns", "rows"])
def test_what_is_not_known_is_a_gap_with_a_dash_and_never_nothing(kind):
    def made(value):
        return Chart("c", kind, "T", ("2019", "2020"), (Series("", (5, value)),), "en")

    unknown, nothing = svg(made(None)), svg(made(0))
    assert (bars(unknown), bars(nothing), bars(svg(made(1)))) == (1, 1, 2)
    assert ">–<" in unknown
    assert "no data" in unknown
    assert ">0<" not in unknown
    assert ">0<" in nothing
    assert "no data" not in nothing
    assert (table(made(None))[1][1][1], table(made(0))[1][1][1]) == ("–", "0")


def test_a_line_is_broken_at_a_gap_and_a_lone_year_is_a_point():
    chart = Chart("c", "line", "T", tuple("abcdefg"), (Series("", (1, 2, None, 3, None, 4, 5)),), "en")
    root = etree.fromstring(svg(chart).encode())
    assert [node.get("d").count("L") for node in root.iter("{*}path")] == [1, 1]
    assert len(list(root.iter("{*}circle"))) == 5


def test_a_doubtful_value_is_drawn_and_written_as_doubtful():
    chart = Chart("c", "columns", "T", ("2019", "2020"), (Series("", (5, 6), ("about", "more_than")),), "az")
    picture = svg(chart)
    assert picture.count("stroke-dasharray") == 2
    assert ">~5<" in picture
    assert "&gt;6<" in picture
    assert alt_text(chart) == "T. 2019 – 5-ə yaxın, 2020 – 6-dan çox."


def test_a_total_is_not_known_while_a_part_is_not_and_shares_are_not_made_up():
    stacked = Chart("c", "stacked", "T", ("2019", "2020"), (Series("a", (5, 1)), Series("b", (None, 2))), "en")
    assert [row[-1] for row in table(stacked)[1]] == ["–", "3"]
    parts = Chart("c", "parts", "T", ("x", "y"), (Series("", (5, None)),), "en")
    assert "%" not in svg(parts)
    assert len(table(parts)[0]) == 2
    whole = Chart("c", "parts", "T", ("x", "y", "z"), (Series("", (1, 1, 1)),), "ru")
    assert [row[2] for row in table(whole)[1]] == ["33,3\u00a0%"] * 3


def test_series_differ_without_colour():
    from PIL import Image

    chart = Chart("c", "rows", "T", ("x",), tuple(Series(name, (1,)) for name in "abcdef"), "en")
    boxes = [node for node in etree.fromstring(svg(chart).encode()).iter("{*}rect") if node.get("stroke")][6:]
    grey = Image.open(io.BytesIO(png(svg(chart), folder(), 96))).convert("L")
    seen = []
    for box in boxes:
        x, y, high = float(box.get("x")), float(box.get("y")), float(box.get("height"))
        area = grey.crop((int(x) + 3, int(y) + 2, int(x) + 83, int(y + high) - 1)).tobytes()
        seen.append((round(sum(area) / len(area)), len(set(area)) > 1))
    flat, patterned = sorted(tone for tone, pattern in seen if not pattern), [tone for tone, pattern in seen if pattern]
    assert len(flat) == 3
    assert len(patterned) == 3
    assert all(b - a >= 40 for a, b in itertools.pairwise(flat))
    fills = [box.get("fill") for box in boxes]
    assert len(set(fills)) == 6


@pytest.mark.parametrize(
    "bad",
    [{"kind": "pie"}, {"language": "tr"}, {"categories": ()}, {"categories": ("a",) * 61}, {"series": ()}, {"series": (Series("", (1,)),)},
     {"series": (Series("", (1, Decimal("NaN"))),)}, {"series": (Series("", (1, -1)),)}, {"series": (Series("", (1, 10**15)),)},
     {"kind": "parts", "series": (Series("", (1, 1)),) * 2}],
)  # fmt: skip
def test_data_that_cannot_be_drawn_are_refused(bad):
    good = {"code": "c", "kind": "columns", "title": "T", "categories": ("a", "b"), "series": (Series("", (1, 2)),), "language": "en"}
    svg(Chart(**good))
    with pytest.raises(BadInput):
        Chart(**{**good, **bad})


def test_hostile_names_stay_words():
    chart = Chart("c", "rows", "<script>alert(1)</script>", ('"><x y="', "&amp;"), (Series("]]>", (1, 2)), Series("'", (3, 4))), "en")
    root = etree.fromstring(svg(chart).encode())
    assert {etree.QName(node).localname for node in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "defs",
        "pattern",
        "rect",
        "path",
        "line",
        "text",
        "circle",
    }


# --- drafts


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_a_draft_comes_back_as_it_went(language):
    made = sample(language)
    back = read(docx.render(made), titles(made))
    assert back == {f"s{n}": prose.tidy(text(language, n)) for n in range(8)}


def edited(draft, *changes, part="word/document.xml", extra=()):
    """The draft with pieces of a part replaced, each exactly once."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(draft)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                words = content.decode()
                for before, after in changes:
                    assert before in words
                    words = words.replace(before, after, 1)
                content = words.encode()
            new.writestr(name, content)
        for name, content in extra:
            new.writestr(name, content)
    return out.getvalue()


SMALL = "Cəmi [[victims]] qurban, [[victims|citizenship=AZ|case=poss]] vətəndaş, [[typed:40-a yaxın|məktub]] ölkə.\n\nSon cümlə."


@pytest.fixture(scope="module")
def small():
    """A draft of two short sections, and its titles."""
    made = dataclasses.replace(
        sample("az"),
        facts=(),
        sections=(section_of("a", "1.", "Giriş", SMALL, place("az"), {}), section_of("b", "", "Yekun", "Söz.", place("az"), {})),
    )
    return docx.render(made), titles(made)


def par(inner, properties=""):
    return f"<w:p>{properties}{inner}</w:p>"


LAST = '<w:p><w:r><w:t xml:space="preserve">Son cümlə.</w:t></w:r></w:p>'
RUN = '<w:r><w:t xml:space="preserve">Son cümlə.</w:t></w:r>'


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (par("<w:r><w:t>Son </w:t></w:r><w:proofErr/><w:r w:rsidR='1'><w:rPr><w:b/></w:rPr><w:t>cümlə.</w:t></w:r>"), "Son cümlə."),
        (par('<w:ins w:id="1"><w:r><w:t>Yeni</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>Köhnə</w:delText></w:r></w:del>'), "Yeni"),
        (par('<w:moveTo w:id="1"><w:r><w:t>Gələn</w:t></w:r></w:moveTo><w:moveFrom w:id="2"><w:r><w:t>Gedən</w:t></w:r></w:moveFrom>'), "Gələn"),
        (par('<w:commentRangeStart w:id="1"/>' + RUN + '<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>'), "Son cümlə."),
        (par("<w:r><w:t>Bir</w:t></w:r>", '<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>') + par("<w:r><w:t>iki</w:t></w:r>"), "Biriki"),
        (par("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"), "a b c"),
        (par("<w:r><w:t>Baş</w:t></w:r>", '<w:pPr><w:pStyle w:val="Heading2"/></w:pPr>'), "## Baş"),
        (par("<w:r><w:t>Baş</w:t></w:r>", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'), "## Baş"),
        (par("<w:r><w:t>bir</w:t></w:r>", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr></w:pPr>'), "- bir"),
        ("<w:sdt><w:sdtContent>" + par("<w:r><w:t>İçəri</w:t></w:r>") + "</w:sdtContent></w:sdt>", "İçəri"),
        (par("<w:r><w:t>[[victims]] - x</w:t></w:r>"), "\\[[victims]] - x"),
        (par("<w:r><w:t>- x</w:t></w:r>"), "\\- x"),
        (par('<w:hyperlink><w:r><w:t>keçid</w:t></w:r></w:hyperlink><w:r><w:instrText> PAGE </w:instrText></w:r>'), "keçid"),
    ],
)  # fmt: skip
def test_what_word_does_to_a_text_is_understood(small, after, said):
    draft, heads = small
    back = read(edited(draft, (LAST, after)), heads)
    assert back["a"] == SMALL.replace("Son cümlə.", said)
    assert back["b"] == "Söz."


def test_a_moved_or_removed_fact_stays_a_fact_or_goes(small):
    draft, heads = small
    words = zipfile.ZipFile(io.BytesIO(draft)).read("word/document.xml").decode()
    fact = re.search(r"<w:bookmarkStart[^>]*/><w:sdt>(?:(?!</w:sdt>).)*?fact:victims\".*?</w:sdt><w:bookmarkEnd[^>]*/>", words)[0]
    assert read(edited(draft, (fact, "")), heads)["a"].startswith("Cəmi qurban")
    moved = read(edited(draft, (fact, ""), (RUN, RUN + fact)), heads)["a"]
    assert moved.endswith("Son cümlə.[[victims]]")
    bare_control = re.sub(r"</?w:bookmark[^>]*>", "", fact)
    assert read(edited(draft, (fact, bare_control)), heads)["a"] == SMALL
    lost_control = re.sub(r"</?w:sdt>|</?w:sdtContent>|<w:sdtPr>.*?</w:sdtPr>", "", fact)
    assert "fact:" not in lost_control
    assert read(edited(draft, (fact, lost_control)), heads)["a"] == SMALL


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (LAST, "<w:tbl/>", "table"),
        (LAST, par('<w:r><w:footnoteReference w:id="2"/></w:r>'), "footnote"),
        (LAST, par("<w:r><w:drawing/></w:r>"), "picture"),
        (LAST, par("<w:r><w:pict/></w:r>"), "picture"),
        (LAST, par('<w:sdt><w:sdtPr><w:tag w:val="other"/></w:sdtPr><w:sdtContent/></w:sdt>'), "unknown"),
        (
            LAST,
            par('<w:sdt><w:sdtPr><w:tag w:val="fact:Böyük"/></w:sdtPr><w:sdtContent><w:r><w:t>5</w:t></w:r></w:sdtContent></w:sdt>'),
            "changed|no fact",
        ),
        (
            LAST,
            par('<w:sdt><w:sdtPr><w:tag w:val="qx-section-zz"/></w:sdtPr><w:sdtContent><w:r><w:t>5</w:t></w:r></w:sdtContent></w:sdt>'),
            "changed|not of this",
        ),
        (LAST, "<w:altChunk/>", "another file"),
        (LAST, "<w:sdt><w:sdtContent>" * 80 + par("") + "</w:sdtContent></w:sdt>" * 80, "nested"),
        (">93-ü<", ">93-nə<", "words of a placed fact"),
        (">Yekun</w:t>", ">Nəticə</w:t>", "words of a placed heading"),
        ("<w:body>", "<w:body>" + par("<w:r><w:t>əvvəl</w:t></w:r>"), "before the first section"),
        ("</w:body>", "</w:wrong>", "damaged"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_place_and_remedy(small, before, after, what):
    draft, heads = small
    with pytest.raises(BadInput, match=what) as refused:
        read(edited(draft, (before, after)), heads)
    assert refused.value.remedy
    assert refused.value.where


def test_a_lost_and_a_doubled_section_are_refused(small):
    draft, heads = small
    words = zipfile.ZipFile(io.BytesIO(draft)).read("word/document.xml").decode()
    heading = next(found for found in re.findall(r"<w:p>.*?</w:p>", words) if "qx-section-b" in found)
    with pytest.raises(BadInput, match="lost"):
        read(edited(draft, (heading, "")), heads)
    with pytest.raises(BadInput, match="twice"):
        read(edited(draft, (heading, heading * 2)), heads)


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("[Content_Types].xml", "<x/>")
        new.writestr("word/document.xml", b"<x>" + b" " * 40_000_000)
    return out.getvalue()


def test_a_hostile_file_is_refused_in_words(small):
    draft, heads = small
    doctype = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "yyyyyyyyyy">]>'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    hostile = [
        b"", b"PK", b"%PDF-1.7", bomb(), draft[: len(draft) // 2], draft[:200] + bytes(3000) + draft[3200:], b"x" * 20_000_001,
        edited(draft, (head, head + doctype)),
        edited(draft, extra=[("word/vbaProject.bin", b"x")]),
        edited(draft, ("document.main+xml", "document.macroEnabled.main+xml"), part="[Content_Types].xml"),
        edited(draft, extra=[(f"x{n}", b"") for n in range(1100)]),
        edited(draft, (head, head + doctype), part="docProps/custom.xml"),
    ]  # fmt: skip
    for data in hostile:
        with pytest.raises(BadInput) as refused:
            read(data, heads)
        assert refused.value.remedy


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 255), st.integers(1, 40))
def test_a_damaged_file_never_ends_in_a_traceback(small, at, byte, count):
    draft, heads = small
    at %= len(draft)
    data = draft[:at] + bytes([byte]) * count + draft[at + count :]
    try:
        assert set(read(data, heads)) == set(heads)
    except BadInput as refused:
        assert str(refused)


def test_long_tags_survive_and_a_table_is_refused(small):
    key = "country=TR;form=sexual;kind=trafficking;provider=a-very-long-name-of-a-provider"
    words = f"Burada [[victims|{key}|year=2019|case=poss]] və [[typed:40|{'uzun mənbə ' * 30}sonu]]."
    made = dataclasses.replace(sample("az"), facts=(), sections=(section_of("a", "", "A", words, lambda fact: ("5-i", "x"), {}),))
    draft = docx.render(made)
    sent = zipfile.ZipFile(io.BytesIO(draft)).read("word/document.xml").decode()
    assert max(len(tag) for tag in re.findall(r'w:tag w:val="([^"]*)"', sent)) <= 64
    assert max(len(name) for name in re.findall(r'w:name="([^"]*)"', sent)) <= 40
    assert read(draft, titles(made))["a"] == words
    with pytest.raises(BadInput, match="tables"):
        docx.render(dataclasses.replace(made, sections=(Section("a", "", "A", (Table(("x",), ()),)),)))


def test_libreoffice_keeps_facts_and_brings_edits_back(papers, tmp_path):
    """A person edits in LibreOffice and saves; its older versions drop the controls' tags."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not on this machine")
    made, _, draft = papers
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "d.docx").write_bytes(edited(draft, ("artırılmış, yerlərdə", "ÇOX artırılmış, yerlərdə")))
    for _ in range(2):
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "out"),
             str(tmp_path / "in" / "d.docx")], check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        shutil.copy(tmp_path / "out" / "d.docx", tmp_path / "in" / "d.docx")
    back = read((tmp_path / "in" / "d.docx").read_bytes(), titles(made))
    wanted = {f"s{n}": prose.tidy(text("az", n)) for n in range(8)}
    wanted["s0"] = wanted["s0"].replace("artırılmış, yerlərdə", "ÇOX artırılmış, yerlərdə", 1)
    assert back == wanted


def test_a_document_is_frozen_and_charts_stand_with_their_tables():
    block = chart_block(charts("en")["countries"])
    assert block.table.head == ("Country", "persons")
    assert block.alt.startswith("Countries of exploitation (persons). Türkiye – 81")
    with pytest.raises(dataclasses.FrozenInstanceError):
        sample("az").title = "x"
    assert isinstance(sample("az"), Document)
