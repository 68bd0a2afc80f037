-- The complete schema of xsmall's session file, version 4. The scripts in share/migrate convert
-- sessions of earlier versions.
--
-- Source tables contain the loaded data and the user's decisions. Derived tables (verdict, hits)
-- can be rebuilt from the source tables at any time. Paths, names and log text are TEXT with raw
-- bytes, which can be invalid UTF-8. A row that belongs to an image or a log with complete = 0 is
-- part of a load that is running or was killed: no view shows the row, and the next load removes it.
-- No object of this file needs a function or a module of the program: every sqlite3 can read it.
--
-- A column of words has a CHECK list only if something outside the program defines the words (the
-- tar format, the states of a mark). If a feature can add a word, the column has no list: a new word
-- then needs no migration, and the program checks each word when it reads it.

-- An interned path: the id of its parent and its last component. Row 1 is the root: parent 0, name ''.
CREATE TABLE path (
    id     INTEGER PRIMARY KEY,
    parent INTEGER NOT NULL,
    name   TEXT NOT NULL,
    UNIQUE (parent, name)
);
INSERT INTO path VALUES (1, 0, '');

-- A running load: its process, identified by pid and start time in clock ticks after boot
-- (proc_pid_stat(5), field 22), because a later process can have the same pid. The row is deleted
-- when the load is complete. If the process no longer exists, the load was killed. Only loads intern
-- paths, and only one load runs at a time, so rows of path and asked with ids above last_path and
-- last_asked belong to this load.
CREATE TABLE load (
    id         INTEGER PRIMARY KEY,
    pid        INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    last_path  INTEGER NOT NULL,            -- the greatest path.id when the load began
    last_asked INTEGER NOT NULL             -- the greatest asked.id when the load began; 0: no row
);

-- An image: the subject image to shrink, or the base image, whose files need no copying. There is at
-- most one complete image of each role.
CREATE TABLE image (
    id       INTEGER PRIMARY KEY,
    role     TEXT NOT NULL CHECK (role IN ('subject', 'base')),
    ref      TEXT NOT NULL,                 -- as given on the command line
    kind     TEXT NOT NULL,                 -- the image format: docker-archive, oci-dir, oci-archive, rootfs-tar, rootfs-dir
    source   TEXT NOT NULL,                 -- absolute path of the file or directory; docker:NAME, podman:NAME,
                                            -- registry:NAME[ PLATFORM]; - for standard input that was not stored
    size     INTEGER NOT NULL,              -- of that file or of the fetched data, in bytes; 0 for a directory
    mtime_ns INTEGER NOT NULL,              -- of that file, ns since the epoch; 0 for every other source
    identity TEXT NOT NULL,                 -- config digest; for a rootfs the id of its layer
    name     TEXT NOT NULL,                 -- the name in FROM
    config   TEXT NOT NULL DEFAULT '{}',    -- the image config document (OCI config.md), JSON
    load     INTEGER NOT NULL,              -- load.id; not changed when the row of load is deleted
    complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))
);

-- A layer. Images that share it use the same row.
CREATE TABLE layer (
    id       INTEGER PRIMARY KEY,
    diff_id  TEXT NOT NULL UNIQUE,          -- sha256:… from the config; for a rootfs xxh3:… of the entries
    bytes    INTEGER NOT NULL,              -- sum of the contents of its regular files
    load     INTEGER NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))
);

-- The layers of an image, lowest first, and the position of their bytes in its source.
CREATE TABLE image_layer (
    image      INTEGER NOT NULL REFERENCES image,
    ordinal    INTEGER NOT NULL CHECK (ordinal >= 1),
    layer      INTEGER NOT NULL REFERENCES layer,
    command    TEXT,                        -- created_by of the history; NULL if the history has no entry for it
    member     TEXT NOT NULL,               -- archive member or file below source; '' for a rootfs
    offset     INTEGER NOT NULL,            -- of the first byte of the member in source; 0 for a separate file
    size       INTEGER NOT NULL,            -- of the member, as stored, in bytes
    codec      TEXT NOT NULL,               -- plain, gzip, zstd; none for a directory
    dead_bytes INTEGER NOT NULL DEFAULT 0,  -- contents of this layer that later layers hide
    PRIMARY KEY (image, ordinal)
) WITHOUT ROWID;

