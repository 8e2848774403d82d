-- Searches over many workloads go from the newest chunks to older ones. What comes after last_at lets them go on where
-- they were, and tells without the row whether a chunk reaches into the time that is wanted.
CREATE INDEX chunk_time ON chunk (last_at, workload_id, last_line, first_at);

-- A few bytes of a filter are read at a time, which needs it uncompressed; it is random bits anyway.
ALTER TABLE chunk ALTER COLUMN filter SET STORAGE EXTERNAL;
