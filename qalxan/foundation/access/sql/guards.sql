-- What proves who a person is: theirs alone to change. The triggers run as whoever changes the row: a definer function (recovery) and the
-- owner's console pass as the owner, the site passes only as the bound person.

CREATE OR REPLACE FUNCTION access_own_password() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_user = 'qalxan_owner' OR access_actor() = OLD.id THEN RETURN NEW; END IF;
  IF NEW.password IS DISTINCT FROM OLD.password AND OLD.password <> '' AND left(OLD.password, 1) <> '!' THEN
    RAISE EXCEPTION 'a password is changed by its owner' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.email IS DISTINCT FROM OLD.email OR NEW.id IS DISTINCT FROM OLD.id OR (NEW.is_active AND NOT OLD.is_active) THEN
    RAISE EXCEPTION 'an account keeps its address, and is opened again by the installation' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS own_password ON accounts_user;
CREATE TRIGGER own_password BEFORE UPDATE ON accounts_user FOR EACH ROW EXECUTE FUNCTION access_own_password();

-- Second factors: using one notes the time, and which recovery code is spent, before anybody is signed in.
CREATE OR REPLACE FUNCTION access_own_factor() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_user = 'qalxan_owner' OR (access_actor() = coalesce(NEW.user_id, OLD.user_id) AND (TG_OP <> 'UPDATE' OR NEW.user_id = OLD.user_id)) THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.user_id = OLD.user_id AND NEW.type = OLD.type AND NEW.id = OLD.id AND (NEW.data = OLD.data
      OR (OLD.type = 'recovery_codes' AND NEW.data - 'used_mask' = OLD.data - 'used_mask'
          AND ((NEW.data->>'used_mask')::bigint & (OLD.data->>'used_mask')::bigint) = (OLD.data->>'used_mask')::bigint)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a factor is changed by its owner' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER IF EXISTS own_factor ON mfa_authenticator;
CREATE TRIGGER own_factor BEFORE INSERT OR UPDATE OR DELETE ON mfa_authenticator FOR EACH ROW EXECUTE FUNCTION access_own_factor();

-- A correction names a thing of the same person in the same room: otherwise who adds to one room could make a thing of another look replaced,
-- and a foreign key would tell whether a guessed thing exists. A thing that names a case is of a person who is or was in it.
CREATE OR REPLACE FUNCTION access_item_fits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM persons_item i
        WHERE i.id = NEW.replaces_id AND i.person_id = NEW.person_id AND i.compartment = NEW.compartment))
     OR (NEW.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM persons_caseperson cp WHERE cp.case_id = NEW.case_id AND cp.person_id = NEW.person_id)) THEN
    PERFORM access_refuse('no such thing');
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS item_fits ON persons_item;
CREATE TRIGGER item_fits BEFORE INSERT ON persons_item FOR EACH ROW EXECUTE FUNCTION access_item_fits();

-- The log knows three things that no statement of the site can leave out: a bound person writes entries in their own name alone; an entry about a
-- ground, grant, consent, seal or merge stands in the history of its person, whom the one who ends it need not know; and every change of
-- who may know what leaves a row of the database's own, beside the fuller one that the site writes.
CREATE OR REPLACE FUNCTION access_own_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  thing text := split_part(NEW.subject, ':', 1); number text := split_part(NEW.subject, ':', 2);
BEGIN
  IF session_user = 'qalxan_app' AND NEW.kind = 'entry' AND NEW."user" IS NOT NULL AND NEW."user" <> access_actor() THEN
    RAISE EXCEPTION 'an entry is written in one''s own name' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF session_user IN ('qalxan_app', 'qalxan_broker') AND (NEW.event = 'log.restored' OR (NEW.event = 'access.changed' AND pg_trigger_depth() < 2)) THEN
    RAISE EXCEPTION 'this entry is written by who restores, or by the database itself' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.kind <> 'entry' OR NEW.event !~ '^(access|persons)\.' THEN RETURN NEW; END IF;
  IF NEW.person IS NULL AND NEW.subject ~ '^(ground|grant|consent|seal):[0-9]{1,18}$' THEN
    NEW.person := CASE thing
      WHEN 'ground' THEN (SELECT r.person FROM access_ground r WHERE r.id = number::bigint)
      WHEN 'grant' THEN (SELECT g.person FROM access_grant g WHERE g.id = number::bigint)
      WHEN 'consent' THEN (SELECT c.person FROM access_consent c WHERE c.id = number::bigint)
      ELSE (SELECT s.person FROM access_seal s WHERE s.id = number::bigint) END;
  ELSIF NEW.person IS NULL AND NEW.subject ~ '^merge:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    NEW.person := (SELECT m.kept_id FROM persons_merge m WHERE m.id = number::uuid);
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS own_name ON audit_entry;
CREATE TRIGGER own_name BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION access_own_name();

CREATE OR REPLACE FUNCTION access_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  actor bigint := access_actor();
  changed jsonb := to_jsonb(NEW);
  who uuid := CASE TG_TABLE_NAME WHEN 'persons_person' THEN changed->>'id' ELSE coalesce(changed->>'person', changed->>'person_id', changed->>'kept_id') END;
BEGIN
  IF actor IS NOT NULL THEN
    PERFORM audit_append('entry', actor, 'access.changed', CASE WHEN who IS NULL THEN TG_TABLE_NAME || ':' || (changed->>'id') ELSE 'person:' || who END,
      jsonb_build_object('table', TG_TABLE_NAME, 'act', lower(TG_OP), 'row', changed->>'id'), NULL, who, '', NULL, '');
  END IF;
  RETURN NULL;
END $$;
DO $$
DECLARE
  changed text;
BEGIN
  FOREACH changed IN ARRAY ARRAY['accounts_post', 'access_ground', 'access_grant', 'access_consent', 'access_seal', 'persons_person', 'persons_case',
      'persons_caseperson', 'persons_merge'] LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS told ON %I', changed);
    EXECUTE format('CREATE TRIGGER told AFTER INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION access_told()', changed);
  END LOOP;
END $$;

-- References stand in clear: a number with its letters, never words, so that no name is written there.
CREATE OR REPLACE FUNCTION access_number_alone() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  written jsonb := to_jsonb(NEW);
  place text;
BEGIN
  FOREACH place IN ARRAY TG_ARGV LOOP
    IF coalesce(written->>place, '') <> '' AND written->>place !~ '^(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9./_:-]{0,39}$' THEN
      PERFORM access_broken('number_alone');
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
DO $$
DECLARE
  place record;
BEGIN
  FOR place IN SELECT * FROM (VALUES ('access_ground', 'reference'), ('access_seal', 'decision'), ('access_seal', 'lift_decision'), ('persons_case', 'closing')) p (t, c) LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS number_alone_%s ON %I', place.c, place.t);
    EXECUTE format('CREATE TRIGGER number_alone_%s BEFORE INSERT OR UPDATE OF %I ON %I FOR EACH ROW EXECUTE FUNCTION access_number_alone(%L)',
      place.c, place.c, place.t, place.c);
  END LOOP;
END $$;
