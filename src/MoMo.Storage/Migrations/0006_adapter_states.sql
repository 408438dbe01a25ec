-- Every change of an adapter's state, for ever. No foreign key: the history outlives its adapter.
CREATE TABLE adapter_states (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    adapter_id  text COLLATE "C" NOT NULL,
    previous    text COLLATE "C" NOT NULL,
    state       text COLLATE "C" NOT NULL,                -- new, up, degraded, silent, down
    detail      text,
    at          timestamptz NOT NULL
);
CREATE INDEX adapter_states_adapter ON adapter_states (adapter_id, id);
CREATE TRIGGER adapter_states_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON adapter_states
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE adapters ADD COLUMN last_payment_at timestamptz;

-- What adapters brought in each five minutes of the last two days; added to in batches, outside the turns.
CREATE TABLE adapter_counts (
    adapter_id  text COLLATE "C" NOT NULL REFERENCES adapters ON DELETE CASCADE,
    slot        timestamptz NOT NULL,
    payments    bigint NOT NULL,
    refused     bigint NOT NULL,
    PRIMARY KEY (adapter_id, slot)
);
CREATE INDEX adapter_counts_slot ON adapter_counts (slot);

-- What adapters usually bring, by hour of the week from Monday 00:00 UTC: the sum of so many weeks, eight at most.
CREATE TABLE adapter_flow (
    adapter_id      text COLLATE "C" NOT NULL REFERENCES adapters ON DELETE CASCADE,
    hour_of_week    smallint NOT NULL CHECK (hour_of_week BETWEEN 0 AND 167),
    weeks           integer NOT NULL,
    payments        bigint NOT NULL,
    PRIMARY KEY (adapter_id, hour_of_week)
);

-- One silo looks at all adapters every minute, and one learns every hour. Both are overdue, so that they begin at once.
INSERT INTO agenda (kind, key, due_at) VALUES ('adapter-watch', 'all', '2000-01-01'), ('adapter-flow', 'all', '2000-01-01');

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'momo_app') AND current_user <> 'momo_app' THEN
        GRANT INSERT ON adapter_states TO momo_app;
        GRANT INSERT, UPDATE, DELETE ON adapter_counts, adapter_flow TO momo_app;
    END IF;
END $$;
