-- Grounds and grants: who sees cannot assign, who assigns cannot see, and nobody gives to themselves.

CREATE OR REPLACE FUNCTION access_leads("case" uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM persons_case c JOIN access_posts() p ON p.role = 'head_of_body' AND p.body = c.lead_id WHERE c.id = "case")
$$;

-- Stops at a closed case, and keeps it from being closed until this transaction ends; a person's ground names no case and passes.
CREATE OR REPLACE FUNCTION access_open_still("case" uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF "case" IS NULL THEN RETURN; END IF;
  PERFORM 1 FROM persons_case c WHERE c.id = "case" AND c.state = 'open' FOR SHARE;
  IF NOT FOUND THEN PERFORM access_broken('closed'); END IF;
END $$;

-- A held post of an active account that is not the actor's own; null when there is none such.
CREATE OR REPLACE FUNCTION access_other_post(post bigint) RETURNS accounts_post
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id AND u.is_active
  WHERE p.id = post AND p.user_id <> access_actor() AND p.starts_at <= statement_timestamp() AND (p.ends_at IS NULL OR statement_timestamp() < p.ends_at)
$$;

-- Makes the fact grants stand on.
--   assignment: the head of the body that leads the case, to a post of that body
--   decision:   the same, to a post of any body, with the decision's number
--   care:       who reaches the person's identity, to a post whose role takes people into care, with the number of the hand-over act
--   referral:   who reaches the person's identity by more than a shift, to any other post, for at most 90 days
--   shift:      the head of the post's body, for at most 16 hours
CREATE OR REPLACE FUNCTION access_stand(kind text, post bigint, person uuid, "case" uuid, until_at timestamptz, reference text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  target accounts_post := access_other_post(post); moment timestamptz := statement_timestamp(); may boolean; longest interval; made bigint;
BEGIN
  IF access_actor() IS NULL THEN PERFORM access_refuse('nobody'); END IF;
  may := CASE kind
    WHEN 'assignment' THEN person IS NULL AND access_leads("case")
    WHEN 'decision' THEN person IS NULL AND access_leads("case")
    WHEN 'care' THEN "case" IS NULL AND person = ANY(access_reach('identity'))
    WHEN 'referral' THEN "case" IS NULL AND access_lasting(person)
    WHEN 'shift' THEN person IS NULL AND "case" IS NULL AND EXISTS (
      SELECT 1 FROM access_posts() p JOIN accounts_post t ON t.id = access_stand.post WHERE p.role = 'head_of_body' AND p.body = t.body_id)
  END;
  IF may IS NOT TRUE THEN PERFORM access_refuse('no such thing'); END IF;
  PERFORM access_open_still("case");
  IF target.id IS NULL THEN PERFORM access_broken('no_post'); END IF;
  IF kind = 'assignment' AND NOT EXISTS (SELECT 1 FROM persons_case c WHERE c.id = "case" AND c.lead_id = target.body_id) THEN PERFORM access_broken('other_body'); END IF;
  IF kind = 'care' AND NOT EXISTS (SELECT 1 FROM (VALUES {CEILING}) v(role, compartment, purpose, how) WHERE v.role = target.role AND v.how = 'care') THEN
    PERFORM access_broken('no_care');
  END IF;
  IF kind IN ('care', 'decision') AND coalesce(reference, '') = '' THEN PERFORM access_broken('no_reference'); END IF;
  longest := CASE kind WHEN 'shift' THEN interval '16 hours' WHEN 'referral' THEN interval '90 days' ELSE interval '366 days' END;
  IF until_at IS NULL OR until_at <= moment OR until_at > moment + longest THEN PERFORM access_broken('too_long'); END IF;
  INSERT INTO access_ground (kind, post, person, case_id, from_at, until_at, reference, made_by, made_at)
    VALUES (kind, post, person, "case", moment, until_at, left(coalesce(reference, ''), 60), access_actor(), moment) RETURNING id INTO made;
  RETURN made;
END $$;

-- The shift a post has now, asked by somebody of the same body; null when it has none.
CREATE OR REPLACE FUNCTION access_on_shift(post bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT r.id FROM access_ground r JOIN accounts_post t ON t.id = r.post JOIN access_posts() mine ON mine.body = t.body_id
  WHERE r.post = access_on_shift.post AND r.kind = 'shift' AND r.ended_at IS NULL AND r.from_at <= statement_timestamp() AND statement_timestamp() < r.until_at
  ORDER BY r.until_at DESC LIMIT 1
$$;

-- Ends a ground, and with it every grant on it: by who made it, who holds it, or the head of the lead's or the holder's body.
CREATE OR REPLACE FUNCTION access_end_ground(ground bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it access_ground; holder accounts_post;
BEGIN
  SELECT * INTO it FROM access_ground r WHERE r.id = ground FOR UPDATE;
  SELECT * INTO holder FROM accounts_post p WHERE p.id = it.post;
  IF access_actor() IS NULL OR it.id IS NULL OR NOT (it.made_by = access_actor() OR holder.user_id = access_actor() OR access_leads(it.case_id)
      OR EXISTS (SELECT 1 FROM access_posts() p WHERE p.role = 'head_of_body' AND p.body = holder.body_id)) THEN PERFORM access_refuse('no such thing'); END IF;
  UPDATE access_ground r SET ended_at = statement_timestamp() WHERE r.id = ground AND r.ended_at IS NULL;
  RETURN FOUND;
END $$;

-- Gives one compartment for one purpose on a standing ground. On an assignment or decision: the head of the body that leads the case, for the case.
-- On care, referral or shift: who reaches that same compartment of the person; on care also who reaches the identity, since nobody reaches a
-- person's whereabouts before the first to house them.
CREATE OR REPLACE FUNCTION access_give(ground bigint, person uuid, "case" uuid, compartment text, purpose text, until_at timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  r access_ground; target accounts_post; how text; moment timestamptz := statement_timestamp(); may boolean; made bigint;
BEGIN
  PERFORM 1 FROM persons_case c WHERE c.id = "case" FOR SHARE;  -- the case before the ground, as closing takes them
  SELECT * INTO r FROM access_ground it WHERE it.id = ground AND it.ended_at IS NULL
    AND it.from_at <= moment AND (it.until_at IS NULL OR moment < it.until_at) FOR SHARE;
  target := access_other_post(r.post);
  may := access_actor() IS NOT NULL AND r.id IS NOT NULL AND target.id IS NOT NULL AND CASE
    WHEN r.kind IN ('assignment', 'decision') THEN r.case_id IS NOT NULL AND person IS NULL AND "case" = r.case_id AND access_leads(r.case_id)
    WHEN r.kind = 'care' THEN "case" IS NULL AND person = r.person AND person = ANY(access_reach('identity'))
    WHEN r.kind = 'referral' THEN "case" IS NULL AND person = r.person AND person = ANY(access_reach(access_give.compartment))
    WHEN r.kind = 'shift' THEN "case" IS NULL AND person = ANY(access_reach(access_give.compartment))
      AND EXISTS (SELECT 1 FROM access_posts() p WHERE p.body = target.body_id)
  END;
  IF may IS NOT TRUE THEN PERFORM access_refuse('no such thing'); END IF;
  PERFORM access_open_still(r.case_id);
  how := access_ceiling(target.role, compartment, purpose);
  IF r.kind = 'shift' THEN until_at := least(until_at, r.until_at); END IF;
  IF how IS NULL OR (how = 'care' AND r.kind <> 'care') THEN PERFORM access_broken('over_ceiling'); END IF;
  IF until_at IS NULL OR until_at <= moment OR until_at > coalesce(r.until_at, moment + interval '366 days') THEN PERFORM access_broken('too_long'); END IF;
  INSERT INTO access_grant (post, person, case_id, compartment, purpose, ground_id, from_at, until_at, given_by, given_at)
    VALUES (r.post, person, "case", compartment, purpose, ground, moment, until_at, access_actor(), moment) RETURNING id INTO made;
  RETURN made;
END $$;

-- Takes a grant back: by who gave it, who holds it, or the head of the lead's or the holder's body.
CREATE OR REPLACE FUNCTION access_withdraw(grant_id bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it access_grant; holder accounts_post;
BEGIN
  SELECT * INTO it FROM access_grant g WHERE g.id = grant_id FOR UPDATE;
  SELECT * INTO holder FROM accounts_post p WHERE p.id = it.post;
  IF access_actor() IS NULL OR it.id IS NULL OR NOT (it.given_by = access_actor() OR holder.user_id = access_actor() OR coalesce(access_leads(it.case_id), false)
      OR EXISTS (SELECT 1 FROM access_posts() p WHERE p.role = 'head_of_body' AND p.body = holder.body_id)) THEN PERFORM access_refuse('no such thing'); END IF;
  UPDATE access_grant g SET ended_at = statement_timestamp() WHERE g.id = grant_id AND g.ended_at IS NULL;
  RETURN FOUND;
END $$;
