-- Posts: who may appoint, and which two posts one person never holds at once.

-- Refusals that must look like absence carry insufficient_privilege; rules that a person can mend carry QX001 and a code.
CREATE OR REPLACE FUNCTION access_refuse(what text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN RAISE EXCEPTION '%', what USING ERRCODE = 'insufficient_privilege'; END $$;

CREATE OR REPLACE FUNCTION access_broken(what text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN RAISE EXCEPTION '%', what USING ERRCODE = 'QX001'; END $$;

CREATE OR REPLACE FUNCTION access_lawful_posts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM accounts_user u WHERE u.id = NEW.user_id FOR UPDATE;  -- two appointments at once wait for each other
  IF EXISTS (
    SELECT 1 FROM accounts_post o WHERE o.user_id = NEW.user_id AND o.id <> NEW.id
      AND (least(o.role::text, NEW.role::text), greatest(o.role::text, NEW.role::text)) IN ({APART})
      AND tstzrange(o.starts_at, o.ends_at) && tstzrange(NEW.starts_at, NEW.ends_at)
  ) THEN PERFORM access_broken('posts_apart'); END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS lawful_posts ON accounts_post;
CREATE TRIGGER lawful_posts BEFORE INSERT OR UPDATE ON accounts_post FOR EACH ROW EXECUTE FUNCTION access_lawful_posts();

-- Whether the bound actor may fill or empty a post of this role and body: focal points are the coordinator's office's; people who work with
-- persons are appointed by the head of their own body; heads, the coordinator, oversight and all else only by the installation (the owner's
-- console, where those who run the server stand together and no web process reaches).
CREATE OR REPLACE FUNCTION access_appoints(role text, body text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM access_posts() p
    WHERE (access_appoints.role IN ('focal_point', 'deputy_focal_point') AND p.role IN ('coordinator', 'coordinator_office'))
       OR (access_appoints.role IN ('hotline_operator', 'first_responder', 'police_officer', 'shelter_staff', 'social_worker', 'consul', 'trainer')
           AND p.role = 'head_of_body' AND p.body = access_appoints.body))
$$;

CREATE OR REPLACE FUNCTION access_appoint(user_id bigint, role text, body text, starts_at timestamptz, feed_key text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made bigint;
BEGIN
  IF access_actor() IS NULL OR NOT access_appoints(role, body) THEN PERFORM access_refuse('not yours to fill'); END IF;
  IF user_id = access_actor() THEN PERFORM access_broken('own_post'); END IF;
  IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = access_appoint.user_id AND u.is_active) THEN PERFORM access_broken('no_account'); END IF;
  INSERT INTO accounts_post (user_id, role, body_id, starts_at, feed_key) VALUES (user_id, role, body, starts_at, feed_key) RETURNING id INTO made;
  RETURN made;
END $$;

-- Ends a post: by who may fill it, or by its holder. Every grant of the post is dead in the same moment.
CREATE OR REPLACE FUNCTION access_end_post(post bigint, ends_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it accounts_post;
BEGIN
  SELECT * INTO it FROM accounts_post p WHERE p.id = post FOR UPDATE;
  IF access_actor() IS NULL OR it.id IS NULL OR NOT (access_appoints(it.role, it.body_id) OR it.user_id = access_actor()) THEN
    PERFORM access_refuse('not yours to end');
  END IF;
  UPDATE accounts_post p SET ends_at = access_end_post.ends_at WHERE p.id = post AND (p.ends_at IS NULL OR p.ends_at > access_end_post.ends_at);
  RETURN FOUND;
END $$;
