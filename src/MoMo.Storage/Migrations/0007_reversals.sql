-- Money that PSPs took back: facts of their own, numbered by the accounts in one row with their payments.
CREATE TABLE reversals (
    id                  uuid PRIMARY KEY,
    psp_id              text COLLATE "C" NOT NULL,
    psp_reference       text COLLATE "C" NOT NULL,        -- of the reversal itself
    adapter_id          text COLLATE "C",
    original_reference  text COLLATE "C",                 -- the psp_reference of what it takes back
    end_to_end_id       text COLLATE "C",
    payment_id          uuid,                             -- null: not known, unless linked since
    account_id          text COLLATE "C",
    sequence            bigint,
    held                text COLLATE "C",                 -- why it does not count
    amount_minor        bigint NOT NULL CHECK (amount_minor > 0),
    currency            text COLLATE "C" NOT NULL,
    detail              text,
    proof_pack          bigint,
    proof_position      integer NOT NULL,
    proof_sha256        bytea NOT NULL,
    file_id             uuid,
    received_at         timestamptz NOT NULL,
    UNIQUE (psp_id, psp_reference),
    CHECK ((account_id IS NULL) = (sequence IS NULL)),
    CHECK (account_id IS NULL OR (payment_id IS NOT NULL AND held IS NULL)),
    CHECK (held IS NULL OR payment_id IS NOT NULL),
    CHECK ((proof_pack IS NULL) <> (file_id IS NULL))
);
CREATE UNIQUE INDEX reversals_sequence ON reversals (account_id, sequence) WHERE account_id IS NOT NULL;
CREATE INDEX reversals_payment ON reversals (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX reversals_original ON reversals (psp_id, original_reference) WHERE payment_id IS NULL AND original_reference IS NOT NULL;
CREATE INDEX reversals_end_to_end ON reversals (psp_id, end_to_end_id) WHERE payment_id IS NULL AND end_to_end_id IS NOT NULL;
CREATE INDEX reversals_open ON reversals (id) WHERE account_id IS NULL;

-- What became known of a reversal later: its payment, then the account that has it.
CREATE TABLE reversal_links (
    reversal_id     uuid NOT NULL REFERENCES reversals,
    payment_id      uuid NOT NULL,
    account_id      text COLLATE "C",
    sequence        bigint,
    held            text COLLATE "C",
    linked_at       timestamptz NOT NULL,
    CHECK ((account_id IS NULL) = (sequence IS NULL)),
    CHECK (held IS NULL OR account_id IS NULL)
);
CREATE UNIQUE INDEX reversal_links_payment_known ON reversal_links (reversal_id) WHERE account_id IS NULL;
CREATE UNIQUE INDEX reversal_links_account_known ON reversal_links (reversal_id) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX reversal_links_sequence ON reversal_links (account_id, sequence) WHERE account_id IS NOT NULL;
CREATE INDEX reversal_links_payment ON reversal_links (payment_id);

-- Reversals as they stand.
CREATE VIEW reversals_now AS
SELECT r.id, r.psp_id, r.psp_reference, r.adapter_id, r.original_reference, r.end_to_end_id,
    coalesce(r.payment_id, k.payment_id, a.payment_id) AS payment_id, coalesce(r.account_id, a.account_id) AS account_id,
    coalesce(r.sequence, a.sequence) AS sequence, coalesce(r.held, k.held) AS held,
    r.amount_minor, r.currency, r.detail, r.proof_pack, r.proof_position, r.proof_sha256, r.file_id, r.received_at
FROM reversals r
LEFT JOIN reversal_links k ON k.reversal_id = r.id AND k.account_id IS NULL
LEFT JOIN reversal_links a ON a.reversal_id = r.id AND a.account_id IS NOT NULL;

-- Finds the payment that a bank's return speaks of. A pattern, not a reading as JSON, because an index must never refuse a payment.
CREATE INDEX payments_end_to_end ON payments (psp_id, (substring(metadata FROM '"end_to_end_id"\s*:\s*"([^"\\]{1,100})"')))
    WHERE metadata LIKE '%"end_to_end_id"%';

CREATE TRIGGER reversals_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reversals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reversal_links_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reversal_links FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
