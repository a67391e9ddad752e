r"""The text of a report's section: paragraphs with placed facts, read and written without loss.

Blocks stand apart by a blank line: `## ` a sub-heading, `- ` an item (items may follow each other), `[[chart:code]]` on a line of its own a chart
with its table, all else a paragraph, whose lines run on. In a line
    [[code]]  [[code|key]]  [[code|key|year=2019|case=poss]]   a fact: indicator, split as `country=TR;form=sexual`, the year if not the edition's
    (an empty split may be left out: [[code|case=poss]])
    [[typed:40-a yaxın|source words]]                          a number typed by hand, with its source
A backslash before `\ [ ] | - #` makes that character plain text. Which numbers may stand bare: see `kernel.bare`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from qalxan.kernel.errors import BadInput
from qalxan.kernel.numbers import CASES

MOST: Final = 200_000


@dataclass(frozen=True, slots=True)
class Fact:
    """A placed fact: indicator slug, canonical split ("" for the whole), year ("" for the edition's own), Azerbaijani case."""

    code: str
    key: str = ""
    year: str = ""
    case: str = "plain"

    def __str__(self) -> str:
        options = [f"year={self.year}"] if self.year else []
        options += [f"case={self.case}"] if self.case != "plain" else []
        parts = [self.code, self.key, *options] if self.key or options else [self.code]
        return "|".join(parts)


@dataclass(frozen=True, slots=True)
class Typed:
    """A number typed by hand, and the source a reader is shown."""

    words: str
    source: str

    def __str__(self) -> str:
        return f"typed:{_escape(self.words, always=True)}|{_escape(self.source, always=True)}"


Run = str | Fact | Typed


@dataclass(frozen=True, slots=True)
class Block:
    """A block: kind is "heading", "paragraph", "item" or "chart"; a chart has no runs but its code in `chart`."""

    kind: str
    runs: tuple[Run, ...] = ()
    chart: str = ""


_SLUG = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"
_CODE = re.compile(_SLUG)
_KEY = re.compile(r"[a-z_]+=[A-Za-z0-9_.-]+(?:;[a-z_]+=[A-Za-z0-9_.-]+)*")
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
_MARK = re.compile(r"\\[\\\[\]|#-]|\[\[(?P<inside>(?:\\[\\\[\]|#-]|(?!\]\]|\[\[)[^\n])*)\]\]|\[\[")
_ESCAPED = re.compile(r"\\([\\\[\]|#-])")
_BAR = re.compile(r"\\[\\\[\]|#-]|(?P<bar>\|)")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CHART = re.compile(rf"\[\[chart:({_SLUG})\]\]")


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a section's text. Raises BadInput naming the line where a placeholder cannot be read."""
    if len(text) > MOST:
        raise BadInput(f"the text is longer than {MOST} characters", "", "Divide the section")
    if unfit := _UNFIT.search(text):
        raise BadInput(
            f"the text holds a character that is no letter (U+{ord(unfit[0]):04X})", f"character {unfit.start() + 1}", "Type the words anew"
        )
    blocks: list[Block] = []
    pending: list[str] = []
    kind, first = "", 0

    def close() -> None:
        if pending:
            blocks.append(Block(kind, tuple(_runs(" ".join(pending), first))))
            pending.clear()

    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = raw.strip()
        opened = "heading" if line.startswith("## ") else "item" if line.startswith("- ") else ""
        if not line or opened or _CHART.fullmatch(line) or kind == "heading":
            close()
        if chart := _CHART.fullmatch(line):
            blocks.append(Block("chart", chart=chart[1]))
        elif line:
            if not pending:
                kind, first = opened or "paragraph", number
                line = line[3:] if opened == "heading" else line[2:] if opened else line
            if line.strip():
                pending.append(line.strip())
    close()
    return tuple(blocks)


def serialise(blocks: tuple[Block, ...]) -> str:
    """The text of blocks; `parse` gives the same blocks again. Runs of text side by side, and spaces at a block's ends, are the caller's to join."""
    out: list[str] = []
    for place, block in enumerate(blocks):
        if place:
            out.append("\n" if block.kind == "item" == blocks[place - 1].kind else "\n\n")
        out.append({"heading": "## ", "item": "- "}.get(block.kind, ""))
        out.append(f"[[chart:{block.chart}]]" if block.kind == "chart" else _line(block.runs, plain=block.kind == "paragraph"))
    return "".join(out)


def _line(runs: tuple[Run, ...], *, plain: bool) -> str:
    text = "".join(_escape(run) if isinstance(run, str) else f"[[{run}]]" for run in runs)
    return "\\" + text if (plain and text.startswith(("- ", "## "))) or text in ("-", "##") else text


def tidy(text: str) -> str:
    """The text in its one canonical spelling."""
    return serialise(parse(text))


def masked(text: str) -> str:
    """The text at its full length with every placeholder and escape blanked, so what is left is the author's own; offsets stay valid."""
    return _MARK.sub(lambda match: "\ufffc" * len(match[0]), text)


def facts(text: str) -> list[Fact]:
    """Every fact placed in the text, in order, repeats kept."""
    return [run for block in parse(text) for run in block.runs if isinstance(run, Fact)]


def charts(text: str) -> list[str]:
    """The codes of the charts placed in the text, in order."""
    return [block.chart for block in parse(text) if block.kind == "chart"]


def _escape(text: str, *, always: bool = False) -> str:
    text = re.sub(r"\\(?=[\\\[\]|#-])|\\$", r"\\\\", text)
    return re.sub(r"[\[\]|]", r"\\\g<0>", text) if always else re.sub(r"\[(?=\[|$)", r"\\[", text)


def _split(inside: str) -> list[str]:
    """The parts between upright bars; an escaped bar parts nothing."""
    bars = [match.start() for match in _BAR.finditer(inside) if match["bar"]]
    return [inside[start:end] for start, end in zip([0, *(bar + 1 for bar in bars)], [*bars, len(inside)], strict=True)]


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _runs(line: str, number: int) -> Iterator[Run]:
    text, at = "", 0
    for match in _MARK.finditer(line):
        text += line[at : match.start()]
        at = match.end()
        if match["inside"] is None:
            if match[0] == "[[":
                raise BadInput(
                    "a placeholder is opened and not closed", f"line {number}", "Write ]] after it, or \\[[ for two plain brackets"
                )
            text += match[0][1]
            continue
        if text:
            yield text
        text = ""
        yield placeholder(match["inside"], f"line {number}")
    if text + line[at:]:
        yield text + line[at:]


def placeholder(inside: str, where: str = "") -> Fact | Typed:
    """What stands between the double brackets. Raises BadInput with `where` when it cannot be read."""
    parts = _split(inside)
    if inside.startswith("typed:"):
        words, source = (_plain(part).strip() for part in (parts[0][6:], parts[1])) if len(parts) == 2 else ("", "")
        if not words or not source:
            raise BadInput(f"a typed number needs its words and its source: [[{inside[:60]}]]", where, "Write [[typed:words|source]]")
        return Typed(words, source)
    if inside.startswith("chart:"):
        raise BadInput(f"a chart stands on a line of its own: [[{inside[:60]}]]", where, "Put it between two blank lines")
    code, key, *options = [*(part.strip() for part in parts), ""][: max(2, len(parts))]
    if key.startswith(("year=", "case=")):
        key, options = "", [key, *options]
    given: dict[str, str] = {}
    for option in options:
        name, _, value = option.partition("=")
        fits = (name == "case" and value in CASES) or (name == "year" and _YEAR.fullmatch(value))
        if name in given or not fits:
            raise BadInput(
                f"{option[:40] or 'an empty option'} cannot be read in [[{inside[:60]}]]", where, "Options are year=2020 and case=poss"
            )
        given[name] = value
    if not _CODE.fullmatch(code) or (key and not _KEY.fullmatch(key)):
        raise BadInput(f"this is no fact: [[{inside[:60]}]]", where, "Write [[code]], [[code|key]] or [[typed:words|source]]")
    return Fact(code, ";".join(sorted(key.split(";"))) if key else "", given.get("year", ""), given.get("case", "plain"))
