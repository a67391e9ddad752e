"""How clerks spell, told another way: the noise model that JUDGES `kernel.matching`. Nothing is ever tuned on it.

Written before the weights were tuned and left alone since. Where `bench/noise.py` exchanges letter by letter, here each
clerk has one habit for a whole record (Soviet passport, modern Russian, by ear; Turkish keyboard, chat, ICAO, French), and
slips are neighbours on a keyboard, doubled, dropped or turned letters, scanner errors, and sounds heard wrong, sometimes two in a word.
"""

import random

from bench.noise import Level
from bench.people import PLACES, Person
from qalxan.kernel.matching import Birth, Features

RECORD = Level((68, 8, 12, 6, 6), 0.02, 0.05, 0.15, 0, 0, 0, 0, 1, 1, 1)
ORDINARY = Level((40, 10, 20, 20, 10), 0.1, 0.3, 0.3, 0.06, 0.02, 0.04, 0.04, 0.3, 0.25, 0.7)
HARD = Level((20, 20, 20, 20, 20), 0.34, 0.5, 0.5, 0.18, 0.07, 0.1, 0.1, 0.12, 0.1, 0.5)

_PLAIN = str.maketrans("ıışçğöüə", "iiscgoue")
_OLD = str.maketrans("abcçdeəfgğhxıijkqlmnoöprsştuüvyz", "абҹчдеәфҝғһхыижкглмноөпрсштуүвјз")
_CYRILLIC = str.maketrans("abvqgğdezijklmnoprstufhxcçşyıəöü", "абвгггдезижклмнопрстуфхххчшйыаоу")
RUSSIAN_HABITS = {
    "passport": ({"q": "к", "h": "г", "ğ": "г", "c": "дж", "ö": "е", "ü": "ю", "gə": "гя", "kə": "кя", "lə": "ля"}, 4),
    "modern": ({"q": "г", "h": "х", "c": "дж", "ö": "о", "ü": "у", "ğ": "г"}, 4),
    "ear": ({"q": "г", "h": "х", "c": "дж", "ö": "ё", "ü": "ю", "ə": "е", "ğ": "г"}, 2),
}
LATIN_HABITS = {
    "turkish": ({"ə": "e", "x": "h", "q": "k"}, 2),
    "keyboard": ({}, 6),
    "with_a": ({"ə": "a", "ş": "sh", "ç": "ch"}, 3),
    "chat": ({"ş": "w", "ə": "e"}, 1),
    "board": ({"ə": "a", "c": "j", "ç": "ch", "ş": "sh", "x": "kh", "ğ": "gh", "q": "g", "ı": "y"}, 5),
    "icao": ({"ə": "a", "c": "j", "ç": "ch", "ş": "sh", "x": "kh", "ğ": "g", "q": "g", "iye": "ie"}, 5),
    "french": ({"ə": "a", "c": "dj", "ç": "tch", "ş": "ch", "x": "kh", "q": "g", "u": "ou", "ü": "u"}, 1),
}
_ROWS = ("qüertyuiopöğ", "asdfghjklıə", "zxcvbnmçş", "йцукенгшщзх", "фывапролджэ", "ячсмитьбю")
_HEARD = dict([*zip("dtbpkgaəeiıouzsvf", "tdpbgkəaeıiuoszfv", strict=True), *zip("дтбпкгаеиоузсвф", "тдпбгкяиыуосзфв", strict=True)])
_SCANNED = (
    ("rn", "m"),
    ("m", "rn"),
    ("l", "i"),
    ("ı", "l"),
    ("n", "u"),
    ("v", "y"),
    ("ə", "a"),
    ("и", "н"),
    ("ш", "щ"),
    ("й", "и"),
    ("л", "п"),
    ("ц", "и"),
)


def describe(person: Person, level: Level, chance: random.Random) -> Features:
    """What one clerk with one habit writes down of this person."""
    script = chance.choices(("latin", "old", "russian", "ascii", "english"), level.scripts)[0]
    habit = _habit(script, chance)
    given, family = (_slips(_write(word, script, habit), level.slip, chance) for word in (person.given, person.family))
    father = _father(person, script, habit, level, chance)
    shape = chance.random() < level.swapped
    name = (
        f"{given} {father} {family}"
        if shape and chance.random() < 0.7
        else f"{given} {family} {father}"
        if shape
        else f"{family} {given} {father}"
    )
    name = " ".join(name.split())
    if script == "english" or chance.random() < 0.1:
        name = name.upper()
    return Features((name,), _birth(person, level, chance), _document(person, level, chance), _phone(person, level, chance), _place(person, level, script, habit, chance))  # fmt: skip


def _habit(script: str, chance: random.Random) -> dict[str, str]:
    if script in ("latin", "old"):
        return {}
    habits = RUSSIAN_HABITS if script == "russian" else LATIN_HABITS
    names = (
        list(habits)
        if script == "russian"
        else ["turkish", "keyboard", "with_a", "chat"]
        if script == "ascii"
        else ["board", "icao", "french"]
    )
    return habits[chance.choices(names, [habits[name][1] for name in names])[0]][0]


