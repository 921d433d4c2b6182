-- Persons who may sign in and what lets them in. No content: these tables are
-- read through Access alone. Secrets stand here as digests only; lists are JSON;
-- times are microseconds since 1970 in UTC.

-- +goose Up

CREATE TABLE persons (
    id        TEXT   NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    address   TEXT   NOT NULL UNIQUE, -- of e-mail, folded
    name      TEXT   NOT NULL,
    role      TEXT   NOT NULL,
    audiences TEXT   NOT NULL,
    topics    TEXT   NOT NULL,
    countries TEXT   NOT NULL,
    disabled  BIGINT NOT NULL,
    password  TEXT   NOT NULL, -- a hash in the PHC format, or empty
    created   BIGINT NOT NULL,
    signed_in BIGINT NOT NULL  -- 0 for never
);

-- What identity providers call persons.
CREATE TABLE identities (
    provider TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    member   TEXT   NOT NULL, -- of these groups
    at       BIGINT NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE (person, provider)
);

CREATE TABLE sessions (
    digest  TEXT   NOT NULL PRIMARY KEY,
    person  TEXT   NOT NULL,
    way     TEXT   NOT NULL,
    began   BIGINT NOT NULL,
    seen    BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE tokens (
    id      TEXT   NOT NULL PRIMARY KEY,
    person  TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    digest  TEXT   NOT NULL UNIQUE,
    scopes  TEXT   NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used    BIGINT NOT NULL -- 0 for never
);
CREATE INDEX tokens_person ON tokens (person);

CREATE TABLE passkeys (
    id         TEXT   NOT NULL PRIMARY KEY,
    person     TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    credential TEXT   NOT NULL, -- JSON
    created    BIGINT NOT NULL
);
CREATE INDEX passkeys_person ON passkeys (person);

-- What was begun and waits for its secret: links, visits to a provider, passkeys.
CREATE TABLE pending (
    kind    TEXT   NOT NULL,
    digest  TEXT   NOT NULL,
    data    TEXT   NOT NULL, -- JSON
    expires BIGINT NOT NULL,
    PRIMARY KEY (kind, digest)
);
CREATE INDEX pending_expires ON pending (expires);

CREATE TABLE rules (
    id        TEXT NOT NULL PRIMARY KEY,
    domain    TEXT NOT NULL,
    provider  TEXT NOT NULL,
    member    TEXT NOT NULL, -- of this group
    address   TEXT NOT NULL,
    audiences TEXT NOT NULL
);
