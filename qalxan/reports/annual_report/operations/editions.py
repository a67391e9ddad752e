"""An edition from its beginning to its seal, without the making of files."""

import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken
from qalxan.reports.annual_report import policy
from qalxan.reports.annual_report.choices import LANGUAGES, EditionState, Kind
from qalxan.reports.annual_report.models import Edition, SectionText

DATA = Path(__file__).parents[1] / "data"
DEFAULTS: dict[str, list[dict[str, str]]] = json.loads((DATA / "sections.json").read_text(encoding="utf-8"))


def subject(edition: Edition) -> str:
    """The edition's name in the log."""
    return f"edition:{edition.kind}/{edition.year}/{edition.number}"


def held(actor: Actor, permission: Permission, edition_id: int) -> Edition:
    """An edition in work, locked for a change. Raises Absent, Refused, or RuleBroken once it is sealed."""
    edition = Edition.objects.select_for_update().filter(id=edition_id).first()
    if edition is None or not policy.may_see_edition(actor, edition):
        raise Absent(f"edition:{edition_id}")
    require(actor, permission, subject(edition))
    if edition.state == EditionState.SEALED:
        raise RuleBroken(_("This edition is sealed and never changes. Begin the next one to correct it."))
    return edition


@transaction.atomic
def start(*, actor: Actor, now: dt.datetime, kind: Kind, year: int, plan: str) -> Edition:
    """Begin an edition: the first of its year, or the next after a sealed one, whose sections and texts it takes over;
    a first one begins with the shipped wording of its kind, where there is one.

    Raises Refused, or RuleBroken while another is in work or for a year that has not begun.
    """
    require(actor, Permission.EDITION_PREPARE, f"edition:{kind}/{year}")
    if not 1990 <= year <= now.year:
        raise RuleBroken(_("A report can be begun for this year or an earlier one."))
    if Edition.objects.filter(kind=kind, year=year).exclude(state=EditionState.SEALED).exists():
        raise RuleBroken(_("An edition of this report is already in work."))
    before = Edition.objects.filter(kind=kind, year=year).order_by("-number").first()
    number = (Edition.objects.filter(kind=kind, year=year).aggregate(n=Max("number"))["n"] or 0) + 1
    sections = before.sections if before else DEFAULTS[kind.value]
    edition = Edition.objects.create(
        kind=kind, year=year, number=number, plan=plan, sections=sections, started_at=now, started_by_id=actor.user_id
    )
    if before:
        for text in newest_texts(before):
            _add(edition, text.section, text.language, text.text, actor=actor, now=now)
    else:
        for path in sorted((DATA / "texts" / kind.value).glob("*/*.txt")):
            _add(edition, path.stem, path.parent.name, path.read_text(encoding="utf-8").strip(), actor=actor, now=now)
    return edition


def newest_texts(edition: Edition) -> list[SectionText]:
    """The newest wording of each section and language; one query."""
    return list(edition.texts.order_by("section", "language", "-version").distinct("section", "language"))


def _add(edition: Edition, section: str, language: str, text: str, *, actor: Actor, now: dt.datetime) -> SectionText | None:
    newest = edition.texts.filter(section=section, language=language).order_by("-version").first()
    if newest is not None and newest.text == text:
        return None
    version = newest.version + 1 if newest else 1
    return SectionText.objects.create(
        edition=edition, section=section, language=language, text=text, version=version, by_id=actor.user_id, at=now
    )


@transaction.atomic
def set_text(*, actor: Actor, now: dt.datetime, edition_id: int, section: str, language: str, text: str, version: int | None = None) -> int:
    """Set a section's wording in a language; gives its version. `version` is the one the writer saw (None: whatever stands).

    Raises Absent, Refused, or RuleBroken: for an unknown section, or when somebody wrote meanwhile.
    """
    edition = held(actor, Permission.EDITION_PREPARE, edition_id)
    if language not in LANGUAGES or section not in {s["code"] for s in edition.sections}:
        raise RuleBroken(_("This edition has no such section."))
    standing = edition.texts.filter(section=section, language=language).aggregate(n=Max("version"))["n"] or 0
    if version is not None and version != standing:
        raise RuleBroken(_("Somebody changed this section meanwhile. Your words are below; compare them with what stands and save again."))
    added = _add(edition, section, language, text.replace("\r\n", "\n").strip(), actor=actor, now=now)
    if added:
        record(actor.user_id, AuditEvent.EDITION_TEXT_SET, subject(edition), section=section, language=language, version=added.version)
    return added.version if added else standing


@transaction.atomic
def set_sections(*, actor: Actor, now: dt.datetime, edition_id: int, sections: list[dict[str, str]]) -> None:
    """Set the sections, their names and their order. A section with text cannot be taken away. Raises Absent, Refused, RuleBroken."""
    edition = held(actor, Permission.EDITION_PREPARE, edition_id)
    codes = [s["code"] for s in sections]
    if not all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) and len(code) <= 40 for code in codes):
        raise RuleBroken(_("A section's code has small Latin letters, digits and hyphens."))
    if not codes or len(codes) != len(set(codes)) or not all(s.get(lang, "").strip() for s in sections for lang in LANGUAGES):
        raise RuleBroken(_("Each section needs its own code and a name in three languages."))
    written = set(edition.texts.exclude(text="").values_list("section", flat=True))
    if lost := written - set(codes):
        raise RuleBroken(_("These sections have text and cannot be taken away: %(codes)s.") % {"codes": ", ".join(sorted(lost))})
    edition.sections = [{"code": s["code"], **{lang: s[lang].strip() for lang in LANGUAGES}} for s in sections]
    edition.save(update_fields=["sections"])
    record(actor.user_id, AuditEvent.EDITION_TEXT_SET, subject(edition), sections=len(codes))


def canonical(cut: dict[str, Any]) -> bytes:
    """A data cut as the bytes its hash is taken of: sorted keys, no spaces, UTF-8."""
    return json.dumps(cut, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
