-- What administrators do: accounts, grants, erasure, the state of the hub and its log. Each act is a line of the log.

CREATE OR REPLACE FUNCTION hub.must_administer() RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.my_account();
    IF NOT hub.i_administer() THEN
        RAISE EXCEPTION 'not an administrator' USING ERRCODE = 'HB008';
    END IF;
END $$;

-- Logs an act and gives its number.
CREATE OR REPLACE FUNCTION hub.enter(verb text, kind text, id text, detail jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c hub.clock := hub.next_seq();
    line hub.op;
BEGIN
    line := hub.line(
        c, 0, '', gen_random_uuid()::text, verb, kind, id, '', detail, NULL, NULL, now(), 0, 'accepted', '', NULL
    );
    INSERT INTO hub.op SELECT line.*;
    UPDATE hub.clock k SET chain = line.chain WHERE k.one;
    RETURN c.v;
END $$;

-- Anybody: that something was taken out, searched for at the hub, or looked at outside one's own casework.
CREATE OR REPLACE FUNCTION hub.note(verb text, detail jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
    PERFORM hub.my_account();
    IF verb NOT IN ('exported', 'searched', 'looked') OR length(detail::text) > 10000 THEN
        RAISE EXCEPTION 'nonsense' USING ERRCODE = 'HB006';
    END IF;
    PERFORM hub.enter(verb, 'account', session_user::text, detail);
END $$;

CREATE OR REPLACE FUNCTION hub.known_login(who text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM hub.account a WHERE a.login = who) THEN
        RAISE EXCEPTION 'no such account' USING ERRCODE = 'HB010';
    END IF;
END $$;

-- `scopes` is a list of {"scope_id", "can_write"}; '*' is every scope. No verifier: somebody else makes the login's password.
CREATE OR REPLACE FUNCTION hub.add_account(who text, verifier text, does text, person text, scopes jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    seq bigint;
BEGIN
    PERFORM hub.must_administer();
    IF EXISTS (SELECT FROM hub.account a WHERE a.login = who) THEN
        RAISE EXCEPTION 'the account is there already' USING ERRCODE = 'HB009';
    END IF;
    PERFORM hub.make_login(who, verifier);
    seq := hub.enter('add_account', 'account', who, jsonb_build_object('role', does, 'person', person, 'scopes', scopes));
    INSERT INTO hub.account (login, person_id, role) VALUES (who, person, does);
    INSERT INTO hub.access_grant (login, scope_id, can_write, granted_seq)
    SELECT who, s.scope_id, s.can_write, seq FROM jsonb_to_recordset(scopes) AS s (scope_id text, can_write boolean);
END $$;

CREATE OR REPLACE FUNCTION hub.give(who text, scope text, writes boolean, ends timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    seq bigint;
BEGIN
    PERFORM hub.must_administer();
    PERFORM hub.known_login(who);
    IF NOT EXISTS (SELECT FROM hub.scope s WHERE s.scope_id = scope) THEN
        RAISE EXCEPTION 'no such scope' USING ERRCODE = 'HB011';
    END IF;
    seq := hub.enter('grant', 'account', who, jsonb_build_object('scope', scope, 'writes', writes, 'until', ends));
    UPDATE hub.access_grant g SET revoked_seq = seq
    WHERE g.login = who AND g.scope_id = scope AND g.revoked_seq IS NULL AND g.until <= now();
    UPDATE hub.access_grant g SET can_write = writes, until = ends
    WHERE g.login = who AND g.scope_id = scope AND g.revoked_seq IS NULL;
    IF NOT FOUND THEN
        INSERT INTO hub.access_grant (login, scope_id, can_write, until, granted_seq)
        VALUES (who, scope, writes, ends, seq);
    END IF;
END $$;

-- Takes a scope from an account; from one that had every scope, it leaves all the others.
CREATE OR REPLACE FUNCTION hub.take(who text, scope text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    seq bigint;
    wild hub.access_grant;
BEGIN
    PERFORM hub.must_administer();
    PERFORM hub.known_login(who);
    seq := hub.enter('revoke', 'account', who, jsonb_build_object('scope', scope));
    SELECT * INTO wild FROM hub.access_grant g WHERE g.login = who AND g.scope_id = '*' AND g.revoked_seq IS NULL;
    UPDATE hub.access_grant g SET revoked_seq = seq
    WHERE g.login = who AND (g.scope_id = scope OR wild.id IS NOT NULL) AND g.revoked_seq IS NULL;
    -- What was granted beside every scope, for a while or for reading, went no further and ends nothing.
    INSERT INTO hub.access_grant (login, scope_id, can_write, until, granted_seq)
    SELECT who, s.scope_id, wild.can_write, wild.until, greatest(wild.granted_seq, s.seq) FROM hub.scope s
    WHERE wild.id IS NOT NULL AND s.scope_id <> scope;
END $$;

-- Leaves an account these scopes and no others; what it keeps it keeps under the same grant.
CREATE OR REPLACE FUNCTION hub.narrow(who text, scopes text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    scope text;
BEGIN
    PERFORM hub.must_administer();
    PERFORM hub.known_login(who);
    FOR scope IN SELECT s.scope_id FROM hub.scope s WHERE NOT s.scope_id = ANY (scopes) LOOP
        PERFORM hub.take(who, scope);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION hub.shut(who text, closed boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
    PERFORM hub.must_administer();
    PERFORM hub.known_login(who);
    PERFORM hub.enter(CASE WHEN closed THEN 'disable' ELSE 'enable' END, 'account', who, '{}');
    PERFORM hub.must_administer();       -- still, now that nobody else can act: two may shut each other out
    IF closed AND NOT EXISTS (
        SELECT FROM hub.account a WHERE a.role = 'administrator' AND NOT a.disabled AND a.login <> who
    ) THEN
        RAISE EXCEPTION 'the last administrator' USING ERRCODE = 'HB012';
    END IF;
    UPDATE hub.account a SET disabled = closed WHERE a.login = who;
    PERFORM hub.let_in(who, NOT closed);
END $$;

CREATE OR REPLACE FUNCTION hub.new_password(who text, verifier text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
    PERFORM hub.must_administer();
    PERFORM hub.known_login(who);
    PERFORM hub.enter('new_password', 'account', who, '{}');
    PERFORM hub.make_login(who, verifier);
END $$;

CREATE OR REPLACE FUNCTION hub.users() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.must_administer();
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'login', a.login, 'role', a.role, 'person_id', a.person_id, 'disabled', a.disabled,
            'last_at', (SELECT max(d.last_at) FROM hub.device d WHERE d.login = a.login),
            'devices', (SELECT count(*) FROM hub.device d WHERE d.login = a.login),
            'grants', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'scope_id', g.scope_id, 'can_write', g.can_write, 'until', g.until
                ) ORDER BY g.scope_id), '[]')
                FROM hub.access_grant g
                WHERE g.login = a.login AND g.revoked_seq IS NULL AND (g.until IS NULL OR g.until > now())
            )
        ) ORDER BY a.login), '[]') FROM hub.account a
    );
