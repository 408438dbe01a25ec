-- What an adapter shares with its PSP, sealed by the hub's secret keys. An old value stays beside the new one for a while.
CREATE TABLE adapter_credentials (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    adapter_id  text COLLATE "C" NOT NULL REFERENCES adapters ON DELETE CASCADE,
    name        text COLLATE "C" NOT NULL,
    sealed      text NOT NULL,
    set_at      timestamptz NOT NULL,
    valid_until timestamptz                              -- null: the current one
);
CREATE UNIQUE INDEX adapter_credentials_current ON adapter_credentials (adapter_id, name) WHERE valid_until IS NULL;
CREATE INDEX adapter_credentials_adapter ON adapter_credentials (adapter_id);
