-- From version 1 of the session file to version 2; share/schema.sql explains each table.

-- Facts about how a log was recorded: a new table.
CREATE TABLE clue (
    log  INTEGER NOT NULL REFERENCES log,
    what TEXT NOT NULL,
    n    INTEGER NOT NULL,
    line INTEGER NOT NULL,                  -- of the first one, in the log; 0: none
    text TEXT NOT NULL,                     -- '' for most
    PRIMARY KEY (log, what)
) WITHOUT ROWID;

-- Packed accesses, with processes and ways in tables of their own; paths without an index.
DROP VIEW v_access;
ALTER TABLE access RENAME TO access_1;
ALTER TABLE asked RENAME TO asked_1;
CREATE TABLE asked (
    id       INTEGER PRIMARY KEY,
    path     TEXT NOT NULL,
    known    INTEGER NOT NULL CHECK (known IN (0, 1)),
    real     TEXT
);
INSERT INTO asked SELECT id, path, known, real FROM asked_1 ORDER BY id;
CREATE TABLE process (
    log        INTEGER NOT NULL REFERENCES log,
    number     INTEGER NOT NULL CHECK (number >= 0),
    pid        INTEGER NOT NULL,
    parent     INTEGER NOT NULL,
    program    TEXT NOT NULL,
    argv       TEXT NOT NULL,
    first_line INTEGER NOT NULL,
    PRIMARY KEY (log, number)
) WITHOUT ROWID;
INSERT INTO process
SELECT log, row_number() OVER (PARTITION BY log ORDER BY pid) - 1, pid, 0, '', '', min(first_line)
FROM access_1 GROUP BY log, pid;
CREATE TABLE way (
    id         INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    call       TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('executed', 'mapped', 'read', 'listed', 'written', 'created', 'renamed', 'removed', 'stat', 'readlink', 'chdir', 'other')),
    errno      INTEGER NOT NULL,
    nofollow   INTEGER NOT NULL CHECK (nofollow IN (0, 1)),
    other_root INTEGER NOT NULL DEFAULT 0 CHECK (other_root IN (0, 1)),
    pair       INTEGER NOT NULL CHECK (pair IN (0, 1))
);
INSERT INTO way (call, kind, errno, nofollow, other_root, pair)
SELECT DISTINCT call, kind, errno, nofollow, other_root, mate <> 0 FROM access_1;
CREATE TABLE packed (
    log           INTEGER NOT NULL REFERENCES log,
    first_seq     INTEGER NOT NULL CHECK (first_seq >= 1),
    n             INTEGER NOT NULL CHECK (n BETWEEN 1 AND 256),
    base_asked    INTEGER NOT NULL,
    base_line     INTEGER NOT NULL,
    process       TEXT NOT NULL,
    process_upper TEXT NOT NULL,
    way           TEXT NOT NULL,
    asked         TEXT NOT NULL,
    asked_upper   TEXT NOT NULL,
    line          TEXT NOT NULL,
    line_upper    TEXT NOT NULL,
    times         TEXT NOT NULL,
    times_upper   TEXT NOT NULL,
    PRIMARY KEY (log, first_seq)
);
CREATE TEMP TABLE number (
    log, part, seq, process, way, asked, base_asked, line, base_line, times,
    PRIMARY KEY (log, part, seq)
) WITHOUT ROWID;
INSERT INTO number
SELECT a.log, (a.seq - 1) / 256, a.seq, p.number, w.id,
       a.asked - min(a.asked) OVER part, min(a.asked) OVER part,
       a.first_line - min(a.first_line) OVER part, min(a.first_line) OVER part, a.n
FROM access_1 a JOIN process p ON p.log = a.log AND p.pid = a.pid
JOIN way w ON w.call = a.call AND w.kind = a.kind AND w.errno = a.errno AND w.nofollow = a.nofollow
     AND w.other_root = a.other_root AND w.pair = (a.mate <> 0)
