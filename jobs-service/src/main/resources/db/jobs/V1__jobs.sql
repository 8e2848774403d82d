-- Jobs, their runs, and what is needed to run them.

create table job (
    workload_id     varchar(40) not null,
    id              varchar(40) not null,
    org             text        not null,
    -- Of the workload: whose owner runs it.
    partition       smallint    not null,
    -- api or label
    source          text        not null,
    revision        int         not null,
    definition      jsonb       not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    -- From when on @every counts.
    anchor_at       timestamptz not null,
    -- The next time of the schedule; null where there is none, or it is disabled.
    next_at         timestamptz,
    -- The first time of the schedule since the last success, and by when it should have succeeded; null where none was.
    passed_at       timestamptz,
    expected_at     timestamptz,
    missed_count    int         not null default 0,
    last_success_at timestamptz,
    constraint job_pk primary key (workload_id, id)
);

create index job_next_ix on job (next_at) where next_at is not null;
create index job_partition_ix on job (partition, workload_id);

create table run (
    -- Begins with the time of its making.
    id                  varchar(40) not null,
    workload_id         varchar(40) not null,
    job_id              varchar(40) not null,
    org                 text        not null,
    -- Of the workload: whose owner runs it.
    partition           smallint    not null,
    status              text        not null,
    mode                text        not null,
    attempt             int         not null,
    attempts_max        int         not null,
    exit_code           int,
    signal              text,
    oom_killed          boolean,
    triggered_by        text        not null,
    triggered_by_name   text,
    rerun_of            varchar(40),
    -- Which time of the schedule it is of.
    due_at              timestamptz,
    -- A run of a schedule is written down up to two seconds before this, its time.
    queued_at           timestamptz not null,
    -- While it is queued: nothing begins before.
    next_attempt_at     timestamptz not null,
    started_at          timestamptz,
    -- Of the attempt: from when on its timeout counts.
    attempt_started_at  timestamptz,
    completed_at        timestamptz,
    reason              text,
    host                text,
    container_id        text,
    image               text,
    image_digest        text,
    env_keys            jsonb,
    -- As they were when it was asked for.
    definition          jsonb       not null,
    definition_revision int         not null,
    parameters          jsonb       not null,
    cancel_requested_at timestamptz,
    stop_signalled_at   timestamptz,
    exec_id             text,
    exec_pid            bigint,
    -- For a day.
    idempotency_key     text,
    -- Whether a container of it may still be there.
    container_left      boolean     not null default false,
    -- One more for each change that others are told of, and up to which they were told.
    revision            int         not null default 1,
    published           int         not null default 0,
    constraint run_pk primary key (id),
    constraint run_due_uq unique (workload_id, job_id, due_at),
    constraint run_key_uq unique (workload_id, job_id, idempotency_key)
);

-- What is to be done.
create index run_open_ix on run (partition, next_attempt_at) where status in ('queued', 'running');
create index run_open_of_job_ix on run (workload_id, job_id) where status in ('queued', 'running');
create index run_left_ix on run (partition) where container_left;
create index run_unpublished_ix on run (partition, id) where published < revision;
create index run_key_ix on run (queued_at) where idempotency_key is not null;

-- Pages of history. A page that filters by status or trigger, or by one of them, merges a few ranges of the last two.
create index run_history_ix on run (workload_id, queued_at desc, id desc);
create index run_of_job_ix on run (workload_id, job_id, queued_at desc, id desc);
create index run_filter_ix on run (workload_id, status, triggered_by, queued_at desc, id desc);
create index run_of_job_filter_ix on run (workload_id, job_id, status, triggered_by, queued_at desc, id desc);

-- Which workloads had a container at some time, and whether one runs, for replicas that do not own them.
create table seen (
    workload_id varchar(40) not null,
    partition   smallint    not null,
    running     boolean     not null,
    constraint seen_pk primary key (workload_id)
);

create index seen_running_ix on seen (partition) where running;

-- What the newest container of a workload is made of, for runs while it is not there. Holds values of its environment.
create table template (
    workload_id  varchar(40) not null,
    host         text        not null,
    container_id text        not null,
    taken_at     timestamptz not null,
    image        text        not null,
    image_digest text        not null,
    spec         jsonb       not null,
    constraint template_pk primary key (workload_id)
);

-- Containers of runs whose output is stored whole.
create table captured (
    container_id text        not null,
    at           timestamptz not null,
    constraint captured_pk primary key (container_id)
);

create index captured_age_ix on captured (at);

-- A success makes up for all times of the schedule that passed before.
create function run_succeeded() returns trigger language plpgsql as $$
begin
    update jobs.job set last_success_at = new.completed_at, missed_count = 0,
            -- A time that is still to come is written down already.
            expected_at = case when passed_at > new.completed_at then expected_at end,
            passed_at = case when passed_at > new.completed_at then passed_at end
        where workload_id = new.workload_id and id = new.job_id;
    return null;
end
$$;

create trigger run_succeeded after update on run
    for each row when (new.status = 'succeeded' and old.status <> 'succeeded') execute function run_succeeded();

-- Tells every replica, at the commit that brought it, that there is something to do: nobody has to look again and again.
-- The names are those of io.spyhop.jobs.signal.Signal.
create function signal() returns trigger language plpgsql as $$
begin
    perform pg_notify('spyhop_jobs', tg_argv[0]);
    return null;
end
$$;

create trigger run_asked after insert on run
    for each statement execute function signal('RUN');

create trigger run_cancelled after update on run
    for each row when (new.cancel_requested_at is not null and old.cancel_requested_at is null)
    execute function signal('RUN');

create trigger run_changed after update on run
    for each row when (new.revision <> old.revision) execute function signal('CHANGE');

create trigger run_captured after insert on captured
    for each statement execute function signal('CAPTURED');

create trigger job_made after insert on job
    for each statement execute function signal('JOB');

create trigger job_changed after update on job
    for each row when (new.revision <> old.revision) execute function signal('JOB');
