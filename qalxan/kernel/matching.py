"""Have we met this person? Blocking keys, their keyed tokens, and the weighing of two descriptions, over sealed identities.

A record is filed under about 26 compound keys; the holder of the secret turns each into a signed 64-bit token and keeps
(token, person) rows. A question is turned into tokens by `probes`, candidates come back ranked by how rare the shared
tokens are (`LOOKUP`), are opened, and weighed by `score`. Pure functions: no database, no clock, no key kept.
A weight never merges anybody: it proposes, with its evidence, to a person who decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from typing import TypeVar

from rapidfuzz.distance import OSA

from qalxan.kernel.names import How, Name, Word, compare_names, parts, spelt, word
from qalxan.kernel.names import align as _align

CANDIDATES = 60
"""How many candidates, best rarity first, are opened and scored for one question."""
PER_TOKEN = 400
"""A token shared by this many records or more says nothing: its rows are not used."""
STRICT = 26.0
"""From this weight (bits) on, a candidate is put before the holder as a probable match; below it as a possible one."""
POSSIBLE = 5.0
"""Below this weight a candidate is not shown at all."""

LOOKUP = """
SELECT person, sum(rarity) AS rarity FROM (
    SELECT unnest(people) AS person, ln(%(total)s::float8 / cardinality(people)) AS rarity
    FROM unnest(%(tokens)s::bigint[]) AS asked(token) CROSS JOIN LATERAL (
        SELECT array_agg(person) AS people FROM (
            SELECT person FROM vault_token WHERE vault_token.token = asked.token LIMIT %(per_token)s
        ) AS found
    ) AS gathered WHERE cardinality(people) < %(per_token)s
) AS hit GROUP BY person ORDER BY sum(rarity) DESC, person LIMIT %(candidates)s
"""
"""Candidates of a list of tokens from `vault_token(token bigint, person)`; needs an index (token) INCLUDE (person) or (token, person)."""

Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class Birth:
    """A date of birth as far as it is known: a year; a year and month; all three; or nothing. None is unknown, never zero."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def full(self) -> bool:
        """All three are known, and it is not the 1 January that papers carry where only the year was known."""
        return None not in (self.year, self.month, self.day) and (self.month, self.day) != (1, 1)


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a person for matching, as written: names (each a whole name), birth, document and phone numbers, place."""

    names: tuple[str, ...]
    birth: Birth = Birth()
    documents: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    place: str = ""

    def pack(self) -> bytes:
        """Bytes to seal; `unpack` reads them. The two separators (control characters) are taken out of what is written."""
        b = self.birth
        date = ["" if value is None else str(value) for value in (b.year, b.month, b.day)]
        rows = [self.names, date, self.documents, self.phones, [self.place]]
        return _FIELD.join(_ITEM.join(item.translate(_NO_SEPARATORS) for item in row) for row in rows).encode("utf-8", "replace")

    @staticmethod
    def unpack(packed: bytes) -> "Features":
        """The features of `pack`. Raises ValueError for anything else."""
        names, birth, documents, phones, place = packed.decode().split(_FIELD)
        year, month, day = birth.split(_ITEM)
        return Features(
            tuple(names.split(_ITEM)) if names else (),
            Birth(int(year) if year else None, int(month) if month else None, int(day) if day else None),
            tuple(documents.split(_ITEM)) if documents else (),
            tuple(phones.split(_ITEM)) if phones else (),
            place,
        )


_FIELD, _ITEM = "\x1f", "\x1e"
_NO_SEPARATORS = str.maketrans("", "", _FIELD + _ITEM)


# ---- keys ----


def token(key: bytes, text: str) -> int:
    """A key's text as a signed 64-bit number by keyed BLAKE2b (RFC 7693; `key` of 16-64 bytes): without the secret it says nothing."""
    return int.from_bytes(blake2b(text.encode(), key=key, digest_size=8).digest(), "big", signed=True)


def keys(features: Features) -> set[str]:
    """The compound keys a record is filed under, about 26 for a whole record."""
    return set(_keys(features, probing=False))


def probes(features: Features) -> set[str]:
    """The keys a question asks for: the record's own, and those of the year before and after."""
    return set(_keys(features, probing=True))


