-- Who asked to change what, and how it was answered. Names are copied: a row outlives its token and its workload.
CREATE TABLE audit (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL,
    -- null: it was not known who asked
    token_id   uuid,
    token_name text,
    role       text,
    session_id uuid,
    remote     text        NOT NULL,
    method     text        NOT NULL,
    path       text        NOT NULL,
    workload   text,
    status     integer     NOT NULL,
    trace_id   text,
    CONSTRAINT audit_pk PRIMARY KEY (id)
);

CREATE INDEX audit_at_index ON audit (at, id);
CREATE INDEX audit_token_index ON audit (token_id, at, id);
CREATE INDEX audit_token_name_index ON audit (token_name, at, id);
