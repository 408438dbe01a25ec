-- What PSPs are asked: after callbacks that only ring, and after references that people or programs name. One question for each reference, for
-- ever; asked for again it is opened again. No foreign keys, because turns write here; the agenda has one row for each adapter that asks.
CREATE TABLE status_questions (
    id              uuid PRIMARY KEY,
    adapter_id      text COLLATE "C" NOT NULL,
    reference       text COLLATE "C" NOT NULL,
    origin          text COLLATE "C" NOT NULL,            -- doorbell, operator, announced: who wanted to know first
    openings        bigint NOT NULL DEFAULT 1,            -- how often it was asked for: who asks the PSP sees by it that it was again meanwhile
    rings           integer NOT NULL DEFAULT 0,           -- callbacks that rang for it
    state           text COLLATE "C" NOT NULL DEFAULT 'waiting',  -- waiting, found, failed, reversed, conflict, given_up
    detail          text,
    asks            integer NOT NULL DEFAULT 0,           -- in all
    tries           integer NOT NULL DEFAULT 0,           -- since it was opened, or opened again
    payment_id      uuid,
    made            boolean NOT NULL DEFAULT false,       -- the payment was made of an answer to it
    answer_sha256   bytea,                                -- of the answer that a payment was last to be made of
    created_at      timestamptz NOT NULL,
    rung_at         timestamptz NOT NULL,                 -- asked for last
    asked_at        timestamptz,
    due_at          timestamptz NOT NULL,
    until_at        timestamptz NOT NULL,
    ended_at        timestamptz,
    UNIQUE (adapter_id, reference)
);
CREATE INDEX status_questions_due ON status_questions (adapter_id, due_at) WHERE state = 'waiting';
CREATE INDEX status_questions_created ON status_questions (adapter_id, created_at, id);
