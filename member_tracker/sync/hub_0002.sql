-- What erasing people needs: bytes that must not come back, and a quick way to what was refused about them. And who
-- pushes knows whose the records are that everybody reads.

-- The hashes of bytes that were erased and that no record speaks of any more; a laptop still about to send them is told
-- that they are here. They go when no laptop can be that late.
CREATE TABLE hub.erased_blob (
    sha256 text COLLATE "C" PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX op_refused ON hub.op (record_id) WHERE outcome <> 'accepted';

ALTER TYPE hub.asker ADD ATTRIBUTE council_id text;
