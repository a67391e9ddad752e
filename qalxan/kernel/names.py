"""Azerbaijani letters and names: casing, alphabetical order, folded forms, and the comparison of two spellings of a name.

Azerbaijani casing is for Azerbaijani text only; codes and e-mail addresses keep plain ASCII casing.
Comparison proposes and explains; it never decides that two people are one.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

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


# ---- transliteration to a readable Azerbaijani spelling ----

_AZERI_CYRILLIC = dict(
    zip("абвгғдеәжзиыјкҝлмноөпрстуүфхһчҹшэйцъь", [*"abvqğdeəjziıykglmnoöprstuüfxhçcşey", "ts", "", ""], strict=True),
    ю="yu", я="ya", щ="şç", ё="yo",
)  # fmt: skip
_RUSSIAN = _AZERI_CYRILLIC | {"ж": "j"}
_CYRILLIC = re.compile("[\u0400-\u052f]+")


def latin(text: str) -> str:
    """Cyrillic words in Azerbaijani Latin letters, all else as it stands: Ҝүлнар Ҹәфәрова → Gülnar Cəfərova.

    The alphabet of 1939-1991 is read letter by letter; a text without its own letters is read as Russian
    (дж = c, е after a vowel = ye), where г stays q: a reading to help the eye, not a restored original.
    """
    azeri = not _ONLY_AZERI.isdisjoint(text.lower())

    def one(found: re.Match[str]) -> str:
        written = found[0]
        small = written.lower()
        if not azeri:
            small = re.sub("(?:(?<=^)|(?<=[аеёиоуыэюяьъ]))е", "йе", small).replace("дж", "ҹ").replace("йе", "је")
        turned = "".join(_AZERI_CYRILLIC.get(letter, letter) for letter in small)
        if len(written) > 1 and written.isupper():
            return upper(turned)
        return capital(turned) if written[0].isupper() else turned

    return _CYRILLIC.sub(one, text)


_ONLY_AZERI = frozenset("ғәјҝөүһҹ")

# ---- one folded form of a name word, whatever its script and habit of spelling ----

_SPELT = {
    **dict(zip("ıəşçğöüâîûjqw", "iascgouaiucgv", strict=True)),
    **dict(zip("абвгдезиклмнопрстуфхыэйжчшщц", "abvgdeziklmnoprstufhieyccsss", strict=True)),
    **dict(zip("әөүғҝҹһјґєіўқҳңұ", "aouggchygeiughnu", strict=True)),
    **{"ё": "yo", "ю": "yu", "я": "ya", "ї": "yi", "ъ": "", "ь": "", "İ": "i", "I": "i"},
    **{"ß": "ss", "æ": "e", "œ": "o", "ł": "l", "đ": "d", "ø": "o", "ð": "d", "þ": "t"},
}


class _Spelling(dict[int, str]):
    """A translation table that reads each letter once; what is no letter becomes nothing."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        small = letter.lower()
        found = _SPELT.get(letter) or _SPELT.get(small)
        if found is None and letter not in _SPELT and small not in _SPELT:
            base = unicodedata.normalize("NFKD", small)[0]
            found = _SPELT.get(base, base) if base.isalpha() else ""
        self[code] = result = found or ""
        return result