-- One tar member of a layer (the last member with its path), in canonical form.
CREATE TABLE entry (
    layer    INTEGER NOT NULL REFERENCES layer,
    path     INTEGER NOT NULL REFERENCES path,
    kind     TEXT NOT NULL CHECK (kind IN ('dir', 'file', 'link', 'char', 'block', 'fifo', 'socket', 'hardlink', 'whiteout', 'opaque')),
    mode     INTEGER NOT NULL CHECK (mode BETWEEN 0 AND 4095),  -- permission bits, setuid, setgid, sticky
    uid      INTEGER NOT NULL,
    gid      INTEGER NOT NULL,
    size     INTEGER NOT NULL CHECK (size >= 0), -- content length of a file; 0 for every other kind
    mtime_s  INTEGER NOT NULL,              -- seconds since the epoch
    mtime_ns INTEGER NOT NULL CHECK (mtime_ns BETWEEN 0 AND 999999999),
    link     TEXT,                          -- symlink: bytes of the target. hardlink: canonical path of the other name
    device   INTEGER,                       -- char, block: major << 32 | minor
    hash     BLOB,                          -- file: XXH3-128 of the content, canonical (big-endian), 16 bytes
    offset   INTEGER,                       -- file: position of its content in the uncompressed layer; a sparse file: -2 minus the position of its header; NULL for a rootfs directory
    xattrs   BLOB,                          -- XXH3-128 of its sorted extended attributes; NULL if it has no attribute
    PRIMARY KEY (layer, path, kind)         -- a directory and its opaque marker have the same path
) WITHOUT ROWID;

-- Extended attributes, with their names in the kernel (security.capability, user.x, …).
CREATE TABLE xattr (
    layer INTEGER NOT NULL REFERENCES layer,
    path  INTEGER NOT NULL REFERENCES path,
    name  TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (layer, path, name)
) WITHOUT ROWID;

-- The dependencies that the content of a file names.
-- ELF file: interpreter (PT_INTERP), DT_NEEDED, DT_RUNPATH, DT_RPATH, DT_SONAME; class, data encoding
-- and machine as numbers ('machine'); for each library the symbol versions that the file needs
-- ("libc.so.6 GLIBC_2.2.5 GLIBC_2.34", without weak versions), and the versions that the file itself
-- defines ("GLIBC_2.2.5 …").
-- Script: the interpreter of its #! line ('script') and the rest of that line ('script-arg').
-- Configuration of a loader (/etc/ld.so.conf and the files that it includes, musl's
-- /etc/ld-musl-ARCH.path): its directories, and the globs of its includes.
CREATE TABLE need (
    layer INTEGER NOT NULL REFERENCES layer,
    path  INTEGER NOT NULL REFERENCES path,
    seq   INTEGER NOT NULL,                 -- order in the file, from 0
    kind  TEXT NOT NULL,                    -- interpreter, needed, runpath, rpath, soname, script, script-arg, machine,
                                            -- version-needed, version-defined, directory, include
    value TEXT NOT NULL,
    PRIMARY KEY (layer, path, seq)
) WITHOUT ROWID;

-- A file of a layer in which a package manager records the packages that it installed (status and
-- lists of dpkg, installed of apk, RECORD and METADATA of Python). Read again when an image is merged.
CREATE TABLE package_file (
    layer INTEGER NOT NULL REFERENCES layer,
    path  INTEGER NOT NULL REFERENCES path,
    text  BLOB NOT NULL,                    -- one zstd frame; at most the first 64 KiB of METADATA
    PRIMARY KEY (layer, path)
) WITHOUT ROWID;

-- A package that the files of package managers in the merged tree of an image record. Packages of
-- dpkg with the state not-installed, and packages of Python without a file, are left out.
CREATE TABLE package (
    image   INTEGER NOT NULL REFERENCES image,
    number  INTEGER NOT NULL CHECK (number >= 1), -- in the image, without gaps
    manager TEXT NOT NULL,                  -- dpkg, apk, python
    name    TEXT NOT NULL,
    version TEXT NOT NULL,                  -- '' if the record has no version
    arch    TEXT NOT NULL,                  -- '' if the record has no architecture
    PRIMARY KEY (image, number)
) WITHOUT ROWID;

