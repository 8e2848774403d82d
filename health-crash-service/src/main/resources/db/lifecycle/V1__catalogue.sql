-- The catalogue: every workload that ever was, and the containers it had.

create table workload (
    id            varchar(40) not null,
    -- What makes the identity; two containers with the same four belong together.
    org           text        not null,
    source        text        not null,
    source_host   text        not null,
    source_key    text        not null,
    kind          text        not null,
    name          text        not null,
    slug          varchar(40) not null,
    project       text,
    deployment    text,
    service       text,
    worker        text,
    app           text,
    entity_type   text,
    entity_id     text,
    public_key    text,
    public_url    text,
    registry_url  text,
    labels        jsonb       not null,
    created_at    timestamptz not null,
    -- Copied from the instances when they change, so that lists can filter by them.
    status        text        not null,
    image         text        not null,
    constraint workload_pk primary key (id),
    constraint workload_identity_uq unique (org, source, source_host, source_key)
);

create index workload_org_ix on workload (org, id);
create index workload_deployment_ix on workload (deployment, service) where deployment is not null;
create index workload_worker_ix on workload (project, worker) where worker is not null;
create index workload_app_ix on workload (app) where app is not null;

create table instance (
    host           text        not null,
    container_id   text        not null,
    workload_id    varchar(40) not null,
    instance_index int         not null,
    generation     int         not null,
    state          jsonb       not null,
    created_at     timestamptz not null,
    removed_at     timestamptz,
    constraint instance_pk primary key (host, container_id),
    constraint instance_workload_fk foreign key (workload_id) references workload (id)
);

create index instance_workload_ix on instance (workload_id, removed_at);
create index instance_present_ix on instance (host) where removed_at is null;

create table host (
    name          text        not null,
    state         text        not null,
    engine        text,
    last_event_at timestamptz,
    changed_at    timestamptz not null,
    constraint host_pk primary key (name)
);
