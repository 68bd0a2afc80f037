-- From version 1 of the session file to version 2; share/schema.sql tells what each table is.

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
