"""Random worlds of need to know: people, posts, persons, cases, grounds, grants, consents, seals, put into the database past every rule."""

import datetime as dt
import uuid

import psycopg
from django.db import connection
from hypothesis import strategies as st

from config.postgres import server
from tests.reference import ROOMS as ROLE_ROOMS

PEOPLE = [9_000_001, 9_000_002, 9_000_003]
BODIES = ["DIN", "YM", "BAS"]
PERSONS = [uuid.UUID(int=n + 1) for n in range(4)]
CASES = [uuid.UUID(int=n + 101) for n in range(3)]
ROOMS = ["identity", "whereabouts", "health", "support", "inquiry", "justice"]
PURPOSES = ["protection", "support", "health_care", "investigation", "prosecution", "referral"]
ROLES = ["hotline_operator", "first_responder", "consul", "police_officer", "shelter_staff", "social_worker", "head_of_body"]
NOW = dt.datetime.now(dt.UTC)
PAST = [NOW - dt.timedelta(days=d) for d in (9, 3, 1)]
FUTURE = [NOW + dt.timedelta(days=d) for d in (1, 5)]
TABLES = ["access_seal_named", "access_seal", "access_withhold", "access_consent", "access_grant", "access_ground", "persons_item",
          "persons_caseperson", "persons_case", "persons_person", "accounts_post", "accounts_user"]  # fmt: skip

mostly_open = st.sampled_from([None] * 6 + [PAST[2], *FUTURE])
started = st.sampled_from([*PAST, *PAST, *PAST, FUTURE[0]])
ended = st.sampled_from([*FUTURE, *FUTURE, *FUTURE, PAST[2]])
never_mostly = st.sampled_from([None] * 7 + [PAST[2]])


def _rows(count: int, **columns):
    return st.lists(st.fixed_dictionaries(columns), min_size=count, max_size=count)


@st.composite
def worlds(draw):
    """A world: table → rows."""
    pick = st.sampled_from
    w = {"accounts_user": [{"id": i, "is_active": draw(pick([True, True, True, False]))} for i in PEOPLE]}
    w["accounts_post"] = draw(
        _rows(5, user_id=pick(PEOPLE), role=pick(ROLES), body_id=pick([*BODIES, None]), starts_at=started, ends_at=mostly_open)
    )
    for n, post in enumerate(w["accounts_post"]):
        post["id"] = 9_000_001 + n
        if post["ends_at"] and post["ends_at"] < post["starts_at"]:
            post["ends_at"] = None
    posts = [p["id"] for p in w["accounts_post"]]
    w["persons_person"] = [{"id": p} for p in PERSONS]
    w["persons_case"] = [{"id": c} for c in CASES]
    w["persons_caseperson"] = draw(_rows(5, case_id=pick(CASES), person_id=pick(PERSONS), removed_at=never_mostly))
    w["access_ground"] = draw(_rows(6, kind=pick(["care", "care", "assignment", "referral", "shift", "decision"]), person=pick([None, *PERSONS]), case_id=pick([None, None, *CASES]), from_at=started, until_at=mostly_open, ended_at=never_mostly, post=pick(posts)))  # fmt: skip
    for n, ground in enumerate(w["access_ground"]):
        ground["id"] = 9_000_001 + n
        if ground["kind"] == "care":
            ground["person"] = ground["person"] or draw(pick(PERSONS))
        if ground["person"]:
            ground["case_id"] = None
    w["access_grant"] = draw(_rows(14, ground_id=pick([g["id"] for g in w["access_ground"]]), person=pick([None, *PERSONS]), case_id=pick(CASES), compartment=pick(ROOMS), purpose=pick(PURPOSES), from_at=st.just(PAST[1]) | started, until_at=ended, ended_at=never_mostly, other=pick([False] * 5 + [True])))  # fmt: skip
    for n, grant in enumerate(w["access_grant"]):
        ground = next(g for g in w["access_ground"] if g["id"] == grant["ground_id"])
        grant["id"], grant["post"] = 9_000_001 + n, draw(pick(posts)) if grant.pop("other") else ground["post"]
        if ground["person"] and draw(pick([True, True, False])):
            grant["person"] = ground["person"]  # most grants fit their ground, or nothing would ever live
        if grant["person"]:
            grant["case_id"] = None
        role = next(p["role"] for p in w["accounts_post"] if p["id"] == grant["post"])
        if draw(pick([True, True, True, False])) and (rooms := ROLE_ROOMS.get(role)):  # what the role may carry, more often than not
            grant["compartment"] = draw(pick(sorted(rooms)))
            grant["purpose"] = draw(pick(rooms[grant["compartment"]][0].split()))
        if grant["until_at"] <= grant["from_at"]:
            grant["until_at"] = grant["from_at"] + dt.timedelta(hours=1)
    w["access_consent"] = draw(_rows(6, person=pick(PERSONS), purpose=pick(["support", "health_care", "referral"]), recipients=st.lists(pick(BODIES), min_size=2, max_size=3, unique=True), given_at=started, expires_at=ended, withdrawn_at=never_mostly, child=st.booleans(), representative=pick(["agrees", "agrees", "refuses", "cannot"]), own_voice=pick(["agrees", "cannot", "refuses", "not_asked"])))  # fmt: skip
    for n, consent in enumerate(w["access_consent"]):
        consent["id"] = 9_000_001 + n
    consents = [c["id"] for c in w["access_consent"]]
    w["access_withhold"] = draw(st.lists(st.fixed_dictionaries({"consent_id": pick(consents), "compartment": pick(["", *ROOMS]), "body": pick(["", *BODIES])}), max_size=2))  # fmt: skip
    w["access_seal"] = draw(st.lists(st.fixed_dictionaries({"person": pick([None, *PERSONS]), "case_id": pick(CASES), "lifted_at": pick([None, PAST[2]])}), max_size=2))  # fmt: skip
    for n, seal in enumerate(w["access_seal"]):
        seal["id"] = 9_000_001 + n
        if seal["person"]:
            seal["case_id"] = None
    w["access_seal_named"] = [{"seal_id": s["id"], "post": draw(pick(posts))} for s in w["access_seal"] if draw(st.booleans())]
    return w


