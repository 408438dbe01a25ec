-- Test money and live money never meet: what brings it and whose it is both say which they are, once for ever.
ALTER TABLE adapters ADD COLUMN mode text NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test'));
ALTER TABLE accounts ADD COLUMN mode text NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test'));

CREATE FUNCTION refuse_mode_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The mode of % in % is refused another value: its history is of one mode', OLD.id, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER adapters_mode_kept BEFORE UPDATE OF mode ON adapters FOR EACH ROW
    WHEN (OLD.mode <> NEW.mode) EXECUTE FUNCTION refuse_mode_change();
CREATE TRIGGER accounts_mode_kept BEFORE UPDATE OF mode ON accounts FOR EACH ROW
    WHEN (OLD.mode <> NEW.mode) EXECUTE FUNCTION refuse_mode_change();

-- What a callback says that is no incoming live money: recorded, never credited. Its bytes are the kept message of that SHA-256.
CREATE TABLE message_notices (
    sha256          bytea NOT NULL,
    adapter_id      text COLLATE "C" NOT NULL,
    position        integer NOT NULL,
    kind            text COLLATE "C" NOT NULL,
    psp_reference   text COLLATE "C",
    amount_minor    bigint,
    currency        text COLLATE "C",
    detail          text,
    received_at     timestamptz NOT NULL,
    PRIMARY KEY (sha256, adapter_id, position)
);
CREATE INDEX message_notices_reference ON message_notices (psp_reference) WHERE psp_reference IS NOT NULL;
CREATE TRIGGER message_notices_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON message_notices
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
