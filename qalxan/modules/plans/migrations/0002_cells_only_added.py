"""Cells of plans are facts: the app may add them and never change or delete one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]
    operations = [migrations.RunSQL("REVOKE UPDATE, DELETE ON plans_cell, plans_correction, plans_dutyrun FROM qalxan_app; GRANT UPDATE (changes) ON plans_dutyrun TO qalxan_app; REVOKE DELETE ON plans_duty FROM qalxan_app", migrations.RunSQL.noop)]
