"""The crash drill: parts of a working site are killed at random moments, and nothing acknowledged may be lost, nothing half-done stay.

QALXAN_DRILL_ROUNDS rounds (40 unless told otherwise) from QALXAN_DRILL_SEED (drawn and printed unless given).
"""

import collections
import json
import os
import random
import secrets
import time
from uuid import UUID

import pytest

from qalxan.foundation.vault import client
from qalxan.foundation.vault.crypto import Place
from tests.drill.load import WHO
from tests.drill.site import DrillSite

pytestmark = pytest.mark.drill
ROUNDS = int(os.environ.get("QALXAN_DRILL_ROUNDS", "40"))
SEED = int(os.environ.get("QALXAN_DRILL_SEED") or secrets.randbits(32))
DECK = ("database",) * 3 + ("broker",) * 3 + ("sequencer",) * 2 + ("web", "worker")
"""Ten rounds; parts that start fast fall more often, so that many rounds fit into a check."""
SHOWS = {"database": ("item", "opened", "answer"), "broker": ("opened",), "web": ("answer",), "sequencer": (), "worker": ("job",)}
"""Part → what must be acknowledged anew before it counts as back; the sequencer and the worker show it in the database."""
MARKS = {"sequencer": "SELECT count(*) FROM audit_leaf", "worker": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'"}


class Heard:
    """The journal of what was acknowledged, read as it grows."""

    def __init__(self, site: DrillSite) -> None:
        self.site, self.offset, self.lines = site, 0, collections.defaultdict(list)

    def read(self) -> "Heard":
        if self.site.journal.exists():
            with self.site.journal.open("rb") as stream:
                stream.seek(self.offset)
                data = stream.read()
            whole = data[: data.rfind(b"\n") + 1]
            self.offset += len(whole)
            for line in map(json.loads, whole.splitlines()):
                self.lines[line.pop("kind")].append(line)
        return self

    def counts(self) -> dict[str, int]:
        return {kind: len(lines) for kind, lines in self.read().lines.items()}


def test_nothing_acknowledged_is_lost_and_nothing_half_done_stays(capsys):
    with capsys.disabled():
        drill(print)


def drill(say):
    started = time.monotonic()
    say(f"\n  drill: {ROUNDS} rounds, seed {SEED} (QALXAN_DRILL_SEED={SEED} repeats it)", flush=True)
    site = DrillSite(SEED)
    try:
        site.build().open()
        heard = Heard(site)
        site.until(lambda: all(heard.counts().get(kind) for kind in ("item", "opened", "answer", "job")), "the load does not start")
        built = time.monotonic()
        kills, waited = rounds(site, heard)
        over = time.monotonic()
        settle(site)
        told = heard.counts()
        every_acknowledged_write_is_there(site, heard.lines)
        nothing_half_done_stays(site)
        no_plaintext_without_an_entry_before_it(site, heard.lines)
        the_log_is_whole(site)
        slowest = max(waited, default=0)
        say(f"  killed: {dict(sorted(kills.items()))}; slowest recovery {slowest:.1f} s")
        say(f"  acknowledged: {told}")
        say(
            f"  built in {built - started:.0f} s, {ROUNDS} rounds in {over - built:.0f} s, checked in {time.monotonic() - over:.0f} s",
            flush=True,
        )
    finally:
        site.end()


def rounds(site, heard):
    chance, deck = random.Random(SEED), []
    kills, waited = collections.Counter(), []
    for _ in range(ROUNDS):
        if not deck:
            deck = list(DECK)
            chance.shuffle(deck)
        part, one_only = deck.pop(), chance.random() < 0.4
        time.sleep(chance.uniform(0, 0.3))
        known = heard.counts()
        site.fell(part, one_only)
        kills[f"{part} (one backend)" if part == "database" and one_only else part] += 1
        before = {kind: heard.counts().get(kind, 0) for kind in SHOWS[part]}
        mark = site.ask(MARKS[part])[0][0] if part in MARKS else 0

        def back(part=part, before=before, mark=mark) -> bool:
            now = heard.counts()
            return all(now.get(kind, 0) > count for kind, count in before.items()) and (
                part not in MARKS or site.ask(MARKS[part])[0][0] > mark
            )

        waited.append(site.until(back, f"{part} does not come back"))
        still_there(site, heard.lines, known)
        site.ask("WITH gone AS (DELETE FROM vault_budget RETURNING 1) SELECT count(*) FROM gone")  # the drill opens more than a person may
        assert site.load.poll() is None, site.tails()
    return kills, waited


def still_there(site, lines, known):
    """After each round: what was acknowledged last before the kill has outlived it."""
    person, item = lines["person"][known["person"] - 1]["person"], lines["item"][known["item"] - 1]
    assert site.ask("SELECT 1 FROM persons_person WHERE id = %s", person), f"person {person} is lost"
    assert site.ask("SELECT 1 FROM persons_item WHERE id = %s AND person_id = %s", item["item"], item["person"]), f"{item} is lost"
    answer = lines["answer"][known["answer"] - 1]
    assert site.ask("SELECT 1 FROM reporting_answer WHERE id = %s AND version >= %s", answer["answer"], answer["version"]), (
        f"{answer} is lost"
    )


def settle(site):
    """Let the load end, the worker finish, the sequencer chain what waits."""
    site.load.terminate()
    site.load.wait(60)
    deadline = time.monotonic() + 90
    while unfinished := site.ask(
        "SELECT id, task_name, status::text FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name LIKE '%clear_ended%'"
    ):
        assert time.monotonic() < deadline, f"{unfinished}\n{site.tails()}"
        time.sleep(1)
        site.python("tests.drill.take_up")
    site.until(lambda: site.ask("SELECT count(*) FROM audit_pending") == [(0,)], "the sequencer does not catch up")


def every_acknowledged_write_is_there(site, lines):
    persons = {row[0] for row in site.ask("SELECT id FROM persons_person")}
    items = {row[0]: row[1:] for row in site.ask("SELECT id, person_id, sealed FROM persons_item")}
    assert {UUID(line["person"]) for line in lines["person"]} <= persons
    for line in lines["item"]:
        assert items[UUID(line["item"])][0] == UUID(line["person"])
    for chosen in lines["item"][:: max(1, len(lines["item"]) // 60)]:
        row = items[UUID(chosen["item"])]
        assert opened(site, UUID(chosen["person"]), chosen["item"], row[1]) == chosen["text"].encode()
    last = lines["answer"][-1]
    version, words = site.ask("SELECT version, narrative FROM reporting_answer WHERE id = %s", last["answer"])[0]
    assert version >= last["version"]
    assert int(words.split()[1]) >= last["number"]
    assert site.ask(
        "SELECT version, narrative FROM reporting_answerversion WHERE answer_id = %s ORDER BY id DESC LIMIT 1", last["answer"]
    ) == [(version, words)]
    ended = dict(site.ask("SELECT id, status::text FROM procrastinate_jobs"))
    assert {line["job"]: ended.get(line["job"]) for line in lines["job"] if ended.get(line["job"]) != "succeeded"} == {}, site.tails()
    assert site.ask("SELECT count(*) FROM django_session WHERE expire_date < now()") == [(0,)]


def opened(site, person, item, sealed):
    with site.here():
        if site.reader is None:
            site.people["officer"] = site.ask(
                "SELECT u.id, p.id FROM accounts_user u JOIN accounts_post p ON p.user_id = u.id WHERE u.email = %s", WHO
            )[0]
            site.reader = site.token("officer")
        token = site.reader
        return client.open(
            token, person, "identity", [(Place("persons_item", item, "sealed", 1), bytes(sealed))], "investigation", "drill"
        )[0]


HALVES = {
    "a thing without its person": "SELECT i.id FROM persons_item i LEFT JOIN persons_person p ON p.id = i.person_id WHERE p.id IS NULL",
    "a thing without its entry": "SELECT i.id FROM persons_item i WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.subject = 'item:' || i.id)",
    "an entry without its thing": "SELECT subject FROM audit_entry e WHERE subject LIKE 'item:%%' AND event = 'person.registered' AND NOT EXISTS"
    " (SELECT 1 FROM persons_item i WHERE e.subject = 'item:' || i.id)",
    "a thing without its key": "SELECT i.id FROM persons_item i WHERE NOT EXISTS (SELECT 1 FROM vault_key k WHERE k.person = i.person_id AND k.compartment = i.compartment)",
    "a person without ground or grants": "SELECT p.id FROM persons_person p WHERE NOT EXISTS (SELECT 1 FROM access_ground g WHERE g.person = p.id)"
    " OR (SELECT count(*) FROM access_grant g WHERE g.person = p.id) <> (SELECT count(*) FROM access_grant g WHERE g.person = (SELECT id FROM persons_person LIMIT 1))",
    "a person without its entry": "SELECT p.id FROM persons_person p WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.subject = 'person:' || p.id AND e.kind = 'entry')",
    "an entry without its person": "SELECT subject FROM audit_entry e WHERE kind = 'entry' AND subject LIKE 'person:%%' AND NOT EXISTS"
    " (SELECT 1 FROM persons_person p WHERE e.subject = 'person:' || p.id)",
    "an outcome without its intent": "SELECT o.id FROM audit_entry o LEFT JOIN audit_entry i ON i.id = o.intent AND i.kind = 'intent' WHERE o.kind = 'outcome' AND i.id IS NULL",
    "an expired session kept": "SELECT session_key FROM django_session WHERE expire_date < now()",
}
"""Half-done thing → how it would be found."""


def nothing_half_done_stays(site):
    for what, query in HALVES.items():
        assert site.ask(query.replace("%%", "%")) == [], what


def no_plaintext_without_an_entry_before_it(site, lines):
    """As many openings stand in the log as were given, each intent and outcome older than the moment the text came."""
    entries = collections.defaultdict(list)
    for subject, intent, outcome in site.ask(
        "SELECT i.subject, extract(epoch FROM i.at)::float8, extract(epoch FROM o.at)::float8 FROM audit_entry i JOIN audit_entry o ON o.intent = i.id"
        " WHERE i.kind = 'intent' AND o.detail->>'result' = 'opened' ORDER BY i.id"
    ):
        entries[subject].append((intent, outcome))
    given = collections.defaultdict(list)
    for line in lines["opened"]:
        assert line["right"], f"another text was given for {line['item']}"
        given[f"persons_item:{line['item']}"].append(line["at"])
    assert given
    for subject, moments in given.items():
        for number, moment in enumerate(sorted(moments), 1):
            before = [pair for pair in entries[subject] if pair[0] <= pair[1] <= moment]
            assert len(before) >= number, f"{subject} was given at {moment} with {len(before)} entries before it"


def the_log_is_whole(site):
    site.until(  # the checks before opened things themselves
        lambda: site.ask("SELECT count(*) FROM audit_pending") == [(0,)], "the sequencer does not catch up"
    )
    count, least, most = site.ask("SELECT count(*), min(seq), max(seq) FROM audit_leaf")[0]
    assert (least, most) == (0, count - 1), "the chain has a gap"
    assert site.ask("SELECT e.id FROM audit_entry e LEFT JOIN audit_leaf l ON l.entry = e.id WHERE l.entry IS NULL") == [], (
        "rows stand beside the chain"
    )
    site.run("audit", "verify")
