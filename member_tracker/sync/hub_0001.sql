-- The hub's tables, as of version 1. Everything belongs to a role nobody signs in as (member_tracker_keeper).
-- A later version brings a file of its own with the next number; what is here is not changed any more.

CREATE TABLE hub.meta (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    hub_id text NOT NULL,
    council_id text NOT NULL,
    version integer NOT NULL,                 -- of these tables
    schema_min integer NOT NULL,              -- the oldest form of ops this hub takes
    schema_cur integer NOT NULL,              -- the newest
    epoch integer NOT NULL DEFAULT 1,         -- one more after every restore from a back-up
    epoch_head bigint NOT NULL DEFAULT 0,     -- the number it stood at then
    lease_days integer NOT NULL DEFAULT 14,
    tombstone_days integer NOT NULL DEFAULT 180,
    made_at timestamptz NOT NULL DEFAULT now()
);

-- The only source of numbers: whoever writes holds this row, so numbers are given in the order of commits.
CREATE TABLE hub.clock (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    v bigint NOT NULL DEFAULT 0,
    chain bytea NOT NULL DEFAULT '',
    xact xid8
) WITH (fillfactor = 10);

CREATE TABLE hub.account (
    login text PRIMARY KEY,                   -- the PostgreSQL role
    person_id text,
    role text NOT NULL CHECK (role IN ('councillor', 'support', 'officer', 'administrator')),
    disabled boolean NOT NULL DEFAULT false,
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE hub.access_grant (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text NOT NULL REFERENCES hub.account,
    scope_id text NOT NULL,                   -- '*' is every scope there is or will be
    can_write boolean NOT NULL,
    until timestamptz,                        -- from then on it is over
    granted_seq bigint NOT NULL,
    revoked_seq bigint
);
CREATE INDEX access_grant_login ON hub.access_grant (login) WHERE revoked_seq IS NULL;

CREATE TABLE hub.scope (scope_id text PRIMARY KEY, seq bigint NOT NULL);

CREATE TABLE hub.device (
    device_id text,
    login text REFERENCES hub.account,
    code text NOT NULL UNIQUE CHECK (code ~ '^[0-9A-F][0-9A-HJKMNP-TV-Z]{3}$'),
    client_schema integer NOT NULL,
    first_at timestamptz NOT NULL DEFAULT now(),
    last_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (device_id, login)
);

CREATE TABLE hub.record (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    scope_id text COLLATE "C" NOT NULL,
    parent text COLLATE "C",                  -- the record it goes wherever that goes
    hub_seq bigint NOT NULL,
    fields jsonb NOT NULL,
    heads jsonb NOT NULL,                     -- field -> newest op; '' -> the op that made it
    deleted boolean NOT NULL DEFAULT false,
    erased_at timestamptz,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, id)
);
CREATE INDEX record_page ON hub.record (scope_id, hub_seq) INCLUDE (deleted);
CREATE INDEX record_parent ON hub.record (parent) WHERE parent IS NOT NULL;
CREATE INDEX record_reference ON hub.record ((fields ->> 'reference')) WHERE kind = 'enquiry';
CREATE INDEX record_conflict ON hub.record ((fields ->> 'record_id')) WHERE kind = 'conflict';

-- What has left a scope for another one.
CREATE TABLE hub.gone (
    scope_id text COLLATE "C",
    kind text COLLATE "C",
    id text COLLATE "C",
    hub_seq bigint NOT NULL,
    erased boolean NOT NULL DEFAULT false,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope_id, kind, id)
);
CREATE INDEX gone_page ON hub.gone (scope_id, hub_seq);

-- Every op with what became of it, and every act of an administrator; each is tied to the one before by `chain`.
CREATE TABLE hub.op (
    op_id text COLLATE "C" PRIMARY KEY,
    hub_seq bigint NOT NULL,
    n integer NOT NULL,
    device text NOT NULL,
    login text NOT NULL,
    verb text NOT NULL,
    kind text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    field text NOT NULL,
    value jsonb,
    base text,
    author text,
    made_at timestamptz,
    seen bigint,
    outcome text NOT NULL,
    reason text NOT NULL DEFAULT '',
    replaced jsonb,
    salt bytea,
    digest bytea NOT NULL,
    chain bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    erased_seq bigint                         -- the number of the erasure that blanked it
);
CREATE UNIQUE INDEX op_order ON hub.op (hub_seq, n);
CREATE INDEX op_record ON hub.op (record_id, hub_seq);

CREATE TABLE hub.blob (
    scope_id text COLLATE "C",
    sha256 text COLLATE "C" CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint NOT NULL,
    whole boolean NOT NULL DEFAULT false,
    PRIMARY KEY (scope_id, sha256)
);

CREATE TABLE hub.blob_chunk (
    scope_id text COLLATE "C",
    sha256 text COLLATE "C",
    n integer,
    bytes bytea NOT NULL,
    PRIMARY KEY (scope_id, sha256, n),
    FOREIGN KEY (scope_id, sha256) REFERENCES hub.blob ON DELETE CASCADE
);
ALTER TABLE hub.blob_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- From which status to which an enquiry may go; undoing a step is a step.
CREATE TABLE hub.step (was text, becomes text, PRIMARY KEY (was, becomes));

-- Whoever pushes, looked up once a batch.
CREATE TYPE hub.asker AS (login text, person_id text, role text, writes text[], sees text[]);

-- What became of an op: `after` is the record as the op leaves it, where it changes it; `is_kept`: it stands in its table.
CREATE TYPE hub.verdict AS (outcome text, reason text, replaced jsonb, after hub.record, is_kept boolean);
