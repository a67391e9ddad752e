"""Translations: compiled by Babel at set-up, so no gettext program is needed."""

import io
import re
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("az", "en", "ru")


def compile_catalogs() -> int:
    """Write each language's .mo beside its .po where the .po is newer; gives the number of messages."""
    count = 0
    for language in LANGUAGES:
        source = LOCALE / language / "LC_MESSAGES" / "django.po"
        with source.open("rb") as stream:
            catalog = read_po(stream, locale=language)
        count += len(catalog)
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            with target.open("wb") as out:
                write_mo(out, catalog)
    return count


def extract() -> dict[tuple[str | None, str], tuple[str | None, list[str]]]:
    """Every message of code and templates: (context, text) → (plural, places). Needs Django to be set up."""
    from babel.messages.extract import extract as babel_extract
    from django.utils.translation.template import templatize

    found: dict[tuple[str | None, str], tuple[str | None, list[str]]] = {}
    root = LOCALE.parents[1]
    keywords = {
        "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    }  # fmt: skip
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.html")]):
        if "/tests/" in str(path) or "/migrations/" in str(path):
            continue
        text = path.read_text(encoding="utf-8")
        # what templatize writes is no tidy Python: indents mean nothing there
        source = re.sub(r"(?m)^[ \t]+", "", templatize(text, origin=str(path))) if path.suffix == ".html" else text
        for line, message, _comments, context in babel_extract("python", io.BytesIO(source.encode()), keywords=keywords):
            single, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
            before = found.get((context, single))
            place = f"{path.relative_to(root)}:{line}"
            found[context, single] = (plural or (before[0] if before else None), [*(before[1] if before else []), place])
    found.pop((None, ""), None)
    return found
