-- Crashes: what is known of each, kept independently of the lines; and how equal ones are counted.

create table crash_count (
    workload_id varchar(40) not null,
    last_n      int         not null,
    constraint crash_count_pk primary key (workload_id)
);

create table crash (
    workload_id   varchar(40) not null,
    n             int         not null,
    container_id  text        not null,
    -- Of the transition, to the nanosecond: what the same crash is known by, here and in its evidence.
    at_nanos      bigint      not null,
    at            timestamptz not null,
    exit_code     int,
    crash_loop    boolean     not null,
    facts         jsonb       not null,
    -- From the evidence of others, null before it has come.
    fingerprint   text,
    error         text,
    through       bigint,
    lines         text,
    lines_omitted int         not null default 0,
    usages        text,
    cgroup_kills  bigint,
    constraint crash_pk primary key (workload_id, n),
    constraint crash_life_uq unique (container_id, at_nanos)
);

create index crash_at_ix on crash (workload_id, at);

-- Stays when the crashes themselves are gone.
create table crash_group (
    workload_id varchar(40) not null,
    fingerprint text        not null,
    count       bigint      not null,
    first_at    timestamptz not null,
    first_n     int         not null,
    last_at     timestamptz not null,
    constraint crash_group_pk primary key (workload_id, fingerprint)
);

-- Evidence of a life of which it is not known yet how it ended. For an hour at most.
create table crash_evidence (
    container_id text        not null,
    ended_nanos  bigint      not null,
    type         text        not null,
    payload      text        not null,
    received_at  timestamptz not null default now(),
    constraint crash_evidence_pk primary key (container_id, ended_nanos, type)
);

create index crash_evidence_age_ix on crash_evidence (received_at);
