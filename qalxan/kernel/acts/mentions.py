"""Finding bodies in a cell of executors: glued, misspelt, broken, declined, or named only by an open list."""

import itertools
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from qalxan.kernel.bodies import GROUP, OPEN_LIST, Registry
from qalxan.kernel.names import fold, key

_SUFFIXES = frozenset(
    [
        "i",
        "n",
        "ni",
        "in",
        "nin",
        "si",
        "sini",
        "sinin",
        "e",
        "a",
        "ye",
        "ya",
        "ne",
        "na",
        "sine",
        "sina",
        "de",
        "da",
        "nde",
        "nda",
        "den",
        "dan",
        "nden",
        "ndan",
        "u",
        "nu",
        "un",
        "nun",
        "su",
        "sunu",
        "sunun",
        "y",
        "yi",
        "yu",
        "yin",
        "leri",
        "lari",
        "lerin",
        "larin",
        "lerini",
        "larini",
        "lerinin",
        "larinin",
        "ler",
        "lar",
        "lere",
        "lara",
        "lerine",
        "larina",
        "inin",
        "unun",
        "ini",
        "unu",
        "ine",
        "una",
    ]
)
_ACCUSATIVE = re.compile(r"(?:[nys]?[iu]|[iu]?ni|sini|[iu]n[iu]|lerini|larini)$")
_STATE = ("azerbaycanrespublikasinin", "azerbaycanrespublikasi")
_UNDER = ("yaninda", "tabeliyinde", "nezdinde", "terkibinde")
_INVOLVED = re.compile(r"cəl[bp]\s*(?:et|ed|olun|edil)\w*|iştirakı\s+ilə|əməkdaşlıq\s+şəraitində|cəl[bp]\s*etmə\w*", re.IGNORECASE)
_MARK = re.compile(r"\[\d{1,3}\]|[¹²³⁰⁴-⁹]+|\*+|\(\d{1,2}\)")
_PARTICIPLE = re.compile(r"(?:an|en|mis|mus|li|lu|qeyd|ilen|olunan|hemin|muvafiq|diger|aidiyyeti)$")
_CONNECT = re.compile(r"[,;:\u2028/•]|\bvə\b|\bhabelə\b|\bhəmçinin\b|\bilə\s+birlikdə\b|\bbirlikdə\b", re.IGNORECASE)
FUZZY_BUDGET = 600


@dataclass(frozen=True, slots=True)
class Mention:
    """A body as named in a cell: letters start..end, its code (None when the registry has none), and how it was told."""

    start: int
    end: int
    code: str | None
    tail: str = ""
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class CellReading:
    """The mentions of a cell, the index from which on bodies are only to be involved, and remarks on the printing."""

    mentions: tuple[Mention, ...]
    involved: frozenset[int]
    glued: bool
    marks: tuple[tuple[int, int], ...]
    rest: tuple[tuple[int, int], ...]


