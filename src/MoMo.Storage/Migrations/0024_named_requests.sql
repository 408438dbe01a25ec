-- Requests that callers named with an Idempotency-Key, and what was answered: named again, they are answered again and not done again. Without an answer
-- while it is being done, and when nobody knows what became of it.
CREATE TABLE named_requests (
    caller      text COLLATE "C" NOT NULL,              -- id of the API key
    name        text COLLATE "C" NOT NULL,              -- what the header says
    sha256      bytea NOT NULL,                         -- of method, address and body
    begun_at    timestamptz NOT NULL,
    status      integer,
    answer      text,                                   -- sealed: it may show a secret
    PRIMARY KEY (caller, name)
);
CREATE INDEX named_requests_begun ON named_requests (begun_at);
