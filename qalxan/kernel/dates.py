"""Dates as Azerbaijani acts write them: "22 iyul 2020-ci il", "2004-cü il 6 may", "1926-cı il sentyabrın 25-də"."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from qalxan.kernel.names import lower

MONTHS = (
    "yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr",
)  # fmt: skip
MONTH = "|".join(MONTHS)
_YEAR = r"(?P<{0}>(?:19|20)\d\d)\s?-?\s?c[iıuü]\s+il\w*"
_DATE = re.compile(
    rf"(?P<d1>\d{{1,2}})\s+(?P<m1>{MONTH})\w*\s+{_YEAR.format('y1')}"
    rf"|{_YEAR.format('y2')}\s+(?P<d2>\d{{1,2}})\s+(?P<m2>{MONTH})"
    rf"|{_YEAR.format('y3')}\s+(?P<m3>{MONTH})\w*\s+(?P<d3>\d{{1,2}})\b"
    r"|(?P<d4>\d{1,2})[.-](?P<n4>\d{1,2})[.-](?P<y4>(?:19|20)\d\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands in the text."""

    date: dt.date
    start: int
    end: int


def find_dates(text: str) -> Iterator[FoundDate]:
    """Every full date in the text, in order; a day that does not exist is passed over."""
    for match in _DATE.finditer(lower(text)):
        found = match.groupdict()
        for form in "1234":
            if found[f"d{form}"]:
                month = int(found["n4"]) if form == "4" else MONTHS.index(found[f"m{form}"]) + 1
                try:
                    date = dt.date(int(found[f"y{form}"]), month, int(found[f"d{form}"]))
                except ValueError:
                    break
                yield FoundDate(date, match.start(), match.end())


def first_date(text: str) -> dt.date | None:
    """The first full date in the text, or None."""
    return next((found.date for found in find_dates(text)), None)
