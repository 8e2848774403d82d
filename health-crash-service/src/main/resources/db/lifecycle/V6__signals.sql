-- Tells every replica, at the commit that brought it, that there is something to do: nobody has to look again and again.
-- The names are those of io.spyhop.lifecycle.signal.Signal.

create function signal() returns trigger language plpgsql as $$
begin
    perform pg_notify('spyhop_lifecycle', tg_argv[0]);
    return null;
end
$$;

create trigger errand_asked after insert on errand
    for each statement execute function signal('ERRAND');

create trigger errand_asked_again after update on errand
    for each row when (new.ticket <> old.ticket) execute function signal('ERRAND');

create trigger note_written after insert on note
    for each statement execute function signal('NOTE');

create trigger health_setting_set after insert or update on health_setting
    for each statement execute function signal('SETTING');

create trigger instance_died after update on instance
    for each row when (new.removed_at is null and new.state ->> 'status' in ('crashed', 'exited')
        and jsonb_exists(new.state -> 'labels', 'spyhop.managed')) execute function signal('DEATH');

create trigger crash_known after update on crash
    for each row when ((old.through is null or old.usages is null)
        and new.through is not null and new.usages is not null) execute function signal('FORENSICS');
