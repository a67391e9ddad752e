"""Checking figures against rules: a verdict, and the arithmetic written out."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from qalxan.kernel.figures.rules import DateRule, GrowthRule, RateRule, Ref, Rule, SumRule, WithinRule, generated, refs_of
from qalxan.kernel.figures.values import ABOUT, EXACT, MORE_THAN, UNKNOWN, FactValue, Settled, Slot


class Verdict(StrEnum):
    """What a rule says of the figures."""

    HOLDS = "holds"
    FITS = "fits"
    CLOSES_WITH = "closes_with"
    INEXACT = "inexact"
    FAILS = "fails"
    NOT_CHECKABLE = "not_checkable"


FOUND = frozenset({Verdict.CLOSES_WITH, Verdict.FAILS})
"""Verdicts that a person must look at."""


class Why(StrEnum):
    """Why a verdict is no plain "holds" or "fails"."""

    PLAIN = ""
    MISSING = "missing"
    DISPUTED = "disputed"
    NO_ACT = "no_act"
    ZERO = "zero"
    APPROXIMATE = "approximate"
    OPEN_LIST = "open_list"
    FURTHER = "further"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule's verdict in a year. `source` is set where sources disagree and the rule is checked within one of them.

    `used` are the facts the arithmetic stands on, `further` those with which alone it closes, `missing` the slots without a value.
    """

    rule: Rule
    year: int
    verdict: Verdict
    why: Why = Why.PLAIN
    arithmetic: str = ""
    source: str = ""
    used: tuple[FactValue, ...] = ()
    further: tuple[FactValue, ...] = ()
    missing: tuple[Slot, ...] = ()


def plain(value: Decimal) -> str:
    """A number without trailing zeros."""
    return f"{value.normalize():f}"


@dataclass(frozen=True)
class Writing:
    """How numbers and dates are written in the arithmetic; a screen gives its language's forms."""

    number: Callable[[Decimal], str] = plain
    day: Callable[[dt.date], str] = dt.date.isoformat

    def fact(self, fact: FactValue) -> str:
        """A figure with the sign of its qualifier."""
        assert fact.value is not None
        return {MORE_THAN: ">", ABOUT: "~"}.get(fact.qualifier, "") + self.number(fact.value)


@dataclass
class _Case:
    """One rule in one year with the facts it may use."""

    rule: Rule
    year: int
    facts: Mapping[Slot, FactValue]
    acts: Mapping[str, dt.date]
    write: Writing
    source: str = ""
    used: list[FactValue] = field(default_factory=list)

    def get(self, ref: Ref) -> FactValue | None:
        """The fact of a reference, noted as used."""
        fact = self.facts.get(ref.slot(self.year))
        if fact is not None:
            self.used.append(fact)
        return fact

    def end(self, verdict: Verdict, arithmetic: str = "", why: Why = Why.PLAIN, further: tuple[FactValue, ...] = ()) -> Outcome:
        """The outcome with what was used."""
        return Outcome(self.rule, self.year, verdict, why, arithmetic, self.source, tuple(dict.fromkeys(self.used)), further)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Rounded half up, as reports print."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _numbers(facts: Iterable[FactValue]) -> Decimal:
    return sum((fact.value for fact in facts if fact.value is not None), Decimal(0))


def _sum(case: _Case, rule: SumRule) -> Outcome:
    parts = [fact for ref in rule.parts if (fact := case.get(ref))]
    total = case.get(rule.total) if rule.total else None
    low, high = rule.constant or Decimal(0), rule.constant or Decimal(0)
    if total is not None:
        low, high = total.interval() or (low, high)
    target = case.write.fact(total) if total is not None else case.write.number(low)
    spans = [span for fact in parts if (span := fact.interval())]
    least, most = sum((a for a, _ in spans), Decimal(0)), sum((b for _, b in spans), Decimal(0))
    written, exact = " + ".join(map(case.write.fact, parts)), low == high and least == most
    if exact and least == low:
        return case.end(Verdict.HOLDS, f"{written} = {target}")
    reached = f"{written} = {case.write.number(_numbers(parts))}"
    if exact and not (least < low and not rule.complete):
        return case.end(Verdict.FAILS, f"{reached} ≠ {target}")
    if not rule.complete and least <= high:
        return case.end(Verdict.FITS, f"{reached} ≤ {target}", Why.OPEN_LIST)
    if least <= high and low <= most:
        return case.end(Verdict.FITS, f"{written} ≈ {target}", Why.APPROXIMATE)
    return case.end(Verdict.INEXACT, f"{reached} ≠ {target}", Why.APPROXIMATE)


