"""Figures as stored facts: import, approval, choice, withdrawal, returns, checks, screens."""

import contextlib
import csv
import datetime as dt
import io
import json
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from qalxan.foundation.access.actor import SYSTEM
from qalxan.foundation.access.guard import Absent, Refused
from qalxan.foundation.audit.models import Entry
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.reporting.public import IndicatorWords
from qalxan.reports.statistics import public
from qalxan.reports.statistics.choices import Kind
from qalxan.reports.statistics.models import Fact, Source
from qalxan.reports.statistics.operations import facts as operations
from qalxan.reports.statistics.operations.cells import NEEDED, BadCells, Known, read_cells
from qalxan.reports.statistics.operations.imports import DATA
from qalxan.reports.statistics.operations.reading import lines_of
from qalxan.reports.statistics.queries.checks import _named
from tests.conftest import NOW

HEAD = "indicator,year,period_start,period_end,key,qualifier,value,source,place,note,figure,date\n"
CHILDREN = ("victims-identified", "group=children", 2020)
database = pytest.mark.django_db


@pytest.fixture
def loaded(db) -> int:
    return public.import_all(actor=SYSTEM, now=NOW)


def bring(text: str, actor=SYSTEM, kind=Kind.FACTS, name="rows.csv"):
    return public.import_facts(actor=actor, now=NOW, kind=kind, name=name, data=text if isinstance(text, bytes) else text.encode())


def row(indicator="victims-identified", year="2031", key="", qualifier="", value="7", source="report-2020", **more) -> str:
    cells = {"indicator": indicator, "year": year, "key": key, "qualifier": qualifier, "value": value, "source": source, **more}
    out = io.StringIO()
    csv.DictWriter(out, HEAD.strip().split(","), lineterminator="\n").writerow(cells)
    return out.getvalue()


def told(text: str) -> list[tuple[int, str]]:
    """Line and column of every cell that was refused."""
    with pytest.raises(BadCells) as bad:
        bring(text)
    return [(cell.line, cell.column) for cell in bad.value.cells]


# the shipped figures


def test_all_87_figures_of_the_report_are_loaded_and_approved(loaded):
    facts = Fact.objects.filter(source__code="report-2020", year=2020).exclude(figure="")
    assert {int(f) for f in facts.values_list("figure", flat=True)} == set(range(1, 88))
    assert not Fact.objects.filter(approved_at=None).exists()
    rest = facts.get(figure="4")
    assert (rest.value, rest.qualifier) == (None, "unknown"), "what the report does not print stays empty"


def test_loading_again_adds_nothing(loaded):
    assert loaded in (0, Fact.objects.count())
    before = (Fact.objects.count(), Source.objects.count())
    assert public.import_all(actor=SYSTEM, now=NOW + dt.timedelta(days=1)) == 0
    assert (Fact.objects.count(), Source.objects.count()) == before


def test_the_check_of_2020_finds_the_wrong_date_and_the_growth_and_nothing_else(loaded):
    rows = {r.code: r for r in public.checks(SYSTEM, 2020)}
    assert {code for code, r in rows.items() if r.found} == {"plan-order-date", "crimes-growth"}
    assert rows["plan-order-date"].arithmetic == "2 July 2020 ≠ 22 July 2020"
    assert "14 / (195 − 14) = 7.7 % ≠ 7.5 %" in rows["crimes-growth"].arithmetic
    assert "155 + 40 + 5 = 200; 14 / (200 − 14) = 7.5 %" in rows["crimes-growth"].arithmetic
    assert "Crimes registered (forced labour)" in rows["crimes-growth"].sentence
    sums = {"victims-by-group": "89 + 3 + 2 = 94", "victims-by-citizenship": "93 + 1 = 94", "victims-by-country": "81 + 4 + 9 = 94",
            "convicted-by-penalty": "12 + 2 + 1 = 15", "accused-by-sex": "17 + 3 = 20", "wanted-by-whereabouts": "10 + 13 = 23",
            "victims-by-form": "85 + 9 = 94", "crimes-year-on-year": "200 − 186 = 14; 14 / 186 = 7.5 %",
            "victims-rate": "94 / ~10,100,000 × 100,000 = 0.93 ≈ 1"}  # fmt: skip
    assert {code: rows[code].arithmetic for code in sums} == sums
    assert {r.verdict for code, r in rows.items() if not r.found} == {"holds", "fits"}
    assert all(r.sentence for r in rows.values())
    assert "worked out" in rows["crimes-year-on-year"].sentence, "186 was reckoned from the very growth it confirms"


