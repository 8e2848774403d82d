-- What the list of hosts shows besides their state.

alter table host
    add column api_version     text,
    add column last_contact_at timestamptz;