_SPELLING = _Spelling()
_RULES = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"(?<=^ale)x|(?<=^ali)x|(?<=^ma)x(?=im)|(?<=^o)x(?=an)|(?<=^ro)x(?=an)|(?<=^feli)x|^x(?=eni)", "ks"),
        ("x", "h"),
        ("oo", "u"),
        ("ee(?=n)", "i"),
        (r"(.)\1+", r"\1"),
        ("s(?:h+c*h*|ch*)", "s"),  # ş, sh, щ, shch
        ("ct", "kt"),
        ("dzh|zh|[dt]?c+h*", "c"),  # ch, tch, zh, dzh, dj: Azerbaijani c, ç and j are one class, for ASCII writes them as one
        ("kh", "h"),
        ("gh", "g"),
        ("t[sz]", "s"),
        ("ph", "f"),
        ("th", "t"),
        ("ck", "k"),
        ("ou", "u"),
        ("(?<=[oe])f$", "v"),  # -off
        ("^ye", "e"),
        ("(?<=[bcdfghklmnprstvz])y(?=[aou])", ""),  # ля, лю, лё: lə, lü, lö
        ("(?<=[bcdfghklmnprstvz])y(?![aeiou])", "i"),  # Gasymov
        ("(?<=i)y", ""),  # Əliyev = Алиев
        ("(?<=[aou])e", "ye"),  # Babaev = Babayev
        ("(?<=[aeou])y?i", "y"),  # Nail = Наиль, İsmayıl = Исмаил
        ("e", "a"),
        (r"(.)\1+", r"\1"),
    )
)
_SOUND = str.maketrans("ghdbo", "kktpu")
_NO_VOWELS = str.maketrans("", "", "aiouy")
_TWICE = re.compile(r"(.)\1+")
_RUSSIAN_FATHER = re.compile("(?<=.{2})(?:[oa]vic|[oa]vna|inicna|icna|(?<=[lktm])ic)$")
_FAMILY = re.compile("(?<=.{3})(?<!sl)(?:[ua]va?|zata|l[iu]|ski|skaya)$")
_AFTER_E = re.compile("(?<=[еэЕЭ])[еЕ]")
_NAME_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f'`´ʻʼ‘’])+")
MAX_WORDS, MAX_LETTERS = 12, 48


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One word of a name: as written, in the folded form, by sound (voicing and gutturals merged), by consonants alone.

    `stem` is the sound without a family ending (-ov, -yeva, -li, -zadə); `father` the folded name inside a Russian
    father's name (Эльчинович: alcin) or "".
    """

    written: str
    folded: str
    sound: str
    skeleton: str
    stem: str
    father: str


@lru_cache(maxsize=100_000)
def word(written: str) -> Word:
    """The forms of one word. Kept in memory for speed: `forget()` empties that."""
    folded = _AFTER_E.sub("йе", unicodedata.normalize("NFC", written[:MAX_LETTERS])).translate(_SPELLING)
    for pattern, put in _RULES:
        folded = pattern.sub(put, folded)
    ending = _RUSSIAN_FATHER.search(folded)
    return _word(written, folded, folded[: ending.start()] if ending else "")


def _word(written: str, folded: str, father: str = "") -> Word:
    sound = _TWICE.sub(r"\1", folded.translate(_SOUND))
    return Word(written, folded, sound, _TWICE.sub(r"\1", sound.translate(_NO_VOWELS)), _FAMILY.sub("", sound), father)


def spelt(text: str) -> str:
    """The one folded form of a name's words: Əliyev, Алиев, Әлијев and Aliyev are all `aliav`."""
    return " ".join(filter(None, (word(found).folded for found in _NAME_WORD.findall(text))))


# ---- the parts of a name ----

_CHILD_OF = frozenset(("oglu", "ogli", "uglu", "ogul", "gizi", "kizi", "kiz", "giz"))
_CHILD_OF_BEFORE = frozenset(("bin", "ibn", "bint", "binti"))
_COURTESY = frozenset(("bay", "hanim", "hanum", "mualim", "candan", "mr", "mrs", "ms"))
_JOINED = frozenset(("zada", "zad"))
_ATTACHED = re.compile("(?<=.{3})(?:ogl[iu]|[gk]izi)$")


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A name taken apart: its words in the order written, and the father's name where a marker or ending shows it."""

    words: tuple[Word, ...]
    father: Word | None

    def all(self) -> tuple[Word, ...]:
        """Every word, the father's name last."""
        return (*self.words, self.father) if self.father else self.words


def parts(text: str) -> Name:
    """A written name's words without courtesy words; `Elçin oğlu`, `Эльчин кызы`, `Эльчинович` become the father's name Elçin.

    Anything may come in: digits and signs are skipped, and only the first 12 words of 48 letters are read.
    """
    found: list[Word] = []
    father: Word | None = None
    expect = False
    for written in _NAME_WORD.findall(text)[:MAX_WORDS]:
        one = word(written)
        if not one.folded:
            continue
        if one.folded in _CHILD_OF and found:
            father = found.pop()
        elif one.folded in _JOINED and found:
            found[-1] = word(found[-1].written + written)
        elif expect:
            father, expect = one, False
        elif one.folded in _CHILD_OF_BEFORE and found:
            expect = True
        else:
            found.append(one)
    if len(found) > 2:
        found = [one for one in found if one.folded not in _COURTESY] or found
    if father is None:
        father = _father_by_ending(found)
    return Name(tuple(found), father)