class Bodies:
    """Finds the bodies of one registry in text; `abbreviations` may be extended by what an act itself defines."""

    def __init__(self, registry: Registry, defined: dict[str, str] | None = None) -> None:
        self.registry = registry
        self.names: dict[str, str] = {}
        self.short: dict[str, str] = dict(defined or {})
        self.budget = FUZZY_BUDGET
        for record in registry.records:
            for name in (record.name_az, *record.aliases):
                folded = key(name)
                for prefix in _STATE:
                    folded = folded.removeprefix(prefix) or folded
                self.names.setdefault(folded, record.code)
                if folded.endswith("q") and len(folded) > 8:
                    self.names.setdefault(folded[:-1] + "gu", record.code)
            for short in record.abbreviations:
                self.short.setdefault(short, record.code)
        self._by_start: dict[str, list[str]] = {}
        for folded in sorted(self.names, key=len, reverse=True):
            self._by_start.setdefault(folded[:4], []).append(folded)
        self._long = [name for name in self.names if len(name) >= 8]
        parts = sorted(map(re.escape, self.short), key=len, reverse=True)
        self._short = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(parts) or '(?!)'})+(?:-?n[iıuü]n|-?n[iıuü]|y[əa]|n[əa]|[iıuü])?(?![^\W\d_])")
        self._one_short = re.compile("|".join(parts) or "(?!)")
        self.read = lru_cache(maxsize=4096)(self._read)

    def _read(self, text: str) -> CellReading:
        marks = tuple(match.span() for match in _MARK.finditer(text))
        for start, end in marks:
            text = text[:start] + " " * (end - start) + text[end:]
        found = self._exact(text) + self._shorts(text)
        found.sort(key=lambda mention: (mention.start, -mention.end))
        found = _without_overlap(found)
        found = [self._longer(text, found, place) for place in range(len(found))]
        found, rest = self._gaps(text, found)
        found = self._joined(text, found)
        found, rest = _modifiers(text, found, rest, self.registry, self.names)
        involved = _involved(text, found)
        rest = tuple(span for span in rest if key(_CONNECT.sub(" ", _INVOLVED.sub(" ", text[span[0] : span[1]]))))
        glued = any(not _CONNECT.search(text[a.end : b.start]) for a, b in itertools.pairwise(found))
        return CellReading(tuple(found), involved, glued, marks, rest)

    def one(self, text: str) -> str | None:
        """The code of the only body the text names, or None."""
        codes = {mention.code for mention in self.read(text).mentions if mention.code}
        return codes.pop() if len(codes) == 1 else None

    def starts_run(self, text: str) -> bool:
        """Whether bodies in the nominative tile the text from end to end."""
        if len(text) > 3000:
            return False
        reading = self.read(text)
        return bool(reading.mentions) and not reading.rest and all(m.code and not m.tail for m in reading.mentions)

    def is_cell(self, text: str) -> bool:
        """Whether a text reads as a whole cell of executors: known bodies first, others only to be involved or plainly bodies."""
        if not text or len(text) > 3000 or (not text[0].isupper() and text[0] not in '"“«'):
            return False
        reading = self.read(text)
        first = reading.mentions[0] if reading.mentions else None
        if first is None or first.code is None or first.start > 2 or reading.rest:
            return False
        return all(
            (m.code and not m.tail) or place in reading.involved or (m.code is None and _INSTITUTION.search(key(text[m.start : m.end])))
            for place, m in enumerate(reading.mentions)
        )

    def _exact(self, text: str) -> list[Mention]:
        folded, at = fold(text)
        found: list[Mention] = []
        place, glued_at = 0, 0
        while place < len(folded):
            start = at[place]
            fresh = place == glued_at or not text[start - 1].isalpha() or (text[start].isupper() and text[start - 1].islower())
            mention = self._name_at(text, folded, at, place) if fresh else None
            if mention is None:
                place += 1
                continue
            found.append(mention[0])
            place = glued_at = mention[1]
        return found

    def _name_at(self, text: str, folded: str, at: list[int], place: int) -> tuple[Mention, int] | None:
        for name in self._by_start.get(folded[place : place + 4], ()):
            if not folded.startswith(name, place):
                continue
            end = place + len(name)
            stop = end
            while (
                stop < len(folded)
                and at[stop] == at[stop - 1] + 1
                and (stop == end or text[at[stop]].islower() or text[at[end - 1]].isupper())
            ):
                if stop == end and text[at[stop]].isupper() and text[at[stop - 1]].islower():
                    break
                stop += 1
            tail = folded[end:stop]
            if tail and tail not in _SUFFIXES:
                if not any(folded.startswith(other, end) for other in self._by_start.get(folded[end : end + 4], ())):
                    continue
                stop, tail = end, ""
            return Mention(at[place], at[stop - 1] + 1, self.names[name], tail), stop
        return None

    def _longer(self, text: str, found: list[Mention], place: int) -> Mention:
        """A longer, misspelt name that ends in this one ("Rəqmsəl İnkişaf və Nəqliyyat Nazirliyi"), else the mention itself."""
        mention = found[place]
        start = found[place - 1].end if place else 0
        before = re.split(r"[,;]", text[start : mention.start])[-1]
        if not before.rstrip().endswith(" və") or self.budget <= 0:
            return mention
        self.budget -= 1
        first = mention.start - len(before.lstrip())
        near = process.extractOne(key(text[first : mention.end]), self._long, scorer=fuzz.ratio, score_cutoff=86)
        if near and len(near[0]) > len(key(text[mention.start : mention.end])) + 3:
            return Mention(first, mention.end, self.names[near[0]], mention.tail, True)
        return mention

    def _shorts(self, text: str) -> list[Mention]:
        found = []
        for run in self._short.finditer(text):
            for part in self._one_short.finditer(text, run.start(), run.end()):
                found.append(Mention(part.start(), part.end(), self.short[part.group()]))
        return found

    def _gaps(self, text: str, found: list[Mention]) -> tuple[list[Mention], tuple[tuple[int, int], ...]]:
        """Names in the text between exact ones, told by likeness; and what is left after that."""
        out: list[Mention] = []
        rest: list[tuple[int, int]] = []
        edges = [(0, 0)] + [(m.start, m.end) for m in found] + [(len(text), len(text))]
        for place, (before, after) in enumerate(itertools.pairwise(edges)):
            gap = (before[1], after[0])
            if len(key(text[gap[0] : gap[1]])) >= 8:
                likely, left = self._likely(text, *gap)
                out += likely
                rest += left
            elif key(text[gap[0] : gap[1]]):
                rest.append(gap)
            if place < len(found):
                out.append(found[place])
        return out, tuple(rest)

    def _likely(self, text: str, start: int, end: int) -> tuple[list[Mention], list[tuple[int, int]]]:
        folded, at = fold(text[start:end])
        if len(folded) < 8 or self.budget <= 0:
            return [], [(start, end)] if folded else []
        self.budget -= 1
        window = self._window(text, start, end)
        if window is not None:
            return window
        near = process.extract(folded, self._long, scorer=fuzz.partial_ratio, score_cutoff=84, limit=8)
        best = None
        for name, _, _ in near:
            hit = fuzz.partial_ratio_alignment(name, folded, score_cutoff=84)
            if hit is None or len(name) > len(folded) + 3:
                continue
            first, last = self._word_edges(text[start:end], at, hit.dest_start, hit.dest_end)
            score = fuzz.ratio(name, folded[first:last])
            if score >= 86 and (best is None or score * len(name) > best[0]):
                best = (score * len(name), name, first, last)
        if best is None:
            return [], [(start, end)]
        _, name, first, last = best
        left, left_rest = self._likely(text, start, start + at[first]) if first else ([], [])
        right, right_rest = self._likely(text, start + at[last - 1] + 1, end) if last < len(folded) else ([], [])
        written = folded[first:last]
        tail = written[-2:] if written[-2:] in ("ni", "nu") and not name.endswith(written[-2:]) else ""
        mention = Mention(start + at[first], start + at[last - 1] + 1, self.names[name], tail, True)
        return [*left, mention, *right], [*left_rest, *right_rest]

    def _window(self, text: str, start: int, end: int) -> tuple[list[Mention], list[tuple[int, int]]] | None:
        """The best likeness of up to four neighbouring comma-parted pieces to one name, so that no match runs over a comma."""
        pieces = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^,;\u2028]+", text[start:end])]
        best = None
        for first in range(min(len(pieces), 60)):
            for last in range(first, min(first + 4, len(pieces))):
                folded = key(text[pieces[first][0] : pieces[last][1]])
                if len(folded) < 8:
                    continue
                near = process.extractOne(folded, self._long, scorer=fuzz.ratio, score_cutoff=86)
                if near and (best is None or near[1] * len(folded) > best[0]):
                    best = (near[1] * len(folded), near[0], first, last)
        if best is None:
            return None
        _, name, first, last = best
        a, b = pieces[first][0], pieces[last][1]
        body = text[a:b]
        a, b = a + len(body) - len(body.lstrip()), a + len(body.rstrip())
        written = key(text[a:b])
        tail = next((t for t in ("ni", "nu") if written.endswith(t) and not name.endswith(t) and len(written) > len(name)), "")
        left, left_rest = self._likely(text, start, a) if first else ([], [])
        right, right_rest = self._likely(text, b, end) if last + 1 < len(pieces) else ([], [])
        return [*left, Mention(a, b, self.names[name], tail, True), *right], [*left_rest, *right_rest]

    @staticmethod
    def _word_edges(text: str, at: list[int], first: int, last: int) -> tuple[int, int]:
        """The aligned letters widened or narrowed to whole words."""
        while first > 0 and at[first] - at[first - 1] == 1:
            first -= 1
        while last < len(at) and at[last] - at[last - 1] == 1:
            last += 1
        return first, last

    def _joined(self, text: str, found: list[Mention]) -> list[Mention]:
        """ "X yanında Y" is Y; "X-in Y" is Y where X is Y's parent; a state's name before a body belongs to it."""
        out: list[Mention] = []
        for mention in found:
            repeat = out and out[-1].code == mention.code and text[out[-1].end : mention.start].strip() == "("
            if repeat:
                mention = replace(mention, start=out.pop().start, end=mention.end + text[mention.end :].startswith(")"))
            while out:
                between = key(text[out[-1].end : mention.start])
                parent = self.registry.by_code.get(mention.code or "")
                under = between in _UNDER or (6 <= len(between) <= 13 and any(fuzz.ratio(between, word) >= 78 for word in _UNDER))
                under = under or (not between and mention.approximate and key(text[mention.start : mention.end]).startswith(_UNDER))
                under = under or (not between and out[-1].approximate and key(text[out[-1].start : out[-1].end]).endswith(_UNDER))
                owner = not between and out[-1].tail in ("nin", "in", "nun", "un") and parent and parent.parent == out[-1].code
                if not (under or owner):
                    break
                mention = replace(mention, start=out.pop().start)
            before = text[out[-1].end if out else 0 : mention.start]
            folded, at = fold(before)
            for prefix in _STATE:
                if folded.endswith(prefix):
                    mention = replace(mention, start=(out[-1].end if out else 0) + at[len(folded) - len(prefix)])
                    break
            out.append(mention)
        return out