def _grown(case: _Case, rule: GrowthRule, parts: list[FactValue]) -> tuple[bool | None, str]:
    """Whether the printed growth follows when the total is the sum of the parts, and the arithmetic; None where nothing grew from zero."""
    count, percent = case.get(rule.count) if rule.count else None, case.get(rule.percent) if rule.percent else None
    before = case.get(rule.previous) if rule.previous else None
    total, number = _numbers(parts), case.write.number
    written = " + ".join(map(case.write.fact, parts)) + (f" = {number(total)}" if len(parts) > 1 else "")
    closes, steps = True, [written] if len(parts) > 1 else []
    old = before.value if before is not None else None
    if old is not None and count is not None and count.value is not None:
        same = total - old == count.value
        closes = closes and same
        steps.append(f"{number(total)} − {number(old)} = {number(total - old)}" + ("" if same else f" ≠ {case.write.fact(count)}"))
    if old is None and count is not None and count.value is not None:
        old = total - count.value
    if percent is not None and percent.value is not None and old is not None:
        if old <= 0:
            return None, "; ".join(steps)
        share = rounded((total - old) / old * 100, percent.decimals)
        same = share == percent.value
        closes = closes and same
        below = number(old) if before is not None else f"({number(total)} − {number(total - old)})"
        steps.append(f"{number(total - old)} / {below} = {number(share)} %" + ("" if same else f" ≠ {number(percent.value)} %"))
    return closes, "; ".join(steps)


def _growth(case: _Case, rule: GrowthRule) -> Outcome:
    parts = [fact for ref in rule.total if (fact := case.get(ref))]
    closes, steps = _grown(case, rule, parts)
    if closes is None:
        return case.end(Verdict.NOT_CHECKABLE, steps, Why.ZERO)
    rough = any(fact.qualifier != EXACT for fact in case.used)
    if closes:
        return case.end(Verdict.FITS if rough else Verdict.HOLDS, steps, Why.APPROXIMATE if rough else Why.PLAIN)
    further = [fact for ref in rule.further if (fact := case.facts.get(ref.slot(case.year))) and fact.value is not None]
    if further:
        with_more, more = _grown(case, rule, [*parts, *further])
        if with_more:
            return case.end(Verdict.CLOSES_WITH, f"{steps}. {more}", Why.FURTHER, tuple(further))
    if rough:
        return case.end(Verdict.INEXACT, steps, Why.APPROXIMATE)
    return case.end(Verdict.FAILS, steps)


def _rate(case: _Case, rule: RateRule) -> Outcome:
    printed, above, below = (case.get(ref) for ref in (rule.printed, rule.numerator, rule.denominator))
    assert printed is not None
    assert above is not None
    assert below is not None
    assert printed.value is not None
    assert above.value is not None
    assert below.value is not None
    if below.value == 0:
        return case.end(Verdict.NOT_CHECKABLE, "", Why.ZERO)
    (least, most), (fewest, all_) = above.interval() or (above.value,) * 2, below.interval() or (below.value,) * 2
    ends = [least / all_, most / fewest] if fewest > 0 else [least / all_, Decimal("Infinity")]
    low, high = (end if end.is_infinite() else rounded(end * rule.per, printed.decimals) for end in ends)
    number, share = case.write.number, above.value / below.value * rule.per
    fine = rounded(share, printed.decimals + 2)
    steps = f"{case.write.fact(above)} / {case.write.fact(below)} × {number(rule.per)} = {number(fine)}"
    near = rounded(share, printed.decimals)
    if near != fine:
        steps += f" ≈ {number(near)}"
    end = "" if near == printed.value else f" ≠ {case.write.fact(printed)}"
    if low == high == printed.value:
        return case.end(Verdict.HOLDS, steps)
    if low == high and printed.qualifier == EXACT:
        return case.end(Verdict.FAILS, steps + end)
    fits = low <= printed.value <= high
    return case.end(Verdict.FITS if fits else Verdict.INEXACT, steps + end, Why.APPROXIMATE)


def _date(case: _Case, rule: DateRule) -> Outcome:
    printed, day = case.get(rule.printed), case.acts.get(rule.act)
    assert printed is not None
    assert printed.date is not None
    if day is None:
        return case.end(Verdict.NOT_CHECKABLE, case.write.day(printed.date), Why.NO_ACT)
    same = printed.date == day
    sign = "=" if same else "≠"
    return case.end(Verdict.HOLDS if same else Verdict.FAILS, f"{case.write.day(printed.date)} {sign} {case.write.day(day)}")


