-- What is kept is bounded by its size, and a revision as long as something names it: both are read
-- from an index alone.
DROP INDEX history_time;
CREATE INDEX history_time ON history (accepted_ms, size);
CREATE INDEX history_revision ON history (revision);
