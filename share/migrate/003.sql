-- From version 2 of the session file to version 3; share/schema.sql explains each table.

-- Removes the CHECK lists of words that a feature can extend. SQLite cannot drop a CHECK, so each table
-- is created again under a new name, filled and renamed. With legacy_alter_table, views and foreign
-- keys keep the old name.
PRAGMA legacy_alter_table = ON;

CREATE TABLE image_3 (
    id       INTEGER PRIMARY KEY,
    role     TEXT NOT NULL CHECK (role IN ('subject', 'base')),
    ref      TEXT NOT NULL,
    kind     TEXT NOT NULL,
    source   TEXT NOT NULL,
    size     INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    identity TEXT NOT NULL,
    name     TEXT NOT NULL,
    config   TEXT NOT NULL DEFAULT '{}',
    load     INTEGER NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))
);
INSERT INTO image_3 SELECT * FROM image;
DROP TABLE image;
ALTER TABLE image_3 RENAME TO image;

CREATE TABLE image_layer_3 (
    image      INTEGER NOT NULL REFERENCES image,
    ordinal    INTEGER NOT NULL CHECK (ordinal >= 1),
    layer      INTEGER NOT NULL REFERENCES layer,
    command    TEXT,
    member     TEXT NOT NULL,
    offset     INTEGER NOT NULL,
    size       INTEGER NOT NULL,
    codec      TEXT NOT NULL,
    dead_bytes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (image, ordinal)
) WITHOUT ROWID;
INSERT INTO image_layer_3 SELECT * FROM image_layer;
DROP TABLE image_layer;
ALTER TABLE image_layer_3 RENAME TO image_layer;

CREATE TABLE need_3 (
    layer INTEGER NOT NULL REFERENCES layer,
    path  INTEGER NOT NULL REFERENCES path,
    seq   INTEGER NOT NULL,
    kind  TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (layer, path, seq)
) WITHOUT ROWID;
INSERT INTO need_3 SELECT * FROM need;
DROP TABLE need;
ALTER TABLE need_3 RENAME TO need;

CREATE TABLE package_3 (
    image   INTEGER NOT NULL REFERENCES image,
    number  INTEGER NOT NULL CHECK (number >= 1),
    manager TEXT NOT NULL,
    name    TEXT NOT NULL,
    version TEXT NOT NULL,
    arch    TEXT NOT NULL,
    PRIMARY KEY (image, number)
) WITHOUT ROWID;
INSERT INTO package_3 SELECT * FROM package;
DROP TABLE package;
ALTER TABLE package_3 RENAME TO package;

CREATE TABLE way_3 (
    id         INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    call       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    errno      INTEGER NOT NULL,
    nofollow   INTEGER NOT NULL CHECK (nofollow IN (0, 1)),
    other_root INTEGER NOT NULL DEFAULT 0 CHECK (other_root IN (0, 1)),
    pair       INTEGER NOT NULL CHECK (pair IN (0, 1))
);
INSERT INTO way_3 SELECT * FROM way;
DROP TABLE way;
ALTER TABLE way_3 RENAME TO way;

CREATE TABLE pattern_3 (
    position INTEGER PRIMARY KEY CHECK (position >= 1),
    enabled  INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    target   TEXT NOT NULL DEFAULT 'line',
    stage    TEXT NOT NULL
);
INSERT INTO pattern_3 SELECT * FROM pattern;
DROP TABLE pattern;
ALTER TABLE pattern_3 RENAME TO pattern;

CREATE TABLE edit_3 (
    id     INTEGER PRIMARY KEY,
    step   INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    what   TEXT NOT NULL,
    key    BLOB NOT NULL,
    before BLOB,
    after  BLOB
);
INSERT INTO edit_3 SELECT * FROM edit;
DROP TABLE edit;
ALTER TABLE edit_3 RENAME TO edit;
CREATE INDEX edit_by_step ON edit (step);
CREATE INDEX edit_by_state ON edit (undone, step);

PRAGMA legacy_alter_table = OFF;

-- The chain in the journal contains the target as a word: "1lgrep x" becomes "1line grep x". Each row
-- of stage (done, rest) moves one stage from rest to done; the last row has an empty rest.
UPDATE edit SET before = (
    WITH RECURSIVE stage (done, rest) AS (
        SELECT substr(before, 1, instr(before, x'00')), substr(before, instr(before, x'00') + 1)
        UNION ALL
        SELECT done || substr(rest, 1, 1)
               || CASE substr(rest, 2, 1) WHEN x'70' THEN 'path ' WHEN x'74' THEN 'tree ' ELSE 'line ' END
               || substr(rest, 3, instr(rest, x'00') - 2),
               substr(rest, instr(rest, x'00') + 1)
        FROM stage WHERE instr(rest, x'00') > 0
    )
    SELECT CAST(done || rest AS BLOB) FROM stage ORDER BY length(rest) LIMIT 1
) WHERE what = 'chain' AND typeof(before) = 'blob';
UPDATE edit SET after = (
    WITH RECURSIVE stage (done, rest) AS (
        SELECT substr(after, 1, instr(after, x'00')), substr(after, instr(after, x'00') + 1)
        UNION ALL
        SELECT done || substr(rest, 1, 1)
               || CASE substr(rest, 2, 1) WHEN x'70' THEN 'path ' WHEN x'74' THEN 'tree ' ELSE 'line ' END
               || substr(rest, 3, instr(rest, x'00') - 2),
               substr(rest, instr(rest, x'00') + 1)
        FROM stage WHERE instr(rest, x'00') > 0
    )
    SELECT CAST(done || rest AS BLOB) FROM stage ORDER BY length(rest) LIMIT 1
) WHERE what = 'chain' AND typeof(after) = 'blob';
