-- A dead container waits for the end of its output too, which may be known later than its last lines.

create trigger end_stored after insert or update on stored_end
    for each statement execute function signal('FORENSICS');
