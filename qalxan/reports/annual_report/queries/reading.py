"""An edition as its reader and its makers see it; nothing here reads live data: everything comes from the edition's own cut."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import names_of
from qalxan.kernel.numbers import worded
from qalxan.reports.annual_report.choices import LANGUAGES, EditionState, RenderState
from qalxan.reports.annual_report.models import Edition, EditionFile, Render, SectionText
from qalxan.reports.annual_report.queries.build import Built, build
from qalxan.reports.annual_report.queries.cut import Cut, Figure
from qalxan.reports.annual_report.queries.editions import EditionRow, edition_of, row_of


def texts_of(edition: Edition, language: str) -> dict[str, str]:
    """The newest wording of each section in a language; one query."""
    found = edition.texts.filter(language=language).order_by("section", "-version").distinct("section")
    return {t.section: t.text for t in found}


def language_of(wanted: str | None) -> str:
    """The language of the text: the one asked for, else the reader's."""
    own = get_language() or "az"
    return wanted if wanted in LANGUAGES else own if own in LANGUAGES else "az"


@dataclass(frozen=True)
class FileRow:
    """A file of a sealed edition."""

    language: str
    form: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Reading:
    """An edition to read."""

    row: EditionRow
    language: str
    built: Built
    files: tuple[FileRow, ...]
    cut_sha256: str
    newer: int | None
    changes: tuple[dict[str, Any], ...]


