"""Asking the database's own functions: their refusals become the house's."""

from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent
from qalxan.kernel.errors import RuleBroken

SENTENCES = {
    "posts_apart": _("One person may not hold these two posts at the same time."),
    "own_post": _("Nobody appoints themselves."),
    "no_account": _("Choose a person with an active account."),
    "no_post": _("Choose a post that another person holds now."),
    "too_long": _("The end lies in the past or too far ahead."),
    "lead": _("A case is led by your own body or by the special police unit."),
    "placed_already": _("This person is in the case already."),
    "merge_self": _("A record cannot be joined with itself."),
    "merged_already": _("One of the two records is joined with another already."),
    "other_body": _("A case is assigned to posts of the body that leads it."),
    "no_care": _("This post takes nobody into its care."),
    "no_reference": _("Give the number of the act or decision."),
    "number_alone": _("Write the number alone: letters without accents, digits, and . / _ -"),
    "over_ceiling": _("This post may never open this room for this purpose."),
    "consent_incomplete": _("A consent names its purpose, the bodies, and the language it was explained in."),
    "two_voices": _("For a child, record what the representative said and what the child said."),
    "closed": _("This case is closed. Who goes on with the matter opens a new one."),
    "closing_day": _("A case is closed on a day between its opening and today."),
    "sealed": _("This case is sealed, and whoever is put into it would be sealed with it. Open a case of its own."),
    "no_shift": _("This post of your body has no shift now."),
    "another_decision": _("A seal is lifted by another decision than the one that set it."),
}
"""The code of a broken rule, as the database tells it → the sentence for the person."""


def call(actor: Actor, function: str, *values: Any) -> Any:
    """Call an access function inside `acting`; the function itself asks who is bound.

    Raises Absent when the thing is not there or not the actor's (the two are not told apart), RuleBroken with a sentence for a rule one can
    mend. A bound person who is not the actor of the request is nobody.
    """
    marks = ", ".join(["%s"] * len(values))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT access_actor()")
            if actor.user_id is None or cursor.fetchone()[0] != actor.user_id:
                raise Absent
            cursor.execute(f"SELECT {function}({marks})", values)
            return cursor.fetchone()[0]
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", None)
        if state == "42501":
            raise Absent from None
        if state == "QX001":
            raise RuleBroken(str(SENTENCES[error.__cause__.diag.message_primary])) from None  # type: ignore[union-attr]  # looked at just above
        raise
