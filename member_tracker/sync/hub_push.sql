-- Ops come in here, one batch a transaction, and each is accepted or answered with what stands instead.

CREATE OR REPLACE FUNCTION hub.asking(mine hub.account) RETURNS hub.asker
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT ROW(
        mine.login, mine.person_id, mine.role,
        coalesce(array_agg(g.scope_id) FILTER (WHERE g.can_write), '{}'), coalesce(array_agg(g.scope_id), '{}'),
        (SELECT m.council_id FROM hub.meta m)
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

-- Whose a record with these fields is; null where that cannot be told or cannot be.
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
    -- What everybody reads holds no casework, and is found nowhere else.
    IF (kind IN ('enquiry', 'resident') AND scope IN (a.council_id, 'tray')) OR (scope <> a.council_id
        AND kind IN ('council', 'ward', 'councillor', 'support_officer', 'service_area', 'outside_body'))
    THEN
        scope := NULL;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hub.reference_taken(id text, reference text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM hub.record r
        WHERE r.kind = 'enquiry' AND r.fields ->> 'reference' = reference AND r.id <> reference_taken.id
    );
END $$;

-- Whether somebody on another device changed the record after its author had looked.
CREATE OR REPLACE FUNCTION hub.changed_elsewhere(device text, r hub.record, seen bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM hub.op p WHERE p.record_id = r.id AND p.kind = r.kind AND p.hub_seq > changed_elsewhere.seen
            AND p.device <> changed_elsewhere.device AND p.outcome = 'accepted'
            AND (p.verb <> 'create' OR p.op_id = r.heads ->> '')
    )
$$;

-- A moment as records hold it.
CREATE OR REPLACE FUNCTION hub.moment(at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- Keeps the value that did not stand until a person has settled it, and who wrote the one that does.
CREATE OR REPLACE FUNCTION hub.note_conflict(
    seq bigint, r hub.record, field text, kept jsonb, lost jsonb, lost_op text, by text
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO hub.record (kind, id, scope_id, parent, hub_seq, fields, heads)
    SELECT
        'conflict', lost_op, r.scope_id, coalesce(r.parent, r.id), seq,
        jsonb_build_object(
            'scope_id', r.scope_id, 'record_kind', r.kind, 'record_id', r.id, 'field', field, 'kept', kept,
            'lost', lost, 'lost_op', lost_op, 'by', by, 'settled', NULL, 'at', hub.moment(now()),
            'kept_by', stands.author, 'kept_at', hub.moment(stands.at)
        ),
        jsonb_build_object('', lost_op)
    FROM (SELECT) one LEFT JOIN LATERAL (
        SELECT coalesce(p.author, a.person_id) AS author, p.at
        FROM hub.op p LEFT JOIN hub.account a ON a.login = p.login
        WHERE note_conflict.field <> '' AND p.op_id = coalesce(r.heads ->> note_conflict.field, r.heads ->> '')
    ) stands ON true
$$;

CREATE OR REPLACE FUNCTION hub.resident_erased(resident_id text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM hub.record r WHERE r.kind = 'resident' AND r.id = resident_id AND r.erased_at IS NOT NULL
    );
END $$;

CREATE OR REPLACE FUNCTION hub.verdict(outcome text, reason text DEFAULT '') RETURNS hub.verdict
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN ROW(outcome, reason, NULL, NULL, false)::hub.verdict;
END $$;

CREATE OR REPLACE FUNCTION hub.make(
    a hub.asker, seq bigint, r hub.record, op_id text, kind text, record_id text, value jsonb
) RETURNS hub.verdict
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    home record;
    v hub.verdict := hub.verdict('accepted');
BEGIN
    IF r.id IS NOT NULL THEN
        -- It is here already, and who may not see it learns no more than if it had been made.
        RETURN hub.verdict(CASE WHEN r.erased_at IS NOT NULL THEN 'erased' ELSE 'accepted' END);
    ELSIF kind = 'conflict' THEN
        RETURN hub.verdict('denied', 'record');
    ELSIF hub.moving_field(kind) IS NULL OR jsonb_typeof(value) <> 'object' OR value ->> 'id' IS DISTINCT FROM record_id THEN
        RETURN hub.verdict('illegal', 'record');
    END IF;
    home := hub.home(a, kind, value);
    IF home.scope IS NULL OR NOT hub.may_write(a, home.scope) THEN
        RETURN hub.verdict('denied', 'scope');
    ELSIF home.erased OR (kind = 'enquiry' AND hub.resident_erased(value ->> 'resident_id')) THEN
        RETURN hub.verdict('erased');
    ELSIF kind = 'enquiry' AND hub.reference_taken(record_id, value ->> 'reference') THEN
        RETURN hub.verdict('denied', 'reference');
    END IF;
    INSERT INTO hub.record (kind, id, scope_id, parent, hub_seq, fields, heads)
    VALUES (kind, record_id, home.scope, home.parent, seq, value - 'id', jsonb_build_object('', op_id)) RETURNING * INTO r;
    v.after := r;
    IF kind = 'councillor' THEN
        INSERT INTO hub.scope VALUES (record_id, seq) ON CONFLICT DO NOTHING;
    END IF;
    v.is_kept := true;
    RETURN v;
END $$;

-- Whether two laptops made the same record, each seeing the value that stands: then neither op came first.
CREATE OR REPLACE FUNCTION hub.is_twin(r hub.record, base text, field text, current jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT r.heads ? field AND EXISTS (
        SELECT FROM hub.op p WHERE p.op_id = is_twin.base AND p.verb = 'create' AND p.record_id = r.id AND p.kind = r.kind
            AND p.outcome = 'accepted' AND coalesce(p.value -> is_twin.field, 'null') = current
    )
$$;

-- What becomes of setting a field whose newest value its author may or may not have seen.
CREATE OR REPLACE FUNCTION hub.weigh(
    device text, r hub.record, field text, current jsonb, value jsonb, base text, seen bigint
) RETURNS hub.verdict
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value = current THEN
        RETURN hub.verdict('accepted');
    ELSIF base IS DISTINCT FROM coalesce(r.heads ->> field, r.heads ->> '') AND NOT hub.is_twin(r, base, field, current) THEN
        RETURN hub.verdict('conflict');
    ELSIF r.kind <> 'enquiry' THEN
        RETURN hub.verdict('accepted');
    END IF;
    CASE field
        WHEN 'status' THEN
            IF NOT EXISTS (SELECT FROM hub.step s WHERE s.was = current #>> '{}' AND s.becomes = value #>> '{}') THEN
                RETURN hub.verdict('illegal', 'step');
            ELSIF value = '"closed"' AND hub.changed_elsewhere(device, r, seen) THEN
                RETURN hub.verdict('conflict');
            END IF;
        WHEN 'resident_id' THEN
            IF hub.resident_erased(value #>> '{}') THEN
                RETURN hub.verdict('erased');
            END IF;
        WHEN 'reference' THEN
            IF hub.reference_taken(r.id, value #>> '{}') THEN
                RETURN hub.verdict('denied', 'reference');
            END IF;
        ELSE
            NULL;
    END CASE;
    RETURN hub.verdict('accepted');
END $$;

-- Keeps a record as it now is.
CREATE OR REPLACE FUNCTION hub.put(r hub.record) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE hub.record x
    SET scope_id = r.scope_id, parent = r.parent, hub_seq = r.hub_seq, fields = r.fields, heads = r.heads,
        deleted = r.deleted, at = r.at
    WHERE x.kind = r.kind AND x.id = r.id;
END $$;

CREATE OR REPLACE FUNCTION hub.set_field(
    a hub.asker, seq bigint, device text, r hub.record, op_id text, field text, value jsonb, base text, author text,
    seen bigint
) RETURNS hub.verdict
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- A field nothing was said of is empty, in whichever way one of its type is; whose a record is cannot be.
    current jsonb := coalesce(
        r.fields -> field,
        CASE WHEN value IN ('""', '0', 'false', '[]', '{}') AND field <> hub.moving_field(r.kind) THEN value END,
        'null'
    );
    v hub.verdict := hub.weigh(device, r, field, current, value, base, seen);
    home record;
    left_scope text := r.scope_id;
BEGIN
    IF v.outcome = 'conflict' AND r.kind <> 'conflict' THEN
        PERFORM hub.note_conflict(seq, r, field, current, value, op_id, coalesce(author, a.person_id));
    END IF;
    IF v.outcome <> 'accepted' THEN
        RETURN v;
    END IF;
    IF field = hub.moving_field(r.kind) AND value <> current THEN
        home := hub.home(a, r.kind, r.fields || jsonb_build_object(field, value));
        IF home.scope IS NULL OR NOT hub.may_write(a, home.scope) THEN
            RETURN hub.verdict('denied', 'scope');
        ELSIF home.erased THEN
            RETURN hub.verdict('erased');
        END IF;
        r.scope_id := home.scope;
        r.parent := home.parent;
        v.is_kept := true;
    END IF;
    v.replaced := current;
    r.fields := r.fields || jsonb_build_object(field, value);
    r.heads := r.heads || jsonb_build_object(field, op_id);
    r.hub_seq := seq;
    v.after := r;
    IF v.is_kept THEN
        PERFORM hub.put(r);
        PERFORM hub.follow(seq, r.kind, r.id, left_scope, r.scope_id, r.parent);
    END IF;
    RETURN v;
END $$;

CREATE OR REPLACE FUNCTION hub.alter_set(seq bigint, r hub.record, op_id text, verb text, field text, value jsonb)
RETURNS hub.verdict
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v hub.verdict := hub.verdict('accepted');
    element text := value #>> '{}';
    current jsonb := CASE jsonb_typeof(r.fields -> field) WHEN 'array' THEN r.fields -> field ELSE '[]' END;
    becomes jsonb := current - element;
BEGIN
    IF verb = 'add' THEN
        becomes := CASE WHEN current ? element THEN current ELSE current || to_jsonb(element) END;
    END IF;
    v.replaced := current;
    r.fields := r.fields || jsonb_build_object(field, becomes);
    r.heads := r.heads || jsonb_build_object(field || '/' || element, op_id);
    r.hub_seq := seq;
    v.after := r;
    RETURN v;
END $$;

CREATE OR REPLACE FUNCTION hub.take_away(
    a hub.asker, seq bigint, device text, r hub.record, op_id text, author text, seen bigint
) RETURNS hub.verdict
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v hub.verdict := hub.verdict('accepted');
BEGIN
    IF hub.changed_elsewhere(device, r, seen) THEN
        PERFORM hub.note_conflict(seq, r, '', 'null', 'null', op_id, coalesce(author, a.person_id));
        RETURN hub.verdict('conflict');
    END IF;
    r.deleted := true;
    r.hub_seq := seq;
    r.at := now();
    r.heads := r.heads || jsonb_build_object('deleted', op_id);
    v.after := r;
    RETURN v;
END $$;

-- Why an op on a record may not be weighed at all; null where it may.
CREATE OR REPLACE FUNCTION hub.objection(a hub.asker, r hub.record, verb text, field text, value jsonb) RETURNS hub.verdict
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF r.id IS NULL THEN
        RETURN hub.verdict('denied', 'scope');
    ELSIF NOT hub.may_write(a, r.scope_id) THEN
        RETURN hub.verdict('denied', 'scope');
    ELSIF r.erased_at IS NOT NULL THEN
        RETURN hub.verdict('erased');
    ELSIF r.kind = 'entry' THEN
        RETURN hub.verdict('illegal', 'entry');
    ELSIF r.deleted AND verb = 'delete' THEN
        RETURN hub.verdict('accepted');
    ELSIF r.kind = 'conflict' AND NOT (
        verb = 'set' AND field = 'settled' AND value IN ('"kept"'::jsonb, '"lost"', 'null')
    ) THEN
        RETURN hub.verdict('illegal', 'conflict');
    END IF;
    CASE verb
        WHEN 'set' THEN
            RETURN CASE WHEN field IN ('', 'id') OR hub.is_set(r.kind, field) THEN hub.verdict('illegal', 'field') END;
        WHEN 'add', 'remove' THEN
            RETURN CASE WHEN NOT hub.is_set(r.kind, field) OR jsonb_typeof(value) <> 'string'
                THEN hub.verdict('illegal', 'field') END;
        WHEN 'delete' THEN
            RETURN NULL;
        ELSE
            RETURN hub.verdict('illegal', 'verb');
    END CASE;
END $$;

-- An edit of what had been taken away brings it back; whoever took it away is told.
CREATE OR REPLACE FUNCTION hub.bring_back(seq bigint, r hub.record) RETURNS hub.record
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.note_conflict(
        seq, r, '', 'null', 'null', p.op_id, p.author
    ) FROM hub.op p WHERE p.op_id = r.heads ->> 'deleted';
    r.deleted := false;
    r.hub_seq := seq;
    r.heads := r.heads - 'deleted';
    PERFORM hub.put(r);
    RETURN r;
END $$;

CREATE OR REPLACE FUNCTION hub.decide(
    a hub.asker, seq bigint, device text, r hub.record, op_id text, verb text, kind text, record_id text, field text,
    value jsonb, base text, author text, seen bigint
) RETURNS hub.verdict
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v hub.verdict;
    revived boolean := r.deleted;
BEGIN
    IF verb = 'create' THEN
        RETURN hub.make(a, seq, r, op_id, kind, record_id, value);
    END IF;
    v := hub.objection(a, r, verb, field, value);
    IF v.outcome IS NOT NULL THEN
        RETURN v;
    END IF;
    IF revived THEN
        r := hub.bring_back(seq, r);
    END IF;
    v := CASE verb
        WHEN 'set' THEN hub.set_field(a, seq, device, r, op_id, field, value, base, author, seen)
        WHEN 'delete' THEN hub.take_away(a, seq, device, r, op_id, author, seen)
        ELSE hub.alter_set(seq, r, op_id, verb, field, value)
    END;
    IF revived AND v.after IS NULL THEN
        v.after := r;
        v.is_kept := true;
    END IF;
    RETURN v;
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

-- Whether an op speaks of somebody who was erased: then its words are not even kept in the log. That goes, too, for what
-- hangs on a record that was not made because of it, of which nothing is known but its op without a word.
CREATE OR REPLACE FUNCTION hub.is_of_erased(kind text, record_id text, field text, value jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said jsonb := CASE WHEN field = '' THEN value ELSE jsonb_build_object(field, value) END;
    ids text[] := ARRAY[is_of_erased.record_id, said ->> 'enquiry_id', said ->> 'resident_id'];
BEGIN
    RETURN EXISTS (
        SELECT FROM hub.record r
        WHERE r.erased_at IS NOT NULL AND (r.kind, r.id) IN (
            (is_of_erased.kind, is_of_erased.record_id), ('enquiry', ids[2]), ('resident', ids[3])
        )
    ) OR EXISTS (
        SELECT FROM hub.op p
        WHERE p.record_id = ANY (ids) AND p.verb = 'create' AND p.outcome <> 'accepted' AND p.value IS NULL
    );
END $$;

-- Whether a batch can be read at all.
CREATE OR REPLACE FUNCTION hub.must_be_readable(device text, batch jsonb) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF jsonb_typeof(batch) <> 'array' OR jsonb_array_length(batch) > 500 OR device !~ '^[!-~]+$' OR length(device) > 64
        OR EXISTS (
            SELECT FROM jsonb_array_elements(batch) e,
                concat_ws(' ', e ->> 'verb', e ->> 'kind', e ->> 'id', e ->> 'record_id') names
            WHERE names !~ '^[a-z]+ [a-z_]+ [!-~]+ [!-~]+$' OR length(names) > 180
                OR e ->> 'field' IS NULL OR e ->> 'field' ~ '[^ -~]' OR length(e ->> 'field') > 64
        )
    THEN
        RAISE EXCEPTION 'nonsense' USING ERRCODE = 'HB006';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hub.push(device text, client_schema integer, batch jsonb)
RETURNS TABLE (op text, became text, number bigint, why text, stands jsonb)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    c hub.clock;
    a hub.asker;
    o record;
    r hub.record;            -- the record in hand: ops on the same one follow each other, and it is written once
    is_written boolean := true;
    v hub.verdict;
    known text[];
    ids text[];
    lines hub.op[] := '{}';
    line hub.op;
    n integer := 0;
BEGIN
    PERFORM hub.shake_hands(client_schema), hub.must_be_readable(device, batch), hub.my_account();
    c := hub.next_seq();
    a := hub.asking(hub.my_account());
    ids := ARRAY(SELECT e ->> 'id' FROM jsonb_array_elements(batch) e);
    known := ARRAY(SELECT p.op_id FROM hub.op p WHERE p.op_id = ANY (ids));
    IF cardinality(ids) <> (SELECT count(DISTINCT i) FROM unnest(ids) i) THEN
        known := ids;        -- one op twice: look each time
    END IF;
    FOR o IN
        SELECT t.id, t.verb, t.kind, t.record_id, t.field, coalesce(t.value, 'null') AS value, t.base, t.author,
            t.made_at, coalesce(t.seen, 0) AS seen
        FROM jsonb_to_recordset(batch) AS t (
            id text, verb text, kind text, record_id text, field text, value jsonb, base text, author text,
            made_at timestamptz, seen bigint
        )
    LOOP
        op := o.id;
        became := NULL;
        IF o.id = ANY (known) THEN
            SELECT p.outcome, p.hub_seq, p.reason INTO became, number, why FROM hub.op p WHERE p.op_id = o.id;
        END IF;
        IF became IS NULL THEN
            IF r.id IS DISTINCT FROM o.record_id OR r.kind <> o.kind THEN
                IF NOT is_written THEN
                    PERFORM hub.put(r);
                    is_written := true;
                END IF;
                SELECT * INTO r FROM hub.record x WHERE x.kind = o.kind AND x.id = o.record_id;
            END IF;
            v := hub.decide(
                a, c.v, device, r, o.id, o.verb, o.kind, o.record_id, o.field, o.value, o.base, o.author, o.seen
            );
            became := v.outcome;
            number := c.v;
            why := v.reason;
            IF (v.after).id IS NOT NULL THEN
                r := v.after;
                is_written := v.is_kept;
            END IF;
            line := hub.line(
                c, n, device, o.id, o.verb, o.kind, o.record_id, o.field,
                CASE WHEN became = 'accepted' OR NOT hub.is_of_erased(o.kind, o.record_id, o.field, o.value)
                    THEN o.value END, o.base, o.author, o.made_at, o.seen,
                became, why, v.replaced
            );
            c.chain := line.chain;
            n := n + 1;
            lines := lines || line;
            -- What somebody may look up in the log before the batch is through is written at once.
            IF cardinality(known) > 0 OR (o.verb = 'create' AND NOT v.is_kept) OR o.verb = 'delete' THEN
                INSERT INTO hub.op SELECT (l).* FROM unnest(lines) l;
                lines := '{}';
            END IF;
            IF o.kind = 'councillor' AND o.verb = 'create' THEN
                a := hub.asking(hub.my_account());
            END IF;
        END IF;
        stands := NULL;
        IF became <> 'accepted' THEN
            IF NOT is_written THEN
                PERFORM hub.put(r);
                is_written := true;
            END IF;
            stands := hub.row_now(a, o.kind, o.record_id);
        END IF;
        RETURN NEXT;
    END LOOP;
    IF NOT is_written THEN
        PERFORM hub.put(r);
    END IF;
    INSERT INTO hub.op SELECT (l).* FROM unnest(lines) l;
    UPDATE hub.clock k SET chain = c.chain WHERE k.one;
END $$;
