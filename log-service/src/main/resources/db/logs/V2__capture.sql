-- How many logs each replica is reading, and in which way. Only fresh rows count: those of a dead replica age out.
CREATE TABLE capture (
    replica   text        NOT NULL,
    host      text        NOT NULL,
    by_file   int         NOT NULL,
    by_api    int         NOT NULL,
    stored_at timestamptz NOT NULL,
    CONSTRAINT capture_pk PRIMARY KEY (replica, host)
);
