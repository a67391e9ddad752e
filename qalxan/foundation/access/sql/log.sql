-- What the site's role reads of the log. Entries about persons, openings and rights are as protected as what they tell of: an injected
-- statement would else learn from them who is there, in whose care, and who opened what. All else (plans, returns, reports) stays readable.

-- Whether the bound actor holds a post that oversees the log.
CREATE OR REPLACE FUNCTION access_oversees() RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM access_posts() p WHERE p.role IN ({OVERSEERS}))
$$;

ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS told ON audit_entry;
CREATE POLICY told ON audit_entry FOR SELECT TO qalxan_app USING (
  (kind = 'entry' AND person IS NULL AND event !~ '^(access|persons|vault)\.')
  OR (SELECT access_oversees())
  OR person IN (SELECT access_reached(NULL))
  OR subject IN (SELECT 'person:' || k FROM access_reached(NULL) k)
);
DROP POLICY IF EXISTS whole ON audit_entry;
CREATE POLICY whole ON audit_entry FOR SELECT TO qalxan_log, qalxan_audit USING (true);
