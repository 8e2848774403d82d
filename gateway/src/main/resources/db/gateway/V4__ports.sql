-- What lets a browser in at the host of one port: a code of one use, then the cookie that it was exchanged for. Hashes only.
CREATE TABLE port_pass (
    hash       bytea       NOT NULL,
    -- the first label of the host
    name       text        NOT NULL,
    is_code    boolean     NOT NULL,
    token_id   uuid        NOT NULL,
    -- null: the token itself asked for it
    session_id uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT port_pass_pk PRIMARY KEY (hash),
    CONSTRAINT port_pass_token_fk FOREIGN KEY (token_id) REFERENCES token (id) ON DELETE CASCADE,
    CONSTRAINT port_pass_session_fk FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE INDEX port_pass_token_index ON port_pass (token_id);
CREATE INDEX port_pass_session_index ON port_pass (session_id);
CREATE INDEX port_pass_expires_index ON port_pass (expires_at);
CREATE INDEX port_pass_created_index ON port_pass (created_at);

-- Who may open a port, where that was set: for all instances of the workload, and whatever their labels say.
CREATE TABLE port_visibility (
    workload_id text        NOT NULL,
    port        integer     NOT NULL,
    visibility  text        NOT NULL,
    changed_at  timestamptz NOT NULL,
    CONSTRAINT port_visibility_pk PRIMARY KEY (workload_id, port),
    CONSTRAINT port_visibility_known CHECK (visibility IN ('private', 'public'))
);