def _keys(features: Features, *, probing: bool) -> Iterator[str]:
    birth, place = features.birth, _place(features.place)
    years = [birth.year] if birth.year else []
    near = [birth.year - 1, birth.year + 1] if birth.year and probing else []
    for name in features.names[:6]:
        taken = parts(name)
        own = [_code(one) for one in taken.words[:4]]
        coded = [*own, _code(taken.father)] if taken.father else own
        if birth.full:
            date = "{}-{}".format(*sorted((birth.day or 0, birth.month or 0)))
            yield from (f"d|{year}|{date}|{code[0]}" for code in coded for year in years + near)
            yield from (f"m|{date}|{code}" for code in coded)
        for pair in combinations(sorted(set(coded)), 2):
            both = "|".join(pair)
            yield f"p|{both}"
            yield from (f"y|{year}|{both}" for year in years + near)
        for one, other in combinations(own, 2):
            for both in _slips(one, other):
                yield f"p|{both}"
                yield from (f"y|{year}|{both}" for year in years)
            if place:
                yield "l|{}|{}|{}".format(place, *sorted((one, other)))
        for three in combinations(sorted(set(coded)), 3):
            yield "t|" + "|".join(three)
    yield from ("n|" + "".join(sorted(number)) for number in map(document, features.documents) if len(number) >= 5)
    yield from ("f|" + number for number in map(phone, features.phones) if len(number) >= 7)


def _code(one: Word) -> str:
    """What a word is filed by: its consonants, or its sound where it has fewer than two."""
    return one.skeleton if len(one.skeleton) > 1 else one.sound


def _slips(one: str, other: str) -> Iterator[str]:
    """Both codes with one letter gone from either: two records one slip apart share at least one of these."""
    for first, second in ((one, other), (other, one)):
        if len(first) > 2:
            for place in range(len(first)):
                yield "|".join(sorted((first[:place] + first[place + 1 :], second)))


def document(number: str) -> str:
    """A document number for comparison: digits and letters only, Cyrillic look-alikes as Latin."""
    return "".join(letter for letter in number.upper().translate(_LOOK_ALIKES) if letter.isascii() and letter.isalnum())[:24]


def phone(number: str) -> str:
    """A phone number for comparison: the last nine digits, without country or trunk prefix."""
    return "".join(letter for letter in number if letter.isascii() and letter.isdigit())[-9:]


_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX")


@lru_cache(maxsize=10_000)
def _place(written: str) -> str:
    first = spelt(written).split(" ")[0]
    return word(first).skeleton or first


# ---- weighing ----

_PLACE_SAME, _PLACE_OTHER = 3.0, -1.0


class About(StrEnum):
    """What a piece of evidence is about."""

    NAME = "name"
    FATHER = "father"
    BIRTH = "birth"
    DOCUMENT = "document"
    PHONE = "phone"
    PLACE = "place"


class Dates(StrEnum):
    """How two dates of birth met."""

    SAME = "same"
    SWAPPED = "swapped"  # day and month changed places
    YEAR_NEAR = "year_near"  # day and month agree, the year is one off
    YEAR_SLIP = "year_slip"  # day and month agree, one digit of the year differs or two changed places
    YEAR_ONLY = "year_only"  # the year agrees, no more is known on one side
    PART = "part"  # two of day, month and year agree
    NEAR = "near"  # only years are known, one apart
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason: what it is about, the two values as written, how they met (a code of How or Dates), its weight in bits."""

    about: About
    how: str
    left: str
    right: str
    weight: float


@dataclass(frozen=True, slots=True)
class Scored:
    """The weight of evidence that two descriptions are of one person, in bits, and each reason."""

    weight: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Features taken apart once, so that many candidates can be weighed against them."""

    features: Features
    names: tuple[Name, ...]
    documents: tuple[str, ...]
    phones: tuple[str, ...]
    place: str


def prepare(features: Features) -> Prepared:
    """The features with their names taken apart and numbers cleaned."""
    return Prepared(
        features,
        tuple(map(parts, features.names[:6])),
        tuple(filter(None, map(document, features.documents[:12]))),
        tuple(filter(None, map(phone, features.phones[:12]))),
        _place(features.place) if features.place else "",
    )


def score(one: Features, other: Features) -> Scored:
    """The weight for and against one person, with the reasons, strongest first."""
    return explain(prepare(one), prepare(other))


def explain(one: Prepared, other: Prepared) -> Scored:
    """The weight with its reasons, strongest first."""
    reasons: list[Evidence] = []
    best = max((compare_names(a, b) for a in one.names for b in other.names), key=lambda c: c.weight, default=None)
    if best:
        reasons += [Evidence(About.FATHER if met.father else About.NAME, met.how, met.left, met.right, met.weight) for met in best.meetings]
    weight, how = _births(one.features.birth, other.features.birth)
    if how:
        reasons.append(Evidence(About.BIRTH, how, written(one.features.birth), written(other.features.birth), weight))
    reasons += [Evidence(about, how, left, right, bits) for about, left, right, bits, how in _numbers(one, other)]
    reasons.sort(key=lambda reason: -abs(reason.weight))
    return Scored(sum(reason.weight for reason in reasons), tuple(reasons))


