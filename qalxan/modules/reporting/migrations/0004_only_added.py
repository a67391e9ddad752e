"""Steps, ratings, judgements, extensions and reminders are facts: the app may add them and never change or delete one."""

from django.db import migrations

ADDED = "reporting_statechange, reporting_rating, reporting_verifiability, reporting_extension"
KEPT = "reporting_window, reporting_return, reporting_answer, reporting_answerversion, reporting_parked, reporting_evidence, reporting_upload"


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_evidence")]
    operations = [
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON {ADDED} FROM qalxan_app; REVOKE DELETE ON {KEPT} FROM qalxan_app", migrations.RunSQL.noop
        )
    ]
