"""Numbers of measures and sections: dotted, with or without a final dot, Roman, or lettered."""

import re

NUMBER = re.compile(r"[№\s]*(\d{1,3}(?:\s?[.,]\s?\d{1,3}){0,4})\s?[.)]{0,2}\s*(?:\[\d+\]|[¹²³*]+)?")
LEADING = re.compile(r"\s*(\d{1,3}(?:\.\s?\d{1,3}){0,4})\s?[.)]?\s+(?=[^\W\d_]|[\"“«„(])")
GLUED = re.compile(r"\s*(\d{1,3}(?:\.\d{1,3}){1,4})\.?(?=[^\W\d_]|[\"“«„])")
SECTION = re.compile(
    r"\s*(?:(?:bölmə|fəsil|hissə)\s+)?(?P<n>\d{1,3}(?:\.\d{1,3}){0,3}|[IVXLC]{1,6})\s?[.)]?\s*(?:(?:bölmə|fəsil|hissə)\s*[.:]?)?\s*(?P<t>\S.*)",
    re.DOTALL | re.IGNORECASE,
)
LETTER = re.compile(r"\s*(?P<l>[a-zçəğıöşüа-я])\s?[).]\s+(?P<t>\S)")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def number_of(cell: str) -> str | None:
    """The measure number a cell holds and nothing else, without its final dot."""
    match = NUMBER.fullmatch(cell)
    return re.sub(r"\s", "", match.group(1)).replace(",", ".") if match else None


def roman(written: str) -> int:
    """The value of a Roman numeral; 0 when it is none."""
    total = 0
    for letter, after in zip(written, [*written[1:], ""], strict=True):
        value, following = _ROMAN.get(letter, 0), _ROMAN.get(after, 0)
        if not value:
            return 0
        total += -value if following > value else value
    return total


def prefix(number: str) -> str | None:
    """The number of the section a dotted number belongs to ("4.2.10" → "4.2"), None for a plain one."""
    return number.rpartition(".")[0] or None


def same_section(section: str, wanted: str) -> bool:
    """Whether a printed section number is the wanted one, "II" and "2" being the same."""
    return section == wanted or (wanted.isdigit() and roman(section) == int(wanted))
