-- Ops come in here, one batch a transaction, and each is accepted or answered with what stands instead.

CREATE OR REPLACE FUNCTION hub.asking(mine hub.account) RETURNS hub.asker
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT ROW(
        mine.login, mine.person_id, mine.role,
        coalesce(array_agg(g.scope_id) FILTER (WHERE g.can_write), '{}'), coalesce(array_agg(g.scope_id), '{}')
    )::hub.asker
    FROM hub.my_grants() g
$$;

CREATE OR REPLACE FUNCTION hub.may_write(a hub.asker, scope text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN scope = ANY (a.writes);
END $$;

-- The fields whose elements come and go one by one.
CREATE OR REPLACE FUNCTION hub.is_set(kind text, field text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE kind
        WHEN 'enquiry' THEN field IN ('flags', 'tags')
        WHEN 'council' THEN field = 'adopted'
        WHEN 'mail' THEN field = 'unfiled_from'
        ELSE false
    END;
END $$;

-- The field that says whose a record is, where it can be changed.
CREATE OR REPLACE FUNCTION hub.moving_field(kind text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE
        WHEN kind = 'enquiry' THEN 'raised_by'
        WHEN kind = 'resident' THEN 'councillor_id'
        WHEN kind IN ('entry', 'suggestion', 'mail', 'outgoing') THEN 'enquiry_id'
        WHEN kind IN ('ward', 'councillor', 'support_officer', 'service_area', 'outside_body') THEN 'council_id'
        WHEN kind = 'council' THEN 'id'
    END;
END $$;

-- Whose a record with these fields is; null where that cannot be told.
CREATE OR REPLACE FUNCTION hub.home(a hub.asker, kind text, fields jsonb, OUT scope text, OUT parent text, OUT erased boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whose text := fields ->> hub.moving_field(kind);
BEGIN
    erased := false;
    IF hub.moving_field(kind) <> 'enquiry_id' THEN
        scope := whose;
    ELSIF whose IS NOT NULL THEN
        parent := whose;
        SELECT r.scope_id, r.erased_at IS NOT NULL INTO scope, erased
        FROM hub.record r WHERE r.kind = 'enquiry' AND r.id = whose;
    ELSIF kind = 'mail' THEN
        scope := CASE WHEN a.role = 'councillor' THEN a.person_id ELSE 'tray' END;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hub.reference_taken(kind text, id text, fields jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN kind = 'enquiry' AND EXISTS (
        SELECT FROM hub.record r
        WHERE r.kind = 'enquiry' AND r.fields ->> 'reference' = reference_taken.fields ->> 'reference'
            AND r.id <> reference_taken.id
    );
END $$;

-- Whether somebody on another device changed the record after its author had looked.
CREATE OR REPLACE FUNCTION hub.changed_elsewhere(device text, r hub.record, seen bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM hub.op p WHERE p.record_id = r.id AND p.kind = r.kind AND p.hub_seq > seen
            AND p.device <> changed_elsewhere.device AND p.outcome = 'accepted'
            AND (p.verb <> 'create' OR p.op_id = r.heads ->> '')
    )
$$;

-- Keeps the value that did not stand until a person has settled it.
CREATE OR REPLACE FUNCTION hub.note_conflict(
    seq bigint, r hub.record, field text, kept jsonb, lost jsonb, lost_op text, by text
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO hub.record (kind, id, scope_id, parent, hub_seq, fields, heads)
    VALUES (
        'conflict', lost_op, r.scope_id, coalesce(r.parent, r.id), seq,
        jsonb_build_object(
            'scope_id', r.scope_id, 'record_kind', r.kind, 'record_id', r.id, 'field', field, 'kept', kept,
            'lost', lost, 'lost_op', lost_op, 'by', by, 'settled', NULL,
            'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        ),
        jsonb_build_object('', lost_op)
    )
$$;

CREATE OR REPLACE FUNCTION hub.resident_erased(kind text, resident_id text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN kind = 'enquiry' AND EXISTS (
        SELECT FROM hub.record r WHERE r.kind = 'resident' AND r.id = resident_id AND r.erased_at IS NOT NULL
    );
END $$;

CREATE OR REPLACE FUNCTION hub.make(
    a hub.asker, seq bigint, r hub.record, op_id text, kind text, record_id text, value jsonb,
    OUT outcome text, OUT reason text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    home record;
BEGIN
    reason := '';
    IF r.id IS NOT NULL THEN
        outcome := CASE
            WHEN NOT hub.may_write(a, r.scope_id) THEN 'denied'
            WHEN r.erased_at IS NOT NULL THEN 'erased'
            WHEN r.kind = 'conflict' THEN 'denied'
            ELSE 'accepted'
        END;
        RETURN;
    END IF;
    IF hub.moving_field(kind) IS NULL OR jsonb_typeof(value) <> 'object' OR value ->> 'id' IS DISTINCT FROM record_id THEN
        outcome := CASE kind WHEN 'conflict' THEN 'denied' ELSE 'illegal' END;
        reason := 'record';
        RETURN;
    END IF;
    home := hub.home(a, kind, value);
    IF home.scope IS NULL OR NOT hub.may_write(a, home.scope) THEN
        outcome := 'denied';
        reason := 'scope';
    ELSIF home.erased OR hub.resident_erased(kind, value ->> 'resident_id') THEN
        outcome := 'erased';
    ELSIF hub.reference_taken(kind, record_id, value) THEN
        outcome := 'denied';
        reason := 'reference';
    ELSE
        outcome := 'accepted';
        INSERT INTO hub.record (kind, id, scope_id, parent, hub_seq, fields, heads)
        VALUES (kind, record_id, home.scope, home.parent, seq, value, jsonb_build_object('', op_id));
        IF kind = 'councillor' THEN
            INSERT INTO hub.scope VALUES (record_id, seq) ON CONFLICT DO NOTHING;
        END IF;
    END IF;
END $$;

-- Whether two laptops made the same record, each seeing the value that stands: then neither op came first.
CREATE OR REPLACE FUNCTION hub.is_twin(r hub.record, base text, field text, current jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT r.heads ? field AND EXISTS (
        SELECT FROM hub.op p WHERE p.op_id = base AND p.verb = 'create' AND p.record_id = r.id AND p.kind = r.kind
            AND p.outcome = 'accepted' AND coalesce(p.value -> field, 'null') = current
    )
$$;

-- What becomes of setting a field whose newest value its author may or may not have seen.
CREATE OR REPLACE FUNCTION hub.weigh(
    a hub.asker, device text, r hub.record, field text, current jsonb, value jsonb, base text, seen bigint,
    OUT outcome text, OUT reason text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    reason := '';
    outcome := 'accepted';
    IF value = current THEN
        RETURN;
    END IF;
    IF base IS DISTINCT FROM coalesce(r.heads ->> field, r.heads ->> '') AND NOT hub.is_twin(r, base, field, current) THEN
        outcome := 'conflict';
    ELSIF r.kind = 'enquiry' AND field = 'status' THEN
        IF NOT EXISTS (SELECT FROM hub.step s WHERE s.was = current #>> '{}' AND s.becomes = value #>> '{}') THEN
            outcome := 'illegal';
            reason := 'step';
        ELSIF value = '"closed"' AND hub.changed_elsewhere(device, r, seen) THEN
            outcome := 'conflict';
        END IF;
    ELSIF field = 'resident_id' AND hub.resident_erased(r.kind, value #>> '{}') THEN
        outcome := 'erased';
    ELSIF field = 'reference' AND hub.reference_taken(r.kind, r.id, jsonb_build_object('reference', value)) THEN
        outcome := 'denied';
        reason := 'reference';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hub.set_field(
    a hub.asker, seq bigint, device text, r hub.record, op_id text, field text, value jsonb, base text, author text,
    seen bigint, OUT outcome text, OUT reason text, OUT replaced jsonb
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    current jsonb := coalesce(r.fields -> field, 'null');
    home record;
    scope text := r.scope_id;
    mother text := r.parent;
BEGIN
    SELECT w.outcome, w.reason INTO outcome, reason
    FROM hub.weigh(a, device, r, field, current, value, base, seen) w;
    IF outcome = 'conflict' AND r.kind <> 'conflict' THEN
        PERFORM hub.note_conflict(seq, r, field, current, value, op_id, coalesce(author, a.person_id));
    END IF;
    IF outcome <> 'accepted' THEN
        RETURN;
    END IF;
    IF field = hub.moving_field(r.kind) AND value <> current THEN
        home := hub.home(a, r.kind, r.fields || jsonb_build_object(field, value));
        IF home.scope IS NULL OR NOT hub.may_write(a, home.scope) THEN
            outcome := 'denied';
            reason := 'scope';
            RETURN;
        ELSIF home.erased THEN
            outcome := 'erased';
            RETURN;
        END IF;
        scope := home.scope;
        mother := home.parent;
    END IF;
    replaced := current;
    UPDATE hub.record x
    SET fields = x.fields || jsonb_build_object(field, value), heads = x.heads || jsonb_build_object(field, op_id),
        hub_seq = seq, scope_id = scope, parent = mother, deleted = false
    WHERE x.kind = r.kind AND x.id = r.id;
    IF scope <> r.scope_id OR mother IS DISTINCT FROM r.parent THEN
        PERFORM hub.follow(seq, r.kind, r.id, r.scope_id, scope, mother);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hub.alter_set(
    seq bigint, r hub.record, op_id text, verb text, field text, value jsonb, OUT outcome text, OUT replaced jsonb
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    element text := value #>> '{}';
    current jsonb := CASE jsonb_typeof(r.fields -> field) WHEN 'array' THEN r.fields -> field ELSE '[]' END;
    becomes jsonb := current - element;
BEGIN
    outcome := 'accepted';
    IF verb = 'add' THEN
        becomes := CASE WHEN current ? element THEN current ELSE current || to_jsonb(element) END;
    END IF;
    replaced := current;
    UPDATE hub.record x
    SET fields = x.fields || jsonb_build_object(field, becomes), hub_seq = seq, deleted = false,
        heads = x.heads || jsonb_build_object(field || '/' || element, op_id)
    WHERE x.kind = r.kind AND x.id = r.id;
END $$;

CREATE OR REPLACE FUNCTION hub.take_away(
    a hub.asker, seq bigint, device text, r hub.record, op_id text, author text, seen bigint, OUT outcome text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF hub.changed_elsewhere(device, r, seen) THEN
        outcome := 'conflict';
        PERFORM hub.note_conflict(seq, r, '', 'null', 'null', op_id, coalesce(author, a.person_id));
    ELSE
        outcome := 'accepted';
        UPDATE hub.record x SET deleted = true, hub_seq = seq, at = now(), heads = x.heads || jsonb_build_object('deleted', op_id)
        WHERE x.kind = r.kind AND x.id = r.id;
    END IF;
END $$;

-- Whether an op on a record that is here may be weighed at all; null where it may.
CREATE OR REPLACE FUNCTION hub.objection(
    a hub.asker, r hub.record, verb text, field text, value jsonb, seen bigint, OUT outcome text, OUT reason text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    reason := '';
    IF r.id IS NULL THEN
        outcome := 'denied';
        reason := 'unknown';
    ELSIF NOT hub.may_write(a, r.scope_id) THEN
        outcome := 'denied';
        reason := 'scope';
    ELSIF r.erased_at IS NOT NULL THEN
        outcome := 'erased';
    ELSIF r.kind = 'entry' THEN
        outcome := 'illegal';
        reason := 'entry';
    ELSIF r.kind = 'conflict' AND NOT (
        verb = 'set' AND field = 'settled' AND value IN ('"kept"'::jsonb, '"lost"', 'null')
    ) THEN
        outcome := 'illegal';
        reason := 'conflict';
    ELSIF r.deleted AND verb = 'delete' THEN
        outcome := 'accepted';
    ELSIF verb IN ('add', 'remove') AND (NOT hub.is_set(r.kind, field) OR jsonb_typeof(value) <> 'string') THEN
        outcome := 'illegal';
        reason := 'field';
    ELSIF verb = 'set' AND (hub.is_set(r.kind, field) OR field IN ('', 'id')) THEN
        outcome := 'illegal';
        reason := 'field';
    ELSIF verb NOT IN ('set', 'add', 'remove', 'delete') THEN
        outcome := 'illegal';
        reason := 'verb';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hub.decide(
    a hub.asker, seq bigint, device text, r hub.record, op_id text, verb text, kind text, record_id text, field text,
    value jsonb, base text, author text, seen bigint, OUT outcome text, OUT reason text, OUT replaced jsonb
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF verb = 'create' THEN
        SELECT m.outcome, m.reason INTO outcome, reason FROM hub.make(a, seq, r, op_id, kind, record_id, value) m;
        RETURN;
    END IF;
    SELECT b.outcome, b.reason INTO outcome, reason FROM hub.objection(a, r, verb, field, value, seen) b;
    IF outcome IS NOT NULL THEN
        RETURN;
    END IF;
    IF r.deleted THEN
        PERFORM hub.note_conflict(
            seq, r, '', 'null', 'null', r.heads ->> 'deleted',
            (SELECT p.author FROM hub.op p WHERE p.op_id = r.heads ->> 'deleted')
        );
        UPDATE hub.record x SET deleted = false, hub_seq = seq, heads = x.heads - 'deleted'
        WHERE x.kind = r.kind AND x.id = r.id;
    END IF;
    IF verb = 'set' THEN
        SELECT s.outcome, s.reason, s.replaced INTO outcome, reason, replaced
        FROM hub.set_field(a, seq, device, r, op_id, field, value, base, author, seen) s;
    ELSIF verb = 'delete' THEN
        SELECT t.outcome INTO outcome FROM hub.take_away(a, seq, device, r, op_id, author, seen) t;
    ELSE
        SELECT e.outcome, e.replaced INTO outcome, replaced FROM hub.alter_set(seq, r, op_id, verb, field, value) e;
    END IF;
END $$;

-- How a record stands, for an account that may see it.
CREATE OR REPLACE FUNCTION hub.row_now(a hub.asker, kind text, record_id text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
        'kind', r.kind, 'id', r.id, 'scope_id', r.scope_id, 'hub_seq', r.hub_seq,
        'fields', CASE WHEN r.deleted THEN '{}' ELSE r.fields END,
        'heads', CASE WHEN r.deleted THEN '{}' ELSE r.heads END,
        'gone', r.deleted, 'erased', r.erased_at IS NOT NULL
    )
    FROM hub.record r
    WHERE r.kind = row_now.kind AND r.id = row_now.record_id AND r.scope_id = ANY (a.sees)
$$;

CREATE OR REPLACE FUNCTION hub.push(device text, client_schema integer, batch jsonb)
RETURNS TABLE (op text, became text, number bigint, why text, stands jsonb)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    c hub.clock;
    a hub.asker;
    o record;
    r hub.record;
    n integer := 0;
    replaced jsonb;
BEGIN
    PERFORM hub.shake_hands(client_schema);
    IF jsonb_typeof(batch) <> 'array' OR jsonb_array_length(batch) > 500 OR device !~ '^[\x21-\x7e]{1,64}$' THEN
        RAISE EXCEPTION 'nonsense' USING ERRCODE = 'HB006';
    END IF;
    PERFORM hub.my_account();
    c := hub.next_seq();
    a := hub.asking(hub.my_account());
    FOR o IN
        SELECT t.id, t.verb, t.kind, t.record_id, t.field, coalesce(t.value, 'null') AS value, t.base, t.author,
            t.made_at, coalesce(t.seen, 0) AS seen
        FROM jsonb_to_recordset(batch) AS t (
            id text, verb text, kind text, record_id text, field text, value jsonb, base text, author text,
            made_at timestamptz, seen bigint
        )
    LOOP
        op := o.id;
        SELECT p.outcome, p.hub_seq, p.reason INTO became, number, why FROM hub.op p WHERE p.op_id = o.id;
        IF NOT FOUND THEN
            IF concat_ws(' ', o.id, o.verb, o.kind, o.record_id) !~ '^[!-~]{1,64} [a-z]{1,9} [a-z_]{1,32} [!-~]{1,64}$'
                OR o.field IS NULL OR length(o.field) > 64
            THEN
                RAISE EXCEPTION 'nonsense' USING ERRCODE = 'HB006';
            END IF;
            SELECT * INTO r FROM hub.record x WHERE x.kind = o.kind AND x.id = o.record_id;
            SELECT d.outcome, d.reason, d.replaced INTO became, why, replaced
            FROM hub.decide(
                a, c.v, device, r, o.id, o.verb, o.kind, o.record_id, o.field, o.value, o.base, o.author, o.seen
            ) d;
            number := c.v;
            why := coalesce(why, '');
            IF o.kind = 'councillor' AND o.verb = 'create' THEN
                a := hub.asking(hub.my_account());
            END IF;
            c.chain := hub.log(
                c, n, device, o.id, o.verb, o.kind, o.record_id, o.field,
                CASE became WHEN 'erased' THEN NULL ELSE o.value END, o.base, o.author, o.made_at, o.seen,
                became, why, replaced
            );
            n := n + 1;
        END IF;
        stands := CASE WHEN became <> 'accepted' THEN hub.row_now(a, o.kind, o.record_id) END;
        RETURN NEXT;
    END LOOP;
    UPDATE hub.clock k SET chain = c.chain WHERE k.one;
END $$;
