-- Where a host's clock was set back, the last stored line of a container is not that with the latest time.
ALTER TABLE stream_position
    ADD COLUMN ahead_at  bigint NOT NULL DEFAULT 0, -- the latest time of a line that an earlier one followed, nanoseconds since the epoch
    ADD COLUMN last_line bigint NOT NULL DEFAULT 0; -- number of the last stored line, 0 where it was stored before there was this column
