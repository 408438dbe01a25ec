-- The delivery of a payment follows from the payment and its destination. It has a row of its own only once it was tried, or somebody did something with
-- it: a payment costs no further row when it is taken, and one less when it arrives.
ALTER TABLE deliveries RENAME TO delivery_rows;

-- How far a lane is with its account's payments. Up to the mark nothing is looked for any more: what the destination is told of has its row.
CREATE TABLE lane_marks (
    lane        bigint PRIMARY KEY,
    since       bigint NOT NULL,                                        -- the account's number when the destination, or its filter, became what it is
    mark        bigint NOT NULL CHECK (mark >= since)
) WITH (fillfactor = 50);
INSERT INTO lane_marks (lane, since, mark) SELECT t.lane, h.sequence, h.sequence FROM destinations t JOIN account_heads h USING (account_id);
CREATE INDEX destinations_paused ON destinations (lane) WHERE paused;

-- DeliveryId.Of: the payment's id, its last four bytes with the lane's number (exclusive or).
CREATE FUNCTION delivery_id(payment uuid, lane bigint) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (left(payment::text, 28) || lpad(to_hex((('x' || right(payment::text, 8))::bit(32) # lane::bit(32))::bigint), 8, '0'))::uuid
$$;

-- Those without a row: of the payments that an account got when they came, beyond the mark, what the destination is told of.
CREATE VIEW unwritten_deliveries AS
SELECT t.lane, p.id AS payment_id, p.account_id, p.sequence, p.received_at AS due_at, lower(btrim(p.reference_id) COLLATE "default") AS order_key
FROM lane_marks m JOIN destinations t ON t.lane = m.lane JOIN payments p ON p.account_id = t.account_id AND p.sequence > m.mark
WHERE (t.events IS NULL OR 'payment.accepted' = ANY(t.events)) AND (t.currencies IS NULL OR p.currency = ANY(t.currencies))
    AND (t.psps IS NULL OR p.psp_id = ANY(t.psps))
    AND NOT EXISTS (SELECT FROM delivery_rows r WHERE r.payment_id = p.id AND r.lane = t.lane AND r.event_id IS NULL);

-- All of them, for people to read. (What has to be found fast asks for the two kinds by themselves.)
CREATE VIEW deliveries AS
SELECT id, lane, payment_id, account_id, sequence, state, attempts, due_at, created_at, attempted_at, delivered_at, last_status, last_error, event_id,
    order_key, waits, round_start, cause, last_duration
FROM delivery_rows
UNION ALL
SELECT delivery_id(payment_id, lane), lane, payment_id, account_id, sequence, 'pending', 0, due_at, due_at, NULL, NULL, NULL, NULL, NULL,
    order_key, false, 0, NULL, NULL
FROM unwritten_deliveries;

-- Lanes that something may wait in: those that are on the agenda, and those that are paused.
CREATE VIEW busy_lanes AS
SELECT key::bigint AS lane FROM agenda WHERE kind = 'lane' AND due_at < 'infinity'
UNION
SELECT lane FROM destinations WHERE paused;
