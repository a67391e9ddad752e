"""How clerks spell: the noise model the weights of `kernel.matching` were TUNED on. `bench/judge.py` holds the one that judges.

Letters are exchanged one by one with chances of their own; typing slips hit any letter alike.
"""

import random
from dataclasses import dataclass

from bench.people import PLACES, Person
from qalxan.kernel.matching import Birth, Features

OLD = dict(zip("abcçdeəfgğhxıijkqlmnoöprsştuüvyz", "абҹчдеәфҝғһхыижкглмноөпрсштуүвјз", strict=True))
RUSSIAN = {
    **dict(zip("abvdzklmnoprstufxçşjyıi", "абвдзклмнопрстуфхчшжйыи", strict=True)),
    **{"ə": "аааея", "e": "е", "q": "гггк", "g": "г", "ğ": "г", "h": "гх", "c": ["дж"], "ö": "ое", "ü": "юу"},
}
ENGLISH = {
    **{"ə": "aaae", "c": ["j"], "ç": ["ch"], "ş": ["sh"], "x": ["kh", "kh", "x", "h"], "q": "ggqk", "ğ": ["gh", "g"], "ı": "iiy"},
    **{"ö": "o", "ü": "u", "j": ["zh", "j"]},
}
ASCII = {"ə": "eeea", "ı": "i", "ş": "s", "ç": "c", "ğ": "g", "ö": "o", "ü": "u"}


@dataclass(frozen=True, slots=True)
class Level:
    """How often each thing goes wrong; chances from 0 to 1."""

    scripts: tuple[int, int, int, int, int]  # Azerbaijani Latin, old Cyrillic, Russian, ASCII, English
    slip: float
    no_father: float
    swapped: float
    year_only: float
    no_birth: float
    day_month: float
    year_off: float
    document: float
    phone: float
    place: float


RECORD = Level((70, 8, 10, 6, 6), 0.02, 0.05, 0.1, 0, 0, 0, 0, 1, 1, 1)
ORDINARY = Level((40, 10, 20, 20, 10), 0.1, 0.3, 0.3, 0.06, 0.02, 0.04, 0.04, 0.3, 0.25, 0.7)
HARD = Level((20, 20, 20, 20, 20), 0.35, 0.5, 0.5, 0.18, 0.07, 0.1, 0.1, 0.12, 0.1, 0.5)


def small(text: str) -> str:
    """Lower case by Azerbaijani rules."""
    return text.replace("I", "ı").replace("İ", "i").lower()


def describe(person: Person, level: Level, chance: random.Random) -> Features:
    """What somebody writes down of this person."""
    script = chance.choices(("latin", "old", "russian", "ascii", "english"), level.scripts)[0]
    words = {"given": slip(spell(person.given, script, chance), level.slip, chance), "family": slip(spell(person.family, script, chance), level.slip, chance)}  # fmt: skip
    father = ""
    if person.father and chance.random() >= level.no_father:
        father = fathers(person, script, level.slip, chance)
    order = [words["given"], father, words["family"]] if chance.random() < level.swapped else [words["family"], words["given"], father]
    name = " ".join(filter(None, order))
    if chance.random() < 0.15:
        name = name.upper()
    return Features(
        (name,),
        birth(person, level, chance),
        (number(person.document, chance),) if person.document and chance.random() < level.document else (),
        (person.phone,) if person.phone and chance.random() < level.phone else (),
        place(person, level, script, chance),
    )


def spell(text: str, script: str, chance: random.Random) -> str:
    """A word by sound in Azerbaijani letters, spelt in a script."""
    word = small(text)
    if script == "old":
        word = word.translate(str.maketrans(OLD))
    elif script == "russian":
        word = russian(word, chance)
    elif script in ("ascii", "english"):
        table = ASCII if script == "ascii" else ENGLISH
        if script == "english" and chance.random() < 0.4:
            word = word.replace("iye", "ie").replace("aye", "ae")
        word = "".join(chance.choice(table[letter]) if letter in table else letter for letter in word)
    return (word[0].upper() if word[0] != "i" or script in ("ascii", "english") else "İ") + word[1:]


def russian(word: str, chance: random.Random) -> str:
    """Azerbaijani sounds as a Russian clerk hears them."""
    for old, new in (("ts", "ц"), ("ye", "е"), ("ya", "я"), ("yə", "я"), ("yu", "ю"), ("yü", "ю"), ("yo", "ё"), ("yi", "и"), ("yı", "и")):
        word = word.replace(old, new)
    if word[0] in "eəöü":
        word = {"e": "э", "ə": "а", "ö": "о", "ü": "у"}[word[0]] + word[1:]
    return "".join(chance.choice(RUSSIAN[letter]) if letter in RUSSIAN else letter for letter in word)


def fathers(person: Person, script: str, rate: float, chance: random.Random) -> str:
    """The father's name with its marker, mostly."""
    if person.kind == "ru" or (script == "russian" and chance.random() < 0.35):
        stem = person.father.removesuffix("y") if person.father.endswith("iy") else person.father
        ending = ("evna" if stem[-1] in "yiəaıu" else "ovna") if person.woman else ("eviç" if stem[-1] in "yiəaıu" else "oviç")
        return slip(spell(stem + ending, script, chance), rate, chance)
    stem = slip(spell(person.father, script, chance), rate, chance)
    if person.kind == "other" or chance.random() < 0.12:
        return stem
    markers = {
        "latin": ("oğlu", "qızı"), "old": ("оғлу", "гызы"), "russian": ("оглы", "кызы"), "ascii": ("oglu", "qizi"), "english": chance.choice((("oglu", "gizi"), ("ogly", "kyzy"), ("oghlu", "qizi"))),
    }  # fmt: skip
    return f"{stem} {markers[script][person.woman]}"


def slip(word: str, rate: float, chance: random.Random) -> str:
    """The word, or with that chance one letter exchanged, lost, put in or two turned."""
    if chance.random() >= rate or len(word) < 3:
        return word
    at = chance.randrange(len(word) - 1)
    letter = chance.choice("абвгдеиклмнорстуя" if word[0] > "Ѐ" else "abcdefghiklmnoprstuvyz")
    return chance.choice(
        (
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def birth(person: Person, level: Level, chance: random.Random) -> Birth:
    """The date of birth as it is remembered."""
    year, month, day = person.year, person.month, person.day
    draw = chance.random()
    if year is None or draw < level.no_birth:
        return Birth()
    if chance.random() < level.year_off:
        year += chance.choice((-1, 1))
    if month is None or day is None or draw < level.no_birth + level.year_only:
        return Birth(year)
    if day <= 12 and chance.random() < level.day_month:
        day, month = month, day
    return Birth(year, month, day)


def number(written: str, chance: random.Random) -> str:
    """A document number; in one of twenty two digits are turned."""
    if chance.random() > 0.05:
        return written
    at = chance.randrange(3, len(written) - 1)
    return written[:at] + written[at + 1] + written[at] + written[at + 2 :]


def place(person: Person, level: Level, script: str, chance: random.Random) -> str:
    """The place, sometimes another one: people move."""
    if not person.place or chance.random() >= level.place:
        return ""
    return spell(person.place if chance.random() < 0.85 or level is RECORD else chance.choice(PLACES), script, chance)
