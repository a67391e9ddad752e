"""What the screens of figures show: the list of a year, an indicator through the years, one fact."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.models import User
from qalxan.foundation.bodies.queries import names
from qalxan.kernel.figures import DIMENSIONS, Settled, Slot, Standing, settle
from qalxan.kernel.names import search_key, sort_key
from qalxan.modules.reporting.choices import Unit
from qalxan.modules.reporting.public import IndicatorWords, indicator_words
from qalxan.reports.statistics.choices import RETURN_CHANGED, StandingWord
from qalxan.reports.statistics.models import Choice, Fact, Source
from qalxan.reports.statistics.policy import may_approve
from qalxan.reports.statistics.queries.checks import CheckRow, checks_of_fact
from qalxan.reports.statistics.queries.current import Period, chosen_facts, fact_value, source_title
from qalxan.reports.statistics.queries.words import period_words, value_words
from qalxan.webkit.words import KeyWords, dimension_words

_TONES = {Standing.ONE: "good", Standing.AGREED: "good", Standing.CHOSEN: "good", Standing.DISPUTED: "bad", Standing.NONE: "wait"}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source states of a figure."""

    id: int
    words: str
    source: str
    source_code: str
    place: str
    figure: str
    approved: bool
    withdrawn: bool
    taken: bool
    approvable: bool


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One figure: a split of an indicator in a year or period, with everything that is stated of it and what is taken."""

    key: str
    key_words: str
    year: int
    period: str
    standing: str
    standing_label: str
    tone: str
    words: str
    statements: tuple[Statement, ...]

    @property
    def waiting(self) -> tuple[int, ...]:
        """The statements that nobody has approved yet."""
        return tuple(s.id for s in self.statements if not s.approved)

    @property
    def approvable(self) -> tuple[int, ...]:
        """Those of them that this reader may approve."""
        return tuple(s.id for s in self.statements if s.approvable)


@dataclass(frozen=True, slots=True)
class IndicatorRows:
    """An indicator with its figures of the list."""

    code: str
    label: str
    unit: str
    rows: tuple[SlotRow, ...]


def _statement(actor: Actor, fact: Fact, taken: int | None) -> Statement:
    return Statement(
        fact.id, value_words(fact.value, fact.date, fact.qualifier, fact.decimals), source_title(fact), fact.source.code if fact.source else fact.origin,
        fact.place, fact.figure, fact.approved_at is not None, fact.withdrawn_at is not None, fact.id == taken, fact.approved_at is None and fact.withdrawn_at is None and may_approve(actor, fact),
    )  # fmt: skip


def _grouped(facts: Iterable[Fact]) -> dict[tuple[Slot, Period], list[Fact]]:
    found: dict[tuple[Slot, Period], list[Fact]] = {}
    for fact in facts:
        found.setdefault((Slot(fact.indicator_id, fact.key, fact.year), (fact.period_start, fact.period_end)), []).append(fact)
    return found


def _settled(facts: list[Fact], chosen: int | None) -> Settled:
    """What is taken of the facts that are approved and not withdrawn."""
    return settle([fact_value(f) for f in facts if f.approved_at is not None and f.withdrawn_at is None], chosen)


def _slot_row(actor: Actor, slot: Slot, period: Period, facts: list[Fact], chosen: int | None, keys: KeyWords) -> SlotRow:
    settled = _settled(facts, chosen)
    taken = settled.fact
    words = value_words(taken.value, taken.date, taken.qualifier, taken.decimals) if taken else ""
    return SlotRow(
        slot.key, keys.key(slot.key), slot.year, period_words(*period), settled.standing.value, str(StandingWord(settled.standing.value).label),
        _TONES[settled.standing], words, tuple(_statement(actor, fact, taken.id if taken else None) for fact in facts),
    )  # fmt: skip


def years(actor: Actor) -> list[int]:
    """The years that have figures, newest first."""
    require(actor, Permission.FACT_VIEW)
    return list(Fact.objects.filter(withdrawn_at=None).order_by("-year").values_list("year", flat=True).distinct())


def _order(slot: Slot) -> tuple[bool, str]:
    return bool(slot.key), slot.key


def figure_list(actor: Actor, year: int, *, text: str = "", only: str = "") -> list[IndicatorRows]:
    """The figures of a year by indicator, in the reader's alphabet; four queries. `only` is "disputed", "unapproved" or "" for all."""
    require(actor, Permission.FACT_VIEW)
    condition = Q(year=year, withdrawn_at=None)
    grouped = _grouped(Fact.objects.filter(condition).select_related("source").order_by("id"))
    chosen, indicators, keys = chosen_facts(condition), indicator_words(), KeyWords()
    found: dict[str, list[SlotRow]] = {}
    words = search_key(text).split()
    for (slot, period), facts in sorted(grouped.items(), key=lambda item: (*_order(item[0][0]), str(item[0][1][0] or ""))):
        row = _slot_row(actor, slot, period, facts, chosen.get((slot, period)), keys)
        if (only == "disputed" and row.standing != Standing.DISPUTED) or (only == "unapproved" and not row.waiting):
            continue
        about = indicators[slot.indicator]
        searched = search_key(f"{about.label} {about.code} {about.definition} {row.key_words}")
        if all(word in searched for word in words):
            found.setdefault(slot.indicator, []).append(row)
    rows = [IndicatorRows(code, indicators[code].label, indicators[code].unit_label, tuple(slots)) for code, slots in found.items()]
    azerbaijani = (get_language() or "az") == "az"
    return sorted(rows, key=lambda row: sort_key(row.label) if azerbaijani else row.label.casefold())


