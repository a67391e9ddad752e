"""The coordinator's view of a window: who has not reported, oldest first; the heat map; the comparison of bodies."""

import datetime as dt
from collections import Counter as Tally
from dataclasses import dataclass

from django.db.models import Q

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission, Role
from qalxan.foundation.accounts.queries import holders
from qalxan.kernel.names import sort_key
from qalxan.kernel.silence import Silence, ears, of_answer
from qalxan.modules.plans import public as plans
from qalxan.modules.plans.models import Measure
from qalxan.modules.reporting import policy
from qalxan.modules.reporting.choices import FINAL, SILENCE_LABELS, SILENCE_TAGS, RatingValue, Voice
from qalxan.modules.reporting.models import Answer, Rating, Return, Window
from qalxan.modules.reporting.queries.rows import ReturnRow, body_names, counted, return_row, standing_answers

_URGENCY = [Silence.NO_ANSWER, Silence.LATE, Silence.REFUSED, Silence.DUE, Silence.NOT_DUE, Silence.NOTHING, Silence.ANSWERED]


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window in a list."""

    id: int
    plan: str
    plan_title: str
    year: int
    opens: dt.date
    due: dt.date
    closed: bool


def windows(actor: Actor) -> list[WindowRow]:
    """Every window, newest first."""
    require(actor, Permission.BOARD_VIEW)
    return [_window(w) for w in Window.objects.select_related("plan").order_by("-year", "plan__code")]


def _window(found: Window) -> WindowRow:
    from qalxan.modules.reporting.queries.words import local

    return WindowRow(
        found.id, found.plan.code, local(found.plan, "title"), found.year, found.opens_on, found.due_on, found.state == "closed"
    )


def window_of(actor: Actor, window_id: int) -> WindowRow:
    """A window. Raises Refused or Absent."""
    require(actor, Permission.BOARD_VIEW, f"window:{window_id}")
    found = Window.objects.select_related("plan").filter(id=window_id).first()
    if found is None:
        raise Absent(f"window:{window_id}")
    return _window(found)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A body on the board: its return, who answers for it, and who should have been reminded."""

    row: ReturnRow
    people: tuple[str, ...]
    reminded: tuple[str, ...]
    readable: bool


@dataclass(frozen=True)
class Board:
    """A window's board."""

    window: WindowRow
    rows: tuple[BoardRow, ...]
    tally: tuple[tuple[str, str, str, int], ...]
    groups: tuple[str, ...]
    done: int
    total: int


def board(actor: Actor, window_id: int, today: dt.date) -> Board:
    """Who has not reported, the longest silent first; constant number of queries."""
    window = window_of(actor, window_id)
    bodies = body_names()
    rows = [return_row(r, today, bodies) for r in counted(Return.objects.filter(window=window_id))]
    readable = set(Return.objects.filter(policy.return_scope(actor), window=window_id).values_list("id", flat=True))
    who = holders([row.body for row in rows], (Role.FOCAL_POINT, Role.DEPUTY_FOCAL_POINT))
    rows.sort(key=lambda r: (_URGENCY.index(r.silence), -r.days_late, r.due, sort_key(r.body_name)))
    waiting = (Silence.LATE, Silence.NO_ANSWER)
    told = [
        BoardRow(r, who.get(r.body, ()), tuple(Role(e.value).label for e in ears(r.due, today)) if r.silence in waiting and not window.closed else (), r.id in readable)
        for r in rows
    ]  # fmt: skip
    count = Tally(row.silence for row in rows)
    tally = tuple((s.value, str(SILENCE_LABELS[s]), SILENCE_TAGS.get(s, ""), count[s]) for s in _URGENCY if count[s])
    return Board(window, tuple(told), tally, _without_roster(window, bodies), sum(r.done for r in rows), sum(r.total for r in rows))


def _without_roster(window: WindowRow, bodies: dict[str, str]) -> tuple[str, ...]:
    """Groups that owe duties of the year but have no members named, so nobody answers for them."""
    found = Window.objects.get(id=window.id)
    asked = set(Answer.objects.filter(of__window=window.id).values_list("duty_id", flat=True))
    return tuple(
        sorted({bodies.get(body, body) for duty, body in plans.owed_in(found.plan_id, window.year) if duty not in asked}, key=sort_key)
    )


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the silence map: the gravest silence of a body's duties in a measure, as a letter and a word."""

    code: str
    mark: str
    label: str


