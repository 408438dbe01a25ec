-- For a day the mark of a lane in order of its account could pass what waited behind a delivery that was to be tried again: those were never sent. Each such
-- mark goes back to before the first of them, and the lane is woken. Whatever was tried has a row, and is not sent twice however far back a lane looks.
WITH missed AS (
    SELECT t.lane, min(p.sequence) AS first FROM destinations t JOIN lane_marks m ON m.lane = t.lane
    JOIN payments p ON p.account_id = t.account_id AND p.sequence > m.since AND p.sequence <= m.mark
    WHERE (t.events IS NULL OR 'payment.accepted' = ANY(t.events)) AND (t.currencies IS NULL OR p.currency = ANY(t.currencies))
        AND (t.psps IS NULL OR p.psp_id = ANY(t.psps))
        AND NOT EXISTS (SELECT FROM delivery_rows r WHERE r.payment_id = p.id AND r.lane = t.lane AND r.event_id IS NULL)
    GROUP BY t.lane),
back AS (UPDATE lane_marks m SET mark = missed.first - 1 FROM missed WHERE m.lane = missed.lane RETURNING m.lane)
UPDATE agenda g SET due_at = least(g.due_at, now()) FROM back JOIN destinations t ON t.lane = back.lane
WHERE NOT t.paused AND g.kind = 'lane' AND g.key = back.lane::text;
