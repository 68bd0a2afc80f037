-- The session file of xsmall, whole: version 3. share/migrate leads to it from earlier ones.
--
-- Source tables hold what was loaded and what the person decided. Derived tables (verdict, hits)
-- can be rebuilt from them at any time. Paths, names and log text are TEXT holding raw bytes: they
-- need not be valid UTF-8. A row that belongs to an image or a run with complete = 0 is part of a
-- load that is going on or was killed; no view shows it, and the next load removes it.
-- Nothing here names a function or a module of the program: every sqlite3 reads this file.
--
-- A column of words has a CHECK list only if its words are fixed by something outside the program
-- (the tar format, the two states of a mark). Where a feature can add a word, there is no list: a
-- new word needs no migration, and the program checks each word when it reads it.

-- A path is interned: its parent's id and its last component. Row 1 is the root, parent 0, name ''.
CREATE TABLE path (
    id     INTEGER PRIMARY KEY,
    parent INTEGER NOT NULL,
    name   TEXT NOT NULL,
    UNIQUE (parent, name)
);
INSERT INTO path VALUES (1, 0, '');

-- A load that is going on: the process that does it, told from a later one with the same pid by
-- its start time in clock ticks after boot (proc_pid_stat(5), field 22). The row goes when the load
-- is complete; one whose process is gone is the remains of a killed load. Only loads intern paths,
-- one load at a time: what is above last_path and last_asked is this one's.
CREATE TABLE load (
    id         INTEGER PRIMARY KEY,
    pid        INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    last_path  INTEGER NOT NULL,            -- the greatest path.id when it began
    last_asked INTEGER NOT NULL             -- the greatest asked.id when it began; 0: none
);

-- An image: the subject to shrink, or the base whose files need no copying. At most one complete
-- one of each role.
CREATE TABLE image (
    id       INTEGER PRIMARY KEY,
    role     TEXT NOT NULL CHECK (role IN ('subject', 'base')),
    ref      TEXT NOT NULL,                 -- as given on the command line
    kind     TEXT NOT NULL,                 -- the image format: docker-archive, oci-dir, oci-archive, rootfs-tar, rootfs-dir
    source   TEXT NOT NULL,                 -- absolute path of the file or directory; docker:NAME, podman:NAME,
                                            -- registry:NAME[ PLATFORM], - for standard input that was not kept
    size     INTEGER NOT NULL,              -- of that file or of what was fetched, bytes; 0 for a directory
    mtime_ns INTEGER NOT NULL,              -- of that file, ns since the epoch; 0 for all else
    identity TEXT NOT NULL,                 -- config digest, or for a rootfs its layer's id
    name     TEXT NOT NULL,                 -- the name for FROM
    config   TEXT NOT NULL DEFAULT '{}',    -- the image config document (OCI config.md), JSON
    load     INTEGER NOT NULL,              -- of load; kept for the record when that is over
    complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))
);

-- A layer, stored once however many images share it.
CREATE TABLE layer (
    id       INTEGER PRIMARY KEY,
    diff_id  TEXT NOT NULL UNIQUE,          -- sha256:… as the config says; xxh3:… of the entries for a rootfs
    bytes    INTEGER NOT NULL,              -- sum of its regular files' contents
    load     INTEGER NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))
);

-- Which layers an image stacks, lowest first, and where the bytes of each lie in its source.
CREATE TABLE image_layer (
    image      INTEGER NOT NULL REFERENCES image,
    ordinal    INTEGER NOT NULL CHECK (ordinal >= 1),
    layer      INTEGER NOT NULL REFERENCES layer,
    command    TEXT,                        -- history's created_by; NULL if the history does not reach
    member     TEXT NOT NULL,               -- archive member or file below source; '' for a rootfs
    offset     INTEGER NOT NULL,            -- of the member's first byte in source; 0 for a file of its own
    size       INTEGER NOT NULL,            -- of the member, as stored
    codec      TEXT NOT NULL,               -- plain, gzip, zstd; none: a directory
    dead_bytes INTEGER NOT NULL DEFAULT 0,  -- contents written here that the final tree does not show
    PRIMARY KEY (image, ordinal)
) WITHOUT ROWID;

