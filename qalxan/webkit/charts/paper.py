"""Widths of Noto Sans, line breaks and SVG elements: what a chart is drawn with."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

_WIDTHS: dict[int, str] = {
    24: "'",
    18: "’",
    27: " !,.:;J`ijlı\u00a0",
    30: "()",
    33: "-I[]fİ",
    36: "/\\t“”",
    39: "{}•",
    42: '"?r„',
    45: "_г",
    48: "cszşçзстэ",
    51: "FLvy–«»Гух",
    54: "*Skx|Şекьё",
    57: "$+0123456789<=>ETYZ^ae~əâ−£€ЕЗТавяЁ",
    60: "PVXbdgopqğöБРХЬбдлнопрцч",
    63: "ACKRhnuÇüАКСУЯийъ",
    66: "#BВЧЭ",
    69: "ЛЪ",
    72: "&DGUĞÜДП",
    75: "HNƏИЙНОЦжфы",
    78: "OQwÖ…м",
    81: "₼Фю",
    84: "%Ы",
    90: "@MЖМшщ",
    93: "Wm",
    99: "—Ю",
    102: "№ШЩ",
}
_WIDTH = {letter: width / 100 for width, letters in _WIDTHS.items() for letter in letters}


def width(text: str, size: float) -> float:
    """The width of a line in pixels at a font size, within a few hundredths; a letter not known here counts 0.62 em."""
    return size * sum(_WIDTH.get(letter, 0.62) for letter in text)


def wrap(text: str, size: float, room: float) -> list[str]:
    """The text in lines no wider than `room`, broken at spaces; a single long word keeps its line."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def number(value: float) -> str:
    """A coordinate with at most one decimal: 12, 12.5."""
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """An SVG element; in attribute names an underscore stands for a hyphen, a last one is dropped; `content` is markup."""
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(value if isinstance(value, str) else number(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def label(text: str, x: float, y: float, *, size: float = 12, colour: str = "#14233b", anchor: str = "start", turn: bool = False) -> str:
    """A line of text with its baseline at y; `turn` writes it upwards."""
    more: dict[str, str | float] = {"text_anchor": anchor} if anchor != "start" else {}
    if turn:
        more["transform"] = f"rotate(-90 {number(x)} {number(y)})"
    return element("text", escape(text), x=x, y=y, font_size=size, fill=colour, **more)


def haloed(text: str, x: float, y: float, *, size: float = 11) -> str:
    """A centred label on a white plate, to be read on any pattern."""
    wide = width(text, size) + 6
    plate = element("rect", x=x - wide / 2, y=y - size + 0.5, width=wide, height=size + 3, fill="#ffffff")
    return plate + label(text, x, y, size=size, anchor="middle")


def lines(texts: Sequence[str], x: float, y: float, *, size: float = 12, colour: str = "#14233b", anchor: str = "start") -> str:
    """Lines under each other; y is the baseline of the first."""
    return "".join(label(text, x, y + place * size * 1.3, size=size, colour=colour, anchor=anchor) for place, text in enumerate(texts))
