-- Who may do what. Only hashes are kept: what a token or a session's cookie is cannot be read back.
CREATE TABLE token (
    id         uuid        NOT NULL,
    name       text        NOT NULL,
    role       text        NOT NULL,
    -- null: every org, those of the future too
    orgs       text[],
    hash       bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT token_pk PRIMARY KEY (id),
    CONSTRAINT token_name_unique UNIQUE (name),
    CONSTRAINT token_hash_unique UNIQUE (hash),
    CONSTRAINT token_role_known CHECK (role IN ('VIEWER', 'OPERATOR', 'ADMIN')),
    CONSTRAINT token_orgs_some CHECK (orgs IS NULL OR cardinality(orgs) > 0)
);

CREATE TABLE session (
    hash       bytea       NOT NULL,
    token_id   uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT session_pk PRIMARY KEY (hash),
    CONSTRAINT session_token_fk FOREIGN KEY (token_id) REFERENCES token (id) ON DELETE CASCADE
);

CREATE INDEX session_token_index ON session (token_id);
CREATE INDEX session_expires_index ON session (expires_at);
