-- Since when a lane's breaker is open without a break; null while it is closed.
ALTER TABLE lane_states ADD COLUMN open_since timestamptz;
