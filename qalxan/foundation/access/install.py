"""Puts the declaration into the database: compiled functions, policies, rights, the gate secret. Run by the owner after every migrate."""

from pathlib import Path
from typing import Any

from config.env import gate_secret
from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.access.permissions import GRANTS, Permission
from qalxan.foundation.access.rules import ALIVE, ALIVE_BUT_CONSENT, APART, CEILING

SQL = Path(__file__).parent / "sql"
OWNER, APP, BROKER = "qalxan_owner", "qalxan_app", "qalxan_broker"
FILES = ("sessions", "reach", "posts", "register", "grants", "consent", "guards", "log")
CALLABLE = {
    APP: ("access_open_session", "access_begin", "access_act", "access_release", "access_actor", "access_session_id", "access_touch", "access_end_session",
          "access_my_sessions", "access_step_up", "access_strength", "access_reach", "access_known", "access_cases", "access_may_open",
          "access_living_grants", "access_reached", "access_own_cases", "access_led", "access_oversees", "access_appoint", "access_end_post", "access_register", "access_open_case", "access_place", "access_remove",
          "access_merge", "access_unmerge", "access_stand", "access_end_ground", "access_give", "access_withdraw", "access_consent_give",
          "access_consent_withdraw", "access_asks", "access_seal_set", "access_seal_numbered", "access_seal_lift", "access_close_case", "access_on_shift"),
    BROKER: ("access_begin_by_passkey", "access_actor", "access_session_id", "access_reach", "access_known", "access_cases", "access_may_open",
             "access_living_grants", "access_reached", "access_own_cases", "access_led"),
}  # fmt: skip
"""Who may call which function; all others are for the functions themselves."""
_ROOMS = " OR ".join(
    f"(compartment = '{c.value}' AND person_id IN (SELECT access_reached('{c.value}')))" for c in Compartment
)  # words of an enumeration
_KNOWN = "(SELECT access_reached(NULL))"
_MINE = "(SELECT access_own_cases())"
_LED = "lead_id IN (SELECT access_led())"
_LED_CASE = f"EXISTS (SELECT 1 FROM persons_case c WHERE c.id = case_id AND c.{_LED})"  # noqa: S608 - names from code alone
_LED_SHIFT = "(kind = 'shift' AND post IN (SELECT p.id FROM accounts_post p WHERE p.body_id IN (SELECT access_led())))"
_DECIDED = "authority IN (SELECT access_led())"
_OWN_POST = "post IN (SELECT p.id FROM accounts_post p WHERE p.user_id = (SELECT access_actor()))"
SEEN = {
    "persons_person": f"id IN {_KNOWN}",
    "persons_case": f"id IN {_MINE} OR {_LED}",
    "persons_caseperson": f"person_id IN {_KNOWN}",
    "persons_item": _ROOMS,
    "persons_merge": f"kept_id IN {_KNOWN} AND gone_id IN {_KNOWN}",
    "access_ground": f"{_OWN_POST} OR person IN {_KNOWN} OR case_id IN {_MINE} OR {_LED_CASE} OR {_LED_SHIFT}",
    "access_grant": f"{_OWN_POST} OR person IN {_KNOWN} OR case_id IN {_MINE} OR {_LED_CASE}",
    "access_consent": f"person IN {_KNOWN}",
    "access_withhold": "EXISTS (SELECT 1 FROM access_consent c WHERE c.id = consent_id)",
    "access_seal": f"person IN {_KNOWN} OR case_id IN {_MINE} OR {_LED_CASE} OR {_DECIDED}",
    "access_seal_named": "EXISTS (SELECT 1 FROM access_seal s WHERE s.id = seal_id)",
}
"""Protected table → which rows the bound actor sees. The rooms of an item are each compared with that compartment's reach, once per statement."""
ADDED = {"persons_item": f"({_ROOMS}) AND made_by = (SELECT access_actor())"}
"""Protected tables the app adds rows to by itself; all others are written by definer functions alone."""


def statements() -> list[str]:
    """All of it as SQL, in order; safe to repeat. `{READERS}` stands for the roles that read."""
    words = {
        "{ALIVE}": ALIVE.sql(),
        "{ALIVE_BUT_CONSENT}": ALIVE_BUT_CONSENT.sql(),
        "{APART}": _apart(),
        "{CEILING}": _ceiling(),
        "{OVERSEERS}": _overseers(),
    }
    out = []
    for name in FILES:
        text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
        for mark, said in words.items():
            text = text.replace(mark, said)
        out.append(text)
    for table, condition in SEEN.items():
        out += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"REVOKE ALL ON {table} FROM PUBLIC, {APP}",
            f"GRANT SELECT ON {table} TO {APP}",
            f"DROP POLICY IF EXISTS seen ON {table}",
            f"CREATE POLICY seen ON {table} FOR SELECT TO {{READERS}} USING ({condition})",
            f"DROP POLICY IF EXISTS inside ON {table}",
            # definer functions run as the owner for another session user; the owner at a console is nobody's actor and sees no row
            f"CREATE POLICY inside ON {table} TO {OWNER} USING (session_user <> current_user) WITH CHECK (session_user <> current_user)",
        ]
    for table, condition in ADDED.items():
        out += [
            f"GRANT INSERT ON {table} TO {APP}",
            f"DROP POLICY IF EXISTS added ON {table}",
            f"CREATE POLICY added ON {table} FOR INSERT TO {APP} WITH CHECK ({condition})",
        ]
    return out


def _apart() -> str:
    pairs = sorted(tuple(sorted(role.value for role in pair)) for pair in APART)
    return ", ".join(f"('{one}', '{other}')" for one, other in pairs)


def _overseers() -> str:
    return ", ".join(f"'{role.value}'" for role, permissions in GRANTS.items() if Permission.AUDIT_VIEW in permissions)


def _ceiling() -> str:
    return ", ".join(
        f"('{role.value}', '{room.value}', '{purpose.value}', '{bound.how.value}')"
        for role, rooms in CEILING.items()
        for room, bound in rooms.items()
        for purpose in bound.purposes
    )


def install(cursor: Any) -> bool:
    """Install everything as the owner of the tables; gives whether there was anything to install into (all tables there, and ours)."""
    cursor.execute(
        "SELECT to_regclass('persons_item') IS NOT NULL AND to_regclass('access_session') IS NOT NULL AND current_user = %s", [OWNER]
    )
    if not cursor.fetchone()[0]:
        return False
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s)", [APP, BROKER])
    there = {row[0] for row in cursor.fetchall()}
    for statement in statements():
        cursor.execute(statement.replace("{READERS}", ", ".join(sorted(there))))
    cursor.execute(
        "SELECT p.oid::regprocedure::text, p.proname FROM pg_proc p WHERE p.proname LIKE 'access\\_%' AND p.proowner = current_user::regrole"
    )
    for signature, name in cursor.fetchall():
        cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC, {', '.join(sorted(there))}")
        for role in sorted(there):
            if name in CALLABLE[role]:
                cursor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {role}")
    cursor.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON accounts_post FROM qalxan_app")
    cursor.execute("UPDATE access_epoch SET n = n + 1")  # a reach worked out under the declaration of before is void
    # what kind of body one is decides who seals and who leads: the registry is loaded by the owner, at `migrate`
    cursor.execute(
        "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON bodies_body, bodies_bodyname, bodies_bodyalias, bodies_bodyparent FROM qalxan_app"
    )
    cursor.execute(
        "INSERT INTO access_secret (name, value) VALUES ('gate', %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [gate_secret()],
    )
    return True
