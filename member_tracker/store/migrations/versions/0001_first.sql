-- The file as it was first made: never changed; later versions add to it.

CREATE TABLE council (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    main_number TEXT,
    main_address TEXT,
    letters TEXT NOT NULL,
    adopted TEXT NOT NULL,
    closure_days TEXT NOT NULL,
    sign_off TEXT,
    templates TEXT NOT NULL,
    from_on TEXT,
    until_on TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_council PRIMARY KEY (pos),
    CONSTRAINT uq_council_id UNIQUE (id)
);

CREATE INDEX ix_council_scope ON council (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE ward (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    council_id TEXT NOT NULL,
    name TEXT NOT NULL,
    from_on TEXT,
    until_on TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_ward PRIMARY KEY (pos),
    CONSTRAINT uq_ward_id UNIQUE (id)
);

CREATE INDEX ix_ward_scope ON ward (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE councillor (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    council_id TEXT NOT NULL,
    name TEXT NOT NULL,
    ward_id TEXT,
    email TEXT,
    from_on TEXT,
    until_on TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_councillor PRIMARY KEY (pos),
    CONSTRAINT uq_councillor_id UNIQUE (id)
);

CREATE INDEX ix_councillor_scope ON councillor (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE support_officer (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    council_id TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    email TEXT,
    from_on TEXT,
    until_on TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_support_officer PRIMARY KEY (pos),
    CONSTRAINT uq_support_officer_id UNIQUE (id)
);

CREATE INDEX ix_support_officer_scope ON support_officer (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE resident (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    councillor_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    address TEXT,
    preferred_channel TEXT,
    language TEXT,
    communication_needs TEXT,
    confirmed_on TEXT,
    deleted_at TEXT,
    merged TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_resident PRIMARY KEY (pos),
    CONSTRAINT uq_resident_id UNIQUE (id)
);

CREATE INDEX ix_resident_councillor ON resident (councillor_id);

CREATE INDEX ix_resident_deleted ON resident (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE INDEX ix_resident_name ON resident (name COLLATE "NOCASE");

CREATE INDEX ix_resident_scope ON resident (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE service_area (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    council_id TEXT NOT NULL,
    name TEXT NOT NULL,
    addresses TEXT NOT NULL,
    directorate TEXT,
    head_of_service TEXT,
    direct_number TEXT,
    retired INTEGER NOT NULL,
    duty_officers TEXT NOT NULL,
    subjects TEXT NOT NULL,
    self_service TEXT,
    sharing TEXT NOT NULL,
    handover_notes TEXT NOT NULL,
    from_on TEXT,
    until_on TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_service_area PRIMARY KEY (pos),
    CONSTRAINT uq_service_area_id UNIQUE (id)
);

CREATE INDEX ix_service_area_scope ON service_area (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE INDEX ix_service_area_name ON service_area (name COLLATE "NOCASE");

CREATE TABLE outside_body (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    council_id TEXT NOT NULL,
    name TEXT NOT NULL,
    addresses TEXT NOT NULL,
    direct_number TEXT,
    from_on TEXT,
    until_on TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_outside_body PRIMARY KEY (pos),
    CONSTRAINT uq_outside_body_id UNIQUE (id)
);

CREATE INDEX ix_outside_body_scope ON outside_body (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE enquiry (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    reference TEXT NOT NULL,
    council_id TEXT NOT NULL,
    raised_by TEXT NOT NULL,
    resident_id TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    service_area_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    received_at TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    logged_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT,
    priority TEXT NOT NULL,
    status TEXT NOT NULL,
    flags TEXT NOT NULL,
    ward_id TEXT,
    tier INTEGER,
    other_reference TEXT,
    tags TEXT NOT NULL,
    clocks TEXT,
    sent_at TEXT,
    acknowledged_at TEXT,
    holding_at TEXT,
    promised_on TEXT,
    answered_at TEXT,
    told_at TEXT,
    closed_at TEXT,
    close_reason TEXT,
    findings TEXT,
    solution TEXT,
    reopened INTEGER NOT NULL,
    pauses TEXT NOT NULL,
    extensions TEXT NOT NULL,
    holding TEXT,
    promises TEXT NOT NULL,
    consent TEXT,
    special_category INTEGER NOT NULL,
    complaint TEXT,
    merged TEXT,
    handovers INTEGER NOT NULL,
    officer_back_at TEXT,
    carried_over TEXT NOT NULL,
    deleted_at TEXT,
    about TEXT,
    answers TEXT NOT NULL,
    linked_to TEXT NOT NULL,
    acknowledge_by TEXT,
    respond_by TEXT,
    due_at TEXT,
    stopped_at TEXT,
    paused_since TEXT,
    due_key TEXT NOT NULL,
    received_month TEXT NOT NULL,
    judged TEXT,
    is_open INTEGER NOT NULL,
    is_owed INTEGER NOT NULL,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_enquiry PRIMARY KEY (pos),
    CONSTRAINT uq_enquiry_id UNIQUE (id)
);

CREATE INDEX ix_enquiry_deleted ON enquiry (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE INDEX ix_enquiry_due ON enquiry (due_key) WHERE is_open >= 0;

CREATE INDEX ix_enquiry_area_due ON enquiry (service_area_id, due_key) WHERE is_open >= 0;

CREATE INDEX ix_enquiry_month_area ON enquiry (received_month, service_area_id, judged, handovers);

CREATE INDEX ix_enquiry_month_people ON enquiry (received_month, raised_by, ward_id, channel, judged, handovers);

CREATE INDEX ix_enquiry_owed_due ON enquiry (due_key) WHERE is_owed = 1;

CREATE INDEX ix_enquiry_open_area_received ON enquiry (service_area_id, received_at) WHERE is_open = 1;

CREATE INDEX ix_enquiry_councillor_received ON enquiry (raised_by, received_at) WHERE is_open >= 0;

CREATE INDEX ix_enquiry_status_due ON enquiry (status, due_key) WHERE is_open >= 0;

CREATE INDEX ix_enquiry_status_received ON enquiry (status, received_at) WHERE is_open >= 0;

CREATE INDEX ix_enquiry_ward_due ON enquiry (ward_id, due_key) WHERE is_open >= 0 AND ward_id IS NOT NULL;

CREATE INDEX ix_enquiry_ward_received ON enquiry (ward_id, received_at) WHERE is_open >= 0 AND ward_id IS NOT NULL;

CREATE INDEX ix_enquiry_open_councillor_received ON enquiry (raised_by, received_at) WHERE is_open = 1;

CREATE INDEX ix_enquiry_open_area_due ON enquiry (service_area_id, due_key) WHERE is_open = 1;

CREATE INDEX ix_enquiry_received ON enquiry (received_at) WHERE is_open >= 0;

CREATE INDEX ix_enquiry_resident ON enquiry (resident_id, is_open);

CREATE INDEX ix_enquiry_open_councillor_due ON enquiry (raised_by, due_key) WHERE is_open = 1;

CREATE INDEX ix_enquiry_shut_due ON enquiry (due_key) WHERE is_open = 0;

CREATE INDEX ix_enquiry_reference ON enquiry (reference);

CREATE INDEX ix_enquiry_councillor_due ON enquiry (raised_by, due_key) WHERE is_open >= 0;

CREATE INDEX ix_enquiry_open_received ON enquiry (received_at) WHERE is_open = 1;

CREATE INDEX ix_enquiry_open_due ON enquiry (due_key) WHERE is_open = 1;

CREATE INDEX ix_enquiry_shut_received ON enquiry (received_at) WHERE is_open = 0;

CREATE INDEX ix_enquiry_area_received ON enquiry (service_area_id, received_at) WHERE is_open >= 0;

CREATE INDEX ix_enquiry_scope ON enquiry (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE suggestion (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    enquiry_id TEXT NOT NULL,
    mail_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    proposal TEXT NOT NULL,
    sentence TEXT,
    arrived_at TEXT NOT NULL,
    collected_at TEXT NOT NULL,
    others TEXT NOT NULL,
    promised_on TEXT,
    returns_on TEXT,
    arrived_doubt TEXT,
    state TEXT NOT NULL,
    decided_by TEXT,
    decided_at TEXT,
    effect_at TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_suggestion PRIMARY KEY (pos),
    CONSTRAINT uq_suggestion_id UNIQUE (id)
);

CREATE INDEX ix_suggestion_open ON suggestion (enquiry_id) WHERE state = 'open';

CREATE INDEX ix_suggestion_enquiry ON suggestion (enquiry_id);

CREATE INDEX ix_suggestion_scope ON suggestion (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE mail (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    message_id TEXT,
    content_hash TEXT NOT NULL,
    original TEXT NOT NULL,
    from_address TEXT NOT NULL,
    from_name TEXT NOT NULL,
    "to" TEXT NOT NULL,
    subject TEXT NOT NULL,
    received_at TEXT NOT NULL,
    collected_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    proposal TEXT NOT NULL,
    place TEXT NOT NULL,
    reply_text TEXT NOT NULL,
    text TEXT NOT NULL,
    sent_at TEXT,
    in_reply_to TEXT,
    "references" TEXT NOT NULL,
    sentence TEXT,
    others TEXT NOT NULL,
    promised_on TEXT,
    returns_on TEXT,
    enquiry_id TEXT,
    candidates TEXT NOT NULL,
    unfiled_from TEXT NOT NULL,
    attachments TEXT NOT NULL,
    defects TEXT NOT NULL,
    other_originals TEXT NOT NULL,
    alternative_contact TEXT,
    mentions TEXT NOT NULL,
    forwarded INTEGER NOT NULL,
    thread_key TEXT,
    returned_key TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_mail PRIMARY KEY (pos),
    CONSTRAINT uq_mail_id UNIQUE (id)
);

CREATE INDEX ix_mail_message ON mail (message_id);

CREATE INDEX ix_mail_tray ON mail (received_at) WHERE place = 'tray';

CREATE INDEX ix_mail_enquiry ON mail (enquiry_id);

CREATE INDEX ix_mail_returned ON mail (collected_at) WHERE returned_key IS NOT NULL;

CREATE INDEX ix_mail_thread ON mail (thread_key) WHERE thread_key IS NOT NULL AND enquiry_id IS NOT NULL;

CREATE INDEX ix_mail_scope ON mail (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE outgoing (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    enquiry_id TEXT NOT NULL,
    "key" TEXT NOT NULL,
    message_id TEXT NOT NULL,
    from_address TEXT NOT NULL,
    "to" TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    original TEXT NOT NULL,
    state TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    purpose TEXT NOT NULL,
    automatic INTEGER NOT NULL,
    claimed_at TEXT,
    handed_over_at TEXT,
    mailbox TEXT,
    sent_at TEXT,
    server_message_id TEXT,
    server_thread_key TEXT,
    problem TEXT,
    attachments TEXT NOT NULL,
    device TEXT,
    cc TEXT NOT NULL,
    not_before TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_outgoing PRIMARY KEY (pos),
    CONSTRAINT uq_outgoing_id UNIQUE (id)
);

CREATE INDEX ix_outgoing_state ON outgoing (state);

CREATE INDEX ix_outgoing_enquiry ON outgoing (enquiry_id);

CREATE INDEX ix_outgoing_key ON outgoing ("key");

CREATE INDEX ix_outgoing_server_message ON outgoing (server_message_id);

CREATE INDEX ix_outgoing_thread ON outgoing (server_thread_key) WHERE server_thread_key IS NOT NULL;

CREATE INDEX ix_outgoing_message ON outgoing (message_id);

CREATE INDEX ix_outgoing_scope ON outgoing (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE entry (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    enquiry_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    written_at TEXT NOT NULL,
    author TEXT,
    text TEXT NOT NULL,
    details TEXT NOT NULL,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_entry PRIMARY KEY (pos),
    CONSTRAINT uq_entry_id UNIQUE (id)
);

CREATE INDEX ix_entry_enquiry ON entry (enquiry_id, at);

CREATE INDEX ix_entry_scope ON entry (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE "conflict" (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    field TEXT NOT NULL,
    kept TEXT,
    lost TEXT,
    lost_op TEXT NOT NULL,
    "by" TEXT,
    at TEXT NOT NULL,
    settled TEXT,
    kept_by TEXT,
    kept_at TEXT,
    heads TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER,
    document INTEGER,
    CONSTRAINT pk_conflict PRIMARY KEY (pos),
    CONSTRAINT uq_conflict_id UNIQUE (id)
);

CREATE INDEX ix_conflict_record ON "conflict" (record_id);

CREATE INDEX ix_conflict_scope ON "conflict" (scope_id, hub_seq) WHERE hub_seq IS NOT NULL;

CREATE TABLE op (
    pos INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    op_id TEXT NOT NULL,
    verb TEXT NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    base TEXT,
    author TEXT,
    made_at TEXT NOT NULL,
    seen INTEGER NOT NULL,
    outcome TEXT,
    hub_seq INTEGER,
    acked_at TEXT,
    reason TEXT,
    passed INTEGER NOT NULL,
    CONSTRAINT uq_op_op_id UNIQUE (op_id)
);

CREATE INDEX ix_op_answered ON op (acked_at) WHERE acked_at IS NOT NULL;

CREATE INDEX ix_op_outbox ON op (outcome) WHERE outcome IS NULL;

CREATE INDEX ix_op_pending ON op (record_id, hub_seq) WHERE passed = 0;

CREATE TABLE hub_copy (
    pos INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    hub_seq INTEGER NOT NULL,
    fields TEXT NOT NULL,
    heads TEXT NOT NULL,
    hidden INTEGER NOT NULL,
    CONSTRAINT pk_hub_copy PRIMARY KEY (pos),
    CONSTRAINT uq_hub_copy_record_id_kind UNIQUE (record_id, kind)
);

CREATE TABLE history (
    pos INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    at TEXT NOT NULL,
    author TEXT,
    verb TEXT NOT NULL,
    changes TEXT NOT NULL,
    deed TEXT NOT NULL,
    CONSTRAINT pk_history PRIMARY KEY (pos)
);

CREATE INDEX ix_history_deed ON history (deed);

CREATE INDEX ix_history_record ON history (record_id);

CREATE TABLE address (
    pos INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    address TEXT NOT NULL,
    domain TEXT NOT NULL,
    CONSTRAINT pk_address PRIMARY KEY (pos)
);

CREATE INDEX ix_address_address ON address (address);

CREATE INDEX ix_address_domain ON address (domain);

CREATE INDEX ix_address_record ON address (record_id);

CREATE TABLE search_document (
    pos INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    enquiry_id TEXT,
    CONSTRAINT pk_search_document PRIMARY KEY (pos)
);

CREATE TABLE blob (
    pos INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    CONSTRAINT pk_blob PRIMARY KEY (pos),
    CONSTRAINT uq_blob_sha256 UNIQUE (sha256),
    CONSTRAINT ck_blob_size CHECK (size >= 0)
);

CREATE TABLE blob_chunk (
    pos INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    CONSTRAINT pk_blob_chunk PRIMARY KEY (pos)
);

CREATE TABLE blob_use (
    pos INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    state TEXT,
    CONSTRAINT pk_blob_use PRIMARY KEY (pos)
);

CREATE INDEX ix_blob_use_open ON blob_use (state) WHERE state IS NOT NULL;

CREATE INDEX ix_blob_use_record ON blob_use (record_id);

CREATE INDEX ix_blob_use_sha256 ON blob_use (sha256);

CREATE TABLE local (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_local PRIMARY KEY ("key")
);

CREATE TABLE sighting (
    mailbox TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    mail_id TEXT NOT NULL,
    left_at TEXT,
    CONSTRAINT pk_sighting PRIMARY KEY (mailbox, provider_id)
) WITHOUT ROWID;

CREATE INDEX ix_sighting_mail ON sighting (mail_id);

CREATE VIRTUAL TABLE search USING fts5(
    subject, words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
);

CREATE VIRTUAL TABLE search_term USING fts5vocab(search, instance);

CREATE VIRTUAL TABLE resident_search USING fts5(
    words, content='', contentless_delete=1, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2'
);

CREATE TRIGGER resident_found AFTER INSERT ON resident WHEN new.deleted_at IS NULL
BEGIN INSERT INTO resident_search (rowid, words) VALUES (new.pos, new.name || ' ' || coalesce(new.address, '') || ' ' || coalesce(new.email, '') || ' ' || replace(replace(coalesce(new.phone, ''), ' ', ''), '-', '')); END;

CREATE TRIGGER resident_found_anew AFTER UPDATE OF name, address, email, phone, deleted_at ON resident
BEGIN DELETE FROM resident_search WHERE rowid = old.pos;
INSERT INTO resident_search (rowid, words) SELECT new.pos, new.name || ' ' || coalesce(new.address, '') || ' ' || coalesce(new.email, '') || ' ' || replace(replace(coalesce(new.phone, ''), ' ', ''), '-', '') WHERE new.deleted_at IS NULL; END;

CREATE TRIGGER resident_lost AFTER DELETE ON resident
BEGIN DELETE FROM resident_search WHERE rowid = old.pos; END;

CREATE TRIGGER entry_stays BEFORE DELETE ON entry
WHEN NOT EXISTS (SELECT 1 FROM local WHERE key = 'as the hub says')
BEGIN SELECT RAISE(ABORT, 'timeline entries are only ever added'); END;

CREATE TRIGGER entry_as_written
BEFORE UPDATE OF pos, id, enquiry_id, kind, at, written_at, author, text, details ON entry
WHEN NOT EXISTS (SELECT 1 FROM local WHERE key = 'as the hub says')
BEGIN SELECT RAISE(ABORT, 'timeline entries are only ever added'); END;
