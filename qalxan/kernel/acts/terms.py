"""Terms: when a measure is to be carried out, as an act writes it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Levenshtein

from qalxan.kernel.acts.squeeze import Text
from qalxan.kernel.dates import MONTH, MONTHS
from qalxan.kernel.names import key, lower

Term = dict[str, Any]
UNSET = {"kind": "unset", "as_written": ""}
_Y = r"(?:19|20)\d\d"
# A year's ending: "-ci il", "-cı ilin"; a bare "il" too.
_YIL = r"(?:\s?-?\s?c[iıuü]|\s?-?\s?c[iıuü]?\s+(?=il))?(?:\s*il\w*)?"
_NUMBERS = {"bir": 1, "iki": 2, "uc": 3, "dord": 4, "bes": 5, "alti": 6, "yeddi": 7, "sekkiz": 8, "doqquz": 9, "on": 10, "oniki": 12}
_COUNT = r"(?P<n>\d{1,3}|on iki|bir|iki|üç|dörd|beş|altı|yeddi|səkkiz|doqquz|on)(?:\s*\([^()]{1,12}\))?"
_QUARTERS = r"(?P<qa>[ıi]v|[ıi]{1,3}|[1-4])\s?(?:[-–—]|və)\s?(?P<qb>[ıi]v|[ıi]{1,3}|[1-4])\s?-?\s?(?:c[iıuü]\s+)?(?:rüb|kvartal)\w*\)?"
_QUARTER = r"(?P<q>[ıi]v|[ıi]{1,3}|[1-4]|birinci|ikinci|üçüncü|dördüncü)\s?-?\s?(?:c[iıuü]\s+)?(?:rüb|kvartal)\w*\)?"
_HALF = r"(?P<h>[ıi]{1,2}|birinci|ikinci|[12])\s?-?\s?(?:c[iıuü]\s+)?yar[ıi]\w*"


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A term, the letters it was told by, and whether the printing had to be repaired."""

    term: Term
    start: int
    end: int
    repaired: str = ""


def _years(m: re.Match[str]) -> Term | None:
    first, last = int(m["ya"]), int(m["yb"])
    return {"kind": "years", "from": first, "to": last} if first <= last else None


def _short_years(m: re.Match[str]) -> Term | None:
    """ "2020-24"."""
    first, last = int(m["ya"]), int(m["ya"][:2] + m["yc"])
    return {"kind": "years", "from": first, "to": last} if first < last else None


def _quarters(m: re.Match[str]) -> Term | None:
    """ "2021-ci ilin II-III rübləri": from the first quarter's first month to the last's last."""
    first, last = _roman(m["qa"]), _roman(m["qb"])
    year = m.groupdict().get("y") or m.groupdict().get("z")
    return {"kind": "month", "from": f"{year}-{3 * first - 2:02}", "to": f"{year}-{3 * last:02}"} if first <= last <= 4 else None


def _month(m: re.Match[str]) -> Term:
    groups = m.groupdict()
    year = int(groups.get("y") or groups.get("z") or 0)
    month = MONTHS.index(groups.get("m") or groups.get("k") or "yanvar") + 1
    term: Term = {"kind": "month", "from": f"{year}-{month:02}"}
    last = groups.get("m2")
    if last:
        term["to"] = f"{int(groups.get('y2') or year)}-{MONTHS.index(last) + 1:02}"
    return term


def _roman(written: str) -> int:
    return {"i": 1, "ii": 2, "iii": 3, "iv": 4, "birinci": 1, "ikinci": 2, "üçüncü": 3, "dördüncü": 4}.get(
        written.replace("ı", "i")
    ) or int(written)


def _part_of_year(m: re.Match[str]) -> Term | None:
    """A quarter or a half of a year as its first and last month."""
    groups = m.groupdict()
    quarter = groups.get("q") or groups.get("q9")
    number, size = (_roman(quarter), 3) if quarter else (_roman(groups.get("h") or groups.get("h9") or "1"), 6)
    first = (number - 1) * size + 1
    year = groups.get("y") or groups.get("z")
    return {"kind": "month", "from": f"{year}-{first:02}", "to": f"{year}-{first + size - 1:02}"} if first <= 12 else None


def _dated(m: re.Match[str]) -> Term | None:
    month = int(m["n"])
    return {"kind": "month", "from": f"{m['y']}-{month:02}"} if 1 <= month <= 12 else None


