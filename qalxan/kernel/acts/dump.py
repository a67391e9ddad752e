"""A plan printed as a table and dumped line by line, its columns lost: rows are found again by what lines say."""

import re
from dataclasses import dataclass

from qalxan.kernel.acts.columns import role_of
from qalxan.kernel.acts.mentions import Bodies
from qalxan.kernel.acts.model import INFO, Diagnostics, RawMeasure, RawPlan
from qalxan.kernel.acts.numbering import LEADING, SECTION, prefix, roman, same_section
from qalxan.kernel.acts.source import Row, Source
from qalxan.kernel.acts.squeeze import Span, squeeze
from qalxan.kernel.acts.terms import is_term_line
from qalxan.kernel.names import key

_BULLET = re.compile(r"\s*[\uf0a7\uf0b7\uf0d8\uf0fc•▪●◦‣–—-](?=\s)")
_ENDED = re.compile(r"(?:m[ıiaə]s[ıi]|m[aə]l[aı]r[ıi]?|təşkili|m[aə]k|edilsin|olunsun)[;.,:]?$")
_AFTER = re.compile(r"Qeyd\b|(?:\d{1,2}\.\s+)?\S.{0,200}\btövsiyə edilsin|SƏRƏNCAMA EDİLMİŞ|\[?\^?\[\d|(?:İlham|Heydər) ƏLİYEV|Bakı şəhəri")
MAX_LINES = 20_000
MAX_RUN = 60  # lines that one cell of executors can take


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its span without the bullet, its words, and whether a bullet stood before it."""

    start: int
    end: int
    words: str
    bullet: bool = False


class DumpReader:
    """Reads a table whose cells follow one another as lines: number and title, executors, results, terms."""

    def __init__(self, source: Source, bodies: Bodies, diagnostics: Diagnostics) -> None:
        self.source = source
        self.bodies = bodies
        self.diagnostics = diagnostics
        self.plan = RawPlan()
        self.has_results = True

    def read(self) -> RawPlan | None:
        """The plan, or None when the text has no table header followed by numbered rows."""
        at = self._header()
        if at is None:
            return None
        lines = self._until_notes([self._line(row) for row in self.source.rows[at : at + MAX_LINES] if row.end > row.start])
        starts = self._starts(lines)
        if len([s for s in starts if not s[2]]) < 2:
            return None
        self.plan.start = self.source.rows[at].start
        section: str | None = None
        for place, (first, number, is_section) in enumerate(starts):
            last = starts[place + 1][0] if place + 1 < len(starts) else len(lines)
            block = lines[first:last]
            if is_section:
                words = " ".join(line.words for line in block if line.words)
                head = SECTION.fullmatch(words)
                title = head["t"].strip() if head else words
                section = number
                self.plan.sections.append({"number": number, "title": title, "span": [block[0].start, self._end(block)]})
                continue
            wanted = prefix(number)
            if wanted and not (section and same_section(section, wanted)):
                section = wanted
                self.plan.sections.append({"number": wanted, "title": "", "span": [block[0].start, block[0].start]})
            self._measure(number, section, block)
        self.plan.end = self.plan.measures[-1].end if self.plan.measures else self.plan.start
        return self.plan

    def _until_notes(self, lines: list[Line]) -> list[Line]:
        """The lines before the notes and signatures that follow the table; page numbers are passed over and said."""
        out: list[Line] = []
        for line in lines:
            if _AFTER.match(line.words):
                break
            if re.fullmatch(r"[-–—]?\s?\d{1,4}\s?[-–—]?", line.words) and not line.bullet and not is_term_line(line.words):
                self.diagnostics.add(INFO, "page-number", (line.start, line.end), f"a page number, {line.words}")
                continue
            out.append(line)
        return out

    @staticmethod
    def _end(block: list[Line]) -> int:
        return max((line.end for line in block if line.words), default=block[0].end)

    def _line(self, row: Row) -> Line:
        text = self.source.clean[row.start : row.end]
        match = _BULLET.match(text)
        start = row.start + (match.end() if match else len(text) - len(text.lstrip()))
        return Line(min(start, row.end), row.end, self.source.words(start, row.end), bool(match))

    def _header(self) -> int | None:
        """The place of the first row after the table's headings, which may stand on several short lines."""
        rows = self.source.rows
        for place, row in enumerate(rows):
            words = self.source.words(row.start, row.end)
            if not words or len(words) > 160 or row.cells:
                continue
            block = self._block(place)
            if role_of(words) in ("", "other") or not self._heads(" ".join(w for _, w in block)):
                continue
            for at, said in block:
                self.plan.columns.append({"role": "header", "as_written": said, "span": [rows[at].start, rows[at].end]})
                self.diagnostics.add(INFO, "header", (rows[at].start, rows[at].end), "column headings")
            self.has_results = "netice" in key(" ".join(w for _, w in block))
            return block[-1][0] + 1
        return None

    def _block(self, place: int) -> list[tuple[int, str]]:
        """A possible heading block: this line and the short ones after it, up to the first numbered line."""
        rows = self.source.rows
        block: list[tuple[int, str]] = []
        for at in range(place, min(place + 24, len(rows))):
            words = self.source.words(rows[at].start, rows[at].end)
            if (
                at > place
                and words
                and (LEADING.match(words) or re.match(r"[IVX]+\s?[.)]\s", words) or len(words) > 60 or len(block) >= 10)
            ):
                break
            if words:
                block.append((at, words))
        return block

    @staticmethod
    def _heads(words: str) -> bool:
        folded = key(words)
        named = {
            role
            for role, signs in (
                ("text", ("tedbirinadi", "tedbirler")),
                ("executors", ("icraorqan", "icraci", "icraeden", "mesul")),
                ("terms", ("muddet",)),
                ("results", ("netice",)),
            )
            if any(s in folded for s in signs)
        }
        return len(named) >= 2 and len(words) < 300

    def _starts(self, lines: list[Line]) -> list[tuple[int, str, bool]]:
        """Lines that begin a row: (place, number, whether it heads a section); numbers must go on from one another."""
        found: list[tuple[int, str, bool]] = []
        before: str | None = None
        for place, line in enumerate(lines):
            match = LEADING.match(line.words) if line.words and not line.bullet else None
            number = match.group(1).replace(" ", "") if match else None
            if number and self._follows(before, number) and line.words[match.end() :].lstrip('"“«„(')[:1].isupper():  # type: ignore[union-attr]
                found.append((place, number, False))
                before = number
            elif (
                number is None
                and line.words
                and (head := SECTION.fullmatch(line.words))
                and self._roman_heading(head["n"], head["t"], lines, place)
            ):
                found.append((place, head["n"], True))
        out = []
        for i, (place, number, is_section) in enumerate(found):
            child = found[i + 1][1] if i + 1 < len(found) else ""
            out.append((place, number, is_section or (prefix(child) == number)))
        return out

    @staticmethod
    def _roman_heading(number: str, title: str, lines: list[Line], place: int) -> bool:
        """Whether a line is a heading such as "II. ...": in capitals, or followed by a measure numbered under it."""
        if not roman(number) or not title[:1].isupper():
            return False
        after = next((m.group(1) for line in lines[place + 1 : place + 8] if (m := LEADING.match(line.words))), "")
        dotted = re.match(rf"{number}\s?[.)]", lines[place].words) is not None
        under = prefix(after)
        return title.isupper() or (bool(after) and (under.split(".")[0] == str(roman(number)) if under else dotted))

    @staticmethod
    def _follows(before: str | None, number: str) -> bool:
        if before is None:
            return True
        old, new = [int(p) for p in before.split(".")], [int(p) for p in number.split(".")]
        if len(new) == len(old) and new[:-1] == old[:-1]:
            return 0 <= new[-1] - old[-1] <= 3
        if len(new) > len(old):
            return new[: len(old)] == old and new[-1] <= 3 and len(new) == len(old) + 1
        shared = len(new) - 1
        return new[:shared] == old[:shared] and 0 < new[-1] - old[shared] <= 3

    def _measure(self, number: str, section: str | None, block: list[Line]) -> None:
        measure = RawMeasure(number, section, block[0].start, self._end(block))
        self.plan.measures.append(measure)
        head = LEADING.match(self.source.clean[block[0].start : block[0].end])
        first = block[0].start + (head.end() if head else 0)
        lines = [Line(first, block[0].end, self.source.words(first, block[0].end)), *block[1:]]
        bulleted = next((i for i, line in enumerate(lines) if line.bullet), None)
        begin, end = self._run(lines, bulleted)
        measure.text = [(line.start, line.end) for line in lines[:begin] if line.words]
        measure.executors = [(line.start, line.end) for line in lines[begin:end] if line.words]
        rest = lines[end:]
        if bulleted is not None:
            self._mend(measure, lines[begin:end], rest)
        measure.terms = [(line.start, line.end) for line in rest if is_term_line(line.words)]
        if self.has_results:
            self._results(measure, rest, bulleted is not None)

    def _run(self, lines: list[Line], bulleted: int | None) -> tuple[int, int]:
        """The lines that hold the executors: the longest run tiled by bodies, ending at the bullets where there are any."""
        stop = bulleted if bulleted is not None else next((i for i, line in enumerate(lines) if i and is_term_line(line.words)), len(lines))
        if bulleted is not None:
            places = [begin for begin in range(max(1, stop - MAX_RUN), stop) if lines[begin].words]
            for begin in places:
                words = self._joined(lines[begin:stop])
                if self.bodies.starts_run(words) or self.bodies.starts_run(self._without_stub(words)):
                    return begin, stop
            return next(((begin, stop) for begin in places if self.bodies.is_cell(self._joined(lines[begin:stop]))), (stop, stop))
        best = (stop, stop)
        for begin in range(max(1, stop - MAX_RUN), stop):
            if not lines[begin].words[:1].isupper() and lines[begin].words[:1] not in '"“«':
                continue
            for end in range(stop, begin, -1):
                if end - begin <= best[1] - best[0]:
                    break
                if lines[end - 1].words and self._is_run(self._joined(lines[begin:end]), whole=end == stop or self.has_results):
                    best = (begin, end)
                    break
        return best

    def _is_run(self, words: str, *, whole: bool) -> bool:
        """Whether words are the executors' cell: tiled by bodies, or (where the cell ends the row) also with bodies to be involved."""
        return self.bodies.starts_run(words) or (whole and self.bodies.is_cell(words))

    def _joined(self, lines: list[Line]) -> str:
        return squeeze(self.source, [(line.start, line.end) for line in lines]).text

    def _without_stub(self, words: str) -> str:
        """The words less a last one that only begins a body's name (the page broke inside it)."""
        cut = words.rpartition(" ")
        return cut[0] if len(key(cut[2])) >= 4 and any(name.startswith(key(cut[2])) for name in self.bodies.names) else words

    def _mend(self, measure: RawMeasure, executors: list[Line], rest: list[Line]) -> None:
        """A page that broke through a row leaves one line with the ends of all its cells: give each its own again."""
        stub = next((line for line in reversed(executors) if line.words), None)
        if stub is None or self.bodies.starts_run(self._joined(executors)):
            return
        for place, line in enumerate(rest):
            if line.bullet or not line.words:
                continue
            for word in re.finditer(r"\S+", self.source.clean[line.start : line.end]):
                span = (line.start + word.start(), line.start + word.end())
                whole = squeeze(self.source, [*((e.start, e.end) for e in executors), span]).text
                if self.bodies.starts_run(whole):
                    measure.executors.append(span)
                    if span[0] > line.start:
                        measure.text.append((line.start, span[0]))
                    rest[place] = Line(span[1], line.end, self.source.words(span[1], line.end))
                    self.diagnostics.add(INFO, "page-break", (line.start, line.end), f"a page break ran through measure {measure.label}")
                    return

    def _results(self, measure: RawMeasure, lines: list[Line], bulleted: bool) -> bool:
        """Fill the measure's results with their own terms; False when the row has no results."""
        results: list[list[Span]] = []
        terms: list[Span | None] = []
        closed = True
        for line in lines:
            if not line.words:
                closed = closed or (not bulleted and bool(results) and bool(_ENDED.search(self._tail(results[-1]))))
                continue
            span = (line.start, line.end)
            if is_term_line(line.words):
                if terms:
                    terms[-1] = terms[-1] or span
                closed = True
                continue
            fresh = line.bullet or not results
            if not fresh and not bulleted:
                fresh = line.words[:1].isupper() and (closed or bool(_ENDED.search(self._tail(results[-1]))))
            elif not fresh:
                fresh = closed and line.words[:1].isupper() and terms[-1] is not None
            if fresh:
                results.append([span])
                terms.append(None)
                closed = False
            else:
                results[-1].append(span)
                closed = False
        measure.results = list(zip(results, terms, strict=True))
        self.plan.results_own_terms = self.plan.results_own_terms or len(results) > 1
        return bool(results)

    def _tail(self, spans: list[Span]) -> str:
        return self.source.words(*spans[-1])
