"""Editions: frozen, drafted in Word, sealed, rebuilt to the same bytes, untouched by what comes later; every number opens."""

import datetime as dt
import io
import re
import zipfile

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qalxan.foundation.access.guard import Absent, Refused
from qalxan.kernel.errors import BadInput, RuleBroken
from qalxan.modules.plans.models import Act, Plan
from qalxan.modules.reporting.models import Return, Value
from qalxan.reports.annual_report.choices import EditionState, Kind, RenderState
from qalxan.reports.annual_report.models import Edition, EditionFile
from qalxan.reports.annual_report.operations import drafts, editions, files
from qalxan.reports.annual_report.operations.freeze import freeze
from qalxan.reports.annual_report.queries.build import build
from qalxan.reports.annual_report.queries.reading import figure_page, reading, texts_of, workspace
from qalxan.shell.demo.report import load_report
from qalxan.webkit.report import docx_read

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2022, 8, 1, 9, tzinfo=dt.UTC)
ONE = ("annual", 2020, 1)


@pytest.fixture
def boss(act_as):
    return act_as("koordinator")


@pytest.fixture
def sealed(boss):
    load_report(boss)
    return Edition.objects.get(kind="annual", year=2020, number=1)


@pytest.fixture
def frozen(boss, monkeypatch):
    monkeypatch.setattr("qalxan.reports.annual_report.public.ask", lambda **kwargs: type("Asked", (), {"id": 0}))
    monkeypatch.setattr("qalxan.reports.annual_report.public.run", lambda *args: None)
    load_report(boss)
    return Edition.objects.get(kind="annual", year=2020, number=1)


def test_a_sealed_edition_is_archival_tagged_and_hashed_in_three_languages(sealed):
    assert sealed.state == EditionState.SEALED
    found = {(f.language, f.form): f for f in EditionFile.objects.filter(edition=sealed)}
    assert set(found) == {(x, form) for x in ("az", "en", "ru") for form in ("pdf", "docx")}
    assert all(editions.digest(bytes(f.data)) == f.sha256 for f in found.values())
    with pikepdf.open(io.BytesIO(bytes(found["az", "pdf"].data))) as pdf:
        about = bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert "pdfaid:part" in about
        assert "pdfuaid:part" in about
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "az"
        assert "/StructTreeRoot" in pdf.Root


def test_a_sealed_edition_is_made_again_byte_for_byte(sealed, boss):
    assert set(files.rebuilt(actor=boss, edition=sealed).values()) == {True}


def test_a_late_decree_and_a_later_correction_do_not_change_a_sealed_edition(sealed, boss):
    before = reading(boss, *ONE, "az")
    Act.objects.filter(plan__code="MFP-2020").update(date=dt.date(2020, 7, 2))
    Plan.objects.filter(code="MFP-2020").update(title_az="Başqa ad")
    Value.objects.filter(of__body="DIN").update(value=1, qualifier="exact")
    assert reading(boss, *ONE, "az").built.sections == before.built.sections
    assert set(files.rebuilt(actor=boss, edition=sealed).values()) == {True}


def test_a_tampered_cut_is_noticed(sealed, boss):
    cut = sealed.cut
    cut["year"] = 2021
    Edition.objects.filter(id=sealed.id).update(cut=cut)
    sealed.refresh_from_db()
    with pytest.raises(RuleBroken, match="not the one"):
        files.rebuilt(actor=boss, edition=sealed)


def test_nothing_of_a_sealed_edition_can_be_changed(sealed, boss):
    for call in (
        lambda: editions.set_text(actor=boss, now=NOW, edition_id=sealed.id, section="method", language="az", text="x"),
        lambda: freeze(actor=boss, now=NOW, edition_id=sealed.id),
        lambda: files.ask(actor=boss, now=NOW, edition_id=sealed.id),
        lambda: drafts.take_word(actor=boss, now=NOW, edition_id=sealed.id, language="az", data=b""),
    ):
        with pytest.raises(RuleBroken, match="never changes"):
            call()