def _within(case: _Case, rule: WithinRule) -> Outcome:
    part, whole = case.get(rule.part), case.get(rule.whole)
    assert part is not None
    assert whole is not None
    part_span, whole_span = part.interval(), whole.interval()
    assert part_span is not None
    assert whole_span is not None
    most, least = part_span[1], whole_span[0]
    if part.qualifier == MORE_THAN:
        most = part_span[0]
    written, rough = (case.write.fact(part), case.write.fact(whole)), part.qualifier != EXACT or whole.qualifier != EXACT
    if most <= least:
        return case.end(Verdict.FITS if part.qualifier == MORE_THAN else Verdict.HOLDS, f"{written[0]} ≤ {written[1]}",
                        Why.APPROXIMATE if part.qualifier == MORE_THAN else Why.PLAIN)  # fmt: skip
    over = f"{written[0]} > {written[1]}"
    return case.end(Verdict.INEXACT, over, Why.APPROXIMATE) if rough else case.end(Verdict.FAILS, over)


def _needed(rule: Rule, facts: Mapping[Slot, FactValue], year: int) -> tuple[Ref, ...]:
    """The figures without which a rule cannot be checked. With the earlier total known, either form of a growth is enough."""
    if not isinstance(rule, GrowthRule):
        return refs_of(rule)
    growth = tuple(ref for ref in (rule.percent, rule.count) if ref)
    if rule.previous is None:
        return (*growth, *rule.total)
    stated = tuple(ref for ref in growth if ref.slot(year) in facts)
    return (*(stated or growth), *rule.total, rule.previous)


def _known(fact: FactValue, rule: Rule) -> bool:
    return fact.date is not None if isinstance(rule, DateRule) else fact.value is not None and fact.qualifier != UNKNOWN


def _judge(case: _Case) -> Outcome:
    rule = case.rule
    missing = tuple(
        slot
        for ref in _needed(rule, case.facts, case.year)
        if (slot := ref.slot(case.year)) not in case.facts or not _known(case.facts[slot], rule)
    )
    if missing:
        used = tuple(case.facts[slot] for ref in refs_of(rule) if (slot := ref.slot(case.year)) in case.facts)
        return Outcome(rule, case.year, Verdict.NOT_CHECKABLE, Why.MISSING, "", case.source, used, (), missing)
    match rule:
        case SumRule():
            return _sum(case, rule)
        case GrowthRule():
            return _growth(case, rule)
        case RateRule():
            return _rate(case, rule)
        case DateRule():
            return _date(case, rule)
        case WithinRule():
            return _within(case, rule)
    raise TypeError(type(rule).__name__)


def _weighed(outcome: Outcome) -> Outcome:
    """The outcome, marked where figures agree that were worked out from one another."""
    agrees = outcome.verdict in (Verdict.HOLDS, Verdict.FITS) and outcome.why in (Why.PLAIN, Why.APPROXIMATE)
    return replace(outcome, why=Why.DERIVED) if agrees and any(fact.derived for fact in outcome.used) else outcome


def check(rule: Rule, year: int, table: Mapping[Slot, Settled], acts: Mapping[str, dt.date], write: Writing | None = None) -> list[Outcome]:
    """A rule in a year. Where sources disagree on a figure it needs, it is checked within each source that states all of those
    figures and the claim itself (the total, the rate); where no source does, it cannot be checked until someone chooses.
    """
    write = write or Writing()
    slots = [ref.slot(year) for ref in refs_of(rule)]
    settled = {slot: found.fact for slot in slots if (found := table.get(slot)) and found.fact is not None}
    disputed = [slot for slot in dict.fromkeys(slots) if slot in table and table[slot].fact is None]
    if not disputed:
        return [_weighed(_judge(_Case(rule, year, settled, acts, write)))]
    stated: dict[str, dict[Slot, FactValue]] = {}
    for slot in {*disputed, *slots[:1]}:
        for fact in table[slot].candidates if slot in table else ():
            stated.setdefault(fact.source, {}).setdefault(slot, fact)
    whole = [source for source in sorted(stated) if len(stated[source]) == len({*disputed, *slots[:1]})]
    if not whole:
        used = tuple(fact for slot in disputed for fact in table[slot].candidates)
        return [Outcome(rule, year, Verdict.NOT_CHECKABLE, Why.DISPUTED, "", "", used, (), tuple(disputed))]
    return [_weighed(_judge(_Case(rule, year, {**settled, **stated[source]}, acts, write, source))) for source in whole]


def check_year(
    rules: Iterable[Rule], year: int, table: Mapping[Slot, Settled], acts: Mapping[str, dt.date], write: Writing | None = None
) -> list[Outcome]:
    """All named rules that speak of the year (those for all years only where their claim is stated), then the generated sums."""
    named = list(rules)
    outcomes: list[Outcome] = []
    for rule in named:
        claim = refs_of(rule)[0].slot(year)
        if year in rule.years or (not rule.years and claim in table):
            outcomes += check(rule, year, table, acts, write)
    # a rule for other years says nothing here, so it hides no generated sum
    here = [rule for rule in named if not rule.years or year in rule.years]
    for sum_rule in generated(table, year, here):
        outcomes += check(sum_rule, year, table, acts, write)
    return outcomes
