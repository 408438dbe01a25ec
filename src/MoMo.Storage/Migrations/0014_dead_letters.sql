-- Dead letters of an account by its numbers, and of a lane, which they hold: few, and found however many others there are.
CREATE INDEX deliveries_dead_number ON delivery_rows (account_id, sequence, id) WHERE state = 'dead';
CREATE INDEX deliveries_dead_lane ON delivery_rows (lane, sequence, id) WHERE state = 'dead';

-- What an account was told besides payments and reversals, which no number of the account leads to.
CREATE INDEX deliveries_events ON delivery_rows (account_id, sequence, id) WHERE payment_id IS NULL;