-- One tar member of a layer (the last one of its path), in canonical form.
CREATE TABLE entry (
    layer    INTEGER NOT NULL REFERENCES layer,
    path     INTEGER NOT NULL REFERENCES path,
    kind     TEXT NOT NULL CHECK (kind IN ('dir', 'file', 'link', 'char', 'block', 'fifo', 'socket', 'hardlink', 'whiteout', 'opaque')),
    mode     INTEGER NOT NULL CHECK (mode BETWEEN 0 AND 4095),  -- permission bits, setuid, setgid, sticky
    uid      INTEGER NOT NULL,
    gid      INTEGER NOT NULL,
    size     INTEGER NOT NULL CHECK (size >= 0), -- content length of a file; 0 for all else
    mtime_s  INTEGER NOT NULL,              -- seconds since the epoch
    mtime_ns INTEGER NOT NULL CHECK (mtime_ns BETWEEN 0 AND 999999999),
    link     TEXT,                          -- symlink: the target's bytes. hardlink: canonical path of the peer
    device   INTEGER,                       -- char, block: major << 32 | minor
    hash     BLOB,                          -- file: XXH3-128 of the content, canonical (big-endian), 16 bytes
    offset   INTEGER,                       -- file: of its content in the uncompressed layer; NULL for a rootfs directory
    xattrs   BLOB,                          -- XXH3-128 of its extended attributes, sorted; NULL if it has none
    PRIMARY KEY (layer, path, kind)         -- an opaque marker stands beside its directory's own entry
) WITHOUT ROWID;

-- Extended attributes, by the names that the kernel knows (security.capability, user.x, …).
CREATE TABLE xattr (
    layer INTEGER NOT NULL REFERENCES layer,
    path  INTEGER NOT NULL REFERENCES path,
    name  TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (layer, path, name)
) WITHOUT ROWID;

-- What the content of a file asks for: of an ELF file its interpreter (PT_INTERP), DT_NEEDED,
-- DT_RUNPATH, DT_RPATH, DT_SONAME, its class, data encoding and machine as numbers ('machine'), for
-- each library the symbol versions needed of it ("libc.so.6 GLIBC_2.2.5 GLIBC_2.34", weak ones left
-- out) and those that it defines itself ("GLIBC_2.2.5 …"); of a script its #! line's interpreter
-- ('script') and the rest of that line ('script-arg'); of the loaders' configuration (/etc/ld.so.conf
-- and what it includes, musl's /etc/ld-musl-ARCH.path) its directories and the globs of its includes.
CREATE TABLE need (
    layer INTEGER NOT NULL REFERENCES layer,
    path  INTEGER NOT NULL REFERENCES path,
    seq   INTEGER NOT NULL,                 -- order in the file, from 0
    kind  TEXT NOT NULL,                    -- interpreter, needed, runpath, rpath, soname, script, script-arg, machine,
                                            -- version-needed, version-defined, directory, include
    value TEXT NOT NULL,
    PRIMARY KEY (layer, path, seq)
) WITHOUT ROWID;

-- A file in which a package manager notes what it installed (dpkg's status and lists, apk's
-- installed, Python's RECORD and METADATA), as a layer has it. Read again when an image is merged.
CREATE TABLE package_file (
    layer INTEGER NOT NULL REFERENCES layer,
    path  INTEGER NOT NULL REFERENCES path,
    text  BLOB NOT NULL,                    -- one zstd frame; of METADATA at most its first 64 KiB
    PRIMARY KEY (layer, path)
) WITHOUT ROWID;

-- A package that the package managers' files of an image's merged tree tell of. dpkg's with state
-- not-installed and Python's that own no file are left out.
CREATE TABLE package (
    image   INTEGER NOT NULL REFERENCES image,
    number  INTEGER NOT NULL CHECK (number >= 1), -- in the image, without gaps
    manager TEXT NOT NULL,                  -- dpkg, apk, python
    name    TEXT NOT NULL,
    version TEXT NOT NULL,                  -- '' where it is not said
    arch    TEXT NOT NULL,                  -- likewise
    PRIMARY KEY (image, number)
) WITHOUT ROWID;

-- The merged tree of an image: each path that the container sees, after whiteouts. source_layer and
-- source_path name the entry whose attributes and content it has: its own, or for a further name of
-- a hard link the first-written one. source_layer NULL: a directory that no layer describes
-- (mode 0755, owner 0:0).
CREATE TABLE merged (
    image        INTEGER NOT NULL REFERENCES image,
    path         INTEGER NOT NULL REFERENCES path,
    ordinal      INTEGER,                   -- the topmost layer of the image that wrote this path; NULL: none
    peer         INTEGER,                   -- hard links: path of the group's first name in C order; NULL: a single name
    source_layer INTEGER,
    source_path  INTEGER,
    package      INTEGER,                   -- package.number of its owner; NULL: none, or a directory of several
    PRIMARY KEY (image, path)
) WITHOUT ROWID;

-- A traced execution, and its part: evidence (traced in the subject) or check (in the slim image).
CREATE TABLE run (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('evidence', 'check'))
);

