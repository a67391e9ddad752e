"""The arithmetic of meetings: quorum, and how often a group must meet. Whole numbers only."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many voting members are present, how many must be, and of how many."""

    present: int
    needed: int
    members: int

    @property
    def reached(self) -> bool:
        """Whether the meeting may decide. A group without voting members can never decide."""
        return self.members > 0 and self.present >= self.needed


def quorum(present: int, members: int, numerator: int, denominator: int) -> Quorum:
    """The quorum as a fraction of the voting members, rounded up: two thirds of 7 is 5."""
    return Quorum(present, -(-members * numerator // denominator), members)


class PeriodState(StrEnum):
    """Whether a group met in a period: it did; it did not and the period is over; it still can; the period is to come; nothing was owed yet."""

    MET = "met"
    MISSING = "missing"
    DUE = "due"
    AHEAD = "ahead"
    NOT_OWED = "not_owed"


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a year (a quarter where a group meets every three months): its place from 1, first and last day, and state."""

    place: int
    start: dt.date
    end: dt.date
    state: PeriodState


def latest_day(written: str) -> dt.date:
    """The latest day a date may mean that is as precise as its source: "2022" is 31 December, "2023-05" is 31 May.

    Raises ValueError for anything else.
    """
    parts = [int(part) for part in written.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return dt.date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def periods(year: int, months: int, since: str, held: Iterable[dt.date], today: dt.date) -> tuple[Period, ...]:
    """The periods of a year for a group that meets every `months` (a divisor of 12), bound by that rule `since` a date.

    A period counts as missing only once it has ended, and only when the rule already held at its start.
    """
    days, bound = tuple(held), latest_day(since)
    found = []
    for place in range(1, 12 // months + 1):
        start = dt.date(year, (place - 1) * months + 1, 1)
        end = dt.date(year, place * months, calendar.monthrange(year, place * months)[1])
        if any(start <= day <= end for day in days):
            state = PeriodState.MET
        elif start < bound:
            state = PeriodState.NOT_OWED
        elif end < today:
            state = PeriodState.MISSING
        else:
            state = PeriodState.DUE if start <= today else PeriodState.AHEAD
        found.append(Period(place, start, end, state))
    return tuple(found)
