"""Making an edition's files, sealing it, and proving that a sealed one is made again byte for byte."""

import datetime as dt
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import BadInput, RuleBroken
from qalxan.reports.annual_report.choices import LANGUAGES, EditionState, RenderState
from qalxan.reports.annual_report.models import Edition, EditionFile, Render
from qalxan.reports.annual_report.operations.editions import canonical, digest, held, newest_texts, subject
from qalxan.reports.annual_report.queries.build import build
from qalxan.reports.annual_report.queries.changes import compared, compared_texts
from qalxan.reports.annual_report.queries.document import document
from qalxan.webkit.report import docx, pdf

TOOLS = ("typst", "python-docx", "babel", "vl-convert-python")
FORMS: dict[str, Callable[[Any], bytes]] = {"pdf": pdf.render, "docx": docx.render}


def tools() -> dict[str, str]:
    """What makes the files: versions, and the print of our own page template; the same tools make the same bytes."""
    return {**{name: version(name) for name in TOOLS}, "template": digest(pdf.TEMPLATE.read_bytes())[:16]}


def make(
    cut: Mapping[str, Any], cut_sha256: str, sections: list[dict[str, str]], texts: Mapping[tuple[str, str], str], *, sealed: bool
) -> Any:
    """Each file of an edition, one after the other: yields (language, form, bytes). Nothing but the arguments goes in."""
    for language in LANGUAGES:
        of_language = {section: text for (section, x), text in texts.items() if x == language}
        made = document(cut, cut_sha256, build(cut, sections, of_language, language), sealed=sealed)
        for form, write in FORMS.items():
            yield language, form, write(made)


def wording(edition: Edition) -> dict[tuple[str, str], str]:
    """The newest wording by (section, language)."""
    return {(t.section, t.language): t.text for t in newest_texts(edition)}


@transaction.atomic
def ask(*, actor: Actor, now: dt.datetime, edition_id: int, seals: bool = False) -> Render:
    """Ask for the files; the worker makes them and the page shows how far it is. `seals` asks for the seal with them.

    Raises Absent, Refused, or RuleBroken: before the data are frozen, while another making runs, or with flaws and `seals`.
    """
    edition = held(actor, Permission.EDITION_SEAL if seals else Permission.EDITION_PREPARE, edition_id)
    if edition.cut is None:
        raise RuleBroken(_("Freeze the data first."))
    running = edition.renders.filter(state__in=[RenderState.WAITING, RenderState.RUNNING])
    if running.filter(asked_at__gt=now - dt.timedelta(minutes=10)).exists():
        raise RuleBroken(_("The files are being made already."))
    running.update(state=RenderState.FAILED, fault=_("The worker stopped."))
    if seals:
        _must_be_sound(edition)
    return Render.objects.create(edition=edition, seals=seals, asked_at=now, asked_by_id=actor.user_id)


def _must_be_sound(edition: Edition) -> None:
    texts = wording(edition)
    for language in LANGUAGES:
        of_language = {section: text for (section, x), text in texts.items() if x == language}
        flaws = [f for f in build(edition.cut or {}, edition.sections, of_language, language).flaws if not f.soft]
        if flaws:
            first = f"{flaws[0].title}: {flaws[0].what} {flaws[0].before}{flaws[0].words}".strip()
            raise RuleBroken(_("%(n)s flaws stand in the way of the seal. The first: %(first)s") % {"n": len(flaws), "first": first})


def run(render_id: int, now: dt.datetime) -> None:
    """Make what was asked for; called by the worker. A fault is kept with the making, never lost in a log."""
    with transaction.atomic():
        render = Render.objects.select_for_update().select_related("edition").get(id=render_id)
        if render.state != RenderState.WAITING:
            return
        render.state = RenderState.RUNNING
        render.save(update_fields=["state"])
    edition = render.edition
    cut, texts = dict(edition.cut or {}), wording(edition)
    if render.seals:
        cut["changes"] = _changes(edition, cut, texts)
    hashed = digest(canonical(cut))
    files: list[EditionFile] = []
    try:
        for language, form, data in make(cut, hashed, edition.sections, texts, sealed=render.seals):
            files.append(EditionFile(edition=edition, render=render, language=language, form=form, sha256=digest(data), data=data))
            done = len(files) * 95 // (len(LANGUAGES) * len(FORMS))
            Render.objects.filter(id=render_id).update(percent=done, step=f"{language} {form}")
    except BadInput as bad:
        Render.objects.filter(id=render_id).update(state=RenderState.FAILED, fault=str(bad), done_at=now)
        return
    except Exception as fault:
        Render.objects.filter(id=render_id).update(state=RenderState.FAILED, fault=type(fault).__name__, done_at=now)
        raise
    _keep(render, files, cut, hashed, texts, now)


@transaction.atomic
def _keep(
    render: Render, files: list[EditionFile], cut: dict[str, Any], hashed: str, texts: Mapping[tuple[str, str], str], now: dt.datetime
) -> None:
    """Keep the files; seal the edition if that was asked and nothing changed while they were made."""
    edition = Edition.objects.select_for_update().get(id=render.edition_id)
    state, fault = RenderState.DONE, ""
    if (
        edition.state == EditionState.SEALED
        or wording(edition) != texts
        or {**(edition.cut or {}), **({"changes": cut["changes"]} if render.seals else {})} != cut
    ):
        state, fault = RenderState.FAILED, _("The text or the data changed while the files were made. Ask for them again.")
    else:
        EditionFile.objects.bulk_create(files)
        record(render.asked_by_id, AuditEvent.EDITION_RENDERED, subject(edition), files=len(files))
        if render.seals:
            edition.cut, edition.cut_sha256, edition.tools = cut, hashed, tools()
            edition.state, edition.sealed_at, edition.sealed_by_id = EditionState.SEALED, now, render.asked_by_id
            edition.save(update_fields=["cut", "cut_sha256", "tools", "state", "sealed_at", "sealed_by"])
            prints = [f"{f.language}.{f.form}:{f.sha256}" for f in files]
            record(render.asked_by_id, AuditEvent.EDITION_SEALED, subject(edition), cut=hashed, files=prints)
    Render.objects.filter(id=render.id).update(state=state, fault=fault, percent=100, step="", done_at=now)


def _changes(edition: Edition, cut: Mapping[str, Any], texts: Mapping[tuple[str, str], str]) -> list[dict[str, Any]]:
    before = Edition.objects.filter(kind=edition.kind, year=edition.year, state=EditionState.SEALED).order_by("-number").first()
    if before is None or before.cut is None:
        return []
    return compared(before.cut, cut) + compared_texts(edition.sections, wording(before), texts)


def rebuilt(*, actor: Actor, edition: Edition) -> dict[str, bool]:
    """Make a sealed edition's files anew; gives "language.form" → whether the bytes are those sealed. Raises Refused, RuleBroken."""
    require(actor, Permission.EDITION_READ, subject(edition))
    if edition.state != EditionState.SEALED or edition.cut is None:
        raise RuleBroken(_("Only a sealed edition can be made again."))
    if digest(canonical(edition.cut)) != edition.cut_sha256:
        raise RuleBroken(_("The stored data cut is not the one that was sealed."))
    sealed = {
        (f.language, f.form): f.sha256 for f in edition.files.filter(render__seals=True, render__state=RenderState.DONE).defer("data")
    }
    texts = wording(edition)
    return {
        f"{x}.{form}": digest(data) == sealed.get((x, form))
        for x, form, data in make(edition.cut, edition.cut_sha256, edition.sections, texts, sealed=True)
    }
