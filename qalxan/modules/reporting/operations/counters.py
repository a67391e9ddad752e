"""Who counts what: the declaration that keeps a figure from being counted twice."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.models import Body
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.figures import key_of, split_of
from qalxan.modules.plans.models import Measure
from qalxan.modules.reporting.models import Counter, Indicator


@transaction.atomic
def declare_counter(*, actor: Actor, now: dt.datetime, indicator: str, body: str, key: str = "", alone: bool = True) -> Counter:
    """Declare that a body counts an indicator, or one slice of it; repeating it changes nothing.

    `alone` refuses a second body for the same slice: two bodies that count the same thing count it twice. Where several bodies
    each count their own share (their own events, say) the caller says so with alone=False, and sums add them up.
    Raises Refused, RuleBroken.
    """
    require(actor, Permission.INDICATOR_EDIT, f"indicator:{indicator}")
    found = Indicator.objects.select_for_update().filter(code=indicator).first()
    if found is None or not Body.objects.filter(code=body).exists():
        raise RuleBroken(_("There is no such indicator or body."))
    try:
        split = split_of(key)
        canonical = key_of(split)
    except ValueError:
        raise RuleBroken(_("The split “%(key)s” is not one of the system's.") % {"key": key[:60]}) from None
    if not set(split) <= set(found.dimensions):
        raise RuleBroken(_("This indicator is not split that way."))
    others = found.counters.filter(slice=canonical).exclude(body_id=body)
    if alone and others.exists():
        raise RuleBroken(_("%(body)s already counts this. Two bodies would count it twice.") % {"body": others[0].body_id})
    counter, made = Counter.objects.get_or_create(indicator=found, body_id=body, slice=canonical)
    if made:
        record(actor.user_id, AuditEvent.COUNTER_DECLARED, f"indicator:{indicator}", body=body, key=canonical)
    return counter


@transaction.atomic
def link_measures(*, actor: Actor, now: dt.datetime, links: Mapping[str, Iterable[tuple[str, str]]]) -> int:
    """Say to which measures (plan code, number) indicators belong; gives how many links were new. Raises Refused, RuleBroken."""
    require(actor, Permission.INDICATOR_EDIT)
    indicators = {i.code: i for i in Indicator.objects.filter(code__in=links).prefetch_related("measures")}
    measures = {(m.plan.code, m.number): m for m in Measure.objects.select_related("plan").filter(occurrence=1)}
    new = 0
    for code, wanted in links.items():
        if code not in indicators or not set(wanted) <= set(measures):
            raise RuleBroken(_("There is no such indicator or measure: %(code)s.") % {"code": code})
        held = {m.id for m in indicators[code].measures.all()}
        added = [measures[place] for place in wanted if measures[place].id not in held]
        if added:
            indicators[code].measures.add(*added)
            record(actor.user_id, AuditEvent.INDICATOR_SET, f"indicator:{code}", measures=len(added))
            new += len(added)
    return new
