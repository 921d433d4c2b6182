-- Entries by their kind: a few hundred studies or indicators are read without
-- passing over every publication.

-- +goose Up

CREATE INDEX entries_kind ON entries (kind, id);
