"""Facts are added, approved and withdrawn; the app may change nothing else of them, and deletes nothing."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_initial")]
    operations = [migrations.RunSQL("REVOKE UPDATE, DELETE ON statistics_fact, statistics_choice FROM qalxan_app; REVOKE DELETE ON statistics_source FROM qalxan_app; GRANT UPDATE (approved_by_id, approved_at, withdrawn_by_id, withdrawn_at, withdrawn_reason) ON statistics_fact TO qalxan_app", migrations.RunSQL.noop)]