-- The merged tree of an image: each path that the container sees, after whiteouts. source_layer and
-- source_path identify the entry with the attributes and the content of the path: its own entry, or
-- for another name of a hard link the entry that was written first. source_layer is NULL for a
-- directory that no layer describes (mode 0755, owner 0:0).
CREATE TABLE merged (
    image        INTEGER NOT NULL REFERENCES image,
    path         INTEGER NOT NULL REFERENCES path,
    ordinal      INTEGER,                   -- the topmost layer that wrote this path; NULL: no layer
    peer         INTEGER,                   -- hard link: path of the first name in C order; NULL: the file has one name
    source_layer INTEGER,
    source_path  INTEGER,
    package      INTEGER,                   -- package.number of its owner; NULL: no package, or a directory of several
    PRIMARY KEY (image, path)
) WITHOUT ROWID;

-- A traced execution, and its role: evidence (traced in the subject image) or check (in the slim image).
CREATE TABLE run (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('evidence', 'check'))
);

-- A strace log. position is its place in the order of loading.
CREATE TABLE log (
    id       INTEGER PRIMARY KEY,
    run      INTEGER NOT NULL REFERENCES run,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,                 -- as grep prints it: as given, or DIR/name
    source   TEXT NOT NULL,                 -- absolute path
    size     INTEGER NOT NULL,              -- bytes
    hash     BLOB NOT NULL,                 -- XXH3-128 of the whole text
    n_lines  INTEGER NOT NULL,
    cut      INTEGER NOT NULL DEFAULT 0 CHECK (cut IN (0, 1)), -- 1: the last line has no newline
    load     INTEGER NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))
);

-- The text of a log in blocks of whole lines, about 256 KiB each. A longer line has its own block.
CREATE TABLE block (
    log        INTEGER NOT NULL REFERENCES log,
    first_line INTEGER NOT NULL CHECK (first_line >= 1), -- in the log
    n_lines    INTEGER NOT NULL,
    n_bytes    INTEGER NOT NULL,            -- of the text with its newlines
    text       BLOB NOT NULL,               -- one zstd frame: the lines with their newlines
    calls      BLOB NOT NULL,               -- one zstd frame: n_lines little-endian uint32: access.seq, 0 for no access
    PRIMARY KEY (log, first_line)
);

-- A path as a system call of a trace passed it, made absolute if the log shows the directory
-- (semantics.md, Paths of accesses). Each triple (path, known, route) has one row: loads read the
-- existing rows before they add rows. route is the path that the kernel walks. It differs from path in
-- three ways: it keeps '..', because the component before it can be a symlink; it contains the file of
-- /proc/self/fd/3 and of similar links; and in it, '//' makes the directory before it the root of the
-- rest (openat2 with RESOLVE_IN_ROOT), until '/./' or the end.
CREATE TABLE asked (
    id       INTEGER PRIMARY KEY,
    path     TEXT NOT NULL,
    known    INTEGER NOT NULL CHECK (known IN (0, 1)), -- 0: the path is relative and its directory is unknown
    real     TEXT,                          -- derived: after symlinks of the subject image; NULL if it does not exist
    route    TEXT NOT NULL DEFAULT ''       -- '': the same as path
);

-- A process of a trace. Each log that has lines of the process has its own row.
CREATE TABLE process (
    log        INTEGER NOT NULL REFERENCES log,
    number     INTEGER NOT NULL CHECK (number >= 0), -- unique in its trace, because a pid can be used again
    pid        INTEGER NOT NULL,            -- 0: unknown
    parent     INTEGER NOT NULL,            -- pid of its parent; 0: unknown
    program    TEXT NOT NULL,               -- path of its last execve, made absolute; '': the log shows no execve
    argv       TEXT NOT NULL,               -- arguments of that execve as strace prints them, at most 256 bytes
    first_line INTEGER NOT NULL,            -- first line of the process in the log
    PRIMARY KEY (log, number)
) WITHOUT ROWID;