-- A strace log. position is the order of loading.
CREATE TABLE log (
    id       INTEGER PRIMARY KEY,
    run      INTEGER NOT NULL REFERENCES run,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,                 -- as grep would print it: as given, or DIR/name
    source   TEXT NOT NULL,                 -- absolute path
    size     INTEGER NOT NULL,              -- bytes
    hash     BLOB NOT NULL,                 -- XXH3-128 of the whole text
    n_lines  INTEGER NOT NULL,
    cut      INTEGER NOT NULL DEFAULT 0 CHECK (cut IN (0, 1)), -- 1: the last line has no newline
    load     INTEGER NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1))
);

-- The text of a log in blocks of whole lines, about 256 KiB each (a longer line is a block alone).
CREATE TABLE block (
    log        INTEGER NOT NULL REFERENCES log,
    first_line INTEGER NOT NULL CHECK (first_line >= 1), -- in the log
    n_lines    INTEGER NOT NULL,
    n_bytes    INTEGER NOT NULL,            -- of the text, newlines included
    text       BLOB NOT NULL,               -- one zstd frame: the lines, each with its newline
    calls      BLOB NOT NULL,               -- one zstd frame: n_lines little-endian uint32: access.seq, 0 for none
    PRIMARY KEY (log, first_line)
);

-- A path as a trace asked for it, made absolute where the log allows (semantics.md, Paths of accesses). Each
-- (path, known) once: loads read what is there before they add.
CREATE TABLE asked (
    id       INTEGER PRIMARY KEY,
    path     TEXT NOT NULL,
    known    INTEGER NOT NULL CHECK (known IN (0, 1)), -- 0: relative, and the directory is unknown
    real     TEXT                           -- derived: after the subject's links; NULL if it is not there
);

-- A process of a trace, in each log that has lines of it.
CREATE TABLE process (
    log        INTEGER NOT NULL REFERENCES log,
    number     INTEGER NOT NULL CHECK (number >= 0), -- among those of its trace: a pid can come again
    pid        INTEGER NOT NULL,            -- 0: not known
    parent     INTEGER NOT NULL,            -- its parent's pid; 0: not known
    program    TEXT NOT NULL,               -- path of its last execve, made absolute; '': none was seen
    argv       TEXT NOT NULL,               -- of that, as strace prints it, at most 256 bytes
    first_line INTEGER NOT NULL,            -- the first of it in the log
    PRIMARY KEY (log, number)
) WITHOUT ROWID;

-- How a path was used: the part of an access that is one of few. Loads add to them.
CREATE TABLE way (
    id         INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    call       TEXT NOT NULL,
    kind       TEXT NOT NULL,               -- executed, mapped, read, listed, written, created, renamed, removed, stat,
                                            -- readlink, chdir, other
    errno      INTEGER NOT NULL,            -- 0: success; -1: result unknown
    nofollow   INTEGER NOT NULL CHECK (nofollow IN (0, 1)), -- 1: a link at the end is meant itself
    other_root INTEGER NOT NULL DEFAULT 0 CHECK (other_root IN (0, 1)), -- 1: after chroot and the like
    pair       INTEGER NOT NULL CHECK (pair IN (0, 1)) -- 1: the next access is the same call's second path
);

-- What a log did to a path: one access for each different (process, call, path, kind, result) of a
-- log, or nearly: one that comes again after more than 30 000 others can be counted anew. Up to 256
-- accesses a row, since there are about as many of them as of lines; each column is a text of one
-- character an access. Its number is unicode() - 1, from 55001 on unicode() - 10537; 65536 times
-- what stands in the column's second half comes on top, where that is not ''. View access takes
-- them apart.
CREATE TABLE packed (
    log           INTEGER NOT NULL REFERENCES log,
    first_seq     INTEGER NOT NULL CHECK (first_seq >= 1), -- in the log, without gaps
    n             INTEGER NOT NULL CHECK (n BETWEEN 1 AND 256),
    base_asked    INTEGER NOT NULL,         -- on top of each asked
    base_line     INTEGER NOT NULL,         -- on top of each line
    process       TEXT NOT NULL,            -- process.number
    process_upper TEXT NOT NULL,
    way           TEXT NOT NULL,            -- way.id
    asked         TEXT NOT NULL,            -- asked.id
    asked_upper   TEXT NOT NULL,
    line          TEXT NOT NULL,            -- the first one of the access
    line_upper    TEXT NOT NULL,
    times         TEXT NOT NULL,            -- how often
    times_upper   TEXT NOT NULL,
    PRIMARY KEY (log, first_seq)
);

