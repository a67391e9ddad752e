"""The checks of a year in words: each rule with its arithmetic, verdict and figures."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.figures import Slot, split_of
from qalxan.kernel.figures.checks import FOUND, Outcome, Verdict, Why, check_year
from qalxan.kernel.figures.rules import DateRule, Rule, SumRule, refs_of, rule_of
from qalxan.modules.plans import public as plans
from qalxan.modules.reporting.public import IndicatorWords, indicator_words
from qalxan.reports.statistics.choices import TONE, VerdictWord
from qalxan.reports.statistics.models import Source
from qalxan.reports.statistics.queries.current import table_of
from qalxan.reports.statistics.queries.words import value_words, writing
from qalxan.webkit.words import KeyWords, dimension_words

RULES = Path(__file__).resolve().parents[1] / "data" / "checks.json"
_ORDER = {Verdict.FAILS: 0, Verdict.CLOSES_WITH: 1, Verdict.INEXACT: 2, Verdict.NOT_CHECKABLE: 3, Verdict.FITS: 4, Verdict.HOLDS: 5}


@cache
def _named() -> dict[str, tuple[Rule, dict[str, str]]]:
    """The reviewed rules by code, each with its title in three languages."""
    rows: list[dict[str, Any]] = json.loads(RULES.read_text(encoding="utf-8"))
    return {row["code"]: (rule_of(row), row["title"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Used:
    """A figure a check stands on."""

    fact: int
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check ready to print. `sentence` says what the verdict means, `arithmetic` shows it; `found` marks what a person must look at.

    `source` is the document within which it was checked where sources disagree, else "".
    """

    code: str
    title: str
    year: int
    verdict: str
    verdict_label: str
    tone: str
    found: bool
    plain: bool
    sentence: str
    arithmetic: str
    source: str
    used: tuple[Used, ...]
    missing: tuple[str, ...]


class _Words:
    """What the words of a year's checks need, read once."""

    def __init__(self) -> None:
        self.indicators: dict[str, IndicatorWords] = indicator_words()
        self.keys = KeyWords()
        self.language = get_language() or "az"
        self.sources = dict(Source.objects.values_list("code", f"title_{self.language}"))

    def slot(self, slot: Slot, year: int) -> str:
        """A figure's name; its year is said where it is not the year that is checked."""
        about = self.indicators.get(slot.indicator)
        name = about.label if about else slot.indicator
        name += f" ({self.keys.key(slot.key)})" if slot.key else ""
        return name if slot.year == year else f"{name}, {slot.year}"

    def title(self, outcome: Outcome) -> str:
        """A named rule's title, or what a generated sum adds up."""
        rule = outcome.rule
        named = _named().get(rule.code)
        if named is not None:
            return named[1].get(self.language) or named[1]["az"]
        assert isinstance(rule, SumRule)
        assert rule.total is not None
        dimension = next(iter(split_of(rule.parts[0].key).keys() - split_of(rule.total.key).keys()))
        return _("%(figure)s: parts by %(dimension)s") % {
            "figure": self.slot(rule.total.slot(outcome.year), outcome.year),
            "dimension": dimension_words(dimension),
        }

    def sentence(self, outcome: Outcome) -> str:
        """What the verdict means."""
        year = outcome.year
        missing = "; ".join(self.slot(slot, year) for slot in outcome.missing)
        further = "; ".join(self.slot(fact.slot, year) for fact in outcome.further)
        match outcome.why:
            case Why.MISSING:
                return _("Without a value: %(what)s.") % {"what": missing}
            case Why.DISPUTED:
                return _("Sources disagree, and nobody has chosen: %(what)s.") % {"what": missing}
            case Why.NO_ACT:
                return _("The act is not in the system.")
            case Why.ZERO:
                return _("Nothing can be divided by zero.")
            case Why.FURTHER:
                return _("The figures as added up do not give it. It closes only together with: %(what)s.") % {"what": further}
            case Why.OPEN_LIST:
                return _("The parts do not exceed the total; the source does not say that they are all.")
            case Why.APPROXIMATE if outcome.verdict == Verdict.FITS:
                return _("It fits as far as “about” and “more than” allow.")
            case Why.APPROXIMATE:
                return _("Figures that are only “about” or “more than” cannot settle it.")
            case Why.DERIVED:
                return _("The figures agree, but some of them were worked out from the others, so it proves little.")
        if outcome.verdict == Verdict.HOLDS:
            return _("The figures agree.")
        return (
            _("The text names another day than the act.")
            if isinstance(outcome.rule, DateRule)
            else _("The figures contradict one another.")
        )

    def row(self, outcome: Outcome) -> CheckRow:
        """The outcome as a row."""
        used = tuple(
            Used(f.id, self.slot(f.slot, outcome.year), value_words(f.value, f.date, f.qualifier, f.decimals))
            for f in dict.fromkeys((*outcome.used, *outcome.further))
        )
        verdict = outcome.verdict
        return CheckRow(
            outcome.rule.code, self.title(outcome), outcome.year, verdict.value, str(VerdictWord(verdict.value).label), TONE[verdict.value], verdict in FOUND, outcome.why == Why.PLAIN and verdict == Verdict.HOLDS,
            self.sentence(outcome), outcome.arithmetic, self.sources.get(outcome.source, outcome.source), used,
            tuple(self.slot(slot, outcome.year) for slot in outcome.missing),
        )  # fmt: skip


def _acts(actor: Actor, rules: Iterable[Rule]) -> dict[str, dt.date]:
    """Plan code → the date of its act, for the acts that date rules name and that are in the system."""
    dates = {}
    for code in {rule.act for rule in rules if isinstance(rule, DateRule)}:
        try:
            date = plans.plan_of(actor, code).act.date
        except Absent:
            continue
        if date is not None:
            dates[code] = date
    return dates


def checks(actor: Actor, year: int) -> list[CheckRow]:
    """Every check of a year, what must be looked at first; a constant number of queries. Raises Refused."""
    require(actor, Permission.FACT_VIEW)
    rules = [rule for rule, _title in _named().values()]
    back = max((ref.back for rule in rules for ref in refs_of(rule)), default=0)
    table = table_of(Q(year__gte=year - back, year__lte=year))
    here = [rule for rule in rules if not rule.years or year in rule.years]
    outcomes = check_year(rules, year, table, _acts(actor, here), writing())
    words = _Words()
    return [words.row(outcome) for outcome in sorted(outcomes, key=lambda o: _ORDER[o.verdict])]


def checks_of_fact(actor: Actor, fact_id: int, year: int, back: int = 1) -> list[CheckRow]:
    """The checks that a fact takes part in: of its own year, and of those after it that look back at it."""
    rows = [row for y in range(year, year + back + 1) for row in checks(actor, y)]
    return [row for row in rows if any(used.fact == fact_id for used in row.used)]
