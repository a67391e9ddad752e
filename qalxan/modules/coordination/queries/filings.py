"""Filings: approved answers of bodies' returns, of which every outside answer is made. The returns hand them in; nothing is typed twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qalxan.foundation.access.actor import Actor


class Filing(Protocol):
    """An approved answer: its id, the body and its name, the year it reports on, the measure as people say it, and the words."""

    @property
    def id(self) -> int:
        """The filing's own number, kept in the answer."""

    @property
    def body(self) -> str:
        """The body's code."""

    @property
    def body_name(self) -> str:
        """The body's name in the reader's language."""

    @property
    def year(self) -> int:
        """The year it reports on."""

    @property
    def measure_label(self) -> str:
        """The measure, such as "4.2.1"."""

    @property
    def text(self) -> str:
        """The approved words."""


class Filings(Protocol):
    """Where filings come from: those on any of the measures, of a year, that the actor may read."""

    def __call__(self, actor: Actor, measure_ids: list[int], year: int) -> "Sequence[Filing]":
        """The filings, in the order they should be read."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A filing offered for an answer, and in how many answers it already stands."""

    id: int
    body_name: str
    year: int
    measure_label: str
    text: str
    used: int
