-- Where each workload's numbering stands, and under which ownership. A writer with another epoch changes nothing.
CREATE TABLE position (
    workload_id text   NOT NULL,
    last_line   bigint NOT NULL,
    epoch       bigint NOT NULL,
    CONSTRAINT position_pk PRIMARY KEY (workload_id)
);

-- How far each stream of each container is stored: where its follower resumes.
CREATE TABLE stream_position (
    workload_id  text   NOT NULL,
    container_id text   NOT NULL,
    stream       text   NOT NULL,
    last_at      bigint NOT NULL, -- nanoseconds since the epoch
    same_at      int    NOT NULL, -- lines stored with that time
    CONSTRAINT stream_position_pk PRIMARY KEY (workload_id, container_id, stream)
);

-- Lines, as compressed NDJSON. Every read goes by workload and number, so the primary key is by last_line: the chunks
-- above a cursor and the newest chunks are both one range of it.
CREATE TABLE chunk (
    workload_id     text     NOT NULL,
    last_line       bigint   NOT NULL,
    first_line      bigint   NOT NULL,
    first_at        bigint   NOT NULL,
    last_at         bigint   NOT NULL,
    retention_class smallint NOT NULL, -- 0 output, 1 system
    line_count      int      NOT NULL,
    raw_bytes       int      NOT NULL,
    codec           smallint NOT NULL, -- 1 zstd
    filter          bytea,
    payload         bytea    NOT NULL,
    CONSTRAINT chunk_pk PRIMARY KEY (workload_id, last_line)
);

-- Payloads are compressed already.
ALTER TABLE chunk ALTER COLUMN payload SET STORAGE EXTERNAL;
