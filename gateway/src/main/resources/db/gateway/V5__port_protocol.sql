-- What a port was found to speak by whoever opened it first. It holds for as long as the same program listens there.
CREATE TABLE port_protocol (
    container_id text        NOT NULL,
    port         integer     NOT NULL,
    -- since when that program listens
    since        timestamptz NOT NULL,
    protocol     text        NOT NULL,
    found_at     timestamptz NOT NULL,
    CONSTRAINT port_protocol_pk PRIMARY KEY (container_id, port),
    CONSTRAINT port_protocol_known CHECK (protocol IN ('http', 'https'))
);

CREATE INDEX port_protocol_found_index ON port_protocol (found_at);