-- A combination of call, kind and result. There are few combinations, so accesses refer to them by id.
CREATE TABLE way (
    id         INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    call       TEXT NOT NULL,
    kind       TEXT NOT NULL,               -- executed, mapped, read, listed, written, created, renamed, removed, stat,
                                            -- readlink, chdir, other
    errno      INTEGER NOT NULL,            -- 0: success; -1: result unknown
    nofollow   INTEGER NOT NULL CHECK (nofollow IN (0, 1)), -- 1: the call does not follow a symlink at the end
    other_root INTEGER NOT NULL DEFAULT 0 CHECK (other_root IN (0, 1)), -- 1: in another root, for example after chroot
    pair       INTEGER NOT NULL CHECK (pair IN (0, 1)) -- 1: the next access is the second path of the same call
);

-- The accesses of a log, packed. A log has one access for each combination of process, call, path,
-- kind and result; a combination that is repeated after more than 30 000 other accesses can have two.
-- A row has up to 256 accesses, because a log has about as many accesses as lines. Each column is a
-- text with one character per access. The number of a character is unicode() - 1, or from 55001 on
-- unicode() - 10537. If the column NAME_upper is not '', 65536 times its number is added. The view
-- access unpacks the rows.
CREATE TABLE packed (
    log           INTEGER NOT NULL REFERENCES log,
    first_seq     INTEGER NOT NULL CHECK (first_seq >= 1), -- in the log, without gaps
    n             INTEGER NOT NULL CHECK (n BETWEEN 1 AND 256),
    base_asked    INTEGER NOT NULL,         -- is added to each asked
    base_line     INTEGER NOT NULL,         -- is added to each line
    process       TEXT NOT NULL,            -- process.number
    process_upper TEXT NOT NULL,
    way           TEXT NOT NULL,            -- way.id
    asked         TEXT NOT NULL,            -- asked.id
    asked_upper   TEXT NOT NULL,
    line          TEXT NOT NULL,            -- first line of the access
    line_upper    TEXT NOT NULL,
    times         TEXT NOT NULL,            -- count of the access
    times_upper   TEXT NOT NULL,
    PRIMARY KEY (log, first_seq)
);

-- Facts about how a log was recorded, collected while it was read: the first occurrence of each fact
-- and their number. The doctor derives its findings from them. Values of what:
--   style       text is the first call
--   command     text is the part after "execve(" of the first program
--   inside      the same for the first program in another root
--   everything  calls that are neither of files nor of processes
--   several     lines of further processes
--   child       created children; text is their pids
--   end         ended processes
-- and the problems of the log by name: unknown-cwd, raw-path, …
CREATE TABLE clue (
    log  INTEGER NOT NULL REFERENCES log,
    what TEXT NOT NULL,
    n    INTEGER NOT NULL,
    line INTEGER NOT NULL,                  -- line of the first occurrence in the log; 0: no line
    text TEXT NOT NULL,                     -- '' for most facts
    PRIMARY KEY (log, what)
) WITHOUT ROWID;

-- Problems found while loading; the load continued. where_ is the archive member, log or path.
CREATE TABLE problem (
    id     INTEGER PRIMARY KEY,
    where_ TEXT NOT NULL,
    what   TEXT NOT NULL,
    n      INTEGER NOT NULL DEFAULT 1,
    load   INTEGER NOT NULL,
    UNIQUE (where_, what, load)
);

-- Decisions. A stage of the filter chain: the shell text of one grep command without its files.
CREATE TABLE pattern (
    position INTEGER PRIMARY KEY CHECK (position >= 1),
    enabled  INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    target   TEXT NOT NULL DEFAULT 'line',  -- the text that the stage filters: line, path, tree
    stage    TEXT NOT NULL
);

-- A mark on an absolute path of the subject image. It holds for everything below until a nearer mark.
CREATE TABLE mark (
    path TEXT PRIMARY KEY,
    mark TEXT NOT NULL CHECK (mark IN ('keep', 'drop', 'auto'))
) WITHOUT ROWID;

-- The user's note on a path.
CREATE TABLE note (
    path TEXT PRIMARY KEY,
    text TEXT NOT NULL
) WITHOUT ROWID;

