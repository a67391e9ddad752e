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

-- What changes a right is noted twice: at once for this transaction, and at its commit for everybody (so the one row is held for a moment only).
CREATE OR REPLACE FUNCTION access_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO access_changed (pid, xid) VALUES (pg_backend_pid(), pg_current_xact_id()) ON CONFLICT (pid) DO UPDATE SET xid = excluded.xid;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION access_new_epoch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE access_epoch SET n = n + 1;
  RETURN NULL;
END $$;
DO $$
DECLARE
  changed text;
  events text;
BEGIN
  FOREACH changed IN ARRAY ARRAY['access_grant', 'access_ground', 'access_consent', 'access_withhold', 'access_seal', 'access_seal_named',
      'accounts_post', 'accounts_user', 'persons_caseperson'] LOOP
    events := CASE changed WHEN 'accounts_user' THEN 'UPDATE OF is_active' ELSE 'INSERT OR UPDATE OR DELETE' END;
    EXECUTE format('DROP TRIGGER IF EXISTS forget_reach ON %I', changed);
    EXECUTE format('DROP TRIGGER IF EXISTS new_epoch ON %I', changed);
    EXECUTE format('CREATE TRIGGER forget_reach AFTER %s ON %I FOR EACH STATEMENT EXECUTE FUNCTION access_forget()', events, changed);
    EXECUTE format('CREATE CONSTRAINT TRIGGER new_epoch AFTER %s ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_new_epoch()',
      events, changed);
  END LOOP;
END $$;

-- What was worked out for the bound actor, while no right has changed since and no moment has come at which one begins or ends.
CREATE OR REPLACE FUNCTION access_ready() RETURNS access_prepared
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT r FROM access_prepared r JOIN access_epoch e ON e.n = r.epoch
  WHERE r.user_id = access_actor() AND statement_timestamp() < r.valid_until
    AND NOT EXISTS (SELECT 1 FROM access_changed c WHERE c.pid = pg_backend_pid() AND c.xid = pg_current_xact_id_if_assigned())
$$;

-- Works the bound actor's reach out, unless what stands still holds. The epoch is read first: a change that commits meanwhile makes it void.
CREATE OR REPLACE FUNCTION access_prepare() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  actor bigint := access_actor();
  now_epoch bigint := (SELECT e.n FROM access_epoch e);
  turn timestamptz;
BEGIN
  IF actor IS NULL OR now_epoch IS NULL OR (access_ready()).user_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM access_changed c WHERE c.pid = pg_backend_pid() AND c.xid = pg_current_xact_id_if_assigned())
    OR NOT pg_try_advisory_xact_lock(hashtextextended('access_prepared', actor)) THEN RETURN; END IF;
  SELECT min(m.moment) INTO turn FROM (
    SELECT unnest(ARRAY[p.starts_at, p.ends_at, g.from_at, g.until_at, r.from_at, r.until_at]) AS moment
      FROM accounts_post p LEFT JOIN access_grant g ON g.post = p.id LEFT JOIN access_ground r ON r.id = g.ground_id WHERE p.user_id = actor
    UNION ALL (SELECT c.expires_at FROM access_consent c WHERE c.expires_at > statement_timestamp() ORDER BY 1 LIMIT 1)
    UNION ALL (SELECT c.given_at FROM access_consent c WHERE c.given_at > statement_timestamp() ORDER BY 1 LIMIT 1)) m
  WHERE m.moment > statement_timestamp();
  INSERT INTO access_prepared (user_id, epoch, valid_until, identity, whereabouts, health, support, inquiry, justice, known, cases)
  SELECT actor, now_epoch, coalesce(turn, 'infinity'),
    coalesce(array_agg(DISTINCT l.person) FILTER (WHERE l.compartment = 'identity'), '{}'),
    coalesce(array_agg(DISTINCT l.person) FILTER (WHERE l.compartment = 'whereabouts'), '{}'),
    coalesce(array_agg(DISTINCT l.person) FILTER (WHERE l.compartment = 'health'), '{}'),
    coalesce(array_agg(DISTINCT l.person) FILTER (WHERE l.compartment = 'support'), '{}'),
    coalesce(array_agg(DISTINCT l.person) FILTER (WHERE l.compartment = 'inquiry'), '{}'),
    coalesce(array_agg(DISTINCT l.person) FILTER (WHERE l.compartment = 'justice'), '{}'),
    coalesce(array_agg(DISTINCT l.person), '{}'),
    coalesce(array_agg(DISTINCT coalesce(l.cased, cp.case_id)) FILTER (WHERE coalesce(l.cased, cp.case_id) IS NOT NULL), '{}')
  FROM access_living_grants(NULL) l
  LEFT JOIN persons_caseperson cp ON l.cased IS NULL AND cp.person_id = l.person AND cp.removed_at IS NULL
  ON CONFLICT (user_id) DO UPDATE SET epoch = excluded.epoch, valid_until = excluded.valid_until, identity = excluded.identity,
    whereabouts = excluded.whereabouts, health = excluded.health, support = excluded.support, inquiry = excluded.inquiry, justice = excluded.justice,
    known = excluded.known, cases = excluded.cases;