def test_a_correction_makes_the_next_edition_which_lists_what_changed(sealed, boss):
    found = editions.start(actor=boss, now=NOW, kind=Kind.ANNUAL, year=2020, plan="MFP-2020")
    assert found.number == 2
    din = Return.objects.get(body="DIN", window__year=2020)
    Value.objects.filter(of=din, indicator__code="hotline-enquiries").update(value=5706)
    freeze(actor=boss, now=NOW, edition_id=found.id)
    from qalxan.reports.statistics.models import Fact
    from qalxan.reports.statistics.operations.facts import choose

    new = Fact.objects.get(indicator="hotline-enquiries", year=2020, origin="return", withdrawn_at=None)
    choose(actor=boss, now=NOW, fact_id=new.id, reason="Orqan düzəliş verib")
    freeze(actor=boss, now=NOW, edition_id=found.id)
    asked = files.ask(actor=boss, now=NOW, edition_id=found.id, seals=True)
    files.run(asked.id, NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.fault) == (RenderState.DONE, "")
    found.refresh_from_db()
    changes = found.cut["changes"]
    assert [(c["old"][1], c["new"][1]) for c in changes if c["what"] == "figure"] == [("5705", "5706")]
    assert set(files.rebuilt(actor=boss, edition=sealed).values()) == {True}
    assert reading(boss, *ONE, "en").newer == 2


def test_a_reader_opens_94_and_reaches_its_contributors(sealed, enter):
    client = enter("kabinet")
    page = client.get("/reports/annual/2020/1/?text=en").content.decode()
    assert ">94</a>" in page
    opened = client.get("/reports/annual/2020/1/figure/?of=victims-identified||2020").content.decode()
    assert "Ministry of Internal Affairs" in opened
    assert "89" in opened


def test_every_number_of_the_text_is_placed_and_nothing_stands_in_the_way(frozen, boss):
    page = workspace(boss, *ONE)
    assert [f for flaws in page.flaws.values() for f in flaws if not f.soft] == []
    built = build(frozen.cut, frozen.sections, texts_of(frozen, "az"), "az")
    assert {"94", "93-ü", "81"} <= {r.words for s in built.sections for b in s.blocks for r in b.runs if r.kind == "fact"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Qurbanların sayı 95 olmuşdur.", "95"),
        ("Say [[yoxdur]] olub.", "yoxdur"),
        ("[[chart:yoxdur]]", "yoxdur"),
        ("2020-ci il 2 iyul tarixli № 2173 Sərəncam.", "2 iyul"),
    ],
)
def test_a_bare_number_an_unknown_figure_and_a_wrong_day_stop_the_seal_and_are_shown_in_place(frozen, boss, text, words):
    editions.set_text(actor=boss, now=NOW, edition_id=frozen.id, section="conclusion", language="az", text=text)
    flaws = [f for f in workspace(boss, *ONE).flaws["az"] if not f.soft]
    assert any(words in f.words for f in flaws)
    with pytest.raises(RuleBroken, match="stand in the way"):
        files.ask(actor=boss, now=NOW, edition_id=frozen.id, seals=True)


def edited(data, change):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()).encode() if name == "word/document.xml" else content)
    return out.getvalue()


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_a_word_file_comes_back_as_the_same_text(frozen, boss, language):
    _name, data = drafts.word_file(boss, *ONE, language)
    assert drafts.take_word(actor=boss, now=NOW, edition_id=frozen.id, language=language, data=data) == 0


def test_words_edited_in_word_come_back_and_figures_stay_figures(frozen, boss):
    _name, data = drafts.word_file(boss, *ONE, "en")
    text = texts_of(frozen, "en")["conclusion"]
    words = next(part for part in re.split(r"\[\[.*?\]\]|\n", text) if len(part) > 30)
    changed = drafts.take_word(
        actor=boss, now=NOW, edition_id=frozen.id, language="en", data=edited(data, lambda xml: xml.replace(words, f"{words} EDITED"))
    )
    assert changed == 1
    after = texts_of(frozen, "en")
    assert "EDITED" in after["conclusion"]
    assert "[[victims-identified]]" in after["prosecution"]


