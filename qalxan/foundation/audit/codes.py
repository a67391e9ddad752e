"""What may stand in the log: codes, counts and dates. Words of people are refused before they reach it."""

import re
from collections.abc import Mapping

Value = str | int | list[str] | None
_CODE = re.compile(r"[A-Za-z0-9_.:/|+=@,;*<>&~-]{0,200}")


class FreeWords(ValueError):
    """Something that is no code was to be written to the log. A fault of the program, never of a person."""


def code(written: str, where: str) -> str:
    """The text itself when it is a code: ASCII letters, digits and marks, no space, at most 200 letters. Raises FreeWords."""
    if not _CODE.fullmatch(written):
        raise FreeWords(f"{where}: the log takes codes, counts and dates, not words")
    return written


def checked(detail: Mapping[str, Value]) -> dict[str, Value]:
    """The details when every value is a code, a whole number, a list of codes or nothing. Raises FreeWords."""
    for name, value in detail.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, str):
                code(one, name)
            elif one is not None and not isinstance(one, int):
                raise FreeWords(f"{name}: the log takes codes, counts and dates, not {type(one).__name__}")
    return dict(detail)