def _within(m: re.Match[str]) -> Term:
    count = int(m["n"]) if m["n"].isdigit() else _NUMBERS[key(m["n"])]
    unit = m["unit"]
    if unit in ("gün", "həftə"):
        return {"kind": "within", "days": count * (7 if unit == "həftə" else 1)}
    return {"kind": "within", "months": count * (12 if unit == "il" else 1)}


def _year(m: re.Match[str]) -> Term:
    year = int(m["ya"])
    return {"kind": "years", "from": year, "to": year}


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Term | None]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (
            rf"hesabat ilindən sonra\w*(?:\s+gələn)? il\w*\s+(?P<k>{MONTH})\w*(?:\s+ay\w*)?",
            lambda m: _monthly(m["k"]) | {"following": True},
        ),
        (rf"(?:hər il\w*|növbəti il\w*)\s*,?\s+(?P<k>{MONTH})\w*(?:\s+ay\w*)?", lambda m: _monthly(m["k"])),
        (rf"(?P<k>{MONTH})\w*(?:\s+ay\w*)?\s*,?\s+hər il", lambda m: _monthly(m["k"])),
        (r"hər il\w*|ildə\s+(?:bir|iki|azı bir|1|2)\s+(?:dəfə\w*)|illik\b", lambda m: {"kind": "yearly"}),
        (rf"{_COUNT}\s*(?P<unit>ay|il|gün|həftə)\w*\s*(?:ərzində|müddətində|müddətinə|müddət|içində)", _within),
        (r"^\W*(?P<n>\d{1,2})\s*(?P<unit>ay)\W*$", _within),
        (rf"(?P<z>{_Y}){_YIL}\s+(?P<k>{MONTH})\w*\s*[-–—]\s*(?P<y2>{_Y}){_YIL}\s+(?P<m2>{MONTH})\w*", _month),
        (rf"(?P<ya>{_Y}){_YIL}\s*(?:[-–—−‑‐/]|\.\.+|…)?\s*(?P<yb>{_Y})(?!\d){_YIL}", _years),
        (r"(?P<ya>20\d\d)\s?[-–—‑/]\s?(?P<yc>\d\d)(?!\d)(?!\.)(?:-c[iıuü])?(?:\s+il\w*)?", _short_years),
        (rf"(?P<ya>{_Y})(?P<yb>{_Y})(?!\d){_YIL}", _years),
        (rf"(?P<y>{_Y}){_YIL}[\s,(]*{_QUARTERS}", _quarters),
        (rf"{_QUARTERS}\W{{0,3}}(?P<z>{_Y}){_YIL}", _quarters),
        (rf"(?P<y>{_Y}){_YIL}[\s,(]*{_QUARTER}|{_QUARTER.replace('?P<q>', '?P<q9>')}\W{{0,3}}(?P<z>{_Y}){_YIL}", _part_of_year),
        (rf"(?P<y>{_Y}){_YIL}[\s,(]*{_HALF}|{_HALF.replace('?P<h>', '?P<h9>')}\s*(?P<z>{_Y}){_YIL}", _part_of_year),
        (rf"(?P<m>{MONTH})\w*\s+(?P<y>{_Y}){_YIL}\s*[-–—]\s*(?P<m2>{MONTH})\w*\s+(?P<y2>{_Y}){_YIL}", _month),
        (rf"(?P<m>{MONTH})\s*[-–—]\s*(?P<m2>{MONTH})\w*(?:\s+ay\w*)?\s*,?\s*(?P<y>{_Y}){_YIL}", _month),
        (rf"(?P<y>{_Y}){_YIL}\s+(?P<m>{MONTH})\s*[-–—]\s*(?P<m2>{MONTH})\w*(?:\s+ay\w*)?", _month),
        (rf"(?:\d{{1,2}}\s+)?(?P<m>{MONTH})\w*(?:\s+ay\w*)?\s*,?\s*(?P<y>{_Y}){_YIL}", _month),
        (rf"(?P<z>{_Y})\s?-?\s?c[iıuü]\s+il\w*\s+(?:\d{{1,2}}\s+)?(?P<k>{MONTH})\w*(?:\s+\d{{1,2}}(?:-\w+)?)?(?:\s+ay\w*)?", _month),
        (rf"(?:\d{{1,2}}\.)?(?P<n>\d{{1,2}})\.(?P<y>{_Y})\w*", _dated),
        (rf"(?P<ya>{_Y})(?!\d){_YIL}", _year),
        (
            r"(?:mütəmadi|müntəzəm|daimi|daima|daim|davamlı|fasiləsiz)(?:\s+olaraq)?\b|daimi əsas\w*|(?:plan|proqram)\w*(?:\s+\w+){0,3}\s+(?:müddət|dövr)\w*|sürəkli\w*|ongoing|continuous",
            lambda m: {"kind": "continuous"},
        ),
    )
)
_JOIN = re.compile(r"^[\s,;.:/]*(?:və|və ya|həmçinin|sonra)?[\s,;.:/]*$")
_NOTHING = re.compile(r"[\s\-–—_.*]*")


