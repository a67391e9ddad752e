"""Who may see which editions: sealed ones are for everyone signed in, those in work for those who prepare them."""

from django.db.models import Q

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.permissions import Permission
from qalxan.reports.annual_report.choices import EditionState
from qalxan.reports.annual_report.models import Edition


def edition_scope(actor: Actor) -> Q:
    """The editions the actor may open."""
    if Permission.EDITION_PREPARE in actor.permissions:
        return Q()
    return Q(state=EditionState.SEALED) if Permission.EDITION_READ in actor.permissions else Q(pk__in=[])


def may_see_edition(actor: Actor, edition: Edition) -> bool:
    """The same answer for one edition."""
    if Permission.EDITION_PREPARE in actor.permissions:
        return True
    return edition.state == EditionState.SEALED and Permission.EDITION_READ in actor.permissions
