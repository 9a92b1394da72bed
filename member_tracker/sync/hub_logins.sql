-- The only functions that make PostgreSQL roles. They belong to member_tracker_registrar, which may do nothing else, and
-- only the keeper may call them. A role that another hub or a person made is never altered.

CREATE OR REPLACE FUNCTION hub.is_ours(who text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM pg_catalog.pg_roles r
        WHERE r.rolname = who AND NOT (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls)
            AND shobj_description(r.oid, 'pg_authid') = 'Member Tracker hub ' || (SELECT m.hub_id FROM hub.meta m)
    )
$$;

CREATE OR REPLACE FUNCTION hub.make_login(who text, verifier text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' OR who = '' THEN
        RAISE EXCEPTION 'nonsense' USING ERRCODE = 'HB006';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = who) THEN
        EXECUTE format('CREATE ROLE %I LOGIN CONNECTION LIMIT 3', who);
        EXECUTE format('COMMENT ON ROLE %I IS %L', who, 'Member Tracker hub ' || (SELECT m.hub_id FROM hub.meta m));
        EXECUTE format('ALTER ROLE %I SET statement_timeout = ''30s''', who);
        EXECUTE format('ALTER ROLE %I SET lock_timeout = ''5s''', who);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''10s''', who);
    ELSIF verifier IS NOT NULL AND NOT hub.is_ours(who) THEN
        RAISE EXCEPTION 'somebody else''s role' USING ERRCODE = 'HB014';
    END IF;
    IF verifier IS NOT NULL THEN
        EXECUTE format('ALTER ROLE %I PASSWORD %L', who, verifier);
    END IF;
    EXECUTE format('GRANT member_tracker_user TO %I', who);
END $$;

CREATE OR REPLACE FUNCTION hub.let_in(who text, welcome boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF hub.is_ours(who) THEN
        EXECUTE format('ALTER ROLE %I %s', who, CASE WHEN welcome THEN 'LOGIN' ELSE 'NOLOGIN' END);
    END IF;
END $$;

REVOKE ALL ON FUNCTION hub.is_ours(text), hub.make_login(text, text), hub.let_in(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.is_ours(text), hub.make_login(text, text), hub.let_in(text, boolean) TO member_tracker_keeper;
