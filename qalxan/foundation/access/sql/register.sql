-- Persons and cases: rows come and go only through these.

-- The most a role may carry: 'care', 'case', or null for never.
CREATE OR REPLACE FUNCTION access_ceiling(role text, compartment text, purpose text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT v.how FROM (VALUES {CEILING}) v(role, compartment, purpose, how)
  WHERE v.role = access_ceiling.role AND v.compartment = access_ceiling.compartment AND v.purpose = access_ceiling.purpose
$$;

-- Whether the actor reaches a person's identity by more than a shift, which hands on nothing that outlives it but a place of safety.
CREATE OR REPLACE FUNCTION access_lasting(person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM access_living_grants('identity') l JOIN access_grant g ON g.id = l.grant_id JOIN access_ground r ON r.id = g.ground_id
    WHERE l.person = access_lasting.person AND r.kind <> 'shift')
$$;

-- Registers a person nobody is yet known by, in one of the actor's own posts. The post keeps what it entered for a while (the ground ends it),
-- as far as its role may carry it without care.
CREATE OR REPLACE FUNCTION access_register(post bigint, reference text, until_at timestamptz) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  mine record; made uuid := gen_random_uuid(); stands bigint; moment timestamptz := statement_timestamp();
BEGIN
  SELECT * INTO mine FROM access_posts() p WHERE p.id = post;
  IF mine.id IS NULL OR NOT EXISTS (SELECT 1 FROM (VALUES {CEILING}) v(role, compartment, purpose, how)
      WHERE v.role = mine.role AND v.compartment = 'identity' AND v.how = 'case') THEN PERFORM access_refuse('no post that registers'); END IF;
  IF until_at <= moment OR until_at > moment + interval '30 days' THEN PERFORM access_broken('too_long'); END IF;
  INSERT INTO persons_person (id, made_by, made_at) VALUES (made, access_actor(), moment);
  INSERT INTO access_ground (kind, post, person, from_at, until_at, reference, made_by, made_at)
    VALUES ('assignment', post, made, moment, until_at, left(reference, 60), access_actor(), moment) RETURNING id INTO stands;
  INSERT INTO access_grant (post, person, compartment, purpose, ground_id, from_at, until_at, given_by, given_at)
    SELECT access_register.post, made, v.compartment, v.purpose, stands, moment, access_register.until_at, access_actor(), moment
    FROM (VALUES {CEILING}) v(role, compartment, purpose, how) WHERE v.role = mine.role AND v.how = 'case';
  RETURN made;
END $$;

-- The number is drawn, not counted and not chosen: it tells neither how many cases there are nor whether a guessed one exists.
-- Opens a case for a person one reaches, led by one's own body or by the special police unit.
CREATE OR REPLACE FUNCTION access_open_case(post bigint, person uuid, opened date, lead text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  mine record; made uuid := gen_random_uuid(); moment timestamptz := statement_timestamp(); fresh text;
BEGIN
  SELECT * INTO mine FROM access_posts() p WHERE p.id = post;
  IF mine.id IS NULL OR access_lasting(person) IS NOT TRUE THEN PERFORM access_refuse('no such person'); END IF;
  IF lead IS DISTINCT FROM mine.body AND NOT EXISTS (SELECT 1 FROM bodies_body b WHERE b.code = lead AND b.kind = 'police_unit') THEN
    PERFORM access_broken('lead');
  END IF;
  LOOP
    fresh := extract(year FROM opened) || '-' || lpad(floor(random() * 1000000)::text, 6, '0');
    EXIT WHEN NOT EXISTS (SELECT 1 FROM persons_case c WHERE c.number = fresh);
  END LOOP;
  INSERT INTO persons_case (id, number, opened, state, lead_id, made_by, made_at) VALUES (made, fresh, opened, 'open', lead, access_actor(), moment);
  INSERT INTO persons_caseperson (id, case_id, person_id, made_by, made_at) VALUES (gen_random_uuid(), made, person, access_actor(), moment);
  RETURN made;
END $$;

-- Closes a case: by the head of the body that leads it, with the day and the number of the paper. Every ground and grant on it ends with it; a seal
-- stays until another decision lifts it. It is never opened again: who goes on opens a new one. The day is compared with ours by the form.
CREATE OR REPLACE FUNCTION access_close_case("case" uuid, day date, reference text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it persons_case; moment timestamptz := statement_timestamp();
BEGIN
  IF access_actor() IS NULL OR access_leads("case") IS NOT TRUE THEN PERFORM access_refuse('no such case'); END IF;
  SELECT * INTO it FROM persons_case c WHERE c.id = "case" FOR UPDATE;
  IF it.state <> 'open' THEN PERFORM access_broken('closed'); END IF;
  IF coalesce(reference, '') = '' THEN PERFORM access_broken('no_reference'); END IF;
  IF day IS NULL OR day < it.opened OR day > current_date + 1 THEN PERFORM access_broken('closing_day'); END IF;
  UPDATE access_ground r SET ended_at = moment WHERE r.case_id = "case" AND r.ended_at IS NULL;
  UPDATE access_grant g SET ended_at = moment WHERE g.ended_at IS NULL
    AND (g.case_id = "case" OR g.ground_id IN (SELECT r.id FROM access_ground r WHERE r.case_id = "case"));
  UPDATE persons_case c SET state = 'closed', closed_on = day, closing = left(reference, 60), closed_by = access_actor(), closed_at = moment WHERE c.id = "case";
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION access_place("case" uuid, person uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made uuid := gen_random_uuid();
BEGIN
  IF NOT (coalesce(access_lasting(person), false) AND coalesce("case" = ANY(access_cases()), false)) THEN PERFORM access_refuse('no such person'); END IF;
  PERFORM access_open_still("case");
  IF EXISTS (SELECT 1 FROM access_seal s WHERE s.case_id = "case" AND s.lifted_at IS NULL) THEN PERFORM access_broken('sealed'); END IF;
  IF EXISTS (SELECT 1 FROM persons_caseperson cp WHERE cp.case_id = "case" AND cp.person_id = person AND cp.removed_at IS NULL) THEN
    PERFORM access_broken('placed_already');
  END IF;
  INSERT INTO persons_caseperson (id, case_id, person_id, made_by, made_at) VALUES (made, "case", person, access_actor(), statement_timestamp());
  RETURN made;
END $$;

CREATE OR REPLACE FUNCTION access_remove("case" uuid, person uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT (coalesce(person = ANY(access_reach('identity')), false) AND coalesce("case" = ANY(access_cases()), false)) THEN PERFORM access_refuse('no such person'); END IF;
  PERFORM access_open_still("case");
  UPDATE persons_caseperson cp SET removed_at = statement_timestamp(), removed_by = access_actor()
    WHERE cp.case_id = "case" AND cp.person_id = person AND cp.removed_at IS NULL;
  RETURN FOUND;
END $$;

-- Two rows are one person: both stay, with their things and histories; who reached one reaches no more than before.
CREATE OR REPLACE FUNCTION access_merge(kept uuid, gone uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made uuid := gen_random_uuid();
BEGIN
  IF NOT coalesce(ARRAY[kept, gone] <@ access_reach('identity'), false) THEN PERFORM access_refuse('no such person'); END IF;
  PERFORM pg_advisory_xact_lock(hashtext('access_merge'));
  IF kept = gone THEN PERFORM access_broken('merge_self'); END IF;
  IF EXISTS (SELECT 1 FROM persons_merge m WHERE m.undone_at IS NULL AND (m.gone_id IN (kept, gone))) THEN PERFORM access_broken('merged_already'); END IF;
  INSERT INTO persons_merge (id, kept_id, gone_id, made_by, made_at) VALUES (made, kept, gone, access_actor(), statement_timestamp());
  RETURN made;
END $$;

CREATE OR REPLACE FUNCTION access_unmerge(merge uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it persons_merge;
BEGIN
  SELECT * INTO it FROM persons_merge m WHERE m.id = merge FOR UPDATE;
  IF it.id IS NULL OR NOT coalesce(ARRAY[it.kept_id, it.gone_id] <@ access_reach('identity'), false) THEN PERFORM access_refuse('no such person'); END IF;
  UPDATE persons_merge m SET undone_at = statement_timestamp(), undone_by = access_actor() WHERE m.id = merge AND m.undone_at IS NULL;
  RETURN FOUND;
END $$;
