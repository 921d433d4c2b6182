-- Files that persons have brought at the desk and not saved with a record yet:
-- nothing of the library, and for nobody but themselves. Times are microseconds
-- since 1970 in UTC.

-- +goose Up

CREATE TABLE uploads (
    person  TEXT   NOT NULL,
    subject TEXT   NOT NULL, -- the ID of the record, or of one that is to be
    digest  TEXT   NOT NULL, -- SHA-256 of the file
    body    TEXT   NOT NULL, -- JSON of what is known of the file
    at      BIGINT NOT NULL,
    PRIMARY KEY (person, subject, digest)
);
CREATE INDEX uploads_digest ON uploads (digest);