WINDOW part AS (PARTITION BY a.log, (a.seq - 1) / 256);
INSERT INTO packed
SELECT log, min(seq), count(*), base_asked, base_line,
       group_concat(char(process % 65536 + iif(process % 65536 < 55000, 1, 10537)), ''),
       iif(max(process) < 65536, '', group_concat(char(process / 65536 + iif(process / 65536 < 55000, 1, 10537)), '')),
       group_concat(char(way % 65536 + iif(way % 65536 < 55000, 1, 10537)), ''),
       group_concat(char(asked % 65536 + iif(asked % 65536 < 55000, 1, 10537)), ''),
       iif(max(asked) < 65536, '', group_concat(char(asked / 65536 + iif(asked / 65536 < 55000, 1, 10537)), '')),
       group_concat(char(line % 65536 + iif(line % 65536 < 55000, 1, 10537)), ''),
       iif(max(line) < 65536, '', group_concat(char(line / 65536 + iif(line / 65536 < 55000, 1, 10537)), '')),
       group_concat(char(times % 65536 + iif(times % 65536 < 55000, 1, 10537)), ''),
       iif(max(times) < 65536, '', group_concat(char(times / 65536 + iif(times / 65536 < 55000, 1, 10537)), ''))
FROM number GROUP BY log, part ORDER BY log, part;
DROP TABLE number;
DROP TABLE access_1;
DROP TABLE asked_1;
CREATE VIEW access AS
WITH RECURSIVE place (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM place WHERE i < 256),
digit (log, seq, process, process_upper, way, base_asked, asked, asked_upper, base_line, line,
       line_upper, times, times_upper) AS (
    SELECT p.log, p.first_seq + place.i - 1,
           unicode(substr(p.process, place.i, 1)), unicode(substr(p.process_upper, place.i, 1)),
           unicode(substr(p.way, place.i, 1)), p.base_asked,
           unicode(substr(p.asked, place.i, 1)), unicode(substr(p.asked_upper, place.i, 1)), p.base_line,
           unicode(substr(p.line, place.i, 1)), unicode(substr(p.line_upper, place.i, 1)),
           unicode(substr(p.times, place.i, 1)), unicode(substr(p.times_upper, place.i, 1))
    FROM packed p CROSS JOIN place ON place.i <= p.n
),
number (log, seq, process, way, asked, line, times) AS (
    SELECT log, seq,
           process - iif(process > 55000, 10537, 1)
           + 65536 * coalesce(process_upper - iif(process_upper > 55000, 10537, 1), 0),
           way - iif(way > 55000, 10537, 1),
           base_asked + asked - iif(asked > 55000, 10537, 1)
           + 65536 * coalesce(asked_upper - iif(asked_upper > 55000, 10537, 1), 0),
           base_line + line - iif(line > 55000, 10537, 1)
           + 65536 * coalesce(line_upper - iif(line_upper > 55000, 10537, 1), 0),
           times - iif(times > 55000, 10537, 1)
           + 65536 * coalesce(times_upper - iif(times_upper > 55000, 10537, 1), 0)
    FROM digit
)
SELECT n.log, n.seq, w.pair * (n.seq + 1) AS mate, n.process, p.pid, w.call, n.asked, w.kind, w.errno,
       w.nofollow, w.other_root, n.times AS n, n.line AS first_line
FROM number n CROSS JOIN way w ON w.id = n.way
CROSS JOIN process p ON p.log = n.log AND p.number = n.process;

CREATE VIEW v_access AS
SELECT r.name AS run, l.name AS log, a.first_line AS line, a.pid, a.call, q.path, q.real AS real_path,
       a.errno, a.n, a.kind
FROM access a JOIN log l ON l.id = a.log JOIN run r ON r.id = l.run JOIN asked q ON q.id = a.asked
WHERE l.complete = 1;

CREATE VIEW v_process AS
SELECT r.name AS run, l.name AS log, p.first_line AS line, p.pid, p.parent, p.program, p.argv
FROM process p JOIN log l ON l.id = p.log JOIN run r ON r.id = l.run
WHERE l.complete = 1;

