-- What persons say to each other about a record, and what is to be told to them
-- by e-mail: nothing of the library. Times are microseconds since 1970 in UTC.

-- +goose Up

CREATE TABLE notes (
    id      TEXT   NOT NULL PRIMARY KEY,
    subject TEXT   NOT NULL, -- the ID of the record
    author  TEXT   NOT NULL, -- the name; empty for somebody without an account
    address TEXT   NOT NULL, -- e-mail of somebody without an account, until it is decided
    lang    TEXT   NOT NULL, -- the language in which that person is answered
    body    TEXT   NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX notes_subject ON notes (subject, at);

-- How a person wants to be told.
CREATE TABLE wishes (
    person TEXT NOT NULL PRIMARY KEY,
    often  TEXT NOT NULL,
    lang   TEXT NOT NULL
);

-- What is to be told, one row for a person and an event, gone when it is sent.
CREATE TABLE news (
    id      TEXT   NOT NULL PRIMARY KEY,
    address TEXT   NOT NULL, -- of e-mail
    person  TEXT   NOT NULL, -- empty for somebody without an account
    lang    TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    subject TEXT   NOT NULL, -- the ID of the record
    who     TEXT   NOT NULL, -- did it
    why     TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    due     BIGINT NOT NULL, -- not before
    attempt BIGINT NOT NULL
);
CREATE INDEX news_due ON news (due);

-- The number of the last edit of which news were made.
CREATE TABLE news_mark (
    id  BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);
INSERT INTO news_mark (id, seq) SELECT 1, seq FROM clock WHERE id = 1;
