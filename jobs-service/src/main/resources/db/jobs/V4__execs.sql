-- Runs inside running instances by when they ended, for searches of what was written in a time.
create index run_exec_ix on run (coalesce(completed_at, 'infinity'::timestamptz)) where mode = 'exec';
