"""Sessions, the binding of a transaction to a person, secrets: tables that only definer functions touch (see `sql/`)."""

from django.db import migrations

TABLES = """
CREATE TABLE access_secret (name text PRIMARY KEY, value bytea NOT NULL);
CREATE TABLE access_session (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  user_id bigint NOT NULL REFERENCES accounts_user (id),
  opened_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
  ended_at timestamptz, stepped_up_at timestamptz, passkey boolean NOT NULL, label text NOT NULL DEFAULT '');
CREATE INDEX access_session_user ON access_session (user_id) WHERE ended_at IS NULL;
CREATE UNLOGGED TABLE access_binding (pid int PRIMARY KEY, xid xid8 NOT NULL, user_id bigint NOT NULL, session_id bigint NOT NULL) WITH (fillfactor = 50);
REVOKE ALL ON access_secret, access_session, access_binding FROM PUBLIC, qalxan_app;
ALTER TABLE access_ground ADD CONSTRAINT ground_of_a_post FOREIGN KEY (post) REFERENCES accounts_post (id);
ALTER TABLE access_grant ADD CONSTRAINT grant_to_a_post FOREIGN KEY (post) REFERENCES accounts_post (id);
ALTER TABLE access_seal_named ADD CONSTRAINT seal_names_a_post FOREIGN KEY (post) REFERENCES accounts_post (id);
"""
UNDO = """
ALTER TABLE access_ground DROP CONSTRAINT ground_of_a_post;
ALTER TABLE access_grant DROP CONSTRAINT grant_to_a_post;
ALTER TABLE access_seal_named DROP CONSTRAINT seal_names_a_post;
DROP TABLE access_binding; DROP TABLE access_session CASCADE; DROP TABLE access_secret;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("accounts", "0002_head_of_body")]
    operations = [migrations.RunSQL(TABLES, UNDO)]