def _father_by_ending(found: list[Word]) -> Word | None:
    """Takes out the word that is a father's name by its ending (-ович, -овна, -oğlu), if another word is left."""
    for place in range(len(found) - 1, -1, -1):
        one = found[place]
        stem = one.father
        if len(found) > 2 and not stem and (ending := _ATTACHED.search(one.folded)):
            stem = one.folded[: ending.start()]
        if stem and len(found) > 1:
            del found[place]
            return _word(one.written, stem)
    return None


def forget() -> None:
    """Empty the memory of words: no name stays behind in the process."""
    word.cache_clear()


# ---- two spellings compared, word by word ----


class How(StrEnum):
    """How two words of a name met; a screen says each in the reader's language."""

    SAME = "same"  # written alike but for case
    SPELLING = "spelling"  # one name in two scripts or spellings
    SOUND = "sound"  # alike but for voicing, h/q/k or o/u
    ENDING = "ending"  # one stem, another family ending
    VOWELS = "vowels"  # the same consonants
    SLIP = "slip"  # a letter or two apart
    INITIAL = "initial"  # one side gives the first letter only
    JOINED = "joined"  # two words here are one word there
    ROLE = "role"  # the father's name on one side stands unmarked on the other
    DIFFERENT = "different"
    MISSING = "missing"  # only one side gives it


@dataclass(frozen=True, slots=True)
class Meeting:
    """One piece of evidence: the word here, the word there ("" when missing), how they met, and its weight in bits."""

    left: str
    right: str
    how: How
    weight: float
    father: bool = False


class Verdict(StrEnum):
    """What the words alone say; a birth date or document weighs separately."""

    LIKE = "like"
    POSSIBLE = "possible"
    DIFFERENT = "different"


LIKE, POSSIBLE = 10.0, 5.0
_UNLIKE, _FATHER_UNLIKE, _ACROSS = -5.0, -3.0, -1.5


@dataclass(frozen=True, slots=True)
class Compared:
    """Two names compared: weight in bits (log2 of how much likelier for one person than for two), and why."""

    weight: float
    meetings: tuple[Meeting, ...]
    swapped: bool

    @property
    def verdict(self) -> Verdict:
        """LIKE from 10 bits on (two words met), POSSIBLE from 5, else DIFFERENT."""
        return Verdict.LIKE if self.weight >= LIKE else Verdict.POSSIBLE if self.weight >= POSSIBLE else Verdict.DIFFERENT


def _full(length: int) -> float:
    return 5.5 if length <= 3 else 7.0 if length <= 5 else 7.5


def _meet(left: Word, right: Word) -> tuple[float, How]:
    """The weight and manner of two words."""
    one, other = left.folded, right.folded
    if one == other:
        return _full(len(one)), How.SPELLING
    first, second = left.sound, right.sound
    longest, shortest = max(len(one), len(other)), min(len(one), len(other))
    if shortest == 1:
        return (1.5, How.INITIAL) if first[0] == second[0] else (_UNLIKE, How.DIFFERENT)
    if first == second:
        return _full(shortest) - 1.0, How.SOUND
    if len(left.stem) < len(first) and len(right.stem) < len(second):  # two family names: a shared ending says nothing
        if left.stem == right.stem:
            return 5.0, How.ENDING
        one, other = one[: len(left.stem) - len(first)], other[: len(right.stem) - len(second)]
        first, second, longest, shortest = left.stem, right.stem, max(len(one), len(other)), min(len(one), len(other))
    if longest - shortest > 2:
        return _UNLIKE, How.DIFFERENT
    apart = OSA.distance(first, second, score_cutoff=2)
    if apart == 1 or OSA.distance(one, other, score_cutoff=1) == 1:
        weight = _ONE_APART[min(longest, 8)] - (0.5 if first[0] != second[0] else 0.0)
        return weight, How.DIFFERENT if weight < 0 else How.VOWELS if left.skeleton == right.skeleton else How.SLIP
    if apart == 2 and longest >= 8:
        return (2.0 if longest >= 9 else 0.5), How.SLIP
    return _UNLIKE, How.DIFFERENT


