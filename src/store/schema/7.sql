-- Of a run that is to end as cancelled: `hand`, or the id of the run that takes its place.
ALTER TABLE queue ADD COLUMN cancelled_by TEXT;
