-- How long each workload's lines are kept, where it is told: by the labels of its newest container, which may be gone by
-- now, and by API. Ages as text such as 36h or forever; null where nothing is told.
CREATE TABLE retention (
    workload_id     text    NOT NULL,
    kept            boolean NOT NULL DEFAULT false, -- its kind is one whose lines are kept for ever
    label_output    text,
    label_max_bytes bigint,
    labelled_at     bigint  NOT NULL DEFAULT 0, -- when that container was created, nanoseconds since the epoch
    api_output      text,
    api_system      text,
    api_max_bytes   bigint,
    CONSTRAINT retention_pk PRIMARY KEY (workload_id)
);

-- Small chunks, which compaction looks for every few seconds. Its condition stands in the queries too. Besides:
-- retention_class 2 is output and system lines mixed, and numbers within a chunk may have holes.
CREATE INDEX chunk_small ON chunk (workload_id, last_line) INCLUDE (raw_bytes) WHERE raw_bytes < 524288;

-- A filter is as incompressible as a payload.
ALTER TABLE chunk ALTER COLUMN filter SET STORAGE EXTERNAL;

-- Every line is stored, compacted and removed: space is freed about as fast as it is taken, and must be found again long
-- before a fifth of the table is dead, which is when the server would look by itself.
ALTER TABLE chunk SET (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05,
    toast.autovacuum_vacuum_scale_factor = 0.02,
    toast.autovacuum_vacuum_threshold = 10000);
