-- Codes of sign-in links, for whichever gateway is asked: hashes, each used once by being deleted.
CREATE TABLE sign_in_code (
    hash       bytea       NOT NULL,
    -- whom it signs in as
    token_id   uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT sign_in_code_pk PRIMARY KEY (hash),
    CONSTRAINT sign_in_code_token_fk FOREIGN KEY (token_id) REFERENCES token (id) ON DELETE CASCADE
);

CREATE INDEX sign_in_code_token_index ON sign_in_code (token_id);
CREATE INDEX sign_in_code_expires_index ON sign_in_code (expires_at);

-- The hash says who may use a session; the id names it for whoever looks after sessions.
ALTER TABLE session
    ADD COLUMN id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN user_agent   text,
    ADD COLUMN remote       text,
    ADD CONSTRAINT session_id_unique UNIQUE (id);

CREATE INDEX session_created_index ON session (created_at, id);

ALTER TABLE token
    -- null: it does not expire
    ADD COLUMN expires_at   timestamptz,
    ADD COLUMN last_used_at timestamptz;
