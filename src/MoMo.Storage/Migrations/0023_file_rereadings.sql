-- A file that was taken or refused, and is being read again: whoever finds it so after a crash goes on, as with one that was never read to its end.
ALTER TABLE files ADD COLUMN rereading boolean NOT NULL DEFAULT false;