-- The dependencies that a content names: more kinds.
ALTER TABLE need RENAME TO need_1;
CREATE TABLE need (
    layer INTEGER NOT NULL REFERENCES layer,
    path  INTEGER NOT NULL REFERENCES path,
    seq   INTEGER NOT NULL,
    kind  TEXT NOT NULL CHECK (kind IN ('interpreter', 'needed', 'runpath', 'rpath', 'soname', 'script', 'script-arg', 'machine', 'version-needed', 'version-defined', 'directory', 'include')),
    value TEXT NOT NULL,
    PRIMARY KEY (layer, path, seq)
) WITHOUT ROWID;
INSERT INTO need SELECT layer, path, seq, kind, value FROM need_1;
DROP TABLE need_1;

-- Packages: new tables. Images that an earlier version loaded have no packages until they are loaded
-- again.
CREATE TABLE package_file (
    layer INTEGER NOT NULL REFERENCES layer,
    path  INTEGER NOT NULL REFERENCES path,
    text  BLOB NOT NULL,
    PRIMARY KEY (layer, path)
) WITHOUT ROWID;
CREATE TABLE package (
    image   INTEGER NOT NULL REFERENCES image,
    number  INTEGER NOT NULL CHECK (number >= 1),
    manager TEXT NOT NULL CHECK (manager IN ('dpkg', 'apk', 'python')),
    name    TEXT NOT NULL,
    version TEXT NOT NULL,
    arch    TEXT NOT NULL,
    PRIMARY KEY (image, number)
) WITHOUT ROWID;
ALTER TABLE merged ADD COLUMN package INTEGER;
ALTER TABLE verdict ADD COLUMN used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1));
INSERT INTO setting VALUES ('state.stale', '1') ON CONFLICT (name) DO UPDATE SET value = '1';
DROP VIEW v_file;
CREATE VIEW v_file AS
SELECT p.path,
       coalesce(e.kind, 'dir') AS kind,
       coalesce(e.mode, 493) AS mode, coalesce(e.uid, 0) AS uid, coalesce(e.gid, 0) AS gid,
       coalesce(e.size, 0) AS bytes, e.link,
       m.ordinal AS layer,
       k.name AS package, v.in_base, coalesce(v.mark, 'auto') AS mark, coalesce(v.kept, 0) AS kept,
       coalesce(v.reason, '') AS reason,
       -- Not v_path once more: without an index the planner reads all of that for each row.
       (WITH RECURSIVE up (id, text) AS (
            SELECT m.peer, ''
            UNION ALL
            SELECT n.parent, '/' || n.name || up.text FROM up JOIN path n ON n.id = up.id WHERE up.id <> 1
        )
        SELECT text FROM up WHERE id = 1) AS hardlink
FROM image i
JOIN merged m ON m.image = i.id
JOIN v_path p ON p.id = m.path
LEFT JOIN entry e ON e.layer = m.source_layer AND e.path = m.source_path AND e.kind NOT IN ('whiteout', 'opaque', 'hardlink')
LEFT JOIN verdict v ON v.path = m.path
LEFT JOIN package k ON k.image = m.image AND k.number = m.package
WHERE i.role = 'subject' AND i.complete = 1;

CREATE VIEW v_package AS
WITH content (package, bytes, files, used, kept) AS (
    SELECT m.package, max(e.size), count(*), sum(coalesce(v.used, 0)), sum(coalesce(v.kept, 0))
    FROM image i
    JOIN merged m ON m.image = i.id AND m.package IS NOT NULL
    JOIN entry e ON e.layer = m.source_layer AND e.path = m.source_path
         AND e.kind NOT IN ('dir', 'whiteout', 'opaque', 'hardlink')
    LEFT JOIN verdict v ON v.path = m.path
    WHERE i.role = 'subject' AND i.complete = 1
    GROUP BY m.package, coalesce(m.peer, m.path)
)
SELECT k.manager, k.name, k.version, k.arch,
       coalesce(sum(c.bytes), 0) AS bytes, coalesce(sum(c.files), 0) AS files,
       coalesce(sum(iif(c.used, c.bytes, 0)), 0) AS used_bytes, coalesce(sum(c.used), 0) AS used_files,
       coalesce(sum(iif(c.kept, c.bytes, 0)), 0) AS kept_bytes, coalesce(sum(c.kept), 0) AS kept_files
FROM image i
JOIN package k ON k.image = i.id
LEFT JOIN content c ON c.package = k.number
WHERE i.role = 'subject' AND i.complete = 1
GROUP BY k.number;
