-- Whom the bound actor reaches now. The conditions are compiled from the declaration in rules.py.

-- A row for each living grant of the bound actor and each person under it. In plpgsql, so that the plan is made once in a connection and not
-- at each call; `cased` is the case a grant names.
DROP FUNCTION IF EXISTS access_living_grants(text);
CREATE FUNCTION access_living_grants(wanted text) RETURNS TABLE (grant_id bigint, person uuid, compartment text, purpose text, cased uuid)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  actor bigint := access_actor();
BEGIN
  IF actor IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT g.id, x.person, g.compartment::text, g.purpose::text, g.case_id
  FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id
  JOIN access_grant g ON g.post = p.id JOIN access_ground r ON r.id = g.ground_id
  CROSS JOIN LATERAL (SELECT g.person WHERE g.person IS NOT NULL UNION ALL
    SELECT cp.person_id FROM persons_caseperson cp WHERE cp.case_id = g.case_id AND cp.removed_at IS NULL) x(person)
  WHERE p.user_id = actor AND (wanted IS NULL OR g.compartment = wanted) AND {ALIVE};
END $$;

-- The same persons one by one. Policies read these, not the arrays: the planner asks a function that gives an array for its value, and pays twice.
CREATE OR REPLACE FUNCTION access_reached(wanted text) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT l.person FROM access_living_grants(wanted) l
$$;

CREATE OR REPLACE FUNCTION access_reach(compartment text) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT l.person), '{}') FROM access_living_grants(access_reach.compartment) l WHERE access_reach.compartment IS NOT NULL
$$;

-- Persons reached in any compartment: their row, not their rooms.
CREATE OR REPLACE FUNCTION access_known() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT l.person), '{}') FROM access_living_grants(NULL) l
$$;

-- The living grant under which the bound actor may open this compartment of this person for this purpose; null when there is none.
CREATE OR REPLACE FUNCTION access_may_open(person uuid, compartment text, purpose text) RETURNS bigint
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT min(g.id)
  FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id
  JOIN access_grant g ON g.post = p.id JOIN access_ground r ON r.id = g.ground_id
  CROSS JOIN LATERAL (SELECT access_may_open.person) x(person)
  WHERE p.user_id = access_actor() AND g.compartment = access_may_open.compartment AND g.purpose = access_may_open.purpose
    AND (g.person = x.person OR EXISTS (SELECT 1 FROM persons_caseperson cp
      WHERE cp.case_id = g.case_id AND cp.person_id = x.person AND cp.removed_at IS NULL))
    AND {ALIVE}
$$;

-- The bound actor's posts held now, with role and body.
CREATE OR REPLACE FUNCTION access_posts() RETURNS TABLE (id bigint, role text, body text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p.id, p.role::text, p.body_id::text FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id
  WHERE p.user_id = access_actor() AND u.is_active AND p.starts_at <= statement_timestamp() AND (p.ends_at IS NULL OR statement_timestamp() < p.ends_at)
$$;

-- Cases with a person the bound actor reaches: by a grant over the case, or any case of a person a grant names.
CREATE OR REPLACE FUNCTION access_own_cases() RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT coalesce(l.cased, cp.case_id) FROM access_living_grants(NULL) l
  LEFT JOIN persons_caseperson cp ON l.cased IS NULL AND cp.person_id = l.person AND cp.removed_at IS NULL
  WHERE coalesce(l.cased, cp.case_id) IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION access_cases() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(o), '{}') FROM access_own_cases() o
$$;

-- Bodies the bound actor is head of: whose cases they assign, known by number and codes, with no room.
CREATE OR REPLACE FUNCTION access_led() RETURNS SETOF text
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 2 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p.body FROM access_posts() p WHERE p.role = 'head_of_body' AND p.body IS NOT NULL
$$;
