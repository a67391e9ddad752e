"""Recovery is held by the database: its tables are written by these functions alone, and each asks who is bound to the transaction.

The app role may read the two tables and nothing more. Neither an injected statement nor the app role's password can ask, approve or finish:
asking and approving need the token of a signed-in person, finishing needs both halves of the code, which two people hold apart.
Kept sessions under their bare keys end here, and the table of the former session list, which held addresses, goes.
"""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
FUNCTIONS = {
    # which roles may ask for another, and which may approve; tests compare it with the table of rights
    "accounts_recovery_role(role text, may text)": """ RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE may WHEN 'ask' THEN role IN ('coordinator_office')
                  WHEN 'approve' THEN role IN ('coordinator', 'head_of_body', 'ombudsperson', 'auditor') ELSE false END $$""",
    "accounts_recovery_holds(who bigint, may text)": """ RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id WHERE p.user_id = who AND u.is_active
    AND p.starts_at <= clock_timestamp() AND (p.ends_at IS NULL OR p.ends_at > clock_timestamp()) AND accounts_recovery_role(p.role, may)) $$""",
    "accounts_recovery_ask(whom bigint, reason text)": f""" RETURNS bigint {HEAD}
DECLARE me bigint := access_actor(); made bigint;
BEGIN
  IF me IS NULL OR (me <> whom AND NOT accounts_recovery_holds(me, 'ask')) THEN
    RAISE EXCEPTION 'may not ask' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF reason NOT IN ('passkey', 'password', 'both', 'stolen') OR NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = whom AND is_active) THEN
    RAISE EXCEPTION 'no such account or reason' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE accounts_recovery SET closed_at = clock_timestamp(), outcome = 'expired'
    WHERE user_id = whom AND closed_at IS NULL AND ends_at <= clock_timestamp();
  INSERT INTO accounts_recovery (user_id, asked_by_id, asked_at, why, ends_at, tries, outcome)
    VALUES (whom, me, clock_timestamp(), reason, clock_timestamp() + interval '7 days', 0, '') RETURNING id INTO made;
  RETURN made;
END $$""",
    "accounts_recovery_approve(which bigint, in_post bigint, digest bytea)": f""" RETURNS timestamptz {HEAD}
DECLARE me bigint := access_actor(); r accounts_recovery; p accounts_post; given int;
BEGIN
  SELECT * INTO r FROM accounts_recovery WHERE id = which FOR UPDATE;
  SELECT * INTO p FROM accounts_post WHERE id = in_post;
  SELECT count(*) INTO given FROM accounts_approval WHERE recovery_id = which;
  IF me IS NULL OR r.id IS NULL OR p.user_id IS DISTINCT FROM me OR NOT accounts_recovery_role(p.role, 'approve')
     OR p.starts_at > clock_timestamp() OR p.ends_at <= clock_timestamp()
     OR NOT EXISTS (SELECT 1 FROM accounts_user WHERE id = me AND is_active)
     OR me = r.user_id OR me = r.asked_by_id OR r.closed_at IS NOT NULL OR r.ends_at <= clock_timestamp() OR given >= 2 OR length(digest) <> 32
     OR (p.role = 'head_of_body' AND NOT EXISTS (SELECT 1 FROM accounts_post o WHERE o.user_id = r.user_id AND o.body_id = p.body_id
         AND (o.ends_at IS NULL OR o.ends_at > clock_timestamp()))) THEN
    RAISE EXCEPTION 'may not approve' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO accounts_approval (recovery_id, by_id, post_id, role, body, at, half)
    VALUES (which, me, p.id, p.role, coalesce(p.body_id, ''), clock_timestamp(), digest);
  IF given = 1 THEN
    UPDATE accounts_recovery SET ready_at = clock_timestamp() + interval '24 hours' WHERE id = which RETURNING ready_at INTO r.ready_at;
  END IF;
  RETURN r.ready_at;
END $$""",
    "accounts_recovery_close(which bigint)": f""" RETURNS text {HEAD}
DECLARE me bigint := access_actor(); r accounts_recovery; said text;
BEGIN
  SELECT * INTO r FROM accounts_recovery WHERE id = which FOR UPDATE;
  said := CASE WHEN me = r.user_id THEN 'stopped' WHEN me = r.asked_by_id THEN 'withdrawn'
               WHEN accounts_recovery_holds(me, 'approve') THEN 'refused' END;
  IF me IS NULL OR r.id IS NULL OR said IS NULL OR r.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'may not close' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE accounts_recovery SET closed_at = clock_timestamp(), closed_by_id = me, outcome = said WHERE id = which;
  RETURN said;
END $$""",
    # gives the user when both halves are right and the day has passed; NULL tells nothing else, and a wrong pair is counted
    "accounts_recovery_finish(address text, first bytea, second bytea, encoded text)": f""" RETURNS bigint {HEAD}
DECLARE r accounts_recovery; halves bytea[];
BEGIN
  SELECT q.* INTO r FROM accounts_recovery q JOIN accounts_user u ON u.id = q.user_id
    WHERE u.email = address AND u.is_active AND q.closed_at IS NULL AND q.ends_at > clock_timestamp() AND q.ready_at <= clock_timestamp() FOR UPDATE OF q;
  IF r.id IS NULL THEN RETURN NULL; END IF;
  SELECT array_agg(a.half) INTO halves FROM accounts_approval a JOIN accounts_post p ON p.id = a.post_id JOIN accounts_user u ON u.id = a.by_id
    WHERE a.recovery_id = r.id AND u.is_active AND (p.ends_at IS NULL OR p.ends_at > clock_timestamp());
  IF coalesce(cardinality(halves), 0) <> 2 OR first = second OR NOT (first = ANY (halves) AND second = ANY (halves)) THEN
    UPDATE accounts_recovery SET tries = tries + 1, closed_at = CASE WHEN tries >= 4 THEN clock_timestamp() END,
      outcome = CASE WHEN tries >= 4 THEN 'spent' ELSE '' END WHERE id = r.id;
    RETURN NULL;
  END IF;
  UPDATE accounts_user SET password = encoded WHERE id = r.user_id;
  DELETE FROM mfa_authenticator WHERE user_id = r.user_id;
  UPDATE access_session SET ended_at = clock_timestamp() WHERE user_id = r.user_id AND ended_at IS NULL;
  UPDATE accounts_recovery SET closed_at = clock_timestamp(), closed_by_id = r.user_id, outcome = 'finished' WHERE id = r.id;
  RETURN r.user_id;
END $$""",
}


