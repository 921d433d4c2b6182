-- Work that edits leave to be done: one row for a kind and a subject, gone when
-- the work is done. Times are microseconds since 1970 in UTC.

-- +goose Up

CREATE TABLE tasks (
    kind    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    attempt BIGINT NOT NULL, -- how often it was begun
    due     BIGINT NOT NULL, -- not before; while it is being done: when others may take it over
    parked  BIGINT NOT NULL, -- 1 when it has failed too often and waits for a person
    error   TEXT   NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX tasks_due ON tasks (parked, due);