-- What a log shows of how it was taken, noted while it was read: the first one of each kind and how
-- often. The doctor's findings are made of it. what: style (text: the first call), command and
-- inside (text: behind "execve(" of the first program, and of the first one in another root),
-- everything (calls neither of files nor of processes), several (lines of further processes),
-- child (children made; text: their pids), end (processes that ended), and by name the problems of
-- the log: unknown-cwd, raw-path, …
CREATE TABLE clue (
    log  INTEGER NOT NULL REFERENCES log,
    what TEXT NOT NULL,
    n    INTEGER NOT NULL,
    line INTEGER NOT NULL,                  -- of the first one, in the log; 0: none
    text TEXT NOT NULL,                     -- '' for most
    PRIMARY KEY (log, what)
) WITHOUT ROWID;

-- Odd things met while loading; the load went on. where_ names the archive member, log or path.
CREATE TABLE problem (
    id     INTEGER PRIMARY KEY,
    where_ TEXT NOT NULL,
    what   TEXT NOT NULL,
    n      INTEGER NOT NULL DEFAULT 1,
    load   INTEGER NOT NULL,
    UNIQUE (where_, what, load)
);

-- Decisions. A stage of the chain, as shell text of one grep command without its files.
CREATE TABLE pattern (
    position INTEGER PRIMARY KEY CHECK (position >= 1),
    enabled  INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    target   TEXT NOT NULL DEFAULT 'line',  -- what the stage filters: line, path, tree
    stage    TEXT NOT NULL
);

-- A mark on a path of the subject (absolute). It holds for all below until a nearer one.
CREATE TABLE mark (
    path TEXT PRIMARY KEY,
    mark TEXT NOT NULL CHECK (mark IN ('keep', 'drop', 'auto'))
) WITHOUT ROWID;

-- A person's words on a path.
CREATE TABLE note (
    path TEXT PRIMARY KEY,
    text TEXT NOT NULL
) WITHOUT ROWID;

-- Where a tree goes in the slim image: FROM=TO.
CREATE TABLE map (
    source TEXT PRIMARY KEY,
    target TEXT NOT NULL
) WITHOUT ROWID;

-- The undo journal: each row is one changed value of one step; a step is undone whole. before and
-- after are the value on both sides, NULL for absent. The value of a chain: the file operands as
-- shell text and a NUL, then for each stage '0' or '1' (enabled), its target, a space, its shell
-- text and a NUL.
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

-- Named values: chain.files (the pipeline's file operands), closure.off (the kinds of needs that are
-- not followed, commas between), family.NAME (what the person answered to a family: refused, or added
-- and behind a NUL each the paths that came with it), export.subject-name, export.base-name,
-- state.stale (1: verdict is older than the decisions), …
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Derived: the lines that a stage's expression matches, as ranges over all evidence lines in load
-- order. Read with checks: sorted, in bounds. key identifies the logs that they were found in.
CREATE TABLE hits (
    stage  TEXT NOT NULL,
    form   TEXT NOT NULL,                   -- '' for bare lines, p… the prefixes' identity, r… and t… that of the paths
    key    BLOB NOT NULL,
    ranges BLOB NOT NULL,                   -- little-endian uint32 pairs: first line, number of lines
    PRIMARY KEY (stage, form)
) WITHOUT ROWID;

-- Derived: each enabled stage's numbers (semantics.md, Filter chain): arriving lines that it matches, lines
-- that would come back without it, lines left behind it.
CREATE TABLE counted (
    position    INTEGER PRIMARY KEY,
    hits        INTEGER NOT NULL,
    unique_hits INTEGER NOT NULL,
    left_       INTEGER NOT NULL
);

-- Derived: what the decisions mean for each path of the subject. A path without a row: no base,
-- auto, not needed, not kept, not used.
CREATE TABLE verdict (
    path    INTEGER PRIMARY KEY REFERENCES path,
    in_base TEXT CHECK (in_base IN ('same', 'meta', 'content', 'link', 'absent')), -- NULL: no base
    mark    TEXT NOT NULL CHECK (mark IN ('keep', 'drop', 'auto')), -- the one that holds here
    needed  INTEGER NOT NULL CHECK (needed IN (0, 1)),
    kept    INTEGER NOT NULL CHECK (kept IN (0, 1)),
    reason  TEXT NOT NULL,                  -- '' for none
    used    INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)) -- 1: a surviving access ends here
);

-- The public interface.
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
