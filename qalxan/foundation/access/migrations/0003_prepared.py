"""Whom a person reaches, kept until a right changes; closed to everybody but the functions."""

from django.db import migrations

MAKE = """
CREATE TABLE access_epoch (one boolean PRIMARY KEY DEFAULT true CHECK (one), n bigint NOT NULL);
INSERT INTO access_epoch (n) VALUES (0);
CREATE UNLOGGED TABLE access_changed (pid int PRIMARY KEY, xid xid8 NOT NULL) WITH (fillfactor = 50);
CREATE UNLOGGED TABLE access_prepared (user_id bigint PRIMARY KEY, epoch bigint NOT NULL, valid_until timestamptz NOT NULL, identity uuid[] NOT NULL,
  whereabouts uuid[] NOT NULL, health uuid[] NOT NULL, support uuid[] NOT NULL, inquiry uuid[] NOT NULL, justice uuid[] NOT NULL, known uuid[] NOT NULL,
  cases uuid[] NOT NULL) WITH (fillfactor = 50);
CREATE INDEX access_consent_expiry ON access_consent (expires_at);
CREATE INDEX access_consent_start ON access_consent (given_at);
REVOKE ALL ON access_epoch, access_changed, access_prepared FROM PUBLIC, qalxan_app;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_sessions")]
    operations = [migrations.RunSQL(MAKE, "DROP TABLE access_prepared; DROP TABLE access_changed; DROP TABLE access_epoch")]
