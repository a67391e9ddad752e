"""Grounds, grants, consents, seals: each asks the database's own function inside `acting`, and writes the log in the same transaction."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.calls import SENTENCES, call
from qalxan.foundation.access.choices import Because, Compartment, Ground, Purpose, Voice
from qalxan.foundation.access.models import Seal
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Withheld:
    """Not this (None: nothing), not to them (a body's code; None: nobody), because."""

    compartment: Compartment | None
    body: str | None
    because: Because


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a person agreed to: the purpose, the bodies by code, the language it was explained in, until when, what is withheld.

    For a child both voices, the representative's and the child's own, each as it was said; None for a grown person. `words` is the id of the
    sealed thing that holds what was said.
    """

    purpose: Purpose
    recipients: tuple[str, ...]
    language: str
    expires: dt.datetime
    withheld: tuple[Withheld, ...] = ()
    representative: Voice | None = None
    own_voice: Voice | None = None
    words: UUID | None = None


def make_ground(
    *, actor: Actor, kind: Ground, post: int, person: UUID | None, case: UUID | None, until: dt.datetime, reference: str
) -> int:
    """Make the fact that grants stand on; gives its id. Who may make which is told at `access_stand`. Raises Absent or RuleBroken."""
    made = int(call(actor, "access_stand", kind.value, post, person, case, until, reference))
    record(actor.user_id, AuditEvent.GROUND_MADE, _subject(person, case), ground=made, kind=kind.value, post=post)
    return made


def on_shift(*, actor: Actor, post: int) -> int:
    """The ground of the shift that a post of one's own body has now. Raises Absent, RuleBroken when it has none."""
    ground = call(actor, "access_on_shift", post)
    if ground is None:
        raise RuleBroken(str(SENTENCES["no_shift"]))
    return int(ground)


def end_ground(*, actor: Actor, ground: int) -> bool:
    """End a ground and with it every grant on it; False when it had ended. Raises Absent."""
    done = bool(call(actor, "access_end_ground", ground))
    record(actor.user_id, AuditEvent.GROUND_ENDED, f"ground:{ground}")
    return done


def give(
    *, actor: Actor, ground: int, person: UUID | None, case: UUID | None, compartment: Compartment, purpose: Purpose, until: dt.datetime
) -> int:
    """Give a room for a purpose on a standing ground; gives the grant's id. Raises Absent or RuleBroken (over the post's ceiling, too long)."""
    made = int(call(actor, "access_give", ground, person, case, compartment.value, purpose.value, until))
    record(actor.user_id, AuditEvent.GRANT_GIVEN, _subject(person, case), grant=made, compartment=compartment.value, purpose=purpose.value)
    return made


def withdraw(*, actor: Actor, grant: int) -> bool:
    """Take a grant back, at once; False when it had ended. Raises Absent."""
    done = bool(call(actor, "access_withdraw", grant))
    record(actor.user_id, AuditEvent.GRANT_WITHDRAWN, f"grant:{grant}")
    return done


def record_consent(*, actor: Actor, person: UUID, said: Agreement) -> int:
    """Record what a person agreed to; gives the consent's id. Raises Absent or RuleBroken (incomplete, too long, one voice of a child missing)."""
    child = said.representative is not None or said.own_voice is not None
    listed = json.dumps([{k: v or "" for k, v in asdict(no).items()} for no in said.withheld])
    values = [person, said.purpose.value, list(said.recipients), said.language, said.expires, child, said.representative, said.own_voice]
    made = int(call(actor, "access_consent_give", *values, said.words, listed))
    record(
        actor.user_id, AuditEvent.CONSENT_GIVEN, f"person:{person}", consent=made, purpose=said.purpose.value, withheld=len(said.withheld)
    )
    return made


def withdraw_consent(*, actor: Actor, consent: int) -> bool:
    """Record that a person takes a consent back: access under it is dead with the next statement of anybody. Raises Absent."""
    done = bool(call(actor, "access_consent_withdraw", consent))
    record(actor.user_id, AuditEvent.CONSENT_WITHDRAWN, f"consent:{consent}")
    return done


def seal(*, actor: Actor, person: UUID | None, case: UUID | None, authority: str, decision: str, named: Sequence[int]) -> int:
    """Suspend all access but the named posts', by a decision of a prosecuting body or court; gives the seal's id. Raises Absent or RuleBroken."""
    made = int(call(actor, "access_seal_set", person, case, authority, decision, list(named)))
    record(actor.user_id, AuditEvent.SEAL_SET, _subject(person, case), seal=made, authority=authority, named=len(named))
    return made


def seal_numbered(*, actor: Actor, number: str, authority: str, decision: str, named: Sequence[int]) -> int:
    """The same for a case's or record's number out of a decision; gives the seal's id. Raises Absent or RuleBroken."""
    made = int(call(actor, "access_seal_numbered", number, authority, decision, list(named)))
    found = Seal.objects.get(id=made)
    record(actor.user_id, AuditEvent.SEAL_SET, _subject(found.person, found.case_id), seal=made, authority=authority, named=len(named))
    return made


def lift(*, actor: Actor, seal: int, authority: str, decision: str) -> bool:
    """Lift a seal by another decision. Raises Absent or RuleBroken."""
    done = bool(call(actor, "access_seal_lift", seal, authority, decision))
    record(actor.user_id, AuditEvent.SEAL_LIFTED, f"seal:{seal}", authority=authority)
    return done


def _subject(person: UUID | None, case: UUID | None) -> str:
    return f"person:{person}" if person else f"case:{case}" if case else "post"
