"""Azerbaijani letters: casing, alphabetical order, and the folded form used for matching.

Azerbaijani casing is for Azerbaijani text only; codes and e-mail addresses keep plain ASCII casing.
"""

import re
import unicodedata

ALPHABET = "abcçdeəfgğhxıijkqlmnoöprsştuüvyzw"
_RANK = {letter: chr(0x21 + 2 * place) for place, letter in enumerate(ALPHABET)}
_LATIN = str.maketrans(
    "ıəşçğöüâîûä" + "IİƏŞÇĞÖÜ" + "аеорсхуіһәԝѕј" + "АЕОРСХУІҺӘ",
    "iescgouaiua" + "iiescgou" + "aeopcxyihewsj" + "aeopcxyihe",
)


def lower(text: str) -> str:
    """Lower case by Azerbaijani rules (I→ı, İ→i); the length never changes, so offsets stay valid."""
    return text.replace("I", "ı").replace("İ", "i").lower()


def upper(text: str) -> str:
    """Upper case by Azerbaijani rules (i→İ, ı→I)."""
    return text.replace("i", "İ").replace("ı", "I").upper()


def capital(text: str) -> str:
    """The text with its first letter in upper case, by Azerbaijani rules."""
    return upper(text[:1]) + text[1:]


def sort_key(text: str) -> str:
    """A key whose plain (collation C) order is the Azerbaijani alphabetical order; w sorts last."""
    composed = lower(unicodedata.normalize("NFC", text))
    return "".join(_RANK.get(letter, letter) for letter in composed if letter.isalnum() or letter == " ")


def fold_letter(letter: str) -> str:
    """One folded letter (a-z or another script's lower case), or "" for anything that is not a letter."""
    folded = letter.translate(_LATIN)
    if "a" <= folded <= "z":
        return folded
    if not folded.isalpha():
        return ""
    base = unicodedata.normalize("NFD", folded.lower())[0].translate(_LATIN)
    return base if base.isalpha() else ""


class _Folded(dict[int, str]):
    """A translation table that folds each letter once; what is no letter becomes NUL, so the length stays."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = fold_letter(chr(code)) or "\0"
        return letter


_FOLDED = _Folded()


def fold(text: str) -> tuple[str, list[int]]:
    """Letters only, case and diacritics gone, look-alike Cyrillic read as Latin; with each letter's offset.

    Spaces, hyphens and line breaks vanish, so a word broken by a page is one word again.
    """
    even = text.translate(_FOLDED)
    return even.replace("\0", ""), [offset for offset, letter in enumerate(even) if letter != "\0"]


def key(text: str) -> str:
    """The folded form alone."""
    return text.translate(_FOLDED).replace("\0", "")


_WORD = re.compile(r"\w+")


def search_key(text: str) -> str:
    """Folded words with single spaces: what the search index stores and what a query is turned into."""
    return " ".join(filter(None, (key(word) or word for word in _WORD.findall(text))))
