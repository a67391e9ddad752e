"""A whole installation for the carrier of persons: its own cluster, a real broker, the demonstration's people; Django itself is pointed at it."""

import datetime as dt
import os
import uuid
from contextlib import contextmanager
from unittest import mock

from django.db import connections
from django.test import Client

from config.postgres import APP
from qalxan.foundation.access.binding import bearing
from qalxan.foundation.access.permissions import Role
from tests.vault_site import Site

HEADS = (("telimci", Role.HEAD_OF_BODY, "BAS"), ("statistika", Role.POLICE_OFFICER, "BAS"))
"""Posts the demonstration does not fill: the head of the special police unit, and a second officer there."""


class Worker:
    """An invented person at work: `do` runs an operation as them, as a request of theirs would."""

    def __init__(self, who: str) -> None:
        from qalxan.foundation.access import sessions
        from qalxan.foundation.accounts.models import Post, User

        self.who, self.user = who, User.objects.get(email=f"{who}@demo.example").id
        self.post = Post.objects.filter(user=self.user, ends_at=None).latest("id").id
        self.token = sessions.new_token()
        ends = dt.datetime.now(dt.UTC) + dt.timedelta(hours=9)
        sessions.open_session(user_id=self.user, token=self.token, ends_at=ends, passkey=True)

    @property
    def actor(self):
        from qalxan.foundation.accounts.queries import actor_of

        return actor_of(self.user, dt.datetime.now(dt.UTC))

    def do(self, what, *given, **named):
        """Run something that asks for the bearer; `actor=True` gives the actor as the first argument."""
        with bearing(self.token):
            return what(*([self.actor, *given] if named.pop("first", False) else given), **named)

    def client(self, language: str = "en") -> Client:
        fresh = Client()
        assert fresh.post("/demo/switch/", {"email": f"{self.who}@demo.example"}).status_code == 302
        fresh.cookies["qalxan_language"] = language
        return fresh


@contextmanager
def installed(blocker, name: str = "persons-postgres"):
    """Build it, point Django's default connection at it, and put everything back at the end."""
    site = Site(name, "qalxan_persons")
    default = connections["default"]
    kept = dict(default.settings_dict)
    try:
        site.build().start()
        address = {"NAME": site.database, "HOST": site.where.host, "PORT": site.where.port, "USER": APP, "PASSWORD": ""}
        here = {"DATABASE_URL": site.environment["DATABASE_URL"], "QALXAN_GATE_SECRET": site.gate}
        with site.here(), mock.patch.dict(os.environ, here), blocker.unblock():
            default.close()
            default.settings_dict.update(address)
            _people()
            yield site
            default.close()
    finally:
        default.settings_dict.update(kept)
        site.end()


def _people() -> None:
    from qalxan.foundation.accounts.installation import NewPost, fill_posts
    from qalxan.shell.demo.load import load_people

    now = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    load_people(now)
    fill_posts(NewPost(f"{who}@demo.example", role, body, now) for who, role, body in HEADS)


NAME = {"given": "Kanareyka", "family": "Gizlinova", "father": "Sınaq", "suffix": "qızı", "name": "Kanareyka Gizlinova Sınaq qızı"}


def now():
    return dt.datetime.now(dt.UTC)


def form(**more):
    return {"name": NAME["name"], "given": NAME["given"], "family": NAME["family"], "father": NAME["father"], "suffix": "qızı", "day": "7", "month": "3", "year": "1999",
            "kind": "passport", "number": "AZE7714771", "phone": "+994 50 771 47 71", "safe": "no", "lead": "BAS", "reference": "V-17", "once": str(uuid.uuid4()), **more}  # fmt: skip


WHY = {"purpose": "protection", "reason": "case_work"}
SECRETS = ("Kanareyka", "Gizlinova", "7714771", "771 47 71")


def hidden(answer):
    text = answer.content.decode()
    return not any(secret in text for secret in SECRETS)


def day(n=10):
    return (now() + dt.timedelta(days=n)).date().isoformat()


def give(client, person, to, *rooms, ground="referral", **more):
    return client.post(
        f"/persons/{person}/give/", {"post": Worker(to).post, "ground": ground, "reference": "H-9", "rooms": rooms, "until": day(), **more}
    )


def sees(client, person, room="identity", **why):
    answer = client.post(f"/persons/{person}/rooms/{room}/", {**WHY, **why})
    return answer.status_code == 200 and not hidden(answer)


def registered():
    """A person registered through the page by a responder: their id, and the responder's client."""
    client = Worker("mufettis").client()
    return client.post("/persons/new/", form()).headers["Location"].split("/")[2], client


def assigned(who, responder):
    """The person, their case, led by the special police unit and assigned to an officer by its head, and the head's client."""
    head, worker = Worker("telimci").client(), Worker("mufettis")
    from qalxan.foundation.persons import queries

    case = str(worker.do(queries.person_page, worker.actor, uuid.UUID(who), now()).record.cases[0][0])
    answer = head.post(
        f"/cases/{case}/assign/",
        {"post": Worker("statistika").post, "ground": "assignment", "reference": "T-3", "rooms": ["identity:investigation", "inquiry:investigation"], "until": day()},
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return who, case, head