def _write(text: str, script: str, habit: dict[str, str]) -> str:
    word = text.replace("I", "ı").replace("İ", "i").lower()
    if script == "latin":
        return word[0].replace("i", "İ").upper() + word[1:]
    if script == "old":
        return word.translate(_OLD).capitalize()
    if script == "russian":
        for old, new in (
            ("shç", "щ"),
            ("ts", "ц"),
            ("yev", "ев"),
            ("ye", "е"),
            ("yə", "я"),
            ("ya", "я"),
            ("yu", "ю"),
            ("yü", "ю"),
            ("yı", "и"),
            ("iy", "ий"),
            ("yo", "ё"),
        ):
            word = word.replace(old, new)
        word = word.replace("e", "э", 1) if word[0] == "e" else word
    for old in sorted(habit, key=len, reverse=True):
        word = word.replace(old, habit[old])
    return word.translate(_CYRILLIC if script == "russian" else _PLAIN).capitalize()


def _father(person: Person, script: str, habit: dict[str, str], level: Level, chance: random.Random) -> str:
    if not person.father or chance.random() < level.no_father:
        return ""
    if chance.random() < 0.04:
        return _write(person.father, script, habit)[0] + "."
    if person.kind == "ru" or (habit is RUSSIAN_HABITS["passport"][0] and chance.random() < 0.6):
        stem = person.father[:-2] if person.father.endswith("iy") else person.father
        soft = stem[-1] in "yiəaıueə"
        whole = stem + (("yevna" if soft else "ovna") if person.woman else ("yeviç" if soft else "oviç"))
        return _slips(_write(whole.replace("yy", "y"), script, habit), level.slip, chance)
    name = _slips(_write(person.father, script, habit), level.slip, chance)
    if person.kind == "other" or chance.random() < 0.1:
        return name
    if script == "russian":
        return f"{name}{chance.choice((' ', '-'))}{'кызы' if person.woman else 'оглы'}"
    return f"{name} {_write('qızı' if person.woman else 'oğlu', script, habit).lower()}"


def _slips(word: str, rate: float, chance: random.Random) -> str:
    if chance.random() >= rate or len(word) < 3:
        return word
    word = _one_slip(word, chance)
    return _one_slip(word, chance) if chance.random() < 0.12 else word


def _one_slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    kind = chance.choices(("neighbour", "doubled", "dropped", "turned", "heard", "scanned"), (25, 12, 20, 15, 18, 10))[0]
    letter = word[at].lower()
    if kind == "neighbour":
        row = next((row for row in _ROWS if letter in row), letter)
        place = row.index(letter) + chance.choice((-1, 1))
        return word[:at] + row[max(0, min(place, len(row) - 1))] + word[at + 1 :]
    if kind == "doubled":
        return word[: at + 1] + letter + word[at + 1 :]
    if kind == "turned" and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "heard":
        return word[:at] + _HEARD.get(letter, letter) + word[at + 1 :]
    if kind == "scanned":
        old, new = chance.choice([pair for pair in _SCANNED if pair[0] in word] or [("", "")])
        return word.replace(old, new, 1) if old else word
    return word[:at] + word[at + 1 :]


def _birth(person: Person, level: Level, chance: random.Random) -> Birth:
    year, month, day = person.year, person.month, person.day
    if year is None or chance.random() < level.no_birth:
        return Birth()
    if chance.random() < level.year_off:
        year += 1 if chance.random() < 0.5 else -1
    if month is None or day is None:
        return Birth(year)
    draw = chance.random()
    if draw < level.year_only:
        return chance.choice((Birth(year), Birth(year, 1, 1), Birth(year, month)))
    if day <= 12 and draw > 1 - level.day_month:
        return Birth(year, day, month)
    if draw < level.year_only + level.slip / 20:
        return Birth(year, month, chance.randint(1, 28))
    return Birth(year, month, day)


def _document(person: Person, level: Level, chance: random.Random) -> tuple[str, ...]:
    if not person.document or chance.random() >= level.document:
        return ()
    written = person.document
    if chance.random() < 0.05:
        at = chance.randrange(len(written) - 4, len(written))
        written = written[:at] + chance.choice("0123456789") + written[at + 1 :]
    return (f"{written[:3]} {written[3:]}" if chance.random() < 0.4 else written,)


def _phone(person: Person, level: Level, chance: random.Random) -> tuple[str, ...]:
    if not person.phone or chance.random() >= level.phone:
        return ()
    return (chance.choice((person.phone, "0" + person.phone[4:], "00" + person.phone[1:])),)


def _place(person: Person, level: Level, script: str, habit: dict[str, str], chance: random.Random) -> str:
    if not person.place or chance.random() >= level.place:
        return ""
    return _write(person.place if level is RECORD or chance.random() < 0.82 else chance.choice(PLACES), script, habit)