FILLED = {
    "accounts_user": {"password": "!", "email": lambda r: f"w{r['id']}@demo.example", "name": "Uydurma", "language": "az", "is_demo": True, "date_joined": PAST[0]},
    "accounts_post": {"feed_key": lambda r: f"world-{r['id']}"},
    "persons_person": {"made_by": 1, "made_at": PAST[0]},
    "persons_case": {"number": lambda r: f"W-{r['id'].int}", "opened": PAST[0].date(), "state": "open", "lead_id": "BAS", "made_by": 1, "made_at": PAST[0]},
    "persons_caseperson": {"id": lambda r: uuid.uuid4(), "made_by": 1, "made_at": PAST[0]},
    "persons_item": {"id": lambda r: uuid.uuid4(), "kind": "note", "sealed": b"x", "version": 1, "made_by": 1, "made_at": PAST[0]},
    "access_ground": {"reference": "S-1", "made_by": 1, "made_at": PAST[0]},
    "access_grant": {"given_by": 1, "given_at": PAST[0]},
    "access_consent": {"language": "ru", "recorded_by": 1, "recorded_at": PAST[0]},
    "access_withhold": {"because": "fear"},
    "access_seal": {"authority": "BP", "decision": "Q-1", "lift_decision": "", "set_at": PAST[1], "set_by": 1},
    "access_seal_named": {},
}  # fmt: skip


class Builder:
    """A connection of the server's own administrator, for whom neither row security nor triggers count."""

    def __init__(self) -> None:
        where = server()
        self.admin = psycopg.connect(where.dsn(where.admin, connection.settings_dict["NAME"]), autocommit=True)
        self.admin.execute("SET session_replication_role = replica")

    def clear(self, *, people: bool = False) -> None:
        """Empty the world; the people last of all."""
        for table in TABLES:
            if table == "accounts_user" and not people:
                continue
            bound = " WHERE id >= 9000001" if table.startswith("accounts") else ""
            self.admin.execute(f"DELETE FROM {table}{bound}")
        self.changed()

    def add(self, table: str, rows: list[dict]) -> None:
        """Add rows with what every row of the table needs."""
        for row in rows:
            whole = {**{k: v(row) if callable(v) else v for k, v in FILLED[table].items()}, **row}
            names, marks = ", ".join(whole), ", ".join(["%s"] * len(whole))
            again = (
                "ON CONFLICT (id) DO UPDATE SET is_active = excluded.is_active" if table == "accounts_user" else "ON CONFLICT DO NOTHING"
            )
            self.admin.execute(f"INSERT INTO {table} ({names}) VALUES ({marks}) {again}", list(whole.values()))
        self.changed()

    def alter(self, statement: str) -> None:
        """Run a statement that changes rights."""
        self.admin.execute(statement)
        self.changed()

    def changed(self) -> None:
        """What the triggers would have done, were they heard here."""
        self.admin.execute("UPDATE access_epoch SET n = n + 1")

    def build(self, world: dict) -> None:
        """Replace the world by another; each person has one thing in each room."""
        with self.admin.transaction():
            self.clear()
            for table in reversed(TABLES):
                self.add(table, world.get(table, []))
            self.add("persons_item", [{"person_id": p, "compartment": room} for p in PERSONS for room in ROOMS])
