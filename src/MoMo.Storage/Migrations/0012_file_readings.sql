-- A file that comes again is read again: how often it was read to its end, and when last. Its counts are of what it holds.
ALTER TABLE files ADD COLUMN readings integer NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN read_at timestamptz;
UPDATE files SET readings = 1 WHERE state <> 'reading';
