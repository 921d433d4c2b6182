-- What everyone may know of each resource, in the order in which it came to be
-- so: for those who harvest the library. Times are microseconds since 1970 in
-- UTC.

-- +goose Up

-- The time of the last edit, later than that of any before whatever the clocks
-- of the machines say.
ALTER TABLE clock ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
UPDATE clock SET at = (SELECT COALESCE(MAX(at), 0) FROM edits);

-- A row for each resource that is or was open to everyone.
CREATE TABLE notices (
    entry   TEXT    NOT NULL PRIMARY KEY,
    version BIGINT  NOT NULL, -- the revision that was open last
    at      BIGINT  NOT NULL, -- when that revision, or its end, took effect
    shown   BOOLEAN NOT NULL  -- whether it is open still
);
INSERT INTO notices (entry, version, at, shown)
SELECT e.id, o.version,
       (SELECT d.at FROM revisions n JOIN edits d ON d.seq = n.seq
        WHERE n.entry = e.id AND n.version = CASE WHEN o.version < e.version THEN o.version + 1 ELSE o.version END),
       o.version = e.version
FROM entries e
JOIN (SELECT entry, MAX(version) AS version FROM revisions WHERE status = 'published' AND audience = 'public' GROUP BY entry) o
  ON o.entry = e.id
WHERE e.kind = 'resource';
CREATE INDEX notices_at ON notices (at, entry);