@dataclass(frozen=True, slots=True)
class SourceLegend:
    """A source as the indicator's page names it."""

    code: str
    title: str
    ref: str


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """An indicator: its definition, and every year and split with what each source states of it."""

    about: IndicatorWords
    dimensions: tuple[str, ...]
    sources: tuple[SourceLegend, ...]
    years: tuple["YearTable", ...]


@dataclass(frozen=True, slots=True)
class YearTable:
    """The figures of one year: a column for each source that states any of them."""

    year: int
    columns: tuple[str, ...]
    rows: tuple[tuple[SlotRow, tuple[tuple[str, tuple[Statement, ...]], ...]], ...]


def indicator_page(actor: Actor, code: str) -> IndicatorPage:
    """An indicator's page; four queries. Raises Refused, Absent."""
    require(actor, Permission.FACT_VIEW)
    about = indicator_words().get(code)
    if about is None:
        raise Absent(f"indicator:{code}")
    condition = Q(indicator_id=code, withdrawn_at=None)
    facts = list(Fact.objects.filter(condition).select_related("source").order_by("id"))
    chosen, keys = chosen_facts(condition), KeyWords()
    legend = {
        f.source.code if f.source else f.origin: SourceLegend(f.source.code if f.source else f.origin, source_title(f), f.source.ref if f.source else "")
        for f in facts
    }  # fmt: skip
    by_year: dict[int, list[SlotRow]] = {}
    for (slot, period), stated in sorted(
        _grouped(facts).items(), key=lambda item: (-item[0][0].year, str(item[0][1][0] or ""), _order(item[0][0]))
    ):
        by_year.setdefault(slot.year, []).append(_slot_row(actor, slot, period, stated, chosen.get((slot, period)), keys))
    tables = tuple(_year_table(year, rows) for year, rows in by_year.items())
    return IndicatorPage(about, tuple(map(dimension_words, about.dimensions)), tuple(legend[c] for c in sorted(legend)), tables)


def _year_table(year: int, rows: list[SlotRow]) -> YearTable:
    columns = tuple(sorted({s.source_code for row in rows for s in row.statements}))
    cells = tuple((row, tuple((c, tuple(s for s in row.statements if s.source_code == c)) for c in columns)) for row in rows)
    return YearTable(year, columns, cells)


@dataclass(frozen=True, slots=True)
class Contributor:
    """Whose number went into a figure: a body's return, or another figure."""

    body: str
    name: str
    value: str
    fact: int | None


@dataclass(frozen=True, slots=True)
class PastChoice:
    """A choice between sources: which fact, why, by whom, when."""

    fact: int
    words: str
    reason: str
    by: str
    at: dt.datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class FactPage:
    """Everything that is known of one statement of a figure."""

    id: int
    about: IndicatorWords
    row: SlotRow
    statement: Statement
    others: tuple[Statement, ...]
    origin: str
    source_ref: str
    reporting_year: int | None
    note: str
    contributors: tuple[Contributor, ...]
    known_since: dt.datetime
    entered_by: str
    approved_by: str
    approved_at: dt.datetime | None
    withdrawn_by: str
    withdrawn_at: dt.datetime | None
    withdrawn_reason: str
    choices: tuple[PastChoice, ...]
    checks: tuple[CheckRow, ...]
    may_approve: bool
    may_choose: bool
    may_withdraw: bool


def _person(user: User | None) -> str:
    return user.name if user is not None else str(_("the installation"))


def _contributors(fact: Fact) -> tuple[Contributor, ...]:
    bodies = names() if any("body" in item for item in fact.contributors) else {}
    ids = [item["fact"] for item in fact.contributors if "fact" in item]
    stated = {f.id: f for f in Fact.objects.filter(id__in=ids)} if ids else {}
    labels = indicator_words() if stated else {}
    found = []
    for item in fact.contributors:
        if (other := stated.get(item.get("fact"))) is not None:
            value = value_words(other.value, other.date, other.qualifier, other.decimals)
            found.append(Contributor("", labels[other.indicator_id].label, value, other.id))
        else:
            code = str(item.get("body", ""))
            found.append(Contributor(code if code in bodies else "", bodies.get(code, code), str(item.get("value", "")), None))
    return tuple(found)


