-- How often each record was viewed and its files downloaded in a month: no more
-- is kept of it.

-- +goose Up

CREATE TABLE usage_counts (
    entry     TEXT   NOT NULL,
    month     TEXT   NOT NULL, -- 2026-11, in UTC
    views     BIGINT NOT NULL,
    downloads BIGINT NOT NULL,
    PRIMARY KEY (entry, month)
);
