"""Numbers as the three languages write them, and Azerbaijani endings after digits.

An ending follows the last spoken word of the number ("93" ends in "üç": 93-ü), its last vowel and whether it ends in a vowel.
A decimal is read "yeddi tam onda beş", so its ending follows the digits after the comma.
"""

from decimal import Decimal
from typing import Final

LANGUAGES: Final = ("az", "en", "ru")
CASES: Final = ("plain", "poss", "dat", "abl", "gen", "loc", "acc", "ord", "possdat", "possgen", "possacc", "possabl", "possloc")
QUALITIES: Final = ("exact", "more_than", "about", "unknown")
NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
_UNITS = ("sıfır", "bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz")
_TENS = ("", "on", "iyirmi", "otuz", "qırx", "əlli", "altmış", "yetmiş", "səksən", "doxsan")
_POWERS = ((3, "yüz"), (6, "min"), (9, "milyon"), (12, "milyard"), (15, "trilyon"))
_CLOSE = {"a": "ı", "ı": "ı", "e": "i", "ə": "i", "i": "i", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}
_OPEN = {"ı": "a", "u": "a", "i": "ə", "ü": "ə"}
_UNKNOWN = {"az": "məlum deyil", "en": "not known", "ru": "неизвестно"}
_QUALIFIED = {
    "en": {"more_than": "more than", "about": "about"},
    "ru": {"more_than": "более", "about": "около"},
}
_AFTER = {"more_than": ("abl", "çox"), "about": ("dat", "yaxın")}


def last_word(value: int | Decimal) -> str:
    """The last word of the number read aloud in Azerbaijani. Raises ValueError for what has no name (10¹⁵ and more, no finite number)."""
    digits = _digits(value)
    number = int(digits.rpartition(".")[2])
    if number == 0 or number % 10:
        return _UNITS[number % 10]
    if number % 100:
        return _TENS[number // 10 % 10]
    for power, word in _POWERS:
        if number % 10**power:
            return word
    raise ValueError(f"{value} is too large to be read aloud")


def _digits(value: int | Decimal) -> str:
    """The number without sign, grouping or exponent: "172.5"."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"a number is an int or a Decimal, not {type(value).__name__}")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{value} is no number")
    number = abs(Decimal(value))
    if number >= 10**15 or _after_comma(value) > 15:
        raise ValueError("a number has at most fifteen digits before the comma and fifteen after it")
    return format(number, "f")


def _after_comma(value: int | Decimal) -> int:
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return -exponent if isinstance(exponent, int) else 0


def ending(word: str, case: str, *, digits: bool = False) -> str:
    """The ending an Azerbaijani word takes in a case (one of CASES), without hyphen: ending("iki", "poss") == "si".

    After digits the possessive vowel before a further ending is not written: 9-na (doqquzuna), 14-nə (on dördünə).
    """
    if case == "plain":
        return ""
    close = next(_CLOSE[letter] for letter in reversed(word) if letter in _CLOSE)
    open_, vowel = _OPEN[close], word[-1] in _CLOSE
    possessive = f"s{close}" if vowel else close
    simple = {
        "poss": possessive,
        "dat": f"y{open_}" if vowel else open_,
        "abl": f"d{open_}n",
        "gen": f"n{close}n" if vowel else f"{close}n",
        "loc": f"d{open_}",
        "acc": f"n{close}" if vowel else close,
        "ord": f"nc{close}" if vowel else f"{close}nc{close}",
    }
    if digits:
        simple["ord"] = f"c{close}"
    if case in simple:
        return simple[case]
    further = {"possdat": f"n{open_}", "possgen": f"n{close}n", "possacc": f"n{close}", "possabl": f"nd{open_}n", "possloc": f"nd{open_}"}
    if case not in further:
        raise ValueError(f"there is no case {case}")
    return further[case] if digits else possessive + further[case]


def suffix(value: int | Decimal, case: str) -> str:
    """The hyphen and ending written after a number in Azerbaijani: suffix(93, "poss") == "-ü", "" for the plain case."""
    found = ending(last_word(value), case, digits=True)
    return f"-{found}" if found else ""


def written(value: int | Decimal, language: str) -> str:
    """The number with grouping and decimal sign: "6 377" and "7,5" in az and ru, "6,377" and "7.5" in en; digits are kept as given."""
    whole, _, part = _digits(value).partition(".")
    group, comma = (",", ".") if _known(language) == "en" else (NBSP, ",")
    text = f"{int(whole):,}".replace(",", group) + (comma + part if part else "")
    return MINUS + text if value < 0 else text


def percent(value: int | Decimal, language: str) -> str:
    """A percentage with its sign: "7,5 %" in az and ru, "7.5%" in en."""
    return written(value, language) + ("%" if language == "en" else NBSP + "%")


def worded(value: int | Decimal | None, language: str, *, quality: str = "exact", case: str = "plain") -> str:
    """The words that stand for a value in a sentence.

    `quality` is one of QUALITIES: "350-dən çox", "about 370", "неизвестно". A value of None is unknown whatever the quality says.
    `case` bends the last word in Azerbaijani ("93-ü", "370-ə yaxını"); English and Russian leave it. Raises ValueError on an unknown word.
    """
    _known(language)
    if case not in CASES:
        raise ValueError(f"there is no case {case}")
    if quality not in QUALITIES:
        raise ValueError(f"there is no quality {quality}")
    if value is None or quality == "unknown":
        return _UNKNOWN[language]
    number = written(value, language)
    if language != "az":
        return number if quality == "exact" else f"{_QUALIFIED[language][quality]}{NBSP}{number}"
    if quality == "exact":
        return number + suffix(value, case)
    own, word = _AFTER[quality]
    return f"{number}{suffix(value, own)} {word}{ending(word, case)}"


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"there is no language {language}")
    return language