def _monthly(name: str) -> Term:
    return {"kind": "yearly_month", "month": MONTHS.index(name) + 1}


def find_terms(cell: str) -> list[FoundTerm]:
    """Every term in a squeezed cell, in order; an earlier form of the list wins where two could begin."""
    low = lower(cell).replace("ıyun", "iyun").replace("ıyul", "iyul")
    found: list[FoundTerm] = []
    ahead: dict[int, re.Match[str] | None] = {}
    at = 0
    while at < len(low):
        best: FoundTerm | None = None
        for place, (pattern, make) in enumerate(_FORMS):
            match = ahead.get(place)
            if place not in ahead or (match is not None and match.start() < at):
                match = ahead[place] = pattern.search(low, at)
            if match is None or (match.start() > at and low[match.start() - 1].isalnum()):
                continue
            if best is not None and (match.start(), -match.end()) >= (best.start, -best.end):
                continue
            term = make(match)
            if term is not None:
                best = FoundTerm(term, match.start(), match.end(), _repair(term, match.group()))
        if best is None:
            break
        found.append(best)
        at = best.end
    return found or _misspelt(cell)


def _repair(term: Term, written: str) -> str:
    """What was mended in the printing, "" when nothing was."""
    if term["kind"] == "years" and term["from"] != term["to"] and re.search(r"\d{4}\s*\d{4}|\.\.|…", written):
        return "dash"
    return ""


def _misspelt(cell: str) -> list[FoundTerm]:
    folded = key(cell)
    if 6 <= len(folded) <= 11 and Levenshtein.distance(folded, "mutemadi", score_cutoff=2) <= 2:
        return [FoundTerm({"kind": "continuous"}, 0, len(cell), "spelling")]
    return []


@dataclass(frozen=True, slots=True)
class TermReading:
    """What a term cell says: terms, repairs made, and words that are no term."""

    terms: list[Term]
    repairs: list[str]
    rest: str


def read_terms(cell: Text) -> TermReading:
    """The terms of a cell. An empty cell (or a lone dash) is one unset term; unreadable words come back as `rest`."""
    text = cell.text
    if _NOTHING.fullmatch(text):
        return TermReading([dict(UNSET, as_written=text.strip())], [], "")
    found = find_terms(text)
    if not found:
        return TermReading([dict(UNSET, as_written=text)], [], text)
    terms, repairs, rest = [], [], []
    start = 0
    if len(found) > 1 and len(key(text[: found[0].start])) > 25:
        rest.append(text[: found[0].start].strip())
    for place, item in enumerate(found):
        last = place == len(found) - 1
        gap = text[item.end : len(text) if last else found[place + 1].start]
        parted = re.search(r"[,;]", gap)
        end = len(text) if last else item.end + (parted.start() if parted else 0)
        terms.append(item.term | {"as_written": text[start:end].strip(" ,;")})
        start = item.end + parted.end() if parted and not last else item.end
        if item.repaired:
            repairs.append(item.repaired)
        if not last and not _JOIN.match(gap) and len(key(gap)) > 25:
            rest.append(gap.strip())
    return TermReading(terms, repairs, "; ".join(rest))


def is_term_line(text: str) -> bool:
    """Whether a line of a printed page holds terms and nothing else."""
    if not text or len(text) > 80:
        return False
    found = find_terms(text)
    if not found:
        return False
    bare = len(key(text)) + sum(c.isdigit() for c in text)
    told = sum(len(key(text[f.start : f.end])) + sum(c.isdigit() for c in text[f.start : f.end]) for f in found)
    return told >= 0.8 * bare if len(text) <= 40 else told >= bare * 0.6
