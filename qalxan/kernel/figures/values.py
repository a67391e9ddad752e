"""A figure as a stored fact, and the one value taken of several that are stated for the same thing."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

EXACT, MORE_THAN, ABOUT, UNKNOWN = "exact", "more_than", "about", "unknown"


class Slot(NamedTuple):
    """What a figure is of: an indicator, a split ("" for the whole) and the year counted."""

    indicator: str
    key: str
    year: int


@dataclass(frozen=True, slots=True)
class FactValue:
    """One statement of a figure. `decimals` is how many digits after the point its source prints; `source` is "" for what no source typed.
    `derived` tells that it was worked out from other figures, so that its agreeing with them proves little.

    The value is None where the source only says that it is not known, or where the figure is a date.
    """

    id: int
    slot: Slot
    value: Decimal | None
    qualifier: str = EXACT
    date: dt.date | None = None
    decimals: int = 0
    source: str = ""
    derived: bool = False

    @property
    def states(self) -> tuple[Decimal | None, str, dt.date | None]:
        """What is stated: two facts agree when this is the same."""
        return self.value, self.qualifier, self.date

    def interval(self) -> tuple[Decimal, Decimal] | None:
        """The least and the greatest number the words allow; None where nothing is known.

        "About" is taken as true to the place of its last digit that is not zero (about 370: 360 to 380), "more than" has no upper end.
        """
        if self.value is None or self.qualifier == UNKNOWN:
            return None
        if self.qualifier == MORE_THAN:
            return self.value, Decimal("Infinity")
        if self.qualifier == ABOUT:
            exponent = self.value.normalize().as_tuple().exponent
            step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
            return self.value - step, self.value + step
        return self.value, self.value


class Standing(StrEnum):
    """Why a value is taken, or why none is."""

    ONE = "one"
    AGREED = "agreed"
    CHOSEN = "chosen"
    DISPUTED = "disputed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Settled:
    """The fact taken for a slot (None when there is none or sources disagree), why, and everything stated for it."""

    standing: Standing
    fact: FactValue | None
    candidates: tuple[FactValue, ...] = ()


def settle(candidates: Sequence[FactValue], chosen: int | None = None) -> Settled:
    """The one value of a slot: the chosen fact if it still stands; else the only one; else what all agree on; else none.

    The result does not depend on the order of the candidates.
    """
    standing = tuple(sorted(candidates, key=lambda fact: fact.id))
    taken = next((fact for fact in standing if fact.id == chosen), None)
    if taken is not None:
        return Settled(Standing.CHOSEN, taken, standing)
    if len({fact.states for fact in standing}) > 1:
        return Settled(Standing.DISPUTED, None, standing)
    if not standing:
        return Settled(Standing.NONE, None)
    return Settled(Standing.ONE if len(standing) == 1 else Standing.AGREED, standing[0], standing)


def settle_all(facts: Iterable[FactValue], chosen: Mapping[Slot, int]) -> dict[Slot, Settled]:
    """Every slot of the facts with what is taken for it."""
    by_slot: dict[Slot, list[FactValue]] = {}
    for fact in facts:
        by_slot.setdefault(fact.slot, []).append(fact)
    return {slot: settle(stated, chosen.get(slot)) for slot, stated in by_slot.items()}
