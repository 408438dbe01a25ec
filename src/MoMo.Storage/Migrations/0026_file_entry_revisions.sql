-- What a later reading of a file says of a place stands above what an earlier one said of it. Of kind 'taken' is what an earlier reading remarked on, and
-- a later one took.
ALTER TABLE file_entries ADD COLUMN revision integer NOT NULL DEFAULT 0;
ALTER TABLE file_entries DROP CONSTRAINT file_entries_pkey, ADD PRIMARY KEY (file_id, position, ordinal, revision);
