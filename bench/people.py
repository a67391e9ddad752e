"""Invented people for measuring `qalxan bench match`: names of Azerbaijan and its neighbours with skewed frequencies, families, gaps.

Every person is drawn from lists of name parts; nobody is meant. Names are kept in Azerbaijani Latin letters by sound,
so that the noise models can spell them in any script.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

LISTS = {
    name: line.split()
    for name, _, line in (row.partition(": ") for row in Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines())
}
PLACES = LISTS["PLACES"]


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person: parts of the name by sound in Azerbaijani letters; None or "" is unknown."""

    kind: str
    woman: bool
    given: str
    father: str
    family: str
    year: int | None
    month: int | None
    day: int | None
    document: str
    phone: str
    place: str


class Pool:
    """A list to draw from with falling frequencies (a share ~ 1/(rank + flat)); beyond the first 25 a seed decides who is frequent."""

    def __init__(self, items: list[str], chance: random.Random, flat: float) -> None:
        tail = items[25:]
        chance.shuffle(tail)
        self.items = items[:25] + tail
        self.weights = list(itertools.accumulate(1 / (rank + flat) for rank in range(len(items))))

    def draw(self, chance: random.Random) -> str:
        """One item."""
        return chance.choices(self.items, cum_weights=self.weights)[0]


class People:
    """An endless stream of invented people from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = chance = random.Random(seed)
        men = LISTS["MEN"]
        joined = [a + b.replace("İ", "i").lower() for a in LISTS["FIRST"] for b in men[:60] if a != b][::6]
        self.men, self.women = Pool(list(dict.fromkeys(men + joined)), chance, 12), Pool(LISTS["WOMEN"], chance, 12)
        self.stems = Pool(list(dict.fromkeys([*LISTS["STEMS"], *men, *joined])), chance, 6)
        self.ru = [Pool(LISTS[name], chance, 5) for name in ("RU_MEN", "RU_WOMEN", "RU_FAMILIES")]
        self.other = [Pool(LISTS[name], chance, 10) for name in ("OTHER_MEN", "OTHER_WOMEN", "OTHER_FAMILIES")]
        self.last: Person | None = None

    def __iter__(self) -> Iterator[Person]:
        while True:
            yield self.one()

    def one(self) -> Person:
        """The next person; one in five is a brother or sister of the one before (one in 60 of these a twin)."""
        self.last = self.relative(self.last) if self.last and self.chance.random() < 0.2 else self._stranger()
        return self.last

    def relative(self, near: Person) -> Person:
        """A brother or sister: the same family, father and usually place, often the same phone; another given name and mostly birth."""
        chance = self.chance
        woman = chance.random() < 0.6
        family = _gendered(near.family, near.woman, woman)
        given = near.given
        while given == near.given:
            given = self._given(near.kind, woman)
        year, month, day = self._birth()
        if chance.random() < 1 / 60:
            year, month, day = near.year, near.month, near.day
        elif year and near.year:
            year = near.year + chance.choice((-7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7))
        phone = near.phone if chance.random() < 0.5 else self._phone()
        made = replace(
            near, woman=woman, given=given, family=family, year=year, month=month, day=day, document=self._document(), phone=phone
        )
        return made if chance.random() < 0.8 else replace(made, place=chance.choice(PLACES))

    def _stranger(self) -> Person:
        chance = self.chance
        kind = chance.choices(("az", "ru", "other"), (82, 8, 10))[0]
        woman = chance.random() < 0.6
        year, month, day = self._birth()
        family = self._family(kind, woman)
        father = self._given(kind, False) if kind != "other" or chance.random() < 0.3 else ""
        place = PLACES[min(int(chance.expovariate(0.09)), len(PLACES) - 1)] if chance.random() < 0.8 else ""
        return Person(kind, woman, self._given(kind, woman), father, family, year, month, day, self._document(), self._phone(), place)

    def _given(self, kind: str, woman: bool) -> str:
        men, women = (self.men, self.women) if kind == "az" else (self.ru if kind == "ru" else self.other)[:2]
        return (women if woman else men).draw(self.chance)

    def _family(self, kind: str, woman: bool) -> str:
        chance = self.chance
        if kind == "other":
            return self.other[2].draw(chance)
        if kind == "ru":
            return _gendered(self.ru[2].draw(chance), False, woman)
        stem = self.stems.draw(chance)
        form = chance.choices(("ov", "li", "zadə"), (78, 14, 8))[0]
        if form == "ov":
            ending = "ev" if stem[-1] == "y" else "yev" if stem[-1] in "aəiıeuü" else "ov"
            return stem + ending + ("a" if woman else "")
        if form == "zadə":
            return stem + "zadə"
        last = next((letter for letter in reversed(stem.lower()) if letter in "aəeiıoöuü"), "i")
        return stem + "l" + {"a": "ı", "ı": "ı", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}.get(last, "i")

    def _birth(self) -> tuple[int | None, int | None, int | None]:
        chance = self.chance
        draw = chance.random()
        if draw < 0.02:
            return None, None, None
        year = int(chance.triangular(1940, 2016, 1993))
        if draw < 0.08:
            return year, None, None
        return (year, 1, 1) if draw < 0.11 else (year, chance.randint(1, 12), chance.randint(1, 28))

    def _document(self) -> str:
        chance = self.chance
        if chance.random() > 0.35:
            return ""
        return chance.choice(("AZE", "AA", "C0")) + "".join(chance.choices("0123456789", k=7))

    def _phone(self) -> str:
        chance = self.chance
        return (
            "+994" + chance.choice(("50", "51", "55", "70", "77")) + "".join(chance.choices("0123456789", k=7))
            if chance.random() < 0.3
            else ""
        )


def _gendered(family: str, was_woman: bool, woman: bool) -> str:
    """A family name in -ov, -yev as a brother or a sister carries it."""
    if was_woman and not woman and family.endswith(("ova", "eva", "ina")):
        return family[:-1]
    return family + "a" if woman and family.endswith(("ov", "ev", "yov", "in")) else family
