"""Stored files are evidence: the app may add them and never change or delete one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]
    operations = [migrations.RunSQL("REVOKE UPDATE, DELETE, TRUNCATE ON files_storedfile, files_storedcontent FROM qalxan_app", migrations.RunSQL.noop)]
