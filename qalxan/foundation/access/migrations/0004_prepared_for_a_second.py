"""What was prepared counts for a second: a transaction that is kept open does not outlive a withdrawal, a seal or the end of a post."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("access", "0003_prepared")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE access_prepared ADD COLUMN at timestamptz NOT NULL DEFAULT clock_timestamp()",
            "ALTER TABLE access_prepared DROP COLUMN at",
        )
    ]