def test_every_named_rule_has_its_title_in_three_languages_and_speaks_of_known_indicators(loaded):
    from qalxan.kernel.figures.rules import refs_of
    from qalxan.modules.reporting.public import indicator_words

    known = indicator_words()
    for rule, title in _named().values():
        assert all(title[x] for x in ("az", "en", "ru")), rule.code
        assert all(ref.indicator in known for ref in refs_of(rule)), rule.code


@pytest.mark.parametrize(
    ("year", "part", "damaged", "code"),
    [
        (2020, "group=women", 88, "victims-by-group"),
        (2015, "kind=documents", 12, "sum:crimes-registered::kind"),
        (2017, "country=TR", 44, "sum:victims-identified::country"),
    ],
)
def test_a_changed_part_of_the_shipped_figures_is_found(loaded, year, part, damaged, code):
    fact = Fact.objects.get(year=year, key=part)
    operations.withdraw(actor=SYSTEM, now=NOW, fact_id=fact.id, reason="damage")
    bring(HEAD + row(fact.indicator_id, str(year), part, value=str(damaged), source=fact.source.code))
    operations.approve(actor=SYSTEM, now=NOW, ids=[Fact.objects.latest("id").id])
    assert {r.code for r in public.checks(SYSTEM, year) if r.verdict == "fails"} - {"plan-order-date"} == {code}


@pytest.mark.seeds
def test_the_numbers_loaded_are_the_ones_the_report_prints(seeds):
    """Thousands, millions and billions may be printed in words: 12 thousand, 172.5 thousand, 150 billion."""
    text = seeds["004"].read_text(encoding="utf-8")
    numbers = {n.replace(" ", "").replace(",", ".") for n in re.findall(r"\d+(?:[ ,.]\d+)*", text)} | set(re.findall(r"\d+", text))
    with (DATA / "facts_2020.csv").open(encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if r["source"] == "report-2020" and r["value"]]
    absent = []
    for r in rows:
        value = Decimal(r["value"])
        forms = {format((value / scale).normalize(), "f") for scale in (1, 10**3, 10**6, 10**9)}
        if not forms & numbers:
            absent.append((r["figure"], r["value"]))
    assert absent == []
    assert "2 iyul" in text


# the ordinary import


@database
def test_each_bad_cell_is_named_by_line_and_column_and_nothing_is_written(loaded):
    before = Fact.objects.count()
    text = HEAD + row() + row("nope", "20x1", source="nowhere", value="many") + row(key="planet=x") + row(key="sex=male;kind=documents")
    assert told(text) == [(3, "indicator"), (3, "source"), (3, "year"), (3, "value"), (4, "key"), (5, "key")]
    assert Fact.objects.count() == before