MARKS = {
    Silence.NOT_DUE: "·", Silence.DUE: "○", Silence.LATE: "!", Silence.NO_ANSWER: "×", Silence.REFUSED: "R", Silence.NOTHING: "0", Silence.ANSWERED: "●",
}  # fmt: skip
_GRAVITY = [Silence.REFUSED, Silence.NO_ANSWER, Silence.LATE, Silence.DUE, Silence.NOT_DUE, Silence.NOTHING, Silence.ANSWERED]


@dataclass(frozen=True)
class SilenceMap:
    """Bodies × measures of a window."""

    window: WindowRow
    columns: tuple[tuple[str, int, str], ...]
    rows: tuple[tuple[str, str, tuple[Spot | None, ...]], ...]
    legend: tuple[tuple[str, str, str], ...]


def silence_map(actor: Actor, window_id: int, today: dt.date) -> SilenceMap:
    """What each body answered, or did not, to each measure; constant number of queries."""
    window = window_of(actor, window_id)
    bodies = body_names()
    returns = {r["id"]: return_row(r, today, bodies) for r in counted(Return.objects.filter(window=window_id))}
    answers = standing_answers(of__window=window_id).order_by().values_list("of_id", "duty__measure_id", "stance", "duty__period_end")
    worst: dict[tuple[int, int], int] = {}
    for of, measure, stance, end in answers:
        grave = _GRAVITY.index(of_answer(stance, returns[of].silence, ends_later=end.year > window.year))
        worst[of, measure] = min(worst.get((of, measure), len(_GRAVITY)), grave)
    used = {measure for _of, measure in worst}
    measures = [m for m in Measure.objects.filter(plan__code=window.plan).values_list("id", "number", "occurrence") if m[0] in used]
    spots = {s: Spot(s.value, MARKS[s], str(SILENCE_LABELS[s])) for s in Silence}
    order = sorted(returns.values(), key=lambda r: sort_key(r.body_name))
    rows = tuple(
        (r.body, r.body_name, tuple(spots[_GRAVITY[worst[r.id, m]]] if (r.id, m) in worst else None for m, _, _ in measures)) for r in order
    )
    columns = tuple((number or "–", occurrence, number or "-") for _, number, occurrence in measures)
    return SilenceMap(window, columns, rows, tuple((spots[s].code, spots[s].mark, spots[s].label) for s in _GRAVITY))


@dataclass(frozen=True, slots=True)
class Compared:
    """A body beside others: how much it answered, how late, its own ratings, and how often another voice differs."""

    row: ReturnRow
    ratings: tuple[int, ...]
    coordinator_differs: int
    evaluator_differs: int


@dataclass(frozen=True)
class Comparison:
    """Bodies of a window side by side. Ratings are counted, never averaged: their steps are an order, not amounts."""

    window: WindowRow
    scale: tuple[str, ...]
    rows: tuple[Compared, ...]


def comparison(actor: Actor, window_id: int, today: dt.date) -> Comparison:
    """Bodies side by side; ratings come from approved returns only."""
    window = window_of(actor, window_id)
    bodies = body_names()
    rows = [return_row(r, today, bodies) for r in counted(Return.objects.filter(window=window_id))]
    scale = [value for value, _label in RatingValue.choices]
    own: dict[int, dict[int, str]] = {}
    final = standing_answers(of__window=window_id, of__state__in=FINAL).order_by()
    for answer, of, rating in final.exclude(self_rating="").values_list("id", "of_id", "self_rating"):
        own.setdefault(of, {})[answer] = rating
    newest: dict[tuple[int, str], str] = {}
    others = Rating.objects.filter(Q(voice=Voice.COORDINATOR) | Q(voice=Voice.EVALUATOR), answer__of__window=window_id).order_by("id")
    for answer, voice, value in others.values_list("answer_id", "voice", "value"):
        newest[answer, voice] = value
    told = []
    for row in sorted(rows, key=lambda r: (-r.percent, r.days_late, sort_key(r.body_name))):
        mine = own.get(row.id, {})
        gaps = Tally(voice for (answer, voice), value in newest.items() if answer in mine and mine[answer] != value)
        counts = Tally(mine.values())
        told.append(Compared(row, tuple(counts[s] for s in scale), gaps[Voice.COORDINATOR.value], gaps[Voice.EVALUATOR.value]))
    return Comparison(window, tuple(str(label) for _value, label in RatingValue.choices), tuple(told))
