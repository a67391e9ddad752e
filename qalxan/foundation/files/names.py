"""Names of files as they are stored and shown: nothing that misleads a reader or a file system."""

import re
import unicodedata

from qalxan.foundation.files.kinds import Kind

MAX_NAME = 120
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_ENDING = re.compile(r"\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,5}$", re.IGNORECASE)
_KNOWN = tuple(f".{ending}" for ending in (*Kind, "jpeg", "doc", "xls", "docm", "xlsm"))
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_name(name: str, kind: Kind) -> str:
    """The name without path, control, invisible and direction-changing characters, composed (NFC), with the ending of the true kind.

    At most `MAX_NAME` characters. Letters of every alphabet stay. A name of which nothing is left becomes "sənəd".
    """
    last = re.split(r"[/\\]", name)[-1]
    # Cf holds the bidi overrides and zero-width letters, Cs/Co/Cn what no font shows; all white space becomes one space
    shown = "".join(" " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c)[0] != "C")
    stem = " ".join(_FORBIDDEN.sub("-", unicodedata.normalize("NFC", shown)).split())
    stem = _ENDING.sub("", stem).rstrip(". ")
    while stem.lower().endswith(_KNOWN):
        stem = stem[: stem.rindex(".")].rstrip(". ")
    stem = stem.lstrip(". ")
    if _DEVICE.match(stem):
        stem = f"_{stem}"
    stem = stem[: MAX_NAME - len(kind.value) - 1].rstrip(". ") or "sənəd"
    return f"{stem}.{kind.value}"