def _choices(same: list[Fact], taken: int | None) -> tuple[PastChoice, ...]:
    words = {fact.id: value_words(fact.value, fact.date, fact.qualifier, fact.decimals) for fact in same}
    rows = list(Choice.objects.filter(fact_id__in=list(words)).select_related("by").order_by("-id"))
    return tuple(
        PastChoice(c.fact_id, words[c.fact_id], c.reason, _person(c.by), c.at, place == 0 and c.fact_id == taken)
        for place, c in enumerate(rows)
    )


def fact_page(actor: Actor, fact_id: int) -> FactPage:
    """A fact's page. Raises Refused, Absent."""
    require(actor, Permission.FACT_VIEW)
    found = Fact.objects.select_related("source", "entered_by", "approved_by", "withdrawn_by")
    fact = found.filter(id=fact_id).first() if 0 < fact_id < 2**63 else None
    if fact is None:
        raise Absent(f"fact:{fact_id}")
    period = (fact.period_start, fact.period_end)
    condition = Q(indicator_id=fact.indicator_id, key=fact.key, year=fact.year, period_start=period[0], period_end=period[1])
    same = list(Fact.objects.filter(condition).select_related("source").order_by("id"))
    slot = Slot(fact.indicator_id, fact.key, fact.year)
    row = _slot_row(actor, slot, period, same, chosen_facts(condition).get((slot, period)), KeyWords())
    own = next(s for s in row.statements if s.id == fact.id)
    stands, approver = fact.withdrawn_at is None, Permission.FACT_APPROVE in actor.permissions
    several = sum(not s.withdrawn and s.approved for s in row.statements) > 1
    waiting_own = fact.approved_at is None and fact.entered_by_id is not None and fact.entered_by_id == actor.user_id
    return FactPage(
        fact.id, indicator_words()[fact.indicator_id], row, own, tuple(s for s in row.statements if s.id != fact.id), str(fact.get_origin_display()),
        fact.source.ref if fact.source else "", fact.reporting_year, fact.note, _contributors(fact), fact.known_since, _person(fact.entered_by),
        _person(fact.approved_by) if fact.approved_at else "", fact.approved_at, _person(fact.withdrawn_by) if fact.withdrawn_at else "", fact.withdrawn_at,
        _reason(fact.withdrawn_reason), _choices(same, next((s.id for s in row.statements if s.taken), None)),
        tuple(checks_of_fact(actor, fact.id, fact.year)),
        own.approvable,
        stands and approver and several and fact.approved_at is not None and not (own.taken and row.standing == Standing.CHOSEN),
        stands and (approver or waiting_own),
    )  # fmt: skip


def _reason(stored: str) -> str:
    """A reason in the person's words; the installation's own ones are kept as English and said in the reader's language."""
    return _("The return changed.") if stored == RETURN_CHANGED else stored


def source_choices() -> list[tuple[str, str]]:
    """Every source as a choice of a form."""
    language = get_language() or "az"
    return [(s.code, getattr(s, f"title_{language}", "") or s.title_az) for s in Source.objects.order_by("-year", "code")]


def indicator_choices() -> list[tuple[str, str]]:
    """Every indicator as a choice of a form, in the reader's alphabet."""
    azerbaijani = (get_language() or "az") == "az"
    rows = [(i.code, i.label) for i in indicator_words().values()]
    return sorted(rows, key=lambda row: sort_key(row[1]) if azerbaijani else row[1].casefold())


@dataclass(frozen=True, slots=True)
class SplitField:
    """A dimension as a field of the form: its codes in words, or none where any code of an outside list may be written."""

    name: str
    label: str
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What the form for one indicator asks: its splits, and whether it counts or is a date."""

    about: IndicatorWords
    splits: tuple[SplitField, ...]
    is_date: bool


def entry_form(actor: Actor, code: str) -> EntryForm | None:
    """The form's shape for an indicator; None when there is no such indicator. Raises Refused."""
    require(actor, Permission.FACT_ENTER)
    about = indicator_words().get(code)
    if about is None:
        return None
    keys = KeyWords()
    bodies = sorted(names().items(), key=lambda item: sort_key(item[1])) if "provider" in about.dimensions else []
    splits = []
    for name in about.dimensions:
        codes: Iterable[tuple[str, Any]] = bodies if name == "provider" else ((c, keys.code(name, c)) for c in DIMENSIONS.get(name, ()))
        splits.append(SplitField(name, dimension_words(name), tuple(codes)))
    return EntryForm(about, tuple(splits), about.unit == Unit.DATE)
