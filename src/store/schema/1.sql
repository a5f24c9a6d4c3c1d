-- Runs that must still be done, and dead ones. `seq` is the order in which they were accepted.
CREATE TABLE queue (
    seq           INTEGER PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE,
    flow          TEXT    NOT NULL,
    revision      TEXT    NOT NULL,
    state         TEXT    NOT NULL CHECK (
        state IN ('offered', 'pending', 'running', 'parked', 'cancelled', 'dead')
    ),
    due_ms        INTEGER,
    interruptions INTEGER NOT NULL,
    accepted_ms   INTEGER NOT NULL,
    weight        INTEGER NOT NULL,
    request       TEXT    NOT NULL,
    variables     TEXT    NOT NULL,
    document      TEXT,
    body          BLOB    NOT NULL
) STRICT;
CREATE INDEX queue_offered ON queue (seq) WHERE state = 'offered';
CREATE INDEX queue_dead ON queue (seq) WHERE state = 'dead';

-- What the steps of a run came to that must not be done twice.
CREATE TABLE effects (
    seq   INTEGER NOT NULL,
    key   TEXT    NOT NULL,
    value TEXT    NOT NULL,
    PRIMARY KEY (seq, key)
) STRICT, WITHOUT ROWID;

-- Runs that have ended.
CREATE TABLE history (
    id          TEXT    PRIMARY KEY NOT NULL,
    flow        TEXT    NOT NULL,
    revision    TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    accepted_ms INTEGER NOT NULL,
    finished_ms INTEGER NOT NULL,
    duration_us INTEGER NOT NULL,
    error       TEXT,
    size        INTEGER NOT NULL,
    record      TEXT    NOT NULL
) STRICT;
CREATE INDEX history_time ON history (accepted_ms);
CREATE INDEX history_flow ON history (flow, accepted_ms);
CREATE INDEX history_outcome ON history (outcome, accepted_ms);

-- Configurations that runs were accepted by: {path: text}, without secrets.
CREATE TABLE revisions (
    revision  TEXT    PRIMARY KEY NOT NULL,
    stored_ms INTEGER NOT NULL,
    entry     TEXT    NOT NULL,
    files     TEXT    NOT NULL
) STRICT;

-- What the first of several requests with the same key was answered.
CREATE TABLE dedupe (
    flow       TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    reply      TEXT    NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (flow, key)
) STRICT;
CREATE INDEX dedupe_expiry ON dedupe (expires_ms);

-- Runs that somebody wants to be cancelled; the server takes them out.
CREATE TABLE cancellations (
    id TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;
