"""Returns and answers as screens show them: the read models shared by pages, workbook and report."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from qalxan.foundation.bodies.queries import names
from qalxan.kernel.silence import Silence, of_answer, of_return
from qalxan.modules.plans import public as plans
from qalxan.modules.plans.choices import DutyRole, DutyState
from qalxan.modules.reporting.choices import HANDED_IN, SILENCE_LABELS, SILENCE_TAGS, RatingValue, ReturnState, WindowState
from qalxan.modules.reporting.models import Answer, Return


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return in a list: whose, for what, how far, and what its silence is worth today."""

    id: int
    body: str
    body_name: str
    plan: str
    plan_title: str
    year: int
    window: int
    state: str
    state_label: str
    silence: Silence
    silence_label: str
    tag: str
    due: dt.date
    days_late: int
    done: int
    total: int
    submitted_at: dt.datetime | None
    closed: bool

    @property
    def percent(self) -> int:
        """How much is answered, 0-100."""
        return round(100 * self.done / self.total) if self.total else 0


STANDING = Q(answers__duty__state__in=[DutyState.OPEN, DutyState.ANSWERED])
_DONE = STANDING & ~Q(answers__stance="")


def counted(returns: QuerySet[Return]) -> Any:
    """The returns as a query set of dictionaries with the numbers of their answers; one query."""
    return returns.annotate(
        total=Count("answers", filter=STANDING), done=Count("answers", filter=_DONE), nothing=Count("answers", filter=STANDING & Q(answers__stance="nothing"))
    ).values(
        "id", "body_id", "state", "due_on", "submitted_at", "note", "total", "done", "nothing", "window_id", "window__year", "window__state", "window__opens_on",
        "window__plan__code", f"window__plan__title_{_language()}",
    )  # fmt: skip


def _language() -> str:
    language = get_language() or "az"
    return language if language in ("az", "en", "ru") else "az"


def return_row(found: dict[str, Any], today: dt.date, bodies: dict[str, str]) -> ReturnRow:
    """One row of `counted`."""
    closed = found["window__state"] == WindowState.CLOSED and found["state"] != ReturnState.REOPENED
    silence = silence_of(found, today)
    ended = found["submitted_at"].date() if found["submitted_at"] and found["state"] in (*HANDED_IN, ReturnState.REFUSED) else today
    return ReturnRow(
        id=found["id"], body=found["body_id"], body_name=bodies.get(found["body_id"], found["body_id"]), plan=found["window__plan__code"],
        plan_title=found[f"window__plan__title_{_language()}"], year=found["window__year"], window=found["window_id"], state=found["state"],
        state_label=str(ReturnState(found["state"]).label), silence=silence, silence_label=str(SILENCE_LABELS[silence]), tag=SILENCE_TAGS.get(silence, ""),
        due=found["due_on"], days_late=max(0, (ended - found["due_on"]).days), done=found["done"], total=found["total"], submitted_at=found["submitted_at"],
        closed=closed,
    )  # fmt: skip


def silence_of(found: dict[str, Any], today: dt.date) -> Silence:
    """What a counted return is worth on the day."""
    return of_return(
        handed_in=found["state"] in HANDED_IN,
        refused=found["state"] == ReturnState.REFUSED,
        all_nothing=found["total"] > 0 and found["nothing"] == found["total"],
        due=found["due_on"],
        today=today,
        opened=found["window__opens_on"],
        closed=found["window__state"] == WindowState.CLOSED and found["state"] != ReturnState.REOPENED,
    )


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer in a list: the duty it is for and how it stands."""

    id: int
    body: str
    measure_id: int
    number: str
    occurrence: int
    label: str
    title: str
    role: str
    period: str
    stance: str
    narrative: str
    rating: str
    rating_label: str
    silence: Silence
    silence_label: str
    tag: str
    evidence: int
    version: int


ANSWER_FIELDS = ("id", "of_id", "of__body_id", "duty__measure_id", "duty__measure__number", "duty__measure__occurrence", "duty__result", "duty__role", "duty__period_start", "duty__period_end",
           "duty__measure__short_az", "duty__measure__short_en", "duty__measure__short_ru", "duty__measure__search", "stance", "narrative", "self_rating", "version", "files")  # fmt: skip


def standing_answers(**filters: Any) -> QuerySet[Answer]:
    """Answers to duties that still stand, in the plan's order."""
    return (
        Answer.objects.filter(duty__state__in=[DutyState.OPEN, DutyState.ANSWERED], **filters)
        .annotate(files=Count("evidence", filter=Q(evidence__removed_at=None)))
        .order_by("duty__measure__position", "duty__result", "duty__period_start", "id")
    )


def answer_rows(answers: QuerySet[Answer], whole: Silence, year: int) -> list[AnswerRow]:
    """Answers of one return as rows; one query. `whole` is what the return is worth."""
    return [answer_row(v, whole, year) for v in answers.values(*ANSWER_FIELDS)]


def answer_row(v: dict[str, Any], whole: Silence, year: int) -> AnswerRow:
    """One answer."""
    silence = of_answer(v["stance"], whole, ends_later=v["duty__period_end"].year > year)
    title = v[f"duty__measure__short_{_language()}"] or v["duty__measure__short_az"] or v["duty__measure__search"][:110]
    return AnswerRow(
        id=v["id"], body=v["of__body_id"], measure_id=v["duty__measure_id"], number=v["duty__measure__number"] or "-", occurrence=v["duty__measure__occurrence"],
        label=plans.measure_label(v["duty__measure__number"], v["duty__measure__occurrence"], v["duty__result"]), title=title,
        role=str(DutyRole(v["duty__role"]).label), period=plans.period_words(v["duty__period_start"], v["duty__period_end"]), stance=v["stance"],
        narrative=v["narrative"], rating=v["self_rating"], rating_label=rating_label(v["self_rating"]), silence=silence,
        silence_label=str(SILENCE_LABELS[silence]), tag=SILENCE_TAGS.get(silence, ""), evidence=v["files"], version=v["version"],
    )  # fmt: skip


def rating_label(value: str) -> str:
    """A rating in words, "" for none."""
    return str(RatingValue(value).label) if value else ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure a body gives in its return: the indicator (or slice of it), and what was given."""

    indicator: int
    code: str
    label: str
    definition: str
    unit: str
    unit_label: str
    key: str
    key_label: str
    given: bool
    qualifier: str
    value: Decimal | None
    words: str


def body_names() -> dict[str, str]:
    """Code → name in the reader's language."""
    return names()
