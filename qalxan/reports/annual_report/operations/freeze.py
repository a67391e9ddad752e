"""Freezing: approved returns and figures as they stand become the edition's data cut."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.coordination import public as coordination
from qalxan.modules.plans import public as plans
from qalxan.modules.reporting import public as reporting
from qalxan.reports.annual_report.choices import LANGUAGES, EditionState
from qalxan.reports.annual_report.models import Edition
from qalxan.reports.annual_report.operations.editions import canonical, digest, held, subject
from qalxan.reports.statistics import public as statistics

SERIES_FROM = 2005
"""The first year of the charts: the report for 2020 has one that begins there."""


@transaction.atomic
def freeze(*, actor: Actor, now: dt.datetime, edition_id: int) -> Edition:
    """Make the data cut, or make it anew while the edition is not sealed. Raises Absent, Refused, RuleBroken.

    First the figures that approved returns give are stored as facts; then every figure, check, answer and silence is copied into the
    cut. From here on nothing but the cut and the texts goes into the files: a later correction or decree changes neither.
    """
    edition = held(actor, Permission.EDITION_PREPARE, edition_id)
    require(actor, Permission.FACT_ENTER, subject(edition))
    counted = [
        statistics.ReturnFigure(c.indicator, c.key, c.qualifier, c.value, c.contributors)
        for c in reporting.counted_figures(actor, edition.year)
    ]
    statistics.record_from_returns(actor=actor, now=now, year=edition.year, values=counted)
    cut = _cut(actor, now, edition)
    if not cut["facts"]:
        raise RuleBroken(_("There is no approved figure yet. Import figures or approve returns first."))
    edition.cut, edition.cut_sha256 = cut, digest(canonical(cut))
    edition.state, edition.frozen_at, edition.frozen_by_id = EditionState.FROZEN, now, actor.user_id
    edition.save(update_fields=["cut", "cut_sha256", "state", "frozen_at", "frozen_by"])
    record(actor.user_id, AuditEvent.EDITION_FROZEN, subject(edition), facts=len(cut["facts"]), cut=edition.cut_sha256)
    return edition


def _cut(actor: Actor, now: dt.datetime, edition: Edition) -> dict[str, Any]:
    plan = plans.plan_of(actor, edition.plan)
    words: dict[str, Any] = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = {
                "checks": [asdict(c) for c in statistics.checks(actor, edition.year)],
                "silence": [_silence(row) for row in reporting.silence_table(actor, edition.year, now.date())],
                "recommendations": [[label, count] for _code, label, count in coordination.status_counts(actor)],
            }
    return {
        "format": 1,
        "kind": edition.kind,
        "year": edition.year,
        "number": edition.number,
        "frozen_at": now.isoformat(timespec="seconds"),
        "plan": {"code": plan.code, "az": plan.title_az, "en": plan.title_en, "ru": plan.title_ru},
        "acts": [{"number": a.number, "date": a.date.isoformat()} for a in plans.dated_acts(actor)],
        "facts": statistics.frozen(actor, range(SERIES_FROM, edition.year + 1)),
        "words": words,
    }


def _silence(row: reporting.SilenceRow) -> dict[str, Any]:
    return {**asdict(row), "silence": str(row.silence)}