END $$;

-- The same persons one by one, as prepared, else as they are now. Policies read these, not the arrays: the planner asks a function that gives an
-- array for its value, and pays twice.
CREATE OR REPLACE FUNCTION access_reached(wanted text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  ready access_prepared := access_ready();
BEGIN
  IF ready.user_id IS NULL THEN
    RETURN QUERY SELECT DISTINCT l.person FROM access_living_grants(wanted) l;
  ELSE
    RETURN QUERY SELECT unnest(CASE wanted WHEN 'identity' THEN ready.identity WHEN 'whereabouts' THEN ready.whereabouts WHEN 'health' THEN ready.health
      WHEN 'support' THEN ready.support WHEN 'inquiry' THEN ready.inquiry WHEN 'justice' THEN ready.justice ELSE ready.known END);
  END IF;
END $$;

CREATE OR REPLACE FUNCTION access_reach(compartment text) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT l.person), '{}') FROM access_living_grants(access_reach.compartment) l WHERE access_reach.compartment IS NOT NULL
$$;

-- Persons reached in any compartment: their row, not their rooms.
CREATE OR REPLACE FUNCTION access_known() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT l.person), '{}') FROM access_living_grants(NULL) l
$$;

-- The living grant under which the bound actor may open this compartment of this person for this purpose; null when there is none, or when the
-- session was not opened with a passkey: every post that a grant can name opens sealed things.
CREATE OR REPLACE FUNCTION access_may_open(person uuid, compartment text, purpose text) RETURNS bigint
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT min(g.id)
  FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id
  JOIN access_grant g ON g.post = p.id JOIN access_ground r ON r.id = g.ground_id
  CROSS JOIN LATERAL (SELECT access_may_open.person) x(person)
  WHERE p.user_id = access_actor() AND g.compartment = access_may_open.compartment AND g.purpose = access_may_open.purpose
    AND (SELECT st.passkey FROM access_strength() st)
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
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 100 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  ready access_prepared := access_ready();
BEGIN
  IF ready.user_id IS NOT NULL THEN RETURN QUERY SELECT unnest(ready.cases); RETURN; END IF;
  RETURN QUERY SELECT DISTINCT coalesce(l.cased, cp.case_id) FROM access_living_grants(NULL) l
  LEFT JOIN persons_caseperson cp ON l.cased IS NULL AND cp.person_id = l.person AND cp.removed_at IS NULL
  WHERE coalesce(l.cased, cp.case_id) IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION access_cases() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(o), '{}') FROM access_own_cases() o
$$;

-- Bodies the bound actor is head of: whose cases they assign, known by number and codes, with no room.
CREATE OR REPLACE FUNCTION access_led() RETURNS SETOF text
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 2 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p.body FROM access_posts() p WHERE p.role = 'head_of_body' AND p.body IS NOT NULL
$$;
