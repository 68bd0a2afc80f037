-- From version 3 of the session file to version 4; share/schema.sql explains each table.

ALTER TABLE asked ADD COLUMN route TEXT NOT NULL DEFAULT '';