END $$;

CREATE OR REPLACE FUNCTION hub.status() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.must_administer();
    RETURN (
        SELECT jsonb_build_object(
            'hub_id', m.hub_id, 'council_id', m.council_id, 'version', m.version, 'schema_min', m.schema_min,
            'schema_cur', m.schema_cur, 'epoch', m.epoch, 'head', c.v, 'chain', encode(c.chain, 'hex'),
            'server', current_setting('server_version'), 'now', now(),
            'accounts', (SELECT count(*) FROM hub.account a WHERE NOT a.disabled),
            'devices', (SELECT count(*) FROM hub.device),
            'records', (SELECT count(*) FROM hub.record r WHERE NOT r.deleted AND r.kind <> 'conflict'),
            'conflicts', (
                SELECT count(*) FROM hub.record r
                WHERE r.kind = 'conflict' AND NOT r.deleted AND r.fields ->> 'settled' IS NULL
            ),
            'ops', (SELECT count(*) FROM hub.op), 'blobs', (SELECT count(*) FROM hub.blob b WHERE b.whole),
            'bytes', pg_database_size(current_database())
        ) FROM hub.meta m, hub.clock c
    );
END $$;

-- The log in order, without what was written: `intact` says whether that still is what its digest was taken of.
CREATE OR REPLACE FUNCTION hub.audit(after_seq bigint, after_n integer, at_most integer)
RETURNS TABLE (
    op_id text, hub_seq bigint, n integer, device text, login text, verb text, kind text, record_id text, field text,
    outcome text, at timestamptz, digest bytea, chain bytea, blank boolean, intact boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM hub.must_administer();
    RETURN QUERY
    SELECT o.op_id, o.hub_seq, o.n, o.device, o.login, o.verb, o.kind, o.record_id, o.field, o.outcome, o.at,
        o.digest, o.chain, o.salt IS NULL,
        CASE WHEN o.salt IS NULL THEN o.value IS NULL AND o.replaced IS NULL AND EXISTS (
            SELECT FROM hub.op e WHERE e.hub_seq = o.erased_seq AND e.verb = 'erase'
        ) ELSE o.digest = sha256(
            o.salt || convert_to(coalesce(o.value::text, '') || E'\x1f' || coalesce(o.replaced::text, ''), 'UTF8')
        ) END
    FROM hub.op o WHERE (o.hub_seq, o.n) > (after_seq, after_n) ORDER BY o.hub_seq, o.n LIMIT at_most;
END $$;

-- Erasure -------------------------------------------------------------------------------------------------------------

-- A record and all that hangs on it; a resident takes their enquiries along.
CREATE OR REPLACE FUNCTION hub.family(kind text, id text) RETURNS TABLE (of_kind text, of_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH named AS (
        SELECT r.kind, r.id FROM hub.record r WHERE r.kind = family.kind AND r.id = family.id
        UNION
        SELECT r.kind, r.id FROM hub.record r
        WHERE family.kind = 'resident' AND r.kind = 'enquiry' AND r.fields ->> 'resident_id' = family.id
    ), filed AS (
        SELECT kind, id FROM named
        UNION
        SELECT r.kind, r.id FROM hub.record r JOIN named m ON r.parent = m.id
    )
    SELECT kind, id FROM filed
    UNION
    SELECT r.kind, r.id FROM hub.record r JOIN filed f ON r.kind = 'conflict' AND r.fields ->> 'record_id' = f.id
$$;

-- What was refused when it was to be made, and would have hung on one of these records: its words are in the log alone.
CREATE OR REPLACE FUNCTION hub.never_made(ids text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE refused AS (
        SELECT p.record_id, p.value FROM hub.op p
        WHERE p.outcome <> 'accepted' AND p.verb = 'create' AND p.salt IS NOT NULL
            AND NOT EXISTS (SELECT FROM hub.record r WHERE r.kind = p.kind AND r.id = p.record_id)
    ), never AS (
        SELECT f.record_id FROM refused f
        WHERE f.value ->> 'enquiry_id' = ANY (ids) OR f.value ->> 'resident_id' = ANY (ids)
        UNION
        SELECT f.record_id FROM refused f JOIN never n ON f.value ->> 'enquiry_id' = n.record_id
    )
    SELECT n.record_id FROM never n
$$;

-- The hashes of bytes that these records speak of, or ever did, and no other does.
CREATE OR REPLACE FUNCTION hub.only_theirs(ids text[]) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH said AS (
        SELECT h FROM hub.record r, hub.hashes_of(r.fields) h WHERE r.id = ANY (ids)
        UNION
        SELECT h FROM hub.op o, hub.hashes_of(o.value) h WHERE o.record_id = ANY (ids) AND o.verb = 'create'
    )
    SELECT coalesce(array_agg(s.h), '{}') FROM said s
    WHERE s.h NOT IN (
        SELECT h FROM hub.record r, hub.hashes_of(r.fields) h
        WHERE r.kind IN ('mail', 'outgoing') AND NOT r.deleted AND NOT r.id = ANY (ids)
    )
$$;

-- Blanks a record, all that hangs on it and what the log holds of them, wherever they ever were; how many records.
-- Everybody is told of it by the council's own scope: a laptop may hold words it was refused, or lost the scope they were in.
CREATE OR REPLACE FUNCTION hub.erase(of_kind text, of_id text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    seq bigint;
    kinds text[];
    ids text[];
    spoken_of text[];
    hashes text[];
BEGIN
    PERFORM hub.must_administer();
    seq := hub.enter('erase', of_kind, of_id, '{}');
    SELECT array_agg(f.of_kind), array_agg(f.of_id) INTO kinds, ids FROM hub.family(erase.of_kind, erase.of_id) f;
    IF ids IS NULL THEN
        RAISE EXCEPTION 'no such record' USING ERRCODE = 'HB013';
    END IF;
    spoken_of := ids || ARRAY(SELECT hub.never_made(ids));
    hashes := hub.only_theirs(spoken_of);
    UPDATE hub.record r
    SET fields = '{}', heads = '{}', deleted = true, erased_at = now(), at = now(), hub_seq = seq
    FROM unnest(kinds, ids) AS f (kind, id) WHERE r.kind = f.kind AND r.id = f.id;
    UPDATE hub.op o SET value = NULL, replaced = NULL, salt = NULL, erased_seq = seq
    WHERE o.record_id = ANY (spoken_of) AND o.verb <> 'erase' AND o.kind NOT IN ('account', 'hub') AND o.salt IS NOT NULL;
    UPDATE hub.gone g SET hub_seq = seq, at = now(), erased = true
    FROM unnest(kinds, ids) AS f (kind, id) WHERE g.kind = f.kind AND g.id = f.id;
    INSERT INTO hub.gone (scope_id, kind, id, hub_seq, erased)
    SELECT m.council_id, r.kind, r.id, seq, true FROM hub.meta m, unnest(kinds, ids) AS f (kind, id)
    JOIN hub.record r ON r.kind = f.kind AND r.id = f.id
    WHERE r.scope_id <> m.council_id
    ON CONFLICT DO NOTHING;
    DELETE FROM hub.blob b WHERE b.sha256 = ANY (hashes);
    INSERT INTO hub.erased_blob AS e (sha256) SELECT unnest(hashes) ON CONFLICT (sha256) DO UPDATE SET at = now();
    RETURN cardinality(ids);
END $$;

-- Care ----------------------------------------------------------------------------------------------------------------

-- After a restore from a back-up: laptops send again what was lost and read everything anew.
CREATE OR REPLACE FUNCTION hub.restored() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
    PERFORM hub.must_administer();
    UPDATE hub.meta SET epoch_head = (SELECT c.v FROM hub.clock c), epoch = epoch + 1;
    PERFORM hub.enter('restored', 'hub', 'hub', '{}');
    RETURN (SELECT m.epoch FROM hub.meta m);
END $$;

-- Lets go of tombstones that are older than any laptop may be.
CREATE OR REPLACE FUNCTION hub.tidy() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    oldest timestamptz := now() - make_interval(days => (SELECT m.tombstone_days FROM hub.meta m));
    moved bigint;
    dead bigint;
BEGIN
    PERFORM hub.must_administer();
    PERFORM hub.enter('tidy', 'hub', 'hub', '{}');
    DELETE FROM hub.gone g WHERE g.at < oldest AND NOT g.erased;      -- who was erased is told however late
    GET DIAGNOSTICS moved = ROW_COUNT;
    DELETE FROM hub.record r WHERE r.deleted AND r.erased_at IS NULL AND r.at < oldest;
    GET DIAGNOSTICS dead = ROW_COUNT;
    DELETE FROM hub.erased_blob e WHERE e.at < oldest;
    RETURN moved + dead;
END $$;
