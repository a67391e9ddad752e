"""The broker's tables. Only qalxan_broker touches them: default privileges would give the app role all of them."""

from django.db import migrations

TABLES = """
CREATE TABLE vault_key (
  person uuid NOT NULL, compartment text NOT NULL, version int NOT NULL, wrapped bytea NOT NULL, key_version int NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (person, compartment));
CREATE INDEX vault_key_version ON vault_key (compartment, key_version);
CREATE TABLE vault_shredded (person uuid PRIMARY KEY, reference text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE vault_budget (
  user_id bigint NOT NULL, kind text NOT NULL, span text NOT NULL CHECK (span IN ('hour', 'day')), start timestamptz NOT NULL,
  spent int NOT NULL, PRIMARY KEY (user_id, kind, span));
CREATE TABLE vault_face (slot int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person uuid NOT NULL UNIQUE, sealed bytea NOT NULL);
CREATE TABLE vault_token (token bigint NOT NULL, slot int NOT NULL, PRIMARY KEY (token, slot));
CREATE INDEX vault_token_slot ON vault_token USING brin (slot);
CREATE TABLE vault_blind (field text NOT NULL, mark bytea NOT NULL, person uuid NOT NULL, PRIMARY KEY (field, mark, person));
CREATE INDEX vault_blind_person ON vault_blind (person);
CREATE TABLE vault_notice (
  id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), person uuid NOT NULL, asker bigint NOT NULL, purpose text NOT NULL,
  strength text NOT NULL, agrees text[] NOT NULL, differs text[] NOT NULL, sealed bytea NOT NULL);
CREATE INDEX vault_notice_person ON vault_notice (person, at DESC);
"""
NAMES = "vault_key, vault_shredded, vault_budget, vault_face, vault_token, vault_blind, vault_notice"
RIGHTS = f"""
REVOKE ALL ON {NAMES} FROM PUBLIC, qalxan_app, qalxan_audit;
REVOKE ALL ON SEQUENCE vault_face_slot_seq FROM PUBLIC, qalxan_app, qalxan_audit;
GRANT SELECT, INSERT, UPDATE, DELETE ON {NAMES} TO qalxan_broker;
REVOKE UPDATE, DELETE ON vault_shredded FROM qalxan_broker;
GRANT USAGE ON SEQUENCE vault_face_slot_seq TO qalxan_broker;
GRANT USAGE ON SCHEMA public TO qalxan_broker;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(TABLES + RIGHTS, f"DROP TABLE {NAMES};")]
