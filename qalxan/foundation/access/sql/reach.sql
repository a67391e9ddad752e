-- Whom the bound actor reaches now. The conditions are compiled from the declaration in rules.py.

-- A row for each living grant of the bound actor and each person under it.
CREATE OR REPLACE FUNCTION access_living_grants(wanted text) RETURNS TABLE (grant_id bigint, person uuid, compartment text, purpose text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT g.id, x.person, g.compartment, g.purpose
  FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id
  JOIN access_grant g ON g.post = p.id JOIN access_ground r ON r.id = g.ground_id
  CROSS JOIN LATERAL (SELECT g.person WHERE g.person IS NOT NULL UNION ALL
    SELECT cp.person_id FROM persons_caseperson cp WHERE cp.case_id = g.case_id AND cp.removed_at IS NULL) x(person)
  WHERE p.user_id = access_actor() AND (wanted IS NULL OR g.compartment = wanted) AND {ALIVE}
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

-- Cases whose number the bound actor may know: those with a person reached, and those led by the body one is head of (number and codes, no room).
CREATE OR REPLACE FUNCTION access_cases() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT found.id), '{}') FROM (
    SELECT cp.case_id AS id FROM access_living_grants(NULL) l JOIN persons_caseperson cp ON cp.person_id = l.person AND cp.removed_at IS NULL
      JOIN access_grant g ON g.id = l.grant_id WHERE g.case_id IS NULL OR g.case_id = cp.case_id
    UNION ALL
    SELECT c.id FROM persons_case c JOIN access_posts() p ON p.role = 'head_of_body' AND p.body = c.lead_id
  ) found
$$;
