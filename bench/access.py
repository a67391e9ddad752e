"""The cost of need-to-know: a list and a detail page at 100 000 cases, beside the same pages without it, in turn, in one run.

With: the transaction is bound by a token, row security is forced, the query carries its own scope. Without: the same columns read by the
server's administrator, for whom no policy counts, from the ids the page would have shown. Everything is removed at the end.
"""

import datetime as dt
import statistics
import uuid
from typing import Any

from bench.tools import line, times

CASES, OFFICER = 100_000, 9_100_001
SIZES = (30, 300)
"""Cases of one officer's own: an ordinary load and a heavy one."""
PAGE = 20
LIST = (
    "SELECT c.id, c.number, c.state, c.lead_id, i.id, i.sealed FROM persons_case c"
    " JOIN persons_caseperson m ON m.case_id = c.id AND m.removed_at IS NULL"
    " JOIN LATERAL (SELECT id, sealed FROM persons_item WHERE person_id = m.person_id AND compartment = 'identity' ORDER BY made_at DESC LIMIT 1) i ON true"
    " WHERE c.id IN ({cases}) ORDER BY c.made_at DESC, c.id LIMIT 20"
)
DETAIL = "SELECT id, compartment, kind, sealed, version, made_at FROM persons_item WHERE person_id = %s AND compartment = ANY(%s) ORDER BY made_at DESC"


def main() -> None:
    """Fill, measure in turn, print, remove."""
    from qalxan.shell.cli.site import setup

    setup()
    import psycopg
    from django.db import connection

    from config.postgres import server

    where = server()
    with psycopg.connect(where.dsn(where.admin, str(connection.settings_dict["NAME"])), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        _clear(admin)
        try:
            ids = _fill(admin)
            for assigned in SIZES:
                _assign(admin, ids, assigned)
                _measure(admin, assigned)
        finally:
            _clear(admin)


def _measure(admin: Any, assigned: int) -> None:
    from django.db import connection

    from qalxan.foundation.access import sessions
    from qalxan.foundation.access.binding import acting

    token = sessions.new_token()
    sessions.open_session(
        user_id=OFFICER, token=token, ends_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), passkey=True, label="bench"
    )
    person = admin.execute(
        "SELECT m.person_id FROM persons_caseperson m JOIN access_grant g ON g.case_id = m.case_id WHERE g.post = %s LIMIT 1", [OFFICER]
    ).fetchone()[0]
    cases = [row[0] for row in admin.execute("SELECT DISTINCT case_id FROM access_grant WHERE post = %s", [OFFICER])]
    rooms = ["identity", "inquiry"]

    def bound(statement: str, *values: object) -> list[Any]:
        with acting(token), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def free(statement: str, *values: object) -> list[Any]:
        with admin.transaction():
            return list(admin.execute(statement, values).fetchall())

    pairs = {
        f"list of {PAGE} of {CASES} cases, {assigned} of them one's own": (
            lambda: bound(LIST.format(cases="SELECT access_own_cases()")),
            lambda: free(LIST.format(cases="SELECT unnest(%s::uuid[])"), cases),
        ),
        "detail of a person": (
            lambda: bound(DETAIL, person, rooms),
            lambda: free(DETAIL, person, rooms),
        ),
    }
    print(f"Statements alone, {CASES} cases, {2 * CASES} sealed things")
    for name, (with_it, without) in pairs.items():
        assert [row[0] for row in with_it()] == [row[0] for row in without()], "both sides must show the same"
        mine, theirs = [], []
        for _ in range(5):
            mine += times(with_it, 20)
            theirs += times(without, 20)
        a, b = line(f"  {name}: with", mine), line("    without", theirs)
        print(f"    need-to-know adds {a - b:.2f} ms ({a / b:.2f} ×)")
        _page(name, bound, with_it, without)


