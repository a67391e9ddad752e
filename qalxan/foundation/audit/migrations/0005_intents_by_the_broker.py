"""Intents and outcomes are written by the key broker alone: an injected statement of the site cannot make it look as if somebody had opened something."""

import importlib

from django.db import migrations

BEFORE = importlib.import_module("qalxan.foundation.audit.migrations.0004_append").APPEND
START = BEFORE.index("CREATE FUNCTION audit_append")
APPEND = BEFORE[START : BEFORE.index("END $$;", START) + len("END $$;")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
GATE = """BEGIN
  IF p_kind IN ('intent', 'outcome') AND session_user = 'qalxan_app' THEN
    RAISE EXCEPTION 'what is opened is told by who opens it' USING ERRCODE = 'insufficient_privilege';
  END IF;
"""
AFTER = APPEND.replace("BEGIN\n", GATE, 1) + "\nREVOKE ALL ON FUNCTION audit_outcome(bigint, jsonb) FROM qalxan_app;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_append")]
    operations = [migrations.RunSQL(AFTER, APPEND + "\nGRANT EXECUTE ON FUNCTION audit_outcome(bigint, jsonb) TO qalxan_app;")]