@database
@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"value": "5,705"}, "value"),
        ({"value": "²"}, "value"),
        ({"value": "1e9"}, "value"),
        ({"value": "9" * 16}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "", "qualifier": "exact"}, "qualifier"),
        ({"value": "5", "qualifier": "unknown"}, "qualifier"),
        ({"value": "5", "qualifier": "maybe"}, "qualifier"),
        ({"value": "5", "date": "2020-07-02"}, "date"),
        ({"indicator": "plan-order-date", "value": "5"}, "date"),
        ({"period_start": "2031-01-01"}, "period_end"),
        ({"period_start": "2031-05-01", "period_end": "2031-04-01"}, "period_end"),
        ({"period_start": "2029-05-01", "period_end": "2030-04-01"}, "year"),
        ({"period_start": "2031-02-30", "period_end": "2031-04-01"}, "period_start"),
        ({"year": "²⁰³¹"}, "year"),
        ({"key": "country=XQQ"}, "key"),
        ({"indicator": "awareness-events", "key": "provider=NOBODY"}, "key"),
        ({"place": "x" * 201}, "place"),
        ({"source": "'; DROP TABLE statistics_fact; --"}, "source"),
    ],
)
def test_a_cell_that_means_nothing_or_two_things_is_refused(loaded, cells, column):
    assert column in {c for _line, c in told(HEAD + row(**cells))}


@database
def test_a_refused_file_shows_its_cells_on_the_page(loaded, enter):
    file = SimpleUploadedFile("rows.csv", (HEAD + row(year="soon")).encode())
    answer = enter("statistika").post("/figures/import/", {"kind": "facts", "file": file})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A year is four digits" in page
    assert "1 cell needs another look" in page


@database
def test_numbers_keep_their_printed_precision_and_their_thousands(loaded):
    text = "indicator;year;key;value;source\nvictims-rate;2031;area=country;0.90;report-2020\npopulation;2031;;10 300 000;report-2020\n"
    assert bring(text).added == 2
    rate, people = Fact.objects.get(year=2031, indicator="victims-rate"), Fact.objects.get(year=2031, indicator="population")
    assert (rate.decimals, people.value, people.approved_at) == (2, 10_300_000, None)


@database
def test_a_whole_year_written_as_a_period_is_the_year(loaded):
    bring(
        HEAD + row(period_start="2031-01-01", period_end="2031-12-31") + row(period_start="2031-01-01", period_end="2031-03-31", value="2")
    )
    operations.approve(actor=SYSTEM, now=NOW, ids=list(Fact.objects.filter(year=2031).values_list("id", flat=True)))
    assert public.figure(SYSTEM, "victims-identified", "", 2031).value == 7
    quarter = (dt.date(2031, 1, 1), dt.date(2031, 3, 31))
    assert public.figure(SYSTEM, "victims-identified", "", 2031, quarter).value == 2


@database
def test_a_row_that_was_withdrawn_does_not_come_back_with_its_file(loaded):
    assert bring(HEAD + row() + row()).added == 1
    fact = Fact.objects.get(year=2031)
    operations.withdraw(actor=SYSTEM, now=NOW, fact_id=fact.id, reason="typed wrongly")
    assert bring(HEAD + row()).added == 0
    assert bring(HEAD + row(value="8")).added == 1, "a correction is a new fact"


@database
def test_a_workbook_brings_the_same_rows_as_its_csv(loaded):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Figures for 2031"])
    sheet.append(["Indicator", "Year", "Value", "Source", "Note", "Date"])
    sheet.append(["victims-identified", 2031, 7, "report-2020", "=1+1", None])
    sheet.append(["crimes-growth-share", 2031, 7.5, "report-2020", "", None])
    sheet.append(["plan-order-date", 2031, None, "report-2020", "", dt.date(2031, 7, 2)])
    out = io.BytesIO()
    book.save(out)
    assert bring(out.getvalue(), name="rows.xlsx").added == 3
    assert Fact.objects.get(year=2031, indicator="crimes-growth-share").decimals == 1
    assert Fact.objects.get(year=2031, indicator="plan-order-date").date == dt.date(2031, 7, 2)
    assert bring(HEAD + row()).added == 0


@database
def test_a_cell_that_a_spreadsheet_would_run_leaves_as_text(loaded, enter):
    bring(HEAD + row(place="=HYPERLINK(1)"))
    assert Fact.objects.get(year=2031).place == "=HYPERLINK(1)"
    answer = enter("koordinator").get("/figures/export/csv/?year=2031")
    assert "'=HYPERLINK(1)" in answer.content.decode("utf-8-sig")
    assert Entry.objects.filter(event="plans.exported", subject="figures:2031").exists()


