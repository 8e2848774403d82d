-- Every container of a workload that a sample was stored of. Its days are in UTC; they bound where its samples are.
CREATE TABLE instance (
    instance_id  integer  GENERATED ALWAYS AS IDENTITY,
    workload_id  text     NOT NULL,
    container_id text     NOT NULL,
    org          text     NOT NULL,
    project      text,
    host         text     NOT NULL,
    index        integer  NOT NULL,
    interval_s   smallint NOT NULL, -- of its newest sample
    first_on     date     NOT NULL,
    last_on      date     NOT NULL,
    CONSTRAINT instance_pk PRIMARY KEY (instance_id),
    CONSTRAINT instance_container UNIQUE (workload_id, container_id)
);

-- Samples as they came: a partition a day. Columns stand by size, so that a row wastes nothing. Each chart is of few
-- instances: the primary key. Roll-up is of all instances for some minutes: rows come in about that order, so the
-- smallest of indexes finds them.
CREATE TABLE sample (
    slot             timestamptz NOT NULL,
    instance_id      integer     NOT NULL,
    interval_s       smallint    NOT NULL,
    mem_limited      boolean     NOT NULL,
    mem_used_mb      real        NOT NULL,
    mem_limit_mb     real        NOT NULL,
    cpu_pct          real,
    net_rx_rate      real,
    net_tx_rate      real,
    block_read_rate  real,
    block_write_rate real,
    pids             integer,
    CONSTRAINT sample_pk PRIMARY KEY (instance_id, slot)
) PARTITION BY RANGE (slot);
CREATE INDEX sample_slot ON sample USING brin (slot) WITH (autosummarize = on, pages_per_range = 32);

-- What samples of five minutes come to: a partition a day. Of each figure: the seconds for which it is known, its average
-- over them, its least and its most. Memory is always known, so covered_s is its weight. Without a value a figure's
-- seconds are 0.
CREATE TABLE five_minutes (
    bucket          timestamptz NOT NULL,
    instance_id     integer     NOT NULL,
    covered_s       smallint    NOT NULL,
    cpu_s           smallint    NOT NULL,
    net_rx_s        smallint    NOT NULL,
    net_tx_s        smallint    NOT NULL,
    block_read_s    smallint    NOT NULL,
    block_write_s   smallint    NOT NULL,
    pids_s          smallint    NOT NULL,
    mem_used_avg    real        NOT NULL,
    mem_used_min    real        NOT NULL,
    mem_used_max    real        NOT NULL,
    mem_limit_avg   real        NOT NULL,
    mem_limit_min   real        NOT NULL,
    mem_limit_max   real        NOT NULL,
    cpu_avg         real,
    cpu_min         real,
    cpu_max         real,
    net_rx_avg      real,
    net_rx_min      real,
    net_rx_max      real,
    net_tx_avg      real,
    net_tx_min      real,
    net_tx_max      real,
    block_read_avg  real,
    block_read_min  real,
    block_read_max  real,
    block_write_avg real,
    block_write_min real,
    block_write_max real,
    pids_avg        real,
    pids_min        real,
    pids_max        real,
    CONSTRAINT five_minutes_pk PRIMARY KEY (instance_id, bucket)
) PARTITION BY RANGE (bucket);
CREATE INDEX five_minutes_bucket ON five_minutes USING brin (bucket) WITH (autosummarize = on, pages_per_range = 32);

-- The same of an hour, made of five minutes: a partition a month.
CREATE TABLE hour (LIKE five_minutes, CONSTRAINT hour_pk PRIMARY KEY (instance_id, bucket)) PARTITION BY RANGE (bucket);

-- How far things are. Whoever stores samples reads it under a shared lock, whoever changes it has the lock alone: a sample
-- is either rolled up, or marked as late, or refused as too old.
CREATE TABLE progress (
    only_one        boolean     NOT NULL DEFAULT true,
    minutes_through timestamptz NOT NULL, -- all buckets before it are rolled up, but those that are late
    hours_through   timestamptz NOT NULL,
    sample_from     timestamptz NOT NULL, -- samples before it are removed, and none is stored any more
    CONSTRAINT progress_pk PRIMARY KEY (only_one),
    CONSTRAINT progress_only_one CHECK (only_one)
);
INSERT INTO progress (minutes_through, hours_through, sample_from)
VALUES (date_bin('1 hour', now(), 'epoch'), date_bin('1 hour', now(), 'epoch'), 'epoch');

-- Buckets of five minutes that a sample was stored for after they were rolled up.
CREATE TABLE late (
    bucket      timestamptz NOT NULL,
    instance_id integer     NOT NULL,
    CONSTRAINT late_pk PRIMARY KEY (bucket, instance_id)
);
