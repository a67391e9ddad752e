"""From the rows of a plan's table to raw measures: sections, continuations, sub-lines, broken rows."""

import re
from collections.abc import Iterator

from qalxan.kernel.acts.columns import Columns, header_roles, is_second_header, role_of
from qalxan.kernel.acts.markup import BREAK
from qalxan.kernel.acts.model import INFO, WARNING, Diagnostics, RawMeasure, RawPlan
from qalxan.kernel.acts.numbering import GLUED, LEADING, LETTER, SECTION, number_of, prefix, roman, same_section
from qalxan.kernel.acts.source import Row, Source
from qalxan.kernel.acts.squeeze import Span
from qalxan.kernel.errors import BadInput

Cells = list[list[Span]]
_RULE = re.compile(r"[\s\-–—_=|:+.]+")


def by_role_number(cells: Cells) -> list[Span]:
    """The first column's spans."""
    return list(cells[0])


MAX_ROWS = 20_000
MAX_MEASURES = 5_000


class TableReader:
    """Walks the rows of one table; `read` gives the raw plan."""

    def __init__(self, source: Source, columns: Columns, diagnostics: Diagnostics) -> None:
        self.source = source
        self.columns = columns
        self.diagnostics = diagnostics
        self.plan = RawPlan()
        self.section: str | None = None
        self._first_roles: tuple[str, ...] = ()
        self._heading_words: set[str] = set()
        self._under_header = False

    def read(self) -> RawPlan:
        """All measures of the table; what is no measure leaves a diagnostic."""
        rows = self._table_rows()
        if not rows:
            return self.plan
        self.plan.start, self.plan.end = rows[0].start, rows[-1].end
        logical = list(self._logical(rows))
        numbers = (
            sum(number_of(self._words(cells[0][0])) is not None for cells in logical) if len(logical) <= MAX_ROWS else MAX_MEASURES + 1
        )
        if numbers > MAX_MEASURES:
            raise BadInput(f"the table has over {MAX_MEASURES:,} measures or {MAX_ROWS:,} rows", self.source.name, "Give the act alone")
        for place, cells in enumerate(logical):
            self._row(cells, logical[place + 1] if place + 1 < len(logical) else None)
        self._check_cut(rows[-1], logical)
        return self.plan

    def _table_rows(self) -> list[Row]:
        first = self.columns.header
        if first is None:
            first = next(
                (
                    i
                    for i, row in enumerate(self.source.rows)
                    if len(row.cells) == len(self.columns.roles) and number_of(self._words(row.cells[0]))
                ),
                0,
            )
        rows = list(self.source.rows[self._with_heading(first) :])
        while rows and not (len(rows[-1].cells) >= 2 and not self.source.blank(rows[-1].start, rows[-1].end)):
            rows.pop()
        return rows

    def _with_heading(self, first: int) -> int:
        """The place of the section heading that stands right before the table's first row, else that row's own place."""
        rows = self.source.rows
        number = next((n for row in rows[first : first + 12] if row.cells and (n := number_of(self._words(row.cells[0])))), None)
        back = first - 1
        while back > 0 and first - back < 6 and self.source.blank(rows[back].start, rows[back].end):
            back -= 1
        head = SECTION.fullmatch(self.source.words(rows[back].start, rows[back].end)) if back >= 0 and number else None
        if head and head["t"][:1].isupper() and len(head["t"]) < 300:
            above = prefix(number or "")
            if same_section(head["n"], above) if above else roman(head["n"]) and number == "1":
                return back
        return first

    def _words(self, span: Span) -> str:
        return self.source.words(*span)

    def _logical(self, rows: list[Row]) -> Iterator[Cells]:
        """Rows with as many cells as the table has columns; a row torn over several lines is one row again."""
        width = len(self.columns.roles)
        pending: Cells | None = None
        for row in rows:
            if self.source.blank(row.start, row.end):
                continue
            if self._aside(row):
                continue
            cells: Cells = [[cell] for cell in (row.cells or ((row.start, row.end),))]
            if pending is not None and self._continues(pending, cells, width):
                pending[-1] += cells[0]
                pending += cells[1:]
            else:
                if pending is not None:
                    yield pending
                pending = cells
            if len(pending) >= width:
                yield pending
                pending = None
        if pending is not None:
            yield pending

    def _continues(self, pending: Cells, cells: Cells, width: int) -> bool:
        head = self._words(cells[0][0])
        if not head or number_of(head) or LEADING.match(head) or len(pending) + len(cells) - 1 > width:
            return False
        return (
            len(pending) > 1
            and number_of(self._words(pending[0][0])) is not None
            and not (len(cells) == 1 and SECTION.fullmatch(head) and self._titled(head))
        )

    @staticmethod
    def _titled(head: str) -> bool:
        match = SECTION.fullmatch(head)
        return bool(match and (match["n"][0].isdigit() or roman(match["n"])) and match["t"][:1].isupper())

    def _aside(self, row: Row) -> bool:
        """Header lines, rulings and page numbers: understood, said, and passed over."""
        roles = header_roles(self.source, row) if row.cells else None
        torn = roles and self.plan.columns and len(roles) != len(self.columns.roles)
        if torn and role_of(self._words(row.cells[0])) != "number":
            roles = None  # a torn row whose words look like headings
        words = self.source.words(row.start, row.end)
        cells = [self._words(cell) for cell in row.cells]
        if roles:
            self._first_roles, self._under_header = roles, True
            same = len(roles) == len(self.columns.roles)
            merged = (
                tuple(old if new in ("", "other") else new for old, new in zip(self.columns.roles, roles, strict=False)) if same else roles
            )
            self.columns = Columns(merged, self.columns.header)
            named = [
                {"role": role, "as_written": text, "span": list(span)} for role, text, span in zip(roles, cells, row.cells, strict=True)
            ]
            self.plan.columns = self.plan.columns or named
            self.diagnostics.add(INFO, "header", (row.start, row.end), "column headings")
        elif self._under_header and row.cells and self._heading_line(row, words):
            self.diagnostics.add(INFO, "header", (row.start, row.end), "column headings")
            return True
        elif cells and len(cells) > 2 and [cell.rstrip(".") for cell in cells] == [str(i + 1) for i in range(len(cells))]:
            self.diagnostics.add(INFO, "column-numbers", (row.start, row.end), "a row of column numbers")
        elif _RULE.fullmatch(words):
            self.diagnostics.add(INFO, "ruling", (row.start, row.end), "a ruling line, no words")
        elif not row.cells and words.isdigit() and len(words) < 4:
            self.diagnostics.add(INFO, "page-number", (row.start, row.end), f"a page number, {words}")
        else:
            self._under_header = False
            return False
        self._under_header = bool(roles)
        return True

    def _heading_line(self, row: Row, words: str) -> bool:
        """Whether a row goes on with the headings: told by its looks the first time, by its words when they repeat on a page."""
        if self.plan.measures:
            return words in self._heading_words
        if not is_second_header(self.source, self._first_roles, row):
            return False
        self._heading_words.add(words)
        return True

    def _row(self, cells: Cells, following: Cells | None) -> None:
        by_role = self._by_role(cells)
        filled = [role for role, spans in by_role.items() if spans]
        head = self._number_and_text(by_role, cells)
        number, text = head
        start, end = min(c[0][0] for c in cells), max(c[-1][1] for c in cells)
        if self._is_section(cells, number, text, filled, following):
            self._open_section(cells, start, end)
        elif number is not None:
            self._open(number, text, by_role, start, end)
        elif text and by_role["executors"] and (by_role["terms"] or by_role["results"]) and self._upper(text) and not self._letter(text):
            self._open(None, text, by_role, start, end)
        elif self.plan.measures:
            self._continue(text, by_role, start, end)
        else:
            self.diagnostics.add(WARNING, "stray", (start, end), "a line before the first measure belongs to no column")

    def _by_role(self, cells: Cells) -> dict[str, list[Span]]:
        by_role: dict[str, list[Span]] = {
            role: [] for role in ("number", "text", "executors", "partners", "terms", "results", "decided", "other")
        }
        for role, spans in zip(self.columns.roles, cells, strict=False):
            by_role[role or "other"] += [span for span in spans if not self.source.blank(*span)]
        return by_role

    def _number_and_text(self, by_role: dict[str, list[Span]], cells: Cells) -> tuple[str | None, list[Span]]:
        text = list(by_role["text"])
        if by_role["number"]:
            written = " ".join(map(self._words, by_role["number"]))
            number = number_of(written)
            if number is None:
                match = LEADING.match(written) or GLUED.match(written)
                if match and not text:
                    start, end = by_role["number"][0]
                    return match.group(1).replace(" ", ""), [(start + self._skip(start, end, match.group(1)), end)]
                text = by_role["number"] + text
            return number, text
        if text and self.columns.index("number") is None:
            words = self._words(text[0])
            match = LEADING.match(words) or GLUED.match(words)
            if match:
                start, end = text[0]
                text[0] = (start + self._skip(start, end, match.group(1)), end)
                return match.group(1).replace(" ", ""), text
        return None, text

    def _skip(self, start: int, end: int, number: str) -> int:
        """How many letters of a cell the number and its dot take."""
        pattern = r"\W*?" + r"\s*".join(map(re.escape, number.replace(" ", ""))) + r"[.)]?[\s\u200b]*"
        match = re.match(pattern, self.source.clean[start:end])
        return match.end() if match else 0

    def _upper(self, text: list[Span]) -> bool:
        words = self._words(text[0]).lstrip('"“«„*( ')
        return words[:1].isupper() or words[:1].isdigit()

    def _letter(self, text: list[Span]) -> re.Match[str] | None:
        return LETTER.match(self._words(text[0])) if text else None

    def _is_section(self, cells: Cells, number: str | None, text: list[Span], filled: list[str], following: Cells | None) -> bool:
        if (
            len(cells) > 2
            and set(filled) == {"number"}
            and number is None
            and following is not None
            and number_of(self._words(following[0][0]))
        ):
            return self._upper(by_role_number(cells)) and not self._letter(by_role_number(cells))
        if set(filled) - {"number", "text"} or not (text or filled):
            return len(cells) > 1 and sum(1 for c in cells if not self.source.blank(*c[0])) == 1 and self._titled(self._only(cells))
        words = self._only(cells)
        if self._letter([(cells[0][0][0], cells[-1][-1][1])]):
            return False
        match = SECTION.fullmatch(words)
        if match and self._titled(words) and (number is None or len(filled) == 1 or self._parent(number, following)):
            return not (self.plan.measures and not self._parent(match["n"], following) and match["n"][0].isdigit() and number)
        if number is None and text and self._upper(text) and following is not None and len(filled) == 1:
            raw = self.source.raw[cells[0][0][0] : cells[-1][-1][1]]
            first_column = not self.source.blank(*cells[0][0]) and len(cells) > 1 and len(words) < 200
            numbered = number_of(self._words(following[0][0])) is not None
            return "<b" in raw or "**" in raw or words.isupper() or (first_column and numbered)
        return False

    def _only(self, cells: Cells) -> str:
        return " ".join(filter(None, (self._words(span) for spans in cells for span in spans)))

    def _parent(self, number: str, following: Cells | None) -> bool:
        """Whether the next row's number stands under this one."""
        if following is None:
            return False
        head = number_of(self._words(following[0][0])) or ""
        match = LEADING.match(self._only(following))
        head = head or (match.group(1) if match else "")
        return bool(prefix(head)) and same_section(number, prefix(head) or "")

    def _open_section(self, cells: Cells, start: int, end: int) -> None:
        words = self._only(cells)
        match = SECTION.fullmatch(words)
        number, title = (match["n"], match["t"].strip()) if match and self._titled(words) else (None, words)
        self.section = number
        self.plan.sections.append({"number": number, "title": title, "span": [start, end]})

    def _open(self, number: str | None, text: list[Span], by_role: dict[str, list[Span]], start: int, end: int) -> None:
        if number is None:
            self.diagnostics.add(INFO, "no-number", (start, end), "a measure without a number")
        self._missing_section(number, start)
        measure = RawMeasure(number, self.section, start, end, text)
        self._carry_over(by_role)
        self.plan.measures.append(measure)
        self._fill(measure, by_role)
        if not text:
            self.diagnostics.add(WARNING, "no-text", (start, end), f"measure {measure.label} has no text")

    def _carry_over(self, by_role: dict[str, list[Span]]) -> None:
        """A new row's first paragraph that begins in lower case ends the last result of the row before."""
        before = self.plan.measures[-1] if self.plan.measures else None
        if not by_role["results"] or before is None or not before.results:
            return
        start, end = by_role["results"][0]
        inner = re.match(r"[\s\u200b\u2028]*", self.source.clean[start:end])
        skip = inner.end() if inner else 0
        stop = self.source.clean.find(BREAK, start + skip, end)
        if stop > 0 and self.source.clean[start + skip : start + skip + 1].islower():
            before.results[-1][0].append((start + skip, stop))
            by_role["results"][0] = (stop, end)
            self.diagnostics.add(INFO, "continued", (start, stop), f"the last result of measure {before.label} goes on in the next row")

    def _missing_section(self, number: str | None, at: int) -> None:
        wanted = prefix(number) if number else None
        if wanted is None or (self.section is not None and same_section(self.section, wanted)):
            return
        known = next((s["number"] for s in self.plan.sections if s["number"] and same_section(s["number"], wanted)), None)
        if known is None:
            self.diagnostics.add(WARNING, "no-heading", at, f"the heading of section {wanted} is missing")
            self.plan.sections.append({"number": wanted, "title": "", "span": [at, at]})
        self.section = known or wanted

    def _fill(self, measure: RawMeasure, by_role: dict[str, list[Span]]) -> None:
        measure.executors += by_role["executors"]
        measure.partners += by_role["partners"]
        measure.decided += by_role["decided"]
        if self.columns.index("results") is not None:
            term = by_role["terms"][0] if by_role["terms"] else None
            if by_role["results"] or term:
                measure.results.append((by_role["results"], term))
        measure.terms += by_role["terms"]
        for span in by_role["other"]:
            self.diagnostics.add(INFO, "other-column", span, f"words of a column with no role in the plan: {self._words(span)[:60]}")

    def _continue(self, text: list[Span], by_role: dict[str, list[Span]], start: int, end: int) -> None:
        measure = self.plan.measures[-1]
        measure.end = max(measure.end, end)
        letter = self._letter(text)
        if letter:
            skip = self._skip(*text[0], letter["l"])
            measure.sublines.append((letter["l"], [(text[0][0] + skip, text[0][1]), *text[1:]]))
        elif text and measure.sublines and not self._upper(text):
            measure.sublines[-1][1].extend(text)
        elif text:
            measure.text += text
            self.diagnostics.add(INFO, "continued", (start, end), f"the text of measure {measure.label} goes on over a break")
        self._fill(measure, by_role)

    def _check_cut(self, last: Row, logical: list[Cells]) -> None:
        """Say when the table breaks off inside its last row."""
        if not self.plan.measures or not logical:
            return
        final = self.plan.measures[-1]
        wanted = [role for role in ("executors", "terms") if role in self.columns.roles]
        ended = any(row.start > last.end for row in self.source.prose)
        short = len(logical[-1]) < len(self.columns.roles) and number_of(self._words(logical[-1][0][0])) is not None
        if not ended and not self.source.raw.endswith("\n") and len(logical[-1]) < len(self.columns.roles):
            self.plan.cut = f"line {self.source.line_at(last.start)}"
        whole = self.source.raw.endswith("\n") and all(getattr(final, role) for role in wanted)
        if short and not ended and not whole:
            self.plan.cut = f"line {self.source.line_at(final.start)}"
