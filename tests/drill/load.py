"""A small steady load on a running site; every answer the site gives is written to a journal before the next thing is asked.

`python -m tests.drill.load JOURNAL ADDRESS SEED` runs until it is told to stop (SIGTERM).
"""

import datetime as dt
import http.cookiejar
import json
import os
import random
import re
import signal
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import django

ENDING = threading.Event()
PAUSE = 0.2
WHO, WRITER = "idare@demo.example", "drill@demo.example"


class Journal:
    """What was acknowledged, a line at a time, in the order it was heard."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, kind: str, **told: object) -> None:
        os.write(self.descriptor, (json.dumps({"kind": kind, "at": time.time(), **told}) + "\n").encode())


def again(step, journal: Journal) -> None:
    """Do a step over and over; whatever breaks is what a person would meet, and is tried anew."""
    from django.db import connection

    while not ENDING.wait(PAUSE):
        try:
            step()
        except Exception as error:
            journal.add(
                "failed",
                what=f"{step.__name__ if hasattr(step, '__name__') else type(step).__name__}: {type(error).__name__}: {error}"[:200],
            )
            connection.close()


class Persons:
    """Registers a person, seals a thing, keeps it, opens it again, and sometimes opens an older one."""

    def __init__(self, journal: Journal, seed: int) -> None:
        from qalxan.foundation.accounts.models import Post, User

        self.journal, self.random = journal, random.Random(seed)
        self.user = User.objects.get(email=WHO).pk
        self.post = Post.objects.get(user=self.user).pk
        self.token, self.kept = "", []

    def __call__(self) -> None:
        from qalxan.foundation.access.guard import Absent

        try:
            self.step()
        except Absent:
            self.token = ""
            raise

    def step(self) -> None:
        from qalxan.foundation.access import sessions
        from qalxan.foundation.access.binding import acting
        from qalxan.foundation.accounts.queries import actor_of
        from qalxan.foundation.audit.events import AuditEvent
        from qalxan.foundation.audit.operations import record
        from qalxan.foundation.persons.models import Item
        from qalxan.foundation.persons.operations import register
        from qalxan.foundation.vault import client
        from qalxan.foundation.vault.crypto import Place

        now = dt.datetime.now(dt.UTC)
        if not self.token:
            token = sessions.new_token()
            sessions.open_session(user_id=self.user, token=token, ends_at=now + dt.timedelta(hours=9), passkey=True)
            self.token = token
        sessions.touch(self.token)
        if self.kept and self.random.random() < 0.7:  # the more persons one reaches, the slower each step: grow slowly
            person = self.random.choice(self.kept)[0]
        else:
            with acting(self.token):
                actor = actor_of(self.user, now)
                person = register(actor=actor, post=self.post, reference="drill-1", until=now + dt.timedelta(days=20))
            self.journal.add("person", person=str(person))
        item, text = uuid.uuid4(), f"drill {self.random.getrandbits(64):x}"
        place = Place("persons_item", str(item), "sealed", 1)
        sealed = client.seal(self.token, person, "identity", *place, text.encode())
        with acting(self.token):
            Item(
                id=item, person_id=person, compartment="identity", kind="name", sealed=sealed, version=1, made_by=self.user, made_at=now
            ).save(force_insert=True)
            record(self.user, AuditEvent.PERSON_REGISTERED, f"item:{item}")
        self.journal.add("item", person=str(person), item=str(item), text=text)
        self.kept.append((person, place, sealed, text))
        for one in (self.kept[-1], *self.random.sample(self.kept, self.random.randint(0, 1))):
            self.open(client, *one)

    def open(self, client, person, place, sealed, text) -> None:
        given = client.open(self.token, person, "identity", [(place, sealed)], "investigation", "drill")
        self.journal.add("opened", person=str(person), item=place.row, right=given == [text.encode()])


class Answers:
    """A focal point at a browser, who saves an answer again and again."""

    def __init__(self, journal: Journal, address: str) -> None:
        self.journal, self.address, self.number, self.browser = journal, address, 0, None
        self.version: int | None = None
        from qalxan.foundation.accounts.models import Post
        from qalxan.modules.reporting.models import Answer

        body = Post.objects.get(user__email=WRITER).body_id
        of = Answer.objects.filter(of__body_id=body).order_by("-of__window__year", "id").first()
        self.path, self.answer = f"/returns/{of.of_id}/answers/{of.pk}/", of.pk

    def get(self, path: str) -> str:
        with self.browser.open(self.address + path, timeout=15) as answer:
            return answer.read().decode()

    def post(self, path: str, token: str, **fields: str) -> str:
        sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        with self.browser.open(self.address + path, sent, timeout=15) as answer:
            return answer.read().decode()

    def enter(self) -> None:
        self.browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.post("/demo/switch/", csrf(self.get("/accounts/login/")), email=WRITER)

    def __call__(self) -> None:
        try:
            if self.browser is None:
                self.enter()
            if self.version is None:
                page = self.get(self.path)
                self.token, self.version = csrf(page), int(re.search(r'name="version" value="(\d+)"', page)[1])
            self.number += 1
            told = json.loads(
                self.post(
                    f"{self.path}autosave/", self.token, version=str(self.version), stance="answered", narrative=f"drill {self.number}"
                )
            )
            if told["state"] != "saved":
                raise ValueError(told)
            self.version = told["version"]
        except Exception:
            if self.version is None:
                self.browser = None
            self.version = None  # whether it was saved is not known: look again
            raise
        self.journal.add("answer", answer=self.answer, number=self.number, version=self.version)


class Jobs:
    """Leaves a session that is over, and asks the worker to clear it away."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def __call__(self) -> None:
        from django.contrib.sessions.models import Session
        from django.db import transaction
        from procrastinate.exceptions import AlreadyEnqueued

        from qalxan.foundation.accounts.tasks import clear_ended_sessions

        try:
            with transaction.atomic():
                key = uuid.uuid4().hex
                Session(session_key=key, session_data="", expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)).save(force_insert=True)
                job = clear_ended_sessions.defer(timestamp=int(time.time()))
        except AlreadyEnqueued:
            ENDING.wait(0.2)
            return
        self.journal.add("job", job=job, key=key)


def csrf(page: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def main() -> None:
    django.setup()
    journal, address, seed = Journal(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
    signal.signal(signal.SIGTERM, lambda *_: ENDING.set())
    steps = [Persons(journal, seed), Persons(journal, seed + 1), Answers(journal, address), Jobs(journal)]
    threads = [threading.Thread(target=again, args=(step, journal), daemon=True) for step in steps]
    for thread in threads:
        thread.start()
    ENDING.wait()
    for thread in threads:
        thread.join(20)


if __name__ == "__main__":
    main()
