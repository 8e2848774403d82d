-- How containers answer when they are asked for their health.

create table probed_instance (
    no              integer     not null generated always as identity,
    host            text        not null,
    container_id    text        not null,
    workload_id     varchar(40) not null,
    -- The life that is asked, or was last, and how: by probe, engine (the image's own health check) or none.
    life_started_at timestamptz not null,
    asked_by        text        not null,
    port            int,
    path            text,
    interval_s      int         not null,
    timeout_ms      int         not null,
    threshold       int         not null,
    reason          text,
    planned_at      timestamptz not null,
    constraint probed_instance_pk primary key (no),
    constraint probed_instance_container_uq unique (host, container_id)
);

create index probed_instance_workload_ix on probed_instance (workload_id);

create table probe (
    instance_no integer     not null,
    at          timestamptz not null,
    ok          boolean     not null,
    latency_ms  real        not null,
    -- Failures in a row, this one included: whoever takes over counts on from here.
    failures    int         not null,
    way         text        not null,
    reason      text,
    constraint probe_pk primary key (instance_no, at),
    constraint probe_instance_fk foreign key (instance_no) references probed_instance (no) on delete cascade
);

-- Rows come in the order of time: this finds the old ones, and is small.
create index probe_at_ix on probe using brin (at);

create table health_change (
    instance_no integer     not null,
    at          timestamptz not null,
    healthy     boolean     not null,
    failures    int,
    reason      text,
    constraint health_change_pk primary key (instance_no, at),
    constraint health_change_instance_fk foreign key (instance_no) references probed_instance (no) on delete cascade
);

create index health_change_at_ix on health_change (at);

-- What was set by API; null falls back to labels, then to the settings.
create table health_setting (
    workload_id varchar(40) not null,
    enabled     boolean,
    port        int,
    path        text,
    interval_s  int,
    timeout_ms  int,
    threshold   int,
    changed_at  timestamptz not null,
    constraint health_setting_pk primary key (workload_id),
    constraint health_setting_workload_fk foreign key (workload_id) references workload (id)
);

create index health_setting_changed_ix on health_setting (changed_at);
