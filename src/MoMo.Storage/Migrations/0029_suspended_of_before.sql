-- Those of before, while silos work on. One that is assigned during the look is put here by it: so is found by the second look, before which all
-- assignments that are under way have ended.
INSERT INTO suspended (payment_id)
SELECT p.id FROM payments p WHERE p.account_id IS NULL AND NOT EXISTS (SELECT FROM assignments a WHERE a.payment_id = p.id)
ON CONFLICT DO NOTHING;

LOCK TABLE assignments IN SHARE MODE;
DELETE FROM suspended s USING assignments a WHERE a.payment_id = s.payment_id;
