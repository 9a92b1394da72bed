-- What the hub decides: whose a record is, whether an op stands, and what changed since. Put in place anew at every
-- upgrade. Everybody's writes go through these functions, which run as the keeper; reading runs as whoever reads.

-- Who asks ------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION hub.my_grants() RETURNS TABLE (scope_id text, can_write boolean, seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT held.scope_id, bool_or(held.can_write), min(held.seq)
    FROM (
        SELECT coalesce(s.scope_id, g.scope_id) AS scope_id, g.can_write, greatest(g.granted_seq, s.seq) AS seq
        FROM hub.account a
        JOIN hub.access_grant g ON g.login = a.login
        LEFT JOIN hub.scope s ON g.scope_id = '*'
        WHERE a.login = session_user AND NOT a.disabled
            AND g.revoked_seq IS NULL AND (g.until IS NULL OR g.until > now())
    ) held
    WHERE held.scope_id <> '*'
    GROUP BY held.scope_id
$$;

CREATE OR REPLACE FUNCTION hub.my_scopes() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(g.scope_id), '{}') FROM hub.my_grants() g
$$;

CREATE OR REPLACE FUNCTION hub.i_administer() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM hub.account a WHERE a.login = session_user AND a.role = 'administrator' AND NOT a.disabled
    )
$$;

-- The account of whoever asks, or a refusal.
CREATE OR REPLACE FUNCTION hub.my_account() RETURNS hub.account
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine hub.account;
BEGIN
    SELECT * INTO mine FROM hub.account a WHERE a.login = session_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no account' USING ERRCODE = 'HB001';
    END IF;
    IF mine.disabled THEN
        RAISE EXCEPTION 'disabled' USING ERRCODE = 'HB002';
    END IF;
    RETURN mine;
END $$;

