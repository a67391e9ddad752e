"""Text with placed facts: read and written without loss; no bare number escapes."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qalxan.kernel.bare import bare_numbers
from qalxan.kernel.errors import BadInput
from qalxan.kernel.prose import Block, Fact, Typed, charts, facts, masked, parse, serialise, tidy

WORD = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=12)
    .map(lambda t: " ".join(t.split()))
    .filter(bool)
)
FACTS = st.builds(
    Fact, st.sampled_from(["victims", "nap.crimes", "a-b"]), st.sampled_from(["", "citizenship=AZ", "country=TR;form=sexual"]),
    st.sampled_from(["", "2019"]), st.sampled_from(["plain", "poss", "possdat"]),
)  # fmt: skip
RUNS = st.lists(st.one_of(WORD, FACTS, st.builds(Typed, WORD, WORD)), min_size=1, max_size=6).map(
    lambda runs: tuple(run for n, run in enumerate(runs) if n == 0 or not (isinstance(run, str) and isinstance(runs[n - 1], str)))
)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Block, st.sampled_from(["heading", "paragraph", "item"]), RUNS),
        st.builds(lambda c: Block("chart", chart=c), st.just("crimes")),
    ),
    max_size=5,
).map(tuple)


@given(BLOCKS)
@example((Block("paragraph", ("- x",)), Block("paragraph", ("[[chart:a]]",)), Block("paragraph", ("##",)), Block("item", ("- - x\\",))))
@example(
    (
        Block("paragraph", ("\\[[", Fact("a"), "]] [")),
        Block("paragraph", ("\\", Fact("a"))),
        Block("paragraph", ("[", Typed("\\", "|"), "]")),
    )
)
def test_blocks_written_are_read_again(blocks):
    assert parse(serialise(blocks)) == blocks


@given(st.text(st.sampled_from("[]|\\-# \n:acty5=\u00a0"), max_size=60))
def test_any_text_is_read_or_refused_and_its_tidy_form_is_stable(text):
    try:
        once = tidy(text)
    except BadInput as error:
        assert error.remedy
        return
    assert tidy(once) == once
    assert parse(once) == parse(text)


def test_a_section_reads_as_written():
    text = "## Baş\n\n[[victims]] qurbandan [[victims|citizenship=AZ|case=poss]].\n\n- bir\n- iki\n\n[[chart:crimes]]\n\n[[typed:40-a yaxın|DİN məktubu]]"
    assert serialise(parse(text)) == text
    assert [str(fact) for fact in facts(text)] == ["victims", "victims|citizenship=AZ|case=poss"]
    assert charts(text) == ["crimes"]
    assert str(facts("[[a|form=x;country=TR|case=dat|year=2019]]")[0]) == "a|country=TR;form=x|year=2019|case=dat"
    assert str(facts("[[a|case=dat]]")[0]) == "a||case=dat"


@pytest.mark.parametrize(
    "text",
    ["[[", "a [[b", "[[]]", "[[Böyük]]", "[[a|b]]", "[[a||case=x]]", "[[a||year=20]]", "[[a||case=dat|case=dat]]", "[[typed:5]]", "[[typed:|x]]", "[[typed:5|]]",
     "söz [[chart:crimes]]", "[[a|k=v|]]", "\0", "\ud800", "[[a b]]", "[[" * 5000, "x" * 200_001],
)  # fmt: skip
def test_a_placeholder_that_cannot_be_read_is_refused_with_a_remedy(text):
    with pytest.raises(BadInput) as refused:
        parse(text)
    assert refused.value.remedy


def bare(text, language="az"):
    return [(f.kind, f.text) for f in bare_numbers(text, language)]


@pytest.mark.parametrize(
    ("language", "text"),
    [("az", t) for t in ("2020-ci il üçün", "2020–2024-cü illər", "2018, 2019 və 2020-ci illərdə", "2020/2021-ci tədris ili", "7.5-ci maddəsi", "144-1-ci maddə",
                         "7.5-ci və 7.6-cı maddələr", "144-1, 144-2 və 144-3-cü maddələr", "№ 2173", "2173 nömrəli", "749-IIIQ nömrəli", "22 iyul 2020-ci il", "2020-ci il 14 mart",
                         "22.07.2020", "2020-07-22", "1. Giriş", "2) Metod", "COVID-19", "bir insan alverçisinin", "(2005-2020)", "1.1 nömrəli tədbir")]
    + [("ru", t) for t in ("в 2020 году", "2020 г.", "2020–2024 гг.", "ст. 144-1 и 144-2", "№ 2173 от 22 июля 2020 года", "пункт 5", "мероприятие 1.1", "22.07.2020")]
    + [("en", t) for t in ("in 2020", "in 2020 police", "between 2005 and 2020", "by the end of 2020.", "Article 7.5", "Articles 144-1 and 144-2", "22 July 2020",
                           "July 22, 2020", "July 2020", "No. 2173", "(2005–2020)", "measure 1.1", "one of them")],
)  # fmt: skip
def test_dates_years_and_references_may_stand_bare(language, text):
    assert bare(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("az", "94 qurban", ["94"]),
        ("az", "6 377 əcnəbi", ["6 377"]),
        ("az", "2020-ci ildə 94-ü", ["94"]),
        ("az", "3422 iyul 2020-ci il", ["3422"]),
        ("az", "30 fevral 2020-ci il", ["30"]),
        ("az", "144-4 fakt", ["144", "4"]),
        ("az", "2020-ci ilk şəxs", ["2020"]),
        ("az", "2020 nəfər", ["2020"]),
        ("az", "172,5 min", ["172,5", "min"]),
        ("az", "5² ½ Ⅳ ٣ 三", ["5²", "½", "Ⅳ", "٣", "三"]),
        ("az", "üç cinayətkar qrup", ["üç"]),
        ("az", "350-dən çox", ["350"]),
        ("ru", "94 лица в 2020 году", ["94"]),
        ("ru", "три группы, тысяча", ["три", "тысяча"]),
        ("ru", "2020 человек", ["2020"]),
        ("en", "in 2020 cases", ["2020"]),
        ("en", "of 2020 women", ["2020"]),
        ("en", "in 2020%", ["2020"]),
        ("en", "in 2,020", ["2,020"]),
        ("en", "2005–2020 persons", ["2005", "2020"]),
        ("en", "three criminal groups", ["three"]),
        ("en", "5. persons 7", ["7"]),
        ("en", "155. persons", ["155"]),
    ],
)
def test_every_other_number_is_found(language, text, found):
    assert [text for _, text in bare(text, language)] == found


def test_a_finding_says_where_it_stands_and_words_are_only_a_warning():
    text = "Müəyyən edilmiş 94 qurban, üç qrup"
    first, second = bare_numbers(text, "az")
    assert text[first.start : first.end] == "94" and first.before.endswith("edilmiş ") and first.after.startswith(" qurban")  # noqa: PT018
    assert (first.kind, second.kind) == ("bare", "word")


def test_placed_facts_and_typed_numbers_are_no_findings_and_nothing_hides_behind_brackets():
    assert bare("[[victims||year=2019]] [[typed:94 nəfər|2 mənbə]]") == []
    assert bare("\\[[94]] və [94]") == [("bare", "94"), ("bare", "94")]


@given(st.text(st.sampled_from("0123456789.,-– ()[]|%abciıуgfz²٣Ⅳ\u00a0"), max_size=50), st.sampled_from(["az", "en", "ru"]))
def test_no_digit_escapes_without_a_rule(text, language):
    covered = {at for f in bare_numbers(text, language) for at in range(f.start, f.end)}
    left = "".join(c if c.isnumeric() and at not in covered else " " for at, c in enumerate(masked(text))).split()
    if not any(word in text for word in ("20", "19", "21", "144", ")", ".", "-")):
        assert left == []


@given(st.integers(0, 10**9), st.sampled_from(["az", "en", "ru"]))
def test_a_number_before_a_noun_is_always_found(number, language):
    noun = {"az": "nəfər", "en": "persons", "ru": "человек"}[language]
    assert [text for _, text in bare(f"{noun} {number} {noun}", language)] == [str(number)]


@pytest.mark.parametrize(
    "text",
    [
        "1, " * 60_000,
        "2020, " * 30_000,
        "[[" + "a" * 190_000,
        "bir " * 45_000,
        "2020-2020" * 20_000,
        " " * 190_000 + "5",
        "\\" * 190_000,
        "|" * 190_000,
    ],
)
@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_hostile_text_is_searched_in_time(text, language):
    started = time.monotonic()
    bare_numbers(text, language)
    try:  # noqa: SIM105
        parse(text)
    except BadInput:
        pass
    assert time.monotonic() - started < 5
