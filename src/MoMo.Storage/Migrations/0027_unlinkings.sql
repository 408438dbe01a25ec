-- Payments that an operator took from the account that had them. The account got a reversal of what was left; another payment, in suspense or assigned
-- since, stands for the money. It has no key of its own: the PSP's id stays the first one's.
CREATE TABLE unlinkings (
    payment_id      uuid PRIMARY KEY,                     -- what stands for it
    original_id     uuid NOT NULL UNIQUE CHECK (original_id <> payment_id),
    reversal_id     uuid NOT NULL UNIQUE REFERENCES reversals,
    reason          text NOT NULL,
    unlinked_by     text NOT NULL,
    unlinked_at     timestamptz NOT NULL
);
CREATE TRIGGER unlinkings_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON unlinkings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A payment and all that stood for it one after another, the last first.
CREATE FUNCTION payment_chain(first uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain (id, place) AS (
        SELECT first, 0 UNION ALL SELECT u.payment_id, c.place + 1 FROM chain c JOIN unlinkings u ON u.original_id = c.id)
    SELECT id FROM chain ORDER BY place DESC
$$;

-- What stands for a payment now; most often itself.
CREATE FUNCTION payment_now(first uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT id FROM payment_chain(first) AS chain (id) WHERE id IS NOT NULL LIMIT 1
$$;
