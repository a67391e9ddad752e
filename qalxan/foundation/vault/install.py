"""What the declaration of need-to-know means for the broker, put into the database by its owner after every migrate."""

from typing import Any

from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.access.rules import CEILING

_MAY_ASK = """
CREATE OR REPLACE FUNCTION vault_may_ask(purpose text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.access_posts() p WHERE (p.role, vault_may_ask.purpose) IN ({PAIRS}))
$$;
REVOKE ALL ON FUNCTION vault_may_ask(text) FROM PUBLIC, qalxan_app;
GRANT EXECUTE ON FUNCTION vault_may_ask(text) TO qalxan_broker;
"""
_NOTICES = """
ALTER TABLE vault_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault_notice FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS broker ON vault_notice;
CREATE POLICY broker ON vault_notice TO qalxan_broker USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS holder ON vault_notice;
CREATE POLICY holder ON vault_notice FOR SELECT TO qalxan_app USING (person IN (SELECT unnest(access_reach('identity'))));
GRANT SELECT ON vault_notice TO qalxan_app;
"""
_LOG = """
GRANT EXECUTE ON FUNCTION audit_append(text, bigint, text, text, jsonb, bigint, uuid, text, bigint, text) TO qalxan_broker;
GRANT EXECUTE ON FUNCTION audit_outcome(bigint, jsonb) TO qalxan_broker;
"""


def statements() -> str:
    """Who may ask for matches (a post whose ceiling carries identity for the purpose), who reads a notice (who holds the record)."""
    pairs = sorted(
        (role.value, purpose.value)
        for role, rooms in CEILING.items()
        if Compartment.IDENTITY in rooms
        for purpose in rooms[Compartment.IDENTITY].purposes
    )
    return _MAY_ASK.replace("{PAIRS}", ", ".join(f"('{role}', '{purpose}')" for role, purpose in pairs)) + _NOTICES + _LOG


def install(cursor: Any) -> None:
    """Install it; nothing where the tables or the functions it stands on are not there yet."""
    cursor.execute(
        "SELECT to_regclass('vault_notice') IS NOT NULL AND to_regproc('access_posts') IS NOT NULL AND to_regproc('audit_outcome') IS NOT NULL"
    )
    if cursor.fetchone()[0]:
        cursor.execute(statements())
