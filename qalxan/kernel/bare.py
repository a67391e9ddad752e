"""Numbers that stand bare in prose: neither a placed fact nor typed with a source.

The rule. Every run of characters that are numbers to Unicode (digits of any script, ², ½, Ⅳ), with the points, commas and spaces that join its
groups, is a finding of kind "bare", unless all of it lies in one of these:
1. a full date that exists: "22 iyul 2020-ci il", "22.07.2020", "2020-07-22", "22 июля 2020", "22 July 2020", "July 22, 2020";
2. a calendar year 1900-2199, or a list or range of such years, in a year's grammar: followed by -ci/-cı/-cu/-cü and a word of "il" (an adjective may
   stand between: "2020/2021-ci tədris ili"); before "год…", "г." or "гг."; after "in, since, by, until, till, during, before, after, of, for, from,
   between, year" unless the next word counts things ("in 2020 cases" is a finding); or a rising range of at most 30 years that closes its phrase;
3. the number of an act or of a part of one: after "№" or "No."; "749-IIIQ"; "2173 nömrəli"; an ordinal before "maddə, bənd, hissə, fəsil, bölmə,
   abzas" ("7.5-ci maddə"); after "Article, Art., Section, Paragraph, Clause, Chapter"; after "ст., статья, п., пункт, ч., часть, гл., глава"; a
   dotted number after "Measure", "мероприятие" or before "tədbir"; the trafficking articles of the Criminal Code, 144-1 to 144-3;
4. the one or two digits and the point or bracket that number a line at its start; 5. the name COVID-19.
Number words are findings of the softer kind "word": hundred, thousand, million and milliard anywhere, one to ten and the tens where a counted noun
follows within two words. Roman letters are letters.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from qalxan.kernel.dates import find_dates
from qalxan.kernel.names import lower
from qalxan.kernel.prose import masked

MONTHS_RU: Final = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря")
MONTHS_EN: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_Y = r"(?:19|20|21)[0-9]{2}"
_YEARS = rf"{_Y}(?:(?:\s?[–—/-]\s?|,\s|\s(?:və|ilə|and|to|и|по|or|или)\s){_Y}){{0,12}}"
_N = r"[0-9]{1,4}(?:[.-][0-9]{1,3}){0,4}"
_LIST = rf"{_N}(?:(?:,\s|\s(?:və|and|и)\s|\s?–\s?){_N}){{0,12}}"
_COUNTING = r"(?!\s(?!(?:was|is|has|this|as|its|across|police|various|thus|always)\b)[a-z-]*(?:s|people|women|men|children|persons|per\scent)\b|\s?%)"
_EXEMPT = {
    "": rf"№\s?{_LIST}(?:[-–]?[ıivx]+q\w*)?|\b[0-9]{{1,4}}[-–][ıivx]+q\w*|\b144-[123]\b(?!-?[0-9])|\bcov[iı]d-19\b"
    r"|(?:^|(?<=\n))[ \t]{0,3}[0-9]{1,2}[.)](?=[ \t]+\S)",
    "az": rf"\b{_YEARS}\s?-?\s?c[iıuü]\s+(?:(?:tədris|dərs|büdcə|hesabat|maliyyə|təqvim)\s+)?il(?!k)\w*|\b[0-9]{{1,4}}(?:-?[ıivx]+q\w*)?\s+nömrəli"
    rf"|\b{_LIST}\s?-?\s?c[iıuü]\s+(?:maddə|bənd|hissə|fəsil|fəsl|bölmə|abzas|yarımbənd)\w*|\b[0-9]+(?:\.[0-9]+)+\.?\s+(?:nömrəli\s+)?tədbir\w*"
    rf"|\b{_LIST}\s?-?\s?c[iıuü](?=(?:,\s|\s(?:və|və\s+ya)\s){_LIST}\s?-?\s?c[iıuü]\s+(?:maddə|bənd|hissə))",
    "ru": rf"\b{_YEARS}\s?(?:год\w*|гг?\.)|\b(?:ст\.|стать\w+|пп?\.|пункт\w*|ч\.|част[иьяюе]\w*|гл\.|глав\w+)\s?{_LIST}|\bмероприяти\w+\s[0-9]+(?:\.[0-9]+)+",
    "en": rf"\b(?:in|since|by|until|till|during|before|after|of|for|from|between|year)\s+(?:the\s+)?(?:years?\s+)?{_YEARS}{_COUNTING}\b"
    rf"|\bno\.\s?{_LIST}(?:-?[ıivx]+q\w*)?|\b(?:articles?|art\.|sections?|paragraphs?|clauses?|chapters?)\s{_LIST}(?:\([0-9]+\))?|\bmeasures?\s[0-9]+(?:\.[0-9]+)+",
}
_RANGE = rf"\b(?P<y1>{_Y})[–—-](?P<y2>{_Y})(?=[\s]*(?:[),;:»”\"'.!?]|\n|$))"
_DATES = (
    (re.compile(rf"\b(?P<d>[0-9]{{1,2}})\s+(?P<m>{'|'.join(MONTHS_RU)})\s+(?P<y>{_Y})(?:\s?г(?:ода|оду|\.))?", re.I), MONTHS_RU),
    (re.compile(rf"\b(?P<d>[0-9]{{1,2}})\s+(?P<m>{'|'.join(MONTHS_EN)}),?\s+(?P<y>{_Y})\b", re.I), MONTHS_EN),
    (re.compile(rf"\b(?P<m>{'|'.join(MONTHS_EN)})\s+(?P<d>[0-9]{{1,2}}),\s+(?P<y>{_Y})\b", re.I), MONTHS_EN),
    (re.compile(rf"\b(?P<y>{_Y})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})\b"), ()),
)
_MONTH_YEAR = rf"\b(?:{'|'.join(MONTHS_EN)})\s+{_Y}{_COUNTING}\b"
_WORDS = {
    "az": (
        r"yüz|min|milyon|milyard",
        r"bir|iki|üç|dörd|beş|altı|yeddi|səkkiz|doqquz|on|iyirmi|otuz|qırx|əlli|altmış|yetmiş|səksən|doxsan",
        r"nəfər|şəxs|qurban|cinayət|fakt|hal\b|hall?ar|qrup|uşaq|qadın|kişi|ölkə|tədbir|orqan|müqavilə|müraciət|ailə|manat|faiz|məhkum|əcnəbi|vətəndaş|layihə"
        r"|rayon|şəhər|valideyn|zəng|seminar|təlim|hadisə|sənəd|iş\b",
    ),
    "en": (
        r"hundreds?|thousands?|millions?|billions?|dozens?",
        r"one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety",
        r"person|people|victim|crime|case|fact|group|child|wom[ae]n|m[ae]n\b|countr|event|bod(?:y|ies)|treat|call|famil|manat|per\scent|foreigner|citizen"
        r"|project|district|town|parent|seminar|training|incident|document|offence",
    ),
    "ru": (
        r"сот(?:ня|ни|ню|ен|нях)|тысяч\w*|миллион\w*|миллиард\w*",
        r"од(?:ин|на|но|ного|ной|ному|ним|них)|дв(?:а|е|ух|ум|умя)|тр(?:и|ех|ёх|ем|емя)|четыр(?:е|ех|ёх|ем)|пят(?:ь|и|ью)|шест(?:ь|и)|сем(?:ь|и)"
        r"|восем(?:ь)|восьми|девят(?:ь|и)|десят(?:ь|и)|двадцат(?:ь|и)|тридцат(?:ь|и)|сорок|пятьдесят|шестьдесят|семьдесят|восемьдесят|девяносто|сто",
        r"лиц|человек|люд|жертв|пострадавш|преступл|факт|случа|групп|реб[её]н|дет[ейя]|женщин|мужчин|стран|мероприят|орган|договор|обращен|звонк|сем[ьей]"
        r"|манат|процент|иностран|граждан|проект|район|город|родител|семинар|документ|дел[оа]?\b",
    ),
}
_COMPILED = {
    language: re.compile(f"{_EXEMPT['']}|{_EXEMPT[language]}|{_MONTH_YEAR}" if language == "en" else f"{_EXEMPT['']}|{_EXEMPT[language]}")
    for language in ("az", "en", "ru")
}
AROUND: Final = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """A number outside every placeholder: kind "bare" fails a build, kind "word" is a warning; offsets into the text, words around it."""

    kind: str
    text: str
    start: int
    end: int
    before: str
    after: str


def bare_numbers(text: str, language: str) -> list[Finding]:
    """Every bare number and number word of a section's text in order, by the rule above. `language` is az, en or ru (KeyError otherwise)."""
    own = masked(text)
    low = lower(own) if language == "az" else _same_length_lower(own)
    exempt = bytearray(len(text))
    for start, end in _exempt(own, low, language):
        if not _torn(own, start, end):
            exempt[start:end] = b"\1" * (end - start)
    found = [(kind, start, end) for kind, start, end in (*_digits(own), *_number_words(low, language)) if not all(exempt[start:end])]
    return [
        Finding(kind, text[start:end], start, end, text[max(0, start - AROUND) : start], text[end : end + AROUND])
        for kind, start, end in sorted(found, key=lambda item: item[1])
    ]