def test_a_workbook_that_unpacks_to_more_than_60_mb_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (61 * 1024 * 1024))
    with pytest.raises(RuleBroken, match="60 MB"):
        lines_of(out.getvalue(), NEEDED[Kind.FACTS])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"PK\x03\x04rest",
        b"a,b\n1,2\n",
        b"indicator,year,value,source,year\n",
        b'indicator,year,value,source\n"\0",2,3,4',
    ],
)
def test_a_file_that_is_no_such_table_says_why(data):
    with pytest.raises(RuleBroken) as broken:
        lines_of(data, NEEDED[Kind.FACTS])
    assert str(broken.value).endswith(".")


KNOWN = Known({"a": IndicatorWords("a", "A", "", "persons", "persons", ("sex", "country"))}, {"s": (1, 2020)}, frozenset({"DIN"}))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(list(Kind)))
def test_any_bytes_under_a_heading_are_rows_or_refused(data, kind):
    heading = ",".join(sorted(NEEDED[kind])).encode() + b"\n"
    for body in (data, heading + data):
        try:
            columns, lines = lines_of(body, NEEDED[kind])
            read_cells(kind, columns, lines, KNOWN)
        except RuleBroken:
            pass


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=12, max_size=12))
def test_any_cells_are_a_row_or_refused(cells):
    out = io.StringIO()
    csv.writer(out).writerow(["a", "2031", *cells[2:7], "s", *cells[8:]])
    try:
        columns, lines = lines_of((HEAD + out.getvalue()).encode("utf-8", "replace"), NEEDED[Kind.FACTS])
        for found in read_cells(Kind.FACTS, columns, lines, KNOWN):
            assert (found["value"] is None) or (found["date"] is None)
    except RuleBroken:
        pass


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_rows_or_refused(place, damage):
    book = openpyxl.Workbook()
    book.active.append(sorted(NEEDED[Kind.FACTS]))
    book.active.append(["a", "s", 7, 2031])
    out = io.BytesIO()
    book.save(out)
    data = bytearray(out.getvalue())
    data[place : place + len(damage)] = damage
    with contextlib.suppress(RuleBroken):
        lines_of(bytes(data), NEEDED[Kind.FACTS])


# people


@pytest.fixture
def entered(loaded, act_as):
    """A figure that the statistician typed."""
    cells = {"indicator": "victims-identified", "year": "2031", "key": "", "qualifier": "exact", "value": "7", "source": "report-2020"}
    return operations.enter(actor=act_as("statistika"), now=NOW, cells=cells)


def test_a_typed_figure_waits_until_another_person_approves_it(entered, act_as):
    assert public.figure(SYSTEM, "victims-identified", "", 2031) is None
    for who in ("statistika", "ofis", "kabinet"):
        with pytest.raises(Refused):
            operations.approve(actor=act_as(who), now=NOW, ids=[entered.id])
    assert operations.approve(actor=act_as("koordinator"), now=NOW, ids=[entered.id]) == 1
    assert operations.approve(actor=act_as("koordinator"), now=NOW, ids=[entered.id]) == 0
    assert public.figure(SYSTEM, "victims-identified", "", 2031).value == 7
    assert Entry.objects.filter(event="statistics.approved", subject=f"fact:{entered.id}").count() == 1


def test_nobody_approves_a_figure_they_typed_themselves(loaded, act_as):
    coordinator = act_as("koordinator")
    bring(HEAD + row(), coordinator)
    fact = Fact.objects.get(year=2031)
    with pytest.raises(RuleBroken):
        operations.approve(actor=coordinator, now=NOW, ids=[fact.id])
    fact.refresh_from_db()
    assert fact.approved_at is None


