"""What the pages of persons share: who is who, and one way to answer an opening."""

from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import pgettext

from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission, Role
from qalxan.foundation.access.queries import Why
from qalxan.foundation.access.rules import CEILING
from qalxan.foundation.accounts import queries as accounts
from qalxan.foundation.bodies import queries as bodies
from qalxan.foundation.persons import queries
from qalxan.shell.persons import words
from qalxan.webkit.sessions import STILL
from qalxan.webkit.views import Page

SEEING = frozenset(role for role, rooms in CEILING.items() if rooms)
CARING_ROOM = Compartment.SUPPORT
"""Who reaches it may hand a person the sheet "who saw my data and why"; so may who oversees the log."""
DECIDING = ("prosecution", "court", "police_unit")


class RecordsPage(Page):
    """A page about persons. Nothing that was sealed is in its address, title, messages or session; what was opened lives in one answer."""

    permission = Permission.PERSON_WORK
    shown: dict[str, Any] | None = None
    """The persons, room and case on the page, where they are not those of its address: the open page ends with the right to them."""

    def page(self, template: str, **context: Any) -> HttpResponse:
        """Render; no copy of the answer is kept on the way, nor when one goes back to it."""
        shown = (
            {name: self.kwargs[name] for name in ("person", "room", "case") if name in self.kwargs} if self.shown is None else self.shown
        )
        still = f"{STILL}?{urlencode({'as': self.request.actor.user_id, **shown}, doseq=True)}"
        response = super().page(template, still=still, **context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def room(self, code: str) -> Compartment:
        """The room an address names. Raises Absent."""
        try:
            return Compartment(code)
        except ValueError:
            raise Absent from None

    def staff(self, users: Iterable[int | None]) -> dict[int, str]:
        """Account → name."""
        return accounts.names_of({user for user in users if user})

    def seeing(self) -> list[accounts.Office]:
        """The posts that may be given a room, one's own left out."""
        return [o for o in accounts.offices(SEEING, self.request.now) if o.user != self.request.actor.user_id]

    def own_office(self) -> list[accounts.Office]:
        """The posts of bodies one heads that may be given a room."""
        heads = {p.body for p in self.request.actor.posts if p.role is Role.HEAD_OF_BODY and p.body}
        return [o for o in self.seeing() if o.body in heads]

    def named(self) -> dict[str, str]:
        """Body → name in the reader's language."""
        return bodies.names()

    def deciding(self) -> list[tuple[str, str]]:
        """Bodies whose decisions seal."""
        return [(row.code, row.name) for kind in DECIDING for row in bodies.directory(kind) if not row.valid_to]

    def leads(self) -> list[tuple[str, str]]:
        """Bodies that may lead a case one opens: the special police unit and one's own."""
        named = self.named()
        own = {p.body: named.get(p.body, p.body) for p in self.request.actor.posts if p.body and p.role in SEEING}
        return list({**{row.code: row.name for row in bodies.directory("police_unit")}, **own}.items())

    def consulted(self) -> list[tuple[str, str]]:
        """Bodies that a consent can name: those with a post that may be given a room."""
        named = self.named()
        codes = {o.body for o in accounts.offices(SEEING, self.request.now) if o.body}
        return sorted(((code, named.get(code, code)) for code in codes), key=lambda pair: pair[1])

    def registering_post(self) -> int:
        """The actor's post that registers persons. Raises Absent."""
        for post in self.request.actor.posts:
            bound = CEILING[post.role].get(Compartment.IDENTITY)
            if bound and bound.how.value == "case":
                return post.id
        raise Absent

    def told(self, rows: tuple[Why, ...]) -> list[dict[str, Any]]:
        """The grants behind a room, in words: what for, on what ground, until when, who gave it."""
        by = self.staff(w.given_by for w in rows)
        return [{"purpose": words.PURPOSES[w.purpose], "ground": words.GROUNDS[w.ground], "reference": w.reference, "since": w.since, "until": w.until,
                 "by": by.get(w.given_by, "")} for w in rows]  # fmt: skip

    def granted(self, rows: tuple[queries.GrantRow, ...]) -> list[dict[str, Any]]:
        """Grants in words."""
        actor, named, posts, by = (
            self.request.actor,
            self.named(),
            accounts.offices_of(g.post for g in rows),
            self.staff(g.given_by for g in rows),
        )
        head = Role.HEAD_OF_BODY in actor.roles()  # of the lead, or the case would be absent
        mine = {p.id for p in actor.posts}

        return [{"row": g, "post": words.post(posts.get(g.post), named), "purpose": words.PURPOSES[g.purpose], "ground": words.GROUNDS[g.ground],
                 "by": by.get(g.given_by, ""), "ends": g.alive and (head or g.given_by == actor.user_id or g.post in mine)} for g in rows]  # fmt: skip


class CaseAct(RecordsPage):
    """Something done to an open case by a form; a closed one offers nothing and says so on its own page."""

    template: ClassVar[str]
    step_up = True

    def form(self, found: queries.CasePage, data: Any = None) -> Form:
        """The form, empty or as it was sent."""
        raise NotImplementedError

    def done(self, found: queries.CasePage, said: Any) -> HttpResponse:
        """Do it, with the form that was filled; the answer."""
        raise NotImplementedError

    def get(self, request: object, case: UUID, form: Form | None = None) -> HttpResponse:
        """Show the form."""
        found = queries.case_page(self.request.actor, case, self.request.now)
        if found.row.state != "open":
            return redirect("persons:case", case)
        form = form or self.form(found, self.request.POST if self.request.method == "POST" else None)
        return self.page(self.template, case=found.row, seals=found.seals, form=form)

    def post(self, request: object, case: UUID) -> HttpResponse:
        """Do it, or show the form with what is wrong."""
        found = queries.case_page(self.request.actor, case, self.request.now)
        form = self.form(found, self.request.POST)
        return self.done(found, form) if form.is_valid() else self.get(request, case, form)


def bounded(number: int) -> int:
    """A row's number out of an address. Raises Absent for one that no row can have."""
    if number >= 2**63:
        raise Absent
    return number


def own(records: list[queries.Record], but: UUID) -> list[tuple[str, str]]:
    """Records to choose from: code and case numbers, never a name."""
    return [(str(r.id), " ".join([r.code, *(_case(number, state) for _id, number, state in r.cases)])) for r in records if r.id != but]


def _case(number: str, state: str) -> str:
    return number if state == "open" else f"{number} ({pgettext('case', 'closed')})"
