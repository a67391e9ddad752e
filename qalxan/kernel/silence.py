"""Silence as data: what an answer, or its absence, is worth on a day; and who hears of it as it ages. Pure, so its laws can be tested.

An answer that is not due yet, one that is due, one that is late, one refused, one with nothing to report, and none when the window
closed are different facts (Rules on state programmes of 2021: returns with evidence by 20 January).
"""

import datetime as dt
from enum import StrEnum


class Silence(StrEnum):
    """Each way of answering or not answering."""

    NOT_DUE = "not_due"
    DUE = "due"
    LATE = "late"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    NOTHING = "nothing"
    ANSWERED = "answered"


class Ear(StrEnum):
    """Who is reminded, from the nearest to the highest."""

    FOCAL_POINT = "focal_point"
    DEPUTY = "deputy_focal_point"
    HEAD = "head_of_body"


STEPS = (0, 7, 14)
"""Days after the due date at which the focal point, then the deputy, then the head of the body is reminded."""


def of_return(*, handed_in: bool, refused: bool, all_nothing: bool, due: dt.date, today: dt.date, opened: dt.date, closed: bool) -> Silence:
    """What a whole return is worth on a day. `handed_in` is submitted, approved or locked; `due` counts extensions."""
    if refused:
        return Silence.REFUSED
    if handed_in:
        return Silence.NOTHING if all_nothing else Silence.ANSWERED
    if closed:
        return Silence.NO_ANSWER
    if today < opened:
        return Silence.NOT_DUE
    return Silence.LATE if today > due else Silence.DUE


def of_answer(stance: str, whole: Silence, *, ends_later: bool) -> Silence:
    """What one answer is worth inside its return. A duty whose own term ends after the reported year is not due while unanswered."""
    if stance == "refused":
        return Silence.REFUSED
    if whole in (Silence.ANSWERED, Silence.NOTHING) and stance in ("answered", "nothing"):
        return Silence.ANSWERED if stance == "answered" else Silence.NOTHING
    if whole in (Silence.ANSWERED, Silence.NOTHING):
        return Silence.NO_ANSWER
    return Silence.NOT_DUE if ends_later and whole in (Silence.DUE, Silence.LATE) else whole


def ears(due: dt.date, today: dt.date, steps: tuple[int, int, int] = STEPS) -> tuple[Ear, ...]:
    """Who should have been reminded by the day; nobody before the return is late."""
    late = (today - due).days
    return tuple(ear for ear, step in zip(Ear, steps, strict=True) if late > step) if late > 0 else ()


def opens_and_due(year: int) -> tuple[dt.date, dt.date]:
    """The default window for a reported year: from 1 to 20 January of the next."""
    return dt.date(year + 1, 1, 1), dt.date(year + 1, 1, 20)
