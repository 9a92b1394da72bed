-- What a move takes with it, what changed in a scope since, and the bytes that rows speak of.

-- The bytes a mail speaks of, by hash.
CREATE OR REPLACE FUNCTION hub.hashes_of(fields jsonb) RETURNS SETOF text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT fields ->> 'original' WHERE fields ->> 'original' IS NOT NULL
    UNION SELECT jsonb_array_elements_text(fields -> 'other_originals') WHERE jsonb_typeof(fields -> 'other_originals') = 'array'
    UNION SELECT e ->> 'sha256' FROM jsonb_path_query(fields, 'lax $.attachments[*]') e WHERE e ->> 'sha256' IS NOT NULL
$$;

-- What hangs on a record that has moved goes with it: its conflicts, its bytes and, for an enquiry, everything filed there.
CREATE OR REPLACE FUNCTION hub.follow(seq bigint, kind text, id text, left_scope text, scope text, mother text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved text[][];
    hashes text[];
BEGIN
    UPDATE hub.record x
    SET parent = coalesce(mother, follow.id), hub_seq = seq, scope_id = scope,
        fields = x.fields || jsonb_build_object('scope_id', scope)
    WHERE x.kind = 'conflict' AND x.fields ->> 'record_id' = follow.id AND x.erased_at IS NULL;
    IF scope = left_scope THEN
        RETURN;
    END IF;
    UPDATE hub.record x
    SET hub_seq = seq, scope_id = scope,
        fields = CASE x.kind WHEN 'conflict' THEN x.fields || jsonb_build_object('scope_id', scope) ELSE x.fields END
    WHERE x.parent = follow.id AND x.scope_id = left_scope;
    INSERT INTO hub.gone AS g (scope_id, kind, id, hub_seq)
    SELECT left_scope, x.kind, x.id, seq FROM hub.record x
    WHERE (x.id = follow.id AND x.kind = follow.kind) OR x.parent = follow.id
        OR (x.kind = 'conflict' AND x.fields ->> 'record_id' = follow.id)
    ON CONFLICT ON CONSTRAINT gone_pkey DO UPDATE SET hub_seq = excluded.hub_seq, at = now();
    DELETE FROM hub.gone g USING hub.record x
    WHERE g.scope_id = scope AND g.kind = x.kind AND g.id = x.id
        AND ((x.id = follow.id AND x.kind = follow.kind) OR x.parent = follow.id
            OR (x.kind = 'conflict' AND x.fields ->> 'record_id' = follow.id));
    SELECT array_agg(DISTINCT h) INTO hashes
    FROM hub.record x, hub.hashes_of(x.fields) h
    WHERE x.kind IN ('mail', 'outgoing') AND ((x.id = follow.id AND x.kind = follow.kind) OR x.parent = follow.id);
    PERFORM hub.copy_blobs(left_scope, scope, hashes);
END $$;

CREATE OR REPLACE FUNCTION hub.copy_blobs(left_scope text, scope text, hashes text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM hub.blob b USING hub.blob whole
    WHERE b.scope_id = scope AND b.sha256 = ANY (hashes) AND NOT b.whole
        AND whole.scope_id = left_scope AND whole.sha256 = b.sha256 AND whole.whole;
    WITH made AS (
        INSERT INTO hub.blob (scope_id, sha256, size, whole)
        SELECT scope, b.sha256, b.size, true FROM hub.blob b
        WHERE b.scope_id = left_scope AND b.sha256 = ANY (hashes) AND b.whole
        ON CONFLICT DO NOTHING RETURNING sha256
    )
    INSERT INTO hub.blob_chunk (scope_id, sha256, n, bytes)
    SELECT scope, k.sha256, k.n, k.bytes FROM hub.blob_chunk k JOIN made m ON m.sha256 = k.sha256
    WHERE k.scope_id = left_scope;
END $$;

-- Reading: runs as whoever reads, so that row-level security has the last word. The policy makes a page seem smaller than
-- it is; by a bitmap all that changed would be read and sorted for the first of it, by the index no more than the page.

CREATE OR REPLACE FUNCTION hub.pull(scope text, after bigint, at_most integer)
RETURNS TABLE (kind text, id text, hub_seq bigint, fields jsonb, heads jsonb, gone boolean, erased boolean)
LANGUAGE plpgsql STABLE SECURITY INVOKER
SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off SET work_mem = '32MB' AS $$
#variable_conflict use_column
BEGIN
    PERFORM hub.must_see(scope);
    RETURN QUERY
    (
        SELECT r.kind, r.id, r.hub_seq,
            CASE WHEN r.deleted THEN '{}' ELSE r.fields END, CASE WHEN r.deleted THEN '{}' ELSE r.heads END,
            r.deleted, r.erased_at IS NOT NULL
        FROM hub.record r WHERE r.scope_id = scope AND r.hub_seq > after
        ORDER BY r.hub_seq FETCH FIRST (at_most) ROWS WITH TIES
    )
    UNION ALL
    (
        SELECT g.kind, g.id, g.hub_seq, '{}'::jsonb, '{}'::jsonb, true, g.erased
        FROM hub.gone g WHERE g.scope_id = scope AND g.hub_seq > after
        ORDER BY g.hub_seq FETCH FIRST (at_most) ROWS WITH TIES
    )
    ORDER BY 3 FETCH FIRST (at_most) ROWS WITH TIES;
END $$;

CREATE OR REPLACE FUNCTION hub.tally(scope text, upto bigint, OUT records bigint, OUT total bigint)
LANGUAGE plpgsql STABLE SECURITY INVOKER SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM hub.must_see(scope);
    SELECT count(*), coalesce(sum(r.hub_seq), 0) INTO records, total
    FROM hub.record r WHERE r.scope_id = scope AND r.hub_seq <= upto AND NOT r.deleted;
END $$;

-- Bytes ---------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION hub.missing_blobs(scope text, hashes text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY INVOKER AS $$
BEGIN
    PERFORM hub.must_see(scope);
    RETURN QUERY SELECT h FROM unnest(hashes) h
    WHERE NOT EXISTS (SELECT FROM hub.blob b WHERE b.scope_id = scope AND b.sha256 = h AND b.whole);
END $$;

-- Whether bytes were erased with somebody, and no record of the scope speaks of them for other reasons.
CREATE OR REPLACE FUNCTION hub.is_forgotten(scope text, hash text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM hub.erased_blob e WHERE e.sha256 = hash) AND NOT EXISTS (
        SELECT FROM hub.record r, hub.hashes_of(r.fields) h
        WHERE r.scope_id = scope AND r.kind IN ('mail', 'outgoing') AND NOT r.deleted AND h = hash
    );
END $$;

-- Which pieces are here already, so that a broken-off transfer goes on where it stopped.
CREATE OR REPLACE FUNCTION hub.begin_blob(scope text, hash text, length bigint) RETURNS integer[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
    PERFORM hub.must_write(scope);
    IF hub.is_forgotten(scope, hash) THEN
        RETURN NULL;
    END IF;
    INSERT INTO hub.blob (scope_id, sha256, size) VALUES (scope, hash, length) ON CONFLICT DO NOTHING;
    IF EXISTS (SELECT FROM hub.blob b WHERE b.scope_id = scope AND b.sha256 = hash AND b.whole) THEN
        RETURN NULL;
    END IF;
    DELETE FROM hub.blob b WHERE b.scope_id = scope AND b.sha256 = hash AND b.size <> length;
    INSERT INTO hub.blob (scope_id, sha256, size) VALUES (scope, hash, length) ON CONFLICT DO NOTHING;
    RETURN (
        SELECT coalesce(array_agg(k.n), '{}') FROM hub.blob_chunk k WHERE k.scope_id = scope AND k.sha256 = hash
    );
END $$;

CREATE OR REPLACE FUNCTION hub.put_chunk(scope text, hash text, number integer, piece bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
    PERFORM hub.must_write(scope);
    IF number NOT BETWEEN 0 AND 999 OR length(piece) > 1048576 THEN
        RAISE EXCEPTION 'nonsense' USING ERRCODE = 'HB006';
    END IF;
    IF NOT EXISTS (SELECT FROM hub.blob b WHERE b.scope_id = scope AND b.sha256 = hash AND NOT b.whole) THEN
        RETURN;              -- it is whole, or was erased meanwhile
    END IF;
    INSERT INTO hub.blob_chunk (scope_id, sha256, n, bytes) VALUES (scope, hash, number, piece)
    ON CONFLICT (scope_id, sha256, n) DO UPDATE SET bytes = excluded.bytes;
END $$;

-- Whether the pieces make up what was promised; where they do not, they are thrown away.
CREATE OR REPLACE FUNCTION hub.finish_blob(scope text, hash text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    right_ones boolean;
BEGIN
    PERFORM hub.must_write(scope);
    SELECT b.whole INTO right_ones FROM hub.blob b WHERE b.scope_id = scope AND b.sha256 = hash FOR UPDATE;
    IF hub.is_forgotten(scope, hash) THEN
        DELETE FROM hub.blob b WHERE b.scope_id = scope AND b.sha256 = hash;
        right_ones := true;
    END IF;
    IF right_ones THEN
        RETURN true;
    END IF;
    SELECT encode(sha256(coalesce(string_agg(k.bytes, ''::bytea ORDER BY k.n), ''::bytea)), 'hex') = hash INTO right_ones
    FROM hub.blob_chunk k WHERE k.scope_id = scope AND k.sha256 = hash;
    IF right_ones THEN
        UPDATE hub.blob b SET whole = true WHERE b.scope_id = scope AND b.sha256 = hash;
    ELSE
        DELETE FROM hub.blob b WHERE b.scope_id = scope AND b.sha256 = hash;
    END IF;
    RETURN right_ones;
END $$;
