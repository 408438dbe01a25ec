-- A small turn that a silo decided from memory, in one round trip: it is recorded if all that memory said still holds, else nothing is and the silo
-- decides again, from what it reads. Each statement sees what was committed before it began, so whatever is compared is compared behind its lock.
-- A procedure, because only a procedure may commit or roll back itself.
CREATE PROCEDURE take_turn(
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

    -- The payments are new.
    INSERT INTO payment_keys (psp_id, psp_reference, payment_id) SELECT * FROM unnest(psp_ids, psp_references, ids) ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows < cardinality(ids) THEN
        ROLLBACK;
        RETURN;
    END IF;

    -- Nothing took them back before they came. (What was told of another payment by the same end-to-end id may have been joined with it since: the long
    -- way finds out.)
    IF EXISTS (
            SELECT FROM unnest(psp_ids, psp_references) AS g (psp, reference)
                JOIN reversals r ON r.psp_id = g.psp AND r.original_reference = g.reference
                WHERE r.payment_id IS NULL AND r.original_reference IS NOT NULL)
        OR cardinality(end_to_end_ids) > 0 AND EXISTS (
            SELECT FROM unnest(end_to_end_psps, end_to_end_ids) AS g (psp, reference)
                JOIN reversals r ON r.psp_id = g.psp AND r.end_to_end_id = g.reference
                WHERE r.payment_id IS NULL AND r.end_to_end_id IS NOT NULL) THEN
        ROLLBACK;
        RETURN;
    END IF;

    -- The accounts are as memory has them. First the locks, in the order of all silos, then the look.
    PERFORM FROM account_heads WHERE account_id = ANY(moved_accounts) ORDER BY account_id FOR UPDATE;
    UPDATE account_heads h SET sequence = g.moved_to
        FROM unnest(moved_accounts, moved_versions, moved_from, moved_to) AS g (account_id, version, moved_from, moved_to)
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
        SELECT * FROM unnest(
            ids, psp_ids, psp_references, adapter_ids, account_ids, sequences, reference_ids, amounts, currencies, paid_ats, paid_day_onlies, received_ats,
            given_accounts, given_references, given_texts, shortcodes, payers, metadatas, decisions, proof_packs, proof_positions, proof_sha256s, file_ids);
    IF cardinality(woken_lanes) > 0 THEN
        UPDATE agenda SET due_at = woken_at WHERE kind = 'lane' AND key = ANY(woken_lanes) AND due_at > woken_at;
    END IF;
    next_pack := nextval('proof_packs_id_seq');
    taken := true;
    COMMIT;
END $$;