def _same_length_lower(text: str) -> str:
    """Lower case letter by letter; a letter whose lower case is longer stays."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _exempt(own: str, low: str, language: str) -> Iterator[tuple[int, int]]:
    for found in find_dates(own):
        yield found.start, found.end
    for pattern, months in _DATES:
        for match in pattern.finditer(low):
            month = months.index(match["m"]) + 1 if months else int(match["m"])
            if _is_day(int(match["y"]), month, int(match["d"])):
                yield match.span()
    for match in re.finditer(_RANGE, low):
        if 0 < int(match["y2"]) - int(match["y1"]) <= 30:
            yield match.span()
    for match in _COMPILED[language].finditer(low):
        yield match.span()


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(dt.date(year, month, day))
    except ValueError:
        return False


def _torn(text: str, start: int, end: int) -> bool:
    """Whether the span cuts a longer number in two: "3422 iyul", "№ 21,5"."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    head = text[start : start + 1].isnumeric() and (before[-1:].isnumeric() or (before[-1:] in ".,/" and before[:1].isnumeric()))
    tail = text[end - 1 : end].isnumeric() and (after[:1].isnumeric() or (after[:1] in ".,/" and after[1:].isnumeric()))
    return bool(before and head) or bool(after and tail)


def _digits(text: str) -> Iterator[tuple[str, int, int]]:
    """Numbers with their joined groups: "6 377" is one, "2020 185" is two."""
    at, size = 0, len(text)
    while at < size:
        if not text[at].isnumeric():
            at += 1
            continue
        start, at = at, _run_end(text, at)
        while at + 1 < size:
            spaced = text[at] in " \u00a0\u202f\u2009'’"
            end = _run_end(text, at + 1)
            if (text[at] in ".," and end > at + 1) or (spaced and end == at + 4 and _group(text, start, at)):
                at = end
                continue
            break
        yield "bare", start, at


def _group(text: str, start: int, at: int) -> bool:
    """Whether what stands before is one to three digits, or such a group with threes after it."""
    head, *rest = re.split(r"[ \u00a0\u202f\u2009'’.,]", text[start:at])
    return len(head) <= 3 and all(len(part) == 3 for part in rest)


def _run_end(text: str, at: int) -> int:
    while at < len(text) and text[at].isnumeric():
        at += 1
    return at


def _number_words(low: str, language: str) -> Iterator[tuple[str, int, int]]:
    large, small, nouns = _WORDS[language]
    pattern = rf"\b(?:{large})\b|\b(?:{small})\b(?=(?:\s+[^\W\d]+){{0,2}}?\s+(?:{nouns}))"
    for match in re.finditer(pattern, low):
        yield "word", match.start(), match.end()
