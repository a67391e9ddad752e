"""Who may approve what. Seeing, entering and approving are rights; this is the rule between two persons."""

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.permissions import Permission
from qalxan.reports.statistics.choices import Origin
from qalxan.reports.statistics.models import Fact


def may_approve(actor: Actor, fact: Fact) -> bool:
    """Whether the actor may approve this fact: nobody approves a figure they typed themselves.

    The installation's own first load has no person on either side and is approved as it is loaded; the log says so.
    """
    if Permission.FACT_APPROVE not in actor.permissions:
        return False
    return fact.origin == Origin.RETURN or fact.entered_by_id is None or fact.entered_by_id != actor.user_id
