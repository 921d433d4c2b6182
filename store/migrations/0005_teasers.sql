-- What those may know of an entry who may not read it, as it stands.

-- +goose Up

CREATE TABLE teasers (
    entry TEXT NOT NULL PRIMARY KEY,
    body  TEXT NOT NULL -- JSON of the entry's kind
);
