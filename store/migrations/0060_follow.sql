-- Searches that readers without an account follow by e-mail. Only what was
-- confirmed stands here, and only as long as it is followed. No content: these
-- tables are read through Follows alone. Times are microseconds since 1970 in UTC.

-- +goose Up

CREATE TABLE follows (
    id       TEXT   NOT NULL PRIMARY KEY,
    address  TEXT   NOT NULL, -- of e-mail, folded
    query    TEXT   NOT NULL, -- as in the address of its page
    every    TEXT   NOT NULL, -- "day" or "week"
    language TEXT   NOT NULL, -- BCP 47, of the letters
    since    BIGINT NOT NULL, -- the last edit that was told of
    due      BIGINT NOT NULL, -- when the next letter is
    leased   BIGINT NOT NULL, -- until when one process has it in hand; 0 for none
    upto     BIGINT NOT NULL, -- the last edit of the letter in hand; 0 for none
    begun    BIGINT NOT NULL, -- how often its sending was begun and not ended
    failed   BIGINT NOT NULL, -- how often in a row no server took it
    UNIQUE (address, query)
);
CREATE INDEX follows_due ON follows (due);

-- The key by which links in letters are signed; made when first asked for.
CREATE TABLE follow_key (
    id  BIGINT NOT NULL PRIMARY KEY, -- 1
    key TEXT   NOT NULL
);