-- A map rule FROM=TO: the path source and everything below it moves to target in the slim image.
CREATE TABLE map (
    source TEXT PRIMARY KEY,
    target TEXT NOT NULL
) WITHOUT ROWID;

-- The undo journal. Each row is one changed value of a step; all rows of a step are undone together.
-- before and after are the old and the new value; NULL: no value. The value of a chain is the file
-- operands as shell text and a NUL, then for each stage '0' or '1' (enabled), its target, a space,
-- its shell text and a NUL.
CREATE TABLE edit (
    id     INTEGER PRIMARY KEY,
    step   INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    what   TEXT NOT NULL,                   -- chain, mark, note, map, setting
    key    BLOB NOT NULL,
    before BLOB,
    after  BLOB
);
CREATE INDEX edit_by_step ON edit (step);
CREATE INDEX edit_by_state ON edit (undone, step);

-- Named values:
--   chain.files          file operands of the pipeline
--   closure.off          dependency kinds that differ from the default, comma-separated: NAME is off,
--                        +NAME is on
--   family.NAME          the user's answer to a file group: refused, or added, then for each added
--                        path a NUL and the path
--   export.subject-name, export.base-name    names in FROM
--   state.stale          1: verdict is older than the decisions
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Derived: the lines that the expression of a stage matches, as ranges over all evidence lines in load
-- order. The program checks that the ranges are sorted and in bounds. key identifies the logs.
CREATE TABLE hits (
    stage  TEXT NOT NULL,
    form   TEXT NOT NULL,                   -- '': lines without prefix; p…: identity of the prefixes; r… and t…: identity of the paths
    key    BLOB NOT NULL,
    ranges BLOB NOT NULL,                   -- little-endian uint32 pairs: first line, number of lines
    PRIMARY KEY (stage, form)
) WITHOUT ROWID;

-- Derived: the numbers of each enabled stage (semantics.md, Filter chain): the lines that reach it and
-- match (hits), the lines that would come back without it (unique_hits), the lines after it (left_).
CREATE TABLE counted (
    position    INTEGER PRIMARY KEY,
    hits        INTEGER NOT NULL,
    unique_hits INTEGER NOT NULL,
    left_       INTEGER NOT NULL
);

-- Derived: the result of the decisions for each path of the subject image. A path without a row has no
-- base image, is marked auto, and is not needed, not kept and not used.
CREATE TABLE verdict (
    path    INTEGER PRIMARY KEY REFERENCES path,
    in_base TEXT CHECK (in_base IN ('same', 'meta', 'content', 'link', 'absent')), -- NULL: no base image
    mark    TEXT NOT NULL CHECK (mark IN ('keep', 'drop', 'auto')), -- the mark that holds here
    needed  INTEGER NOT NULL CHECK (needed IN (0, 1)),
    kept    INTEGER NOT NULL CHECK (kept IN (0, 1)),
    reason  TEXT NOT NULL,                  -- '': no reason
    used    INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)) -- 1: an access of a matching line leads here
);

-- The public views. Comments inside a view are part of a session: do not change them.
CREATE VIEW v_path AS
WITH RECURSIVE full (id, text) AS (
    SELECT 1, ''
    UNION ALL
    SELECT path.id, full.text || '/' || path.name FROM full JOIN path ON path.parent = full.id
)
SELECT id, CASE id WHEN 1 THEN '/' ELSE text END AS path FROM full;

CREATE VIEW v_layer AS
SELECT il.ordinal, l.diff_id, il.command, l.bytes, il.dead_bytes
FROM image i JOIN image_layer il ON il.image = i.id JOIN layer l ON l.id = il.layer
WHERE i.role = 'subject' AND i.complete = 1;

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

CREATE VIEW v_pattern AS
SELECT p.position, p.enabled, p.stage, c.hits, c.unique_hits
FROM pattern p LEFT JOIN counted c ON c.position = p.position;

CREATE VIEW v_problem AS
SELECT where_, what, sum(n) AS n FROM problem WHERE load NOT IN (SELECT id FROM load)
GROUP BY where_, what;
