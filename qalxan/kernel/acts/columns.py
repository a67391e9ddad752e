"""Which column of a table holds what: by its header, or by what the cells look like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qalxan.kernel.acts.mentions import Bodies
from qalxan.kernel.acts.numbering import number_of
from qalxan.kernel.acts.source import Row, Source
from qalxan.kernel.acts.terms import is_term_line
from qalxan.kernel.names import key

_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("decided", ("qerariqebul", "qebuledenorqan", "qebuledenmdb")),
    ("results", ("netice", "gozlenilen", "meqsed", "indikator", "gosterici")),
    ("partners", ("terefdas", "istiraked", "istirakci", "celbolunan", "emekdasliqeden")),
    ("executors", ("icraci", "icraorqan", "icraeden", "mesul", "icraed", "cavabdeh", "heyatakecir")),
    ("terms", ("muddet", "tarix", "vaxt", "bitmeili", "dovr", "iller", "icraili")),
    ("text", ("tedbir", "gorulecek", "fealiyyet", "isler", "isinadi", "mezmun", "istiqamet", "vezife")),
    ("number", ("sira",)),
)
_NUMBER_SIGNS = {"№", "s/s", "n", "no", "#", "№-si", "s.s", "n/n"}
REQUIRED = ("text", "executors")


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of each column, and the row that names them (None when told by content)."""

    roles: tuple[str, ...]
    header: int | None = None

    def index(self, role: str) -> int | None:
        """The first column with the role."""
        return self.roles.index(role) if role in self.roles else None


def role_of(cell: str) -> str:
    """The role a header cell names, "" when it names none."""
    folded = key(cell)
    if not folded and not cell.strip():
        return ""
    if cell.strip().lower().rstrip(".") in _NUMBER_SIGNS:
        return "number"
    if len(folded) > 70:
        return ""
    for role, words in _WORDS:
        if any(word in folded for word in words):
            return role
    return "other"


def header_roles(source: Source, row: Row) -> tuple[str, ...] | None:
    """The roles a header row names, or None when the row is no header."""
    if len(row.cells) < 3:
        return None
    cells = [source.words(*cell) for cell in row.cells]
    if number_of(cells[0]) or any(len(cell) > 90 for cell in cells):
        return None
    roles = [role_of(cell) for cell in cells]
    known = {role for role in roles if role and role != "other"}
    if "text" not in known or not known & {"executors", "terms"} or len(known) < 3 or roles.count("text") > 1:
        return None
    if not roles[0] or roles[0] == "other":
        roles[0] = "number"
    return tuple(roles)


def find_columns(source: Source, bodies: Bodies) -> Columns | None:
    """The plan's table: its first header row, or columns told by content when the header is lost."""
    for place, row in enumerate(source.rows):
        roles = header_roles(source, row) if row.cells else None
        if roles:
            return Columns(_with_more_rows(source, roles, source.rows[place : place + 8]), place)
    return _by_content(source, [row for row in source.rows if len(row.cells) >= 3], bodies)


def _with_more_rows(source: Source, roles: tuple[str, ...], rows: Sequence[Row]) -> tuple[str, ...]:
    """The roles by all rows of headings: words of a column that stand on several lines are read together."""
    said = [source.words(*cell) for cell in rows[0].cells]
    more = [row for row in rows[1:6] if not source.blank(row.start, row.end)]
    for row in more:
        if not is_second_header(source, roles, row):
            break
        for place, cell in enumerate(row.cells[: len(said)]):
            said[place] = f"{said[place]} {source.words(*cell)}".strip()
    out = list(roles)
    for place, words in enumerate(said):
        if roles[place] in ("", "other") and words:
            told = role_of(words)
            out[place] = told if told not in ("", "other") else out[place - 1] if place and not roles[place] else "other"
    if "terms" not in out and out[-1] == "other" and "icra" in said[-1].lower():
        out[-1] = "terms"
    return tuple(out)


def is_second_header(source: Source, roles: tuple[str, ...], row: Row) -> bool:
    """Whether a row only goes on with the headings above it: short words, no number, no section title."""
    cells = [source.words(*cell) for cell in row.cells]
    if (
        len(row.cells) < 3
        or len(row.cells) > len(roles)
        or number_of(cells[0])
        or any(len(cell) >= 40 or re.match(r"\d|[IVX]+\s?[.)]", cell) for cell in cells)
    ):
        return False
    filled = [cell for cell in cells if cell]
    heading = all(
        cell[:1].islower() or cell.startswith(("(", "№")) or role_of(cell) not in ("", "other") or len(cell) < 16 for cell in filled
    )
    divides = any(cell and not role for cell, role in zip(cells[1:], roles[1:], strict=False))
    return bool(filled) and (
        divides or (heading and any(cell.startswith(("(", "№")) or role_of(cell) not in ("", "other") for cell in filled))
    )


def _by_content(source: Source, rows: Sequence[Row], bodies: Bodies) -> Columns | None:
    numbered = [row for row in rows if number_of(source.words(*row.cells[0]))][:60]
    if len(numbered) < 3:
        return None
    width = max(set(len(row.cells) for row in numbered), key=[len(row.cells) for row in numbered].count)
    sample = [row for row in numbered if len(row.cells) == width]
    columns = [[source.words(*row.cells[place]) for row in sample] for place in range(width)]
    terms = [sum(map(is_term_line, column)) / len(column) for column in columns]
    named = [sum(bool(cell) and len(cell) < 900 and bodies.starts_run(cell) for cell in column) / len(column) for column in columns]
    term_at = max(range(1, width), key=lambda place: terms[place])
    body_at = max(range(1, width), key=lambda place: named[place])
    if terms[term_at] < 0.3 or named[body_at] < 0.3 or term_at == body_at:
        return None
    roles = ["other"] * width
    roles[0], roles[term_at], roles[body_at] = "number", "terms", "executors"
    left = [place for place in range(width) if roles[place] == "other"]
    for place, role in zip(left, ("text", "results"), strict=False):
        roles[place] = role
    return Columns(tuple(roles)) if "text" in roles else None