def test_one_that_cannot_be_approved_stops_all(entered, act_as):
    bring(HEAD + row(value="9"))
    other = Fact.objects.latest("id")
    operations.withdraw(actor=SYSTEM, now=NOW, fact_id=other.id, reason="wrong")
    with pytest.raises(RuleBroken):
        operations.approve(actor=act_as("koordinator"), now=NOW, ids=[entered.id, other.id])
    with pytest.raises(Absent):
        operations.approve(actor=act_as("koordinator"), now=NOW, ids=[entered.id, 10**18])
    entered.refresh_from_db()
    assert entered.approved_at is None


def test_the_same_statement_cannot_be_entered_twice(entered, act_as):
    cells = {"indicator": "victims-identified", "year": "2031", "value": "7.0", "source": "report-2020"}
    with pytest.raises(RuleBroken):
        operations.enter(actor=act_as("ofis"), now=NOW, cells=cells)


def test_sources_that_disagree_stay_side_by_side_and_one_is_chosen_with_a_reason(loaded, act_as):
    before = public.figure(SYSTEM, *CHILDREN)
    assert (before.value, before.disputed, [c.words for c in before.candidates]) == (None, True, ["2", "3"])
    report = before.candidates[0].fact
    with pytest.raises(Refused):
        operations.choose(actor=act_as("statistika"), now=NOW, fact_id=report, reason="the list closes with 2")
    with pytest.raises(RuleBroken):
        operations.choose(actor=act_as("koordinator"), now=NOW, fact_id=report, reason="  ")
    operations.choose(actor=act_as("koordinator"), now=NOW, fact_id=report, reason="the list closes with 2")
    after = public.figure(SYSTEM, *CHILDREN)
    assert (after.value, after.standing, len(after.candidates)) == (2, "chosen", 2)
    press = public.choose_source(actor=act_as("koordinator"), now=NOW, slot=CHILDREN, source="press-2020", reason="changed my mind")
    assert public.figure(SYSTEM, *CHILDREN).fact == press.fact_id, "the newest choice counts"
    operations.withdraw(actor=SYSTEM, now=NOW, fact_id=press.fact_id, reason="a misprint")
    assert public.figure(SYSTEM, *CHILDREN).standing == "one", "a choice lapses with its fact"


def test_a_withdrawn_figure_makes_its_checks_impossible_and_stays_on_record(loaded, act_as):
    fact = Fact.objects.get(year=2020, key="penalty=deferred")
    with pytest.raises(Refused):
        operations.withdraw(actor=act_as("statistika"), now=NOW, fact_id=fact.id, reason="not mine")
    operations.withdraw(actor=act_as("koordinator"), now=NOW, fact_id=fact.id, reason="printed by mistake")
    verdicts = {r.code: r for r in public.checks(SYSTEM, 2020)}
    assert verdicts["convicted-by-penalty"].verdict == "not_checkable"
    assert "deferred sentence" in verdicts["convicted-by-penalty"].missing[0]
    assert Fact.objects.get(id=fact.id).withdrawn_reason == "printed by mistake"
    with pytest.raises(RuleBroken):
        operations.withdraw(actor=act_as("koordinator"), now=NOW, fact_id=fact.id, reason="again")


def test_whoever_typed_a_figure_may_withdraw_it_while_it_waits(entered, act_as):
    with pytest.raises(Refused):
        operations.withdraw(actor=act_as("ofis"), now=NOW, fact_id=entered.id, reason="not mine")
    operations.withdraw(actor=act_as("statistika"), now=NOW, fact_id=entered.id, reason="a slip")
    assert Fact.objects.get(id=entered.id).withdrawn_at == NOW


@pytest.mark.parametrize(
    "statement",
    ["UPDATE statistics_fact SET value = 1", "UPDATE statistics_fact SET key = ''", "DELETE FROM statistics_fact", "UPDATE statistics_choice SET reason = 'x'",
     "DELETE FROM statistics_choice", "DELETE FROM statistics_source"],
)  # fmt: skip
def test_the_site_itself_cannot_change_or_delete_a_fact(loaded, statement):
    from django.db import connection

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# returns