CREATE OR REPLACE FUNCTION hub.shake_hands(client_schema integer) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    m hub.meta;
BEGIN
    SELECT * INTO STRICT m FROM hub.meta;
    IF client_schema < m.schema_min THEN
        RAISE EXCEPTION 'program too old' USING ERRCODE = 'HB003';
    ELSIF client_schema > m.schema_cur THEN
        RAISE EXCEPTION 'hub too old' USING ERRCODE = 'HB004';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hub.must_see(scope text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.my_account();
    IF NOT scope = ANY (hub.my_scopes()) THEN
        RAISE EXCEPTION 'not granted' USING ERRCODE = 'HB005';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hub.must_write(scope text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.my_account();
    IF NOT EXISTS (SELECT FROM hub.my_grants() g WHERE g.scope_id = scope AND g.can_write) THEN
        RAISE EXCEPTION 'not granted' USING ERRCODE = 'HB005';
    END IF;
END $$;

-- Four characters for references made on a device: the first is 0-F, for those who join no hub draw theirs from G on.
CREATE OR REPLACE FUNCTION hub.draw_code() RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    alphabet CONSTANT text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    drawn bigint;
    made text;
BEGIN
    LOOP
        drawn := ('x' || substr(md5(gen_random_uuid()::text), 1, 8))::bit(32)::bigint;
        made := substr(alphabet, 1 + (drawn & 15)::int, 1) || substr(alphabet, 1 + (drawn >> 4 & 31)::int, 1)
            || substr(alphabet, 1 + (drawn >> 9 & 31)::int, 1) || substr(alphabet, 1 + (drawn >> 14 & 31)::int, 1);
        EXIT WHEN NOT EXISTS (SELECT FROM hub.device d WHERE d.code = made);
    END LOOP;
    RETURN made;
END $$;

CREATE OR REPLACE FUNCTION hub.greet(device text, client_schema integer) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    mine hub.account := hub.my_account();
    code text;
BEGIN
    PERFORM hub.shake_hands(client_schema);
    IF device !~ '^[\x21-\x7e]{1,64}$' THEN
        RAISE EXCEPTION 'nonsense' USING ERRCODE = 'HB006';
    END IF;
    UPDATE hub.device d SET last_at = now(), client_schema = greet.client_schema
    WHERE d.device_id = device AND d.login = mine.login RETURNING d.code INTO code;
    IF NOT FOUND THEN
        INSERT INTO hub.device AS d (device_id, login, code, client_schema)
        VALUES (device, mine.login, hub.draw_code(), greet.client_schema)
        ON CONFLICT (device_id, login) DO UPDATE SET last_at = now() RETURNING d.code INTO code;
    END IF;
    RETURN (
        SELECT jsonb_build_object(
            'hub_id', m.hub_id, 'council_id', m.council_id, 'epoch', m.epoch, 'epoch_head', m.epoch_head,
            'schema_min', m.schema_min, 'schema_cur', m.schema_cur,
            'head', c.v, 'chain', encode(c.chain, 'hex'), 'now', now(),
            'login', mine.login, 'person_id', mine.person_id, 'role', mine.role, 'device', code,
            'lease_days', m.lease_days, 'tombstone_days', m.tombstone_days,
            'grants', (SELECT coalesce(jsonb_agg(to_jsonb(g) ORDER BY g.scope_id), '[]') FROM hub.my_grants() g)
        ) FROM hub.meta m, hub.clock c
    );
END $$;

-- The digest as it was at a number, for a laptop to see that what it saw last is still part of what is here.
CREATE OR REPLACE FUNCTION hub.chain_at(seq bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.my_account();
    RETURN (
        SELECT encode(o.chain, 'hex') FROM hub.op o WHERE o.hub_seq <= seq ORDER BY o.hub_seq DESC, o.n DESC LIMIT 1
    );
END $$;

-- Numbers -------------------------------------------------------------------------------------------------------------

-- Takes the counter row until the transaction ends and gives the next number.
CREATE OR REPLACE FUNCTION hub.next_seq() RETURNS hub.clock
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hub.clock SET v = v + 1, xact = pg_current_xact_id() RETURNING *
$$;

CREATE OR REPLACE FUNCTION hub.must_be_numbered() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM hub.clock c WHERE c.v = NEW.hub_seq AND c.xact = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'the number % is not this transaction''s', NEW.hub_seq USING ERRCODE = 'HB007';
    END IF;
    RETURN NEW;
END $$;

-- What has been written in the log stays; only what an erasure blanks may be blanked.
CREATE OR REPLACE FUNCTION hub.must_stay() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.value IS NULL AND NEW.replaced IS NULL AND NEW.salt IS NULL
            AND (to_jsonb(NEW) - '{value,replaced,salt,erased_seq}'::text[])
                = (to_jsonb(OLD) - '{value,replaced,salt,erased_seq}'::text[])
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the log is not changed' USING ERRCODE = 'HB007';
END $$;

CREATE OR REPLACE TRIGGER numbered BEFORE INSERT OR UPDATE ON hub.record
    FOR EACH ROW EXECUTE FUNCTION hub.must_be_numbered();
CREATE OR REPLACE TRIGGER numbered BEFORE INSERT OR UPDATE ON hub.gone
    FOR EACH ROW EXECUTE FUNCTION hub.must_be_numbered();
CREATE OR REPLACE TRIGGER numbered BEFORE INSERT ON hub.op FOR EACH ROW EXECUTE FUNCTION hub.must_be_numbered();
CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OR DELETE ON hub.op FOR EACH ROW EXECUTE FUNCTION hub.must_stay();

-- A line for the log, tied to the one before.
CREATE OR REPLACE FUNCTION hub.line(
    c hub.clock, n integer, device text, op_id text, verb text, kind text, record_id text, field text, value jsonb,
    base text, author text, made_at timestamptz, seen bigint, outcome text, reason text, replaced jsonb
) RETURNS hub.op
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    salt bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    digest bytea := sha256(salt || convert_to(coalesce(value::text, '') || E'\x1f' || coalesce(replaced::text, ''), 'UTF8'));
BEGIN
    RETURN ROW(
        op_id, c.v, n, device, session_user, verb, kind, record_id, field, value, base, author, made_at, seen,
        outcome, reason, replaced, salt, digest,
        sha256(c.chain || convert_to(concat_ws(
            E'\x1f', op_id, c.v, n, verb, kind, record_id, field, outcome, device, session_user
        ), 'UTF8') || digest),
        now(), NULL
    )::hub.op;
END $$;
