"""What was said stays said: steps and answers may only be added; seats, meetings, attendance, tasks and recommendations are never deleted."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("coordination", "0001_initial")]
    operations = [migrations.RunSQL("REVOKE UPDATE, DELETE ON coordination_taskstep, coordination_recommendationstep, coordination_recommendationanswer FROM qalxan_app; REVOKE DELETE ON coordination_forum, coordination_membership, coordination_meeting, coordination_attendance, coordination_task, coordination_recommendation FROM qalxan_app", migrations.RunSQL.noop)]
