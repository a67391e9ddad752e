"""The site's side of the broker: what may be asked, and errors a page can show.

Every call carries the session token; who asks is decided by the database, never by the site. Closed looks like an absent thing.
"""

import base64
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from qalxan.foundation.access.guard import Absent
from qalxan.foundation.vault import wire
from qalxan.foundation.vault.addresses import socket_path
from qalxan.foundation.vault.crypto import Place
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.matching import Features

CALL_SECONDS = 10.0


class Closed(Absent):
    """No live session, no such person or no grant; a page shows what it shows for an absent thing."""


class OverBudget(RuleBroken):
    """The account, or the whole site, has opened its share for now."""

    def __init__(self) -> None:
        super().__init__(
            _("You have opened as much as one account may for now. Try again in an hour, or tell the person responsible for the system.")
        )


class BrokerAway(RuleBroken):
    """The broker or its database does not answer: nothing was opened and nothing sealed."""

    def __init__(self) -> None:
        super().__init__(_("Sealed records cannot be opened at this moment. Nothing is lost; try again in a minute."))


class Erased(RuleBroken):
    """The person was erased; what is left can never be read."""

    def __init__(self) -> None:
        super().__init__(_("This record was erased and cannot be read any more."))


class Tampered(RuleBroken):
    """A sealed thing does not open where it stands: it was moved or changed. The log has it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This record does not open: it was changed outside the system. The person responsible for the system has been told by the log."
            )
        )


class NotOperator(Exception):
    """A command of the operator, from a process that is not the operator's."""


_ERRORS: dict[str, type[Exception]] = {"closed": Closed, "budget": OverBudget, "away": BrokerAway, "busy": BrokerAway, "erased": Erased, "tampered": Tampered,
           "forbidden": NotOperator}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search by name found: the row, how alike (bits of weight), and which words agree or differ ("word|how" by kernel.names.How)."""

    person: UUID
    row: str
    score: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]


def seal(token: str, person: UUID, compartment: str, table: str, row: str, column: str, version: int, plaintext: bytes) -> bytes:
    """Seal one thing for exactly this place; it opens nowhere else. Raises Closed, OverBudget, Erased, BrokerAway."""
    return seal_all(token, person, compartment, [(Place(table, row, column, version), plaintext)])[0]


def seal_all(token: str, person: UUID, compartment: str, items: Sequence[tuple[Place, bytes]]) -> list[bytes]:
    """Seal up to 500 things of one person's compartment in one call; raises as `seal`."""
    rows = [[*place, wire.to_text(text)] for place, text in items]
    return _texts(call("seal", token=token, person=str(person), compartment=compartment, items=rows)["sealed"])


def open(token: str, person: UUID, compartment: str, items: Sequence[tuple[Place, bytes]], purpose: str, reason: str) -> list[bytes]:
    """Open up to 500 things of one person's compartment, given with the place each was sealed for; texts in the same order.

    One call is one intent in the log and as many units of budget as things. `reason` is a code ([a-z0-9_.:/-]), for it stands in the log.
    Raises Closed, OverBudget, Erased, Tampered (then nothing of the call is given), BrokerAway.
    """
    rows = [[*place, wire.to_text(sealed)] for place, sealed in items]
    answer = call("open", token=token, person=str(person), compartment=compartment, items=rows, purpose=purpose, reason=reason)
    return _texts(answer["texts"])


def index(token: str, person: UUID, features: Features) -> None:
    """Make a person findable; after the commit that made person and grant. Raises Closed, OverBudget, Erased, BrokerAway."""
    call("index", token=token, person=str(person), features=_plain(features))


def find(token: str, field: str, value: str, purpose: str, reason: str) -> list[UUID]:
    """Persons the caller reaches who carry exactly this document or phone number (`field`: "document" or "phone"). Raises as `open`."""
    answer = call("find", token=token, field=field, value=value, purpose=purpose, reason=reason)
    return [UUID(person) for person in answer["persons"]]


def search(token: str, name: str, items: Sequence[tuple[UUID, Place, bytes]], purpose: str, reason: str) -> list[Hit]:
    """Search a name among sealed names the caller reaches (others are passed over), best first, at most 50. One intent, one unit.

    `items` are sealed JSON objects with a "name" or texts of a name, at most 5,000 in a call. Raises as `open`.
    """
    rows = [[str(person), *place, wire.to_text(sealed)] for person, place, sealed in items]
    answer = call("search", token=token, name=name, items=rows, purpose=purpose, reason=reason)
    return [Hit(UUID(h["person"]), h["row"], h["score"], tuple(h["agrees"]), tuple(h["differs"])) for h in answer["hits"]]


def match(token: str, features: Features, purpose: str, reason: str) -> None:
    """Ask whether anybody has met this person. The holder is told, if there is one; the caller learns nothing else. Raises as `open`."""
    call("match", token=token, features=_plain(features), purpose=purpose, reason=reason)


def ready() -> bool:
    """Whether the broker answers and has finished every erasure it knows of."""
    try:
        return bool(call("ping")["ready"])
    except BrokerAway:
        return False


def call(command: str, **fields: Any) -> wire.Reply:
    """One request, one reply. Raises the error the broker names, BrokerAway when there is none; a caller's own mistake is a ValueError."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(2)
            connection.connect(os.fspath(socket_path()))
            wire.send(connection, {"do": command, **fields})
            answer = wire.receive(connection, CALL_SECONDS)
    except (OSError, wire.Gone):
        raise BrokerAway from None
    except wire.Malformed as fault:
        raise ValueError(f"the request is too long ({fault})") from None
    if "ok" in answer:
        reply: wire.Reply = answer["ok"]
        return reply
    code = str(answer.get("error"))
    if code == "malformed":
        raise ValueError(f"the broker cannot read this request for {command}")
    raise _ERRORS.get(code, BrokerAway)


def _plain(features: Features) -> dict[str, Any]:
    birth = features.birth
    return {"names": features.names, "documents": features.documents, "phones": features.phones, "place": features.place or None,
            "year": birth.year, "month": birth.month, "day": birth.day}  # fmt: skip


def _texts(values: list[str]) -> list[bytes]:
    return [base64.b64decode(value) for value in values]
