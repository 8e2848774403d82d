-- Each run of a job is a workload that stays. A million of them must slow neither the lists, which leave them out, nor a
-- watcher's start, which asks what is present.

create index workload_listed_ix on workload (id) where kind <> 'job-run';
create index workload_listed_org_ix on workload (org, id) where kind <> 'job-run';
create index workload_run_ix on workload (status, id) where kind = 'job-run';

drop index instance_present_ix;
create index instance_present_ix on instance (host, container_id) where removed_at is null;
