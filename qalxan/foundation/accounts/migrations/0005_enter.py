"""What a request asks first, in one statement: whom its token means, and whether that person's account is being recovered."""

from django.db import migrations

ENTER = """
CREATE FUNCTION accounts_enter(token text)
RETURNS TABLE (user_id bigint, session_id bigint, passkey boolean, ends_at timestamptz, recovering boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE s access_session := access_living(token);
BEGIN
  IF s.id IS NULL THEN RETURN; END IF;
  IF s.seen_at < clock_timestamp() - interval '1 minute' THEN PERFORM access_touch(token); END IF;
  RETURN QUERY SELECT s.user_id, s.id, s.passkey, s.ends_at, EXISTS (SELECT 1 FROM accounts_recovery r
    WHERE r.user_id = s.user_id AND r.closed_at IS NULL AND r.ends_at > clock_timestamp());
END $$;
REVOKE ALL ON FUNCTION accounts_enter(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_enter(text) TO qalxan_app;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_recovery_by_two"), ("access", "0002_sessions")]
    operations = [migrations.RunSQL(ENTER, "DROP FUNCTION accounts_enter(text)")]