def _without_overlap(found: list[Mention]) -> list[Mention]:
    out: list[Mention] = []
    for mention in found:
        if not out or mention.start >= out[-1].end:
            out.append(mention)
        elif mention.end - mention.start > out[-1].end - out[-1].start:
            out[-1] = mention
    return out


Spans = tuple[tuple[int, int], ...]


def _modifiers(text: str, found: list[Mention], rest: Spans, registry: Registry, names: dict[str, str]) -> tuple[list[Mention], Spans]:
    """Words before a group that only say which ones belong to the mention; others name a body nobody registered."""
    out = list(found)
    left: list[tuple[int, int]] = []
    for start, end in rest:
        place = next((i for i, m in enumerate(out) if m.start >= end), None)
        pieces = [(start + a, start + b) for a, b in _pieces(text[start:end])]
        if place is not None and registry.kind(out[place].code) in (GROUP, OPEN_LIST, "cis") and pieces:
            first, last = pieces[-1]
            if not _CONNECT.search(text[last : out[place].start]) and _PARTICIPLE.search(key(text[first:last])):
                first = next(
                    p[0]
                    for i, p in enumerate(pieces)
                    if i == len(pieces) - 1 or all(_PARTICIPLE.search(key(text[a:b])) or not text[a].isupper() for a, b in pieces[i:])
                )
                out[place] = replace(out[place], start=first)
                pieces = [p for p in pieces if p[1] <= out[place].start]
        for a, b in pieces:
            words = text[a:b]
            if any(m.start < b and a < m.end for m in out) or fuzz.ratio(key(words), _STATE[0]) > 88:
                continue
            if shared := _shared_head(words, text, names):
                out.append(Mention(a, b, shared))
                continue
            if words.startswith("(") or len(key(words)) < 4 or key(words) in _STATE or _INVOLVED.search(words):
                left.append((a, b))
            elif words[0].isupper() or words[0] in '"“«' or re.search(r"(?:lar|lər)[ıiaə]?\w{0,3}$", words):
                out.append(Mention(a, b, None))
            else:
                left.append((a, b))
    out.sort(key=lambda mention: mention.start)
    return out, tuple(left)


