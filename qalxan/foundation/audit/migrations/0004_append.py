"""One way in, and who may do what: rows enter by `audit_append` alone; only the sequencer's role chains them and adds heads."""

from django.db import migrations

TABLES = ("audit_leaf", "audit_node", "audit_head", "audit_key")
APPEND = """
CREATE FUNCTION audit_append(p_kind text, p_user bigint, p_event text, p_subject text, p_detail jsonb, p_intent bigint, p_person uuid,
    p_compartment text, p_grant bigint, p_purpose text) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  made bigint;
BEGIN
  IF p_compartment !~ '^[a-z_]*$' OR p_purpose !~ '^[a-z_]*$' OR p_event !~ '^[a-z_.]+$' OR p_subject ~ '[[:space:][:cntrl:]]' THEN
    RAISE EXCEPTION 'the log takes codes, not words' USING ERRCODE = 'check_violation';
  END IF;
  IF p_kind = 'intent' AND p_user IS NULL THEN
    RAISE EXCEPTION 'an intent has an actor' USING ERRCODE = 'check_violation';
  END IF;
  IF p_kind = 'outcome' AND NOT EXISTS (SELECT 1 FROM public.audit_entry WHERE id = p_intent AND kind = 'intent'
      AND "user" = p_user AND person IS NOT DISTINCT FROM p_person) THEN
    RAISE EXCEPTION 'an outcome needs its intent' USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO public.audit_entry (at, "user", event, subject, detail, kind, intent, person, compartment, "grant", purpose, salt)
    VALUES (clock_timestamp(), p_user, p_event, p_subject, p_detail, p_kind, p_intent, p_person, p_compartment, p_grant, p_purpose,
      gen_random_uuid())
    RETURNING id INTO made;
  INSERT INTO public.audit_pending (entry) VALUES (made);
  RETURN made;
END $$;
CREATE FUNCTION audit_outcome(p_intent bigint, p_detail jsonb) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  meant public.audit_entry%ROWTYPE;
BEGIN
  SELECT * INTO meant FROM public.audit_entry WHERE id = p_intent AND kind = 'intent';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an outcome needs its intent' USING ERRCODE = 'check_violation';
  END IF;
  RETURN public.audit_append('outcome', meant."user", meant.event, meant.subject, p_detail, p_intent, meant.person,
    meant.compartment, meant."grant", meant.purpose);
END $$;
REVOKE ALL ON FUNCTION audit_outcome(bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_outcome(bigint, jsonb) TO qalxan_app;
REVOKE ALL ON FUNCTION audit_append(text, bigint, text, text, jsonb, bigint, uuid, text, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_append(text, bigint, text, text, jsonb, bigint, uuid, text, bigint, text) TO qalxan_app;
REVOKE INSERT ON audit_entry FROM qalxan_app;
REVOKE ALL ON audit_pending, audit_leaf, audit_node, audit_head, audit_key FROM qalxan_app;
REVOKE ALL ON SEQUENCE audit_entry_id_seq, audit_node_id_seq, audit_key_id_seq FROM qalxan_app;
GRANT SELECT ON audit_leaf, audit_node, audit_head, audit_key TO qalxan_app;
GRANT SELECT ON audit_leaf, audit_node, audit_head, audit_key, audit_pending TO qalxan_audit;
GRANT SELECT ON audit_entry TO qalxan_log;
GRANT SELECT, INSERT ON audit_leaf, audit_node, audit_head, audit_key TO qalxan_log;
GRANT SELECT, INSERT, DELETE ON audit_pending TO qalxan_log;
INSERT INTO audit_pending (entry) SELECT id FROM audit_entry;
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'qalxan_broker') THEN
    GRANT EXECUTE ON FUNCTION audit_append(text, bigint, text, text, jsonb, bigint, uuid, text, bigint, text) TO qalxan_broker;
    GRANT EXECUTE ON FUNCTION audit_outcome(bigint, jsonb) TO qalxan_broker;
  END IF;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
    for name in TABLES
)
UNDO = """
DROP FUNCTION audit_outcome(bigint, jsonb);
DROP FUNCTION audit_append(text, bigint, text, text, jsonb, bigint, uuid, text, bigint, text);
GRANT INSERT ON audit_entry TO qalxan_app;
GRANT USAGE, SELECT ON SEQUENCE audit_entry_id_seq TO qalxan_app;
REVOKE ALL ON audit_entry FROM qalxan_log;
""" + "".join(f"DROP TRIGGER {name}_no_change ON {name}; DROP TRIGGER {name}_no_truncate ON {name};" for name in TABLES)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_chain")]
    operations = [migrations.RunSQL(APPEND, UNDO)]
