"""A cell's words on one line, each letter still knowing where it stands in the source."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qalxan.kernel.acts.markup import BREAK
from qalxan.kernel.acts.source import Source

Span = tuple[int, int]
_UNEVEN = re.compile(r"\s\s|[^\S ]|[\u200b\u2060\ufeff\u00ad]")
_WIDTHLESS = "\u200b\u2060\ufeff\u00ad"


@dataclass(frozen=True, slots=True)
class Text:
    """Squeezed words and, for each letter, its offset in the source."""

    text: str
    at: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The source span of the letters start..end (end not counted)."""
        return self.at[start], self.at[end - 1] + 1

    def cut(self, start: int, end: int) -> "Text":
        """A part, without white space at its edges."""
        end = min(end, len(self.text))
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return Text(self.text[start:end], self.at[start:end])

    @property
    def whole(self) -> Span:
        """The span of everything; (0, 0) when empty."""
        return (self.at[0], self.at[-1] + 1) if self.at else (0, 0)


def join(parts: Iterable[Text]) -> Text:
    """Texts one after another with single spaces between them."""
    letters: list[str] = []
    at: list[int] = []
    for part in parts:
        if letters and part.text:
            letters.append(" ")
            at.append(at[-1])
        letters.append(part.text)
        at.extend(part.at)
    return Text("".join(letters), tuple(at))


def squeeze(source: Source, spans: Iterable[Span], *, keep_breaks: bool = False) -> Text:
    """The words of the spans joined by single spaces; a word parted by a hyphen at a line's end is one word.

    With `keep_breaks` a paragraph's end inside a cell stays as one BREAK letter.
    """
    spans = list(spans)
    if len(spans) == 1:
        start, end = spans[0]
        whole = source.clean[start:end]
        bare = whole.strip()
        if not _UNEVEN.search(bare):  # one run of words with single spaces: the letters stand side by side
            start += len(whole) - len(whole.lstrip())
            return Text(bare, range(start, start + len(bare)))
    letters: list[str] = []
    at: list[int] = []
    gap = ""
    gap_at = 0
    before = 0
    for start, end in spans:
        parted = len(letters) > 1 and letters[-1] == "-" and letters[-2].isalpha() and "\n" in source.clean[before:start]
        gap = "-" if parted else gap or " "
        before = end
        for offset, letter in enumerate(source.clean[start:end], start):
            if letter in _WIDTHLESS:
                continue
            if letter.isspace():
                if keep_breaks and letter == BREAK:
                    gap, gap_at = BREAK, offset
                elif letter == "\n" and letters and letters[-1] == "-" and not gap:
                    gap = "-"
                elif not gap:
                    gap, gap_at = " ", offset
                continue
            if gap in (" ", BREAK) and letters:
                letters.append(gap)
                at.append(gap_at if gap_at >= at[-1] else at[-1])
            gap = ""
            letters.append(letter)
            at.append(offset)
    return Text("".join(letters), tuple(at))
