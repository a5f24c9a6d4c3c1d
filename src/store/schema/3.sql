-- Of a run that is the rest of another one: the step it begins at, and the other's id.
ALTER TABLE queue ADD COLUMN from_step INTEGER;
ALTER TABLE queue ADD COLUMN continues TEXT;
