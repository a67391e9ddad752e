"""What is recorded beside measures, ready to print."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import formats

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.bodies.models import Body
from qalxan.foundation.bodies.queries import names
from qalxan.kernel.bodies import GROUP, OPEN_LIST
from qalxan.kernel.names import sort_key
from qalxan.modules.plans.choices import CheckAnswer, MoneySource, Participation
from qalxan.modules.plans.models import Measure, Plan, RosterEntry, Treaty
from qalxan.modules.plans.queries.plans import act_label
from qalxan.modules.plans.queries.words import day_words


@dataclass(frozen=True, slots=True)
class PrincipleRow:
    """A working principle and the newest answer for a measure."""

    place: int
    text: str
    answer: str
    answer_label: str
    reason: str


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A row of financing; an unknown amount is empty."""

    body: str
    year: int
    source: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class OpenListRow:
    """An open list or a group of a measure and the bodies named for it."""

    as_written: str
    bodies: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class MeasureRecords:
    """Everything recorded beside a measure."""

    principles: tuple[PrincipleRow, ...]
    money: tuple[MoneyRow, ...]
    open_lists: tuple[OpenListRow, ...]
    participation: str
    participation_label: str
    participation_ground: str


def measure_records(actor: Actor, measure: Measure) -> MeasureRecords:
    """The records of a measure. The caller has found the measure through the plan the actor may read."""
    require(actor, Permission.PLAN_VIEW)
    bodies = names()
    answers = {c.principle: c for c in measure.checks.order_by("id")}
    principles = []
    for place, text in enumerate(measure.plan.principles, 1):
        check = answers.get(place)
        answer = check.answer if check else CheckAnswer.UNKNOWN.value
        principles.append(PrincipleRow(place, text, answer, str(CheckAnswer(answer).label), check.reason if check else ""))
    money = tuple(
        MoneyRow(
            bodies.get(f.body_id, f.body_id),
            f.year,
            str(MoneySource(f.source).label),
            f"{formats.number_format(f.amount, 2, force_grouping=True)} {f.currency}" if f.amount is not None else "",
            f.note,
        )
        for f in measure.financing.order_by("year", "id")
    )
    decision = measure.participation.order_by("-id").first()
    state = decision.answer if decision else Participation.OPEN.value
    ground = ", ".join(filter(None, (day_words(decision.decided_on), decision.ground))) if decision else ""
    return MeasureRecords(
        tuple(principles),
        money,
        _open_lists(measure, bodies),
        state if measure.plan.needs_participation else "",
        str(Participation(state).label),
        ground,
    )


def _open_lists(measure: Measure, bodies: dict[str, str]) -> tuple[OpenListRow, ...]:
    kinds = dict(Body.objects.filter(kind=OPEN_LIST).values_list("code", "kind"))
    named = {r.as_written: r.bodies for r in measure.resolutions.order_by("id")}
    found: dict[str, OpenListRow] = {}
    for cell in measure.cells.filter(column="executors").order_by("id"):
        for e in cell.value:
            if e["body"] is None or e["body"] in kinds:
                codes = tuple(named.get(e["as_written"], ()))
                found[e["as_written"]] = OpenListRow(e["as_written"], tuple(bodies.get(c, c) for c in codes), codes)
    return tuple(found.values())


def body_choices(kinds: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """Bodies (of some kinds) to choose from, in alphabetical order; groups and open lists are no members."""
    named = names()
    rows = Body.objects.filter(kind__in=kinds) if kinds else Body.objects.exclude(kind__in=[GROUP, OPEN_LIST, "cis"])
    return sorted(((code, named.get(code, code)) for code in rows.values_list("code", flat=True)), key=lambda c: sort_key(c[1]))


def groups_of(plan: Plan) -> list[tuple[str, str]]:
    """The groups a plan's measures name."""
    named = names()
    codes = set(Body.objects.filter(kind=GROUP).values_list("code", flat=True))
    used = {
        e["body"]
        for cell in Measure.objects.filter(plan=plan, cells__column="executors").values_list("cells__value", flat=True)
        for e in cell
        if e.get("body") in codes
    }
    return sorted(((code, named.get(code, code)) for code in used), key=lambda c: sort_key(c[1]))


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A group's members in a year."""

    group: str
    year: int
    members: tuple[str, ...]


def rosters(actor: Actor, plan: Plan) -> list[RosterRow]:
    """All rosters of a plan."""
    require(actor, Permission.PLAN_VIEW)
    named = names()
    found: dict[tuple[str, int], list[str]] = {}
    for group, year, member in (
        RosterEntry.objects.filter(plan=plan).order_by("group_id", "year").values_list("group_id", "year", "member_id")
    ):
        found.setdefault((group, year), []).append(named.get(member, member))
    return [RosterRow(named.get(g, g), y, tuple(sorted(m, key=sort_key))) for (g, y), m in found.items()]


@dataclass(frozen=True, slots=True)
class TreatyRow:
    """A treaty with what is known of it; empty is unknown."""

    id: int
    title: str
    concluded: str
    place: str
    signed: str
    ratified: str
    in_force: str
    act: str


def treaties(actor: Actor, language: str) -> list[TreatyRow]:
    """The treaty register, oldest first."""
    require(actor, Permission.PLAN_VIEW)
    return [
        TreatyRow(
            t.id,
            getattr(t, f"title_{language}", "") or t.title_az,
            day_words(t.concluded_on),
            t.place,
            day_words(t.signed_on),
            day_words(t.ratified_on),
            day_words(t.in_force_on),
            act_label(t.act) if t.act else "",
        )
        for t in Treaty.objects.select_related("act").order_by("concluded_on", "id")
    ]


def treaty_dates(actor: Actor, treaty_id: int) -> Mapping[str, object]:
    """What is recorded of a treaty, to start its form with. Raises Absent."""
    require(actor, Permission.PLAN_VIEW)
    found = Treaty.objects.filter(id=treaty_id).values("title_az", "signed_on", "ratified_on", "in_force_on", "source").first()
    if found is None:
        raise Absent(str(treaty_id))
    return dict(found)
