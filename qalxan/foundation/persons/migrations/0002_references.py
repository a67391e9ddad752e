"""What grants, grounds, consents and seals point to, now that persons and cases exist."""

from django.db import migrations

THINGS = [
    (table, column, target)
    for table in ("access_ground", "access_grant", "access_seal")
    for column, target in (("person", "persons_person"), ("case_id", "persons_case"))
] + [("access_consent", "person", "persons_person")]


class Migration(migrations.Migration):
    dependencies = [("persons", "0001_initial"), ("access", "0002_sessions")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column} FOREIGN KEY ({column}) REFERENCES {target} (id)",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}",
        )
        for table, column, target in THINGS
    ]