def _returned(value, body="DIN", key="", code="victims-identified"):
    return public.ReturnFigure(code, key, "exact", Decimal(value), ({"return": 1, "body": body, "value": str(value)},))


def test_figures_of_returns_are_stored_once_and_a_changed_one_replaces_the_earlier(loaded):
    figures = [_returned(7), _returned(3, key="sex=male")]
    store = lambda values: public.record_from_returns(actor=SYSTEM, now=NOW, year=2031, values=values)  # noqa: E731
    assert store(figures) == (2, 0)
    assert store(figures) == (0, 0)
    assert store([_returned(8), figures[1]]) == (1, 1)
    assert public.figure(SYSTEM, "victims-identified", "", 2031).value == 8
    assert Fact.objects.get(year=2031, value=7).withdrawn_reason == "The return changed."
    assert store([_returned(8)]) == (0, 1), "what the returns no longer give is withdrawn"
    assert store([_returned(8, body="EESMN")]) == (1, 1), "the same number from another body is another fact"


def test_a_return_and_a_printed_report_that_differ_are_a_dispute(loaded):
    public.record_from_returns(actor=SYSTEM, now=NOW, year=2020, values=[_returned(93)])
    assert public.figure(SYSTEM, "victims-identified", "", 2020).disputed


def test_a_figure_shows_whose_returns_went_into_it(loaded, enter):
    public.record_from_returns(actor=SYSTEM, now=NOW, year=2031, values=[_returned(7)])
    page = enter("auditor").get(f"/figures/{Fact.objects.get(year=2031).id}/").content.decode()
    assert 'href="/bodies/DIN/"' in page
    assert "from returns" in page


# what others quote


def test_any_number_of_figures_costs_the_same_few_queries(loaded, django_assert_max_num_queries):
    wanted = [("victims-identified", key, year) for year in range(2015, 2024) for key in ("", "sex=female", "group=children")]
    with django_assert_max_num_queries(4):
        found = public.figures(SYSTEM, wanted)
    assert found["victims-identified", "", 2020].value == 94
    assert ("victims-identified", "", 2022) not in found
    assert found["victims-identified", "", 2023].disputed


def test_a_figure_of_a_part_of_the_year_is_quoted_only_where_parts_will_do(loaded):
    wanted = ("awareness-events", "provider=DIN", 2020)
    assert public.figures(SYSTEM, [wanted]) == {}
    view = public.figures(SYSTEM, [wanted], parts=True)[wanted]
    assert (view.words, view.period) == ("more than\u00a0350", "1 January 2020 – 14 March 2020")
    assert public.figures(SYSTEM, [CHILDREN], parts=True)[CHILDREN].period == ""
    assert len(public.facts_of_year(SYSTEM, 2020, parts=True)) == len(public.facts_of_year(SYSTEM, 2020)) + 2


def test_a_series_has_a_gap_where_nobody_knows(loaded):
    points = public.series(SYSTEM, "victims-identified", [""], range(2014, 2025))[""]
    values = {p.year: p.value for p in points}
    assert values == {2014: None, 2015: 63, 2016: 70, 2017: 71, 2018: 98, 2019: 91, 2020: 94, 2021: 95, 2022: None, 2023: None, 2024: None}
    assert [p.year for p in points if p.disputed] == [2023]


def test_words_carry_the_qualifier(loaded):
    words = {(v.code, v.key): v.words for v in public.facts_of_year(SYSTEM, 2020)}
    assert words["psychologists-trained", ""] == "more than\u00a0800"
    assert words["offences-found-monitoring", ""] == "about\u00a0370"
    assert words["crimes-growth-share", ""] == "7.5"
    assert words["plan-order-date", ""] == "2 July 2020"