def _page(name: str, bound: Any, with_it: Any, without: Any) -> None:
    """The same statement inside a page of the site: what a reader waits for."""
    import logging

    from django.conf import settings
    from django.http import HttpResponse  # noqa: TID251 - a page made for measuring
    from django.test import Client
    from django.urls import clear_url_caches, path, set_urlconf

    import config.urls
    from qalxan.foundation.access.permissions import Permission
    from qalxan.webkit.views import Page

    logging.disable(logging.CRITICAL)

    def view(work: Any) -> Any:
        class Shown(Page):
            permission = Permission.SELF

            def get(self, request: Any) -> HttpResponse:
                rows = [(str(row[1]), str(row[2]), "") for row in work()]
                return self.page("access/rooms.html", rooms=["a", "b"], rows=[([a], [b, c]) for a, b, c in rows], counted=1, broken=0)

        return Shown.as_view()

    urls = type("Urls", (), {"urlpatterns": [path("with/", view(with_it)), path("without/", view(without)), *config.urls.urlpatterns]})
    before, settings.ROOT_URLCONF = settings.ROOT_URLCONF, urls
    clear_url_caches()
    set_urlconf(None)
    try:
        client = Client(SERVER_NAME="localhost")
        client.post("/demo/switch/", {"email": "bench@demo.example"})  # an invented person, signed in as if with a passkey
        took: dict[str, list[float]] = {"with": [], "without": []}
        for _ in range(5):
            for side in took:
                assert client.get(f"/{side}/").status_code == 200
                took[side] += times(lambda side=side: client.get(f"/{side}/"), 12)  # type: ignore[misc]  # mypy does not type a default in a lambda
        for side, found in took.items():
            line(f"  page, {name[:24]}…: {side}", found)
        ratio = statistics.median(took["with"]) / statistics.median(took["without"])
        print(f"    the page takes {ratio:.2f} × (reach: 1.5 ×)")
    finally:
        settings.ROOT_URLCONF = before
        clear_url_caches()


def _fill(admin: Any) -> list[Any]:
    now = dt.datetime.now(dt.UTC)
    admin.execute(
        "INSERT INTO accounts_user (id, password, email, name, language, is_active, is_demo, date_joined)"
        " VALUES (%s, '!', 'bench@demo.example', 'Uydurma', 'az', true, true, %s)", [OFFICER, now],
    )  # fmt: skip
    admin.execute(
        "INSERT INTO accounts_post (id, user_id, role, body_id, starts_at, feed_key) VALUES (%s, %s, 'police_officer', 'BAS', %s, 'bench')",
        [OFFICER, OFFICER, now - dt.timedelta(days=400)],
    )
    ids = [(uuid.uuid4(), uuid.uuid4(), now - dt.timedelta(minutes=n)) for n in range(CASES)]
    for table, columns, rows in (
        ("persons_person", "id, made_by, made_at", ((p, OFFICER, at) for p, _c, at in ids)),
        ("persons_case", "id, number, opened, state, lead_id, made_by, made_at", ((c, f"B-{n}", at.date(), "open", "BAS", OFFICER, at) for n, (_p, c, at) in enumerate(ids))),
        ("persons_caseperson", "id, case_id, person_id, made_by, made_at", ((uuid.uuid4(), c, p, OFFICER, at) for p, c, at in ids)),
        ("persons_item", "id, person_id, compartment, kind, sealed, version, made_by, made_at",
         ((uuid.uuid4(), p, room, "note", b"\x00" * 240, 1, OFFICER, at) for p, _c, at in ids for room in ("identity", "inquiry"))),
    ):  # fmt: skip
        _copy(admin, table, columns, rows)
    return ids


def _assign(admin: Any, ids: list[Any], assigned: int) -> None:
    now = dt.datetime.now(dt.UTC)
    for table in ("access_grant", "access_ground"):
        admin.execute(f"DELETE FROM {table} WHERE post = {OFFICER}")
    cases = list(enumerate(case for _person, case, _at in ids[:: len(ids) // assigned][:assigned]))
    for table, columns, rows in (
        ("access_ground", "id, kind, post, case_id, from_at, reference, made_by, made_at",
         [(OFFICER + n, "assignment", OFFICER, c, now, "T", 1, now) for n, c in cases]),
        ("access_grant", "post, case_id, compartment, purpose, ground_id, from_at, until_at, given_by, given_at",
         [(OFFICER, c, room, "investigation", OFFICER + n, now, now + dt.timedelta(days=9), 1, now) for n, c in cases for room in ("identity", "inquiry")]),
    ):  # fmt: skip
        _copy(admin, table, columns, rows)
    admin.execute("UPDATE access_epoch SET n = n + 1")  # what the triggers would have done


def _copy(admin: Any, table: str, columns: str, rows: Any) -> None:
    with admin.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    admin.execute(f"ANALYZE {table}")


def _clear(admin: Any) -> None:
    for table in ("persons_item", "persons_caseperson", "persons_case", "persons_person"):
        admin.execute(f"DELETE FROM {table} WHERE made_by = {OFFICER}")
    for table, column in (
        ("access_grant", "post"),
        ("access_ground", "post"),
        ("access_session", "user_id"),
        ("accounts_post", "id"),
        ("accounts_user", "id"),
    ):
        admin.execute(f"DELETE FROM {table} WHERE {column} = {OFFICER}")
    admin.execute(f'DELETE FROM audit_entry WHERE "user" = {OFFICER}')
