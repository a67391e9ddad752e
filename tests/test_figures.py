"""Figures: how a value is settled between sources, and what rules say of it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalxan.kernel.figures import FactValue, Slot, Standing, read_key, settle, settle_all
from qalxan.kernel.figures.checks import Verdict, Why, check, check_year
from qalxan.kernel.figures.rules import DateRule, GrowthRule, RateRule, Ref, SumRule, WithinRule, generated, rule_of

YEAR = 2031
TOTAL, WOMEN, MEN, CHILDREN = Ref("victims"), Ref("victims", "group=women"), Ref("victims", "group=men"), Ref("victims", "group=children")
BY_GROUP = SumRule("by-group", total=TOTAL, parts=(WOMEN, MEN, CHILDREN))
counts = st.integers(min_value=0, max_value=10**6)


def fact(ref, value, *, id=1, qualifier="exact", source="s", decimals=0, date=None, derived=False):
    return FactValue(id, ref.slot(YEAR), None if value is None else Decimal(str(value)), qualifier, date, decimals, source, derived)


def table(*facts, chosen=None):
    return settle_all([replace(f, id=n) for n, f in enumerate(facts, 1)], chosen or {})


def verdict(rule, *facts, acts=None):
    (outcome,) = check(rule, YEAR, table(*facts), acts or {})
    return outcome.verdict


# settling


def test_one_statement_stands_alone_and_equal_ones_agree():
    a, b = fact(TOTAL, 94, id=1), fact(TOTAL, 94, id=2, source="t")
    assert (settle([a]).standing, settle([b, a]).standing, settle([b, a]).fact) == (Standing.ONE, Standing.AGREED, a)
    assert (settle([]).standing, settle([]).fact) == (Standing.NONE, None)


def test_sources_that_disagree_give_no_value_until_one_is_chosen():
    a, b = fact(CHILDREN, 2, id=1), fact(CHILDREN, 3, id=2, source="t")
    assert (settle([a, b]).standing, settle([a, b]).fact) == (Standing.DISPUTED, None)
    assert (settle([a, b], 2).standing, settle([a, b], 2).fact) == (Standing.CHOSEN, b)
    assert settle([a], 2).standing == Standing.ONE, "the choice lapses with its fact"


def test_about_370_and_370_are_not_the_same_statement():
    assert settle([fact(TOTAL, 370, id=1), fact(TOTAL, 370, id=2, qualifier="about")]).standing == Standing.DISPUTED


def test_unknown_is_not_zero():
    assert settle([fact(TOTAL, None, id=1, qualifier="unknown"), fact(TOTAL, 0, id=2)]).standing == Standing.DISPUTED


@given(st.permutations([fact(TOTAL, v, id=n) for n, v in enumerate((94, 94, 91))]))
def test_the_order_of_statements_changes_nothing(facts):
    assert settle(facts) == settle(sorted(facts, key=lambda f: f.id))


# sums


@given(st.lists(counts, min_size=3, max_size=3))
def test_parts_that_add_to_the_total_hold(parts):
    facts = [fact(ref, n) for ref, n in zip((WOMEN, MEN, CHILDREN), parts, strict=True)]
    assert verdict(BY_GROUP, fact(TOTAL, sum(parts)), *facts) == Verdict.HOLDS


@given(st.lists(counts, min_size=3, max_size=3), st.integers(0, 2), st.integers(-50, 50).filter(bool))
def test_damage_to_any_one_part_makes_the_sum_fail(parts, place, damage):
    total = sum(parts)
    parts[place] += damage
    facts = [fact(ref, n) for ref, n in zip((WOMEN, MEN, CHILDREN), parts, strict=True)]
    assert verdict(BY_GROUP, fact(TOTAL, total), *facts) == Verdict.FAILS


@given(st.permutations([WOMEN, MEN, CHILDREN]), st.permutations(range(4)))
def test_the_order_of_parts_and_facts_changes_no_verdict(refs, order):
    facts = [fact(TOTAL, 94), fact(WOMEN, 89), fact(MEN, 3), fact(CHILDREN, 2)]
    assert verdict(replace(BY_GROUP, parts=tuple(refs)), *(facts[i] for i in order)) == Verdict.HOLDS


@pytest.mark.parametrize("gone", [TOTAL, WOMEN, MEN, CHILDREN])
def test_a_missing_figure_makes_a_check_impossible_never_true(gone):
    facts = [fact(r, v) for r, v in ((TOTAL, 94), (WOMEN, 89), (MEN, 3), (CHILDREN, 2)) if r != gone]
    (outcome,) = check(BY_GROUP, YEAR, table(*facts), {})
    assert (outcome.verdict, outcome.why, outcome.missing) == (Verdict.NOT_CHECKABLE, Why.MISSING, (gone.slot(YEAR),))


def test_a_figure_that_its_source_does_not_know_is_missing_too():
    facts = [fact(TOTAL, 92), fact(WOMEN, 89), fact(MEN, 3), fact(CHILDREN, None, qualifier="unknown")]
    assert verdict(BY_GROUP, *facts) == Verdict.NOT_CHECKABLE


def test_an_approximate_part_may_fit_but_neither_holds_nor_fails():
    rest = fact(WOMEN, 300), fact(MEN, 20)
    assert verdict(BY_GROUP, fact(TOTAL, 692), *rest, fact(CHILDREN, 370, qualifier="about")) == Verdict.FITS
    assert verdict(BY_GROUP, fact(TOTAL, 800), *rest, fact(CHILDREN, 370, qualifier="about")) == Verdict.INEXACT
    assert verdict(BY_GROUP, fact(TOTAL, 800), *rest, fact(CHILDREN, 370, qualifier="more_than")) == Verdict.FITS
    assert verdict(BY_GROUP, fact(TOTAL, 600), *rest, fact(CHILDREN, 370, qualifier="more_than")) == Verdict.INEXACT


def test_a_list_that_nobody_calls_complete_may_be_short_but_not_long():
    some = replace(BY_GROUP, parts=(WOMEN, MEN), complete=False)
    assert verdict(some, fact(TOTAL, 94), fact(WOMEN, 80), fact(MEN, 3)) == Verdict.FITS
    assert verdict(some, fact(TOTAL, 94), fact(WOMEN, 91), fact(MEN, 3)) == Verdict.HOLDS
    assert verdict(some, fact(TOTAL, 94), fact(WOMEN, 94), fact(MEN, 3)) == Verdict.FAILS


def test_the_arithmetic_is_written_out():
    (outcome,) = check(BY_GROUP, YEAR, table(fact(TOTAL, 94), fact(WOMEN, 89), fact(MEN, 3), fact(CHILDREN, 4)), {})
    assert outcome.arithmetic == "89 + 3 + 4 = 96 ≠ 94"
    assert len(outcome.used) == 4


def test_where_sources_disagree_a_sum_is_checked_within_the_one_that_states_it_all():
    facts = [fact(TOTAL, 94, source="report"), fact(WOMEN, 89, source="report"), fact(MEN, 3, source="report"),
             fact(CHILDREN, 2, source="report"), fact(CHILDREN, 3, source="press")]  # fmt: skip
    outcomes = check(BY_GROUP, YEAR, table(*facts), {})
    assert [(o.source, o.verdict) for o in outcomes] == [("report", Verdict.HOLDS)]
    nobody = [replace(f, source=f"only-{n}") for n, f in enumerate(facts)]
    assert [(o.verdict, o.why) for o in check(BY_GROUP, YEAR, table(*nobody), {})] == [(Verdict.NOT_CHECKABLE, Why.DISPUTED)]


def test_a_figure_worked_out_from_the_others_proves_little():
    facts = [fact(TOTAL, 94, derived=True), fact(WOMEN, 89), fact(MEN, 3), fact(CHILDREN, 2)]
    (outcome,) = check(BY_GROUP, YEAR, table(*facts), {})
    assert (outcome.verdict, outcome.why) == (Verdict.HOLDS, Why.DERIVED)


def test_sums_are_made_for_each_split_that_has_its_total_and_two_parts():
    refs = [TOTAL, WOMEN, MEN, Ref("victims", "form=sexual"), Ref("victims", "form=labour"), Ref("victims", "form=sexual;sex=female"),
            Ref("victims", "form=sexual;sex=male"), Ref("lonely", "sex=male"), Ref("lonely", "sex=female")]  # fmt: skip
    found = {rule.code: rule for rule in generated([r.slot(YEAR) for r in refs], YEAR, [])}
    assert set(found) == {"sum:victims::group", "sum:victims::form", "sum:victims:form=sexual:sex"}
    assert not found["sum:victims::group"].complete, "the children are not stated"
    assert found["sum:victims:form=sexual:sex"].complete
    assert generated([r.slot(YEAR) for r in refs], YEAR, [BY_GROUP])[0].code != "sum:victims::group"


# growth, rates, dates, wholes

GROWTH = GrowthRule(
    "growth", total=(Ref("crimes", "kind=trafficking"), Ref("crimes", "kind=documents")), further=(Ref("crimes", "kind=forced_labour"),),
    count=Ref("growth"), percent=Ref("growth-share"),
)  # fmt: skip


def crimes(forced=5, percent="7.5", count=14):
    return [fact(GROWTH.total[0], 155), fact(GROWTH.total[1], 40), *([fact(GROWTH.further[0], forced)] if forced is not None else []),
            fact(GROWTH.count, count), fact(GROWTH.percent, percent, decimals=1)]  # fmt: skip


def test_the_growth_closes_only_with_the_five_facts_of_forced_labour():
    (outcome,) = check(GROWTH, YEAR, table(*crimes()), {})
    assert outcome.verdict == Verdict.CLOSES_WITH
    assert outcome.arithmetic == "155 + 40 = 195; 14 / (195 − 14) = 7.7 % ≠ 7.5 %. 155 + 40 + 5 = 200; 14 / (200 − 14) = 7.5 %"
    assert [f.value for f in outcome.further] == [5]


def test_growth_fails_when_no_declared_part_closes_it():
    assert verdict(GROWTH, *crimes(forced=None)) == Verdict.FAILS
    assert verdict(GROWTH, *crimes(forced=60)) == Verdict.FAILS
    assert verdict(GROWTH, *crimes(percent="7.7")) == Verdict.HOLDS


def test_a_percentage_is_compared_at_the_precision_it_is_printed_with():
    whole = fact(GROWTH.percent, 8)
    assert verdict(GROWTH, *crimes()[:-1], whole) == Verdict.HOLDS, "7.7 printed as 8"
    assert verdict(GROWTH, *crimes()[:-1], replace(whole, decimals=1)) == Verdict.FAILS, "8.0 is not 7.7"


def test_growth_against_the_stored_year_before():
    rule = GrowthRule("year", total=(Ref("crimes"),), previous=Ref("crimes", "", 1), count=Ref("growth"), percent=Ref("growth-share"))
    before = replace(fact(Ref("crimes"), 186), slot=Slot("crimes", "", YEAR - 1))
    printed = fact(GROWTH.count, 14), fact(GROWTH.percent, "7.5", decimals=1)
    assert verdict(rule, before, fact(Ref("crimes"), 200), *printed) == Verdict.HOLDS
    assert verdict(rule, before, fact(Ref("crimes"), 195), *printed) == Verdict.FAILS
    assert verdict(rule, before, fact(Ref("crimes"), 200), printed[1]) == Verdict.HOLDS, "the percentage alone is enough"
    assert verdict(rule, fact(Ref("crimes"), 200), *printed) == Verdict.NOT_CHECKABLE
    nothing = replace(before, value=Decimal(0))
    assert verdict(rule, nothing, fact(Ref("crimes"), 14), *printed) == Verdict.NOT_CHECKABLE, "nothing grows from zero in per cent"


def test_a_rate_follows_from_the_population_at_its_printed_precision():
    rule = RateRule("rate", numerator=TOTAL, denominator=Ref("population"), printed=Ref("rate"), per=Decimal(100_000))
    people = fact(Ref("population"), 10_100_000, qualifier="about")
    assert verdict(rule, fact(TOTAL, 94), people, fact(Ref("rate"), 1)) == Verdict.HOLDS
    assert verdict(rule, fact(TOTAL, 94), people, fact(Ref("rate"), "0.93", decimals=2)) == Verdict.FITS
    assert verdict(rule, fact(TOTAL, 94), people, fact(Ref("rate"), 2)) == Verdict.FAILS
    assert verdict(rule, fact(TOTAL, 94), fact(Ref("population"), 0), fact(Ref("rate"), 1)) == Verdict.NOT_CHECKABLE


def test_a_date_named_in_the_text_is_the_acts_date():
    rule = DateRule("date", printed=Ref("order"), act="PLAN")
    printed = fact(Ref("order"), None, date=dt.date(2020, 7, 2))
    (outcome,) = check(rule, YEAR, table(printed), {"PLAN": dt.date(2020, 7, 22)})
    assert (outcome.verdict, outcome.arithmetic) == (Verdict.FAILS, "2020-07-02 ≠ 2020-07-22")
    assert verdict(rule, printed, acts={"PLAN": dt.date(2020, 7, 2)}) == Verdict.HOLDS
    assert verdict(rule, printed) == Verdict.NOT_CHECKABLE


def test_a_part_is_no_greater_than_its_whole():
    rule = WithinRule("within", part=Ref("part"), whole=Ref("whole"))
    assert verdict(rule, fact(rule.part, 5), fact(rule.whole, 5)) == Verdict.HOLDS
    assert verdict(rule, fact(rule.part, 6), fact(rule.whole, 5)) == Verdict.FAILS
    assert verdict(rule, fact(rule.part, 6, qualifier="about"), fact(rule.whole, 5)) == Verdict.INEXACT


# rules as data


def test_a_rule_without_years_speaks_only_where_its_claim_is_stated():
    assert check_year([replace(BY_GROUP, years=())], YEAR, {}, {}) == []
    (outcome,) = check_year([replace(BY_GROUP, years=(YEAR,))], YEAR, {}, {})
    assert outcome.verdict == Verdict.NOT_CHECKABLE


@pytest.mark.parametrize(
    "row", [{"code": "x", "kind": "magic"}, {"code": "x", "kind": "sum", "parts": ["a[sex=blue]"]}, {"code": "x", "kind": "sum"}]
)
def test_a_wrong_rule_is_refused(row):
    with pytest.raises((ValueError, KeyError)):
        rule_of(row)


def test_a_split_is_read_in_any_order_and_written_in_one():
    assert read_key(" form = sexual ;country=AE; ") == "country=AE;form=sexual"


@pytest.mark.parametrize("written", ["sex", "sex=", "=male", "sex=male;sex=male", "sex=blue", "planet=AE", "country=A E", "country=<b>"])
def test_what_is_no_split_is_refused(written):
    with pytest.raises(ValueError):
        read_key(written)


@given(st.text(max_size=40))
def test_any_text_is_a_split_or_refused(text):
    try:
        once = read_key(text)
    except ValueError:
        return
    assert read_key(once) == once
