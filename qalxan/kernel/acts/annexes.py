"""What follows a programme of several states: signatures, the list of treaties, a special opinion; and its passport."""

import re
from functools import lru_cache
from typing import Any

from rapidfuzz import process

from qalxan.kernel.acts.columns import header_roles
from qalxan.kernel.acts.source import Source
from qalxan.kernel.dates import find_dates, first_date
from qalxan.kernel.names import key, lower

_SIGNED = re.compile(r"[(\[]?\s*imza(?:lan\w+)?\s*(?:[,;]\s*(?P<note>[^()\[\]]{2,120}))?\s*[)\]]?", re.IGNORECASE)
_DASH = re.compile(r"[-–—−]+")
_STATE_WORDS = ("respublikasi", "federasiyasi", "kralligi", "dovleti", "ittifaqi", "birlesmisstatlari")
_TREATY = re.compile(r"konvensiya|protokol|saziş|müqavilə|pakt|xartiya", re.IGNORECASE)
_PLACE = re.compile(r"(\w+?)(?:d[əa])\s+imzalan")


@lru_cache(maxsize=1)
def _states() -> dict[str, str]:
    """Folded Azerbaijani names of states → ISO 3166-1 alpha-2 (CLDR)."""
    from babel import Locale

    return {key(str(name)): code for code, name in Locale("az").territories.items() if len(code) == 2 and code.isalpha()}


def state_code(name: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a state named in Azerbaijani, one or two letters amiss at most."""
    folded = key(name)
    for word in _STATE_WORDS:
        folded = folded.removesuffix(word) or folded
    near = process.extractOne(folded, _states().keys(), score_cutoff=88) if len(folded) > 3 else None
    return _states()[near[0]] if near else None


def read_signatures(source: Source) -> list[dict[str, Any]]:
    """Who signed: blocks of "<state> adından" followed by "(imza, ...)" or by a dash for a state that did not."""
    found: list[dict[str, Any]] = []
    name, open_block = "", False
    for row in source.prose:
        words = re.sub(r"[*_]", "", source.words(row.start, row.end)).strip()
        if not words:
            continue
        low = lower(words)
        if low.endswith("adından") and len(words) < 90:
            state = state_code(words[: -len("adından")].strip() or name)
            if state:
                found.append({"state": state, "status": "not_signed", "note": None, "span": [row.start, row.end]})
                open_block = True
        elif open_block and (match := _SIGNED.fullmatch(words)):
            found[-1] |= {"status": "signed", "note": match["note"]}
            found[-1]["span"][1] = row.end
            open_block = False
        elif open_block and _DASH.fullmatch(words):
            found[-1]["span"][1] = row.end
            open_block = False
        name = words if len(words) < 60 else ""
    return found


def read_treaties(source: Source, after: int) -> list[dict[str, Any]]:
    """The treaties an annex lists: title, date, and the place of signing where it is said."""
    rows = [row for row in source.paragraphs if row.start >= after]
    lines = [(row, source.words(row.start, row.end)) for row in rows]
    begin = next(
        (i for i, (_, w) in enumerate(lines) if len(w) < 220 and re.search(r"müqavilələr(?:in)?(?:\s+siyahısı)?$", lower(_bare(w)))), None
    )
    if begin is None:
        return []
    found: list[dict[str, Any]] = []
    for row, words in lines[begin + 1 :]:
        raw = source.raw[row.start : row.end].strip()
        dates = list(find_dates(words))
        if raw.startswith(("**", "<b")) or words.isupper() or not (_TREATY.search(words) and dates):
            break
        title = re.sub(r"^\s*\d{1,2}[.)]\s*", "", words).rstrip(" ;.")
        place = _PLACE.search(words)
        found.append(
            {"title": title, "date": dates[0].date.isoformat(), "place": place.group(1) if place else None, "span": [row.start, row.end]}
        )
    return found


def _bare(words: str) -> str:
    return re.sub(r"[^\w ]", "", words).strip()


def read_special_opinion(source: Source) -> str | None:
    """The text of a special opinion (xüsusi rəy) put under its own heading, without the signature."""
    lines = [(row, re.sub(r"\*\*|__", "", source.words(row.start, row.end)).strip()) for row in source.paragraphs]
    begin = next(
        (i for i, (_, w) in reversed([*enumerate(lines)]) if lower(w).endswith(("xüsusi rəyi", "xüsusi rəy")) and len(w) < 500 and i), None
    )
    if begin is None:
        return None
    text = []
    for _, words in lines[begin + 1 :]:
        low = lower(words)
        if "prezidenti" in low and len(words) < 90:
            break
        text.append(words)
    while text and ((first_date(text[0]) and len(text[0]) < 40) or lower(text[0]).endswith("şəhəri")):
        text.pop(0)
    return " ".join(text) or None


def read_passport(source: Source, before: int) -> list[dict[str, Any]]:
    """Rows of tables that are not the plan's: a label and what stands beside it."""
    rows = []
    for row in source.rows:
        if len(row.cells) >= 2 and row.start < before and not source.blank(row.start, row.end) and not header_roles(source, row):
            cells = [source.words(*cell) for cell in row.cells]
            rows.append({"name": cells[0], "text": " | ".join(filter(None, cells[1:])), "span": [row.start, row.end]})
    return rows


def read_abbreviations(source: Source) -> dict[str, str]:
    """Abbreviations the act defines ("PAA - ... Assambleyası"): short form → name in full."""
    found = {}
    for row in source.rows:
        if row.end - row.start > 4000:
            continue
        for line in source.clean[row.start : row.end].split("\u2028"):
            for part in line.split("\t"):
                match = re.fullmatch(r"\s*([A-ZÇƏĞIİÖŞÜ]{2,8}|\w{2,8}[A-ZÇƏĞIİÖŞÜ]{2})\s+[-–—]\s+(.{8,200}?)[\s,;.\u200b]*", part)
                if match:
                    found[match.group(1)] = match.group(2)
    return found
