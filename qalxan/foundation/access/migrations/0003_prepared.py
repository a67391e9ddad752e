"""Whom the bound actor reaches, worked out once for a transaction; unlogged, and closed to everybody but the functions."""

from django.db import migrations

MAKE = """
CREATE UNLOGGED TABLE access_prepared (pid int PRIMARY KEY, xid xid8 NOT NULL, user_id bigint NOT NULL, identity uuid[] NOT NULL, whereabouts uuid[] NOT NULL,
  health uuid[] NOT NULL, support uuid[] NOT NULL, inquiry uuid[] NOT NULL, justice uuid[] NOT NULL, known uuid[] NOT NULL, cases uuid[] NOT NULL) WITH (fillfactor = 50);
REVOKE ALL ON access_prepared FROM PUBLIC, qalxan_app;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_sessions")]
    operations = [migrations.RunSQL(MAKE, "DROP TABLE access_prepared")]
