-- What the last visit to an address found. Times are microseconds since 1970 in
-- UTC.

-- +goose Up

CREATE TABLE visits (
    url    TEXT   NOT NULL PRIMARY KEY,
    state  TEXT   NOT NULL,
    status BIGINT NOT NULL,
    moved  TEXT   NOT NULL,
    reason TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    since  BIGINT NOT NULL -- of the first visit in a row that found the state
);
