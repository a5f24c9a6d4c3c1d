-- Of a run that is parked: how long it was to wait. A clock that is set back makes it no longer.
ALTER TABLE queue ADD COLUMN wait_ms INTEGER;
