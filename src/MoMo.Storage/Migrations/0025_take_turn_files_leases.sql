-- Files whose reading did not end are looked for every minute by each silo, and are few.
CREATE INDEX files_unfinished ON files (id) WHERE state = 'reading' OR rereading;

-- What was struck off the agenda and is put there again is something else, and who still works on the first must see that: its lease begins where no earlier
-- one ever came to. It rises by one with each claim, and claims are never as many as microseconds.
ALTER TABLE agenda ALTER COLUMN lease SET DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;

-- As 0020, but for what was taken back before it came.
CREATE OR REPLACE PROCEDURE take_turn(
    INOUT taken boolean, INOUT next_pack bigint,
    moved_accounts text[], moved_versions bigint[], moved_from bigint[], moved_to bigint[],     -- accounts, as memory knows them, and their last numbers after it
    psps_named text[], end_to_end_psps text[], end_to_end_ids text[], woken_lanes text[], woken_at timestamptz, pack bigint, packed bytea,
    -- Payments, in the order in which all silos claim keys.
    ids uuid[], psp_ids text[], psp_references text[], adapter_ids text[], account_ids text[], sequences bigint[], reference_ids text[],
    amounts bigint[], currencies text[], paid_ats timestamptz[], paid_day_onlies boolean[], received_ats timestamptz[], given_accounts text[],
    given_references text[], given_texts text[], shortcodes text[], payers text[], metadatas text[], decisions text[], proof_packs bigint[],
    proof_positions integer[], proof_sha256s bytea[], file_ids uuid[])
LANGUAGE plpgsql AS $$
DECLARE
    found_rows integer;
    repeats boolean := false;
BEGIN
    taken := false;
    -- As TurnTransaction.PlannedOnce, and the locks of Locks.Reversals and Locks.Psps.
    PERFORM set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
        pg_advisory_xact_lock_shared(1299139953), pg_advisory_xact_lock_shared(1299139952);

    -- The PSPs are still there.
    IF (SELECT count(*) FROM psps p WHERE p.id = ANY(psps_named) AND NOT p.archived) < cardinality(psps_named) THEN
        ROLLBACK;
        RETURN;
    END IF;

    -- The payments are new. ON CONFLICT would look for each key twice and write of each row twice; most turns have none that was there.
    BEGIN
        INSERT INTO payment_keys (psp_id, psp_reference, payment_id) SELECT unnest(psp_ids), unnest(psp_references), unnest(ids);
    EXCEPTION WHEN unique_violation THEN
        repeats := true;
    END;
    IF repeats THEN
        ROLLBACK;
        RETURN;
    END IF;

    -- Nothing took them back before they came, that is: by their own ids, or by an end-to-end id that no payment had yet. (A reversal of several payments with one
    -- id is nobody's, whatever comes. The look for them is a value of each row, so that no plan can begin with all payments.)
    IF EXISTS (
            SELECT FROM unnest(psp_ids, psp_references) AS g (psp, reference)
                JOIN reversals r ON r.psp_id = g.psp AND r.original_reference = g.reference
                WHERE r.payment_id IS NULL AND r.original_reference IS NOT NULL)
        OR cardinality(end_to_end_ids) > 0 AND EXISTS (
            SELECT FROM unnest(end_to_end_psps, end_to_end_ids) AS g (psp, reference)
                JOIN reversals r ON r.psp_id = g.psp AND r.end_to_end_id = g.reference
                WHERE r.payment_id IS NULL AND r.end_to_end_id IS NOT NULL
                    AND (SELECT true FROM payments p WHERE p.psp_id = r.psp_id AND p.metadata LIKE '%"end_to_end_id"%'
                            AND substring(p.metadata FROM '"end_to_end_id"\s*:\s*"([^"\\]{1,100})"') = r.end_to_end_id
                            AND (p.psp_reference LIKE 'test:%') = (r.psp_reference LIKE 'test:%') LIMIT 1) IS NOT TRUE) THEN
        ROLLBACK;
        RETURN;
    END IF;

    -- The accounts are as memory has them. Rows are locked one after another in the order of all silos; one that another turn holds is looked at again
    -- as that turn leaves it.
    UPDATE account_heads h SET sequence = g.moved_to
        FROM (
            SELECT * FROM unnest(moved_accounts, moved_versions, moved_from, moved_to) AS g (account_id, version, moved_from, moved_to)
                ORDER BY account_id COLLATE "C") AS g
        WHERE h.account_id = g.account_id AND h.version = g.version AND h.sequence = g.moved_from;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < cardinality(moved_accounts) THEN
        ROLLBACK;
        RETURN;
    END IF;

    IF packed IS NOT NULL THEN
        INSERT INTO proof_packs (id, body) VALUES (pack, packed);
    END IF;
    INSERT INTO payments (
            id, psp_id, psp_reference, adapter_id, account_id, sequence, reference_id, amount_minor, currency, paid_at, paid_day_only, received_at,
            given_account, given_reference, given_text, shortcode, payer, metadata, decision, proof_pack, proof_position, proof_sha256, file_id)
        SELECT
            unnest(ids), unnest(psp_ids), unnest(psp_references), unnest(adapter_ids), unnest(account_ids), unnest(sequences), unnest(reference_ids),
            unnest(amounts), unnest(currencies), unnest(paid_ats), unnest(paid_day_onlies), unnest(received_ats), unnest(given_accounts),
            unnest(given_references), unnest(given_texts), unnest(shortcodes), unnest(payers), unnest(metadatas), unnest(decisions),
            unnest(proof_packs), unnest(proof_positions), unnest(proof_sha256s), unnest(file_ids);
    IF cardinality(woken_lanes) > 0 THEN
        UPDATE agenda SET due_at = woken_at WHERE kind = 'lane' AND key = ANY(woken_lanes) AND due_at > woken_at;
    END IF;
    next_pack := nextval('proof_packs_id_seq');
    taken := true;
    COMMIT;
END $$;
