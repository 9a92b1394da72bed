-- Who may reach what: put in place anew at every upgrade. A table nobody thought of is closed to everybody.

DO $$
DECLARE
    t text;
    f regprocedure;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'hub'::regnamespace AND c.relkind IN ('r', 'p') LOOP
        EXECUTE format('ALTER TABLE hub.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE hub.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('REVOKE ALL ON hub.%I FROM PUBLIC, member_tracker_user', t);
        EXECUTE format('DROP POLICY IF EXISTS keeper ON hub.%I', t);
        EXECUTE format('CREATE POLICY keeper ON hub.%I TO member_tracker_keeper USING (true) WITH CHECK (true)', t);
        EXECUTE format('DROP POLICY IF EXISTS reader ON hub.%I', t);
    END LOOP;
    FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'hub'::regnamespace AND p.proowner = current_user::regrole LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, member_tracker_user', f);
    END LOOP;
END $$;

-- One look at the grants a statement, not one a row.
CREATE POLICY reader ON hub.record FOR SELECT TO member_tracker_user
    USING (scope_id = ANY ((SELECT hub.my_scopes())::text[]));
CREATE POLICY reader ON hub.gone FOR SELECT TO member_tracker_user
    USING (scope_id = ANY ((SELECT hub.my_scopes())::text[]));
CREATE POLICY reader ON hub.blob FOR SELECT TO member_tracker_user
    USING (scope_id = ANY ((SELECT hub.my_scopes())::text[]));
CREATE POLICY reader ON hub.blob_chunk FOR SELECT TO member_tracker_user
    USING (scope_id = ANY ((SELECT hub.my_scopes())::text[]));
CREATE POLICY reader ON hub.scope FOR SELECT TO member_tracker_user
    USING (scope_id = ANY ((SELECT hub.my_scopes())::text[]));
CREATE POLICY reader ON hub.account FOR SELECT TO member_tracker_user USING (login = session_user);
CREATE POLICY reader ON hub.access_grant FOR SELECT TO member_tracker_user USING (login = session_user);
CREATE POLICY reader ON hub.device FOR SELECT TO member_tracker_user USING (login = session_user);
CREATE POLICY reader ON hub.meta FOR SELECT TO member_tracker_user USING (true);
CREATE POLICY reader ON hub.clock FOR SELECT TO member_tracker_user USING (true);
CREATE POLICY reader ON hub.step FOR SELECT TO member_tracker_user USING (true);

GRANT USAGE ON SCHEMA hub TO member_tracker_user, member_tracker_registrar;
GRANT SELECT ON hub.record, hub.gone, hub.blob, hub.blob_chunk, hub.scope, hub.account, hub.access_grant, hub.device,
    hub.meta, hub.clock, hub.step TO member_tracker_user;

-- What the registrar needs to tell its own hub's roles from others.
DROP POLICY IF EXISTS registrar ON hub.meta;
CREATE POLICY registrar ON hub.meta FOR SELECT TO member_tracker_registrar USING (true);
GRANT SELECT ON hub.meta TO member_tracker_registrar;

GRANT EXECUTE ON FUNCTION
    hub.my_grants(), hub.my_scopes(), hub.i_administer(), hub.must_see(text), hub.greet(text, integer),
    hub.chain_at(bigint), hub.push(text, integer, jsonb), hub.pull(text, bigint, integer), hub.tally(text, bigint),
    hub.missing_blobs(text, text[]), hub.begin_blob(text, text, bigint), hub.put_chunk(text, text, integer, bytea),
    hub.finish_blob(text, text), hub.note(text, jsonb),
    hub.add_account(text, text, text, text, jsonb), hub.give(text, text, boolean, timestamptz), hub.take(text, text),
    hub.narrow(text, text[]), hub.shut(text, boolean), hub.new_password(text, text), hub.users(), hub.status(),
    hub.audit(bigint, integer, integer), hub.erase(text, text), hub.restored(), hub.tidy()
TO member_tracker_user;

-- For reports: the same rows with columns, seen through the eyes of whoever asks.
CREATE OR REPLACE VIEW hub.enquiries WITH (security_invoker = true, security_barrier = true) AS
SELECT
    r.id, r.scope_id, r.fields ->> 'reference' AS reference, r.fields ->> 'raised_by' AS raised_by,
    r.fields ->> 'service_area_id' AS service_area_id, r.fields ->> 'kind' AS kind, r.fields ->> 'status' AS status,
    r.fields ->> 'channel' AS channel, r.fields ->> 'received_at' AS received_at,
    r.fields ->> 'answered_at' AS answered_at, r.fields ->> 'closed_at' AS closed_at
FROM hub.record r WHERE r.kind = 'enquiry' AND NOT r.deleted;

CREATE OR REPLACE VIEW hub.timeline WITH (security_invoker = true, security_barrier = true) AS
SELECT r.id, r.scope_id, r.parent AS enquiry_id, r.fields ->> 'kind' AS kind, r.fields ->> 'at' AS at,
    r.fields ->> 'author' AS author
FROM hub.record r WHERE r.kind = 'entry' AND NOT r.deleted;

REVOKE ALL ON hub.enquiries, hub.timeline FROM PUBLIC;
GRANT SELECT ON hub.enquiries, hub.timeline TO member_tracker_user;