def test_figures_are_not_for_those_without_the_right(loaded, act_as):
    for call in (public.figure, public.checks, public.facts_of_year):
        with pytest.raises(Refused):
            call(act_as("kabinet"), *(CHILDREN if call is public.figure else (2020,)))


# screens


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/figures/?year=2020", 8),
        ("/figures/checks/?year=2020", 9),
        ("/figures/indicators/victims-identified/", 6),
        ("/figures/import/", 3),
        ("/figures/enter/?indicator=victims-identified", 6),
    ],
)
def test_a_page_of_figures_asks_no_more_than_its_reviewed_number(loaded, enter, address, most, django_assert_max_num_queries):
    client = enter("koordinator")
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


def test_the_page_of_a_fact_asks_no_more_than_its_reviewed_number(loaded, enter, django_assert_max_num_queries):
    client, fact = enter("koordinator"), public.figure(SYSTEM, "victims-identified", "", 2020).fact
    client.get(f"/figures/{fact}/")
    with django_assert_max_num_queries(17):
        page = client.get(f"/figures/{fact}/").content.decode()
    assert "81 + 4 + 9 = 94" in page


def test_a_person_enters_another_approves_and_chooses_through_the_screens(loaded, enter):
    clerk, head = enter("statistika"), enter("koordinator")
    form = {"year": "2020", "split_group": "children", "qualifier": "exact", "value": "4", "source": "tip-2021", "place": "p. 1"}
    answer = clerk.post("/figures/enter/?indicator=victims-identified", form)
    fact = Fact.objects.latest("id")
    assert (answer.status_code, fact.key, fact.value) == (302, "group=children", 4)
    assert clerk.post("/figures/approve/", {"fact": [fact.id]}).status_code == 403
    assert head.get("/figures/?year=2020&only=unapproved").content.decode().count('name="fact"') == 1
    assert head.post("/figures/approve/", {"fact": [fact.id], "from": "fact"}).headers["Location"] == f"/figures/{fact.id}/"
    assert head.post(f"/figures/{fact.id}/choose/", {"reason": ""}).status_code == 200
    assert head.post(f"/figures/{fact.id}/choose/", {"reason": "counted again"}).status_code == 302
    assert public.figure(SYSTEM, *CHILDREN).value == 4
    assert head.post(f"/figures/{fact.id}/withdraw/", {"reason": "a slip"}).status_code == 302
    assert public.figure(SYSTEM, *CHILDREN).disputed


def test_an_import_is_approved_in_one_go_but_not_by_whoever_brought_it(loaded, enter):
    head, office = enter("koordinator"), enter("ofis")
    for who, year in ((head, "2031"), (office, "2032")):
        text = HEAD + row(year=year) + row(year=year, key="sex=male", value="2")
        assert who.post("/figures/import/", {"kind": "facts", "file": SimpleUploadedFile("rows.csv", text.encode())}).status_code == 302
    own, others = (head.get(f"/figures/?year={year}&only=unapproved").content.decode() for year in (2031, 2032))
    assert "waits for approval" in own
    assert 'name="fact"' not in own
    shown = re.search(r'name="shown" value="([\d ]+)"', others).group(1)
    assert head.post("/figures/approve/", {"shown": shown, "all": "1", "year": "2032"}).status_code == 302
    assert public.figure(SYSTEM, "victims-identified", "", 2032).value == 7
    assert Fact.objects.filter(year=2031, approved_at=None).count() == 2


def test_a_form_with_a_wrong_cell_comes_back_with_the_words_typed(loaded, enter):
    form = {"year": "2031", "split_country": "XQ", "qualifier": "exact", "value": "5,705", "source": "report-2020", "note": "Mənim qeydim"}
    page = enter("statistika").post("/figures/enter/?indicator=victims-identified", form).content.decode()
    assert "Write thousands without a comma" in page
    assert "Mənim qeydim" in page
    assert not Fact.objects.filter(year=2031).exists()


