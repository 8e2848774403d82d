-- Managed deployments, what was asked of workloads, and what is to be told about it.

create table installation (
    -- What the containers of this installation are labelled with.
    id uuid not null,
    constraint installation_pk primary key (id)
);

insert into installation (id) values (gen_random_uuid());

alter table workload
    add column managed           boolean not null default false,
    -- Shown in place of what the instances are, while something is done with them or has failed.
    add column intent            text,
    add column intent_reason     text,
    add column stop_requested_at timestamptz,
    add column stop_took_ms      bigint,
    add column stop_killed       boolean not null default false,
    -- The time of the newest note: the times of a workload's notes rise.
    add column noted_at          timestamptz;

create table deployment (
    workload_id    varchar(40) not null,
    host           text        not null,
    spec           jsonb       not null,
    container_port int,
    host_port      int,
    -- A port that proved to be in use: the search goes on after it.
    port_after     int,
    ports_tried    int         not null,
    container_id   text,
    route          text,
    constraint deployment_pk primary key (workload_id),
    constraint deployment_workload_fk foreign key (workload_id) references workload (id),
    constraint deployment_port_uq unique (host, host_port)
);

-- Up to which end what a container wrote is known to be stored: then it may be removed. For an hour at most.
create table stored_end (
    container_id text        not null,
    ended_at     timestamptz not null,
    received_at  timestamptz not null default now(),
    constraint stored_end_pk primary key (container_id)
);

create index stored_end_age_ix on stored_end (received_at);

create sequence errand_ticket_seq;

create table errand (
    workload_id  varchar(40) not null,
    host         text        not null,
    kind         text        not null,
    step         text        not null,
    -- Another one for each request, and one more for each time it is taken up: what was done under an older one is over.
    ticket       bigint      not null,
    attempt      int         not null,
    failures     int         not null,
    requested_at timestamptz not null,
    due_at       timestamptz not null,
    signalled_at timestamptz,
    reason       text,
    constraint errand_pk primary key (workload_id, host),
    constraint errand_workload_fk foreign key (workload_id) references workload (id)
);

create index errand_host_ix on errand (host, due_at);

create table note (
    id          bigint generated always as identity,
    workload_id varchar(40) not null,
    org         text        not null,
    host        text        not null,
    at          timestamptz not null,
    text        text        not null,
    fields      jsonb       not null,
    constraint note_pk primary key (id)
);

create index note_host_ix on note (host, id);