def test_a_figure_that_cannot_be_filled_keeps_its_place_through_word(frozen, boss):
    mark = "[[victims-identified|form=labour;sex=male|year=1991]]"
    text = texts_of(frozen, "en")["conclusion"]
    editions.set_text(actor=boss, now=NOW, edition_id=frozen.id, section="conclusion", language="en", text=f"{text} {mark}")
    _name, data = drafts.word_file(boss, *ONE, "en")
    assert drafts.take_word(actor=boss, now=NOW, edition_id=frozen.id, language="en", data=data) == 0
    assert texts_of(frozen, "en")["conclusion"].endswith(mark)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_are_a_fault_of_the_reader_of_word_files(data):
    with pytest.raises(BadInput):
        docx_read.read(data, {})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_damaged_word_file_is_a_sentence(frozen, boss, places):
    data = bytearray(drafts.word_file(boss, *ONE, "en")[1])
    titles = {s["code"]: s["code"] for s in frozen.sections}
    for place, value in places:
        data[place % len(data)] = value
    try:
        docx_read.read(bytes(data), titles)
    except BadInput as told:
        assert str(told)


@pytest.mark.parametrize(("who", "expected"), [("kabinet", Absent), ("rinn", Absent), ("konsul", Absent), ("ofis", None)])
def test_an_edition_in_work_is_for_those_who_prepare_it(frozen, act_as, who, expected):
    if expected is None:
        assert reading(act_as(who), *ONE, "az").row.state == "frozen"
        with pytest.raises(Refused):
            files.ask(actor=act_as(who), now=NOW, edition_id=frozen.id, seals=True)
    else:
        for call in (lambda: reading(act_as(who), *ONE, "az"), lambda: figure_page(act_as(who), *ONE, "victims-identified||2020")):
            with pytest.raises(expected):
                call()


@pytest.mark.parametrize("kind", ["cabinet", "cis", "us-tip"])
def test_the_other_reports_come_from_the_same_figures(frozen, boss, kind):
    found = editions.start(actor=boss, now=NOW, kind=Kind(kind), year=2020, plan="MFP-2020")
    freeze(actor=boss, now=NOW, edition_id=found.id)
    for language in ("az", "en", "ru"):
        _name, data = drafts.word_file(boss, kind, 2020, 1, language)
        assert drafts.take_word(actor=boss, now=NOW, edition_id=found.id, language=language, data=data) == 0
    page = workspace(boss, kind, 2020, 1)
    assert [f for flaws in page.flaws.values() for f in flaws if not f.soft] == []
    built = reading(boss, kind, 2020, 1, "en").built
    assert any(b.kind in ("chart", "table") for s in built.sections for b in s.blocks)


def test_a_figure_of_the_calendar_year_is_never_passed_off_as_one_of_the_us_period(frozen, boss):
    found = editions.start(actor=boss, now=NOW, kind=Kind.US_TIP, year=2020, plan="MFP-2020")
    freeze(actor=boss, now=NOW, edition_id=found.id)
    tables = [
        b
        for s in reading(boss, "us-tip", 2020, 1, "en").built.sections
        for b in s.blocks
        if b.kind == "table" and b.code.startswith("tip-")
    ]
    assert {row[2] for t in tables for row in t.rows} <= {"calendar year 2020", ""}


def test_sections_are_added_renamed_and_ordered_on_screen_and_one_with_text_stays(frozen, boss, enter):
    client = enter("koordinator")
    address = f"/reports/annual/2020/{frozen.number}/sections/"
    lines = [dict(line) for line in frozen.sections]
    lines[0]["en"] = "Opening"

    def sent(lines):
        return {
            "place": [str(n) for n in range(len(lines), 0, -1)],
            **{name: [line[name] for line in lines] for name in ("code", "az", "en", "ru")},
        }

    extra = {"code": "annex-a", "az": "Əlavə", "en": "Annex", "ru": "Приложение"}
    assert client.post(address, sent([*lines, extra])).status_code == 302
    frozen.refresh_from_db()
    assert [line["code"] for line in frozen.sections] == ["annex-a", *(line["code"] for line in reversed(lines))]
    assert frozen.sections[-1]["en"] == "Opening"
    assert client.post(address, sent(lines)).status_code == 302
    for bad, words in (
        ({**extra, "code": "A B"}, "small Latin letters"),
        ({**extra, "ru": ""}, "a name in three languages"),
        ({**extra, "code": "conclusion"}, "its own code"),
    ):
        answer = client.post(address, sent([*lines, bad]))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    answer = client.post(address, sent([line for line in lines if line["code"] != "conclusion"]))
    assert "cannot be taken away" in answer.content.decode()
    assert enter("rinn").get(address).status_code in (403, 404)
