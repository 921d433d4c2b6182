-- Entries, their revisions, and the gapless list of edits. One text for SQLite
-- and PostgreSQL; times are microseconds since 1970 in UTC; forward only.

-- +goose Up

-- The number of the last edit. A row and no sequence: whoever takes a number
-- holds the row until the edit is in, so numbers appear in order and without gaps.
CREATE TABLE clock (
    id  BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL
);
INSERT INTO clock (id, seq) VALUES (1, 0);

CREATE TABLE edits (
    seq     BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    note    TEXT   NOT NULL,
    changes BIGINT NOT NULL -- how many revisions bear this number: tells a whole edit
);

-- What stands now. Bodies are in revisions alone, joined by entry and version.
CREATE TABLE entries (
    id          TEXT   NOT NULL PRIMARY KEY,
    kind        TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    status      TEXT   NOT NULL,
    audience    TEXT   NOT NULL,
    merged_into TEXT   NOT NULL, -- empty unless status is merged
    created     BIGINT NOT NULL,
    updated     BIGINT NOT NULL
);

CREATE TABLE revisions (
    entry       TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    status      TEXT   NOT NULL,
    audience    TEXT   NOT NULL,
    merged_into TEXT   NOT NULL,
    body        TEXT   NOT NULL, -- JSON, never queried inside
    PRIMARY KEY (entry, version)
);
CREATE INDEX revisions_seq ON revisions (seq);

-- Values under which current entries are looked up.
CREATE TABLE keys (
    scheme TEXT NOT NULL,
    value  TEXT NOT NULL,
    entry  TEXT NOT NULL,
    PRIMARY KEY (scheme, value, entry)
);
CREATE INDEX keys_entry ON keys (entry);