def rank(asked: Features, candidates: Iterable[tuple[Id, Features]], top: int = 10) -> list[tuple[Id, Scored]]:
    """The best candidates with their reasons, heaviest first; those under POSSIBLE are left out."""
    question = prepare(asked)
    weighed = sorted(((-_weigh(question, other), place, who, other) for place, (who, other) in enumerate(candidates)), key=_first_two)
    return [(who, explain(question, prepare(other))) for weight, _, who, other in weighed[:top] if -weight >= POSSIBLE]


def _first_two(row: tuple[float, int, Id, Features]) -> tuple[float, int]:
    return row[0], row[1]


def _weigh(question: Prepared, other: Features) -> float:
    """The weight of one candidate without its reasons; numbers are cleaned only where the question gives some."""
    total = max((_align(a, parts(b))[0] for a in question.names for b in other.names[:6]), default=0.0)
    total += _births(question.features.birth, other.birth)[0]
    if question.documents or question.phones:
        return total + sum(row[3] for row in _numbers(question, prepare(other)))
    place = _place(other.place) if question.place and other.place else ""
    if place:
        total += _PLACE_SAME if question.place == place else _PLACE_OTHER
    return total


def written(birth: Birth) -> str:
    """A date as far as it is known: 1991-03-08, 1991-03, 1991, or nothing."""
    known: list[str] = []
    for value, form in ((birth.year, "04d"), (birth.month, "02d"), (birth.day, "02d")):
        if value is None:
            break
        known.append(format(value, form))
    return "-".join(known)


def _births(one: Birth, other: Birth) -> tuple[float, Dates | None]:
    """The weight and manner of two dates of birth; (0, None) when either is unknown."""
    if one.year is None or other.year is None:
        return 0.0, None
    apart = abs(one.year - other.year)
    if not (one.full and other.full):
        return (5.0, Dates.YEAR_ONLY) if apart == 0 else (2.0, Dates.NEAR) if apart == 1 else (-5.0, Dates.DIFFERENT)
    same, swapped = (one.day, one.month) == (other.day, other.month), (one.day, one.month) == (other.month, other.day)
    if same or swapped:
        if apart == 0:
            return (14.0, Dates.SAME) if same else (11.0, Dates.SWAPPED)
        if apart == 1:
            return (9.0 if same else 6.0), Dates.YEAR_NEAR
        slip = OSA.distance(str(one.year), str(other.year)) == 1
        return (6.0, Dates.YEAR_SLIP) if slip and same else (2.0, Dates.PART) if same else (-4.0, Dates.DIFFERENT)
    if apart == 0 and (one.day == other.day or one.month == other.month):
        return 3.0, Dates.PART
    return (-3.0 if apart <= 1 else -7.0), Dates.DIFFERENT


def _numbers(one: Prepared, other: Prepared) -> list[tuple[About, str, str, float, How]]:
    """The weights of documents, phones and places; what only one side gives weighs nothing."""
    rows: list[tuple[About, str, str, float, How]] = []
    if one.documents and other.documents:
        rows.append(_document(one.documents, other.documents))
    if one.phones and other.phones:
        shared = next((number for number in one.phones if number in other.phones), "")
        rows.append(
            (
                About.PHONE,
                shared or one.phones[0],
                shared or other.phones[0],
                10.0 if shared else -0.5,
                How.SAME if shared else How.DIFFERENT,
            )
        )
    if one.place and other.place:
        alike = one.place == other.place
        rows.append(
            (
                About.PLACE,
                one.features.place,
                other.features.place,
                _PLACE_SAME if alike else _PLACE_OTHER,
                How.SPELLING if alike else How.DIFFERENT,
            )
        )
    return rows


def _document(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[About, str, str, float, How]:
    """The closest pair of document numbers: alike, a slip apart, or different (a person may hold several, so that says little)."""
    best, first, second = min((OSA.distance(a, b, score_cutoff=1), a, b) for a in ours for b in theirs)
    if best == 0:
        return About.DOCUMENT, first, second, 20.0, How.SAME
    if best == 1 and len(first) >= 6:
        return About.DOCUMENT, first, second, 12.0, How.SLIP
    return About.DOCUMENT, ours[0], theirs[0], -1.0, How.DIFFERENT
