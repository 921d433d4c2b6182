-- Who did what: sign-ins, and what concerns persons, rules and tokens. Edits are
-- told of by their own table. Rows are added and never changed; only sign-ins go,
-- when they are older than the bound that their expiry sets for its transaction.
-- The triggers are SQLite's; another engine needs its own of the same name.

-- +goose Up

CREATE TABLE IF NOT EXISTS acts (
    id      TEXT   NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    person  TEXT   NOT NULL, -- who did it; empty for the house and the terminal
    name    TEXT   NOT NULL, -- what they were called then
    act     TEXT   NOT NULL,
    subject TEXT   NOT NULL, -- to what, by its ID or name
    detail  TEXT   NOT NULL
);
CREATE INDEX IF NOT EXISTS acts_at ON acts (at, id);
CREATE INDEX IF NOT EXISTS edits_at ON edits (at, seq);

-- From where, as long as the settings say so.
CREATE TABLE IF NOT EXISTS act_addresses (
    act     TEXT   NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    address TEXT   NOT NULL
);

CREATE TABLE IF NOT EXISTS act_bound (
    id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    before BIGINT NOT NULL
);
INSERT INTO act_bound (id, before) VALUES (1, 0) ON CONFLICT (id) DO NOTHING;

-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS acts_stay BEFORE UPDATE ON acts
BEGIN SELECT RAISE(ABORT, 'acts are not changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS acts_kept BEFORE DELETE ON acts
WHEN OLD.act NOT IN ('sign-in', 'sign-out') OR OLD.at >= (SELECT before FROM act_bound WHERE id = 1)
BEGIN SELECT RAISE(ABORT, 'acts are not removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS edits_stay BEFORE UPDATE ON edits
BEGIN SELECT RAISE(ABORT, 'edits are not changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS edits_kept BEFORE DELETE ON edits
BEGIN SELECT RAISE(ABORT, 'edits are not removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS revisions_stay BEFORE UPDATE ON revisions
BEGIN SELECT RAISE(ABORT, 'revisions are not changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS revisions_kept BEFORE DELETE ON revisions
BEGIN SELECT RAISE(ABORT, 'revisions are not removed'); END;
-- +goose StatementEnd
-- A REPLACE removes without the triggers of removal.
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS acts_once BEFORE INSERT ON acts WHEN EXISTS (SELECT 1 FROM acts WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'acts are not replaced'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS edits_once BEFORE INSERT ON edits WHEN EXISTS (SELECT 1 FROM edits WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'edits are not replaced'); END;
-- +goose StatementEnd
