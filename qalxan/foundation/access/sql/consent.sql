-- Consent and seals.

-- Persons whose consent the bound actor may ask for: those reached, or reached but for a missing consent.
CREATE OR REPLACE FUNCTION access_asks(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id
  JOIN access_grant g ON g.post = p.id JOIN access_ground r ON r.id = g.ground_id
  CROSS JOIN LATERAL (SELECT access_asks.person) x(person)
  WHERE p.user_id = access_actor() AND g.compartment IN ('identity', 'support', 'health')
    AND (g.person = x.person OR EXISTS (SELECT 1 FROM persons_caseperson cp
      WHERE cp.case_id = g.case_id AND cp.person_id = x.person AND cp.removed_at IS NULL))
    AND {ALIVE_BUT_CONSENT})
$$;

-- `withheld`: [{"compartment": "health" or "", "body": code or "", "because": code}, ...]
CREATE OR REPLACE FUNCTION access_consent_give(person uuid, purpose text, recipients text[], language text, expires_at timestamptz,
  child boolean, representative text, own_voice text, words uuid, withheld jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made bigint; moment timestamptz := statement_timestamp();
BEGIN
  IF NOT coalesce(access_asks(person), false) THEN PERFORM access_refuse('no such person'); END IF;
  IF expires_at IS NULL OR expires_at <= moment OR expires_at > moment + interval '1096 days' THEN PERFORM access_broken('too_long'); END IF;
  IF purpose NOT IN ('support', 'health_care', 'referral') OR coalesce(cardinality(recipients), 0) = 0 OR coalesce(language, '') = ''
     OR EXISTS (SELECT 1 FROM unnest(recipients) named WHERE named IS NULL OR NOT EXISTS (SELECT 1 FROM bodies_body b WHERE b.code = named)) THEN
    PERFORM access_broken('consent_incomplete');
  END IF;
  IF child AND (coalesce(representative, '') NOT IN ('agrees', 'refuses', 'not_asked', 'cannot') OR coalesce(own_voice, '') NOT IN ('agrees', 'refuses', 'not_asked', 'cannot')) THEN
    PERFORM access_broken('two_voices');
  END IF;
  INSERT INTO access_consent (person, purpose, recipients, language, given_at, expires_at, child, representative, own_voice, words, recorded_by, recorded_at)
    VALUES (person, purpose, recipients, language, moment, expires_at, child, CASE WHEN child THEN representative ELSE '' END,
            CASE WHEN child THEN own_voice ELSE '' END, words, access_actor(), moment) RETURNING id INTO made;
  INSERT INTO access_withhold (consent_id, compartment, body, because)
    SELECT made, coalesce(w->>'compartment', ''), coalesce(w->>'body', ''), w->>'because' FROM jsonb_array_elements(coalesce(withheld, '[]')) w;
  RETURN made;
END $$;

-- Whoever knows the person may record that they take a consent back; nobody may be kept from saying so.
CREATE OR REPLACE FUNCTION access_consent_withdraw(consent bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it access_consent;
BEGIN
  SELECT * INTO it FROM access_consent c WHERE c.id = consent FOR UPDATE;
  IF it.id IS NULL OR NOT coalesce(it.person = ANY(access_known()) OR access_asks(it.person), false) THEN PERFORM access_refuse('no such consent'); END IF;
  UPDATE access_consent c SET withdrawn_at = statement_timestamp() WHERE c.id = consent AND c.withdrawn_at IS NULL;
  RETURN FOUND;
END $$;

-- Whether the actor records decisions of this body on this person or case. A prosecutor's or court's own head, wherever the decision falls; else the
-- head of the body that leads the case, to whom a decision on it is served; never on a person alone, or any body could hide one by a case of its own.
-- The investigating body decides in what it leads alone.
DROP FUNCTION IF EXISTS access_seals(text, uuid);
CREATE OR REPLACE FUNCTION access_seals(authority text, person uuid, "case" uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM bodies_body b WHERE b.code = authority AND b.kind IN ('prosecution', 'court', 'police_unit')
    AND (coalesce(access_leads("case"), false)
      OR (b.kind <> 'police_unit' AND EXISTS (SELECT 1 FROM access_posts() p WHERE p.role = 'head_of_body' AND p.body = authority))))
$$;

CREATE OR REPLACE FUNCTION access_seal_set(person uuid, "case" uuid, authority text, decision text, named bigint[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made bigint;
BEGIN
  IF coalesce(decision, '') = '' THEN PERFORM access_broken('no_reference'); END IF;
  IF EXISTS (SELECT 1 FROM unnest(coalesce(named, '{}')) n WHERE NOT EXISTS (SELECT 1 FROM accounts_post p WHERE p.id = n)) THEN PERFORM access_broken('no_post'); END IF;
  IF access_actor() IS NULL OR access_seals(authority, person, "case") IS NOT TRUE OR num_nonnulls(person, "case") <> 1
     OR NOT (EXISTS (SELECT 1 FROM persons_person p WHERE p.id = person) OR EXISTS (SELECT 1 FROM persons_case c WHERE c.id = "case")) THEN
    PERFORM access_refuse('no such thing');
  END IF;
  -- who does not lead it learns nothing of a case that cannot be sealed any more
  IF EXISTS (SELECT 1 FROM persons_case c WHERE c.id = "case" AND c.state <> 'open') AND NOT access_leads("case") THEN PERFORM access_refuse('no such thing'); END IF;
  PERFORM access_open_still("case");
  INSERT INTO access_seal (person, case_id, authority, decision, set_at, set_by, lift_decision)
    VALUES (person, "case", authority, left(decision, 60), statement_timestamp(), access_actor(), '') RETURNING id INTO made;
  INSERT INTO access_seal_named (seal_id, post) SELECT DISTINCT made, n FROM unnest(coalesce(named, '{}')) n WHERE n IS NOT NULL;
  RETURN made;
END $$;

-- The same, for who has the number from the decision and not the record: a case's number, or a person's record number.
CREATE OR REPLACE FUNCTION access_seal_numbered(number text, authority text, decision text, named bigint[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  meant uuid := (SELECT c.id FROM persons_case c WHERE c.number = access_seal_numbered.number); who uuid;
BEGIN
  IF meant IS NULL AND number ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN who := number::uuid; END IF;
  RETURN access_seal_set(who, meant, authority, decision, named);
END $$;

-- Another decision lifts a seal: one of a prosecutor or court, told by its own head; or one served on who leads the case, where the seal itself was.
CREATE OR REPLACE FUNCTION access_seal_lift(seal bigint, authority text, decision text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it access_seal;
BEGIN
  SELECT * INTO it FROM access_seal s WHERE s.id = seal FOR UPDATE;
  IF access_actor() IS NULL OR it.id IS NULL OR access_seals(authority, it.person, it.case_id) IS NOT TRUE
     OR (EXISTS (SELECT 1 FROM accounts_post p JOIN bodies_body b ON b.code = p.body_id AND b.kind <> 'police_unit'
           WHERE p.user_id = it.set_by AND p.role = 'head_of_body' AND p.body_id = it.authority
           AND p.starts_at <= it.set_at AND (p.ends_at IS NULL OR it.set_at < p.ends_at))
         AND NOT EXISTS (SELECT 1 FROM access_posts() p JOIN bodies_body b ON b.code = p.body AND b.kind <> 'police_unit'
           WHERE p.role = 'head_of_body' AND p.body = access_seal_lift.authority)) THEN
    PERFORM access_refuse('no such thing');
  END IF;
  IF coalesce(decision, '') = '' OR left(decision, 60) = it.decision THEN PERFORM access_broken('another_decision'); END IF;
  UPDATE access_seal s SET lifted_at = statement_timestamp(), lifted_by = access_actor(), lift_decision = left(access_seal_lift.decision, 60)
    WHERE s.id = seal AND s.lifted_at IS NULL;
  RETURN FOUND;
END $$;
