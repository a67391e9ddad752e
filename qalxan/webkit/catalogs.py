"""Translations: compiled by Babel at set-up, so no gettext program is needed."""

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