_ONE_APART = (-3.0, -3.0, -3.0, -2.0, 0.5, 2.0, 3.5, 3.5, 4.5)
"""Bits for words one letter apart, by the longer one's length: Rəşad and Rəşid are two names, Məmmədquluyev has few neighbours."""


def compare(left: str, right: str) -> Compared:
    """Two written names compared word by word in any order; the father's names with each other first."""
    return compare_names(parts(left), parts(right))


def compare_names(left: Name, right: Name) -> Compared:
    """The same for names already taken apart."""
    total, met, swapped = align(left, right)
    meetings = tuple(
        Meeting(a.written if a else "", b.written if b else "", _as_written(a, b, how), weight, father) for a, b, how, weight, father in met
    )
    return Compared(total, meetings, swapped)


def _as_written(one: Word | None, other: Word | None, how: How) -> How:
    return How.SAME if how is How.SPELLING and one and other and lower(one.written) == lower(other.written) else how


Met = tuple[Word | None, Word | None, How, float, bool]


def align(left: Name, right: Name) -> tuple[float, list[Met], bool]:
    """The best meeting of the words: total weight, each (word, word, how, weight, father's name?), order swapped?"""
    ours, theirs = left.words, right.words
    ranked: list[tuple[float, int, int, int, How]] = []
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            weight, how = _meet(one, other)
            if weight > 0:
                ranked.append((-weight, abs(i - j), i, j, how))
    if len(ranked) > 1:
        ranked.sort()
    met: list[Met] = []
    here, there = list(ours), list(theirs)
    pairs: list[tuple[int, int]] = []
    for weight, _, i, j, how in ranked:
        if ours[i] in here and theirs[j] in there:
            here.remove(ours[i])
            there.remove(theirs[j])
            pairs.append((i, j))
            met.append((ours[i], theirs[j], how, -weight, False))
    if left.father or right.father:
        met += _fathers(left.father, right.father, here, there)
    if here or there:
        met += _left_over(here, there)
    pairs.sort()
    swapped = any(b < a for (_, a), (_, b) in pairwise(pairs))
    return sum(row[3] for row in met), met, swapped


def _fathers(one: Word | None, other: Word | None, here: list[Word], there: list[Word]) -> list[Met]:
    """The father's names met with each other, or with an unmarked word the other side has left over (taken out of it)."""
    if one and other:
        weight, how = _meet(one, other)
        return [(one, other, how, weight if weight > 0 else max(weight, _FATHER_UNLIKE), True)]
    alone, loose = (one, there) if one else (other, here)
    if alone is None:
        return []
    best = max(loose, key=lambda free: _meet(alone, free)[0], default=None)
    weight = _meet(alone, best)[0] + _ACROSS if best else 0.0
    if best is None or weight <= 0:
        return [(one, other, How.MISSING, 0.0, True)]
    loose.remove(best)
    return [(alone, best, How.ROLE, weight, True) if one else (best, alone, How.ROLE, weight, True)]


def _left_over(here: list[Word], there: list[Word]) -> list[Met]:
    """What met nothing: two words that make one of the other side, then words that differ, then words only one side gives."""
    rest: list[Met] = []
    if len(here) != len(there) and here and there:
        few, many, turned = (here, there, False) if len(here) < len(there) else (there, here, True)
        for one, first, second in [(one, a, b) for one in few for a, b in _neighbours(many)]:
            if one.folded[0] != first.folded[0] or abs(len(one.folded) - len(first.folded) - len(second.folded)) > 2:
                continue
            weight, _ = _meet(one, word(first.written + second.written))
            if weight >= 3 and one in few and first in many and second in many:
                few.remove(one)
                many.remove(first)
                many.remove(second)
                both = _word(f"{first.written} {second.written}", "")
                rest.append((both, one, How.JOINED, weight, False) if turned else (one, both, How.JOINED, weight, False))
    while here and there:
        rest.append((here.pop(0), there.pop(0), How.DIFFERENT, _UNLIKE, False))
    rest += [(one, None, How.MISSING, 0.0, False) for one in here]
    return rest + [(None, other, How.MISSING, 0.0, False) for other in there]


def _neighbours(words: Iterable[Word]) -> list[tuple[Word, Word]]:
    listed = list(words)
    return [*pairwise(listed), *((b, a) for a, b in pairwise(listed))]