@pytest.mark.parametrize("who", ["kabinet", "din", "konsul"])
def test_a_reader_without_the_right_reaches_no_figure(loaded, enter, who):
    client, fact = enter(who), Fact.objects.latest("id").id
    for address in (
        "/figures/",
        "/figures/checks/",
        f"/figures/{fact}/",
        "/figures/export/csv/",
        "/figures/indicators/victims-identified/",
        "/figures/import/",
    ):
        assert client.get(address).status_code == 403, address
    for address in ("/figures/approve/", f"/figures/{fact}/choose/", f"/figures/{fact}/withdraw/", "/figures/enter/"):
        assert client.post(address, {"fact": fact, "reason": "x"}).status_code == 403, address
    assert Fact.objects.filter(withdrawn_at__isnull=False).count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "/figures/?year=²&q=%00&only=x",
        "/figures/?year=99999&q=%27%22;--",
        "/figures/checks/?year=1901",
        "/figures/99999999999999999999/",
        "/figures/0/",
        "/figures/indicators/nope/",
        "/figures/export/exe/",
        "/figures/export/xlsx/?year=2020&q=qurban",
        "/figures/enter/?indicator=%00",
    ],
)
def test_a_bad_address_is_never_a_fault_of_ours(loaded, enter, address):
    client = enter("koordinator")
    client.raise_request_exception = False
    assert client.get(address).status_code < 500


def test_a_bad_form_is_never_a_fault_of_ours(loaded, enter):
    client, fact = enter("koordinator"), Fact.objects.latest("id").id
    client.raise_request_exception = False
    posts = [
        ("/figures/approve/", {"fact": ["²", "x", "99999999999999999999"], "year": "²"}),
        ("/figures/approve/", {"fact": ["9999999999999999999"], "from": "fact"}),
        ("/figures/approve/", {}),
        (f"/figures/{fact}/choose/", {"reason": "\0"}),
        (f"/figures/{fact}/withdraw/", {"reason": "x" * 600}),
        ("/figures/enter/", {}),
        ("/figures/enter/?indicator=victims-identified", {"year": "²", "value": "\0", "split_country": "'"}),
        ("/figures/import/", {"kind": "nope"}),
        ("/figures/import/", {"kind": "facts", "file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04x")}),
    ]
    for address, data in posts:
        assert client.post(address, data).status_code < 500, address


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_indicators_and_rules_speak_the_readers_language(loaded, enter, language):
    page = enter("koordinator", language).get("/figures/checks/?year=2020").content.decode()
    assert {"az": "vətəndaşlar və əcnəbi", "en": "citizens and a foreigner", "ru": "граждане и иностранец"}[language] in page


# the command line


def test_the_command_prints_each_check_and_is_strict_only_when_asked(loaded, capsys):
    from qalxan.shell.cli import main

    assert main(["figures", "check", "2020", "--language", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("fails ")
    assert "2 July 2020 ≠ 22 July 2020" in lines[0]
    assert len(lines) == len(public.checks(SYSTEM, 2020))
    assert main(["figures", "check", "2020", "--strict", "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)) == len(lines)
    assert main(["figures", "check", "2018", "--strict"]) == 0


def test_the_command_imports_a_file_or_names_its_bad_cells(loaded, capsys, tmp_path):
    from qalxan.shell.cli import main

    file = tmp_path / "rows.csv"
    file.write_text(HEAD + row(), encoding="utf-8")
    assert main(["figures", "import", "facts", str(file)]) == 0
    assert Fact.objects.filter(year=2031, approved_at=None).count() == 1
    file.write_text(HEAD + row(year="x"), encoding="utf-8")
    assert main(["figures", "import", "facts", str(file), "--language", "en"]) == 2
    assert "rows.csv:2: year: A year is four digits" in capsys.readouterr().err
    assert main(["figures", "import", "facts", str(tmp_path / "none.csv")]) == 2