def _shared_head(words: str, text: str, names: dict[str, str]) -> str | None:
    """The ministry meant in "Daxili İşlər, Ədliyyə və Səhiyyə nazirlikləri"."""
    if "nazirlikl" not in key(text):
        return None
    return names.get(key(words).partition("nazirlikl")[0] + "nazirliyi")


_INSTITUTION = re.compile(
    r"nazirli|komite|xidmet|agentli|idare|sura|merkez|orqan|teskilat|muessise|mehkeme|prokuror|birli|cemiyyet|fond|akademi|universitet|konfederasi|komissi|qurum|kollegi|inspeksi|departament|hakimiyyet"
)


def _pieces(text: str) -> list[tuple[int, int]]:
    out, at = [], 0
    for match in [*_CONNECT.finditer(text), None]:
        end = match.start() if match else len(text)
        words = text[at:end]
        if (
            match
            and match.group().lower() == "və"
            and "nazirlikl" not in key(text)
            and key(words)
            and not _INSTITUTION.search(key(words))
            and words.strip()[:1].isupper()
        ):
            continue
        if key(words):
            begin = at + len(words) - len(words.lstrip(" .-–—"))
            out.append((begin, at + len(words.rstrip(" .-–—"))))
        at = match.end() if match else end
    return out


def _involved(text: str, found: list[Mention]) -> frozenset[int]:
    """The mentions that "... cəlb etməklə" governs: those in the accusative (or the genitive) right before it."""
    out: set[int] = set()
    for verb in _INVOLVED.finditer(text):
        before = [i for i, mention in enumerate(found) if mention.end <= verb.start()]
        taken: list[int] = []
        for place in reversed(before):
            mention = found[place]
            folded = key(text[mention.start : mention.end])
            declined = bool(_ACCUSATIVE.search(mention.tail)) if mention.code else bool(re.search(r"(?:n[iu]|lari|leri)$", folded))
            if not declined and mention.tail not in ("nin", "in", "un", "nun"):
                break
            taken.append(place)
        out.update(taken or before[-1:])
    return frozenset(out)
