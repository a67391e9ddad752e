-- The actor, bound by a token that the database checks itself. Nobody but these functions touches the three tables.

CREATE OR REPLACE FUNCTION access_hmac(secret bytea, message bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  inner_pad bytea := ''; outer_pad bytea := ''; block bytea := secret; place int;
BEGIN
  IF length(block) > 64 THEN block := sha256(block); END IF;
  block := block || decode(repeat('00', 64 - length(block)), 'hex');
  inner_pad := block; outer_pad := block;
  FOR place IN 0..63 LOOP
    inner_pad := set_byte(inner_pad, place, get_byte(block, place) # 54);
    outer_pad := set_byte(outer_pad, place, get_byte(block, place) # 92);
  END LOOP;
  RETURN sha256(outer_pad || sha256(inner_pad || message));
END $$;

-- Opens a session for a person who has just proved who they are. The proof is made from the gate secret, which lies outside the
-- database's reach of the app role: neither its password nor an injected statement mints a session.
CREATE OR REPLACE FUNCTION access_open_session(user_id bigint, token_hash bytea, ends_at timestamptz, passkey boolean, label text, proof bytea)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gate bytea := (SELECT s.value FROM access_secret s WHERE s.name = 'gate');
  told text := user_id || '|' || encode(token_hash, 'hex') || '|' || extract(epoch FROM ends_at)::bigint || '|' || CASE WHEN passkey THEN '1' ELSE '0' END;
  made bigint;
BEGIN
  IF gate IS NULL OR proof IS NULL OR told IS NULL OR length(token_hash) <> 32
     OR sha256(access_hmac(gate, convert_to(told, 'UTF8'))) <> sha256(proof) THEN
    RAISE EXCEPTION 'no proof, no session' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF ends_at <= clock_timestamp() OR ends_at > clock_timestamp() + interval '24 hours' THEN
    RAISE EXCEPTION 'a session ends within a day' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = access_open_session.user_id AND u.is_active) THEN
    RAISE EXCEPTION 'no proof, no session' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO access_session (user_id, token_hash, opened_at, seen_at, ends_at, passkey, label)
  VALUES (user_id, token_hash, clock_timestamp(), clock_timestamp(), ends_at, passkey, left(coalesce(label, ''), 80)) RETURNING id INTO made;
  RETURN made;
END $$;

-- The session a token belongs to while it lives: not ended, not over, seen within a quarter of an hour, of an active account.
CREATE OR REPLACE FUNCTION access_living(token text) RETURNS access_session
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s FROM access_session s JOIN accounts_user u ON u.id = s.user_id AND u.is_active
  WHERE s.token_hash = sha256(convert_to(token, 'UTF8')) AND s.ended_at IS NULL
    AND s.ends_at > clock_timestamp() AND s.seen_at > clock_timestamp() - interval '15 minutes'
$$;

-- Binds this backend's transaction to the token's person and gives the person's id; unknown tokens bind nobody and give null.
CREATE OR REPLACE FUNCTION access_begin(token text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  found access_session := access_living(token);
BEGIN
  IF found.id IS NULL THEN
    DELETE FROM access_binding WHERE pid = pg_backend_pid();
    RETURN NULL;
  END IF;
  INSERT INTO access_binding (pid, xid, user_id, session_id) VALUES (pg_backend_pid(), pg_current_xact_id(), found.user_id, found.id)
  ON CONFLICT (pid) DO UPDATE SET xid = excluded.xid, user_id = excluded.user_id, session_id = excluded.session_id;
  RETURN found.user_id;
END $$;

-- Binds for the broker: a session that no passkey opened binds nobody; whose it is, is told for the log.
DROP FUNCTION IF EXISTS access_begin_by_passkey(text);
CREATE FUNCTION access_begin_by_passkey(token text, OUT user_id bigint, OUT bound boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  user_id := access_begin(token);
  bound := user_id IS NOT NULL AND coalesce((SELECT s.passkey FROM access_strength() s), false);
  IF NOT bound THEN PERFORM access_release(); END IF;
END $$;

-- Binds, and works the reach out: what a page does at its beginning. The broker only binds.
CREATE OR REPLACE FUNCTION access_act(token text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  found bigint := access_begin(token);
BEGIN
  IF found IS NOT NULL THEN PERFORM access_prepare(); END IF;
  RETURN found;
END $$;

-- Unbinds this transaction; for the end of a bound stretch inside a longer transaction.
CREATE OR REPLACE FUNCTION access_release() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM access_binding WHERE pid = pg_backend_pid()
$$;

CREATE OR REPLACE FUNCTION access_actor() RETURNS bigint
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.user_id FROM access_binding b WHERE b.pid = pg_backend_pid() AND b.xid = pg_current_xact_id_if_assigned()
$$;

CREATE OR REPLACE FUNCTION access_session_id() RETURNS bigint
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT b.session_id FROM access_binding b WHERE b.pid = pg_backend_pid() AND b.xid = pg_current_xact_id_if_assigned()
$$;

-- Keeps a session alive; gives whether it lived. Written at most twice a minute.
CREATE OR REPLACE FUNCTION access_touch(token text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  found access_session := access_living(token);
BEGIN
  IF found.id IS NULL THEN RETURN false; END IF;
  UPDATE access_session SET seen_at = clock_timestamp() WHERE id = found.id AND seen_at < clock_timestamp() - interval '30 seconds';
  RETURN true;
END $$;

-- Ends one of the bound person's own sessions; gives whether there was one to end.
CREATE OR REPLACE FUNCTION access_end_session(session bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE access_session SET ended_at = clock_timestamp() WHERE id = session AND user_id = access_actor() AND ended_at IS NULL;
  RETURN FOUND;
END $$;

-- Ends the session a token belongs to: signing out needs no binding.
CREATE OR REPLACE FUNCTION access_end_session(token text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE access_session SET ended_at = clock_timestamp() WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND ended_at IS NULL;
  RETURN FOUND;
END $$;

-- The bound person's own sessions that live, newest first.
CREATE OR REPLACE FUNCTION access_my_sessions() RETURNS TABLE (id bigint, label text, opened_at timestamptz, seen_at timestamptz, passkey boolean, here boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.id, s.label, s.opened_at, s.seen_at, s.passkey, s.id = access_session_id() FROM access_session s
  WHERE s.user_id = access_actor() AND s.ended_at IS NULL AND s.ends_at > clock_timestamp() AND s.seen_at > clock_timestamp() - interval '15 minutes'
  ORDER BY s.id DESC
$$;

-- Notes that the session's person has just proved themselves again. The proof is the gate's, over "stepup|token hash|minute".
CREATE OR REPLACE FUNCTION access_step_up(token text, moment timestamptz, proof bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gate bytea := (SELECT s.value FROM access_secret s WHERE s.name = 'gate');
  found access_session := access_living(token);
  told text := 'stepup|' || encode(sha256(convert_to(token, 'UTF8')), 'hex') || '|' || extract(epoch FROM moment)::bigint;
BEGIN
  IF gate IS NULL OR proof IS NULL OR told IS NULL OR sha256(access_hmac(gate, convert_to(told, 'UTF8'))) <> sha256(proof)
     OR moment < clock_timestamp() - interval '1 minute' OR moment > clock_timestamp() + interval '1 minute' THEN
    RAISE EXCEPTION 'no proof, no step-up' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF found.id IS NULL THEN RETURN false; END IF;
  UPDATE access_session SET stepped_up_at = clock_timestamp() WHERE id = found.id;
  RETURN true;
END $$;

-- Whether the bound session was opened with a passkey, and whether it was proved again within five minutes.
CREATE OR REPLACE FUNCTION access_strength() RETURNS TABLE (passkey boolean, fresh boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.passkey, coalesce(greatest(s.stepped_up_at, s.opened_at) > clock_timestamp() - interval '5 minutes', false)
  FROM access_session s WHERE s.id = access_session_id()
$$;
