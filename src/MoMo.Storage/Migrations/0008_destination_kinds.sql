-- Destinations that are no webhooks: e-mail, files.
ALTER TABLE destinations
    ADD COLUMN settings     text NOT NULL DEFAULT '{}',                 -- a JSON object
    ADD COLUMN credentials  text,                                       -- sealed; a JSON object of texts
    ALTER COLUMN secret DROP NOT NULL;                                  -- null: what is sent is not signed

-- A webhook's URL belongs to one destination; a mailbox or a folder may get from several.
ALTER TABLE destinations DROP CONSTRAINT destinations_url_key;
CREATE UNIQUE INDEX destinations_url_key ON destinations (url) WHERE kind = 'webhook';
