"""Two wordings side by side, word by word."""

import re
from difflib import SequenceMatcher


def marked(old: str, new: str) -> list[tuple[str, str]]:
    """The way from one wording to another as ("same" | "out" | "in", words)."""
    a, b = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    found: list[tuple[str, str]] = []
    for op, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(("same", "".join(a[a0:a1])))
            continue
        if a1 > a0:
            found.append(("out", "".join(a[a0:a1])))
        if b1 > b0:
            found.append(("in", "".join(b[b0:b1])))
    return found