def _sql() -> str:
    made = []
    for head, body in FUNCTIONS.items():
        name, _, arguments = head.partition("(")
        types = ", ".join(part.split()[-1] for part in arguments.rstrip(")").split(","))
        made.append(f"CREATE FUNCTION {head}{body};\nREVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC, qalxan_app;")
        if name not in ("accounts_recovery_role", "accounts_recovery_holds"):
            made.append(f"GRANT EXECUTE ON FUNCTION {name}({types}) TO qalxan_app;")
    tables = "accounts_recovery, accounts_approval"
    return "\n".join(made) + f"\nREVOKE ALL ON {tables} FROM qalxan_app;\nGRANT SELECT ON {tables} TO qalxan_app;"


UNDO = "\n".join(
    f"DROP FUNCTION {head.partition('(')[0]}({', '.join(part.split()[-1] for part in head.partition('(')[2].rstrip(')').split(','))});"
    for head in reversed(FUNCTIONS)
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_recovery"), ("access", "0002_sessions"), ("mfa", "0001_initial"), ("sessions", "0001_initial")]
    operations = [
        migrations.RunSQL(_sql(), UNDO + "\nGRANT INSERT, UPDATE, DELETE ON accounts_recovery, accounts_approval TO qalxan_app;"),
        migrations.RunSQL("DELETE FROM django_session; DROP TABLE IF EXISTS usersessions_usersession", migrations.RunSQL.noop),
    ]
