-- Why the hub paused a destination is a word: failing or gone. It was a sentence in one of the two cases.
UPDATE destinations SET paused_reason = 'gone' WHERE paused_reason = 'The receiver answered 410 Gone.';

-- What the hub paused by itself, and breakers that have opened, are counted every few seconds; both are few.
CREATE INDEX destinations_paused_reason ON destinations (paused_reason) WHERE paused_reason IS NOT NULL;
CREATE INDEX lane_states_opened ON lane_states (lane) WHERE opened > 0;
