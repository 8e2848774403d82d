-- The id by which this installation's containers of runs are known: only those are ever removed.

create table installation (
    id text not null,
    constraint installation_pk primary key (id)
);

insert into installation (id) values (gen_random_uuid()::text);