def reading(actor: Actor, kind: str, year: int, number: int, language: str) -> Reading:
    """An edition's text in a language with every number placed. Raises Refused, or Absent (also while nothing is frozen yet)."""
    edition = edition_of(actor, kind, year, number)
    if edition.cut is None:
        raise Absent(f"edition:{kind}/{year}/{number}")
    newest = (
        Edition.objects.filter(kind=kind, year=year, state=EditionState.SEALED, number__gt=number)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    built = build(edition.cut, edition.sections, texts_of(edition, language), language)
    return Reading(row_of(edition), language, built, files_of(edition), edition.cut_sha256, newest, tuple(edition.cut.get("changes", ())))


def files_of(edition: Edition) -> tuple[FileRow, ...]:
    """The files of the newest making, without their bytes."""
    from django.db.models.functions import Length

    made = edition.renders.filter(state=RenderState.DONE).order_by("-id").first()
    if made is None:
        return ()
    found = EditionFile.objects.filter(render=made).annotate(size=Length("data")).order_by("form", "language")
    return tuple(FileRow(f.language, f.form, f.sha256, f.size) for f in found.defer("data"))


def file_of(actor: Actor, kind: str, year: int, number: int, language: str, form: str) -> tuple[str, bytes]:
    """A file's name and bytes. Raises Refused or Absent."""
    edition = edition_of(actor, kind, year, number)
    made = edition.renders.filter(state=RenderState.DONE).order_by("-id").first()
    found = EditionFile.objects.filter(render=made, language=language, form=form).first() if made else None
    if found is None:
        raise Absent(f"edition:{kind}/{year}/{number}/{language}.{form}")
    return f"qalxan-{kind}-{year}-{number}-{language}.{form}", bytes(found.data)


@dataclass(frozen=True)
class Stated:
    """What one source states of a figure, with its contributors."""

    words: str
    origin: str
    source: str
    place: str
    note: str
    contributors: tuple[dict[str, Any], ...]
    approved_by: str
    approved_at: str
    taken: bool


@dataclass(frozen=True)
class FigurePage:
    """A number opened: what it means, where it comes from, who gave what, who approved it, which checks it takes part in."""

    row: EditionRow
    figure: Figure
    label: str
    definition: str
    words: str
    unit: str
    reason: str
    stated: tuple[Stated, ...]
    checks: tuple[dict[str, Any], ...]
    cut_sha256: str


def figure_page(actor: Actor, kind: str, year: int, number: int, ref: str) -> FigurePage:
    """A figure of an edition's cut. Raises Refused or Absent."""
    edition = edition_of(actor, kind, year, number)
    figure = Cut(edition.cut).at(ref) if edition.cut else None
    if figure is None:
        raise Absent(f"figure:{ref}")
    language = language_of(None)
    stated = tuple(_stated(s, figure, language) for s in figure.row["stated"])
    ids = {s["fact"] for s in figure.row["stated"]}
    checks = tuple(c for c in (edition.cut or {})["words"][language]["checks"] if ids & {u["fact"] for u in c["used"]})
    words = _words(figure.taken(), language) if figure.taken() else ""
    return FigurePage(
        row_of(edition), figure, figure.label(language), figure.row["definition"][language], words, figure.row["unit_label"][language],
        figure.row["reason"], stated, checks, edition.cut_sha256,
    )  # fmt: skip


def _words(stated: dict[str, Any] | None, language: str) -> str:
    import datetime as dt
    from decimal import Decimal

    from babel.dates import format_date

    if stated is None:
        return ""
    if stated["date"]:
        return str(format_date(dt.date.fromisoformat(stated["date"]), "d MMMM y", locale=language))
    return worded(Decimal(stated["value"]) if stated["value"] is not None else None, language, quality=stated["qualifier"])


def _stated(s: dict[str, Any], figure: Figure, language: str) -> Stated:
    parts = tuple(
        {"name": c["name"][language], "value": c.get("value"), "return": c.get("return"), "fact": c.get("fact")} for c in s["contributors"]
    )
    source = s["source"][language] if s["source"] else ""
    return Stated(
        _words(s, language),
        s["origin"],
        source,
        s["place"],
        s["note"],
        parts,
        s["approved_by"],
        (s["approved_at"] or "")[:10],
        s["fact"] == figure.row["taken"],
    )


@dataclass(frozen=True, slots=True)
class TextRow:
    """A section in the workspace: how much is written in each language."""

    code: str
    title: str
    versions: dict[str, int]


@dataclass(frozen=True)
class Workspace:
    """An edition in work: sections, flaws, the newest making of files."""

    row: EditionRow
    frozen: bool
    cut_sha256: str
    facts: int
    texts: tuple[TextRow, ...]
    flaws: dict[str, tuple[Any, ...]]
    sound: bool
    render: Render | None
    files: tuple[FileRow, ...]


def sections_page(actor: Actor, kind: str, year: int, number: int) -> tuple[EditionRow, list[dict[str, str]]]:
    """An edition and its sections with their names in three languages. Raises Refused or Absent."""
    edition = edition_of(actor, kind, year, number)
    require(actor, Permission.EDITION_PREPARE, f"edition:{kind}/{year}/{number}")
    return row_of(edition), edition.sections


def workspace(actor: Actor, kind: str, year: int, number: int) -> Workspace:
    """An edition's workspace. Raises Refused or Absent."""
    edition = edition_of(actor, kind, year, number)
    require(actor, Permission.EDITION_PREPARE, f"edition:{kind}/{year}/{number}")
    newest: dict[tuple[str, str], SectionText] = {}
    for text in edition.texts.order_by("version"):
        newest[text.section, text.language] = text
    texts = tuple(
        TextRow(s["code"], s[language_of(None)], {x: newest[s["code"], x].version for x in LANGUAGES if (s["code"], x) in newest and newest[s["code"], x].text})
        for s in edition.sections
    )  # fmt: skip
    flaws: dict[str, tuple[Any, ...]] = {}
    sound = edition.cut is not None
    if edition.cut is not None:
        for language in LANGUAGES:
            built = build(edition.cut, edition.sections, {c: t.text for (c, x), t in newest.items() if x == language}, language)
            flaws[language] = tuple(built.flaws)
            sound = sound and built.sound
    render = edition.renders.order_by("-id").first()
    facts = len(edition.cut["facts"]) if edition.cut else 0
    return Workspace(row_of(edition), edition.cut is not None, edition.cut_sha256, facts, texts, flaws, sound, render, files_of(edition))


@dataclass(frozen=True)
class SectionPage:
    """A section's wording to edit, with what is wrong in it and who wrote before."""

    row: EditionRow
    code: str
    title: str
    language: str
    text: str
    version: int
    flaws: tuple[Any, ...]
    figures: tuple[tuple[str, str, str], ...]
    history: tuple[tuple[int, str, Any], ...]


def section_page(actor: Actor, kind: str, year: int, number: int, code: str, language: str) -> SectionPage:
    """A section to edit. Raises Refused or Absent."""
    edition = edition_of(actor, kind, year, number)
    require(actor, Permission.EDITION_PREPARE, f"edition:{kind}/{year}/{number}")
    section = next((s for s in edition.sections if s["code"] == code), None)
    if section is None or language not in LANGUAGES:
        raise Absent(f"section:{code}")
    versions = list(edition.texts.filter(section=code, language=language).order_by("-version"))
    people = names_of({v.by_id for v in versions if v.by_id})
    text, version = (versions[0].text, versions[0].version) if versions else ("", 0)
    flaws: tuple[Any, ...] = ()
    figures: tuple[tuple[str, str, str], ...] = ()
    if edition.cut is not None:
        flaws = tuple(build(edition.cut, [section], {code: text}, language).flaws)
        cut = Cut(edition.cut)
        known = [f for ref in cut.by_ref if (f := cut.at(ref)) and f.year == edition.year]
        figures = tuple(
            (f"[[{f.code}|{f.key}]]" if f.key else f"[[{f.code}]]", f.label(language), _words(f.taken(), language)) for f in known
        )
    history = tuple((v.version, people.get(v.by_id or 0, ""), v.at) for v in versions)
    return SectionPage(row_of(edition), code, section[language], language, text, version, flaws, figures, history)
