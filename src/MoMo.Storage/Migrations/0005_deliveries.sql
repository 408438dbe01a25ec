-- What a destination may say of how it is delivered to.
ALTER TABLE destinations
    ADD COLUMN ordering         text COLLATE "C" NOT NULL DEFAULT 'reference' CHECK (ordering IN ('account', 'reference', 'none')),
    ADD COLUMN retry_waits      integer[],                              -- seconds; null: the standard's schedule
    ADD COLUMN concurrency_max  integer CHECK (concurrency_max BETWEEN 1 AND 64),
    ADD COLUMN rate_per_second  double precision CHECK (rate_per_second > 0),
    ADD COLUMN breaker          boolean NOT NULL DEFAULT true,
    ADD COLUMN events           text[],                                 -- null: all about payments
    ADD COLUMN currencies       text[],
    ADD COLUMN psps             text[],
    ADD COLUMN public_key       text,                                   -- of an ed25519 pair; the private half is the secret
    ADD COLUMN old_secret       text,                                   -- sealed; signs too while a rotation lasts
    ADD COLUMN old_public_key   text,
    ADD COLUMN old_secret_until timestamptz;
CREATE INDEX destinations_events ON destinations USING gin (events) WHERE events IS NOT NULL;

-- A pending delivery is ready: its turn comes by its number; or it waits for its time.
ALTER TABLE deliveries
    ALTER COLUMN payment_id DROP NOT NULL,                              -- null: tells of an event that is no payment
    ADD COLUMN event_id         uuid,
    ADD COLUMN order_key        text COLLATE "C",                       -- the reference in lower case
    ADD COLUMN waits            boolean NOT NULL DEFAULT false,
    ADD COLUMN round_start      integer NOT NULL DEFAULT 0,             -- attempts before a person asked for it again
    ADD COLUMN cause            text COLLATE "C",                       -- why the last attempt failed
    ADD COLUMN last_duration    integer;                                -- milliseconds
UPDATE deliveries SET waits = true WHERE state = 'pending' AND attempts > 0;

-- A row is in the first of these from its creation, and in the others only after it failed, or came behind one that did.
DROP INDEX deliveries_due;
CREATE INDEX deliveries_ready ON deliveries (lane, sequence) WHERE state = 'pending' AND NOT waits;
CREATE INDEX deliveries_waiting ON deliveries (lane, due_at, sequence) WHERE state = 'pending' AND waits;
CREATE INDEX deliveries_waiting_number ON deliveries (lane, sequence) WHERE state = 'pending' AND waits;
CREATE INDEX deliveries_blocking ON deliveries (lane, order_key, sequence) WHERE state = 'pending' AND waits AND order_key IS NOT NULL;

-- Attempts that did not go smoothly; one that arrived at once without a word is in its delivery's row.
CREATE TABLE delivery_attempts (
    delivery_id uuid NOT NULL,
    number      integer NOT NULL,
    at          timestamptz NOT NULL,
    duration    integer NOT NULL,                                       -- milliseconds
    status      integer,
    error       text,
    cause       text COLLATE "C",
    excerpt     text,                                                   -- of the answer's body
    PRIMARY KEY (delivery_id, number)
);
CREATE TRIGGER delivery_attempts_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery_attempts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- How a lane fares, when there is something to say.
CREATE TABLE lane_states (
    lane            bigint PRIMARY KEY,
    failing_since   timestamptz,
    opened          integer NOT NULL DEFAULT 0,                         -- how often the breaker opened in a row
    recovering      boolean NOT NULL DEFAULT false,
    rest_until      timestamptz                                         -- equal to the lane's leased_until while nobody holds it
);

-- What destinations are told of besides payments.
CREATE TABLE adapter_events (
    id          uuid PRIMARY KEY,
    adapter_id  text COLLATE "C" NOT NULL,
    psp_id      text COLLATE "C" NOT NULL,
    state       text NOT NULL,
    detail      text,
    at          timestamptz NOT NULL
);
CREATE TRIGGER adapter_events_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON adapter_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Deliveries that are sent again on a person's word, many at a time.
CREATE TABLE replays (
    id              uuid PRIMARY KEY,
    account_id      text COLLATE "C",
    lane            bigint,
    state           text COLLATE "C" NOT NULL,                          -- dead or delivered
    cause           text COLLATE "C",
    since           timestamptz,
    until           timestamptz NOT NULL,
    asked_by        text NOT NULL,
    created_at      timestamptz NOT NULL,
    total           bigint NOT NULL,
    replayed        bigint NOT NULL DEFAULT 0,
    cursor          uuid,
    finished_at     timestamptz
);
