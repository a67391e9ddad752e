"""The log is append-only: by rights for the app role, and by trigger for every role, the owner included."""

from django.db import migrations

TRIGGER = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM qalxan_app;
GRANT SELECT ON audit_entry TO qalxan_audit;
"""
UNDO = "DROP TRIGGER audit_no_change ON audit_entry; DROP TRIGGER audit_no_truncate ON audit_entry; DROP FUNCTION audit_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(TRIGGER, UNDO)]
