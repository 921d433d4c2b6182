-- What curators have written and not saved yet: nothing of the library, and for
-- nobody but themselves. Times are microseconds since 1970 in UTC.

-- +goose Up

CREATE TABLE forms (
    person  TEXT   NOT NULL,
    subject TEXT   NOT NULL, -- the ID of the record, or of one that is to be
    base    BIGINT NOT NULL, -- the version that was being changed; 0 for a new record
    body    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (person, subject)
);
